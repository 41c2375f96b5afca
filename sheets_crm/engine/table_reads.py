"""Two-way tables as a run reads them: which edits may count, what is read of each table, and the edited rows.

A poll lists the edited rows of each table with their joins. The run reads those rows and, in the same request, the
lists once more: a row counts when it is still what the poll showed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sheets_crm.messages import said
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.plan.compiler import runs
from sheets_crm.workbook.cells import Cell, column_letters, quoted
from sheets_crm.workbook.declaration import PROBLEM, SEEN, TabSpec
from sheets_crm.workbook.info import Rows, TabInfo
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.system import HOLD, SystemState, order_key
from sheets_crm.workbook.two_way.join import SEPARATOR, order_value
from sheets_crm.workbook.two_way.rows import KeyedRow, ReadRow, Spill, copies, read_rows
from sheets_crm.workbook.two_way.seen import parse_seen, plain_join, seen_of

KEYS: Final = "keys"
"""Name of the range of a table's keys; those of rows are their 1-based first rows."""
TOLD_BY_SEEN: Final = 5_000
"""Most rows of a table of which the `_seen` are read beside the keys: of more they would be too much to read."""
SPANS: Final = 60
"""Up to so many runs of adjacent rows are read one by one; of more, the nearest are read as one."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What the polls before a run showed of the two-way tables.

    Attributes:
        still: The joins of the rows that have stood still, by table and 0-based grid row.
        unstable: Rows that have kept changing for ten minutes, by table.
        orders: The order sum of each table as this worker last saw it.
        whole: Tables that are read whole, because their rows are going to be changed.
        everything: Tables with more edited rows than a poll lists, or a list that shows an error.
        key_columns: The 0-based column of each table's keys as this worker last saw it.
    """

    still: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    unstable: Mapping[str, frozenset[int]] = field(default_factory=dict)
    orders: Mapping[str, Cell] = field(default_factory=dict)
    whole: Collection[str] = frozenset()
    everything: Collection[str] = frozenset()
    key_columns: Mapping[str, int] = field(default_factory=dict)

    def rows(self, key: str) -> frozenset[int]:
        """The rows of a table that are read."""
        return frozenset(self.still.get(key, ())) | self.unstable.get(key, frozenset())

    def asks(self, key: str) -> bool:
        """Whether a table has rows whose edits may count."""
        return bool(self.rows(key)) or key in self.everything

    def reads_whole(self, key: str, state: SystemState) -> str:
        """Why a table is read whole; "" when its edited rows are enough."""
        if key in self.whole:
            return said("why.changed")
        if key in self.everything:
            return said("why.listed")
        return said("why.moved") if state.cells.get(order_key(key)) != self.orders.get(key) else ""


@dataclass(frozen=True, slots=True)
class TableRead:
    """A two-way table as read.

    Attributes:
        spec: Its declaration.
        tab: The tab.
        column_index: 0-based grid column of each declared header.
        rows: The rows whose edits count by now, and those whose key stands twice.
        keys: The keys of all its rows from the top down; empty when the edited rows alone were read.
        count: How many rows differ, standing still or not.
        unstable: Key of each row that has kept changing for ten minutes, by 0-based grid row.
        waiting: Keys of the rows whose edits do not count yet.
        broken: Whether the list of its edited rows shows an error.
        cells: All its cells from A1, when it was read whole.
        header: The texts of row 1.
        grid: The cells of `rows` as received, own columns too, by 0-based grid row.
        acts: The acts that an earlier write of the run has left of a row, by 0-based grid row.
        names: As `Sheet.names`.
        seen: The `_seen` of each of the rows of `keys`; empty when they were not read.
    """

    spec: TabSpec
    tab: TabInfo
    column_index: Mapping[str, int]
    rows: tuple[ReadRow, ...] = ()
    keys: tuple[str, ...] = ()
    count: int = 0
    unstable: Mapping[int, str] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    broken: bool = False
    cells: Rows = field(default_factory=list)
    header: tuple[str, ...] = ()
    grid: Mapping[int, Sequence[Cell]] = field(default_factory=dict)
    acts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    seen: tuple[str, ...] = ()

    @property
    def named(self) -> TabSpec:
        """Its declaration with the headers that stand in the sheet, for messages."""
        columns = tuple(replace(one, es=self.names.get(one.header, one.es)) for one in self.spec.columns)
        return replace(self.spec, columns=columns) if self.names else self.spec

    def pushed(self, count: int) -> TableRead:
        """The same rows of a closed table once so many others stand above them."""
        return replace(
            self,
            rows=tuple(replace(one, row=one.row + count) for one in self.rows),
            unstable={row + count: key for row, key in self.unstable.items()},
            grid={row + count: cells for row, cells in self.grid.items()},
            acts={row + count: acts for row, acts in self.acts.items()},
        )


