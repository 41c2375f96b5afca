"""Headers: what columns of imports become that nobody understands; the worker asks, operators answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sheets_crm.engine.commands import Command
from sheets_crm.engine.features import Feature
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.table_edits import TwoWay, held_by_now
from sheets_crm.engine.table_reads import held
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.control import said_on_control
from sheets_crm.features.header_places import is_waiting, taken_from, waiting_in
from sheets_crm.messages import localize, with_remedy
from sheets_crm.pipeline.imports.answers import (
    IGNORE,
    KEEP,
    NO_ANSWERS,
    HeaderAnswers,
    column_of,
    fillable,
    possible,
    too_long_a_title,
)
from sheets_crm.pipeline.imports.formats import PEOPLE, formats
from sheets_crm.pipeline.imports.recognition import Recognition
from sheets_crm.pipeline.imports.text import fitted, header_key, shown
from sheets_crm.pipeline.imports.unknown import UnknownColumn, unknown_columns
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.step_words import CONTACTS, EXPORT
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.control import control_state
from sheets_crm.workbook.declaration import PROBLEM, Choice, Group, Owner, ReadPolicy, TabColumn, TabSpec
from sheets_crm.workbook.tabs import HEADERS
from sheets_crm.workbook.two_way.columns import table_columns
from sheets_crm.workbook.two_way.edits import RowEdit
from sheets_crm.workbook.two_way.typed import typed

OPENED: Final = "tabs_opened"
"""Key of System with the tab that the worker has shown because a row waits in it."""
MOST_ROWS: Final = 2_000
NAMED: Final = 6
"""Columns that one message names."""
HEADER, KIND, BECOMES, SEEN_IN, EXAMPLE = "header", "kind", "becomes", "seen_in", "example"


def kinds(schema: Schema) -> tuple[Choice, ...]:
    """The kinds of import, as operators name them."""
    steps = (Choice(step.name) for step in schema.steps)
    return (Choice(EXPORT), Choice(CONTACTS, "contactos"), *steps)


def spec(schema: Schema) -> TabSpec:
    """The tab."""
    columns = (Choice(name) for name in possible(schema))
    choices = (Choice(KEEP, "conservar"), Choice(IGNORE, "ignorar"), *columns)
    own = table_columns(
        TabColumn(HEADER, owner=Owner.OPERATOR, width=200, es="cabecera", required=True),
        TabColumn(KIND, owner=Owner.OPERATOR, es="tipo", choices=kinds(schema)),
        TabColumn(BECOMES, owner=Owner.OPERATOR, width=180, es="se convierte en", choices=choices),
        TabColumn(SEEN_IN, width=200, es="vista en"),
        TabColumn(EXAMPLE, width=240, es="ejemplo"),
    )
    return TabSpec(
        HEADERS,
        "Headers",
        own,
        "_key",
        colour=0x00796B,
        policy=ReadPolicy.BY_KEY,
        two_way=True,
        letter="M",
        es="Cabeceras",
        group=Group.SETUP,
        rare=True,
        needed_by_imports=True,
    )


def tables(schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Headers: one row for each header that is not understood."""
    yield spec(schema)


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row of the tab says."""

    key: str
    kind: str
    header: str
    becomes: str


def _rows(records: Iterable[Mapping[str, Cell]], declared: TabSpec, language: str) -> Iterator[_Row]:
    """Yield the rows; a cell that is not understood counts as blank."""
    for cells in records:
        kind, becomes = (
            shown(typed(declared.column(name), cells.get(name, ""), language).value) for name in (KIND, BECOMES)
        )
        yield _Row(shown(cells.get("_key", "")), kind, shown(cells.get(HEADER, "")).strip(), becomes)


def _rows_read(snapshot: Snapshot, settings: RunSettings) -> list[_Row]:
    """The rows as far as they were read: all, or those that were edited; none while a part of them is sorted."""
    if HEADERS not in snapshot.tabs or held(snapshot.system, HEADERS):
        return []
    sheet, read = snapshot.sheets.get(HEADERS), snapshot.edits.get(HEADERS)
    records: Sequence[Mapping[str, Cell]] = []
    if sheet is not None:
        names = [str(name) for name in sheet.frame.columns]
        cells = sheet.frame.to_numpy(dtype=object)
        keys = sheet.frame.index
        records = [
            {**dict(zip(names, line, strict=True)), "_key": key} for key, line in zip(keys, cells, strict=True)
        ]
    elif read is not None:
        records = [row.cells for row in read.rows]
    return list(_rows(records, spec(settings.schema), settings.language))


def answers_of(rows: Iterable[Mapping[str, Cell]], schema: Schema, language: str) -> HeaderAnswers:
    """The answers in rows of the tab, given by header."""
    return HeaderAnswers.of((row.kind, row.header, row.becomes) for row in _rows(rows, spec(schema), language))


def answers(snapshot: Snapshot, settings: RunSettings) -> HeaderAnswers:
    """What operators said that headers become."""
    rows = _rows_read(snapshot, settings)
    return HeaderAnswers.of((row.kind, row.header, row.becomes) for row in rows) if rows else NO_ANSWERS


def recognition(snapshot: Snapshot, settings: RunSettings) -> Recognition:
    """What operators have said about the imports to come, here and on Control."""
    kind, enters = said_on_control(snapshot.panel, settings.schema)
    label = control_state(snapshot.panel, settings.schema).target_id
    unclear = None in (kind, enters)
    return Recognition(answers(snapshot, settings), kind or "", enters or "", unclear=unclear, label=label)


def kept(snapshot: Snapshot, settings: RunSettings) -> Iterator[str]:
    """Yield the columns that operators ask to keep."""
    for row in _rows_read(snapshot, settings):
        if row.becomes == KEEP and not _unusable(row.kind, row.header, row.becomes, settings.schema):
            yield column_of(row.header, settings.schema)


def kept_of(rows: Iterable[Mapping[str, Cell]], schema: Schema, language: str) -> list[str]:
    """The columns that operators ask to keep, given the rows of the tab by header."""
    asked = (row for row in _rows(rows, spec(schema), language) if row.becomes == KEEP)
    return [
        column_of(row.header, schema) for row in asked if not _unusable(row.kind, row.header, row.becomes, schema)
    ]


def edited(working: WorkingState, edit: RowEdit) -> Mapping[str, Cell]:
    """Say in `problem` why an answer cannot be followed; an edited row stays, whatever becomes of its block."""
    values = {name: shown(edit.values.get(name, "")) for name in (KIND, HEADER, BECOMES)}
    code = _unusable(values[KIND], values[HEADER], values[BECOMES], working.schema)
    seen_in = shown(edit.source.cells.get(SEEN_IN, ""))
    touched: dict[str, Cell] = {SEEN_IN: taken_from(seen_in)} if is_waiting(seen_in) else {}
    if not code:
        return touched
    return {**touched, PROBLEM: with_remedy(code, working.settings.language, column=values[BECOMES])}


def _unusable(kind: str, header: str, becomes: str, schema: Schema) -> str:
    """The code of the reason that an import of a kind cannot follow an answer; "" if it can."""
    if becomes in {"", IGNORE}:
        return ""
    if becomes == KEEP:
        column = column_of(header, schema)
        taken = column in schema.names and column not in fillable(schema)
        return "headers.too_long" if too_long_a_title(header) else "headers.taken" if taken else ""
    if becomes in fillable(schema) or not kind or (kind in PEOPLE and becomes in {"fullName", "email"}):
        return ""
    known = frozenset().union(*(form.known for form in formats(schema) if form.step == kind))
    brings = header_key(becomes) in known or (kind == CONTACTS and becomes == "email_validation")
    return "" if brings else "headers.unusable"


@dataclass
class Asked:
    """What operators are asked in this decision.

    Attributes:
        columns: The columns that are not understood, with where they stand, by kind and header key.
        not_taken: Headers of merged blocks that were not taken, by the name of the import.
    """

    columns: dict[tuple[str, str], tuple[UnknownColumn, str]] = field(default_factory=dict)
    not_taken: dict[str, list[str]] = field(default_factory=dict)

    def add(self, columns: Iterable[UnknownColumn], seen_in: str) -> None:
        """Ask about columns, each once."""
        for column in columns:
            self.columns.setdefault((column.kind, header_key(column.header)), (column, seen_in))


def asked(_working: WorkingState) -> Asked:
    """What operators are asked (`WorkingState.part`)."""
    return Asked()


@dataclass(frozen=True)
class AskAbout(Command):
    """Ask operators about the columns of a file that was refused.

    Attributes:
        columns: The columns.
        seen_in: The file's name.
    """

    columns: tuple[UnknownColumn, ...]
    seen_in: str


def ask(working: WorkingState, command: AskAbout) -> bool:
    """Put the columns among those that are asked about; always done at once."""
    working.part(asked).add(command.columns, command.seen_in)
    return True


def merged(working: WorkingState, label: str, columns: Sequence[UnknownColumn]) -> None:
    """Ask about the columns of a block that is merged without them."""
    if columns:
        working.part(asked).add(columns, label)
        working.part(asked).not_taken.setdefault(label, []).extend(column.header for column in columns)


def conclude(working: WorkingState) -> None:
    """Add the rows of what is asked, show the tab while one waits, and say which columns were not taken."""
    if HEADERS not in working.snapshot.tabs:
        return
    said = answers(working.snapshot, working.settings)
    for refused in () if working.more else working.snapshot.refused:
        columns = unknown_columns(refused.block, working.schema, said)
        working.part(asked).add(columns, waiting_in(refused.tab.title, working.settings.language))
    _report(working)
    added = _append(working)
    if added:
        working.opened.add(HEADERS)
        working.stored[OPENED] = HEADERS
    elif HEADERS in working.snapshot.sheets:
        _hide(working)
        _say_doubled(working)
    _keep_saying(working)


def _report(working: WorkingState) -> None:
    tab = working.snapshot.tabs[HEADERS].title
    for label, headers in working.part(asked).not_taken.items():
        names = ", ".join(headers[:NAMED]) + (", …" if len(headers) > NAMED else "")
        working.problem("columns_not_taken", source=label, count=len(headers), headers=names, tab=tab)


def _keep_saying(working: WorkingState) -> None:
    """Keep on Control which columns earlier imports were merged without, while the rows that ask about them wait."""
    if working.stored.get(OPENED, working.snapshot.system.text(OPENED)) != HEADERS:
        return
    read = HEADERS in working.snapshot.sheets
    rows = _rows_read(working.snapshot, working.settings) if read else []
    waiting = [row.header for row in rows if row.header and not row.becomes]
    for text in filter(_not_taken(working.settings.language), working.snapshot.panel.problems):
        asked_still = not read or text.count("…") or any(header in text for header in waiting)
        if asked_still and text not in working.problems:
            working.problems.append(text)


def _not_taken(language: str) -> Callable[[str], bool]:
    """Whether a text of Control says which columns were not taken: it is known by its words alone."""
    blanks = {"source": "\0", "headers": "\0", "tab": "\0"}
    said = (localize("columns_not_taken", language, count=count, **blanks) for count in (1, "\0"))
    shape = re.compile("|".join(re.escape(text).replace("\0", ".+") for text in said))
    return lambda text: shape.fullmatch(text) is not None


def _append(working: WorkingState) -> int:
    """Add a row for each header that has none yet; return how many."""
    wanted = working.part(asked).columns
    if not wanted or held_by_now(working, HEADERS):
        return 0
    rows = working.rows(HEADERS)
    language, declared = working.settings.language, spec(working.schema)
    listed = list(_rows(({**rows.row(key), "_key": key} for key in rows.keys), declared, language))
    there = {(row.kind, header_key(row.header)) for row in listed}
    _keep(working, listed)
    new = [
        (column, seen_in)
        for (kind, key), (column, seen_in) in wanted.items()
        if not {(kind, key), ("", key)} & there
    ][: max(MOST_ROWS - len(there), 0)]
    for column, seen_in in new:
        rows.append(
            {
                HEADER: fitted(column.header),
                KIND: column.kind,
                BECOMES: "",
                SEEN_IN: fitted(seen_in),
                EXAMPLE: fitted(column.example),
            }
        )
    return len(new)


def _keep(working: WorkingState, listed: Iterable[_Row]) -> None:
    """Say in `seen_in` that no block waits for headers of a refused file, or of an import merged without them."""
    rows, places = working.rows(HEADERS), working.part(asked).columns
    others = {key for (_, key), (_, seen_in) in places.items() if not is_waiting(seen_in)}
    for row in listed:
        seen_in = shown(rows.row(row.key).get(SEEN_IN, ""))
        if is_waiting(seen_in) and header_key(row.header) in others:
            rows.set(row.key, {SEEN_IN: taken_from(seen_in)})


def _hide(working: WorkingState) -> None:
    """Hide the tab again, if the worker has shown it and no row waits any more."""
    rows = _rows_read(working.snapshot, working.settings)
    if working.snapshot.system.text(OPENED) == HEADERS and not any(row.header and not row.becomes for row in rows):
        working.closed_tabs.add(HEADERS)
        working.stored[OPENED] = ""


def _say_doubled(working: WorkingState) -> None:
    """Say in `problem` which headers stand in two rows that disagree; the first of them counts."""
    if held_by_now(working, HEADERS):
        return
    first: dict[tuple[str, str], str] = {}
    text = localize("headers.twice", working.settings.language)
    records = working.snapshot.sheets[HEADERS].frame
    for row in _rows_read(working.snapshot, working.settings):
        place = (row.kind, header_key(row.header))
        disagrees = bool(row.becomes) and first.setdefault(place, row.becomes) != row.becomes
        present = records[PROBLEM].loc[row.key] if row.key in records.index else ""
        if disagrees and present == "":
            working.rows(HEADERS).set(row.key, {PROBLEM: text})
        elif present == text and not disagrees:
            working.rows(HEADERS).set(row.key, {PROBLEM: ""})


FEATURE: Final = Feature(
    "headers",
    tables=tables,
    handlers={AskAbout: ask},
    conclude=conclude,
    two_way={HEADERS: TwoWay(edited=edited)},
    recognition=recognition,
    kept=kept,
)
