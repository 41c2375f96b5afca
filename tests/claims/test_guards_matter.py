"""Each guard, of the kernel and of the contracts under it, taken out once: a play then fails."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from sheets_crm.claims import adopt, answers, deciding, drip, enrolling, epochs
from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.judgement import Judgement, judge
from sheets_crm.claims.values import AnswerKind, Outcome, Written
from tests.claims import world
from tests.claims.plays import PLAYS, SUBJECTS, play_everywhere

ANSWERED = answers.answered


def judged_in_order(judgement):
    def off(facts, view):
        found = judge(facts, view)
        return Judgement.IN_ORDER if found is judgement else found

    return off


def begun_as_often_as_asked(store, message_id, epoch, at):
    return message_id in store.claims


def begun_whatever_the_claim(store, message_id, epoch, at):
    claim = store.claims.get(message_id)
    if claim is None or claim.handing_at:
        return False
    store.claims[message_id] = replace(claim, handing_at=at)
    return True


def stale_though_begun(claims, now):
    return tuple(c.message_id for c in claims if c.answer is None and now - c.row.claimed_at > answers.CLAIM_AGE)


def released_though_begun(store, ids):
    store.claims |= {i: replace(store.claims[i], released=True, handing_at=None) for i in ids}
    return frozenset(ids)


def number_not_taken(ports, pending):
    yield from ()
    return True


def nothing_withdrawn(ports, view, facts, pending):
    yield from ()


def written_on_any_sequence(workbook, change):
    workbook._apply(change)
    return Outcome(Written.WRITTEN, {row.enrolment: row for row in change.rows})


def unknown_taken_for_not_sent(row, kind, policy, at):
    return ANSWERED(row, AnswerKind.NOT_SENT if kind is AnswerKind.NO_ANSWER else kind, policy, at)


def read_once(ports):
    for _ in range(3):
        view = yield from epochs.do(ports.workbook.read)
        facts = yield from epochs.do(ports.store.facts)
        if not facts.pending:
            return epochs.Reading(view, facts, judge(facts, view))
        for pending in facts.pending:
            yield from epochs._settle(ports, view, facts, pending)
    return None


def read_as_in_order(ports):
    reading = yield from epochs.read_settled(ports)
    return reading and replace(reading, judgement=Judgement.IN_ORDER)


def handed_over_whenever(provider, message):
    return HAND_OVER(provider, replace(message, not_after=provider.clock.now() + answers.CLAIM_AGE))


HAND_OVER = world.Provider.hand_over


def raised_after_the_write(ports, reading, change, claims=(), adopted=()):
    """The epoch and the claims are noted in the store once the workbook has them."""
    epoch, sequence = reading.next_epoch, reading.view.system.sequence
    token = f"{ports.worker}/{epoch}"
    outcome = yield from epochs.do(
        ports.workbook.write, replace(change, sequence=sequence, token=token, epoch=epoch)
    )
    if outcome.written is not Written.WRITTEN:
        return None
    pending = epochs.Pending(
        epoch=epoch, token=token, sequence=sequence, becomes=sequence + 1, claims=claims, adopted=adopted
    )
    yield from epochs.do(ports.store.raise_epoch, pending)
    yield from epochs.do(ports.store.confirm, epoch, sequence + 1)
    return outcome.rows


def read_back_as_intended(workbook, change):
    outcome = WRITE(workbook, change)
    return replace(outcome, rows={row.enrolment: row for row in change.rows}) if outcome.rows else outcome


WRITE = world.ModelWorkbook.write
IN_DOUBT = deciding._in_doubt
NEXT = deciding.next_message


def closed_taken_for_open(deciding_, row, known, *, may_claim):
    """What was closed and is shown as claimed is not shown again as it was closed, which heals what was not read back."""
    return IN_DOUBT(deciding_, row, known and replace(known, closed=None), may_claim=may_claim)


def unknown_taken_for_cancelled(deciding_, row, known, *, may_claim):
    if row.claim is ClaimState.UNKNOWN:
        return replace(answers.cancelled(row), state="active", cause=None), None
    return IN_DOUBT(deciding_, row, known, may_claim=may_claim)


def same_attempt_again(row):
    return row if row.claim in {ClaimState.FAILED, ClaimState.CANCELLED} else NEXT(row)


@dataclass(frozen=True)
class Guard:
    """A guard, what stands in its place, and a play that then fails."""

    name: str
    patches: tuple[tuple[Any, str, Any], ...]
    subject: str = "first_pass"
    play: str = "kill"


def of(name, *patches, play="kill", subject="first_pass"):
    return Guard(name, patches, subject, play)


ANY_DEADLINE = (world.Provider, "hand_over", handed_over_whenever)
GUARDS = [
    of("a hand-over begins once", (world.ModelStore, "begin_hand_over", begun_as_often_as_asked)),
    of(
        "what is handed over is claimed in this epoch (and the deadline)",
        (world.ModelStore, "begin_hand_over", begun_whatever_the_claim),
        ANY_DEADLINE,
        play="second worker later while paused",
    ),
    of(
        "what was begun is not released (and the deadline)",
        (world.ModelStore, "release", released_though_begun),
        ANY_DEADLINE,
        play="the sleeper wakes",
        subject="pass_beside_a_sleeper",
    ),
    of("nothing is handed over after its deadline", ANY_DEADLINE, play="asleep for 25 hours"),
    of("without an answer it is unknown", (answers, "answered", unknown_taken_for_not_sent)),
    of("unknown is never sent by itself", (deciding, "_in_doubt", unknown_taken_for_cancelled), play="lost disk"),
    of(
        "the workbook was seen with the claim",
        (drip, "seen", lambda claim, row: True),
        play="lost disk",
        subject="pass_whose_claim_misses_a_row",
    ),
    of(
        "what was written is read back",
        (world.ModelWorkbook, "write", read_back_as_intended),
        (deciding, "_in_doubt", closed_taken_for_open),
        play="write displaced",
    ),
    of(
        "another store claims nothing",
        (epochs, "judge", judged_in_order(Judgement.OTHER_STORE)),
        play="second store",
    ),
    of("a workbook set back waits", (epochs, "judge", judged_in_order(Judgement.SET_BACK)), play="set back"),
    of(
        "a restored store waits",
        (epochs, "judge", judged_in_order(Judgement.RESTORED)),
        play="image of the store",
    ),
    of("a copy waits", (epochs, "judge", judged_in_order(Judgement.COPIED)), play="copied"),
    of("the store is read before and after", (drip, "read_settled", read_once), play="second worker later"),
    of("the epoch is raised before its write", (drip, "write_epoch", raised_after_the_write)),
    of(
        "the number of a lost write is taken",
        (epochs, "_number_taken", number_not_taken),
        play="a late write arrives",
        subject="pass_after_a_late_write",
    ),
    of("pending epochs are settled", (epochs, "_settle", nothing_withdrawn)),
    of("writes are guarded", (world.ModelWorkbook, "write", written_on_any_sequence), play="second store adopts"),
    of("one lease", (world.ModelStore, "lease", lambda *_: True), play="second worker"),
    of("caps", (world.ModelStore, "spent", lambda store, keys: dict.fromkeys(keys, 0)), play="nothing"),
    of(
        "caps are counted from Enrolments, in the pass and at the take-over",
        (deciding, "_count_others", lambda deciding: None),
        (adopt, "_adopted", lambda rows, policy: ()),
        play="lost disk",
    ),
    of("do not contact is read in the claim", (deciding, "blocked", lambda *_: False), play="do not contact"),
    of("do not contact is read before the hand-over", (drip, "blocked", lambda *_: False), play="do not contact"),
    of(
        "do not contact of the store alone is read in the claim",
        (drip, "replace", lambda view, **changes: view),
        play="do not contact, in the store alone",
    ),
    of(
        "nobody is enrolled in a workbook that was set back",
        (enrolling, "read_settled", read_as_in_order),
        play="set back and somebody is enrolled",
        subject="pass_after_an_enrolment",
    ),
    of("no id is used twice", (deciding, "next_message", same_attempt_again), play="write displaced"),
    of(
        "rows behind the store are brought up to it",
        (deciding, "raised", lambda row, *_: row),
        (adopt, "raised", lambda row, *_: row),
        play="set back",
    ),
    of(
        "rows that are gone come back",
        (adopt, "_raised_rows", lambda rows, *_: dict(rows)),
        play="set back to before an enrolment",
    ),
    of(
        "a restored store gets another id",
        (world.ModelStore, "rename", lambda *_: None),
        play="image of the store",
    ),
    of(
        "one enrolment a person",
        (deciding, "holds", lambda *_: True),
        play="nothing",
        subject="two_rows_of_one_person",
    ),
]


@pytest.mark.long
@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_without_it_a_play_fails(guard, monkeypatch):
    subject = next(each for each in SUBJECTS if each.__name__ == guard.subject)
    play = next(each for each in PLAYS if each.name == guard.play)
    for owner, name, instead in guard.patches:
        monkeypatch.setattr(owner, name, instead)
    with pytest.raises(AssertionError):
        play_everywhere(subject, play)
