"""A survey: everything that a run would stop at, all at once, of a workbook that cannot be read as it should be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sheets_crm.engine.checks import refuse_lead_numbers, refuse_other, refuse_shrunk
from sheets_crm.engine.chunked_read import read_in_chunks
from sheets_crm.engine.module_checks import refuse_modules
from sheets_crm.engine.ports import Gateway
from sheets_crm.engine.reading import (
    declared_tabs,
    managed,
    refuse_headers,
    refuse_layout,
    refuse_missing,
    refuse_newer,
    refuse_older,
)
from sheets_crm.engine.settings import RunSettings
from sheets_crm.errors import CrmError
from sheets_crm.workbook.cells import quoted
from sheets_crm.workbook.declaration import ReadPolicy, TabSpec
from sheets_crm.workbook.info import Rows, TabInfo, WorkbookInfo
from sheets_crm.workbook.panel import PanelState
from sheets_crm.workbook.roles import LEADS, PANEL, SYSTEM
from sheets_crm.workbook.sheet import Sheet, read_sheet


@dataclass(frozen=True, slots=True)
class Survey:
    """What is there of a workbook, and what is wrong with it.

    Attributes:
        info: The workbook without its cells.
        tabs: The worker's tabs by key.
        sheets: The tables among them by key, as far as they could be read.
        refusals: What a run would stop at, one after another.
    """

    info: WorkbookInfo
    tabs: Mapping[str, TabInfo]
    sheets: Mapping[str, Sheet]
    refusals: tuple[CrmError, ...] = ()


@dataclass
class _Checks:
    """Checks that are all made, whichever of them fails."""

    refusals: list[CrmError] = field(default_factory=list)

    def make(self, check: Callable[..., None], *arguments: Any) -> None:
        """Make one check, and keep what it raises."""
        try:
            check(*arguments)
        except CrmError as refusal:
            if all(earlier.message != refusal.message for earlier in self.refusals):
                self.refusals.append(refusal)


def survey(
    gateway: Gateway, settings: RunSettings, remembered: Mapping[str, Any], progress: Callable[[str], None]
) -> Survey:
    """Read what is there and make every check of a full read on it."""
    info = gateway.info()
    tabs = managed(info)
    checks = _Checks()
    checks.make(refuse_missing, tabs, settings)
    declared = [spec for spec in declared_tabs(tabs, settings) if spec.key in tabs]
    tall = read_in_chunks(gateway, [spec for spec in declared if spec.key == LEADS], tabs, progress)
    specs = [spec for spec in declared if spec.policy is not ReadPolicy.NEVER and spec.key not in tall]
    answers = gateway.values([_range(spec, tabs[spec.key]) for spec in specs])
    cells = {spec.key: rows for spec, rows in zip(specs, answers, strict=True)}
    read = {spec.key: read_sheet(spec, tabs[spec.key], cells[spec.key]) for spec in specs if spec.table}
    sheets = {**read, **tall}
    for key, sheet in sheets.items():
        checks.make(refuse_headers, {key: sheet})
    _check_state(checks, (info, tabs), cells, sheets, settings, remembered)
    return Survey(info, tabs, sheets, tuple(checks.refusals))


def _range(spec: TabSpec, tab: TabInfo) -> str:
    """What is read of a tab: the leads and what is no table whole, of the other tables the header."""
    whole = not spec.table or spec.key == LEADS
    return quoted(tab.title) + ("" if whole else "!1:1")


def _check_state(
    checks: _Checks,
    workbook: tuple[WorkbookInfo, Mapping[str, TabInfo]],
    cells: Mapping[str, Rows],
    sheets: Mapping[str, Sheet],
    settings: RunSettings,
    remembered: Mapping[str, Any],
) -> None:
    """Make the checks that need System: of its rows, of Control's, of the leads."""
    info, tabs = workbook
    if SYSTEM not in cells:
        return
    state = settings.system.parse(cells[SYSTEM])
    made: Sequence[tuple[Callable[..., None], tuple[Any, ...]]] = (
        (refuse_newer, (state,)),
        (refuse_older, (state,)),
        (refuse_modules, (state, settings, tabs)),
        (refuse_other, (info, state, remembered)),
    )
    for check, arguments in made:
        checks.make(check, *arguments)
    if PANEL in cells:
        panel = PanelState.of(cells[PANEL])
        checks.make(refuse_layout, tabs, panel, state, settings, settings.system.keys)
    if LEADS in sheets and not sheets[LEADS].missing:
        checks.make(refuse_lead_numbers, sheets[LEADS])
        checks.make(refuse_shrunk, sheets[LEADS], state)
