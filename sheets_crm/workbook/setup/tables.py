"""The tabs that are tables: input and batch tabs, Master, Batches, Imports and the like; headers, notes, formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sheets_crm.errors import SheetError
from sheets_crm.messages import localize, said
from sheets_crm.pipeline.columns import NOTES, SEND, Kind, state_columns
from sheets_crm.pipeline.metric_list import custom_ids
from sheets_crm.workbook import requests
from sheets_crm.workbook.cells import grid_range
from sheets_crm.workbook.declaration import TabColumn, TabSpec
from sheets_crm.workbook.migrations import since
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup import two_way_tab
from sheets_crm.workbook.setup.layout import Layout
from sheets_crm.workbook.tabs import BOX1_HISTORY, HISTORY, IMPORTS, LOG, MASTER, VOCABULARY, step_of

NOTED = frozenset({IMPORTS, BOX1_HISTORY, HISTORY, LOG, VOCABULARY})
"""Tabs whose first header has a note on their use."""


def content(layout: Layout, spec: TabSpec) -> list[Request]:
    """Header row and formats of a table that is new, lost a header or gets new ones; else nothing.

    Raises:
        SheetError: Headers are missing and others moved.
    """
    tab, number = layout.tabs[spec.key], layout.ids[spec.key]
    if tab is None and spec.styled:
        return two_way_tab.content(spec, number, layout.language)
    declared = [column for column in spec.columns if column.header not in layout.new_headers.get(spec.key, ())]
    header = _headers(layout, spec, declared, 0)
    formats = list(_formats(layout, spec, declared))
    if tab is None:
        return [header, *_first_rows(layout, spec), *formats]
    if headers_complete(layout, spec):
        return _appended(layout, spec)
    lost = layout.displaced.get(spec.key, {})
    if lost:
        columns = [column for column in declared if column.header in lost]
        restored = [_headers(layout, spec, [column], lost[column.header]) for column in columns]
        return [*restored, *_formats(layout, spec, columns), *_appended(layout, spec)]
    missing = len(declared) - tab.columns
    wider = [requests.append_columns(number, missing)] if missing > 0 else []
    return [*wider, header, *formats, *_appended(layout, spec)]


def _appended(layout: Layout, spec: TabSpec) -> list[Request]:
    """The requests that append a table's new columns at the right end of its grid, where no cell moves."""
    new = [column for column in spec.columns if column.header in layout.new_headers.get(spec.key, ())]
    if not new:
        return []
    first = layout.where.column_index(spec.key, new[0].header)
    return [
        requests.append_columns(layout.ids[spec.key], len(new)),
        _headers(layout, spec, new, first),
        *_formats(layout, spec, new),
    ]


def _headers(layout: Layout, spec: TabSpec, columns: Sequence[TabColumn], first: int) -> Request:
    notes = _notes(layout, spec)
    present = layout.existing.named(spec.key)  # a header that is there keeps its language
    names = [present.get(column.header) or column.name(layout.language) for column in columns]
    return requests.header_row(
        layout.ids[spec.key], names, [notes[column.header] for column in columns], spec.colour, column=first
    )


def headers_complete(layout: Layout, spec: TabSpec) -> bool:
    """Whether a table has all its headers.

    Raises:
        SheetError: Some are missing and others moved, so that restoring them could mislabel a column.
    """
    row = [str(cell) for cell in layout.existing.headers.get(spec.key, ())]
    new = layout.new_headers.get(spec.key, ())
    if all(row.count(header) == 1 for header in spec.headers if header not in new):
        return True
    moved = [name for n, name in enumerate(row) if name in spec.headers and spec.headers.index(name) != n]
    moved += _overwritten(layout, spec, row)
    if moved and spec.key not in layout.displaced:
        raise SheetError(
            said("headers_moved", tab=layout.where.titles[spec.key], headers=moved),
            where=f"{layout.where.titles[spec.key]}!1:1",
            remedy=said("headers_moved.derived" if step_of(spec.key) else "headers_moved.remedy"),
            state=said("unchanged"),
        )
    return False


def _overwritten(layout: Layout, spec: TabSpec, row: Sequence[str]) -> list[str]:
    """Lost headers of custom steps or migrations whose declared column has another header.

    Their columns were appended at the right end, so the other header may belong to a removed step or to the owner.
    """
    original, new = _original_headers(layout, spec), layout.new_headers.get(spec.key, ())
    lost = [name for name in spec.headers if name not in original and name not in (*row, *new)]
    columns = [spec.headers.index(name) for name in lost]
    # A slice, since the row may end before that column.
    return [name for name, column in zip(lost, columns, strict=True) if any(row[column : column + 1])]


def _original_headers(layout: Layout, spec: TabSpec) -> frozenset[str]:
    """The headers that a table was created with, without those of later migrations and of custom steps."""
    custom = {name for step in layout.schema.custom for name in (*custom_ids(step), *step.brings)}
    custom |= {column.name for step in layout.schema.custom for column in state_columns(step.name)}
    later = custom if spec.key in {MASTER, HISTORY} else set()
    later |= {name for migration in since(layout.existing.made_with) for name in migration.adds(spec.key)}
    return frozenset(spec.headers) - later


def _first_rows(layout: Layout, spec: TabSpec) -> list[Request]:
    return [requests.write(layout.ids[spec.key], 1, 0, spec.first_rows)] if spec.first_rows else []


def _notes(layout: Layout, spec: TabSpec) -> dict[str, str]:
    """The note of each header; "" for none."""
    if spec.styled:
        return {column.header: two_way_tab.note(column, layout.language) for column in spec.columns}
    codes = {SEND: "note.send", NOTES: "note.notes", "reopen": "note.reopen"}
    codes |= {name: f"note.{name}" for name in ("show", "close", "undo", "stale", "age")}
    if spec.key in NOTED:
        codes[spec.headers[0]] = f"note.{spec.key}"
    if spec.key.startswith("batch."):
        codes[spec.headers[0]] = "note.batch"
    if spec.key == MASTER:
        codes = {"LeadNumber": "note.master"}
    return {name: localize(codes[name], layout.language) if name in codes else "" for name in spec.headers}


def _formats(layout: Layout, spec: TabSpec, columns: Sequence[TabColumn]) -> Iterator[Request]:
    number = layout.ids[spec.key]
    if spec.styled:
        yield from two_way_tab.column_requests(
            replace(spec, columns=tuple(columns)),
            number,
            layout.language,
            lambda column: layout.where.column_index(spec.key, column.header),
        )
        return
    for column in columns:
        index = layout.where.column_index(spec.key, column.header)
        yield from _column_formats(spec.key, column, grid_range(number, 1, index, None, 1))
        if column.hidden:
            yield requests.hide_columns(number, index, index + 1)


def _column_formats(key: str, column: TabColumn, block: dict[str, int]) -> Iterator[Request]:
    """The formats and data validation of a column's cells."""
    if column.kind is Kind.WHEN:
        yield requests.number_format(block, requests.DATE if column.header == "date" else requests.DATE_TIME)
    if column.live and column.kind is Kind.WHOLE:
        yield requests.number_format(block, requests.WHOLE)
    if key == HISTORY and column.header.endswith("_ratio"):
        yield requests.number_format(block, requests.PERCENT)
    if (column.operator or key == MASTER) and column.kind is Kind.TEXT and key != VOCABULARY:
        yield requests.number_format(block, requests.TEXT)
    if column.checkbox:
        yield requests.checkboxes(block)
    if column.choices:
        yield requests.choices(block, [choice.id for choice in column.choices])
