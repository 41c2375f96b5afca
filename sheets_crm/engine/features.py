"""What the engine knows of features: the tables they declare, the commands they read, the handlers they have.

The engine names no tab, no step and no module. What operators see is declared by features (`sheets_crm.features`) and
handed to the engine with the settings of a run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from sheets_crm.engine.commands import Command, Handler, Handlers
from sheets_crm.engine.feeds import Feed
from sheets_crm.engine.table_edits import EditRow, TwoWay, edit_commands, obey
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.messages import Problem
from sheets_crm.pipeline.imports.recognition import NOTHING_SAID, Recognition
from sheets_crm.pipeline.schema import Schema
from sheets_crm.plan.changes import Change
from sheets_crm.workbook.cells import CellIn
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.info import Rows
from sheets_crm.workbook.panel import PanelState, own_ids
from sheets_crm.workbook.system import SystemLayout

if TYPE_CHECKING:
    from sheets_crm.engine.settings import RunSettings
    from sheets_crm.engine.snapshot import Snapshot

Tables = Callable[[Schema, Mapping[str, int]], Iterable[TabSpec]]


def _no_tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterable[TabSpec]:
    return ()


def _nothing(_working: WorkingState) -> None:
    """Do nothing."""


def _no_commands(_working: WorkingState) -> Iterable[Command]:
    return ()


def _no_parts(_panel: PanelState, _schema: Schema) -> Mapping[str, int]:
    return {}


def _no_ids(_schema: Schema) -> tuple[str, ...]:
    return ()


def _no_rows(_working: WorkingState) -> Mapping[str, Mapping[int, CellIn]]:
    return {}


def _no_counters(_rows: Mapping[str, Rows], _schema: Schema) -> Mapping[str, int]:
    return {}


def _no_differences(_snapshot: Snapshot, _settings: RunSettings, _moment: dt.datetime) -> Iterable[Problem]:
    return ()


def _nothing_said(_snapshot: Snapshot, _settings: RunSettings) -> Recognition:
    return NOTHING_SAID


def _no_columns(_snapshot: Snapshot, _settings: RunSettings) -> Iterable[str]:
    return ()


def _no_places(_snapshot: Snapshot, _settings: RunSettings) -> Mapping[tuple[str, str], tuple[int, int]]:
    return {}


def _no_changes(_working: WorkingState) -> list[Change]:
    return []


def _no_last_changes(_working: WorkingState, _changes: Sequence[Change]) -> list[Change]:
    return []


@dataclass(frozen=True, eq=False)  # two features are the same when they are one: so they can be hashed
class Feature:
    """One thing that operators see: its tables, what its cells ask for, and what its rows should be.

    Every part but the name may be left out.

    Attributes:
        name: Its name, for messages of developers.
        tables: The declarations of its tabs, given the columns and steps and the number of batch tabs by step.
        prepare: Brings the working state up to date before any command: notes typed beside leads, problems of cells.
        commands: The commands that its cells ask for, in order; read when the features before it are done.
        handlers: What each of its commands does.
        conclude: What follows from the commands of all features, before the rows are compared: counts, for instance.
        changes: The changes that bring its tables to what the working state asks for.
        last_changes: Further changes of the last write of a run, given those of all features.
        panel_ids: Ids of the rows of the panel that it needs, given the columns and steps.
        panel_rows: What cells of the panel hold by declaration, by id of the row and column, to put them back.
        parts: How many batch tabs the panel asks for, by step.
        counters: Counters that follow from its tables when System is lost: given each table's rows, by key of System.
        differences: Results of its formulas that differ from what the worker counts; the run reports them.
        recognition: What operators have said about the imports to come, given the workbook as read.
        kept: The columns of the Master that operators ask to keep of imports, there already or not.
        annotated: Rows of which it has to know whether somebody put a note on a cell, before it deletes them: id of the
            tab and 0-based row, by table and key. Asked once a run has judged the imports that stand in the workbook.
        of_engine: Its tabs are the engine's own, and hidden.
        two_way: What an operator's edit of a row does, by key of the two-way table.
        feed: What it makes of deliveries that came in by themselves.
    """

    name: str
    tables: Tables = _no_tables
    prepare: Callable[[WorkingState], None] = _nothing
    commands: Callable[[WorkingState], Iterable[Command]] = _no_commands
    handlers: Handlers = field(default_factory=dict)
    conclude: Callable[[WorkingState], None] = _nothing
    changes: Callable[[WorkingState], list[Change]] = _no_changes
    last_changes: Callable[[WorkingState, Sequence[Change]], list[Change]] = _no_last_changes
    panel_ids: Callable[[Schema], tuple[str, ...]] = _no_ids
    panel_rows: Callable[[WorkingState], Mapping[str, Mapping[int, CellIn]]] = _no_rows
    parts: Callable[[PanelState, Schema], Mapping[str, int]] = _no_parts
    counters: Callable[[Mapping[str, Rows], Schema], Mapping[str, int]] = _no_counters
    differences: Callable[[Snapshot, RunSettings, dt.datetime], Iterable[Problem]] = _no_differences
    recognition: Callable[[Snapshot, RunSettings], Recognition] = _nothing_said
    kept: Callable[[Snapshot, RunSettings], Iterable[str]] = _no_columns
    annotated: Callable[[Snapshot, RunSettings], Mapping[tuple[str, str], tuple[int, int]]] = _no_places
    of_engine: bool = False
    two_way: Mapping[str, TwoWay] = field(default_factory=dict)
    feed: Feed | None = None


@dataclass(frozen=True)
class Features:
    """The features of a workbook, in the order of their tabs, which is also the order in which their commands run."""

    features: tuple[Feature, ...]

    def __iter__(self) -> Iterator[Feature]:
        return iter(self.features)

    def specs(self, schema: Schema, parts: Mapping[str, int]) -> tuple[TabSpec, ...]:
        """The declarations of every tab, in the order of the workbook."""
        return _specs(self, schema, tuple(sorted(parts.items())))

    def system(self, schema: Schema) -> SystemLayout:
        """What stands where in System, by the signals that the tabs declare."""
        return _system(self, schema)

    def panel_ids(self, schema: Schema) -> tuple[str, ...]:
        """Ids of the rows of the panel that a run needs."""
        return (*own_ids(), *(row_id for feature in self.features for row_id in feature.panel_ids(schema)))

    def panel_rows(self, working: WorkingState) -> dict[str, dict[int, CellIn]]:
        """What cells of the panel hold by declaration, by id of the row and column."""
        rows: dict[str, dict[int, CellIn]] = {}
        for feature in self.features:
            for row_id, cells in feature.panel_rows(working).items():
                rows.setdefault(row_id, {}).update(cells)
        return rows

    def parts(self, panel: PanelState, schema: Schema) -> dict[str, int]:
        """How many batch tabs the panel asks for, by step."""
        return {step: n for feature in self.features for step, n in feature.parts(panel, schema).items()}

    def recognition(self, snapshot: Snapshot, settings: RunSettings) -> Recognition:
        """What operators have said about the imports to come."""
        said = (feature.recognition(snapshot, settings) for feature in self.features)
        return next((one for one in said if one != NOTHING_SAID), NOTHING_SAID)

    def annotated(self, snapshot: Snapshot, settings: RunSettings) -> dict[tuple[str, str], tuple[int, int]]:
        """The rows whose notes have to be known: id of the tab and 0-based row, by table and key."""
        places = (feature.annotated(snapshot, settings).items() for feature in self.features)
        return {row: place for of_feature in places for row, place in of_feature}

    def counters(self, rows: Mapping[str, Rows], schema: Schema) -> dict[str, int]:
        """The counters that follow from the rows of the tables, by key of System."""
        return {key: n for feature in self.features for key, n in feature.counters(rows, schema).items()}

    def with_modules(self, added: Iterable[Feature]) -> Features:
        """These features with those of modules, whose tabs stand left of the tabs that the engine keeps for itself."""
        first = next((n for n, feature in enumerate(self.features) if feature.of_engine), len(self.features))
        return Features((*self.features[:first], *added, *self.features[first:]))

    @cached_property
    def _handlers(self) -> dict[type[Command], Handler]:
        handlers = {kind: handler for feature in self.features for kind, handler in feature.handlers.items()}
        return {EditRow: obey, **handlers}

    @cached_property
    def two_way(self) -> Mapping[str, TwoWay]:
        """What edits do, by key of the two-way table."""
        return {key: two_way for feature in self.features for key, two_way in feature.two_way.items()}

    @cached_property
    def feeds(self) -> Mapping[str, Feed]:
        """The feeds by their names in the intake."""
        return {feature.feed.source: feature.feed for feature in self.features if feature.feed is not None}

    def commands(self, working: WorkingState) -> Iterator[Command]:
        """What the cells of each feature ask for, feature by feature, and what the edits of its tables do."""
        for feature in self.features:
            yield from feature.commands(working)
            if working.snapshot.edits:
                tables = (spec.key for spec in feature.tables(working.schema, {}) if spec.two_way)
                yield from edit_commands(working, tables)

    def handler(self, command: Command) -> Handler:
        """What does a command.

        Raises:
            KeyError: No feature has a handler for it.
        """
        return self._handlers[type(command)]


# A run asks for them at every turn; they follow from values that stay the same while a worker lives.
@lru_cache(maxsize=32)
def _specs(features: Features, schema: Schema, parts: tuple[tuple[str, int], ...]) -> tuple[TabSpec, ...]:
    return tuple(spec for feature in features for spec in feature.tables(schema, dict(parts)))


@lru_cache(maxsize=32)
def _system(features: Features, schema: Schema) -> SystemLayout:
    return SystemLayout.of(schema, features.specs(schema, {}))
