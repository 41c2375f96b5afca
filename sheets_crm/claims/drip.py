"""One pass: claim what is due in one guarded write, hand each message over, write the answers in another."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from sheets_crm.claims.answers import stale, write_answers
from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.deciding import Deciding, Decision, decided
from sheets_crm.claims.effects import Steps, do
from sheets_crm.claims.enrolment import Enrolment
from sheets_crm.claims.epochs import Reading, read_settled, write_epoch
from sheets_crm.claims.handing import Became, PassReport, handover, report
from sheets_crm.claims.judgement import Judgement
from sheets_crm.claims.leasing import leased, under_lease
from sheets_crm.claims.message import message_id, next_message
from sheets_crm.claims.persons import blocked
from sheets_crm.claims.ports import Outlet, Ports, Together
from sheets_crm.claims.together import hand_over_together
from sheets_crm.claims.values import Change, StoreClaim, View

MOST: Final = 1000


def drip(ports: Ports, most: int = MOST) -> Steps[PassReport]:
    """One pass of a worker over one workbook."""
    return (yield from under_lease(ports, _pass(ports, most), otherwise=PassReport(None)))


def _pass(ports: Ports, most: int) -> Steps[PassReport]:
    reading = yield from read_settled(ports)
    if reading is None:
        return PassReport(None)
    own = reading.judgement in {Judgement.IN_ORDER, Judgement.OTHER_STORE}
    if own and not (yield from _earlier_answers(ports, reading)):
        reading = yield from read_settled(ports)
    if reading is None or reading.judgement is not Judgement.IN_ORDER:
        return PassReport(reading.judgement if reading else None)
    claims = yield from _claim(ports, reading, most)
    done = yield from _hand_over(ports, reading.view, claims)
    if (done.handed or done.released) and (yield from leased(ports)):
        view = yield from do(ports.workbook.read)
        yield from write_answers(ports, view, cancel=True)
    return done


def _earlier_answers(ports: Ports, reading: Reading) -> Steps[bool]:
    """Write what is known of claims of earlier passes; those that were not handed over in time are released first."""
    now = yield from do(ports.clock.now)
    claims = yield from do(ports.store.open_claims)
    ids = stale(claims.values(), now)
    if ids:
        yield from do(ports.store.release, ids)
    elsewhere = reading.judgement is Judgement.OTHER_STORE
    return (yield from write_answers(ports, reading.view, cancel=elsewhere))


def _claim(ports: Ports, reading: Reading, most: int) -> Steps[tuple[StoreClaim, ...]]:
    """Claim what is due in one guarded write: the claims that the workbook shows after it."""
    decision = yield from _decision(ports, reading, most)
    if not decision.rows:
        return ()
    rows = yield from write_epoch(ports, reading, Change(rows=decision.rows), decision.claims)
    return tuple(claim for claim in decision.claims if rows and seen(claim, rows.get(claim.row.enrolment)))


def _decision(ports: Ports, reading: Reading, most: int) -> Steps[Decision]:
    now = yield from do(ports.clock.now)
    rows = reading.view.rows.values()
    messages = [message for row in rows for message in (row, next_message(row))]
    keys = {cap.key for message in messages for cap in ports.policy.caps(message, now)}
    latest = yield from do(ports.store.latest)
    spent = yield from do(ports.store.spent, keys)
    # somebody may be known to the store alone, who would be claimed, released and cancelled in every pass
    entries = yield from do(ports.suppressions.entries)
    deciding = Deciding(
        view=replace(reading.view, do_not_contact=reading.view.do_not_contact | entries),
        latest=latest,
        spent=Counter(spent),
        policy=ports.policy,
        now=now,
        epoch=reading.next_epoch,
        most=most,
    )
    return decided(deciding)


def _hand_over(ports: Ports, view: View, claims: tuple[StoreClaim, ...]) -> Steps[PassReport]:
    """Hand over the claims as long as they are fresh, in as few calls as the outlet takes."""
    outlet = ports.outlet
    if isinstance(outlet, Together):
        return report((yield from hand_over_together(ports, outlet, view, claims)))
    became: dict[str, Became] = {}
    for claim in claims:
        became[claim.message_id] = yield from _hand_over_one(ports, outlet, view, claim)
    return report(became)


def seen(claim: StoreClaim, row: Enrolment | None) -> bool:
    """Whether the workbook was last seen with the same claim and epoch."""
    if row is None or row.claim is not ClaimState.CLAIMED:
        return False
    return message_id(row) == claim.message_id and row.epoch == claim.row.epoch


def _hand_over_one(ports: Ports, outlet: Outlet, view: View, claim: StoreClaim) -> Steps[Became]:
    """What became of one claim: handed over and answered, or released for somebody blocked meanwhile."""
    now = yield from do(ports.clock.now)
    message = handover(view, claim)
    if now >= message.not_after:
        return Became.LEFT  # the next pass claims it anew, or cancels it
    if blocked(claim.row, (yield from do(ports.suppressions.entries))):
        freed = yield from do(ports.store.release, [claim.message_id])
        return Became.RELEASED if freed else Became.LEFT
    if not (yield from do(ports.store.begin_hand_over, claim.message_id, claim.row.epoch, now)):
        return Became.LEFT
    answer = yield from do(outlet.hand_over, message)
    yield from do(ports.store.answer, claim.message_id, answer)
    return Became.HANDED_OVER
