"""The values of a set-up: its settings, the existing workbook, and the layout that follows from both."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sheets_crm.pipeline.columns import state_columns
from sheets_crm.pipeline.metric_list import custom_ids, metrics
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.pipeline.steps import STEPS, schema_in_use
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import Cell, CellIn
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.info import TabInfo, WorkbookInfo
from sheets_crm.workbook.migrations import Migration, as_it_stands, since, waiting
from sheets_crm.workbook.setup.control_order import Order
from sheets_crm.workbook.system import steps_known
from sheets_crm.workbook.tab_list import ListedTab, of_specs
from sheets_crm.workbook.tabs import HISTORY, MASTER, is_left_out, step_of


@dataclass(frozen=True, slots=True)
class Setup:
    """The settings of a set-up.

    Attributes:
        schema: Columns and steps.
        language: "es" or "en".
        parts: Batch tabs per step.
        account: The service account's address, an editor of every protection.
        interval: Seconds between two polls of the scheduled worker, for a text on Control.
        specs: Every tab's declaration, in order.
        stored: Values of System's stored keys.
        heartbeat: Least minutes between two signs of life.
    """

    schema: Schema
    language: str
    parts: Mapping[str, int]
    account: str
    interval: float
    specs: tuple[TabSpec, ...]
    stored: Mapping[str, CellIn] = field(default_factory=dict)
    heartbeat: float = 10


@dataclass(frozen=True, slots=True)
class Existing:
    """A workbook as read before it is set up.

    Attributes:
        info: The workbook without its cells.
        headers: Row 1 of each marked table tab, by key, as ids.
        control: Control's cells from A1; empty when the tab is missing.
        control_was: Control's cells before the last write, given when somebody moved its rows during that write; all of
            Control is then written anew from them.
        blank: Ids of unmarked tabs without content.
        system: System's keys; empty when the tab is missing.
        migrated: System's record of applied migrations.
        modules: Names of the modules that the workbook was last set up with.
        made_with: Number of the layout that the workbook was created with.
        control_formulas: Control's cells with formulas in place of their results; empty when they were not read: then
            every cell is written.
        texts: The texts of row 1 of each marked table tab, by key: ids, or names in either language.
    """

    info: WorkbookInfo
    headers: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    control: Sequence[Sequence[Cell]] = ()
    control_was: Sequence[Sequence[Cell]] = ()
    blank: frozenset[int] = frozenset()
    system: tuple[str, ...] = ()
    migrated: str = ""
    modules: frozenset[str] = frozenset()
    made_with: int = 1
    control_formulas: Sequence[Sequence[Cell]] = ()
    texts: Mapping[str, Sequence[Cell]] = field(default_factory=dict)

    def named(self, key: str) -> dict[str, str]:
        """The texts of a table's headers that are there, by id."""
        pairs = zip(self.headers.get(key, ()), self.texts.get(key, ()), strict=False)
        return {str(name): str(text).strip() for name, text in pairs}

    @property
    def waiting(self) -> tuple[Migration, ...]:
        """The migrations that it lacks; none while it has no tab of the worker."""
        if not any(tab.mark for tab in self.info.tabs):
            return ()
        lacking = waiting(self.migrated)
        if self.system:
            return lacking
        # Without the System tab there is no record: a migration counts as applied when the tables show it.
        return tuple(migration for migration in lacking if not migration.evident(self.headers))

    @property
    def steps(self) -> frozenset[str]:
        """Names of the steps that the workbook was last set up with."""
        return frozenset(steps_known(self.system))

    def was_out_of_use(self, key: str) -> bool:
        """Whether a tab belongs to a built-in step that was not in use when the workbook was last set up."""
        return bool(self.system) and is_left_out(key, schema_in_use(self.steps))

    def tab(self, key: str) -> TabInfo | None:
        """The tab with a key's mark; None when it is missing."""
        return next((tab for tab in self.info.tabs if tab.mark == key), None)


