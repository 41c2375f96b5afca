"""What a workbook has said about headers of imports, for files that are recognised before any run reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheets_crm.engine.reading import managed
from sheets_crm.features.headers import answers_of, kept_of, spec
from sheets_crm.pipeline.imports.answers import NO_ANSWERS, HeaderAnswers
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.cells import Cell, quoted
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.sheet import read_sheet
from sheets_crm.workbook.system import KEPT_COLUMNS, SystemState
from sheets_crm.workbook.tabs import HEADERS, SYSTEM

if TYPE_CHECKING:
    from sheets_crm.operations.context import Context


@dataclass(frozen=True, slots=True)
class AnsweredHeaders:
    """What a workbook has said.

    Attributes:
        schema: Its columns and steps, with the columns that it keeps or is asked to keep.
        answers: What headers become.
        title: What its tab of headers is called; "" when it has none yet.
    """

    schema: Schema
    answers: HeaderAnswers = NO_ANSWERS
    title: str = ""


def answered_headers(context: Context, *, asked_too: bool = True) -> AnsweredHeaders:
    """Read what the workbook has said, in two requests.

    Args:
        context: The workbook.
        asked_too: Count the columns that are asked for and not made yet: the next run makes them.
    """
    tabs = managed(context.gateway.info())
    if HEADERS not in tabs or SYSTEM not in tabs:
        return AnsweredHeaders(context.settings.schema)
    ranges = [f"{quoted(tabs[SYSTEM].title)}!A1:B60", quoted(tabs[HEADERS].title)]
    system, cells = context.gateway.values(ranges)
    kept = next((str(row[1]) for row in system if len(row) > 1 and row[0] == KEPT_COLUMNS), "")
    settings = context.settings.of_workbook(SystemState({KEPT_COLUMNS: kept}))
    declared, language = spec(settings.schema), settings.language
    sheet = read_sheet(declared, tabs[HEADERS], cells)
    records: list[dict[str, Cell]] = [
        {str(name): cell for name, cell in row.items()} for row in sheet.frame.to_dict("records")
    ]
    records += _without_key(cells, sheet.column_index, sheet.unkeyed)
    if asked_too:
        settings = settings.keeping((*settings.schema.kept, *kept_of(records, settings.schema, settings.language)))
    return AnsweredHeaders(settings.schema, answers_of(records, settings.schema, language), tabs[HEADERS].title)


def _without_key(cells: Rows, places: dict[str, int], rows: tuple[int, ...]) -> list[dict[str, Cell]]:
    """The rows that somebody typed just now: the next run gives them their key."""
    return [
        {name: cells[row][place] if place < len(cells[row]) else "" for name, place in places.items()}
        for row in rows
    ]
