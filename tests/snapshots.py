"""A workbook of a few leads as a `Snapshot`, in a line or two: no HTTP, no emulator, no files.

`workbook()` begins with an empty workbook that is in order: a decision on it changes nothing. Each method puts in what
a person or an earlier run would have left, and returns the builder. Tabs, columns and the layout of Control and System
are the product's own declarations; the cells go through the same parsers as cells that were read.

Messages are seen as their code and values (``tick_not_ready lead=1 step=box1``), so that no test depends on a wording.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest import mock

import orjson

from sheets_crm.config import Settings
from sheets_crm.engine.commands import Command
from sheets_crm.engine.control_rows import PutBack
from sheets_crm.engine.decide import Decision, decide
from sheets_crm.engine.features import Feature, Features
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Edit, PendingImport, Snapshot, leads_of
from sheets_crm.engine.table_reads import Edited, TableRead, read_of_closed
from sheets_crm.engine.working_state import Budget, RunClock, WorkingState
from sheets_crm.features.registry import FEATURES
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.imports.recognise import blocks
from sheets_crm.pipeline.imports.vocabulary import DEFAULT_VOCABULARY
from sheets_crm.pipeline.schema import Need, Schema
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.plan.changes import AppendRows, DeleteRows, GridRows, PutCells, RemoveTab, RowCells, UpdateCells
from sheets_crm.workbook import control, panel
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM, ROW_KEY, SEEN, TabSpec
from sheets_crm.workbook.import_marks import CLAIM, ImportMark
from sheets_crm.workbook.info import TabInfo, WorkbookInfo
from sheets_crm.workbook.panel import PanelState
from sheets_crm.workbook.sheet import Sheet, read_sheet
from sheets_crm.workbook.system import SystemState
from sheets_crm.workbook.tabs import (
    BATCHES,
    BOX1_HISTORY,
    CONTROL,
    HISTORY,
    IMPORTS,
    INBOX,
    LOG,
    MASTER,
    REJECTED,
    REJECTED_COLUMNS,
    STORAGE,
    SYSTEM,
    VOCABULARY,
    batch_key,
    input_key,
)
from sheets_crm.workbook.two_way.rows import Spill
from sheets_crm.workbook.two_way.seen import plain_join

NOW = 46_170.5
"""The time of every decision that names no other: a serial number."""
EARLIER = NOW - 2
TODAY = int(NOW)
CONTACT = {"email": "a@one.example", "email_validation": "valid", "validation_success": True}


def settings(schema: Schema | None = None, **values: Any) -> RunSettings:
    """The settings of a run; nothing of them reaches a disk."""
    declared = Settings.model_fields
    defaults = {
        one.name: declared[one.name].get_default(call_default_factory=True)
        for one in fields(RunSettings)
        if one.name in declared
    }
    given = {"language": "en", "account": "robot@one.example", "workbook": "book", "state_dir": Path("nowhere")}
    given |= {"features": FEATURES, "pushes": False}
    return RunSettings(**{**defaults, **given, "schema": schema or Schema(STEPS), **values})


class Workbook:
    """The cells of a workbook, tab by tab, while a test puts them in."""

    def __init__(self, schema: Schema | None = None, **values: Any) -> None:
        self.settings = settings(schema, **values)
        self.schema = self.settings.schema
        self._leads: dict[int, dict[str, Cell]] = {}
        self._ticks: dict[tuple[str, int], Cell] = {}
        self._notes: dict[tuple[str, int], str] = {}
        self._rows: dict[str, list[dict[str, Cell]]] = {}
        self._control: dict[tuple[str, int], Cell] = {}
        self._parts: dict[str, int] = {}
        self._system: dict[str, Cell] = {}
        self._erased: list[str] = []
        self._rejected: list[list[Cell]] = [["", "", "What could not be merged"]]
        self._sources: list[PendingImport] = []
        self._claimed: list[TabInfo] = []
        self._vocabulary: list[list[Cell]] | None = None
        self._unread: set[str] = set()
        self._orders: dict[str, Sequence[int]] = {}
        self._grids: dict[str, dict[str, int]] = {}
        self._snapshot: dict[str, Any] = {}
        self._info: dict[str, Any] = {}
        self._reopens: dict[int, tuple[Cell, Cell]] = {}
        self._raw: dict[str, list[tuple[int, dict[str, Cell]]]] = {}

    # -- leads

    def lead(self, number: int, **cells: Cell) -> Workbook:
        """Put a lead into the Master."""
        self._leads.setdefault(number, {}).update(cells)
        return self

    def leads(self, *numbers: int, **cells: Cell) -> Workbook:
        """Put several leads into the Master that hold the same."""
        for number in numbers:
            self.lead(number, **cells)
        return self

    def sent(self, step: str, *numbers: int, batch: str = "", completed: bool = False, **row: Cell) -> Workbook:
        """Send leads in an earlier run; their batch gets a row of Batches."""
        letter = self.schema.step(step).letter
        known = batch or f"{letter}-0001"
        state = {f"{step}_sent": True, f"{step}_sent_at": EARLIER, f"{step}_batch": known}
        state[self.schema.step(step).status] = "completed" if completed else "processing"
        if completed:
            state[f"{step}_completed_at"] = EARLIER
        for number in numbers:
            self.lead(number, **state)
        if known not in {row["id"] for row in self._rows.get(BATCHES, [])}:
            self.batch(known, step, **row)
        return self

    def verified(self, *numbers: int, **cells: Cell) -> Workbook:
        """Leads whose e-mail is verified: ready for company_scrap."""
        self.sent("verification", *numbers, batch="V-0001", completed=True)
        return self.leads(*numbers, **{**CONTACT, **cells})

    def scraped(self, *numbers: int, **cells: Cell) -> Workbook:
        """Leads whose company is scraped: ready for box1."""
        self.verified(*numbers)
        self.sent("company_scrap", *numbers, batch="C-0001", completed=True)
        return self.leads(*numbers, **cells)

    def boxed(self, *numbers: int, result: str = "HIT", **cells: Cell) -> Workbook:
        """Leads that Box 1 answered: HIT is ready for instantly, noHIT is stored."""
        self.scraped(*numbers)
        self.sent("box1", *numbers, batch="B-0001", completed=True)
        self.leads(*numbers, box1_result=result, box1_version="v1", subject="s", body_1="b")
        if result == "noHIT":
            self.leads(*numbers, storage=True)
        return self.leads(*numbers, **cells)

    def order(self, step: str, *numbers: int) -> Workbook:
        """Sort an input tab as an operator did."""
        self._orders[step] = numbers
        return self

    # -- what operators do

    def tick(self, step: str, *numbers: int, value: Cell = True) -> Workbook:
        """Tick leads in an input tab."""
        self._ticks.update(dict.fromkeys(((step, number) for number in numbers), value))
        return self

    def note(self, step: str, number: int, text: Cell) -> Workbook:
        """Type a note beside a lead in an input tab."""
        self._notes[step, number] = text
        return self

    def control(self, row: str, value: Cell, column: int = panel.VALUE) -> Workbook:
        """Type into a cell of Control, by the id of its row."""
        self._control[row, column] = value
        return self

    def take(self, step: str, count: Cell, *, ticked: Cell = True) -> Workbook:
        """Ask for ``send N now``."""
        self.control(f"step.{step}", count, control.TAKE)
        return self.control(f"step.{step}", ticked, control.SEND_NOW)

    def parts(self, step: str, wanted: Cell, *, tabs: int | None = None) -> Workbook:
        """Ask for so many parts of a step's batch; as many tabs stand there, or as many as given."""
        self._parts[step] = tabs if tabs is not None else int(wanted)
        return self.control(f"step.{step}", wanted, control.PARTS)

    def reopen(self, number: int, word: Cell, reason: Cell = "") -> Workbook:
        """Ask in Storage for a further attempt."""
        self._reopens[number] = (word, reason)
        return self

    def batch(self, name: str, step: str = "", **cells: Cell) -> Workbook:
        """Give Batches a row, or change cells of the one that is there; the shown one unless ``shown`` is "no"."""
        there = [row for row in self._rows.get(BATCHES, []) if row["id"] == name]
        if there:
            there[0].update(cells)
            return self
        row: dict[str, Cell] = {"id": name, "step": step, "when": EARLIER, "show": False, "close": False}
        row |= {"undo": False, "shown": "yes", "closed": 0, "undone": 0, "version": ""} | cells
        return self.row(BATCHES, **row)

    def without_batch(self, name: str) -> Workbook:
        """Take a batch's row away, as a restored version does."""
        self._rows[BATCHES] = [row for row in self._rows[BATCHES] if row["id"] != name]
        return self

    def row(self, tab: str, **cells: Cell) -> Workbook:
        """Put a row at the end of a table tab."""
        self._rows.setdefault(tab, []).append(cells)
        return self

    def typed(self, tab: str, grid_row: int, **cells: Cell) -> Workbook:
        """Type over cells of a row of a table tab, by 0-based grid row."""
        self._raw.setdefault(tab, []).append((grid_row, cells))
        return self

    def rejected(
        self,
        header: Sequence[str],
        *rows: Sequence[Cell],
        retry: Cell = False,
        discard: Cell = False,
        source: str = "verification · Inbox · D-0001",
    ) -> Workbook:
        """Put a block into Rejected."""
        if len(self._rejected) > 1:
            self._rejected.append([])
        self._rejected.append([*REJECTED_COLUMNS, *header])
        return self.more_rejected(*rows, retry=retry, discard=discard, source=source)

    def more_rejected(
        self,
        *rows: Sequence[Cell],
        retry: Cell = False,
        discard: Cell = False,
        source: str = "verification · Inbox · D-0001",
    ) -> Workbook:
        """Put rows under the last block of Rejected."""
        for n, row in enumerate(rows, start=2):
            self._rejected.append([retry, discard, "why", "what", source, str(n), *row])
        return self

    def rejected_grid(self, *rows: Sequence[Cell]) -> Workbook:
        """Put rows into Rejected as they are."""
        self._rejected += [list(row) for row in rows]
        return self

    # -- what comes in

    def pending(
        self,
        header: Sequence[str],
        *rows: Sequence[str],
        label: str = "Inbox",
        step: str | None = None,
        file: str = "",
        more: Iterable[Sequence[str]] = (),
        **values: Any,
    ) -> Workbook:
        """Put an import that is ready to be merged: a claimed tab, or a file.

        Args:
            header: Its header row.
            rows: Its rows.
            label: What Imports calls it.
            step: Whose output it is said to be.
            file: Id in the spool when it is a file's.
            more: Rows of the grid below, such as a blank row and another block.
            values: Other attributes of `PendingImport`.
        """
        grid = [list(header), *map(list, rows), *map(list, more)]
        tab = None
        if not file:
            number = 900 + len(self._claimed)
            mark = ImportMark(CLAIM, ((0, len(grid)),), label).text
            tab = TabInfo(number, f"Claim {number}", 0, hidden=True, rows=len(grid), columns=8, mark=mark)
            self._claimed.append(tab)
        ref = f"file:{file}" if file else f"tab:{tab.sheet_id}"
        self._sources.append(
            PendingImport(ref, label, tuple(blocks(grid, self.schema, step)), tab, grid, **values)
        )
        return self

    def vocabulary(self, *rows: Sequence[Cell]) -> Workbook:
        """Give the verifier vocabulary these rows in place of none (the defaults hold)."""
        self._vocabulary = [list(row) for row in rows]
        return self

    def stored(self, key: str, value: Cell) -> Workbook:
        """Put a value into System."""
        self._system[key] = value
        return self

    def erased(self, *hashes: str) -> Workbook:
        """People were erased: their hashes stand in System."""
        self._erased += hashes
        return self

    def grid(self, tab: str, *, rows: int, columns: int | None = None) -> Workbook:
        """Give a tab's grid a size."""
        self._grids[tab] = {"rows": rows} | ({"columns": columns} if columns else {})
        return self

    def info(self, **values: Any) -> Workbook:
        """Replace attributes of the workbook's info, such as its time zone."""
        self._info |= values
        return self

    def unread(self, *keys: str) -> Workbook:
        """Leave out the cells of these tabs, as an incremental read does."""
        self._unread |= set(keys)
        return self

    def read(self, **values: Any) -> Workbook:
        """Replace attributes of the snapshot itself."""
        self._snapshot |= values
        return self

    def put_right(self, *edits: tuple[int, str, Cell, Cell]) -> Workbook:
        """Cells of the Master that an earlier write meant for another row: lead, column, expected, there."""
        return self.read(put_right=tuple(Edit(*edit) for edit in edits))

    def control_put_back(self, *cells: tuple[int, int, Cell, str]) -> Workbook:
        """Cells of Control that an earlier write overwrote: row, column, what stood there, id."""
        return self.read(control_put_back=tuple(PutBack(*cell) for cell in cells))

    # -- the snapshot

    def snapshot(self) -> Snapshot:
        """The workbook at this moment."""
        specs = self.settings.specs(self._parts)
        tabs = {spec.key: self._tab(n, spec) for n, spec in enumerate(specs)}
        tabs[REJECTED] = self._sized(tabs[REJECTED], self._rejected)
        every = self._every()
        read = [spec for spec in specs if spec.columns and spec.key not in self._unread]
        sheets = {spec.key: self._sheet(spec, tabs, every) for spec in read}
        tabs |= {key: sheet.tab for key, sheet in sheets.items()}
        every = (*tabs.values(), *self._claimed)
        stamped = {"spreadsheet_id": "book", "title": "CRM", "locale": "es_ES", "time_zone": "Europe/Madrid"}
        info = WorkbookInfo(**(stamped | {"tabs": every} | self._info))
        found = Snapshot(
            info=info,
            tabs=tabs,
            sheets=sheets,
            panel=PanelState.of(self._control_cells(specs, tabs)),
            system=self._system_state(info, tabs),
            leads=leads_of(sheets[MASTER], self.schema),
            cells=self._raw_cells(),
            sources=tuple(self._sources),
            edits=dict(self._edits(sheets)),
            sequence=7,
        )
        return replace(found, **self._snapshot)

    def _edits(self, sheets: Mapping[str, Sheet]) -> Iterable[tuple[str, TableRead]]:
        """What operators wrote into closed tables, all of it standing still."""
        for spec in self.settings.system.tables:
            if spec.closed and spec.key in sheets:
                yield spec.key, read_of_closed(sheets[spec.key], Spill(1), Edited(everything={spec.key}))

    def _raw_cells(self) -> dict[str, list[list[Cell]]]:
        """The cells as read of tabs that are no tables, but for those that were not read."""
        cells = {REJECTED: [list(row) for row in self._rejected]}
        (words,) = (spec for spec in self.settings.specs(self._parts) if spec.key == VOCABULARY)
        rows = [[row.get(name, "") for name in words.headers] for row in self._records(words, {})]
        cells |= {VOCABULARY: [list(words.headers), *rows]}
        return {key: rows for key, rows in cells.items() if key not in self._unread}

    def _tab(self, n: int, spec: TabSpec) -> TabInfo:
        size = {"rows": 50, "columns": max(len(spec.columns), 8)} | self._grids.get(spec.key, {})
        frozen = 1 if spec.columns or spec.key == REJECTED else 0
        return TabInfo(n + 1, spec.title, n, hidden=spec.hidden, frozen_rows=frozen, mark=spec.key, **size)

    def _sized(self, tab: TabInfo, cells: Sequence[Sequence[Cell]]) -> TabInfo:
        wide = max(map(len, cells), default=0)
        return replace(tab, rows=max(tab.rows, len(cells)), columns=max(tab.columns, wide))

    def _every(self) -> dict[int, dict[str, Cell]]:
        """Every lead's cells, each step's state brought up to date."""
        # Everybody has a name: a company without a person is not yet for verification.
        blank = {**dict.fromkeys(self.schema.names, ""), "firstName": "Ana"}
        return {
            number: self._stated({**blank, "LeadNumber": number, **cells}) for number, cells in self._leads.items()
        }

    def _stated(self, lead: dict[str, Cell]) -> dict[str, Cell]:
        for step in self.schema.steps:
            fit = any(all(_meets(lead, need) for need in needs) for needs in step.needs)
            under_way = "completed" if lead[step.status] == "completed" else "processing"
            lead[step.status] = under_way if lead[step.sent] is True else "ready" if fit else ""
        return lead

    def _sheet(self, spec: TabSpec, tabs: Mapping[str, TabInfo], every: Mapping[int, dict[str, Cell]]) -> Sheet:
        rows = [[row.get(name, "") for name in spec.headers] for row in self._records(spec, every)]
        for place, cells in self._raw.get(spec.key, []):
            rows += [[""] * len(spec.headers) for _ in range(place - len(rows))]
            for name, cell in cells.items():
                rows[place - 1][spec.headers.index(name)] = cell
        if not rows:
            return replace(_empty(spec), tab=tabs[spec.key])
        tab = replace(tabs[spec.key], rows=max(tabs[spec.key].rows, len(rows) + 1))
        return read_sheet(spec, tab, [list(spec.headers), *rows])

    def _records(self, spec: TabSpec, every: Mapping[int, dict[str, Cell]]) -> list[dict[str, Cell]]:
        for step in self.schema.steps:
            names = dict(step.columns)
            if spec.key == input_key(step):
                return [self._shown(step.name, names, every[n]) for n in self._listed(step, every)]
            if spec.key.startswith(f"batch.{step.name}."):
                return self._of_part(spec, step, every)
        if spec.key == MASTER:
            return list(every.values())
        if spec.key == STORAGE:
            return [self._with_request(row) for row in every.values() if row["storage"] is True]
        if spec.key == BATCHES:
            return [self._counted(row, every) for row in self._rows.get(BATCHES, [])]
        if spec.key == VOCABULARY:
            words = DEFAULT_VOCABULARY.rows() if self._vocabulary is None else self._vocabulary
            names = [header for header in spec.headers if header not in {ROW_KEY, SEEN, PROBLEM}]
            keyed = ((f"W-{n:04d}", dict(zip(names, row, strict=True))) for n, row in enumerate(words, start=1))
            return [{**cells, ROW_KEY: key, SEEN: plain_join(spec, key, cells)} for key, cells in keyed]
        if spec.key == HISTORY and HISTORY not in self._rows:
            return [{"date": TODAY}]
        return self._rows.get(spec.key, [])

    def _listed(self, step: Any, every: Mapping[int, Mapping[str, Cell]]) -> Sequence[int]:
        ready = [n for n, row in every.items() if row[step.status] == "ready"]
        return self._orders.get(step.name, ready)

    def _shown(self, step: str, names: Mapping[str, str], row: Mapping[str, Cell]) -> dict[str, Cell]:
        number = row["LeadNumber"]
        cells = {header: row[name] for header, name in names.items()}
        send = self._ticks.get((step, number), False)
        return {"send": send, **cells, "notes": self._notes.get((step, number), row["notes"])}

    def _with_request(self, row: Mapping[str, Cell]) -> dict[str, Cell]:
        word, reason = self._reopens.get(row["LeadNumber"], ("", ""))
        return {**row, "reopen": word, "reason": reason}

    def _counted(self, row: Mapping[str, Cell], every: Mapping[int, Mapping[str, Cell]]) -> dict[str, Cell]:
        if row.get("step") not in {step.name for step in self.schema.steps}:
            return {"size": 0, "returned": 0, "outstanding": 0, **row}
        step = self.schema.step(row["step"])
        states = [lead[step.status] for lead in every.values() if lead[step.batch] == row["id"]]
        counts = {"returned": states.count("completed"), "outstanding": states.count("processing")}
        return {"size": len(states), **counts, **row}

    def _of_part(self, spec: TabSpec, step: Any, every: Mapping[int, Mapping[str, Cell]]) -> list[dict[str, Cell]]:
        rows = [row for row in self._rows.get(BATCHES, []) if row.get("step") == step.name]
        shown = [row["id"] for row in rows if row.get("shown")] or [row["id"] for row in rows]
        own = [lead for lead in every.values() if shown and lead[step.batch] == shown[-1]]
        asked = self._control.get((f"step.{step.name}", control.PARTS), 1)
        wanted = asked if isinstance(asked, int) else 1
        part, sizes = (
            int(spec.key.rsplit(".", 1)[1]),
            [len(own) // wanted + (n < len(own) % wanted) for n in range(wanted)],
        )
        if part > wanted:
            return []
        first = sum(sizes[: part - 1])
        picked = own[first : first + sizes[part - 1]]
        return [{header: lead[name] for header, name in step.columns} for lead in picked]

    def _control_cells(self, specs: Sequence[TabSpec], tabs: Mapping[str, TabInfo]) -> list[list[Cell]]:
        where = Addresses({key: tab.title for key, tab in tabs.items()}, {spec.key: spec for spec in specs})
        laid_out = control.rows(self.schema, self.settings.language, where, {})
        cells = [[cell if isinstance(cell, Cell) else 0 for cell in row.cells] for row in laid_out]
        ids = [row.id for row in laid_out]
        cells[ids.index("status")][panel.VALUE] = "ok"
        for (row, column), value in self._control.items():
            cells[ids.index(row)][column] = value
        return cells

    def _system_state(self, info: WorkbookInfo, tabs: Mapping[str, TabInfo]) -> SystemState:
        numbers = [*self._leads, 0]
        inbox = [str(tabs[INBOX].sheet_id)]
        held: dict[str, Cell] = {
            "workbook_id": "book",
            "salt": "salt",
            "sequence": 7,
            "next_lead_number": max(numbers) + 1,
        }
        held |= {"next_drop": 1, "leads_known": len(self._leads), "tabs_known": len(info.tabs), "last_day": TODAY}
        held |= {"drops_watched": " ".join(inbox), "last_run_at": EARLIER, "heartbeat": EARLIER}
        rows = [["key", "value", "erased"]]
        listed = (held | self._system).get
        erased = itertools.chain([" ".join(self._erased)] if self._erased else [], itertools.repeat(""))
        rows += [[key, listed(key, ""), next(erased)] for key in self.settings.system.keys]
        return self.settings.system.parse(rows)

    # -- deciding

    def decide(self, **options: Any) -> Outcome:
        """Decide on it; see `decided`."""
        return decided(self.snapshot(), self.settings, **options)


def _meets(lead: Mapping[str, Cell], need: Need) -> bool:
    """Whether a lead meets a condition of a step."""
    if isinstance(need.value, bool):
        return (lead[need.column] is True) is need.value
    return lead[need.column] == need.value if need.value is not None else lead[need.column] != ""


@lru_cache(maxsize=200)
def _empty(spec: TabSpec) -> Sheet:
    return read_sheet(spec, TabInfo(0, "", 0, hidden=False, rows=1, columns=1), [list(spec.headers)])


def workbook(schema: Schema | None = None, **values: Any) -> Workbook:
    """An empty workbook in order; ``values`` are settings of the run."""
    return Workbook(schema, **values)


@dataclass(frozen=True)
class Outcome:
    """A decision, asked by tab, LeadNumber and header."""

    before: Snapshot
    decision: Decision
    settings: RunSettings
    options: Mapping[str, Any]

    @property
    def plan(self) -> Any:
        return self.decision.plan

    @property
    def empty(self) -> bool:
        return bool(self.decision.plan.empty)

    @property
    def problems(self) -> tuple[str, ...]:
        """Codes with their values."""
        return self.decision.problems

    @property
    def next(self) -> Snapshot:
        return self.decision.next

    def codes(self) -> list[str]:
        """The codes of the problems."""
        return [text.split(" ", 1)[0] for text in self.problems]

    def lead(self, number: int) -> dict[str, Cell]:
        """A lead after the plan."""
        return dict(self.next.leads.loc[number])

    def numbers(self) -> list[int]:
        """The LeadNumbers of the Master after the plan."""
        return [int(number) for number in self.next.leads.index]

    def keys(self, tab: str) -> list[Any]:
        """The keys of a tab's rows after the plan."""
        return list(self.next.sheets[tab].frame.index)

    def listed(self, step: str) -> list[int]:
        """The LeadNumbers of an input tab after the plan."""
        return self.keys(f"input.{step}")

    def row(self, tab: str, key: Any) -> dict[str, Any]:
        """A row of a tab after the plan."""
        frame = self.next.sheets[tab].frame
        return dict(frame.iloc[list(frame.index).index(key)])

    def rows(self, tab: str) -> list[dict[str, Any]]:
        """Every row of a tab after the plan."""
        return self.next.sheets[tab].frame.to_dict("records")

    def _of(self, kind: type, tab: str) -> list[Any]:
        found = [change for change in self.plan.changes if isinstance(change, kind)]
        return [one for one in found if one.sheet.spec.key == tab]

    def changed(self, tab: str) -> dict[tuple[Any, str], Cell]:
        """The cells of existing rows that the plan writes: (key, header) to value."""
        found = {}
        for change in self._of(UpdateCells, tab):
            for header, (positions, values) in change.cells.items():
                for place, value in zip(positions, values, strict=True):
                    found[change.sheet.frame.index[place], header] = value
        for change in self.plan.changes:
            if isinstance(change, RowCells) and change.spec.key == tab:
                whole = change.spec.column(change.spec.key_column).kind is Kind.WHOLE
                names = {row: int(key) if whole else key for row, key in change.keys.items()}
                found |= {(names[one.row], one.header): one.value for one in change.cells}
        return found

    def appended(self, tab: str) -> list[dict[str, Any]]:
        """The rows that the plan adds to a table."""
        return [row for change in self._of(AppendRows, tab) for row in change.frame.to_dict("records")]

    def deleted(self, tab: str) -> list[Any]:
        """The keys of the rows that the plan deletes."""
        return [
            change.sheet.frame.index[place] for change in self._of(DeleteRows, tab) for place in change.positions
        ]

    def touched(self) -> set[str]:
        """The tabs that the plan changes."""
        return {
            change.sheet.spec.key if isinstance(change, UpdateCells | AppendRows | DeleteRows) else change.tab.mark
            for change in self.plan.changes
        }

    def on_control(self, row: str, column: int = panel.VALUE) -> Any:
        """What the plan writes into a cell of Control; None when it does not."""
        found = [
            change.rows[0][0]
            for change in self.plan.changes
            if isinstance(change, PutCells)
            and change.tab.mark == CONTROL
            and (change.what, change.column) == (row, column)
        ]
        return found[-1] if found else None

    def stored(self, key: str) -> Cell:
        """What System holds after the plan."""
        return self.next.system.cells.get(key, "")

    def written_to_system(self) -> dict[str, Any]:
        """The stored values that the plan writes, by key."""
        keys = self.settings.system.keys
        return {
            keys[change.row - 1 + n]: row[0]
            for change in self.plan.changes
            if isinstance(change, PutCells) and change.tab.mark == SYSTEM and change.column == 1
            for n, row in enumerate(change.rows)
        }

    def record(self, key: str) -> dict[str, Any]:
        """An open record of System after the plan."""
        text = str(self.stored(key))
        return orjson.loads(text) if text else {}

    @property
    def grid(self) -> GridRows | None:
        """What changes in Rejected."""
        return next((change for change in self.plan.changes if isinstance(change, GridRows)), None)

    @property
    def rejected(self) -> list[list[Cell]]:
        """Rejected after the plan."""
        return [list(row) for row in self.next.cells[REJECTED]]

    @property
    def removed(self) -> list[int]:
        """Ids of the tabs that go."""
        return [change.tab.sheet_id for change in self.plan.changes if isinstance(change, RemoveTab)]

    @property
    def log(self) -> str:
        """What the plan's row of Log tells; "" when it has none."""
        rows = self.appended(LOG)
        return str(rows[0]["what"]) if rows else ""

    def causes(self) -> dict[tuple[int, str], str]:
        """The change journal: (lead, column) to the cause."""
        return {(one.lead, one.column): one.cause for one in self.plan.journal}

    def again(self, **options: Any) -> Outcome:
        """Decide on what this plan leaves behind."""
        kept = {name: self.options[name] for name in ("budget", "now") if name in self.options}
        return decided(self.next, self.settings, **(kept | options))


def decided(
    snapshot: Snapshot,
    run: RunSettings,
    *,
    now: float = NOW,
    budget: Budget | None = None,
    words: bool = False,
    **options: Any,
) -> Outcome:
    """Decide on a snapshot.

    Args:
        snapshot: The workbook.
        run: The run's settings.
        now: The time.
        budget: How much one part takes on.
        words: Whether messages are said in words, not as codes.
        options: Given to `decide` as they are.
    """
    run, options = _with_act(run, **options)
    clock = RunClock(now, "run-1")
    asked = {"now": now} | ({"budget": budget} if budget else {})
    if words:
        return Outcome(snapshot, decide(snapshot, run, clock, budget=budget, **options), run, asked)
    with mock.patch.object(WorkingState, WorkingState.message.__name__, _coded):
        return Outcome(snapshot, decide(snapshot, run, clock, budget=budget, **options), run, asked)


@dataclass(frozen=True)
class Act(Command):
    """What a test asks for."""

    act: Callable[[WorkingState], bool]


TESTS = Feature("tests", handlers={Act: lambda working, command: command.act(working)})


def _with_act(run: RunSettings, **options: Any) -> tuple[RunSettings, dict[str, Any]]:
    """The settings and options of a decision in which a function of the test is obeyed as a command."""
    act = options.pop("command", None)
    if act is None:
        return run, options
    return replace(run, features=Features((*run.features, TESTS))), {**options, "commands": [Act(act)]}


def _coded(_draft: WorkingState, code: str, **values: object) -> str:
    return " ".join([code, *(f"{name}={values[name]}" for name in sorted(values))])


def to_the_end(outcome: Outcome, *, most: int = 50) -> list[Outcome]:
    """Go on deciding part after part until nothing is left."""
    found = [outcome]
    while found[-1].plan.more:
        found.append(found[-1].again())
        assert len(found) < most
    return found


__all__ = ["BATCHES", "BOX1_HISTORY", "EARLIER", "HISTORY", "IMPORTS", "LOG", "MASTER", "NOW", "STORAGE", "TODAY"]
__all__ += ["CONTROL", "SYSTEM", "VOCABULARY", "Budget", "Outcome", "Workbook", "batch_key", "decided", "settings"]
__all__ += ["to_the_end", "workbook"]