@dataclass(frozen=True, slots=True)
class Room:
    """Rows of Control's grid that a set-up inserts and deletes, so that rows around them keep their cells and formats.

    Attributes:
        deleted: 0-based rows that are deleted first, as they were before.
        inserted: 0-based first row and number of the rows inserted then, each place counting the insertions before it.
        new: The inserted rows as they come to stand.
        groups: Groups of rows [start, end) inside the list of the tabs, as they were before.
        order: How the rows come to stand where this version wants them, in a workbook that an earlier one laid out.
        rules: Places of Control's own conditional format rules, to be made anew.
    """

    deleted: tuple[int, ...] = ()
    inserted: tuple[tuple[int, int], ...] = ()
    new: frozenset[int] = frozenset()
    groups: tuple[tuple[int, int], ...] = ()
    order: Order | None = None
    rules: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Every tab of the workbook after the set-up: its declaration, its id, and the places of its columns.

    Attributes:
        existing: The workbook as read.
        setup: The settings.
        specs: Every tab's declaration, in order.
        tabs: The existing tab of each key; None for a new one.
        ids: The id of each tab, existing or new, by key.
        where: Titles and columns, for writing formulas.
        room: The rows of Control that are inserted and deleted before it is written.
        new_headers: Headers to append at the right end of existing tables, by key.
        displaced: Lost headers whose declared column has another header by now, with their former column, by key.
        rebuilt: Headers of deleted columns of derived tabs, which are appended as new ones are, by key.
    """

    existing: Existing
    setup: Setup
    specs: tuple[TabSpec, ...]
    tabs: Mapping[str, TabInfo | None]
    ids: Mapping[str, int]
    where: Addresses
    room: Room = Room()
    new_headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    displaced: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    rebuilt: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, existing: Existing, setup: Setup, new_ids: Iterator[int]) -> Layout:
        """Build the layout: new ids for missing tabs, present titles and columns for existing ones."""
        declared = setup.specs
        tabs = {spec.key: existing.tab(spec.key) for spec in declared}
        specs = tuple(
            as_it_stands(spec, existing.headers.get(spec.key, ()), existing.made_with) if tabs[spec.key] else spec
            for spec in declared
        )
        specs = tuple(_titled(existing, setup, spec) if tabs[spec.key] is None else spec for spec in specs)
        taken = {tab.sheet_id for tab in existing.info.tabs}
        unused = (number for number in new_ids if number not in taken)
        ids = {key: tab.sheet_id if tab else next(unused) for key, tab in tabs.items()}
        titles = {spec.key: (tabs[spec.key] or spec).title for spec in specs}
        new = {spec.key: added for spec in specs if (added := _new_headers(existing, setup.schema, spec))}
        rebuilt = {
            spec.key: lost for spec in specs if (lost := _deleted_columns(existing, spec, new.get(spec.key, ())))
        }
        new |= {
            spec.key: _in_order(spec, (*new.get(spec.key, ()), *rebuilt[spec.key]))
            for spec in specs
            if spec.key in rebuilt
        }
        wider = {spec.key: _widened(existing, spec, new[spec.key]) for spec in specs if spec.key in new}
        displaced = {
            spec.key: columns for spec in specs if (columns := _displaced(existing, spec, new.get(spec.key, ())))
        }
        headers = {**existing.headers, **wider}
        for key, columns in displaced.items():
            headers[key] = _with_lost(headers[key], columns)
        where = Addresses(titles, {spec.key: spec for spec in specs}, headers)
        return cls(existing, setup, specs, tabs, ids, where, new_headers=new, displaced=displaced, rebuilt=rebuilt)

    @property
    def schema(self) -> Schema:
        """Columns and steps."""
        return self.setup.schema

    @property
    def new_workbook(self) -> bool:
        """Whether the workbook has none of the worker's tabs yet."""
        return all(tab is None for tab in self.tabs.values())

    def starts_hidden(self, spec: TabSpec) -> bool:
        """Whether a tab is created hidden: a rare one in a new workbook, and where a migration brings it."""
        comes = any(spec.key in migration.tabs for migration in self.existing.waiting)
        return spec.hidden or (spec.rare and (self.new_workbook or comes))

    @property
    def listed(self) -> tuple[ListedTab, ...]:
        """The tabs that Control lists: those there after the set-up, batch tabs beyond the parts asked for too."""
        parts = {
            step.name: max(self.setup.parts.get(step.name, 1), self._parts(step.name))
            for step in self.schema.steps
        }
        present = {tab.mark: tab for tab in self.existing.info.tabs if tab.mark}
        declared = {spec.key: spec for spec in self.specs}
        specs = [declared.get(spec.key, spec) for spec in replace(self.setup, parts=parts).specs]
        ids = {key: tab.sheet_id for key, tab in present.items()} | dict(self.ids)
        titles = {spec.key: present[spec.key].title if spec.key in present else spec.title for spec in specs}
        shown = {
            spec.key: not (present[spec.key].hidden if spec.key in present else self.starts_hidden(spec))
            for spec in specs
        }
        return tuple(of_specs(specs, ids, titles, shown))

    def _parts(self, step: str) -> int:
        """How many batch tabs a step has."""
        return sum((tab.mark or "").startswith(f"batch.{step}.") for tab in self.existing.info.tabs)

    @property
    def removed_steps(self) -> frozenset[str]:
        """Names of the steps that the workbook was set up with and that are no longer in use."""
        return self.existing.steps - {step.name for step in self.schema.steps}

    @property
    def other_steps(self) -> bool:
        """Whether other steps are in use than when the workbook was last set up; not without a record of that."""
        return bool(self.existing.system) and self.existing.steps != {step.name for step in self.schema.steps}

    @property
    def language(self) -> str:
        """The language of texts for people."""
        return self.setup.language


