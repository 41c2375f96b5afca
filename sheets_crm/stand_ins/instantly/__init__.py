"""Instantly API v2: leads, campaigns, webhooks and the unified inbox.

Sources: the published OpenAPI 2.0.0 of the service and its pages on webhooks and limits; what they leave open is marked
in docs/stand-ins.md.
"""
