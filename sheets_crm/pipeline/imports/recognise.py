"""Split a grid into blocks, each a header row and its rows, and recognise the step of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.messages import Problem
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.imports.answers import NO_ANSWERS, HeaderAnswers
from sheets_crm.pipeline.imports.formats import PEOPLE
from sheets_crm.pipeline.imports.keys import SITE, member_id
from sheets_crm.pipeline.imports.layout import (
    Layout,
    contact_list,
    fitting,
    forced,
    is_left_out,
    known_headers,
    not_fitting,
    short_of_minimum,
    two_steps,
    why_not,
)
from sheets_crm.pipeline.imports.text import header_key, shown
from sheets_crm.pipeline.imports.undecided import undecided
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.step_words import CONTACTS

Grid = Sequence[Sequence[str]]

PLAIN: Final = (LEAD_NUMBER, "@success", "@verified", "@replies", "@interest", "@status")
"""Targets whose cells mean the same as text, number or boolean: Sheets' conversion does no harm."""
TITLE_ROWS: Final = 2
LONGEST_HEADER: Final = 80
NAMING: Final = ("firstName", "lastName", "@full_name", "companyName_fromP")
"""Targets that identify somebody without any address: names, and last the company."""


@dataclass(frozen=True)
class Block:
    """One output in a grid: a header row and the rows under it.

    Attributes:
        step: ``export`` or the step whose output it is; None if not recognised.
        header: The header cells, padded to the widest row.
        rows: Text cells; columns 0 … n-1, the index is the 0-based row of the grid. Blank rows are left out.
        first_row: First row of the grid that the block covers (0-based), its header and a title above it included.
        last_row: Last row that it covers (0-based, inclusive).
        problem: The reason that it was not recognised, or None.
        doubtful: Cells (row of the grid, column) that Sheets had already turned into a number, date or boolean.
        layout: The position of each target, or None if not recognised.
    """

    step: str | None
    header: tuple[str, ...]
    rows: pd.DataFrame
    first_row: int
    last_row: int
    problem: Problem | None
    doubtful: tuple[tuple[int, int], ...]
    layout: Layout | None = field(default=None, repr=False)


@dataclass(slots=True)
class _Span:
    """Rows of the grid that belong together: titles from `first`, the header's row, the rows under it."""

    first: int
    header: int
    rows: list[int]


@dataclass(frozen=True, slots=True)
class _Rules:
    """How header rows are told from rows of cells."""

    schema: Schema
    step: str | None
    known: frozenset[str]
    answers: HeaderAnswers

    @classmethod
    def of(cls, schema: Schema, step: str | None, answers: HeaderAnswers) -> _Rules:
        """The rules of a workbook, for a step that an operator named."""
        return cls(schema, step, known_headers(schema) | answers.headers(), answers)

    def begins(
        self, row: Sequence[str], header: Sequence[str], *, gap: bool, filled: Collection[int] = ()
    ) -> bool:
        """Whether a row below a header begins another block.

        Args:
            row: Its cells.
            header: The header above.
            gap: Whether it follows a blank row.
            filled: Columns that the rows above fill.
        """
        if not could_be_header(row):
            # Rows of another output whose header was claimed before must not be merged under these columns.
            return gap and self.step is None and _beyond(row, header, filled)
        if _same_header(row, header):
            return True
        # With fewer than two known headers a row is data, unless it follows a gap and identifies nobody: then it is
        # taken for the header of an unknown block, so that the rows below it are reported and not merged.
        keys = [header_key(cell) for cell in row if cell.strip()]
        understood = sum(key in self.known for key in keys)
        if understood < 2:
            return gap and self.step is None and not self._names_somebody(row, header)
        mostly = understood * 2 >= len(keys)
        if self.step is not None:
            return mostly and forced(self.step, row, self.schema, self.answers) is not None
        return bool(fitting(row, self.schema, self.answers)) or (gap and mostly)

    def _names_somebody(self, row: Sequence[str], header: Sequence[str]) -> bool:
        """Whether a row without number or address identifies somebody: by a site, or by a name and a company."""
        if any(SITE.search(cell) for cell in row):
            return True
        places: dict[str, Sequence[int]] = {}
        for layout in fitting(header, self.schema, self.answers):
            places |= layout.column_index
        filled = {
            target
            for target in NAMING
            for place in places.get(target, ())
            if place < len(row) and row[place].strip()
        }
        return filled >= {NAMING[-1]} and len(filled) > 1

    def is_title(self, row: Sequence[str]) -> bool:
        """Whether a row could be a title: one cell, and not a known header."""
        filled = [cell for cell in row if cell.strip()]
        return len(filled) == 1 and header_key(filled[0]) not in self.known


