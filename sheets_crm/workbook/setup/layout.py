"""What a workbook is set up with, what is there already, and where every tab is going to stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sheets_crm.pipeline.columns import state_columns
from sheets_crm.pipeline.metric_list import custom_ids, metrics
from sheets_crm.pipeline.steps import STEPS, Schema
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import Cell, CellIn
from sheets_crm.workbook.info import TabInfo, WorkbookInfo
from sheets_crm.workbook.migrations import Migration, as_it_stands, waiting
from sheets_crm.workbook.system import steps_known
from sheets_crm.workbook.tabs import HISTORY, MASTER, TabSpec, all_tabs, step_of


@dataclass(frozen=True, slots=True)
class Setup:
    """What a workbook is set up with.

    Attributes:
        schema: Columns and steps.
        language: "es" or "en".
        parts: Batch tabs per step.
        account: The service account's address, which stays an editor of the protections.
        interval: Seconds between two looks of the scheduled worker, for Control's text.
        vocabulary: Rows of the verifier vocabulary to begin with.
        stored: Values of System's stored keys.
    """

    schema: Schema
    language: str
    parts: Mapping[str, int]
    account: str
    interval: float
    vocabulary: Sequence[Sequence[CellIn]] = ()
    stored: Mapping[str, CellIn] = field(default_factory=dict)

    @property
    def specs(self) -> tuple[TabSpec, ...]:
        """Every tab's declaration, in order."""
        return all_tabs(self.schema, tuple(metric.id for metric in metrics(self.schema)), dict(self.parts))


@dataclass(frozen=True, slots=True)
class Existing:
    """What was read of a workbook before setting it up.

    Attributes:
        info: The workbook without its cells.
        headers: Row 1 of each marked table tab, by key.
        control: Control's cells from A1; empty when the tab is not there.
        control_was: Control's cells before its rows were moved in the second of the write before; all of it is
            written anew from them.
        blank: Ids of unmarked tabs that hold nothing.
        system: System's keys as they stand; empty when the tab is not there.
        migrated: What System records of the migrations that the workbook has.
        made_with: Number of the layout that it was made with.
    """

    info: WorkbookInfo
    headers: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    control: Sequence[Sequence[Cell]] = ()
    control_was: Sequence[Sequence[Cell]] = ()
    blank: frozenset[int] = frozenset()
    system: tuple[str, ...] = ()
    migrated: str = ""
    made_with: int = 1

    @property
    def waiting(self) -> tuple[Migration, ...]:
        """The migrations that it lacks; none while there is nothing but blank tabs."""
        if not any(tab.mark for tab in self.info.tabs):
            return ()
        lacking = waiting(self.migrated)
        if self.system:
            return lacking
        # With the System tab the record is gone as well: what the tables show was made.
        return tuple(migration for migration in lacking if not migration.evident(self.headers))

    @property
    def steps(self) -> frozenset[str]:
        """Names of the steps that the workbook was last set up with."""
        return frozenset(steps_known(self.system))

    def tab(self, key: str) -> TabInfo | None:
        """Return the tab that bears a key's mark."""
        return next((tab for tab in self.info.tabs if tab.mark == key), None)


@dataclass(frozen=True, slots=True)
class Layout:
    """Every tab of the workbook as it is going to be: its declaration, its id, and where its columns stand.

    Attributes:
        existing: What is there.
        setup: What it is set up with.
        specs: Every tab's declaration, in order.
        tabs: The tab that is there for each key, None where it is to be made.
        ids: The id of each tab, there or to be made, by key.
        where: Titles and columns, for writing formulas.
        fresh: Headers that tables which are there get at their right end, by key.
        elsewhere: Lost headers in whose declared place another header stands, and the column that each had, by key.
    """

    existing: Existing
    setup: Setup
    specs: tuple[TabSpec, ...]
    tabs: Mapping[str, TabInfo | None]
    ids: Mapping[str, int]
    where: Addresses
    fresh: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    elsewhere: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, existing: Existing, setup: Setup, new_ids: Iterator[int]) -> Layout:
        """Give every tab that is missing an id that no tab has, and keep what the others are called."""
        declared = setup.specs
        tabs = {spec.key: existing.tab(spec.key) for spec in declared}
        specs = tuple(
            as_it_stands(spec, existing.headers.get(spec.key, ()), existing.made_with) if tabs[spec.key] else spec
            for spec in declared
        )
        taken = {tab.sheet_id for tab in existing.info.tabs}
        unused = (number for number in new_ids if number not in taken)
        ids = {key: tab.sheet_id if tab else next(unused) for key, tab in tabs.items()}
        titles = {spec.key: (tabs[spec.key] or spec).title for spec in specs}
        fresh = {spec.key: headers for spec in specs if (headers := _fresh(existing, setup.schema, spec))}
        wider = {spec.key: _widened(existing, spec, fresh[spec.key]) for spec in specs if spec.key in fresh}
        elsewhere = {
            spec.key: places for spec in specs if (places := _elsewhere(existing, spec, fresh.get(spec.key, ())))
        }
        known = {**existing.headers, **wider}
        for key, places in elsewhere.items():
            known[key] = _with_lost(known[key], places)
        where = Addresses(titles, {spec.key: spec for spec in specs}, known)
        return cls(existing, setup, specs, tabs, ids, where, fresh, elsewhere)

    @property
    def schema(self) -> Schema:
        """Columns and steps."""
        return self.setup.schema

    @property
    def gone(self) -> int:
        """How many steps the workbook was set up with that the settings no longer declare."""
        return len(self.existing.steps - {step.name for step in self.schema.steps})

    @property
    def language(self) -> str:
        """The language of what is written for people."""
        return self.setup.language


