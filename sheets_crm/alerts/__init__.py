"""Alerts and notices: what is worth telling, decided as values, without a clock and without a network.

A cause is found by a rule (`rules`), becomes an alert when it is seen for the first time and ends when it is gone
(`fold`), and is told once (`telling`). What happens at all, such as a reply, is a notice (`notices`).
"""
