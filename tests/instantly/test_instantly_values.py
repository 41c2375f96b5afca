"""What the service answers, read as values: strict about types, tolerant of what is unknown."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_crm.instantly.fields import WrongField, page_of
from sheets_crm.instantly.leads import AddedLeads, CreatedLead, Lead
from sheets_crm.instantly.values import (
    BlockEntry,
    Campaign,
    Delivery,
    Label,
    Mail,
    SendingStatus,
    Subscription,
    Workspace,
)

KINDS = [
    AddedLeads, BlockEntry, Campaign, CreatedLead, Delivery, Label, Lead, Mail, SendingStatus, Subscription, Workspace
]  # fmt: skip
LEAD = {
    "id": "019f", "email": "ana@ejemplo.cl", "campaign": "c", "status": 1.0, "lt_interest_status": None,
    "payload": {"LeadNumber": "1001", "ok": True, "n": 1.5, "none": None},
    "timestamp_created": "2026-08-13T11:12:14.408Z", "something_new": {"a": [1]},
}  # fmt: skip
ADDED = {
    "status": "success", "total_sent": 10, "leads_uploaded": 1, "in_blocklist": 1, "duplicated_leads": 2,
    "skipped_count": 3, "invalid_email_count": 1, "incomplete_count": 1, "duplicate_email_count": 1,
    "remaining_in_plan": 9993, "created_leads": [{"index": 0, "id": "l", "email": "ana@ejemplo.cl", "phone": "+1"}],
}  # fmt: skip


def test_a_lead_with_unknown_fields_and_without_others_is_read():
    lead = Lead.of(LEAD)
    assert (lead.status, lead.interest, lead.replies, lead.last_reply) == (1, None, 0, None)
    assert lead.variables == LEAD["payload"]
    assert lead.created == datetime(2026, 8, 13, 11, 12, 14, 408000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value", "found", "expected"),
    [
        ("email", 7, "number", "string"),
        ("status", "1", "string", "integer"),
        ("status", 1.5, "number", "integer"),
        ("status", True, "boolean", "integer"),
        ("email_open_count", -1, "negative", "integer"),
        ("payload", [], "array", "object"),
        ("timestamp_created", "yesterday", "string", "date-time"),
        ("id", None, "empty", "string"),
    ],
)
def test_a_wrong_type_is_named_with_its_field_and_its_lead(field, value, found, expected):
    with pytest.raises(WrongField) as raised:
        Lead.of({**LEAD, field: value})
    name = "lead" if field == "id" else "lead 019f"
    assert str(raised.value) == f"{name}: the field {field} is {found} and should be {expected}"


def test_a_nested_custom_variable_is_named():
    with pytest.raises(WrongField, match="lead 019f, payload: the field x is object"):
        Lead.of({**LEAD, "payload": {"x": {}}})


def test_the_counts_of_a_push_are_read():
    added = AddedLeads.of(ADDED)
    assert (added.total, added.uploaded, added.left_out, added.left_in_plan) == (10, 1, 9, 9993)
    assert added.created == (CreatedLead(0, "l", "ana@ejemplo.cl"),)


@pytest.mark.parametrize("missing", ["total_sent", "leads_uploaded", "created_leads"])
def test_an_answer_without_what_a_push_is_judged_by_is_none(missing):
    with pytest.raises(WrongField, match=missing):
        AddedLeads.of({name: value for name, value in ADDED.items() if name != missing})


@pytest.mark.parametrize("payload", [{"event_type": "x"}, '{"event_type": "x"}'])
def test_a_missed_event_stands_there_as_an_object_or_as_its_text(payload):
    assert Delivery.of({"id": "d", "payload": payload}).payload == {"event_type": "x"}


@pytest.mark.parametrize("payload", ["<the webhook body>", "[]", None, 7])
def test_a_missed_event_without_its_content_is_an_error(payload):
    with pytest.raises(WrongField, match="webhook-event d"):
        Delivery.of({"id": "d", "payload": payload})


NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.sampled_from(["", "x", "7", "é", "2026-08-14", "0001-01-01T00:00+09:00"])
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(
    [*LEAD, *ADDED, "items", "next_starting_after", "body", "is_unread", "success", "summary", "index", "name"]
)


@pytest.mark.long
@given(st.sampled_from(KINDS), JSON | st.dictionaries(NAMES, JSON))
@settings(max_examples=50)
def test_whatever_is_answered_is_read_or_a_wrong_field(kind, given):
    with suppress(WrongField):
        kind.of(given)


@pytest.mark.long
@given(JSON | st.fixed_dictionaries({"items": st.lists(JSON)}, optional={"next_starting_after": JSON}))
@settings(max_examples=50)
def test_whatever_is_listed_is_read_or_named(given):
    try:
        page = page_of(given, "leads/list", Lead.of)
    except WrongField:
        return
    assert len(page.items) + len(page.problems) == len(given["items"])
