"""Snapshot: the workbook as one run read it, as values that are never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from sheets_crm.engine.control_rows import PutBack
from sheets_crm.engine.table_memory import TableMemory
from sheets_crm.engine.table_reads import TableRead
from sheets_crm.engine.table_repairs import TableRepair
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.imports.recognise import Block
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.workbook.cells import Cell, CellIn, Formula
from sheets_crm.workbook.info import Rows, TabInfo, WorkbookInfo
from sheets_crm.workbook.panel import PanelState
from sheets_crm.workbook.roles import LEADS, input_key
from sheets_crm.workbook.sheet import Sheet
from sheets_crm.workbook.system import SystemState


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell of the Master that is not as the worker left it."""

    lead: int
    column: str
    expected: Cell
    actual: Cell


@dataclass(frozen=True, slots=True)
class ImportTab:
    """A tab that operators put outputs in, or a claimed tab.

    Attributes:
        info: The tab.
        cells: Its cells as read, unformatted, from A1.
        shown: The same cells as displayed.
        claimed: Rows [start, end) that were claimed, when it is a claimed tab; None when it is the operators'.
        source: Title of the tab that the import was put in.
        kind: The kind that operators named for it.
        enters: The step at which its people enter.
        progress: How far it had been merged before it was set aside once.
        promised: The panel's label for its new leads when it was claimed.
    """

    info: TabInfo
    cells: Rows
    shown: Rows
    claimed: tuple[tuple[int, int], ...] | None = None
    source: str = ""
    progress: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""
    enters: str = ""
    promised: str = ""


@dataclass(frozen=True, slots=True)
class PendingImport:
    """An import that is ready to be merged: claimed in the workbook, or read from a file.

    Attributes:
        ref: Its name in System's open record: ``tab:<sheet id>`` or ``file:<spool id>``.
        label: Its name in Imports.
        blocks: Its recognised blocks.
        tab: The claimed tab, which is deleted when the last row is merged; None for a file.
        cells: The raw cells, for the archive.
        target_id: The label for new leads, when the command gave one.
        kind: The kind that operators named for it on the panel; "" when it was recognised, or named otherwise.
        enters: The step at which its people enter; "" for the first one.
        progress: How far it had been merged before it was set aside once: block, row, import id.
        promised: The panel's label for its new leads when it was claimed; it stays this import's until it is merged.
        row: What imports have in common that share a row of Imports; "" for a row of its own.
    """

    ref: str
    label: str
    blocks: tuple[Block, ...]
    tab: TabInfo | None = None
    cells: Sequence[Sequence[Cell]] = ()
    target_id: str | None = None
    kind: str = ""
    enters: str = ""
    progress: Mapping[str, Any] = field(default_factory=dict)
    promised: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class RefusedBlock:
    """A block that is not understood, where it stands.

    Attributes:
        tab: The operators' tab.
        block: The block.
    """

    tab: TabInfo
    block: Block


