"""What a run needs to know of the settings; nothing here reads files or environment.

No field has a default and none is checked: defaults and limits stand in `sheets_crm.config` only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sheets_crm.pipeline.metric_list import metrics
from sheets_crm.pipeline.steps import Schema
from sheets_crm.workbook.tabs import TabSpec, all_tabs


@dataclass(frozen=True, slots=True)
class RunSettings:
    """The settings of the runs of one workbook.

    Attributes:
        schema: Columns and steps.
        language: Of the tabs and messages, "es" or "en".
        account: Address of the service account.
        workbook: Id of the spreadsheet.
        state_dir: Where caches, the spool, archives and the change journal are kept.
        settle_seconds: How long something has to stand unchanged before it is taken.
        interval_seconds: Between two looks of the scheduled worker.
        heartbeat_minutes: How often the heartbeat is written at most.
        stale_days: Age at which a batch with outstanding leads counts as stale.
        lead_days: Days from import to Box 1 until there is a sample.
        max_change_share: Largest share of the Master that may differ from what was last known of it.
        full_reconcile_minutes: How often everything is read although nothing asks for it.
        parts: Batch tabs per step to begin with.
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

    def specs(self, parts: Mapping[str, int]) -> tuple[TabSpec, ...]:
        """Return the declarations of every tab, with as many batch tabs as Control asks for."""
        return all_tabs(self.schema, tuple(metric.id for metric in metrics(self.schema)), dict(parts))
