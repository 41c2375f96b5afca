"""Erased people in the cells that operators write: two-way tables follow from no lead, so they are searched."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from sheets_crm.engine.commands import Command
from sheets_crm.engine.table_edits import TwoWay, table_work
from sheets_crm.engine.table_rows import ReadTable
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.plan.changes import RowCells
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import SEEN
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.two_way.writes import CellWrite

About = Callable[[Mapping[str, Cell], Person], Collection[str]]
"""As `TwoWay.about`."""


@dataclass(frozen=True)
class EraseMentions(Command):
    """Blank the cells of two-way tables that name a person.

    Attributes:
        person: Whom.
    """

    person: Person


def erase_mentions(working: WorkingState, command: EraseMentions) -> bool:
    """Blank the cells that name a person, in a write after the one that puts rows right or handles their edits.

    Raises:
        ReadTable: A table was not read whole.
    """
    edited = any(work.handled for work in working.part(table_work).values())
    if working.snapshot.table_repairs or edited:
        return False
    for spec in working.settings.system.typed:
        if spec.key not in working.snapshot.sheets:
            raise ReadTable(spec.key)
        about = working.settings.features.two_way.get(spec.key, TwoWay()).about
        working.extra += _blanked(working.snapshot.sheets[spec.key], command.person, about)
    return True


def _blanked(sheet: Sheet, person: Person, about: About) -> Iterator[RowCells]:
    cells = tuple(_mentions(sheet, person, about))
    if cells:
        keys = {int(row): shown(key) for row, key in zip(sheet.rows, sheet.frame.index, strict=True)}
        written = {cell.row: keys[cell.row] for cell in cells}
        yield RowCells(sheet.tab, sheet.spec, sheet.column_index, cells, written)


def _mentions(sheet: Sheet, person: Person, about: About) -> Iterator[CellWrite]:
    """The cells to blank. A row's `_seen` goes with them: the next run takes what is left of the row as it stands."""
    # A live column is a formula: what it shows goes with the cells that it refers to.
    headers = [column.header for column in sheet.spec.columns if not column.live and column.header in sheet.frame]
    for row, cells in zip(sheet.rows, sheet.frame[headers].to_numpy(dtype=object), strict=True):
        named = [name for name, cell in zip(headers, cells, strict=True) if _names(person, cell)]
        named += about(dict(zip(headers, cells, strict=True)), person)
        for name in dict.fromkeys((*named, SEEN)) if named else ():
            yield CellWrite(int(row), name, "")


def _names(person: Person, cell: object) -> bool:
    return isinstance(cell, str) and bool(cell) and person.mentioned(cell)
