"""The columns of the table `leads`: those that every Master may have, under their headers in snake_case."""

from __future__ import annotations

import re
from typing import Final

from sheets_crm.pipeline.columns import LEAD_NUMBER, Column
from sheets_crm.pipeline.steps import SCHEMA

_NEW_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def column_name(header: str) -> str:
    """The name of a header's column: that of ``personSalesUrl`` is ``person_sales_url``."""
    return _NEW_WORD.sub("_", header).lower()


COLUMNS: Final[dict[str, Column]] = {
    column_name(column.name): column for column in SCHEMA.columns if column.name != LEAD_NUMBER
}
"""The Master's columns by name in the table. Those that the settings or a workbook add differ between workbooks."""
