"""The roles of the tabs, which their marks hold: people may change a title, not this."""

from __future__ import annotations

from typing import Final

from sheets_crm.pipeline.schema import Step

CONTROL: Final = "control"
DASHBOARD: Final = "dashboard"
INBOX: Final = "inbox"
REJECTED: Final = "rejected"
BATCHES: Final = "batches"
IMPORTS: Final = "imports"
STORAGE: Final = "storage"
BOX1_HISTORY: Final = "box1_history"
LEAD_PROFILE: Final = "lead_profile"
HISTORY: Final = "history"
LOG: Final = "log"
VOCABULARY: Final = "vocabulary"
SYSTEM: Final = "system"
MASTER: Final = "master"
REJECTED_COLUMNS: Final = ("retry", "discard", "reason", "remedy", "source", "row")


def input_key(step: Step) -> str:
    """The key of a step's input tab."""
    return f"input.{step.name}"


def batch_key(step: Step, part: int = 1) -> str:
    """The key of a step's K-th batch tab (from 1)."""
    return f"batch.{step.name}.{part}"


def step_of(key: str) -> str:
    """The name of the step whose input or batch tab has a key; "" for any other tab."""
    kind, _, rest = key.partition(".")
    return rest.split(".")[0] if kind in {"input", "batch"} else ""
