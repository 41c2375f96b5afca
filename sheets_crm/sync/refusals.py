"""A refused run writes its reason, once per cause, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sheets_crm.errors import Conflict, CrmError, RefusedPlan
from sheets_crm.messages import localize
from sheets_crm.sync.control_writing import put_on_control
from sheets_crm.sync.reading import managed
from sheets_crm.sync.refusal_messages import told
from sheets_crm.sync.session import Session
from sheets_crm.sync.settings import RunSettings
from sheets_crm.workbook import control, requests, system
from sheets_crm.workbook.cells import CellIn, quoted, serial, zone_of
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.tabs import CONTROL, LOG, SYSTEM


def write_refusal(session: Session, refusal: CrmError) -> None:
    """Put the reason of a refusal on Control and in Log, unless it stands there already.

    A workbook without Control or System, or another writer at work, is left alone.
    """
    gateway, settings = session.ports.gateway, session.settings
    info = gateway.info()
    tabs = managed(info)
    if CONTROL not in tabs or SYSTEM not in tabs:
        return
    names = [tabs[key].title for key in (CONTROL, SYSTEM, LOG) if key in tabs]
    answers = gateway.values([quoted(name) for name in names])
    said = control.parse(answers[0], settings.schema)
    known = system.parse(answers[1], settings.schema)
    cause = refusal.cause if isinstance(refusal, RefusedPlan) else type(refusal).__name__
    message, remedy = told(refusal, settings.language)
    text = localize("refused", settings.language, message=message, remedy=remedy)
    whole = tuple(known.cells) == system.keys(settings.schema)
    if known.text("refusal") == cause if whole else said.texts.get("problem.1") == text:
        return
    now = serial(session.moment(), zone_of(info.time_zone))
    found = _system(tabs[SYSTEM], settings, cause, info.sequence + 1) if whole else []
    if LOG in tabs:
        found += _log(tabs[LOG], len(answers[2]), (now, session.ports.run, "refused", text))
    tab = tabs[CONTROL].sheet_id, tabs[CONTROL].title
    cells = {(name, control.VALUE): text for name in ("status", "problem.1")}
    with suppress(Conflict):
        put_on_control(
            gateway,
            session.cache,
            tab,
            answers[0],
            cells,
            found,
            sequence=info.sequence,
            token=session.ports.run,
        )


def _system(tab: TabInfo, settings: RunSettings, cause: str, sequence: int) -> list[Request]:
    keys = system.keys(settings.schema)
    values: dict[str, CellIn] = {"refusal": cause, "sequence": sequence}
    return [requests.write(tab.sheet_id, 1 + keys.index(key), 1, [[value]]) for key, value in values.items()]


def _log(tab: TabInfo, used: int, row: Sequence[CellIn]) -> list[Request]:
    found = [] if used < tab.rows else [requests.append_rows(tab.sheet_id, 1)]
    place = max(used, 1)
    stamp = {"sheetId": tab.sheet_id, "startRowIndex": place, "endRowIndex": place + 1}
    block = {**stamp, "startColumnIndex": 0, "endColumnIndex": 1}
    return [
        *found,
        requests.write(tab.sheet_id, place, 0, [row]),
        requests.number_format(block, requests.DATE_TIME),
    ]
