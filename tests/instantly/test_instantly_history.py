"""The fold of a lead's events: the same in any order, however often they come, and never weaker."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.instantly.events import EventKind, from_lead, from_webhook
from sheets_crm.instantly.history import History, Status, folded
from sheets_crm.instantly.leads import Lead
from sheets_crm.pipeline.reply_words import RANK

NOON = datetime(2026, 8, 14, 12, tzinfo=UTC)
TYPES = [
    "email_sent", "email_opened", "reply_received", "auto_reply_received", "email_bounced", "lead_unsubscribed",
    "lead_interested", "lead_not_interested", "lead_closed", "account_error", "Llamar en enero", "new_type",
]  # fmt: skip
LABELS = {"Llamar en enero"}


def event(event_type, hours=0, email_id="e"):
    moment = (NOON + timedelta(hours=hours)).isoformat()
    body = {"event_type": event_type, "timestamp": moment, "lead_email": "ana@a.cl", "email_id": email_id}
    return from_webhook(body, NOON, labels=LABELS)


def history(*told):
    return folded(event(event_type, hours) for event_type, hours in told)


EVENTS = st.lists(st.builds(event, st.sampled_from(TYPES), st.integers(0, 5), st.sampled_from("ab")), max_size=12)


@pytest.mark.long
@given(EVENTS, st.randoms(use_true_random=False), st.integers(0, 12))
def test_doubled_shuffled_and_late_events_come_to_the_same(events, random, cut):
    straight = folded(events)
    again = [*events, *events]
    random.shuffle(again)
    assert folded(again) == straight
    assert folded(again[cut:], folded(again[:cut])) == straight
    assert folded(again, straight) == straight
    assert folded(again).status == straight.status


@pytest.mark.long
@given(EVENTS, EVENTS)
def test_more_events_never_make_it_weaker(events, more):
    before, after = folded(events), folded(more, folded(events))
    assert strength(after) >= strength(before)
    assert set(before.kinds) <= set(after.kinds)
    assert after.unknown_count >= before.unknown_count


def strength(found: History):
    return RANK[found.status.word] if found.status else 0


@pytest.mark.long
@given(EVENTS)
def test_the_strongest_word_that_was_said_counts(events):
    said = [one.word for one in events if one.word]
    assert strength(folded(events)) == max((RANK[word] for word in said), default=0)


@pytest.mark.parametrize(
    ("told", "word", "hours"),
    [
        ([("email_sent", 1), ("email_opened", 4)], "contacted", 1),
        ([("lead_closed", 1), ("lead_not_interested", 4)], "converted", 1),
        ([("lead_interested", 1), ("lead_not_interested", 4)], "negative reply", 4),
        ([("lead_interested", 4), ("lead_not_interested", 1)], "positive reply", 4),
        ([("lead_interested", 1), ("lead_not_interested", 2), ("lead_interested", 4)], "positive reply", 4),
        ([("lead_interested", 2), ("lead_interested", 4), ("lead_not_interested", 1)], "positive reply", 2),
        ([("lead_interested", 1), ("lead_not_interested", 1)], "negative reply", 1),
        ([("lead_unsubscribed", 1), ("email_bounced", 4)], "unsubscribed", 1),
    ],
)
def test_of_two_words_of_one_rank_the_later_counts_and_since_when(told, word, hours):
    assert history(*told).status == Status(word, NOON + timedelta(hours=hours))


def test_sent_never_takes_the_place_of_not_contacted():
    skipped = Lead(id="l", status=-3, updated=NOON)
    active = Lead(id="l", status=1, updated=NOON + timedelta(hours=1))
    events = [*from_lead(skipped, NOON), *from_lead(active, NOON)]
    assert [event.word for event in events] == ["not contacted", "sent"]
    assert folded(events).status == Status("not contacted", NOON)
    again = from_lead(Lead(id="l", status=-3, updated=NOON + timedelta(hours=2)), NOON)
    assert folded([*events, *again]).status == Status("not contacted", NOON)


def test_what_means_no_word_is_kept_beside():
    found = history(("Llamar en enero", 1), ("account_error", 2), ("new_type", 3))
    assert found.status is None
    assert list(found.labels) == ["Llamar en enero"]
    assert set(found.kinds) == {EventKind.LABELLED, EventKind.ACCOUNT_ERROR, EventKind.UNKNOWN}


def test_unknown_events_are_counted_once_each():
    found = folded([event("new_type"), event("new_type"), event("new_type", 1), event("other")])
    assert found.unknown_count == 3
    assert {name: len(keys) for name, keys in found.unknown.items()} == {"new_type": 2, "other": 1}
