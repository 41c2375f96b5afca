"""The call that adds leads, against a service that answers as it is told: what each lead's answer is, and when it ends."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.values import Answer, AnswerKind, Handover
from sheets_crm.errors import Retryable
from sheets_crm.features.push_cells import PushCell, row_of
from sheets_crm.instantly.leads import AddedLeads, CreatedLead, Lead
from sheets_crm.instantly.pushing import Pushes, Standing
from sheets_crm.instantly.service import WriteAnswer
from sheets_crm.pipeline.push_words import PushedLead, Word

START = datetime(2026, 11, 30, 9, tzinfo=UTC)
LOST = WriteAnswer(AnswerKind.NO_ANSWER)
LIMITED = WriteAnswer(AnswerKind.NOT_SENT, reason="HTTP 429")
GONE = WriteAnswer(AnswerKind.REFUSED, reason="HTTP 404")


@dataclass
class Service:
    """Answers calls as it is told, then as if everybody had been added; lists who stands there."""

    answers: list = field(default_factory=list)
    standing: dict = field(default_factory=dict)
    blind: bool = False
    calls: list = field(default_factory=list)
    listed: list = field(default_factory=list)
    now: datetime = START

    def add_leads(self, campaign, leads):
        self.calls.append([lead.email for lead in leads])
        if self.answers:
            return self.answers.pop(0)
        created = tuple(CreatedLead(place, f"id-{place}", lead.email) for place, lead in enumerate(leads))
        return WriteAnswer(AnswerKind.ACCEPTED, AddedLeads(total=len(leads), uploaded=len(leads), created=created))

    def leads_by_contacts(self, campaign, emails):
        self.listed.append((self.now, list(emails)))
        if self.blind:
            raise Retryable("no answer")
        found = ((email, self.standing[email]) for email in emails if email in self.standing)
        return tuple(
            Lead(id=email, email=email, campaign=campaign, variables={"sc_key": key}) for email, key in found
        )

    def sleep(self, seconds):
        self.now += timedelta(seconds=seconds)

    def push(self, *numbers, known=None, left=timedelta(minutes=10)):
        told = {f"push-{n}": PushedLead(email=f"p{n}@x.cl") for n in (numbers if known is None else known)}
        pushes = Pushes(self, told.get, lambda: self.now, self.sleep)
        found = pushes.hand_over_together([message(n, START + left) for n in numbers])
        return {int(key.split(".")[0].removeprefix("push-")): answer for key, answer in found.items()}


def message(number, not_after):
    cell = PushCell(word=Word.CLAIMED, batch=1, epoch=1, at=START, campaign="c-1")
    row = row_of(number, f"p{number}@x.cl", cell, in_batch=True)
    assert row.claim is ClaimState.CLAIMED
    return Handover(message_id=f"push-{number}.1.1", key=f"key-{number}", row=row, not_after=not_after)


ADDED = Answer(AnswerKind.ACCEPTED, "added")
DUPLICATE = Answer(AnswerKind.ACCEPTED, "duplicate")
UNKNOWN = Answer(AnswerKind.NO_ANSWER, "unknown")


def test_whom_the_answer_names_is_added_and_nobody_looks():
    service = Service()
    assert service.push(1, 2) == {1: ADDED, 2: ADDED}
    assert service.listed == []


def test_after_a_lost_answer_who_stands_there_is_not_sent_again():
    """One of them with a key of somebody else's."""
    service = Service(answers=[LOST], standing={"p1@x.cl": "key-1", "p2@x.cl": "another"})
    assert service.push(1, 2, 3) == {1: ADDED, 2: DUPLICATE, 3: ADDED}
    assert service.calls == [["p1@x.cl", "p2@x.cl", "p3@x.cl"], ["p3@x.cl"]]
    assert service.listed[0][0] == START + timedelta(seconds=60)


def test_after_two_lost_answers_nobody_knows():
    service = Service(answers=[LOST, LOST])
    assert service.push(1) == {1: UNKNOWN}
    assert len(service.calls) == 2


@pytest.mark.parametrize("second", [LIMITED, GONE])
def test_a_refusal_of_the_second_call_says_nothing_of_the_first(second):
    service = Service(answers=[LOST, second])
    assert service.push(1) == {1: UNKNOWN}


@pytest.mark.parametrize("answer", [LIMITED, GONE])
def test_a_refusal_of_the_whole_call_is_no_leads_own(answer):
    """A campaign that is gone must not complete everybody as not contacted."""
    service = Service(answers=[answer])
    assert service.push(1, 2) == dict.fromkeys((1, 2), Answer(AnswerKind.NOT_SENT, answer.reason))
    assert len(service.calls) == 1


def test_where_nobody_can_look_the_leads_are_sent_once_more_and_who_is_left_out_then_is_unknown():
    left_out = AddedLeads(total=1, uploaded=0, created=(), skipped=1)
    service = Service(answers=[LOST, WriteAnswer(AnswerKind.ACCEPTED, left_out)], blind=True)
    assert service.push(1) == {1: UNKNOWN}


def test_no_call_begins_after_the_deadline():
    service = Service()
    assert service.push(1, left=timedelta()) == {1: Answer(AnswerKind.NOT_SENT, "too late")}
    assert service.calls == []


def test_after_a_lost_answer_no_second_call_begins_after_the_deadline():
    service = Service(answers=[LOST])
    assert service.push(1, left=timedelta(seconds=50)) == {1: UNKNOWN}
    assert len(service.calls) == 1


def test_a_lead_of_which_nothing_is_known_any_more_does_not_leave():
    service = Service()
    found = service.push(1, 2, known=[2])
    assert (found[1].kind, found[2]) == (AnswerKind.NOT_SENT, ADDED)
    assert service.calls == [["p2@x.cl"]]


def test_a_refusal_of_some_is_told_of_each():
    mixed = AddedLeads(total=2, uploaded=1, created=(CreatedLead(0, "id", "p1@x.cl"),), blocked=1)
    service = Service(answers=[WriteAnswer(AnswerKind.ACCEPTED, mixed)])
    assert service.push(1, 2) == {1: ADDED, 2: Answer(AnswerKind.REFUSED, "blocked")}


# -- evidence


def standing(service, places):
    return Standing(service, places.get).left(frozenset(places))


def test_who_stands_in_the_campaign_was_added_or_there():
    service = Service(standing={"p1@x.cl": "key-1"})
    places = {"push-1.1.1": ("c-1", "p1@x.cl"), "push-2.1.1": ("c-1", "p2@x.cl"), "push-3.1.1": None}
    assert standing(service, places) == {"push-1.1.1"}


def test_a_lead_of_another_campaign_proves_nothing():
    service = Service(standing={"p1@x.cl": "key-1"})
    list_them = service.leads_by_contacts
    service.leads_by_contacts = lambda campaign, emails: [
        replace(lead, campaign="c-2") for lead in list_them(campaign, emails)
    ]
    assert standing(service, {"push-1.1.1": ("c-1", "p1@x.cl")}) == frozenset()


def test_where_nobody_can_look_nothing_is_proved():
    service = Service(standing={"p1@x.cl": "key-1"}, blind=True)
    assert standing(service, {"push-1.1.1": ("c-1", "p1@x.cl")}) == frozenset()
