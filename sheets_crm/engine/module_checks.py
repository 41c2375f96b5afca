"""Modules that the settings switch on or off, compared with those that the workbook was last set up with."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sheets_crm.engine.settings import RunSettings
from sheets_crm.errors import RefusedPlan
from sheets_crm.messages import said
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
        raise RefusedPlan(
            f"The settings switch on a module that this workbook is not set up for: {', '.join(names)}.",
            cause="module_new:" + ",".join(names),
            remedy="Run: sheets-crm init (it adds the module's tabs and columns and moves nobody's cells)",
            state=said("unchanged"),
        )


def _refuse_gone(names: Sequence[str]) -> None:
    if names:
        raise RefusedPlan(
            f"This workbook has a module that the settings no longer switch on: {', '.join(names)}.",
            cause="module_gone:" + ",".join(names),
            remedy="Put it back into modules in the settings. To continue without it, run: sheets-crm init (its tabs "
            "are hidden; its columns and data stay as they are and are no longer kept up to date)",
            state=said("unchanged"),
        )


def refuse_missing_tabs(titles: Sequence[str]) -> None:
    """Stop because tabs of the worker were deleted: the rest cannot be trusted to be complete.

    Raises:
        RefusedPlan: Always; names the tabs.
    """
    raise RefusedPlan(
        f"System tabs are missing: {', '.join(titles)}.",
        cause="tab_missing:" + ",".join(titles),
        numbers={"missing": len(titles)},
        where=titles[0],
        remedy="Restore them with Edit › Undo or File › Version history, or run: sheets-crm init",  # noqa: RUF001
        state=said("unchanged"),
    )
