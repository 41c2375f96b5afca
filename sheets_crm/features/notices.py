"""Notices: which happenings somebody is told of at once, and by what way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.engine.table_edits import TwoWay
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.messages import with_remedy
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.ticks import is_tick
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM, Choice, Group, Owner, ReadPolicy, TabColumn, TabSpec, Tick
from sheets_crm.workbook.info import Rows, TabInfo
from sheets_crm.workbook.sheet import Sheet, read_sheet
from sheets_crm.workbook.tabs import NOTICES
from sheets_crm.workbook.two_way.columns import table_columns
from sheets_crm.workbook.two_way.edits import RowEdit
from sheets_crm.workbook.two_way.typed import typed

SLACK, EMAIL = "slack", "email"
EVENTS: Final = (
    Choice("reply", "respuesta"),
    Choice("positive reply", "respuesta positiva"),
    Choice("question", "pregunta"),
    Choice("form lead", "lead de formulario"),
    Choice("call logged", "llamada registrada"),
    Choice("deal won", "venta ganada"),
)
"""What may happen."""
FIRST: Final = ("reply", "positive reply", "question")
"""The events that a new table tells of."""

SPEC: Final = TabSpec(
    NOTICES,
    "Notices",
    table_columns(
        TabColumn("event", owner=Owner.OPERATOR, width=180, es="evento", choices=EVENTS, required=True),
        TabColumn("to", owner=Owner.OPERATOR, width=200, es="para"),
        TabColumn(
            "by", owner=Owner.OPERATOR, width=100, es="por", choices=(Choice(SLACK), Choice(EMAIL)), default=SLACK
        ),
        TabColumn("active", Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.STATE, width=80, es="activa", default=True),
    ),
    "_key",
    policy=ReadPolicy.BY_KEY,
    two_way=True,
    letter="Q",
    es="Notificaciones",
    group=Group.SETUP,
)


def _first_rows() -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a new tab, with their keys."""
    for number, event in enumerate(FIRST, start=1):
        cells: dict[str, Cell] = {
            "_key": f"{SPEC.letter}-{number:04d}",
            "event": event,
            "by": SLACK,
            "active": True,
        }
        yield tuple(cells.get(header, "") for header in SPEC.headers)


TABLE: Final = replace(SPEC, first_rows=tuple(_first_rows()))


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Notices: one row for each event that somebody is told of."""
    yield TABLE


def edited(working: WorkingState, edit: RowEdit) -> Mapping[str, Cell]:
    """Say beside a row by which way nothing is told yet."""
    if edit.values.get("by") == EMAIL:
        return {PROBLEM: with_remedy("notices.no_email", working.settings.language)}
    return {}


def active(sheet: Sheet, language: str) -> frozenset[str]:
    """The events that somebody is told of by Slack."""
    names = [str(name) for name in sheet.frame.columns]
    lines = (dict(zip(names, line, strict=True)) for line in sheet.frame.to_numpy(dtype=object))
    return frozenset(_told(lines, language))


def _told(lines: Iterator[dict[str, Cell]], language: str) -> Iterator[str]:
    for line in lines:
        event, by = (str(typed(SPEC.column(name), line.get(name, ""), language).value) for name in ("event", "by"))
        if event and by == SLACK and is_tick(line.get("active", "")):
            yield event


def active_in(tab: TabInfo, cells: Rows | Sequence[Sequence[Cell]], language: str) -> frozenset[str]:
    """The events that somebody is told of by Slack, given the cells of the tab alone."""
    return active(read_sheet(SPEC, tab, cells), language)


FEATURE: Final = Feature("notices", tables=tables, two_way={NOTICES: TwoWay(edited=edited)})
