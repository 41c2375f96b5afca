"""Roles: the marks by which the engine knows the few tabs that it needs by name, and the tabs of a step.

Every other tab is to the engine what its declaration says.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from sheets_crm.pipeline.schema import Step

SYSTEM: Final = "system"
"""Signals, counters, and what a second worker has to know."""
LEADS: Final = "master"
"""The leads: the truth about every lead's cells."""
PANEL: Final = "control"
"""What operators set, and what the worker tells them."""
LOG: Final = "log"
"""A row for each run that changed something."""
INBOX: Final = "inbox"
"""The worker's own import tab."""


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


def batch_tabs(step: Step, keys: Container[str]) -> int:
    """How many batch tabs a step has among these keys, whatever the settings allow today."""
    count = 0
    while batch_key(step, count + 1) in keys:
        count += 1
    return count
