"""Before a run reads: look, wait until what is being edited stands still, give a sign of life."""

from __future__ import annotations

from typing import Any, Final

from sheets_crm.errors import Conflict, RefusedPlan, SheetError
from sheets_crm.sync import archive
from sheets_crm.sync.clocks import seconds_since
from sheets_crm.sync.control_writing import put_on_control
from sheets_crm.sync.look import Look, look
from sheets_crm.sync.reading import managed, refuse_missing
from sheets_crm.sync.session import Session
from sheets_crm.workbook import migrations, system
from sheets_crm.workbook.cells import DAY, serial, zone_of
from sheets_crm.workbook.control import VALUE
from sheets_crm.workbook.requests import write
from sheets_crm.workbook.tabs import CONTROL, SYSTEM

SETTLE_ROUNDS: Final = 12
QUIET_SECONDS: Final = 60
REFUSED_SECONDS: Final = 120
TITLES_SECONDS: Final = 60


def look_at(session: Session) -> Look:
    """Look at the signals, wherever System and Control are called by now."""
    title = str(session.remembered.get("system_title", "System"))
    control = str(session.remembered.get("control_title", "Control")) if _beat_expected(session) else ""
    try:
        return look(session.tools.gateway, title, session.settings.schema, control)
    except SheetError:
        tabs = managed(session.tools.gateway.info())
        refuse_missing(tabs, session.settings)
        session.remember(system_title=tabs[SYSTEM].title, control_title=tabs[CONTROL].title)
        return look(
            session.tools.gateway, tabs[SYSTEM].title, session.settings.schema, control and tabs[CONTROL].title
        )


def _beat_expected(session: Session) -> bool:
    """Return whether the next sign of life is due, as far as this worker knows before it looks."""
    passed = seconds_since(session.tools.clock(), session.remembered.get("beat_at"))
    return passed >= session.settings.heartbeat_minutes * 60 and not session.wish.plan_only


def due(session: Session, seen: Look) -> bool:
    """Return whether a run has something to do although nobody asks: a new day, a full look, an unfinished write."""
    zone = session.remembered.get("time_zone")
    keys = list(seen.state.cells)
    if zone is None or session.remembered.get("system_keys") != keys:
        return True
    if keys != list(system.keys(session.settings.schema)) or "system_tab" not in session.remembered:
        return True
    if seen.state.text(migrations.APPLIED) != migrations.names():
        return True
    if archive.anything_spooled(session.settings.state_dir) or session.cache.waiting():
        return True
    if reconcile_due(session):
        return True
    today = int(serial(session.moment(), zone_of(str(zone))))
    return seen.state.number("last_day", -1) != today


def reconcile_due(session: Session) -> bool:
    """Return whether everything has to be read again, as it is from time to time."""
    since = seconds_since(session.tools.clock(), session.remembered.get("whole_at"))
    return since > session.settings.full_reconcile_minutes * 60


def quiet(session: Session, seen: Look) -> bool:
    """Return whether this very look was followed up a moment ago, and there was nothing that could be done."""
    if session.wish.now or session.remembered.get("quiet") != repr(seen.signature):
        return False
    return seconds_since(session.tools.clock(), session.remembered.get("quiet_at")) < QUIET_SECONDS


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
    if known.get("look") != repr(seen.signature):
        return None
    if seconds_since(session.tools.clock(), known["at"]) >= REFUSED_SECONDS:
        return None
    return RefusedPlan(**known["told"])


def renamed(session: Session, seen: Look) -> bool:
    """Return whether a tab of the operators' own was given another name, which may make it a drop.

    No signal tells it, so the titles are asked for once a minute, and only of a workbook that has such tabs.
    """
    own: list[list[Any]] = session.remembered.get("own_tabs") or []
    asked = session.wish.now or "sync_now" in seen.asked
    since = seconds_since(session.tools.clock(), session.remembered.get("titles_at"))
    if not own or session.everything or (since < TITLES_SECONDS and not asked):
        return False
    session.remember(titles_at=session.tools.clock())
    titles = session.tools.gateway.titles()
    return any(titles.get(tab, title) != title for tab, title in own)


def heartbeat(session: Session, seen: Look) -> None:
    """Write the heartbeat when the last one is older than the settings say.

    Operators may move rows of Control, so its row is the one whose id the look has read, never a remembered one.
    """
    remembered, zone = session.remembered, session.remembered.get("time_zone")
    if not zone or "system_tab" not in remembered or session.wish.plan_only:
        return
    now = serial(session.moment(), zone_of(str(zone)))
    last = seen.state.cells.get("heartbeat", "")
    # Local time goes back an hour in autumn: a heartbeat in the future is no reason to give none.
    passed = seconds_since(now * DAY, last * DAY if isinstance(last, int | float) else None)
    if passed < session.settings.heartbeat_minutes * 60:
        if _beat_expected(session):
            session.remember(beat_at=session.tools.clock() - passed)
        return
    if not seen.control:
        session.remember(beat_at=0)  # the next look reads where Control's rows stand
        return
    _beat(session, seen, now)


def _beat(session: Session, seen: Look, now: float) -> None:
    keys, sequence = list(seen.state.cells), seen.state.number("sequence")
    own = int(session.remembered["system_tab"])
    signs = [write(own, 1 + keys.index(key), 1, [[value]]) for key, value in _signs(now, sequence)]
    tab = int(session.remembered["control_tab"]), str(session.remembered["control_title"])
    try:
        number = put_on_control(
            session.tools.gateway,
            session.cache,
            tab,
            seen.control,
            {("heartbeat", VALUE): now},
            signs,
            sequence=sequence,
            token=session.tools.run,
        )
    except (Conflict, SheetError):
        return
    session.remember(sequence=number, beat_at=session.tools.clock())


def _signs(now: float, sequence: int) -> tuple[tuple[str, float], ...]:
    return (("heartbeat", now), ("sequence", sequence + 1))


def settled(session: Session, seen: Look) -> Look:
    """Wait until what is being edited stands still; give up after a while and take what is there."""
    if session.wish.now or session.wish.plan_only or not seen.asked:
        return seen
    for _ in range(SETTLE_ROUNDS):
        session.tools.progress("waiting until the sheet stops changing")
        before = seen
        session.tools.sleep(session.settings.settle_seconds)
        if session.tools.stop():
            return seen
        seen = look_at(session)
        if seen.signature == before.signature:
            return seen
    return seen
