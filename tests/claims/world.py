"""A model of the world written from the contract: workbook, store, provider, clock. It knows no rule of the kernel."""

from __future__ import annotations

import copy
import itertools
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sheets_crm.claims.adopt import adopt
from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.drip import drip
from sheets_crm.claims.effects import play
from sheets_crm.claims.enrolling import enrol
from sheets_crm.claims.enrolment import Enrolment
from sheets_crm.claims.ports import Cap, Ports
from sheets_crm.claims.values import (
    Answer,
    AnswerKind,
    Outcome,
    StoreFacts,
    System,
    View,
    Written,
)

START = datetime(2026, 11, 30, 9, tzinfo=UTC)
MAILBOX_CAP = 2


class Killed(Exception):  # noqa: N818
    """The process dies here."""


class PortError(Exception):
    """A port raises: the network, the disk, a fault in an adapter."""


class Clock:
    def __init__(self):
        self.time = START

    def now(self):
        return self.time

    def sleep(self, **span):
        self.time += timedelta(**span)


class ModelWorkbook:
    """Rows, System and stamps; a write is applied whole, on the sequence that it was made on, or not at all."""

    def __init__(self, spreadsheet_id, store_id, rows):
        self.spreadsheet_id = spreadsheet_id
        self.rows = {row.enrolment: row for row in rows}
        self.system = System(
            store_id=store_id,
            store_epoch=0,
            sequence=0,
            spreadsheet_id=spreadsheet_id,
            counters={"N": len(rows)},
            salt="salt",
        )
        self.stamps = []
        self.do_not_contact = frozenset()
        self.campaigns = frozenset({"K-01"})
        self.faults = []
        self.on_its_way = None

    def read(self):
        return View(
            system=self.system,
            spreadsheet_id=self.spreadsheet_id,
            rows=dict(self.rows),
            do_not_contact=self.do_not_contact,
            active_campaigns=self.campaigns,
        )

    def write(self, change):
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "refused":
            self.touch()
        if fault == "lost":
            return Outcome(Written.UNKNOWN)
        if fault == "late":
            self.on_its_way = change
            return Outcome(Written.UNKNOWN)
        if change.sequence != self.system.sequence:
            return Outcome(Written.REFUSED)
        self._apply(replace(change, rows=change.rows[1:]) if fault == "displaced" else change)
        if fault == "landed":
            return Outcome(Written.UNKNOWN)
        return Outcome(
            Written.WRITTEN,
            {row.enrolment: self.rows[row.enrolment] for row in change.rows if row.enrolment in self.rows},
        )

    def has_stamp(self, token):
        return token in self.stamps

    def touch(self):
        """Somebody else's guarded write."""
        self.system = replace(self.system, sequence=self.system.sequence + 1)
        self.stamps.append("somebody")

    def arrive(self):
        """A write that was still on its way arrives; it is applied if nobody has taken its number."""
        change, self.on_its_way = self.on_its_way, None
        if change and change.sequence == self.system.sequence:
            self._apply(change)

    def _apply(self, change):
        assert change.token not in self.stamps
        self.rows.update({row.enrolment: row for row in change.rows})
        self.do_not_contact |= change.do_not_contact
        if change.pause_campaigns:
            self.campaigns = frozenset()
        changed = {
            "store_id": change.store_id,
            "store_epoch": change.epoch,
            "spreadsheet_id": change.spreadsheet_id,
        }
        self.system = replace(
            self.system,
            sequence=change.becomes or self.system.sequence + 1,
            counters={**self.system.counters, **change.counters},
            **{name: value for name, value in changed.items() if value is not None},
        )
        self.stamps = [*self.stamps, change.token][-200:]

    def version(self):
        return copy.deepcopy((self.rows, self.system, self.stamps, self.do_not_contact, self.campaigns))

    def set_back(self, version):
        self.rows, self.system, self.stamps, self.do_not_contact, self.campaigns = copy.deepcopy(version)


class ModelStore:
    """Claims under unique keys, epochs, one lease; each method is one commit."""

    def __init__(self, store_id):
        self.store_id = store_id
        self.confirmed = self.sequence = self.highest = 0
        self.pending = {}
        self.claims = {}
        self.holder = ("", None)

    def facts(self):
        return StoreFacts(
            store_id=self.store_id,
            confirmed=self.confirmed,
            raised=self.highest,
            sequence=self.sequence,
            pending=tuple(self.pending.values()),
        )

    def lease(self, worker, now, until):
        holder, end = self.holder
        if holder and holder != worker and end > now:
            return False
        self.holder = (worker, until)
        return True

    def end_lease(self, worker):
        if self.holder[0] == worker:
            self.holder = ("", None)

    def raise_epoch(self, pending):
        used = (self.claims.get(claim.message_id) for claim in pending.claims)
        if pending.epoch <= self.highest or any(claim and (claim.closed or not claim.released) for claim in used):
            return False
        self.highest, self.sequence = pending.epoch, max(self.sequence, pending.sequence)
        self.pending[pending.epoch] = pending
        return True

    def confirm(self, epoch, sequence):
        pending = self.pending.pop(epoch, None)
        if pending is None:
            return epoch in self._confirmed_epochs()
        self.__dict__.setdefault("done", set()).add(epoch)
        self.confirmed, self.sequence = max(self.confirmed, epoch), max(self.sequence, sequence)
        begun = {key for key, claim in self.claims.items() if claim.handing_at}
        self.claims |= {claim.message_id: claim for claim in pending.claims if claim.message_id not in begun}
        self.claims = {claim.message_id: claim for claim in pending.adopted} | self.claims
        return True

    def _confirmed_epochs(self):
        return self.__dict__.get("done", set())

    def withdraw(self, epoch):
        self.pending.pop(epoch, None)

    def open_claims(self):
        return {key: claim for key, claim in self.claims.items() if claim.closed is None}

    def latest(self):
        ordered = sorted(self.claims.values(), key=lambda claim: claim.row.place)
        return {claim.row.enrolment: claim for claim in ordered}

    def spent(self, keys):
        counts = Counter(
            key for claim in self.claims.values() if claim.closed is not ClaimState.CANCELLED for key in claim.caps
        )
        return {key: counts[key] for key in keys}

    def begin_hand_over(self, message_id, epoch, at):
        claim = self.claims.get(message_id)
        if claim is None or claim.released or claim.handing_at or claim.closed or claim.row.epoch != epoch:
            return False
        self.claims[message_id] = replace(claim, handing_at=at)
        return True

    def begin_hand_overs(self, ids, epoch, at):
        return frozenset(i for i in ids if self.begin_hand_over(i, epoch, at))

    def answer_all(self, answers):
        for message_id, answer in answers.items():
            self.answer(message_id, answer)

    def answer(self, message_id, answer):
        claim = self.claims.get(message_id)
        if claim is not None and claim.answer is None:
            self.claims[message_id] = replace(claim, answer=answer)

    def release(self, ids):
        free = {
            i for i in ids if i in self.claims and not self.claims[i].handing_at and not self.claims[i].released
        }
        self.claims |= {i: replace(self.claims[i], released=True) for i in free}
        return frozenset(free)

    def close(self, states):
        self.claims |= {
            i: replace(self.claims[i], closed=state) for i, state in states.items() if i in self.claims
        }

    def rename(self, store_id):
        self.store_id = store_id


