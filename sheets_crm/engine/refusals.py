"""Write the reason of a refused run to Control and Log, once per cause."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sheets_crm.engine.control_writing import put_on_control
from sheets_crm.engine.reading import managed
from sheets_crm.engine.refusal_messages import localize_refusal
from sheets_crm.engine.session import Session
from sheets_crm.engine.settings import RunSettings
from sheets_crm.errors import Conflict, CrmError, RefusedPlan
from sheets_crm.messages import localize
from sheets_crm.workbook import requests
from sheets_crm.workbook.cells import CellIn, grid_range, quoted, serial, zone_of
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.panel import PROBLEM, VALUE, PanelState
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.roles import LOG, PANEL, SYSTEM


def write_refusal(session: Session, refusal: CrmError) -> None:
    """Put the reason of a refusal on Control and in Log, unless it is there already.

    A workbook that lacks Control or System is left alone, and so is one that another writer has just written to.
    """
    gateway, settings = session.ports.gateway, session.settings
    info = gateway.info()
    tabs = managed(info)
    if PANEL not in tabs or SYSTEM not in tabs:
        return
    names = [tabs[key].title for key in (PANEL, SYSTEM, LOG) if key in tabs]
    answers = gateway.values([quoted(name) for name in names])
    shown = PanelState.of(answers[0])
    state = settings.system.parse(answers[1])
    cause = refusal.cause if isinstance(refusal, RefusedPlan) else type(refusal).__name__
    message, remedy = localize_refusal(refusal, settings.language)
    text = localize("refused", settings.language, message=message, remedy=remedy)
    # The refusal may be about System's own rows: then nothing can be written there, and Control's text is compared.
    intact = tuple(state.cells) == settings.system.keys and not state.gap
    if state.text("refusal") == cause if intact else shown.value(f"{PROBLEM}1") == text:
        return
    time = serial(session.moment(), zone_of(info.time_zone))
    writes = _system(tabs[SYSTEM], settings, cause, info.sequence + 1) if intact else []
    if LOG in tabs:
        writes += _log(tabs[LOG], len(answers[2]), (time, session.ports.run, "refused", text))
    tab = tabs[PANEL].sheet_id, tabs[PANEL].title
    cells = {(name, VALUE): text for name in ("status", f"{PROBLEM}1")}
    with suppress(Conflict):
        put_on_control(
            gateway,
            session.cache,
            tab,
            answers[0],
            cells,
            writes,
            sequence=info.sequence,
            token=session.ports.run,
        )


def _system(tab: TabInfo, settings: RunSettings, cause: str, sequence: int) -> list[Request]:
    row = settings.system.row
    values: dict[str, CellIn] = {"refusal": cause, "sequence": sequence}
    return [requests.write(tab.sheet_id, row(key), 1, [[value]]) for key, value in values.items()]


def _log(tab: TabInfo, used: int, row: Sequence[CellIn]) -> list[Request]:
    growth = [] if tab.rows > 1 else [requests.append_rows(tab.sheet_id, 1)]
    room = requests.room_on_top(tab.sheet_id, 1, tab.columns) if used > 1 else growth
    return [
        *room,
        requests.write(tab.sheet_id, 1, 0, [row]),
        requests.number_format(grid_range(tab.sheet_id, 1, 0, 1, 1), requests.DATE_TIME),
    ]
