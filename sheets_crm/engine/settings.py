"""The settings that a run needs, as a value; nothing here reads files or the environment.

No field has a default and none is validated: defaults and limits are in `sheets_crm.config` only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.system import SystemLayout, SystemState, kept_columns

if TYPE_CHECKING:
    from sheets_crm.engine.features import Features


@dataclass(frozen=True, slots=True)
class RunSettings:
    """The settings of the runs of one workbook.

    Attributes:
        schema: Columns and steps.
        language: Of the tabs and messages, "es" or "en".
        account: Address of the service account.
        workbook: Id of the spreadsheet.
        state_dir: Where caches, the spool, archives and the change journal are kept.
        settle_seconds: Debounce: how long ticks and imports have to stand unchanged before a run takes them.
        interval_seconds: Time between two polls of the scheduled worker.
        heartbeat_minutes: Least time between two heartbeats.
        stale_days: Age at which a batch with outstanding leads counts as stale.
        lead_days: Days from import to Box 1, assumed until they can be measured.
        max_change_share: Largest share of the Master that may differ from the cached leads.
        full_reconcile_minutes: Time after which everything is read although nothing asks for it.
        parts: Batch tabs per step to begin with.
        features: What operators see, and what it does.
        modules: Names of the modules that are switched on.
        pushes: Whether batches of the step that contacts leads go to its service by themselves.
    """

    schema: Schema
    language: str
    account: str
    workbook: str
    state_dir: Path
    settle_seconds: float
    interval_seconds: float
    heartbeat_minutes: float
    stale_days: int
    lead_days: float
    max_change_share: float
    parts: Mapping[str, int]
    full_reconcile_minutes: float
    features: Features
    modules: Sequence[str]
    pushes: bool

    def specs(self, parts: Mapping[str, int]) -> tuple[TabSpec, ...]:
        """The declarations of every tab.

        Args:
            parts: Batch tabs of each step; one for a step that is missing.
        """
        return self.features.specs(self.schema, parts)

    def of_workbook(self, state: SystemState) -> RunSettings:
        """The settings with the columns that the workbook keeps of its imports, which System records."""
        kept = kept_columns(state)
        return self if kept == self.schema.kept else self.keeping(kept)

    def keeping(self, kept: Sequence[str]) -> RunSettings:
        """The settings with these kept columns; one that is declared by now is no kept one any more."""
        declared = replace(self.schema, kept=())
        return replace(
            self, schema=replace(declared, kept=tuple(n for n in dict.fromkeys(kept) if n not in declared.names))
        )

    @property
    def system(self) -> SystemLayout:
        """What stands where in System, by the signals that the tabs declare."""
        return self.features.system(self.schema)
