"""How a tab is declared: its columns, the owner of each cell, how it is read, how it is shown.

A declaration is data. Set-up, drop-downs, protection, reading, defaults, ids and problems follow from it; a feature
(`sheets_crm.features`) adds what only it knows: what its cells ask for, and what its rows should be.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from sheets_crm.pipeline.columns import LEAD_NUMBER, Cell, Kind
from sheets_crm.workbook.signals import Signal


class Owner(enum.Enum):
    """Who decides what stands in a cell.

    A shared cell belongs to both: the worker writes it only in a row whose operators' cells are as it last saw them,
    and what an operator writes later wins.
    """

    WORKER = "worker"
    OPERATOR = "operator"
    SHARED = "shared"


class Tick(enum.Enum):
    """What a checkbox means: a state stays as it is set, an act is obeyed once and taken back."""

    STATE = "state"
    ACT = "act"


class ReadPolicy(enum.Enum):
    """What an incremental read reads of a tab; a full read reads every tab but those with `NEVER`.

    Attributes:
        WHOLE: All of it: small tabs that operators edit.
        BY_KEY: Of a two-way table the edited rows alone, and its keys; nothing while no row is edited.
        LEADS: Its rows show leads, whose cells the lead cache has. Of the operators' columns the rows are read that a
            signal of the tab lists, or all rows while a signal that lists none asks.
        END: Header and first column: enough to append rows.
        ASKED: All of it, when its signal asks for it or rows are going to be merged.
        MERGING: All of it, when rows are going to be merged: what only their merging looks at or adds to.
        RESULTS: Formulas alone, of which the results are compared with what the worker counts.
        NEVER: Nothing; the worker does not depend on its cells.
    """

    WHOLE = "whole"
    BY_KEY = "by key"
    LEADS = "leads"
    END = "end"
    ASKED = "asked"
    MERGING = "merging"
    RESULTS = "results"
    NEVER = "never"


class Group(enum.Enum):
    """The group of tabs under which Control lists a tab."""

    TODAY = "today"
    PROSPECTING = "prospecting"
    OUTREACH = "outreach"
    SALES = "sales"
    SETUP = "setup"


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value of a column: its id, and its name in both languages.

    Attributes:
        id: The English id, which the store and the command line use.
        es: Its Spanish name; the id when blank.
        en: Its English name; the id when blank.
    """

    id: str
    es: str = ""
    en: str = ""

    def name(self, language: str) -> str:
        """The name that a cell shows in a language ("es" or "en")."""
        return (self.es if language == "es" else self.en) or self.id


@dataclass(frozen=True, slots=True)
class Waits:
    """Which rows of a table wait for somebody: the first screen has a line with their number.

    Attributes:
        header: The column that tells.
        value: What it holds then; the id of a choice.
        code: The message of the line, with the placeholder ``count``.
    """

    header: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class TabColumn:
    """A column of a table tab.

    Attributes:
        header: Its header, which is its id.
        kind: Type of its cells.
        owner: Who decides what stands in its cells; what operators own the worker writes once, in a new row.
        tick: What a tick in it means, if its cells are checkboxes.
        width: Pixels.
        live: Its cells are formulas: the worker writes them once, when it appends the row.
        es: The header that a Spanish workbook shows; the id when blank. Both are understood.
        choices: Its allowed values; any value when empty.
        default: What a new row's blank cell gets.
        required: A row without it is not complete, and is not acted on.
        hidden: The column is hidden.
    """

    header: str
    kind: Kind = Kind.TEXT
    owner: Owner = Owner.WORKER
    tick: Tick | None = None
    width: int = 120
    live: bool = False
    es: str = ""
    choices: tuple[Choice, ...] = ()
    default: Cell = ""
    required: bool = False
    hidden: bool = False

    @property
    def operator(self) -> bool:
        """Whether operators write its cells."""
        return self.owner is not Owner.WORKER

    @property
    def checkbox(self) -> bool:
        """Whether its cells are checkboxes."""
        return self.tick is not None and self.kind is Kind.FLAG

    def name(self, language: str) -> str:
        """The header that a workbook of a language shows."""
        return self.es if language == "es" and self.es else self.header


