"""Before a run reads: look, wait until what is being edited stands still, give a sign of life."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

from sheets_crm.errors import Conflict, RefusedPlan, SheetError
from sheets_crm.sync import archive
from sheets_crm.sync.look import Look, look
from sheets_crm.sync.reading import managed, refuse_missing
from sheets_crm.sync.session import Session
from sheets_crm.workbook import system
from sheets_crm.workbook.cells import serial
from sheets_crm.workbook.requests import write
from sheets_crm.workbook.tabs import SYSTEM

SETTLE_ROUNDS: Final = 12
QUIET_SECONDS: Final = 60
REFUSED_SECONDS: Final = 120
TITLES_SECONDS: Final = 60


def look_at(session: Session) -> Look:
    """Look at the signals, wherever the System tab is called by now."""
    title = str(session.remembered.get("system_title", "System"))
    try:
        return look(session.tools.gateway, title, session.settings.schema)
    except SheetError:
        tabs = managed(session.tools.gateway.info())
        refuse_missing(tabs, session.settings)
        session.remember(system_title=tabs[SYSTEM].title)
        return look(session.tools.gateway, tabs[SYSTEM].title, session.settings.schema)


def due(session: Session, seen: Look) -> bool:
    """Return whether the day's row of History is still to be written, or a full look is due."""
    zone = session.remembered.get("time_zone")
    places = session.remembered.get("heartbeat") or {}
    keys = list(seen.state.cells)
    if zone is None or places.get("keys") != keys or keys != list(system.keys(session.settings.schema)):
        return True
    if archive.spooled(session.settings.state_dir):
        return True
    if reconcile_due(session):
        return True
    today = int(serial(session.moment(), ZoneInfo(str(zone))))
    return seen.state.number("last_day", -1) != today


def reconcile_due(session: Session) -> bool:
    """Return whether everything has to be read again, as it is from time to time."""
    since = session.tools.clock() - float(session.remembered.get("whole_at", 0))
    return since > session.settings.full_reconcile_minutes * 60


def quiet(session: Session, seen: Look) -> bool:
    """Return whether this very look was followed up a moment ago, and there was nothing that could be done."""
    known, at = session.remembered.get("quiet"), float(session.remembered.get("quiet_at", 0))
    return not session.wish.now and known == repr(seen.signature) and session.tools.clock() - at < QUIET_SECONDS


def quieten(session: Session, seen: Look) -> None:
    """Remember a look that asked for something of which nothing could be done."""
    if seen.asked and not session.result.plans and not session.wish.plan_only:
        session.remember(quiet=repr(seen.signature), quiet_at=session.tools.clock())


def keep_refusal(session: Session, seen: Look, refusal: RefusedPlan) -> None:
    """Remember what was refused, and at which look."""
    told = {name: getattr(refusal, name) for name in ("message", "cause", "numbers", "where", "remedy", "state")}
    session.remember(refused={"look": repr(seen.signature), "at": session.tools.clock(), "told": told})


def refused_before(session: Session, seen: Look) -> RefusedPlan | None:
    """Return what this very look was refused for a moment ago: reading everything again would say the same."""
    known: dict[str, Any] = session.remembered.get("refused") or {}
    if known.get("look") != repr(seen.signature) or session.tools.clock() - known["at"] >= REFUSED_SECONDS:
        return None
    return RefusedPlan(**known["told"])


def renamed(session: Session, seen: Look) -> bool:
    """Return whether a tab of the operators' own was given another name, which may make it a drop.

    No signal tells it, so the titles are asked for once a minute, and only of a workbook that has such tabs.
    """
    own: list[list[Any]] = session.remembered.get("own_tabs") or []
    asked = session.wish.now or "sync_now" in seen.asked
    since = session.tools.clock() - float(session.remembered.get("titles_at", 0))
    if not own or session.everything or (since < TITLES_SECONDS and not asked):
        return False
    session.remember(titles_at=session.tools.clock())
    titles = session.tools.gateway.titles()
    return any(titles.get(tab, title) != title for tab, title in own)


def heartbeat(session: Session, seen: Look) -> None:
    """Write the heartbeat when the last one is older than the settings say."""
    places, zone = session.remembered.get("heartbeat"), session.remembered.get("time_zone")
    if not places or not zone or session.wish.plan_only:
        return
    now = serial(session.moment(), ZoneInfo(str(zone)))
    last = seen.state.cells.get("heartbeat", 0)
    if isinstance(last, int | float) and (now - last) * 1440 < session.settings.heartbeat_minutes:
        return
    sequence = seen.state.number("sequence")
    requests = [write(int(tab), int(row), int(column), [[now]]) for tab, row, column in places["beat"]]
    system_tab, row = places["sequence"]
    requests.append(write(int(system_tab), int(row), 1, [[sequence + 1]]))
    try:
        applied = session.tools.gateway.apply(requests, sequence=sequence, token=session.tools.run)
    except (Conflict, SheetError):
        return
    session.remember(sequence=applied.sequence)
    session.cache.advance(applied.sequence)


def settled(session: Session, seen: Look) -> Look:
    """Wait until what is being edited stands still; give up after a while and take what is there."""
    if session.wish.now or session.wish.plan_only or not seen.asked:
        return seen
    for _ in range(SETTLE_ROUNDS):
        session.tools.progress("waiting for the sheet to settle")
        before = seen
        session.tools.sleep(session.settings.settle_seconds)
        if session.tools.stop():
            return seen
        seen = look_at(session)
        if seen.signature == before.signature:
            return seen
    return seen
