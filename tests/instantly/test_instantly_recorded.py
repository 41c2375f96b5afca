"""Recorded payloads of the service, where they are at hand: all of them are read."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sheets_crm.instantly.events import EventKind, from_webhook
from sheets_crm.instantly.fields import page_of
from sheets_crm.instantly.leads import AddedLeads, Lead, NewLead
from sheets_crm.instantly.outcomes import Outcome, outcomes
from sheets_crm.instantly.values import Delivery, Mail

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
RECORDED = Path(os.environ.get("SHEETS_PAYLOADS", SHARED / "payloads")) / "instantly.json"

pytestmark = pytest.mark.skipif(not RECORDED.is_file(), reason="the recorded payloads are not at hand")


@pytest.fixture(scope="module")
def recorded():
    return json.loads(RECORDED.read_text(encoding="utf-8"))


def test_pages_of_leads(recorded):
    first, last = (page_of(page, "leads/list", Lead.of) for page in recorded["list_leads"]["pages"])
    assert (len(first.items), first.problems, bool(first.after)) == (1, (), True)
    assert (last.items, last.after) == ((), "")
    assert (first.items[0].interest, Lead.of(recorded["lead_without_interest"]).interest) == (1, None)


def test_the_answer_to_a_push_whose_names_were_cut_proves_nothing_of_the_rest(recorded):
    added = AddedLeads.of(recorded["add_leads"]["answer"])
    assert (added.total, added.uploaded, added.left_out, len(added.created)) == (10, 7, 3, 1)
    pushed = [
        NewLead(email=added.created[0].email if place == 0 else f"l{place}@a.cl", key="k") for place in range(10)
    ]
    assert outcomes(pushed, "c", added) == (Outcome.ADDED, *[Outcome.UNKNOWN] * 9)


def test_webhooks(recorded):
    events = [
        from_webhook(body, datetime(2026, 8, 15, tzinfo=UTC), labels=["Llamar en enero"])
        for body in recorded["webhooks"]
    ]
    assert EventKind.UNKNOWN not in {event.kind for event in events}
    assert len({event.key for event in events}) == len(events)
    assert {event.lead_number for event in events} == {1001, None}  # an account's error is about no lead
    assert {event.at for event in events} == {datetime(2026, 8, 14, 12, 0, 1, tzinfo=UTC)}


def test_a_missed_delivery_and_a_mail(recorded):
    item = {**recorded["webhook_event_history"]["item"], "payload": recorded["webhooks"][0]}
    missed = Delivery.of(item)
    assert (missed.success, missed.status_code, missed.payload["event_type"]) == (False, 503, "email_sent")
    mail = Mail.of(recorded["email"])
    assert (mail.kind, mail.unread, mail.automatic, mail.text) == (2, True, False, "Me interesa")
    assert mail.sent_at < mail.stored_at


def test_types_of_webhooks_have_a_kind_unless_they_are_not_of_outreach(recorded):
    unknown = {
        name
        for name in recorded["webhook_types"]
        if from_webhook({"event_type": name}, datetime(2026, 8, 15, tzinfo=UTC)).kind is EventKind.UNKNOWN
    }
    assert unknown == {"all_events", "supersearch_enrichment_completed"}
