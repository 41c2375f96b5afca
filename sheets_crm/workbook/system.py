"""The System tab: signals for a cheap poll, counters, and everything that a second worker has to know.

Column A holds keys, column B values or formulas, column C the hashes of erased people; from column D on stand the
spilling formulas of the signals that list rows, such as the LeadNumbers ticked in each input tab, and their rows.

A poll reads column B alone. The formula in B1 shows the layout's digest as long as column A holds the keys that the
worker knows, each in its row; when it does not, keys are read, too.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import Cell, CellIn, Formula, a1, column_letters, quoted
from sheets_crm.workbook.control import CRITERIA, ONLY, SEND_NOW, TAKE
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.panel import VALUE
from sheets_crm.workbook.roles import LEADS, PANEL, input_key
from sheets_crm.workbook.signals import LISTED, PREFIX, Rows, Signal, order
from sheets_crm.workbook.two_way.join import LISTED as LISTED_EDITS
from sheets_crm.workbook.two_way.join import SPILL_WIDTH, edited_rows, order_sum
from sheets_crm.workbook.two_way.rows import Spill, parse_spill

HASHES: Final = 2
FIRST_SPILL: Final = 3
GRID_ROWS: Final = LISTED + 20
HASHES_IN_A_CELL: Final = 1_000
"""A cell holds 50,000 characters, a hash and its blank 33."""
STORED: Final = (
    "version",
    "workbook_id",
    "sequence",
    "next_lead_number",
    "next_drop",
    "last_run_at",
    "heartbeat",
    "cells_used",
    "lead_days",
    "tabs_known",
    "drops_watched",
    "leads_known",
    "open_drop",
    "refusal",
    "salt",
    "last_day",
    "migrations",
    "modules",
    "kept_columns",
    "tabs_opened",
    "marked_blocks",
)


STORE_ID: Final = "store_id"
"""Key of the id of the store that may claim messages of the workbook."""
STORE_EPOCH: Final = "store_epoch"
"""Key of the epoch of the last write that claimed."""
CLAIMS: Final = "claims"
"""Key of what else is known of claims, as a record in JSON."""
OF_CLAIMS: Final = (STORE_ID, STORE_EPOCH, CLAIMS)
"""The keys of workbooks with a module that sends; they are kept while it is switched off."""

NEXT_BATCH: Final = "next_batch."
KEYS: Final = "keys"
"""Key of the text of all keys that a poll reads, which B1 compares with column A."""
LIVE: Final = (PREFIX, "feed.", KEYS)
"""Beginnings of the keys whose values follow from the layout: formulas, and the text of the keys."""
KEY_SEPARATOR: Final = "|"
HEADER: Final = "key"
"""The header of column A."""


MARKED_BLOCKS: Final = "marked_blocks"
"""Key of the blocks of import tabs that are marked as not understood, as a list in JSON."""
KEPT_COLUMNS: Final = "kept_columns"
"""Key of the columns of the Master that the workbook keeps of its imports, as a list in JSON."""


def kept_columns(state: SystemState) -> tuple[str, ...]:
    """The columns of the Master that a workbook keeps of its imports."""
    try:
        names = json.loads(state.text(KEPT_COLUMNS) or "[]")
    except ValueError:
        return ()
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()


def kept_record(names: Sequence[str]) -> str:
    """Kept columns as System records them."""
    return json.dumps(list(names), ensure_ascii=False) if names else ""


def steps_known(stored: Iterable[str]) -> tuple[str, ...]:
    """Names of the steps that a workbook was last set up with, from the keys of its System tab."""
    return tuple(key.removeprefix(NEXT_BATCH) for key in stored if key.startswith(NEXT_BATCH))


NEXT_KEY: Final = "next_key."
"""Beginning of the key of the number that the next row of a two-way table gets."""
KEPT: Final = "kept."
"""Beginning of the key of a stored value that is kept while what it belongs to is out of use; below all other keys."""
HOLD: Final = "hold."
"""Beginning of the key that says why the edits of a two-way table wait for `confirm`."""


def stored_keys(schema: Schema, tables: Sequence[TabSpec] = ()) -> tuple[str, ...]:
    """The keys of stored values in order: the first ones of column A."""
    steps = [step.name for step in schema.steps]
    return (
        *STORED,
        *(OF_CLAIMS if schema.claims else ()),
        *(f"{NEXT_BATCH}{name}" for name in steps),
        *(f"open_batch.{name}" for name in steps),
        *(f"{NEXT_KEY}{spec.key}" for spec in tables if spec.by_key),
        *(f"{HOLD}{spec.key}" for spec in tables if spec.by_key),
    )


RUNWAY: Final = (*(f"feed.day.{n}" for n in range(7)), "feed.week", "feed.rest", "feed.mean")
"""The keys of the runway's formulas."""


