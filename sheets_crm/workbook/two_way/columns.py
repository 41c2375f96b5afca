"""The columns of a two-way table: which are joined, which are acts, and what their headers are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM, ROW_KEY, SEEN, Owner, ReadPolicy, TabColumn, TabSpec, Tick

HIDDEN_KEY: Final = TabColumn(ROW_KEY, width=70, hidden=True)
HIDDEN_SEEN: Final = TabColumn(SEEN, width=70, hidden=True)
PROBLEM_COLUMN: Final = TabColumn(PROBLEM, width=320, es="problema")
HIDDEN_PROBLEM: Final = TabColumn(PROBLEM, width=320, es="problema", hidden=True)
"""The same in tables that were there before two-way tables."""


def table_columns(*columns: TabColumn, key: TabColumn = HIDDEN_KEY) -> tuple[TabColumn, ...]:
    """The columns of a two-way table: its key, the hidden ``_seen`` right of it, its own columns, ``problem``.

    Args:
        columns: Its own columns, without the key. A later version declares further operators' columns behind these,
            so that no row's join changes (`join`).
        key: The visible column with the worker's key; the hidden ``_key`` when the first header is a person's word.
    """
    return (key, HIDDEN_SEEN, *columns, PROBLEM_COLUMN)


def joined(spec: TabSpec) -> tuple[TabColumn, ...]:
    """The columns whose cells are compared with ``_seen``: the operators' and the shared ones, as declared."""
    return tuple(column for column in spec.columns if column.operator and column.header != spec.key_column)


def acts(spec: TabSpec) -> tuple[TabColumn, ...]:
    """The columns whose cells are obeyed once and taken back: checkboxes, and texts such as a campaign's name."""
    return tuple(column for column in joined(spec) if column.tick is Tick.ACT)


def workers(spec: TabSpec) -> tuple[TabColumn, ...]:
    """The worker's columns that show something: all but the key, ``_seen`` and ``problem``."""
    own = {spec.key_column, SEEN, PROBLEM}
    return tuple(column for column in spec.columns if column.owner is Owner.WORKER and column.header not in own)


def put_back_columns(spec: TabSpec) -> tuple[TabColumn, ...]:
    """The columns in which a hand edit is put back: the worker's, ``problem`` too; live ones are formulas.

    A table of leads has none: its cells follow from the leads.
    """
    if spec.policy is ReadPolicy.LEADS:
        return ()
    return tuple(column for column in (*workers(spec), spec.column(PROBLEM)) if not column.live)


def blank(column: TabColumn) -> Cell:
    """What an empty cell of a column stands for: FALSE in a checkbox, else nothing."""
    return False if column.kind is Kind.FLAG else ""


def header_names(spec: TabSpec) -> Mapping[str, str]:
    """The id of each header by every name that it is understood by: the id, and its name in both languages."""
    by_name = {name: name for name in (SEEN, spec.key_column)}
    for column in spec.columns:
        for name in (column.header, column.name("es"), column.name("en")):
            by_name.setdefault(name, column.header)
            by_name.setdefault(header_key(name), column.header)
    return by_name


def header_ids(spec: TabSpec, row: Sequence[object]) -> list[str]:
    """A header row with every name of a declared column, in either language, replaced by its id.

    Case, accents, spaces and signs do not count in a table that people type rows into. Other headers are operators'
    own and stay as they are.
    """
    names = [str(cell).strip() for cell in row]
    if not spec.styled:
        return _exact_ids(spec, names)
    by_name = header_names(spec)
    return [by_name.get(name) or by_name.get(header_key(name)) or name for name in names]


def _exact_ids(spec: TabSpec, names: Sequence[str]) -> list[str]:
    """The ids of exact names: there a header that looks alike, such as ``Notes``, is operators' own.

    Where a column's names in both languages stand in the row, one is operators' own: that of the language which fewer
    of the other headers have, and where they say nothing, that of the language of the one further right, for people
    add their columns behind ours. It is put in brackets if it would be taken for the id.
    """
    ids = set(spec.headers)
    id_of = {column.es: column.header for column in spec.columns if column.es and column.es not in ids}
    here = set(names)
    both = {name: column for name, column in id_of.items() if name in here and column in here}
    spanish = sum(name in id_of and name not in both for name in names)
    english = sum(name in set(id_of.values()) - set(both.values()) for name in names)
    left_is_spanish = next((name in both for name in names if name in both or name in both.values()), False)
    if spanish < english or (spanish == english and not left_is_spanish):
        id_of = {name: column for name, column in id_of.items() if name not in both}
        return [id_of.get(name, name) for name in names]
    own = set(both.values())
    return [f"({name})" if name in own else id_of.get(name, name) for name in names]
