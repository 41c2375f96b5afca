"""Alerts: what somebody has to know of, one row for each cause that is there; operators say that they have seen it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sheets_crm.alerts.values import Alert, Key, Mark, Severity
from sheets_crm.engine.commands import Command
from sheets_crm.engine.features import Feature
from sheets_crm.engine.table_edits import TwoWay, held_by_now
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.messages import with_remedy
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.imports.text import fitted, shown
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.ticks import is_tick
from sheets_crm.workbook.cells import Cell, moment, serial, zone_of
from sheets_crm.workbook.declaration import PROBLEM, Choice, Group, Owner, ReadPolicy, TabColumn, TabSpec, Tick
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.tabs import ALERTS
from sheets_crm.workbook.two_way.columns import table_columns
from sheets_crm.workbook.two_way.edits import RowEdit
from sheets_crm.workbook.two_way.typed import typed

ABOUT: Final = "_about"
"""Header of the hidden column that says which cause a row is about."""
SEEN_TICK, SNOOZE = "seen", "snooze_until"

COLUMNS: Final = table_columns(
    TabColumn(
        "severity",
        width=90,
        es="gravedad",
        choices=(Choice(Severity.URGENT, "urgente"), Choice(Severity.WARNING, "aviso")),
    ),
    TabColumn("cause", width=420, es="causa"),
    TabColumn("remedy", width=420, es="qué hacer"),
    TabColumn("link", width=200, es="enlace"),
    TabColumn("owner", width=120, es="responsable"),
    TabColumn("since", Kind.WHEN, width=140, es="desde"),
    TabColumn("times", Kind.WHOLE, width=70, es="veces"),
    TabColumn(SEEN_TICK, Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.STATE, width=70, es="visto"),
    TabColumn(SNOOZE, Kind.WHEN, owner=Owner.OPERATOR, width=140, es="posponer hasta"),
    TabColumn(ABOUT, width=70, hidden=True),
    key=TabColumn("alert", width=80, es="aviso"),
)
SPEC: Final = TabSpec(
    ALERTS,
    "Alerts",
    COLUMNS,
    "alert",
    policy=ReadPolicy.BY_KEY,
    two_way=True,
    letter="A",
    es="Avisos",
    group=Group.TODAY,
)


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Alerts: one row for each cause that is there."""
    yield SPEC


def about(key: Key) -> str:
    """A cause as the hidden column names it."""
    code, subject = key
    return f"{code} {subject}".strip()


@dataclass(frozen=True)
class ShowAlerts(Command):
    """Show the alerts that are open, and no others.

    Attributes:
        alerts: Those that are open.
    """

    alerts: tuple[Alert, ...] = ()


def show(working: WorkingState, command: ShowAlerts) -> bool:
    """Add, change and delete rows, so that each alert has one; operators' cells stay as they are.

    While a part of the tab is sorted nothing is shown; the next command shows it.
    """
    if ALERTS not in working.snapshot.tabs or held_by_now(working, ALERTS):
        return True
    rows = working.rows(ALERTS)
    wanted = {about(alert.key): alert for alert in command.alerts}
    here: dict[str, str] = {}
    for key in rows.keys:
        here.setdefault(shown(rows.row(key).get(ABOUT, "")), key)
    rows.delete([key for of_row, key in here.items() if of_row and of_row not in wanted])
    for of_row, alert in wanted.items():
        cells = _cells(alert, working)
        if of_row in here:
            present = rows.row(here[of_row])
            changed = {
                name: cell for name, cell in cells.items() if present.get(name, "") != _shown(name, cell, working)
            }
            if changed:
                rows.set(here[of_row], changed)
        elif not alert.row:  # a row that it had was deleted by somebody, who does not want to see it
            rows.append(cells)
    return True


def _cells(alert: Alert, working: WorkingState) -> dict[str, Cell]:
    cause, zone = alert.cause, zone_of(working.snapshot.info.time_zone)
    return {
        "severity": cause.severity.value,
        "cause": fitted(cause.text),
        "remedy": fitted(cause.remedy),
        "link": cause.link,
        "owner": cause.owner,
        "since": serial(alert.since, zone),
        "times": alert.times,
        ABOUT: about(alert.key),
    }


def _shown(name: str, cell: Cell, working: WorkingState) -> Cell:
    """A cell as the tab has it: a choice by its name."""
    names = {choice.id: choice.name(working.settings.language) for choice in SPEC.column(name).choices}
    return names.get(str(cell), cell) if names else cell


def edited(working: WorkingState, edit: RowEdit) -> Mapping[str, Cell]:
    """Say beside a row that somebody typed that alerts are the worker's; what is ticked is read by the alerts' job."""
    if shown(edit.source.cells.get(ABOUT, "")):
        return {}
    return {PROBLEM: with_remedy("alerts.typed", working.settings.language)}


def marks(sheet: Sheet, time_zone: str, language: str) -> dict[Key, Mark]:
    """What operators say in the rows, by cause; a cell that is not understood says nothing."""
    zone = zone_of(time_zone)
    said: dict[Key, Mark] = {}
    for key, line in _lines(sheet):
        code, _, subject = shown(line.get(ABOUT, "")).partition(" ")
        until = typed(SPEC.column(SNOOZE), line.get(SNOOZE, ""), language).value
        ends = (
            moment(float(until)).replace(tzinfo=zone).astimezone(dt.UTC)
            if isinstance(until, int | float) and not isinstance(until, bool)
            else None
        )
        if code:
            said.setdefault((code, subject), Mark(key, is_tick(line.get(SEEN_TICK, "")), ends))
    return said


def _lines(sheet: Sheet) -> Iterable[tuple[str, dict[str, Cell]]]:
    names = [str(name) for name in sheet.frame.columns]
    for key, cells in zip(sheet.frame.index, sheet.frame.to_numpy(dtype=object), strict=True):
        yield shown(key), dict(zip(names, cells, strict=True))


FEATURE: Final = Feature(
    "alerts", tables=tables, handlers={ShowAlerts: show}, two_way={ALERTS: TwoWay(edited=edited)}
)
