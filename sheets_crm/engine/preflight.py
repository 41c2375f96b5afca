"""Before a run reads: poll, debounce, and write the heartbeat."""

from __future__ import annotations

from typing import Any, Final

from sheets_crm.engine import archive
from sheets_crm.engine.clocks import seconds_since
from sheets_crm.engine.control_writing import put_on_control
from sheets_crm.engine.module_checks import modules_changed
from sheets_crm.engine.poll import PollResult, beat_expected, poll_workbook, recalled, to_recall
from sheets_crm.engine.session import Session
from sheets_crm.engine.table_reads import Edited, orders_of
from sheets_crm.errors import Conflict, RefusedPlan, SheetError
from sheets_crm.messages import said
from sheets_crm.pipeline.ticks import is_tick
from sheets_crm.workbook import migrations
from sheets_crm.workbook.cells import DAY, serial, zone_of
from sheets_crm.workbook.panel import VALUE
from sheets_crm.workbook.requests import write
from sheets_crm.workbook.state_line import SILENT_AFTER_ROW, silent_minutes
from sheets_crm.workbook.two_way.debounce import debounce
from sheets_crm.workbook.two_way.rows import Spill

DEBOUNCE_ROUNDS: Final = 12
QUIET_SECONDS: Final = 60
REFUSED_SECONDS: Final = 120
TITLES_SECONDS: Final = 60


def due(session: Session, polled: PollResult) -> bool:
    """Whether a run has work that nobody asked for: a new day, a full read, an unfinished write."""
    zone = session.remembered.get("time_zone")
    keys = list(polled.state.cells)
    if zone is None or session.remembered.get("system_keys") != keys:
        return True
    if keys != list(session.settings.system.polled_keys) or "system_tab" not in session.remembered:
        return True
    if polled.state.gap:
        return True
    if not migrations.up_to_date(polled.state.text(migrations.APPLIED)):
        return True
    if modules_changed(polled.state, session.settings):
        return True
    if archive.anything_spooled(session.settings.state_dir) or session.cache.waiting():
        return True
    if session.remembered.get("setting_up"):
        return True
    if reconcile_due(session):
        return True
    if orders_of(polled.state, table_keys(session)) != session.remembered.get("table_orders", {}):
        return True
    today = int(serial(session.moment(), zone_of(str(zone))))
    return polled.state.number("last_day", -1) != today


def table_keys(session: Session) -> list[str]:
    """The keys of the two-way tables of which System has an order sum."""
    return [spec.key for spec in session.settings.system.typed]


def reconcile_due(session: Session) -> bool:
    """Whether the full read that is made every `full_reconcile_minutes` is due."""
    elapsed = seconds_since(session.ports.clock(), session.remembered.get("whole_at"))
    return elapsed > session.settings.full_reconcile_minutes * 60


def polled_before(session: Session, polled: PollResult) -> bool:
    """Whether the same poll result was followed up within `QUIET_SECONDS`, and nothing could be done about it."""
    if session.request.now or session.remembered.get("quiet") != polled.digest:
        return False
    return seconds_since(session.ports.clock(), session.remembered.get("quiet_at")) < QUIET_SECONDS


def answered_away(session: Session, polled: PollResult) -> bool:
    """Whether what polls asked for, about which nothing could be done, is gone: what was said about it goes too."""
    return bool(session.remembered.get("quiet")) and not polled.asked


def save_quiet_poll(session: Session, polled: PollResult) -> None:
    """Remember a poll result that asked for something about which nothing could be done."""
    if answered_away(session, polled) and not session.request.plan_only:
        session.save_facts(quiet="")
    moving = any(session.remembered.get("rows_moving", {}).values())
    if polled.asked and not moving and not session.result.plans and not session.request.plan_only:
        session.save_facts(quiet=polled.digest, quiet_at=session.ports.clock())


def save_recalled(session: Session, polled: PollResult) -> None:
    """Remember the signals that a run is needed for when they change, as this run saw them."""
    seen = to_recall(polled.state, session.settings.system)
    if seen != recalled(session) and not session.request.plan_only:
        session.save_facts(recalled=seen)


def save_refusal(session: Session, polled: PollResult, refusal: RefusedPlan) -> None:
    """Remember a refusal and the poll result that led to it."""
    fields = {name: getattr(refusal, name) for name in ("message", "cause", "numbers", "where", "remedy", "state")}
    session.save_facts(refused={"look": polled.digest, "at": session.ports.clock(), "told": fields})


def refused_before(session: Session, polled: PollResult) -> RefusedPlan | None:
    """The refusal that the same poll result led to within `REFUSED_SECONDS`: a full read would end in it again."""
    earlier: dict[str, Any] = session.remembered.get("refused") or {}
    if earlier.get("look") != polled.digest:
        return None
    if seconds_since(session.ports.clock(), earlier["at"]) >= REFUSED_SECONDS:
        return None
    return RefusedPlan(**earlier["told"])