@dataclass(frozen=True)
class Snapshot:
    """The workbook at one moment.

    Attributes:
        info: Tabs, marks, stamps.
        tabs: The managed tabs by key.
        sheets: The table tabs by key.
        panel: The panel as read.
        system: System as read.
        leads: The leads frame.
        cells: Cells as read, from where their range begins, of the tabs that are no tables or that operators write
            where they like in (`TabSpec.raw`), by key. An incremental read leaves out those that were not asked for.
        import_tabs: Operators' import tabs that hold something, and claimed tabs.
        sources: Pending imports, in order.
        aside: Imports that this run has set aside; what the panel says of them is theirs, and has to be emptied.
        refused: Blocks of the operators' import tabs that are not understood, and wait there.
        block_notes: Notes of first cells of blocks that are refused or marked, by id of the tab and 0-based row, as far
            as there are any; None when they could not be read.
        unannotated: Rows that may be deleted because nobody put a note on a cell of theirs, by table and key; none but
            those that features asked about.
        unjudged: Ids of the import tabs of which nothing is known, because they are still being edited.
        retries: Whether the rows of Rejected that are ticked are tried again.
        ticked: LeadNumbers that may be sent by tick, per step; None when every tick may.
        put_right: Cells of the Master that a write put into other rows, to be repaired.
        control_put_back: Cells of Control that a write meant for other rows has overwritten, to be repaired.
        lost: Leads whose rows were deleted in place of others; they are in `leads` again.
        undeleted: Leads whose rows that deletion was meant for, and missed; they are not in `leads` any more.
        notes_read: Leads whose notes were read, per step, after an incremental read; None when all were.
        edits: The two-way tables of which edited rows were read, by key.
        orders: The order sum of each two-way table.
        row_problems: Rows of two-way tables with a text in `problem`: 0-based grid row and text, by table and key.
        problems_shown: The classic tables whose column `problem` this worker has shown and not hidden again.
        table_repairs: What puts right two-way tables of which a write went to other rows, by key.
        memory: Worker's cells of two-way tables as this worker left them; those that were edited by hand stand so in
            `sheets`, `edits` and `row_problems` too, and are written back.
        fed: What feeds tell beside the rows of their imports, by source.
        sequence: The guard's number that this state was read at.
        read_at: When it was read, seconds since 1970; later by the time that the run then waited on purpose.
    """

    info: WorkbookInfo
    tabs: Mapping[str, TabInfo]
    sheets: Mapping[str, Sheet]
    panel: PanelState
    system: SystemState
    leads: pd.DataFrame
    cells: Mapping[str, Rows] = field(default_factory=dict)
    import_tabs: tuple[ImportTab, ...] = ()
    sources: tuple[PendingImport, ...] = ()
    aside: tuple[PendingImport, ...] = ()
    refused: tuple[RefusedBlock, ...] = ()
    block_notes: Mapping[tuple[int, int], str] | None = field(default_factory=dict)
    unannotated: frozenset[tuple[str, str]] = frozenset()
    unjudged: frozenset[int] = frozenset()
    retries: bool = True
    ticked: Mapping[str, frozenset[int]] | None = None
    put_right: tuple[Edit, ...] = ()
    control_put_back: tuple[PutBack, ...] = ()
    lost: tuple[int, ...] = ()
    undeleted: tuple[int, ...] = ()
    notes_read: Mapping[str, frozenset[int]] | None = None
    edits: Mapping[str, TableRead] = field(default_factory=dict)
    orders: Mapping[str, Cell] = field(default_factory=dict)
    row_problems: Mapping[str, Mapping[str, tuple[int, str]]] = field(default_factory=dict)
    problems_shown: frozenset[str] = frozenset()
    table_repairs: Mapping[str, TableRepair] = field(default_factory=dict)
    memory: TableMemory = field(default_factory=TableMemory)
    fed: Mapping[str, object] = field(default_factory=dict)
    sequence: int = 0
    read_at: float = 0.0

    @property
    def repairs(self) -> bool:
        """Whether an earlier write went to other rows, whose repair comes before anything else."""
        return bool(self.put_right or self.control_put_back or self.lost or self.undeleted or self.table_repairs)

    def input(self, step: Step) -> Sheet:
        """A step's input tab."""
        return self.sheets[input_key(step)]

    @property
    def master(self) -> Sheet:
        """The Master."""
        return self.sheets[LEADS]

    def with_pending(self, sources: Sequence[PendingImport]) -> Snapshot:
        """The snapshot with other pending imports."""
        return replace(self, sources=tuple(sources))


def leads_of(master: Sheet, schema: Schema) -> pd.DataFrame:
    """The leads frame of the Master; numbers and TRUE or FALSE typed into a text column become text.

    Only a column in which a scan finds other cells than text is converted and replaced; all others stay as they were
    read.
    """
    leads = master.frame
    for column in schema.columns:
        if column.name not in leads.columns or column.kind is not Kind.TEXT or not len(leads):
            continue
        cells = leads[column.name].to_numpy(dtype=object)
        if pd.api.types.infer_dtype(cells, skipna=False) not in {"string", "empty"}:
            leads = leads.copy(deep=False)
            texts = np.array([as_text(cell) for cell in cells], dtype=object)
            leads[column.name] = pd.Series(texts, index=leads.index, dtype=object)
    return leads


def as_text(cell: Cell) -> str:
    """A cell as a person would read it: 5.0 is 5, TRUE is TRUE."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def as_cell(value: CellIn) -> Cell:
    """A written value as it is going to be read back; "" for a formula whose result is not known."""
    if isinstance(value, Formula):
        return value.shown
    return value if isinstance(value, Cell) else ""