def edited_ranges(key: str, tab: TabInfo, edited: Edited) -> Iterator[tuple[str, str]]:
    """The ranges by which the edited rows of a table are read, each by its name.

    They are the header row, the rows, and the keys of all rows when one is going to get a key: should it be written
    beside another row's cells, because somebody sorts the table in that second, that row's key can be told by them.
    Should that happen to several, it can be told by their `_seen`, which stand to the right of the keys.
    """
    yield "1", f"{quoted(tab.title)}!1:1"
    rows, column = edited.rows(key), edited.key_columns.get(key)
    if column is not None and any(join.startswith(SEPARATOR) for join in edited.still.get(key, {}).values()):
        last = column_letters(column + (tab.rows <= TOLD_BY_SEEN))
        yield KEYS, f"{quoted(tab.title)}!{column_letters(column)}1:{last}"
    for start, end in _spans(sorted(rows)):
        yield str(start + 1), f"{quoted(tab.title)}!{start + 1}:{end}"


def _spans(rows: Sequence[int]) -> list[tuple[int, int]]:
    spans = runs(rows)
    while len(spans) > SPANS:
        nearest = min(range(len(spans) - 1), key=lambda n: spans[n + 1][0] - spans[n][1])
        spans[nearest : nearest + 2] = [(spans[nearest][0], spans[nearest + 1][1])]
    return spans


def read_of_rows(header: Sheet, spill: Spill, edited: Edited, ranges: Mapping[str, Rows]) -> TableRead:
    """A table of which the edited rows were read.

    Args:
        header: The table with no rows: its columns.
        spill: The list of edited rows in that very read.
        edited: What the polls showed.
        ranges: The cells of `edited_ranges` by their names.
    """
    of_rows = {int(name) - 1: rows for name, rows in ranges.items() if name not in {"1", KEYS}}
    grid = {first + n: row for first, rows in of_rows.items() for n, row in enumerate(rows)}
    place = header.column_index[header.spec.key_column]
    column = ranges.get(KEYS, [])[1:] if place == edited.key_columns.get(header.spec.key) else []
    keyed = [row for row in column if row and row[0] != ""]
    read = _read(header, spill, edited, grid, tuple(shown(row[0]) for row in keyed))
    told = header.tab.rows <= TOLD_BY_SEEN and header.column_index[SEEN] == place + 1
    return replace(read, seen=tuple(shown(_at(row, 1)) for row in keyed)) if told else read


def read_of_table(sheet: Sheet, spill: Spill, edited: Edited, cells: Rows) -> TableRead:
    """A table that was read whole."""
    grid = dict(enumerate(cells[1:], start=1))
    key_column, seen_column = sheet.column_index[sheet.spec.key_column], sheet.column_index[SEEN]
    keys = {row: key for row, cells_ in grid.items() if (key := shown(_at(cells_, key_column)))}
    every = Spill(spill.count, _joins(sheet, grid)) if not spill.complete else spill
    keyed = [
        KeyedRow(row, key, shown(_at(grid[row], seen_column)), row in every.joins) for row, key in keys.items()
    ]
    repeated = {keys[row] for row in copies(keyed)}
    doubled = {
        row: parse_seen(shown(_at(grid[row], seen_column))).join for row, key in keys.items() if key in repeated
    }
    # A copy that nobody has edited yet is in no list: its join is what its `_seen` says.
    listed = Spill(every.count, {**{row: join for row, join in doubled.items() if join}, **every.joins})
    read = _read(sheet, listed, edited, grid, tuple(keys.values()), frozenset(doubled) - every.joins.keys())
    seen = tuple(row.seen for row in keyed) if len(keyed) <= TOLD_BY_SEEN else ()
    return replace(read, cells=cells, seen=seen)


