"""What webhooks tell of a lead and what listing it shows come to the same status."""

from datetime import UTC, datetime, timedelta

import pytest

from sheets_crm.instantly.events import from_lead, from_webhook
from sheets_crm.instantly.history import folded

NOON = datetime(2026, 8, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("happenings", "word"),
    [
        ([], "contacted"),
        ([("open", {}), ("click", {})], "contacted"),
        ([("reply", {"text": "Hola"})], "contacted"),
        ([("auto_reply", {"text": "Fuera hasta el lunes"})], "contacted"),
        ([("bounce", {})], "bounced"),
        ([("unsubscribe", {})], "unsubscribed"),
        ([("reply", {"text": "Me interesa"}), ("interest", {"value": 1})], "positive reply"),
        ([("interest", {"value": -1})], "negative reply"),
        ([("interest", {"value": 4})], "converted"),
        ([("interest", {"value": 4}), ("unsubscribe", {})], "converted"),
    ],
)
def test_both_ways_come_to_the_same(api, client, campaign, fault, happenings, word):
    client.subscribe("http://127.0.0.1:9/h", headers={}, campaign=campaign)
    api.add({"id": campaign}, {"email": "ana@ejemplo.cl", "custom_variables": {"LeadNumber": "1001"}})
    fault("DELIVERY", "undelivered", times=99)
    api.happens("send", campaign=campaign)
    for kind, more in happenings:
        api.happens(kind, "ana@ejemplo.cl", **more)
    api.due()
    missed = [
        one
        for page in client.missed_deliveries(NOON - timedelta(days=1), NOON + timedelta(days=1))
        for one in page
    ]
    told = [from_webhook(delivery.payload, NOON) for delivery in missed]
    [lead] = [lead for page in client.leads(campaign) for lead in page]
    shown = from_lead(lead, NOON)
    assert {event.lead_number for event in (*told, *shown)} == {1001}
    assert {event.event_type for event in told} <= {event.event_type for event in shown} | {"auto_reply_received"}
    assert folded(told).status == folded(shown).status == folded([*shown, *told]).status
    assert folded(told).status.word == word
    assert folded(told).unknown_count == 0


def test_a_label_of_the_workspace_has_one_text_both_ways(api, client, campaign, fault):
    api.ok("POST", "lead-labels", {"label": "Llamar en enero", "interest_status_label": "neutral"})
    client.subscribe("http://127.0.0.1:9/h", headers={}, campaign=campaign)
    api.add({"id": campaign}, "ana@ejemplo.cl")
    fault("DELIVERY", "undelivered", times=99)
    api.happens("label", "ana@ejemplo.cl", label="Llamar en enero")
    api.due()
    labels = {label.interest: label.label for page in client.labels() for label in page}
    [told] = [
        from_webhook(one.payload, NOON, labels=labels.values())
        for page in client.missed_deliveries(NOON - timedelta(days=1), NOON + timedelta(days=1))
        for one in page
    ]
    [lead] = [lead for page in client.leads(campaign) for lead in page]
    shown = from_lead(lead, NOON, labels=labels)[-1]
    assert (told.event_type, told.kind, told.word) == (shown.event_type, shown.kind, shown.word)
    assert told.event_type == "Llamar en enero"
