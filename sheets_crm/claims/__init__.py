"""The kernel of claims: may this message leave, and what is known of it afterwards?

No provider makes sending idempotent, so nothing is marked as sent after it was sent: a message is claimed in the
workbook, then noted in the store as being handed over, then handed over, then its answer is recorded. Whatever is
cut off in between leaves a message that certainly did not leave, or one that is *unknown* and is never sent again by
itself.

The package is pure: what it does to the world are calls of ports (`ports.py`) that a pass yields one by one
(`effects.py`), so that a test can stop between any two of them.
"""