def tables(
    grid: Sequence[Sequence[object]],
    schema: Schema,
    step: str | None = None,
    answers: HeaderAnswers = NO_ANSWERS,
) -> list[Block]:
    """The blocks of a file's table, which is one list unless every block in it is an output of its own.

    Args:
        grid: Rows of cells as read.
        schema: The workbook's columns and steps.
        step: As `blocks` has it.
        answers: What operators said that headers become.
    """
    from sheets_crm.pipeline.imports.contacts.list_head import header_row  # noqa: PLC0415 - a poll needs no words

    several = blocks(grid, schema, step, answers)
    if several and not any(block.problem for block in several):
        return several
    texts = [[shown(cell) for cell in row] for row in grid]
    header = header_row(texts)
    if header is None:
        return several
    filled = [place for place, row in enumerate(texts) if place > header and any(cell.strip() for cell in row)]
    rules = _Rules.of(schema, step, answers)
    one = _block(grid, texts, _Span(0, header, filled), rules)
    return several if one.problem else [one]


def blocks(
    grid: Sequence[Sequence[object]],
    schema: Schema,
    step: str | None = None,
    answers: HeaderAnswers = NO_ANSWERS,
) -> list[Block]:
    """The blocks of a grid, one below another, with or without blank rows between them.

    Every non-blank row is in exactly one block. A row that fits a format, or repeats the header above it, begins a
    block; up to two rows of one cell right above a header are its title. Rows before the first header, or after a
    blank row under unknown headers, are a block that is not recognised.

    Args:
        grid: Rows of cells as read; rows may be short.
        schema: The workbook's columns and steps.
        step: ``export`` or a step, if the operator named one; without it the header decides.
        answers: What operators said that headers become.
    """
    texts = [[shown(cell) for cell in row] for row in grid]
    rules = _Rules.of(schema, step, answers)
    return [_block(grid, texts, span, rules) for span in _spans(texts, rules)]


def _spans(texts: Grid, rules: _Rules) -> Iterator[_Span]:
    span: _Span | None = None
    gap = True
    filled: set[int] = set()
    for place, row in enumerate(texts):
        if not any(cell.strip() for cell in row):
            gap = True
            continue
        if span is None:
            span = _Span(place, place, [])
        elif rules.begins(row, texts[span.header], gap=gap, filled=filled):
            filled = set()
            first = _title_above(texts, span, place, rules)
            if first > span.first:
                span.rows = [each for each in span.rows if each < first]
                yield span
            span = _Span(first, place, [])
        else:
            span.rows.append(place)
            filled |= {n for n, cell in enumerate(row) if cell.strip()}
        gap = False
    if span is not None:
        yield span


def _title_above(texts: Grid, span: _Span, place: int, rules: _Rules) -> int:
    """The first of the title rows right above the header row at `place`, or `place` without any.

    A title stands at the beginning or after a blank row. Its rows were already collected into the span above, which
    gives them up.
    """
    first = place
    while first - 1 >= span.first and place - first < TITLE_ROWS and rules.is_title(texts[first - 1]):
        first -= 1
    alone = first == 0 or not any(cell.strip() for cell in texts[first - 1])
    return first if alone else place


def could_be_header(row: Sequence[str]) -> bool:
    """Whether every cell of a row could be a header: none is an address, a number, a member id or a long text."""
    return not any(
        cell
        and (
            cell.isdecimal()
            or len(cell) > LONGEST_HEADER
            or any(mark in cell for mark in ("@", "://", "linkedin.com/"))
            or member_id(cell)
        )
        for cell in row
    )


def _beyond(row: Sequence[str], header: Sequence[str], filled: Collection[int]) -> bool:
    """Whether a row fills a column without a header that no row above it fills either."""
    return any(
        cell.strip() and n not in filled and not (n < len(header) and header[n].strip())
        for n, cell in enumerate(row)
    )