@dataclass
class Sent:
    key: str
    message_id: str
    row: Enrolment
    at: datetime
    left: bool


class Provider:
    """Takes messages, remembers every one that reached it, and answers as it is told."""

    def __init__(self, clock):
        self.clock = clock
        self.log = []
        self.answers = {}

    def hand_over(self, message):
        if self.clock.now() >= message.not_after:
            return Answer(AnswerKind.NOT_SENT, "too old")
        kind, left = self.answers.get(message.message_id, (AnswerKind.ACCEPTED, True))
        self.log.append(Sent(message.key, message.message_id, message.row, self.clock.now(), left))
        return Answer(kind)


class ProviderOfMany:
    """Takes all messages of a call together; each reached it or did not, as of one that takes them one by one."""

    def __init__(self, clock):
        self.one_by_one = Provider(clock)
        self.calls = []

    @property
    def log(self):
        return self.one_by_one.log

    @property
    def answers(self):
        return self.one_by_one.answers

    def hand_over_together(self, messages):
        self.calls.append(tuple(message.message_id for message in messages))
        return {message.message_id: self.one_by_one.hand_over(message) for message in messages}


class Suppressions:
    def __init__(self, workbook):
        self.workbook = workbook
        self.added = frozenset()

    def entries(self):
        return self.workbook.do_not_contact | self.added


class Evidence:
    """The Sent folder, when somebody looks into it."""

    def __init__(self, provider):
        self.provider = provider
        self.open = False

    def left(self, ids):
        return frozenset(sent.message_id for sent in self.provider.log if sent.left and self.open) & ids


class Policy:
    """Two positions a day apart; so many a mailbox and one a person a day."""

    positions = 2

    def caps(self, row, at):
        day = at.date()
        return Cap(f"mailbox {row.mailbox} {day}", MAILBOX_CAP), Cap(f"person {row.lead_number} {day}", 1)

    def held_back_by(self, row, at):
        return "" if 8 <= at.hour < 20 else "window"

    def next_at(self, row, at):
        return at + timedelta(days=1) if row.position < self.positions else None


class World:
    """One workbook, the stores that meet it, one provider, and workers that are named anew at each start.

    `make_store` gives a new store under an id: a model of one, unless a test has others played; `make_provider` the
    provider, which takes messages one after another unless it takes them together; `in_hand` is how many it has at once.
    """

    make_store = ModelStore
    make_provider = Provider
    in_hand = 1

    def __init__(self, people=3):
        self.clock = Clock()
        self.provider = self.make_provider(self.clock)
        self.evidence = Evidence(self.provider)
        self.workbook = ModelWorkbook("S-1", "store-1", [enrolment(n) for n in range(1, people + 1)])
        self.suppressions = Suppressions(self.workbook)
        self.stores = {"store-1": self.make_store("store-1")}
        self.names = itertools.count(1)
        self.sent_again = Counter()

    def ports(self, store=None, workbook=None):
        return Ports(
            worker=f"worker-{next(self.names)}",
            workbook=workbook or self.workbook,
            store=store or self.stores["store-1"],
            outlet=self.provider,
            suppressions=Suppressions(workbook) if workbook else self.suppressions,
            evidence=self.evidence,
            clock=self.clock,
            policy=Policy(),
        )

    def drip(self, store=None, workbook=None):
        return play(drip(self.ports(store, workbook)))

    def adopt(self, store=None, workbook=None):
        return play(adopt(self.ports(store, workbook), f"store-{next(self.names)}-of-adopt"))

    def enrol(self, *people, store=None):
        return play(enrol(self.ports(store), people))


def newcomer(n):
    """Somebody who is not enrolled yet."""
    return replace(enrolment(n), enrolment="")


def enrolment(n, **columns):
    return Enrolment(
        enrolment=f"N-{n:04d}",
        lead_number=str(n),
        address=f"p{n}@cliente.cl",
        campaign_id="K-01",
        mailbox="ana@nosotros.cl",
        next_at=START - timedelta(hours=5 - min(n, 4)),
        **columns,
    )
