"""Control: settings that could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.messages import localize, number_in
from sheets_crm.pipeline.imports.entry import entries, entry_names
from sheets_crm.pipeline.imports.formats import import_kinds, kind_names
from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook import control, tab_list
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import Cell, CellIn, column_letters
from sheets_crm.workbook.control import MOST_PARTS, ControlState, control_state, named, place_of, unclear_ticks
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabSpec
from sheets_crm.workbook.panel import PanelState
from sheets_crm.workbook.settings_signal import settings_signal
from sheets_crm.workbook.signals import Signal
from sheets_crm.workbook.state_line import silent_minutes
from sheets_crm.workbook.tabs import CONTROL


def controls(working: WorkingState) -> ControlState:
    """What operators set and ask for on Control (`WorkingState.part`)."""
    return control_state(working.snapshot.panel, working.schema)


def said_on_control(panel: PanelState, schema: Schema) -> tuple[str | None, str | None]:
    """The kind of the next paste, and the step at which its people enter: "" for blank, None for an unknown word."""
    kind = import_word(panel.value("import_kind"), import_kinds(schema))
    return kind, import_word(panel.value("enters"), entries(schema))


def parts(panel: PanelState, schema: Schema) -> Mapping[str, int]:
    """How many batch tabs each step is asked to have."""
    return control_state(panel, schema).parts


def panel_rows(working: WorkingState) -> dict[str, dict[int, CellIn]]:
    """The cells of Control as `init` lays them out, by id of the row and column."""
    settings = working.settings
    silent = silent_minutes(settings.heartbeat_minutes, settings.interval_seconds)
    laid_out = control.rows(working.schema, settings.language, _addresses(working), {}, silent=silent)
    return {row.id: dict(enumerate(row.cells)) for row in laid_out if row.id}


def _addresses(working: WorkingState) -> Addresses:
    """The columns of every table tab where they were read, for formulas that refer to them."""
    sheets = working.snapshot.sheets
    headers: dict[str, list[str]] = {}
    for key, sheet in sheets.items():
        headers[key] = [""] * (max(sheet.column_index.values(), default=-1) + 1)
        for name, place in sheet.column_index.items():
            headers[key][place] = name
    titles = {key: tab.title for key, tab in working.snapshot.tabs.items()}
    return Addresses(titles, {key: sheet.spec for key, sheet in sheets.items()}, headers)


def prepare(working: WorkingState) -> None:
    """Report the settings of Control whose cell is invalid; their default is used."""
    panel, schema = working.snapshot.panel, working.schema
    language = working.settings.language
    known = {"import_kind": kind_names(schema, language), "enters": entry_names(schema, language)}
    for name, word in zip(known, said_on_control(panel, schema), strict=True):
        if word is None:
            label, value = localize(f"control.{name}", language), str(panel.value(name))[:60]
            working.problem("control.unknown_word", setting=label, value=value, words=", ".join(known[name]))
    for name in working.part(controls).unclear:
        working.problem("setting_unclear", **_unclear(working, name))
    for label, cell in unclear_ticks(panel, schema, language):
        working.problem("control_tick_unclear", setting=label, value=str(cell)[:40])


def _unclear(working: WorkingState, name: str) -> dict[str, object]:
    """What the message about an invalid setting names: where it stands, what is there, what may be, what counts."""
    panel, (row_id, column) = working.snapshot.panel, place_of(name)
    label, used = named(name, working.schema, working.settings.language)
    value = panel.value(row_id, column)
    return {
        "tab": working.snapshot.tabs[CONTROL].title,
        "cell": f"{column_letters(column)}{panel.rows[row_id] + 1}",
        "value": _as_typed(value, working.settings.language),
        "setting": label,
        "allowed": working.message(f"setting_allowed.{name.partition('.')[0]}", most=MOST_PARTS),
        "used": used,
    }


def _as_typed(cell: Cell, language: str) -> str:
    """A cell as a workbook of a language shows it, cut to what a message has room for."""
    if isinstance(cell, bool):
        return localize(f"setting_value.{str(cell).lower()}", language)
    return f"{cell}"[:40] if isinstance(cell, str) else number_in(f"{cell:,}", language)


def import_word(cell: Cell, words: Mapping[str, str]) -> str | None:
    """The id that a cell names, "" for a blank one; None when it names none."""
    text = str(cell).strip()
    return words.get(header_key(text)) if text else ""


TABS: Final = Signal("tabs", lambda where, _panel: tab_list.signal(where.titles[CONTROL]))
"""Ticks of the list of tabs that differ from what the worker last saw."""


def tables(schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Control: what operators set and ask for, and what the worker says."""
    signals = (TABS, settings_signal(schema))
    yield TabSpec(CONTROL, "Control", colour=0xD93025, policy=ReadPolicy.WHOLE, signals=signals, group=Group.TODAY)


FEATURE: Final = Feature(
    "control", tables=tables, prepare=prepare, parts=parts, panel_ids=control.ids, panel_rows=panel_rows
)