def _fresh(existing: Existing, schema: Schema, spec: TabSpec) -> tuple[str, ...]:
    """Return the headers that migrations or the settings add and a table never had: they are new, and not lost.

    A lost header of a step that the workbook knows is none of them: a second column of that name would be blank.
    """
    if existing.tab(spec.key) is None:
        return ()
    new = [step for step in schema.custom if step.name not in existing.steps]
    wanted: set[str] = set()
    if spec.key == MASTER:
        wanted |= {column.name for step in new for column in state_columns(step.name)}
        wanted |= {name for step in schema.custom for name in step.brings}
        wanted |= set() if _strange(existing, schema, spec) else set(schema.extra)
    elif spec.key == HISTORY:
        wanted |= {name for step in new for name in custom_ids(step)}
    else:
        wanted |= _extra_of_step(schema, spec)
    wanted |= {header for migration in existing.waiting for header in migration.adds(spec.key)}
    there = {str(cell).strip() for cell in existing.headers.get(spec.key, ())}
    return tuple(header for header in spec.headers if header in wanted - there)


def _strange(existing: Existing, schema: Schema, spec: TabSpec) -> bool:
    """Return whether the Master has headers that nobody declares: a further column may have been renamed there."""
    if not existing.steps <= {step.name for step in schema.steps}:
        return False  # those of a step that the settings left out
    return any(str(cell).strip() not in {"", *spec.headers} for cell in existing.headers.get(spec.key, ()))


def _extra_of_step(schema: Schema, spec: TabSpec) -> set[str]:
    """Return the headers that the settings add to a built-in step, of its input tab or a batch tab."""
    built_in = next((step for step in STEPS if step.name == step_of(spec.key)), None)
    if built_in is None:
        return set()
    return {header for header, _ in schema.step(built_in.name).columns} - {
        header for header, _ in built_in.columns
    }


def _elsewhere(existing: Existing, spec: TabSpec, fresh: Sequence[str]) -> dict[str, int]:
    """Return where lost headers stood that the owner's own columns have pushed to the right of their declared place.

    New columns stand right of everything, so of a lost one only its blank header tells where it was: there have to be
    as many blank headers as lost ones, each between its neighbours. Empty when every lost header can go where it is
    declared, or nobody can tell where one was.
    """
    tab = existing.tab(spec.key)
    if tab is None or not spec.columns:
        return {}
    row = [str(cell).strip() for cell in existing.headers.get(spec.key, ())]
    row += [""] * (max(tab.columns, len(spec.columns)) - len(row))
    declared = [name for name in spec.headers if name not in fresh]
    lost = [name for name in declared if name not in row]
    pushed = [name for name in lost if row[spec.headers.index(name)] != ""]
    blank = [n for n in range(tab.columns) if row[n] == ""]
    if not pushed or len(lost) != len(blank):
        return {}
    places = dict(zip(lost, blank, strict=True))
    stand = [places[name] if name in places else row.index(name) for name in declared]
    return places if stand == sorted(stand) else {}


def _with_lost(row: Sequence[Cell], places: Mapping[str, int]) -> list[Cell]:
    found = [*row, *[""] * (max(places.values()) + 1 - len(row))]
    for name, place in places.items():
        found[place] = name
    return found


def _widened(existing: Existing, spec: TabSpec, fresh: Sequence[str]) -> list[Cell]:
    """Return the header row of a table once the new headers stand right of everything that is in its grid."""
    tab = existing.tab(spec.key)
    assert tab is not None
    row = list(existing.headers.get(spec.key, ()))
    width = max(tab.columns, len(row), len(spec.columns) - len(fresh))
    return [*row, *[""] * (width - len(row)), *fresh]