def ordered_tabs(schema: Schema) -> tuple[str, ...]:
    """The keys of the tabs of leads of which a signal shows the order of rows."""
    return (LEADS, *(input_key(step) for step in schema.steps))


def _of_step(step: Step) -> tuple[Signal, ...]:
    """The signals over a step's rows of Control; how many leads to take asks for nothing by itself.

    With criteria, what to take is a text: so a poll sees that they changed, and an incremental read that any row of the
    input tab may be taken.
    """

    def take(where: Addresses, panel: Rows) -> str:
        cell = where.cell(PANEL, panel[f"step.{step.name}"], TAKE)
        only = [where.cell(PANEL, panel[f"{ONLY}{step.name}"], VALUE + n) for n in range(len(CRITERIA))]
        joined = '&" · "&'.join((cell, *only))
        return f"=IF(COUNTA({';'.join(only)})=0;{cell};{joined})"

    def send_now(where: Addresses, panel: Rows) -> str:
        return f"={where.cell(PANEL, panel[f'step.{step.name}'], SEND_NOW)}"

    return Signal(f"take.{step.name}", take, asks=False), Signal(f"send_now.{step.name}", send_now)


def _of_panel(name: str) -> Signal:
    return Signal(name, lambda where, panel: f"={where.cell(PANEL, panel[name], VALUE)}")


def _signals(schema: Schema, specs: Sequence[TabSpec]) -> Iterator[Signal]:
    """Every signal in the order of System: of the steps, of Control, those that tabs declare, those of moved rows."""
    declared = {spec.key: spec.signals for spec in specs}
    for step in schema.steps:
        yield from (*declared.pop(input_key(step), ()), *_of_step(step))
    yield from map(_of_panel, ("confirm", "sync_now"))
    yield from itertools.chain.from_iterable(declared.values())
    yield Signal("sheets", lambda _where, _panel: "=SHEETS()", asks=False)  # compared with a stored number
    yield from map(order, ordered_tabs(schema))