def _same_header(row: Sequence[str], header: Sequence[str]) -> bool:
    filled = [header_key(cell) for cell in header if cell.strip()]
    return len(filled) > 1 and [header_key(cell) for cell in row if cell.strip()] == filled


def _block(grid: Sequence[Sequence[object]], texts: Grid, span: _Span, rules: _Rules) -> Block:
    span = _below_titles(texts, span, rules)
    covered = [span.header, *span.rows]
    width = max(_width(texts[place]) for place in covered)
    if width * len(covered) > CELLS_LIMIT:
        # Rows are padded to the widest one: a small file with one very wide row would exhaust memory.
        rows = pd.DataFrame(index=pd.Index([], dtype="int64"))
        large = Problem("too_large", value=f"{len(covered):,} x {width:,}")
        return Block(None, (), rows, span.first, covered[-1], large, ())
    header = tuple(_wide(texts[span.header], width))
    cells = [_wide(texts[place], width) for place in span.rows]
    rows = pd.DataFrame(cells, index=pd.Index(span.rows, dtype="int64"), columns=range(width), dtype=object)
    layout, problem = _recognise(header, cells, rules)
    plain = plain_columns(layout)
    doubtful = tuple(
        (place, column)
        for place in covered
        for column, cell in enumerate(grid[place])
        if cell is not None and not isinstance(cell, str) and column not in plain
    )
    name = None if layout is None else layout.format.step
    return Block(name, header, rows, span.first, covered[-1], problem, doubtful, layout)


def _below_titles(texts: Grid, span: _Span, rules: _Rules) -> _Span:
    """The span of a contact list without the titles above its header; any other span as it is."""
    from sheets_crm.pipeline.imports.contacts.list_head import header_row  # noqa: PLC0415 - a poll needs no words

    covered = [span.header, *span.rows]
    if rules.step not in {None, CONTACTS} or fitting(texts[span.header], rules.schema, rules.answers):
        return span
    place = header_row([texts[row] for row in covered]) or 0
    return _Span(span.first, covered[place], covered[place + 1 :]) if place else span


def plain_columns(layout: Layout | None) -> frozenset[int]:
    """The columns of `PLAIN` targets, whose cells are never doubtful."""
    places = {} if layout is None else layout.column_index
    return frozenset(place for target in PLAIN for place in places.get(target, ()))


def _width(row: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0)


def _wide(row: Sequence[str], width: int) -> list[str]:
    return [*row[:width], *[""] * (width - len(row))]


def _recognise(header: Sequence[str], cells: Grid, rules: _Rules) -> tuple[Layout | None, Problem | None]:
    schema, answers = rules.schema, rules.answers
    if rules.step == CONTACTS:
        layout = contact_list(header, cells, schema, answers)
        if layout is None:
            return None, short_of_minimum(header, cells)
    elif rules.step is not None:
        layout = forced(rules.step, header, schema, answers)
        if layout is None:
            return None, not_fitting(rules.step, header, schema)
    else:
        layouts = fitting(header, schema, answers)
        layouts = layouts or list(filter(None, (contact_list(header, cells, schema, answers),)))
        layouts = layouts or list(filter(None, (undecided(header, cells, schema),)))
        if len(layouts) != 1:
            return None, two_steps(layouts, header) if layouts else why_not(header, schema, cells, answers)
        layout = layouts[0]
    if is_left_out(layout.format.step, schema):
        steps = ", ".join((*PEOPLE, *(step.name for step in schema.steps)))
        return None, Problem("step_not_in_use", step=layout.format.step, steps=steps)
    twice = _twice(header, cells, layout)
    return (layout, None) if twice is None else (None, Problem("header_twice", column=twice))


def _twice(header: Sequence[str], cells: Grid, layout: Layout) -> str | None:
    """A used header that occurs twice over different cells, if there is one."""
    used = {place for places in layout.column_index.values() for place in places}
    first: dict[str, int] = {}
    for place, cell in enumerate(header):
        if place not in used:
            continue
        earlier = first.setdefault(header_key(cell), place)
        if earlier != place and any(row[earlier] != row[place] for row in cells):
            return cell
    return None