def _titled(existing: Existing, setup: Setup, spec: TabSpec) -> TabSpec:
    """A new tab's declaration with the title that it is created with: one that no other tab has.

    The owner's own tabs of a new workbook keep their titles, for which `refuse_taken_titles` asks.
    """
    title = spec.name(setup.language)
    taken = {tab.title.casefold() for tab in existing.info.tabs if tab.sheet_id not in existing.blank}
    if title.casefold() in taken and (spec.module or any(tab.mark for tab in existing.info.tabs)):
        numbered = itertools.chain([f"{title} (CRM)"], (f"{title} (CRM {n})" for n in itertools.count(2)))
        title = next(free for free in numbered if free.casefold() not in taken)
    return spec if title == spec.title else replace(spec, title=title)


def _new_headers(existing: Existing, schema: Schema, spec: TabSpec) -> tuple[str, ...]:
    """Headers that migrations or the settings add to a table that never had them: new ones, as opposed to lost ones.

    A lost header of a step that the workbook already has is not new: a second, blank column would be appended for it.
    """
    if existing.tab(spec.key) is None:
        return ()
    new_steps = [step for step in schema.steps if step.name not in existing.steps]
    if not existing.system:
        # Without a record in System every built-in step is taken for one that the workbook has: a lost header is put
        # back in its place.
        new_steps = [step for step in new_steps if step.custom]
    added: set[str] = set()
    if spec.key == MASTER:
        added |= {column.name for step in new_steps for column in state_columns(step.name)}
        added |= {name for step in schema.custom for name in step.brings}
        new_modules = [columns for name, columns in schema.of_modules if name not in existing.modules]
        added |= {column.name for columns in new_modules for column in columns}
        added |= set() if _has_unknown_headers(existing, schema, spec) else set(schema.extra)
        added |= set(schema.kept)
    elif spec.key == HISTORY:
        added |= _new_metrics(existing, schema, new_steps)
    else:
        added |= _extra_of_step(schema, spec)
    # A migration that was made while the tab's step was out of use did not reach the tab.
    missed = since(1) if existing.was_out_of_use(spec.key) else existing.waiting
    added |= {header for migration in missed for header in migration.adds(spec.key)}
    if spec.classic:
        # Hidden, they stand right of everything: one that somebody deleted comes back there, wherever it was.
        added |= {column.header for column in spec.columns if column.hidden}
    present = {str(cell).strip() for cell in existing.headers.get(spec.key, ())}
    return tuple(header for header in spec.headers if header in added - present)


def _new_metrics(existing: Existing, schema: Schema, new_steps: Sequence[Step]) -> set[str]:
    """Ids of the metrics that come with new steps."""
    added = {name for step in new_steps if step.custom for name in custom_ids(step)}
    if any(not step.custom for step in new_steps):
        ids = {
            metric.id for metric in metrics(schema) if metric.section not in {step.name for step in schema.custom}
        }
        added |= ids - {metric.id for metric in metrics(schema_in_use(existing.steps))}
    return added


