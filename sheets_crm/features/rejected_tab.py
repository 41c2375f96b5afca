"""The tab Rejected as a feature: its retried rows are merged like every other import.

It stands apart from `rejected`, which imports need for the rows that they reject.
"""

from __future__ import annotations

from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.features import rejected
from sheets_crm.features.imports import retry_rows

FEATURE: Final = Feature(
    "rejected",
    tables=rejected.tables,
    commands=rejected.commands,
    handlers={rejected.RetryRows: retry_rows},
    changes=rejected.changes,
)
