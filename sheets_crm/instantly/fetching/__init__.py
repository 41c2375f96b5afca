"""Fetching: what the service has, page by page, into the intake as it came.

`turn` says what is due; `missed`, `sweep`, `mails` and `labels` fetch one list each.
"""
