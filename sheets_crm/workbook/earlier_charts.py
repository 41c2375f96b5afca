"""The charts that earlier versions put on the Dashboard, which the first screen has taken the place of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sheets_crm.messages import LANGUAGES, localize
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.requests import Request

EARLIER: Final = frozenset(
    localize(code, language) for code in ("chart.funnel", "chart.history") for language in LANGUAGES
)
"""Their titles. A chart of any other title is somebody's own."""


def removed(tab: TabInfo) -> Iterator[Request]:
    """Yield the requests that remove them."""
    for number, title in tab.charts:
        if title in EARLIER:
            yield {"deleteEmbeddedObject": {"objectId": number}}