@dataclass(frozen=True, slots=True)
class TabSpec:
    """A tab of the workbook.

    Attributes:
        key: Its role, which its mark holds; people may change the title, not this.
        title: The title it is created with, in English.
        columns: Its columns, if it is a table with the header in row 1.
        key_column: Header of the column that identifies its rows.
        hidden: Created hidden.
        free: Operators may write anywhere in it.
        colour: Colour of the tab, 0xRRGGBB.
        frozen_columns: Columns kept in view at the left.
        policy: What an incremental read reads of it.
        results: A1 range of the results to read, without the title, of a tab with `ReadPolicy.RESULTS`.
        signals: Formulas of System by which a poll sees what operators ask for in it.
        two_way: Operators type and edit rows, and the worker sees each edit (`sheets_crm.workbook.two_way`).
        letter: First letter of the keys that the worker gives to rows of a two-way table, as in ``S-0001``.
        es: The title that a Spanish workbook shows; `title` when blank.
        group: The group under which Control lists it.
        rare: Hidden in a new workbook until somebody ticks `show` on Control.
        module: Name of the module that it belongs to; "" for the core.
        first_rows: The rows of a new tab, from the first column on; of a two-way table with their keys, choices as ids.
        classic: A two-way table that looks and is protected like the tabs around it, its own columns hidden.
        closed: A two-way table whose rows are the worker's alone: operators edit cells of them and type none.
        needed_by_imports: A two-way table that is read whole when rows are going to be merged: they are judged by it.
        newest_first: The worker's new rows come right below the header.
        waits: Which of its rows the first screen counts; None for none.
        first_order: Its headers in the order that they had in workbooks made before 0.5.0; none if they keep it.
    """

    key: str
    title: str
    columns: tuple[TabColumn, ...] = ()
    key_column: str = ""
    hidden: bool = False
    free: bool = False
    colour: int = 0x9AA0A6
    frozen_columns: int = 0
    policy: ReadPolicy = ReadPolicy.NEVER
    results: str = ""
    signals: tuple[Signal, ...] = ()
    two_way: bool = False
    letter: str = ""
    es: str = ""
    group: Group | None = None
    rare: bool = False
    module: str = ""
    first_rows: tuple[tuple[Cell, ...], ...] = ()
    classic: bool = False
    closed: bool = False
    needed_by_imports: bool = False
    newest_first: bool = False
    waits: Waits | None = None
    first_order: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        problem = _unreadable(self)
        if problem:
            raise ValueError(f"tab {self.key!r} cannot be read by policy {self.policy.value!r}: {problem}")

    @property
    def table(self) -> bool:
        """Whether it is a table."""
        return bool(self.columns)

    @property
    def raw(self) -> bool:
        """Whether a snapshot holds its cells as read: it is no table, or operators write where they like in it."""
        return self.free or not self.columns

    @property
    def by_key(self) -> bool:
        """Whether operators type rows into it: a two-way table, read by key."""
        return self.policy is ReadPolicy.BY_KEY

    @property
    def styled(self) -> bool:
        """Whether it looks as two-way tables do (`sheets_crm.workbook.setup.two_way_tab`)."""
        return self.by_key and not self.classic

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers of its columns in order."""
        return tuple(column.header for column in self.columns)

    def column(self, header: str) -> TabColumn:
        """The column of a header.

        Raises:
            KeyError: There is none.
        """
        for column in self.columns:
            if column.header == header:
                return column
        raise KeyError(header)

    def name(self, language: str) -> str:
        """The title that it is created with in a workbook of a language."""
        return self.es if language == "es" and self.es else self.title


def _unreadable(spec: TabSpec) -> str:
    """Why a tab cannot be read as it declares; "" when it can."""
    asked = any(signal.asks for signal in spec.signals)
    if spec.policy is ReadPolicy.RESULTS:
        return "" if spec.results and not spec.table else "it needs a range of results, and no columns"
    if spec.policy is ReadPolicy.END:
        return "" if spec.table else "it has no columns"
    if spec.policy is ReadPolicy.BY_KEY:
        typed = spec.table and spec.two_way and spec.key_column and not spec.closed
        return "" if typed else "it is no two-way table with a key, into which operators type rows"
    if spec.two_way and not (spec.closed and spec.policy in {ReadPolicy.WHOLE, ReadPolicy.LEADS}):
        return "the rows of a two-way table that is read so are the worker's alone"
    if spec.policy is ReadPolicy.ASKED:
        return "" if asked else "it has no signal that asks for it"
    if spec.policy is ReadPolicy.LEADS:
        if not spec.table or spec.key_column != LEAD_NUMBER:
            return f"its key is not {LEAD_NUMBER}"
        if any(column.operator for column in spec.columns) and not asked and not spec.two_way:
            return "no signal tells when operators wrote into its columns"
    return ""


ROW_KEY: Final = "_key"
"""Header of the hidden column with the worker's key, in tables whose first column is a person's word."""
SEEN: Final = "_seen"
"""Header of the hidden column with the operators' cells of a row as the worker last acted on them."""
PROBLEM: Final = "problem"
"""Header of the last column of a two-way table: which cell of the row was not understood, and what is allowed."""
