"""Modules that the settings switch on or off, compared with those that the workbook was last set up with."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sheets_crm.engine.settings import RunSettings
from sheets_crm.errors import refusal_of
from sheets_crm.workbook.migrations import MODULES
from sheets_crm.workbook.system import SystemState


def set_up_with(state: SystemState) -> list[str]:
    """Names of the modules that a workbook was last set up with."""
    return state.text(MODULES).split()


def modules_changed(state: SystemState, settings: RunSettings) -> bool:
    """Whether the settings switch on other modules than the workbook was set up with."""
    return sorted(set_up_with(state)) != sorted(settings.modules)


def refuse_modules(state: SystemState, settings: RunSettings, tabs: Collection[str]) -> None:
    """Stop when the workbook is not set up for the modules that are switched on, or a tab of them was deleted.

    Args:
        state: System as read.
        settings: The run's settings.
        tabs: Keys of the tabs that are there.

    Raises:
        RefusedPlan: Names the modules or the tabs.
    """
    recorded = set_up_with(state)
    _refuse_new([name for name in settings.modules if name not in recorded])
    _refuse_gone([name for name in recorded if name not in settings.modules])
    missing = [spec.title for spec in settings.specs({}) if spec.module and spec.key not in tabs]
    if missing:
        refuse_missing_tabs(missing)


def _refuse_new(names: Sequence[str]) -> None:
    if names:
        raise refusal_of("module_new:" + ",".join(names))


def _refuse_gone(names: Sequence[str]) -> None:
    if names:
        raise refusal_of("module_gone:" + ",".join(names))


def refuse_missing_tabs(titles: Sequence[str]) -> None:
    """Stop because tabs of the worker were deleted: the rest cannot be trusted to be complete.

    Raises:
        RefusedPlan: Always; names the tabs.
    """
    raise refusal_of("tab_missing:" + ",".join(titles), where=titles[0], missing=len(titles))