@dataclass(frozen=True, slots=True)
class SystemLayout:
    """What stands where in System: its keys, its signals, its spilling formulas.

    Attributes:
        schema: Columns and steps.
        signals: The signals in order.
        tables: The two-way tables: each has a count of its edited rows and a spill, and those into which operators type
            rows (`typed`) an order sum.
        keys: The keys of column A in order, without the header row.
        polled_keys: The first of them, which a poll reads: all but those that only the Dashboard's formulas use.
    """

    schema: Schema
    signals: tuple[Signal, ...]
    tables: tuple[TabSpec, ...] = ()
    keys: tuple[str, ...] = field(init=False)
    polled_keys: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        names = tuple(signal.key for signal in self.signals)
        of_tables = (
            key
            for spec in self.tables
            for key in (edits_key(spec.key), *([order_key(spec.key)] if spec.by_key else []))
        )
        object.__setattr__(self, "polled_keys", (*self.stored, *names, *of_tables))
        object.__setattr__(self, "keys", (*self.polled_keys, *(RUNWAY if self.schema.sending else ()), KEYS))

    @classmethod
    def of(cls, schema: Schema, specs: Sequence[TabSpec]) -> SystemLayout:
        """The System of a workbook with these tabs; what a tab's signals need, its declaration has.

        Raises:
            ValueError: Two signals have the same name.
        """
        signals = tuple(_signals(schema, specs))
        names = [signal.name for signal in signals]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two signals have the same name: {', '.join(twice)}")
        return cls(schema, signals, tuple(spec for spec in specs if spec.two_way))

    @property
    def typed(self) -> tuple[TabSpec, ...]:
        """The two-way tables into which operators type rows."""
        return tuple(spec for spec in self.tables if spec.by_key)

    @property
    def stored(self) -> tuple[str, ...]:
        """The keys of stored values in order: the first ones of column A."""
        return stored_keys(self.schema, self.tables)

    @property
    def first_edits(self) -> int:
        """The 0-based column of the first spill of edited rows: they stand right of all others."""
        return FIRST_SPILL + sum(len(signal.lists) for signal in self.signals)

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.first_edits + SPILL_WIDTH * len(self.tables)

    def _edits_column(self, key: str) -> int:
        return self.first_edits + SPILL_WIDTH * [spec.key for spec in self.tables].index(key)

    def edits_range(self, title: str, key: str) -> str:
        """The A1 range of the spill of a two-way table's edited rows."""
        return a1(title, 1, self._edits_column(key), LISTED_EDITS + 1, SPILL_WIDTH)

    def row(self, key: str) -> int:
        """The 0-based grid row of a key.

        Raises:
            ValueError: There is no such key.
        """
        return 1 + self.keys.index(key)

    @property
    def keys_text(self) -> str:
        """Column A down to the last key that a poll reads, as one text."""
        return KEY_SEPARATOR.join((HEADER, *self.polled_keys))

    @property
    def digest(self) -> str:
        """What B1 shows while every key stands in its row."""
        return hashlib.sha256(self.keys_text.encode()).hexdigest()[:10]

    @property
    def keys_formula(self) -> Formula:
        """The formula of B1: the digest when column A holds the keys in order, else blank.

        It begins in row 1: a range that began in row 2 would begin in row 3 once somebody inserts a row above the keys.
        """
        block, text = f"$A$1:$A${len(self.polled_keys) + 1}", f"$B${self.row(KEYS) + 1}"
        return Formula(f'=IF(EXACT(TEXTJOIN("{KEY_SEPARATOR}";FALSE;{block});{text});"{self.digest}";"")')

    def polled_ranges(self, title: str) -> list[str]:
        """The A1 ranges of a poll: values, then the columns beside them to the end of the grid.

        The server leaves out empty cells at the ends.
        """
        last = column_letters(self.width - 1)
        values = f"B1:B{len(self.polled_keys) + 1}"
        return [f"{quoted(title)}!{values}", f"{quoted(title)}!{column_letters(HASHES)}2:{last}{GRID_ROWS}"]

    def keys_range(self, title: str) -> str:
        """The A1 range of the keys beside the values of a poll."""
        return f"{quoted(title)}!A1:A{len(self.polled_keys) + 1}"

    def keys_in_place(self, values: Sequence[Sequence[Cell]]) -> bool:
        """Whether the values of a poll stand beside the keys that this layout has, each in its row."""
        return bool(values) and list(values[0]) == [self.digest]

    def parse_polled(
        self,
        values: Sequence[Sequence[Cell]],
        beside: Sequence[Sequence[Cell]],
        keys: Sequence[Sequence[Cell]] | None = None,
    ) -> SystemState:
        """The state of System from the cells of `polled_ranges`, and those of `keys_range` if they were read."""
        column = [(), *((key,) for key in self.polled_keys)] if keys is None else keys
        rows = itertools.zip_longest(column, values, [(), *beside], fillvalue=())
        return self.parse([[*(key or ("",)), *(value or ("",)), *right] for key, value, right in rows])

    def proof_ranges(self, title: str) -> list[str]:
        """The A1 ranges of what proves that nothing moved: the guard's number, the orders, what two-way tables show."""
        number, first = self.row("sequence") + 1, self._first_order + 1
        last = len(self.polled_keys) + 1
        return [f"{quoted(title)}!A{number}:B{number}", f"{quoted(title)}!A{first}:B{last}"]

    def parse_proofs(self, answers: Sequence[Sequence[Sequence[Cell]]]) -> SystemState:
        """The state of System from the cells of `proof_ranges`; a key that no longer stands there has no value."""
        return self.parse([[], *itertools.chain.from_iterable(answers)])

    @property
    def _first_order(self) -> int:
        """The 0-based grid row of the first signal of order; the others follow it, then those of two-way tables."""
        return self.row(f"{PREFIX}order.{ordered_tabs(self.schema)[0]}")

    def formulas(self, where: Addresses, panel: Rows) -> dict[str, Formula]:
        """The formulas of column B by key.

        Args:
            where: Titles and columns of the tabs.
            panel: The 0-based row of each id of Control.
        """
        texts = {signal.key: signal.formula(where, panel) for signal in self.signals}
        texts |= dict(_runway(self, where, panel))
        formulas = {key: Formula(text) for key, text in texts.items()}
        for spec in self.tables:
            formulas[edits_key(spec.key)] = Formula(f"=${column_letters(self._edits_column(spec.key))}$2")
            if spec.by_key:
                formulas[order_key(spec.key)] = order_sum(spec, where)
        return formulas

    def spills(self, where: Addresses) -> list[CellIn]:
        """Row 2 from column D on: the formulas that list the rows which signals count."""
        listing: list[CellIn] = [
            Formula(f'=IF(OR({count}=0;{count}>{signal.most});"";{spill(where)})')
            for signal in self.signals
            for count in (f"$B${self.row(signal.key) + 1}",)
            for spill in signal.lists
        ]
        for spec in self.tables:
            listing += [edited_rows(spec, where), *[""] * (SPILL_WIDTH - 1)]
        return listing

    def parse(self, cells: Sequence[Sequence[Cell]]) -> SystemState:
        """The state of System from its cells (from A1)."""
        body = cells[1:]
        values = {str(row[0]): row[1] if len(row) > 1 else "" for row in body if row and row[0] != ""}
        keyed = [n for n, row in enumerate(body) if row and row[0] != ""]
        kept = {key.removeprefix(KEPT): values.pop(key) for key in tuple(values) if key.startswith(KEPT)}
        hashes = {n: str(row[2]).split() for n, row in enumerate(body, start=1) if len(row) > 2 and row[2] != ""}
        erased = tuple(digest for digests in hashes.values() for digest in digests)
        end = max(hashes, default=0) + 1
        gap = keyed != list(range(len(keyed)))
        return SystemState(values, erased, end, self._listed(body), self._edits(body), kept, gap)

    def _edits(self, body: Sequence[Sequence[Cell]]) -> dict[str, Spill]:
        columns = {spec.key: self._edits_column(spec.key) for spec in self.tables}
        return {
            key: parse_spill([row[column : column + SPILL_WIDTH] for row in body])
            for key, column in columns.items()
        }

    def _listed(self, body: Sequence[Sequence[Cell]]) -> dict[str, tuple[tuple[Cell, ...], ...]]:
        listed, column = {}, FIRST_SPILL
        for signal in self.signals:
            if signal.lists:
                end = column + len(signal.lists)
                listed[signal.name] = tuple(_spilled(body, n) for n in range(column, end))
                column = end
        return listed