def read_of_closed(sheet: Sheet, spill: Spill, edited: Edited) -> TableRead:
    """A closed table that was read whole: its edited rows."""
    names, row_of = list(sheet.frame.columns), {int(row): n for n, row in enumerate(sheet.rows)}
    wanted = [row for row in spill.joins if row in row_of] if spill.complete else list(row_of)
    blank: list[Cell] = [""] * (1 + max(sheet.column_index.values()))
    grid: dict[int, list[Cell]] = {}
    for row in wanted:
        cells = grid[row] = list(blank)
        cells[sheet.column_index[sheet.spec.key_column]] = sheet.frame.index[row_of[row]]
        for name, cell in zip(names, sheet.frame.iloc[row_of[row]], strict=True):
            cells[sheet.column_index[str(name)]] = cell
    listed = spill if spill.complete else Spill(spill.count, _joins(sheet, grid))
    return _read(sheet, listed, edited, grid, ())


def _joins(sheet: Sheet, grid: Mapping[int, Sequence[Cell]]) -> dict[int, str]:
    """The joins of all edited rows, made here because the formula does not list them all.

    Of few rows the formula's join is another: they count as edited once more, and nothing will have changed.
    """
    joins = {}
    for row, cells in grid.items():
        by_header = {header: _at(cells, column) for header, column in sheet.column_index.items()}
        key = by_header[sheet.spec.key_column]
        join = plain_join(sheet.spec, key, by_header)
        if join != seen_of(sheet.spec, shown(key), shown(by_header[SEEN])).join:
            joins[row] = join
    return joins


def _read(
    sheet: Sheet,
    spill: Spill,
    edited: Edited,
    grid: Mapping[int, Sequence[Cell]],
    keys: tuple[str, ...],
    unlisted: frozenset[int] = frozenset(),
) -> TableRead:
    key, still = sheet.spec.key, edited.still.get(sheet.spec.key, {})
    counting = {
        row: join
        for row, join in spill.joins.items()
        if row in unlisted or still.get(row) == join or key in edited.everything
    }
    cells = {
        row: {header: _at(grid[row], column) for header, column in sheet.column_index.items()}
        for row in counting
        if row in grid
    }
    unstable = {row: "" for row in edited.unstable.get(key, ()) if row in grid}
    unstable = {row: shown(_at(grid[row], sheet.column_index[sheet.spec.key_column])) for row in unstable}
    rows = read_rows(sheet.spec, Spill(len(counting), counting), cells)
    waiting = frozenset(parse_seen(join).key for row, join in spill.joins.items() if row not in counting)
    return TableRead(
        sheet.spec,
        sheet.tab,
        sheet.column_index,
        rows,
        keys,
        spill.count,
        unstable,
        waiting,
        broken=spill.count < 0,
        header=sheet.header,
        names=sheet.names,
        grid={row: grid[row] for row in counting if row in grid},
    )


def _at(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if len(row) > column else ""


def row_problems(sheet: Sheet) -> dict[str, tuple[int, str]]:
    """The rows of a table that have a text in `problem`: 0-based grid row and text by key."""
    texts = sheet.frame[PROBLEM].to_numpy(dtype=object)
    return {
        shown(key): (int(row), shown(text))
        for key, row, text in zip(sheet.frame.index, sheet.rows, texts, strict=True)
        if text != ""
    }


def orders_of(state: SystemState, keys: Collection[str]) -> dict[str, Cell]:
    """The order sums of two-way tables in a read."""
    return {key: state.cells.get(order_key(key), "") for key in keys}


def order_of(sheet: Sheet) -> int:
    """The order sum of a table that is known whole."""
    return sum(
        order_value(sheet.spec, key) * (int(row) + 1)
        for key, row in zip(sheet.frame.index, sheet.rows, strict=True)
    )


def held(state: SystemState, key: str) -> str:
    """Why the edits of a table wait for `confirm`; "" when they do not."""
    return state.text(f"{HOLD}{key}")
