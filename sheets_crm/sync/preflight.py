"""Before a run reads: look, wait until what is being edited stands still, give a sign of life."""

from __future__ import annotations

from typing import Any, Final

from sheets_crm.errors import Conflict, RefusedPlan, SheetError
from sheets_crm.sync import archive
from sheets_crm.sync.clocks import seconds_since
from sheets_crm.sync.control_writing import put_on_control
from sheets_crm.sync.poll import PollResult, poll_signals
from sheets_crm.sync.reading import managed, refuse_missing
from sheets_crm.sync.session import Session
from sheets_crm.workbook import migrations, system
from sheets_crm.workbook.cells import DAY, serial, zone_of
from sheets_crm.workbook.control import VALUE
from sheets_crm.workbook.requests import write
from sheets_crm.workbook.tabs import CONTROL, SYSTEM

DEBOUNCE_ROUNDS: Final = 12
QUIET_SECONDS: Final = 60
REFUSED_SECONDS: Final = 120
TITLES_SECONDS: Final = 60


def poll_workbook(session: Session) -> PollResult:
    """Look at the signals, wherever System and Control are called by now."""
    title = str(session.remembered.get("system_title", "System"))
    control = str(session.remembered.get("control_title", "Control")) if _beat_expected(session) else ""
    try:
        return poll_signals(session.ports.gateway, title, session.settings.schema, control)
    except SheetError:
        tabs = managed(session.ports.gateway.info())
        refuse_missing(tabs, session.settings)
        session.save_facts(system_title=tabs[SYSTEM].title, control_title=tabs[CONTROL].title)
        return poll_signals(
            session.ports.gateway, tabs[SYSTEM].title, session.settings.schema, control and tabs[CONTROL].title
        )


def _beat_expected(session: Session) -> bool:
    """Return whether the next sign of life is due, as far as this worker knows before it looks."""
    passed = seconds_since(session.ports.clock(), session.remembered.get("beat_at"))
    return passed >= session.settings.heartbeat_minutes * 60 and not session.request.plan_only


def due(session: Session, polled: PollResult) -> bool:
    """Return whether a run has something to do although nobody asks: a new day, a full look, an unfinished write."""
    zone = session.remembered.get("time_zone")
    keys = list(polled.state.cells)
    if zone is None or session.remembered.get("system_keys") != keys:
        return True
    if keys != list(system.keys(session.settings.schema)) or "system_tab" not in session.remembered:
        return True
    if polled.state.text(migrations.APPLIED) != migrations.names():
        return True
    if archive.anything_spooled(session.settings.state_dir) or session.cache.waiting():
        return True
    if reconcile_due(session):
        return True
    today = int(serial(session.moment(), zone_of(str(zone))))
    return polled.state.number("last_day", -1) != today


def reconcile_due(session: Session) -> bool:
    """Return whether everything has to be read again, as it is from time to time."""
    since = seconds_since(session.ports.clock(), session.remembered.get("whole_at"))
    return since > session.settings.full_reconcile_minutes * 60


def polled_before(session: Session, polled: PollResult) -> bool:
    """Return whether this very look was followed up a moment ago, and there was nothing that could be done."""
    if session.request.now or session.remembered.get("quiet") != repr(polled.signature):
        return False
    return seconds_since(session.ports.clock(), session.remembered.get("quiet_at")) < QUIET_SECONDS


def save_quiet_poll(session: Session, polled: PollResult) -> None:
    """Remember a look that asked for something of which nothing could be done."""
    if polled.asked and not session.result.plans and not session.request.plan_only:
        session.save_facts(quiet=repr(polled.signature), quiet_at=session.ports.clock())


def save_refusal(session: Session, polled: PollResult, refusal: RefusedPlan) -> None:
    """Remember what was refused, and at which look."""
    told = {name: getattr(refusal, name) for name in ("message", "cause", "numbers", "where", "remedy", "state")}
    session.save_facts(refused={"look": repr(polled.signature), "at": session.ports.clock(), "told": told})


def refused_before(session: Session, polled: PollResult) -> RefusedPlan | None:
    """Return what this very look was refused for a moment ago: reading everything again would say the same."""
    known: dict[str, Any] = session.remembered.get("refused") or {}
    if known.get("look") != repr(polled.signature):
        return None
    if seconds_since(session.ports.clock(), known["at"]) >= REFUSED_SECONDS:
        return None
    return RefusedPlan(**known["told"])


def renamed(session: Session, polled: PollResult) -> bool:
    """Return whether a tab of the operators' own was given another name, which may make it a drop.

    No signal tells it, so the titles are asked for once a minute, and only of a workbook that has such tabs.
    """
    own: list[list[Any]] = session.remembered.get("own_tabs") or []
    asked = session.request.now or "sync_now" in polled.asked
    since = seconds_since(session.ports.clock(), session.remembered.get("titles_at"))
    if not own or session.everything or (since < TITLES_SECONDS and not asked):
        return False
    session.save_facts(titles_at=session.ports.clock())
    titles = session.ports.gateway.titles()
    return any(titles.get(tab, title) != title for tab, title in own)


def heartbeat(session: Session, polled: PollResult) -> None:
    """Write the heartbeat when the last one is older than the settings say.

    Operators may move rows of Control, so its row is the one whose id the look has read, never a remembered one.
    """
    remembered, zone = session.remembered, session.remembered.get("time_zone")
    if not zone or "system_tab" not in remembered or session.request.plan_only:
        return
    now = serial(session.moment(), zone_of(str(zone)))
    last = polled.state.cells.get("heartbeat", "")
    # Local time goes back an hour in autumn: a heartbeat in the future is no reason to give none.
    passed = seconds_since(now * DAY, last * DAY if isinstance(last, int | float) else None)
    if passed < session.settings.heartbeat_minutes * 60:
        if _beat_expected(session):
            session.save_facts(beat_at=session.ports.clock() - passed)
        return
    if not polled.control:
        session.save_facts(beat_at=0)  # the next look reads where Control's rows stand
        return
    _beat(session, polled, now)


def _beat(session: Session, polled: PollResult, now: float) -> None:
    keys, sequence = list(polled.state.cells), polled.state.number("sequence")
    own = int(session.remembered["system_tab"])
    signs = [write(own, 1 + keys.index(key), 1, [[value]]) for key, value in _signs(now, sequence)]
    tab = int(session.remembered["control_tab"]), str(session.remembered["control_title"])
    try:
        number = put_on_control(
            session.ports.gateway,
            session.cache,
            tab,
            polled.control,
            {("heartbeat", VALUE): now},
            signs,
            sequence=sequence,
            token=session.ports.run,
        )
    except (Conflict, SheetError):
        return
    session.save_facts(sequence=number, beat_at=session.ports.clock())


def _signs(now: float, sequence: int) -> tuple[tuple[str, float], ...]:
    return (("heartbeat", now), ("sequence", sequence + 1))


def debounced(session: Session, polled: PollResult) -> PollResult:
    """Wait until what is being edited stands still; give up after a while and take what is there."""
    if session.request.now or session.request.plan_only or not polled.asked:
        return polled
    for _ in range(DEBOUNCE_ROUNDS):
        session.ports.progress("waiting until the sheet stops changing")
        before = polled
        session.ports.sleep(session.settings.settle_seconds)
        if session.ports.stop():
            return polled
        polled = poll_workbook(session)
        if polled.signature == before.signature:
            return polled
    return polled
