"""The Dashboard's first screen: what to do today, key figures, funnel, feed, and the ratios of the last weeks.

All of it is live formulas over the full list below it, System, Control and History. The worker reads none of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from sheets_crm.workbook.morning import figures, today, trend
from sheets_crm.workbook.morning.page import Cells, Page


def screen(page: Page) -> Iterator[Cells]:
    """Yield every block of cells of the first screen."""
    yield from today.cells(page)
    yield from figures.cells(page)
    yield from trend.cells(page)
