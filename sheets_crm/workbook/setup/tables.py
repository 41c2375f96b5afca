"""The tabs that are tables: input and batch tabs, Master, Batches, Imports and the like; headers, notes, formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sheets_crm.errors import SheetError
from sheets_crm.messages import localize
from sheets_crm.pipeline.columns import NOTES, SEND, Kind, state_columns
from sheets_crm.pipeline.imports.vocabulary import MEANINGS
from sheets_crm.pipeline.metric_list import custom_ids
from sheets_crm.workbook import requests
from sheets_crm.workbook.cells import grid_range
from sheets_crm.workbook.migrations import since
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import (
    BOX1_HISTORY,
    HISTORY,
    IMPORTS,
    LOG,
    MASTER,
    STORAGE,
    VOCABULARY,
    TabColumn,
    TabSpec,
    step_of,
)

NOTED = frozenset({IMPORTS, BOX1_HISTORY, HISTORY, LOG, VOCABULARY})
"""Tabs whose first header says what they are for."""
DERIVED = " Or delete the tab: init recreates it from the Master."
DAY = {"type": "DATE", "pattern": "yyyy-mm-dd"}
PERCENT = {"type": "PERCENT", "pattern": "0.0%"}


def content(layout: Layout, spec: TabSpec) -> list[Request]:
    """Return the header row and formats of a table that is new, lost a header or gets new ones; else nothing.

    Raises:
        SheetError: Headers are missing and others moved.
    """
    tab, number = layout.tabs[spec.key], layout.ids[spec.key]
    old = [column for column in spec.columns if column.header not in layout.fresh.get(spec.key, ())]
    header = _headers(layout, spec, old, 0)
    formats = list(_formats(layout, spec, old))
    if tab is None:
        return [header, *_first_rows(layout, spec), *formats]
    if headers_stand(layout, spec):
        return _appended(layout, spec)
    lost = layout.elsewhere.get(spec.key, {})
    if lost:
        found = [column for column in old if column.header in lost]
        named = [_headers(layout, spec, [column], lost[column.header]) for column in found]
        return [*named, *_formats(layout, spec, found), *_appended(layout, spec)]
    missing = len(old) - tab.columns
    wider = [requests.append_columns(number, missing)] if missing > 0 else []
    return [*wider, header, *formats, *_appended(layout, spec)]


def _appended(layout: Layout, spec: TabSpec) -> list[Request]:
    """Return what gives a table its new columns at the right end of its grid: nobody's cells move."""
    new = [column for column in spec.columns if column.header in layout.fresh.get(spec.key, ())]
    if not new:
        return []
    place = layout.where.column_index(spec.key, new[0].header)
    return [
        requests.append_columns(layout.ids[spec.key], len(new)),
        _headers(layout, spec, new, place),
        *_formats(layout, spec, new),
    ]


def _headers(layout: Layout, spec: TabSpec, columns: Sequence[TabColumn], place: int) -> Request:
    notes = _notes(layout, spec)
    names = [column.header for column in columns]
    return requests.header_row(
        layout.ids[spec.key], names, [notes[name] for name in names], spec.colour, column=place
    )


def headers_stand(layout: Layout, spec: TabSpec) -> bool:
    """Return whether all headers of a table are there.

    Raises:
        SheetError: Some are missing and others moved, so that putting them back could mislabel a column.
    """
    there = [str(cell) for cell in layout.existing.headers.get(spec.key, ())]
    fresh = layout.fresh.get(spec.key, ())
    if all(there.count(header) == 1 for header in spec.headers if header not in fresh):
        return True
    moved = [name for n, name in enumerate(there) if name in spec.headers and spec.headers.index(name) != n]
    moved += _overwriting(layout, spec, there)
    if moved and spec.key not in layout.elsewhere:
        raise SheetError(
            f"In the header row of {spec.title} columns are missing and others moved ({', '.join(moved)}).",
            where=f"{layout.where.titles[spec.key]}!1:1",
            remedy="Put the columns back in order (Edit › Undo, or Version history), then run init again."  # noqa: RUF001
            + (DERIVED if step_of(spec.key) else ""),
            state="Nothing was changed.",
        )
    return False


def _overwriting(layout: Layout, spec: TabSpec, there: Sequence[str]) -> list[str]:
    """Return lost headers, of the settings' steps or of migrations, in whose place another stands.

    Such columns were added at the right end of the grid: the other may be of a step that is gone, or the owner's own.
    """
    made, fresh = _made_with_it(layout, spec), layout.fresh.get(spec.key, ())
    lost = [name for name in spec.headers if name not in made and name not in (*there, *fresh)]
    places = [spec.headers.index(name) for name in lost]
    return [name for name, place in zip(lost, places, strict=True) if any(there[place : place + 1])]


def _made_with_it(layout: Layout, spec: TabSpec) -> frozenset[str]:
    """Return the headers that a table was made with: neither of migrations since, nor of the settings' steps."""
    own = {name for step in layout.schema.custom for name in (*custom_ids(step), *step.brings)}
    own |= {column.name for step in layout.schema.custom for column in state_columns(step.name)}
    later = own if spec.key in {MASTER, HISTORY} else set()
    later |= {name for migration in since(layout.existing.made_with) for name in migration.adds(spec.key)}
    return frozenset(spec.headers) - later


def _first_rows(layout: Layout, spec: TabSpec) -> list[Request]:
    vocabulary = layout.setup.vocabulary
    return (
        [requests.write(layout.ids[VOCABULARY], 1, 0, vocabulary)] if spec.key == VOCABULARY and vocabulary else []
    )


def _notes(layout: Layout, spec: TabSpec) -> dict[str, str]:
    """Return the note of each header, "" for none."""
    known = {SEND: "note.send", NOTES: "note.notes", "reopen": "note.reopen"}
    known |= {name: f"note.{name}" for name in ("show", "close", "undo", "stale", "age")}
    if spec.key in NOTED:
        known[spec.headers[0]] = f"note.{spec.key}"
    if spec.key.startswith("batch."):
        known[spec.headers[0]] = "note.batch"
    if spec.key == MASTER:
        known = {"LeadNumber": "note.master"}
    return {name: localize(known[name], layout.language) if name in known else "" for name in spec.headers}


def _formats(layout: Layout, spec: TabSpec, columns: Sequence[TabColumn]) -> Iterator[Request]:
    number = layout.ids[spec.key]
    for column in columns:
        place = layout.where.column_index(spec.key, column.header)
        yield from _column_formats(spec.key, column, grid_range(number, 1, place, None, 1))


def _column_formats(key: str, column: TabColumn, block: dict[str, int]) -> Iterator[Request]:
    """Yield how the cells of a column look and what they accept."""
    if column.kind is Kind.WHEN:
        yield requests.number_format(block, DAY if column.header == "date" else requests.DATE_TIME)
    if key == HISTORY and column.header.endswith("_ratio"):
        yield requests.number_format(block, PERCENT)
    if (column.operator or key == MASTER) and column.kind is Kind.TEXT and key != VOCABULARY:
        yield requests.number_format(block, requests.TEXT)
    if column.checkbox:
        yield requests.checkboxes(block)
    if key == VOCABULARY and column.header == "normalised":
        yield requests.choices(block, MEANINGS)
    if key == STORAGE and column.header == "reopen":
        yield requests.choices(block, ["instantly", "box1"])
