"""The facts that alerts are found by, as a workbook and its store show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sheets_crm.alerts import rules
from sheets_crm.alerts.rules import Facts, LateBatch, SilentSource
from sheets_crm.alerts.values import Marks
from sheets_crm.engine.ports import Gateway
from sheets_crm.engine.reading import managed, read
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.features import alerts, notices
from sheets_crm.features.figures import metrics_of
from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.workbook.cells import quoted, serial, zone_of
from sheets_crm.workbook.tabs import (
    ALERTS,
    BATCHES,
    CONTROL,
    DASHBOARD,
    NOTICES,
    REJECTED,
    REJECTED_COLUMNS,
    begins_block,
)

SILENT_DAYS: Final = 3
"""A source that has brought something before, and then nothing for so many days, has fallen silent."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at a workbook shows.

    Attributes:
        facts: The facts.
        marks: What operators say in the rows of Alerts; None while there is no such tab.
        events: The happenings that somebody is told of.
    """

    facts: Facts
    marks: Marks | None = None
    events: frozenset[str] = frozenset()


def look(
    gateway: Gateway,
    settings: RunSettings,
    clock: Callable[[], float],
    deliveries: Callable[[], Mapping[str, dt.datetime]],
) -> Seen:
    """Read a workbook whole, and judge nothing.

    Args:
        gateway: The workbook.
        settings: The run's settings.
        clock: Seconds since 1970.
        deliveries: When each source last brought something.

    Raises:
        CrmError: It cannot be read, or nothing in it can be trusted.
    """
    snapshot = read(gateway, settings, clock)
    now = dt.datetime.fromtimestamp(clock(), tz=dt.UTC)
    links = _Links(snapshot)
    metrics = metrics_of(snapshot, settings, now)
    feed = metrics["feed_days"].value if "feed_days" in metrics and len(snapshot.leads) else None
    facts = Facts(
        late_batches=tuple(_late(snapshot, settings, now, links)),
        feed_days=None if feed is None else float(feed),
        rejected=_rejected(snapshot),
        silent=tuple(_silent(deliveries(), now)),
        cells_share=snapshot.info.cells / CELLS_LIMIT,
        links=links.by_use(),
    )
    if ALERTS not in snapshot.sheets or NOTICES not in snapshot.sheets:
        return Seen(facts)
    marks = alerts.marks(snapshot.sheets[ALERTS], snapshot.info.time_zone, settings.language)
    return Seen(facts, marks, notices.active(snapshot.sheets[NOTICES], settings.language))


def events_told(gateway: Gateway, settings: RunSettings) -> frozenset[str]:
    """The happenings that somebody is told of, by two small requests."""
    tab = managed(gateway.info()).get(NOTICES)
    if tab is None:
        return frozenset()
    (cells,) = gateway.values([f"{quoted(tab.title)}!A1:ZZ"])
    return notices.active_in(tab, cells, settings.language)


class _Links:
    """Addresses of places in a workbook.

    Args:
        snapshot: The workbook.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def to(self, tab: str, cell: str = "") -> str:
        """The address of a tab, or of a cell in it; "" where there is no such tab."""
        if tab not in self._snapshot.tabs:
            return ""
        base = f"https://docs.google.com/spreadsheets/d/{self._snapshot.info.spreadsheet_id}/edit"
        number = self._snapshot.tabs[tab].sheet_id
        return f"{base}#gid={number}&range={cell}" if cell else f"{base}#gid={number}"

    def by_use(self) -> dict[str, str]:
        """The addresses that the rules ask for."""
        return {
            rules.FEED: self.to(DASHBOARD),
            rules.REJECTED: self.to(REJECTED),
            rules.SOURCES: self.to(CONTROL),
            rules.JOBS: self.to(CONTROL),
            rules.CELLS: self.to(CONTROL),
        }


def _late(snapshot: Snapshot, settings: RunSettings, now: dt.datetime, links: _Links) -> Iterator[LateBatch]:
    """Yield the batches that Batches marks as stale, by the same rule."""
    sheet = snapshot.sheets[BATCHES]
    today = int(serial(now, zone_of(snapshot.info.time_zone)))
    columns = (sheet.frame[name].to_numpy(dtype=object) for name in ("when", "outstanding"))
    for batch, row, sent, out in zip(sheet.frame.index, sheet.rows, *columns, strict=True):
        if not (isinstance(sent, int | float) and isinstance(out, int | float)):
            continue
        days = today - int(sent)
        if out > 0 and days >= settings.stale_days:
            yield LateBatch(shown(batch), days, int(out), links.to(BATCHES, f"A{int(row) + 1}"))


def _rejected(snapshot: Snapshot) -> int:
    """Rows of Rejected with a reason, without the headers of its blocks."""
    place = REJECTED_COLUMNS.index("reason")
    rows = snapshot.cells.get(REJECTED, [])[1:]
    return sum(len(row) > place and row[place] != "" and not begins_block(row) for row in rows)


def _silent(deliveries: Mapping[str, dt.datetime], now: dt.datetime) -> Iterator[SilentSource]:
    for source, last in sorted(deliveries.items()):
        days = (now - last).days
        if days >= SILENT_DAYS:
            yield SilentSource(source, days)
