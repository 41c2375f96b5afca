"""Control: settings that could not be read."""

from __future__ import annotations

from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.workbook.control import named


def prepare(working: WorkingState) -> None:
    """Report the settings of Control whose cell is invalid; their default is used."""
    for name in working.snapshot.control.unclear:
        label, used = named(name, working.settings.language)
        working.problem("setting_unclear", setting=label, used=used)


FEATURE: Final = Feature("control", prepare=prepare)
