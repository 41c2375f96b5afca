"""Events of webhooks and of listed leads."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_crm.claims.events import Fact, Rank
from sheets_crm.instantly.events import OF_A_MESSAGE, EventKind, from_lead, from_webhook, lead_number
from sheets_crm.instantly.leads import Lead

NOON = datetime(2026, 8, 14, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=3)
BODY = {
    "timestamp": "2026-08-14T12:00:00.000Z",
    "event_type": "reply_received",
    "workspace": "w",
    "campaign_id": "c",
    "campaign_name": "Los Lagos",
    "lead_email": "Ana@Ejemplo.cl",
    "email_account": "equipo@ventas.example.com",
    "step": 1,
    "email_id": "e1",
    "reply_subject": "Re: x",
    "reply_text": "Me interesa",
    "reply_html": "<p>Me interesa</p>",
    "LeadNumber": "1001",
    "sc_key": "key-ana",
}


def heard(**changes):
    return from_webhook({**BODY, **changes}, LATER)


@pytest.mark.parametrize(
    ("event_type", "kind", "word"),
    [
        ("email_sent", "accepted", "contacted"),
        ("email_opened", "opened", "contacted"),
        ("link_clicked", "clicked", "contacted"),
        ("email_link_clicked", "clicked", "contacted"),
        ("reply_received", "replied", "contacted"),
        ("auto_reply_received", "auto_replied", "contacted"),
        ("email_bounced", "bounced_hard", "bounced"),
        ("lead_unsubscribed", "unsubscribed", "unsubscribed"),
        ("campaign_completed", "campaign_completed", "contacted"),
        ("account_error", "account_error", ""),
        ("lead_neutral", "labelled", "contacted"),
        ("lead_out_of_office", "labelled", "contacted"),
        ("lead_interested", "labelled", "positive reply"),
        ("lead_meeting_booked", "labelled", "positive reply"),
        ("lead_meeting_completed", "labelled", "positive reply"),
        ("lead_not_interested", "labelled", "negative reply"),
        ("lead_wrong_person", "labelled", "negative reply"),
        ("lead_no_show", "labelled", "negative reply"),
        ("lead_closed", "labelled", "converted"),
        ("supersearch_enrichment_completed", "unknown", ""),
        ("something_new", "unknown", ""),
        ("Cliente", "unknown", ""),  # a label of that text means what the Labels table says
    ],
)
def test_each_type_has_a_kind_and_a_word(event_type, kind, word):
    event = heard(event_type=event_type)
    assert (event.kind, event.word, event.event_type) == (kind, word, event_type)


def test_a_reply_is_read_whole():
    event = heard()
    assert (event.at, event.address, event.campaign, event.step) == (NOON, "ana@ejemplo.cl", "c", "1")
    assert (event.lead_number, event.message_key, event.email_id) == (1001, "key-ana", "e1")
    assert (event.subject, event.text, event.html) == ("Re: x", "Me interesa", "")
    assert event.account == "equipo@ventas.example.com"
    assert heard(reply_text="", reply_text_snippet="Me").text == "Me"
    assert heard(reply_text=None).html == "<p>Me interesa</p>"


def test_a_label_of_the_workspace_is_its_raw_text():
    body = {**BODY, "event_type": "Llamar en enero"}
    event = from_webhook(body, LATER, labels={"Llamar en enero"})
    assert (event.kind, event.event_type, event.word) == (EventKind.LABELLED, "Llamar en enero", "")


def test_the_kinds_of_messages_are_those_that_the_kernel_of_claims_knows():
    assert set(OF_A_MESSAGE.values()) <= {*Rank, *Fact}
    assert set(EventKind) - set(OF_A_MESSAGE) == {
        EventKind.LABELLED, EventKind.LISTED, EventKind.CAMPAIGN_COMPLETED, EventKind.ACCOUNT_ERROR, EventKind.UNKNOWN
    }  # fmt: skip


@pytest.mark.parametrize("field", ["event_type", "timestamp", "lead_email", "campaign_id", "step", "email_id"])
def test_the_key_is_of_what_tells_two_events_apart(field):
    assert heard().key == heard(reply_text="cut", workspace="x", LeadNumber="7").key
    assert heard().key != heard(**{field: "another"}).key


def test_the_order_of_names_is_not_in_the_key():
    assert heard(step={"a": 1, "b": 2}).key == heard(step={"b": 2, "a": 1}).key


def test_two_fields_do_not_run_together_in_the_key():
    assert heard(campaign_id="ab", step="c").key != heard(campaign_id="a", step="bc").key


@pytest.mark.parametrize(
    ("variables", "number"),
    [
        ({"LeadNumber": "1001"}, 1001),
        ({"LeadNumber": 1001}, 1001),
        ({"LeadNumber": 1001.0}, 1001),
        ({"LeadNumber": " 1001.0 "}, 1001),
        ({"lead_number": "7"}, 7),
        ({"lead number": "7", "LEADNUMBER": 7}, 7),
        ({"lead number": "7", "LEADNUMBER": "8"}, None),
        ({"LeadNumber": "7", "lead_number": "8"}, 7),
        ({"LeadNumber": "x", "lead_number": "8"}, None),
        ({}, None),
        *[
            ({"LeadNumber": value}, None)
            for value in ("0", "-1", "1.5", 1.5, True, None, [7], "\u0667", "9" * 30, "")
        ],
    ],
)
def test_the_lead_number_among_custom_variables(variables, number):
    assert lead_number(variables) == number


def test_the_services_own_keys_are_no_custom_variables():
    """A variable called `step` or `email_id` gives way, and is never read as one."""
    assert heard(LeadNumber=None, step="77", email_id="88").lead_number is None
    assert heard(email_id="88").email_id == "88"


def test_a_time_that_is_none_is_that_of_arrival():
    assert heard(timestamp="soon").at == LATER
    assert heard(timestamp="2026-08-14T09:00:00-03:00").at == NOON


TEXT = st.sampled_from(
    ["", "x", "7", "é", "\ud800", "lead_number", "9" * 30, "2026-08-14", "0001-01-01T00:00+09:00"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.long
@given(JSON | st.dictionaries(st.sampled_from([*BODY]), JSON))
@settings(max_examples=50)
def test_whatever_comes_in_is_an_event(body):
    event = from_webhook(body, LATER)
    assert event == from_webhook(body, LATER)
    assert len(event.key) == 64
    assert event.at.tzinfo is not None


def test_a_listed_lead_shows_what_happened_with_the_same_types_as_webhooks():
    lead = Lead(
        id="l", email="Ana@ejemplo.cl", campaign="c", status=1, interest=1, opens=2, clicks=1, replies=1,
        variables={"LeadNumber": "1001", "sc_key": "key-ana"}, updated=LATER, last_contact=NOON,
        last_reply=NOON + timedelta(hours=1), last_interest_change=NOON + timedelta(hours=2),
    )  # fmt: skip
    events = from_lead(lead, LATER + timedelta(days=1))
    assert [(event.event_type, event.at, event.word) for event in events] == [
        ("status 1", LATER, "sent"),
        ("email_sent", NOON, "contacted"),
        ("email_opened", LATER, "contacted"),
        ("link_clicked", LATER, "contacted"),
        ("reply_received", NOON + timedelta(hours=1), "contacted"),
        ("lead_interested", NOON + timedelta(hours=2), "positive reply"),
    ]
    assert {(event.lead_number, event.message_key, event.address) for event in events} == {
        (1001, "key-ana", "ana@ejemplo.cl")
    }


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (1, [("listed", "sent")]),
        (2, [("listed", "sent")]),
        (3, [("listed", "contacted")]),
        (-3, [("listed", "not contacted")]),
        (-1, [("bounced_hard", "bounced")]),
        (-2, [("unsubscribed", "unsubscribed")]),
        (77, [("listed", "")]),
        (None, [("listed", "")]),
    ],
)
def test_the_status_of_a_listed_lead(status, told):
    assert [(one.kind, one.word) for one in from_lead(Lead(id="l", status=status), NOON)] == told


@pytest.mark.parametrize(
    ("interest", "told"),
    [
        (0, ("lead_out_of_office", "contacted")),
        (2, ("lead_meeting_booked", "positive reply")),
        (4, ("lead_closed", "converted")),
        (-1, ("lead_not_interested", "negative reply")),
        (-3, ("lead_lost", "negative reply")),
        (1001, ("Llamar en enero", "")),
        (1002, ("interest 1002", "")),
    ],
)
def test_the_interest_of_a_listed_lead(interest, told):
    lead = Lead(id="l", status=3, interest=interest)
    event = from_lead(lead, NOON, labels={1001: "Llamar en enero", 1: "never"})[-1]
    assert (event.kind, (event.event_type, event.word)) == (EventKind.LABELLED, told)


def test_a_lead_that_is_listed_again_has_the_same_keys_until_something_new_happens():
    lead = {"id": "l", "email": "a@a.cl", "status": -1, "interest": 1, "last_contact": NOON, "updated": NOON}
    keys = [one.key for one in from_lead(Lead(**lead), NOON)]
    assert keys == [one.key for one in from_lead(Lead(**lead | {"updated": LATER}), LATER)]
    changed = [one.key for one in from_lead(Lead(**lead | {"last_contact": LATER}), NOON)]
    assert [old == new for old, new in zip(keys, changed, strict=True)] == [False, True, True]