def edits_key(key: str) -> str:
    """The key of the count of a two-way table's edited rows."""
    return f"{PREFIX}edits.{key}"


def order_key(key: str) -> str:
    """The key of a two-way table's order sum."""
    return f"{PREFIX}order.{key}"


def _spilled(body: Sequence[Sequence[Cell]], column: int) -> tuple[Cell, ...]:
    """What a formula of row 2 spills: the cells of its column down to the last that is not blank."""
    cells = [row[column] if len(row) > column else "" for row in body]
    height = max((n for n, cell in enumerate(cells, start=1) if cell != ""), default=0)
    return tuple(cells[:height])


def _runway(layout: SystemLayout, where: Addresses, panel: Rows) -> Iterator[tuple[str, str]]:
    """The runway's formulas: running sums of the schedule over seven days, full weeks, the remainder, the daily mean.

    Key and formula of each; every sum refers to the one before.
    """
    sending_step = layout.schema.sending
    if sending_step is None:
        return
    first, last = panel["schedule.0"], panel["schedule.6"]
    days = f"{where.cell(PANEL, first, VALUE)}:{where.cell(PANEL, last, VALUE).split('!')[1]}"
    cell = {key: f"$B${row + 2}" for row, key in enumerate(layout.keys)}
    ready = f"COUNT({where.column(input_key(sending_step), LEAD_NUMBER)})"
    previous = ""
    for n in range(7):
        # A cell that is not a number above 0 counts as 0, as it does when Control is read.
        today = f"MAX(0;N(INDEX({days};WEEKDAY(TODAY()+{n};2))))"
        yield f"feed.day.{n}", f"={previous}{today}"
        previous = f"{cell[f'feed.day.{n}']}+"
    week = cell["feed.day.6"]
    yield "feed.week", f'=IF({week}=0;"";IF({ready}=0;0;INT(({ready}-1)/{week})))'
    yield "feed.rest", f'=IF({week}=0;"";{ready}-{cell["feed.week"]}*{week})'
    sending = f'COUNTIF({days};">0")'
    yield "feed.mean", f'=IF({sending}=0;0;SUMIF({days};">0")/{sending})'


