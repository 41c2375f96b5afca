"""Control: settings that could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sheets_crm.engine import tabs_shown
from sheets_crm.engine.features import Feature
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook import tab_list
from sheets_crm.workbook.control import named
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabSpec
from sheets_crm.workbook.signals import Signal
from sheets_crm.workbook.tabs import CONTROL


def prepare(working: WorkingState) -> None:
    """Report the settings of Control whose cell is invalid; their default is used."""
    for name in working.snapshot.control.unclear:
        label, used = named(name, working.settings.language)
        working.problem("setting_unclear", setting=label, used=used)


TABS: Final = Signal("tabs", lambda where, _panel: tab_list.signal(where.titles[CONTROL]))
"""Ticks of the list of tabs that differ from what the worker last saw."""


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Control: what operators set and ask for, and what the worker says."""
    yield TabSpec(CONTROL, "Control", colour=0xD93025, policy=ReadPolicy.WHOLE, signals=(TABS,), group=Group.TODAY)


FEATURE: Final = Feature("control", tables=tables, prepare=prepare)
TAB_LIST: Final = Feature("tab list", conclude=tabs_shown.answer_ticks)
"""The list of tabs on Control; its ticks are answered when all features are done."""