def renamed(session: Session, polled: PollResult) -> bool:
    """Whether an operators' tab was renamed, which may make it an import tab.

    No signal shows a rename, so the titles are read once a minute, and only in a workbook that has such tabs.
    """
    operators_tabs: list[list[Any]] = session.remembered.get("own_tabs") or []
    asked = session.request.now or is_tick(polled.state.signal("sync_now"))
    elapsed = seconds_since(session.ports.clock(), session.remembered.get("titles_at"))
    if not operators_tabs or session.everything or (elapsed < TITLES_SECONDS and not asked):
        return False
    session.save_facts(titles_at=session.ports.clock())
    titles = session.ports.gateway.titles()
    return any(titles.get(tab, title) != title for tab, title in operators_tabs)


def heartbeat(session: Session, polled: PollResult) -> None:
    """Write the heartbeat when the last one is older than `heartbeat_minutes`.

    Operators may move rows of Control, so its row is found by the id that the poll read, never by a cached position.
    """
    remembered, zone = session.remembered, session.remembered.get("time_zone")
    if not zone or "system_tab" not in remembered or session.request.plan_only or polled.state.gap:
        return
    now_serial = serial(session.moment(), zone_of(str(zone)))
    last = polled.state.cells.get("heartbeat", "")
    # Local time goes back an hour in autumn: a last heartbeat in the future does not hold the next one back.
    elapsed = seconds_since(now_serial * DAY, last * DAY if isinstance(last, int | float) else None)
    if elapsed < session.settings.heartbeat_minutes * 60:
        if beat_expected(session):
            # Another worker gave it: count from there, so that the polls until the next one leave Control out.
            session.save_facts(beat_at=session.ports.clock() - elapsed)
        return
    if not polled.control:
        session.save_facts(beat_at=0)  # makes the next poll read the rows of Control
        return
    _beat(session, polled, now_serial)


def _beat(session: Session, polled: PollResult, now_serial: float) -> None:
    keys, sequence = list(polled.state.cells), polled.state.number("sequence")
    system_tab = int(session.remembered["system_tab"])
    signs = [write(system_tab, 1 + keys.index(key), 1, [[value]]) for key, value in _signs(now_serial, sequence)]
    control_tab = int(session.remembered["control_tab"]), str(session.remembered["control_title"])
    try:
        number = put_on_control(
            session.ports.gateway,
            session.cache,
            control_tab,
            polled.control,
            {("heartbeat", VALUE): now_serial, (SILENT_AFTER_ROW, VALUE): _silent_after(session)},
            signs,
            sequence=sequence,
            token=session.ports.run,
        )
    except (Conflict, SheetError):
        return
    session.save_facts(sequence=number, beat_at=session.ports.clock())


def _silent_after(session: Session) -> int:
    """The minutes after which this worker counts as stopped: `init` may have written those of other settings."""
    return silent_minutes(session.settings.heartbeat_minutes, session.settings.interval_seconds)


def _signs(now_serial: float, sequence: int) -> tuple[tuple[str, float], ...]:
    return (("heartbeat", now_serial), ("sequence", sequence + 1))


def debounced(session: Session, polled: PollResult) -> PollResult:
    """Wait until the signals stand unchanged for `settle_seconds`; after `DEBOUNCE_ROUNDS` waits take the last poll."""
    previous = polled
    if session.request.now or session.request.plan_only or not polled.asked:
        session.edited = _edited(session, polled, polled)
        return polled
    for _ in range(DEBOUNCE_ROUNDS):
        session.ports.progress(said("progress.settling"))
        previous = polled
        session.ports.sleep(session.settings.settle_seconds)
        if session.ports.stop():
            break
        polled = poll_workbook(session)
        if polled.signature == previous.signature:
            break
    session.edited = _edited(session, previous, polled)
    return polled


def _edited(session: Session, previous: PollResult, polled: PollResult) -> Edited:
    """Which edits of two-way tables have stood still between two polls; with ``--now`` all of the poll."""
    still, unstable, everything, moving = {}, {}, set(), {}
    earlier: dict[str, Any] = session.remembered.get("rows_moving") or {}
    for key, spill in polled.state.edits.items():
        before = previous.state.edits.get(key, Spill())
        if not spill.complete and before.count == spill.count:
            everything.add(key)
        seen = debounce(before.joins, spill.joins, earlier.get(key, {}), session.ports.clock())
        still[key], unstable[key], moving[key] = seen.still, seen.unstable, dict(seen.moving)
    moving = {key: since for key, since in moving.items() if since}
    if moving != earlier and not session.request.plan_only:
        session.save_facts(rows_moving=moving)
    orders = session.remembered.get("table_orders") or {}
    columns = session.remembered.get("key_columns") or {}
    return Edited(still, unstable, orders, frozenset(), frozenset(everything), columns)