@dataclass(frozen=True, slots=True)
class SystemState:
    """The state of System, as read.

    Attributes:
        cells: Column B by key.
        erased: Keyed hashes of people who must not come back.
        erased_end: 0-based grid row below the last of them.
        listed: What the spilling formulas of each signal list, by its name: columns, the first of keys; empty when
            the signal counts more than its `Signal.most`.
        edits: The edited rows of each two-way table, by its key.
        kept: Stored values of what is out of use, by the key that they have in use.
        gap: Whether a row without a key stands above one that has one: somebody inserted a row, or cleared a key.
    """

    cells: Mapping[str, Cell] = field(default_factory=dict)
    erased: tuple[str, ...] = ()
    erased_end: int = 1
    listed: Mapping[str, tuple[tuple[Cell, ...], ...]] = field(default_factory=dict)
    edits: Mapping[str, Spill] = field(default_factory=dict)
    kept: Mapping[str, Cell] = field(default_factory=dict)
    gap: bool = False

    def number(self, key: str, default: int = 0) -> int:
        """A stored whole number."""
        cell = self.cells.get(key, "")
        return int(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else default

    def text(self, key: str) -> str:
        """A stored text."""
        return str(self.cells.get(key, ""))

    def record(self, key: str) -> dict[str, Any]:
        """A stored record (JSON); empty when the cell is blank or holds something else."""
        try:
            record = json.loads(self.text(key) or "{}")
        except ValueError:
            return {}
        return record if isinstance(record, dict) else {}

    def signal(self, name: str) -> Cell:
        """The cell of a signal."""
        return self.cells.get(f"{PREFIX}{name}", "")

    def asks(self, name: str) -> bool:
        """Whether a signal asks for a run; a broken formula does, so that a run reports it."""
        return self.signal(name) not in {0, ""}

    def keys_listed(self, name: str) -> tuple[int, ...]:
        """The whole numbers in the first column that a signal lists, such as LeadNumbers, in row order."""
        columns = self.listed.get(name, ((),))
        return tuple(int(cell) for cell in columns[0] if isinstance(cell, int | float))
