"""Instantly's API v2: the calls, what their answers mean, and what is heard of leads.

`client` has the calls, `values` what they bring; `outcomes` and `events` are pure. Nothing here knows the workbook.
"""
