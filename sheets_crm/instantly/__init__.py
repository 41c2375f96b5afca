"""Instantly's API v2: the calls, what their answers mean, and what is heard of leads.

`client` has the calls, `leads` and `values` what they bring. `outcomes` (of a push), `events` and `history` (what is
heard of a lead) are pure. Nothing here knows the workbook.
"""