def _has_unknown_headers(existing: Existing, schema: Schema, spec: TabSpec) -> bool:
    """Whether the Master has undeclared headers, one of which may be a renamed extra column."""
    if not existing.steps <= {step.name for step in schema.steps}:
        return False  # they may belong to a removed step
    return any(
        str(cell).strip() not in {"", *spec.headers, *schema.unused} for cell in existing.headers.get(spec.key, ())
    )


def _extra_of_step(schema: Schema, spec: TabSpec) -> set[str]:
    """Headers that the settings add to the input and batch tabs of a built-in step."""
    built_in = next((step for step in STEPS if step.name == step_of(spec.key)), None)
    if built_in is None:
        return set()
    return {header for header, _ in schema.step(built_in.name).columns} - {
        header for header, _ in built_in.columns
    }


def _deleted_columns(existing: Existing, spec: TabSpec, new: Sequence[str]) -> tuple[str, ...]:
    """Headers of the columns that somebody deleted from a tab of a step, which is derived from the Master.

    They are appended at the right end, where no cell of an operator moves, and the next run fills them. Without the
    key nothing tells whose row is whose, and a header that was only typed over is put back in its place.
    """
    row = [str(cell).strip() for cell in existing.headers.get(spec.key, ())]
    if existing.tab(spec.key) is None or not step_of(spec.key) or spec.key_column not in row:
        return ()
    lost = tuple(name for name in spec.headers if name not in row and name not in new)
    moved = any(name in spec.headers and spec.headers.index(name) != n for n, name in enumerate(row))
    return lost if lost and moved and not _displaced(existing, spec, new) else ()


def _in_order(spec: TabSpec, headers: Sequence[str]) -> tuple[str, ...]:
    """Headers in the order of their declaration."""
    return tuple(sorted(headers, key=spec.headers.index))


def _displaced(existing: Existing, spec: TabSpec, new: Sequence[str]) -> dict[str, int]:
    """Columns of lost headers that the owner's own columns have pushed to the right of their declared place.

    Only a blank header cell shows where a lost header was. So there have to be as many blank cells as lost headers, and
    with the headers put back the declared order has to hold, or each stands beside its declared neighbour: columns of
    a step that was taken into use later stand together at the right end. Empty when every lost header can be written to
    its declared column, or the former column of one cannot be determined.
    """
    tab = existing.tab(spec.key)
    if tab is None or not spec.columns:
        return {}
    row = [str(cell).strip() for cell in existing.headers.get(spec.key, ())]
    row += [""] * (max(tab.columns, len(spec.columns)) - len(row))
    declared = [name for name in spec.headers if name not in new]
    lost = [name for name in declared if name not in row]
    pushed = [name for name in lost if row[spec.headers.index(name)] != ""]
    blank = [n for n in range(tab.columns) if row[n] == ""]
    if not pushed or len(lost) != len(blank):
        return {}
    columns = dict(zip(lost, blank, strict=True))
    order = [columns[name] if name in columns else row.index(name) for name in declared]
    return columns if order == sorted(order) else _beside_neighbours(declared, row, lost)


def _beside_neighbours(declared: Sequence[str], row: Sequence[str], lost: Sequence[str]) -> dict[str, int]:
    """The one blank cell beside a declared neighbour of each lost header; empty when there is none or another one."""
    places = {name: n for n, name in enumerate(row) if name}
    columns: dict[str, int] = {}
    for name in lost:
        n = declared.index(name)
        beside = {places[before] + 1 for before in declared[max(n - 1, 0) : n] if before in places}
        beside |= {places[after] - 1 for after in declared[n + 1 : n + 2] if after in places}
        blank = [place for place in beside - set(columns.values()) if 0 <= place < len(row) and row[place] == ""]
        if len(blank) != 1:
            return {}
        columns[name] = places[name] = blank[0]
    return columns


def _with_lost(row: Sequence[Cell], columns: Mapping[str, int]) -> list[Cell]:
    restored = [*row, *[""] * (max(columns.values()) + 1 - len(row))]
    for name, column in columns.items():
        restored[column] = name
    return restored


def _widened(existing: Existing, spec: TabSpec, new: Sequence[str]) -> list[Cell]:
    """The header row of a table with the new headers right of its whole grid."""
    tab = existing.tab(spec.key)
    assert tab is not None
    row = list(existing.headers.get(spec.key, ()))
    width = max(tab.columns, len(row), len(spec.columns) - len(new))
    return [*row, *[""] * (width - len(row)), *new]
