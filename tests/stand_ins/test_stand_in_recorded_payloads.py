"""Recorded payloads of the service, where they are at hand: what the stand-in sends has the same names and kinds."""

import json
import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
RECORDED = Path(os.environ.get("SHEETS_PAYLOADS", SHARED / "payloads")) / "instantly.json"

pytestmark = pytest.mark.skipif(not RECORDED.is_file(), reason="the recorded payloads are not at hand")


@pytest.fixture(scope="module")
def recorded():
    return json.loads(RECORDED.read_text(encoding="utf-8"))


def kinds(document):
    """The names of an object with the kinds of their values; what is null has any."""
    return {name: type(value) for name, value in document.items() if value is not None}


def assert_alike(ours, theirs, *, may_lack=()):
    """Every name of the recording is there with the same kind of value."""
    found, wanted = kinds(ours), kinds(theirs)
    assert {name for name in wanted if name not in ours} <= set(may_lack)
    assert {name: found[name] for name in wanted if name in found} == {
        name: kind for name, kind in wanted.items() if name in found
    }


@pytest.fixture
def known(api):
    """A lead as in the recording, who was written to."""
    campaign = api.campaign()
    given = {
        "email": "ana@ejemplo.example", "first_name": "Ana", "last_name": "Prueba", "company_name": "Ejemplo",
        "phone": "+56 2", "custom_variables": {"LeadNumber": "1001", "body1": "…"},
    }  # fmt: skip
    answer = api.add(campaign, given)
    api.happens("send", campaign=campaign["id"])
    return campaign, answer


def test_a_lead_and_the_pages_of_leads(api, known, recorded):
    api.happens("reply", "ana@ejemplo.example", text="Sí")
    api.happens("interest", "ana@ejemplo.example", value=1)
    campaign, _answer = known
    page = api.ok("POST", "leads/list", {**recorded["list_leads"]["request"]["body"], "campaign": campaign["id"], "starting_after": ""})  # fmt: skip
    assert set(page) == set(recorded["list_leads"]["pages"][0])
    assert_alike(page["items"][0], recorded["list_leads"]["pages"][0]["items"][0])
    assert_alike(page["items"][0]["payload"], recorded["list_leads"]["pages"][0]["items"][0]["payload"])
    assert_alike(
        page["items"][0]["status_summary"], recorded["list_leads"]["pages"][0]["items"][0]["status_summary"]
    )
    last = api.ok("POST", "leads/list", {"starting_after": page["next_starting_after"]})
    assert last == recorded["list_leads"]["pages"][1]


def test_the_answer_to_added_leads(api, known, recorded):
    _campaign, answer = known
    assert_alike(answer, recorded["add_leads"]["answer"])
    assert_alike(answer["created_leads"][0], recorded["add_leads"]["answer"]["created_leads"][0])
    request = recorded["add_leads"]["request"]
    campaign = api.campaign("Another")
    assert api.ok("POST", "leads/add", {**request, "campaign_id": campaign["id"]})["leads_uploaded"] == 1


def test_the_webhooks(api, receiver, known, recorded):
    campaign, _answer = known
    lead = "ana@ejemplo.example"
    api.ok("POST", "lead-labels", {"label": "Llamar en enero", "interest_status_label": "positive"})
    api.webhook(receiver)
    api.happens("send", lead, campaign=campaign["id"])
    for kind in ("reply", "auto_reply", "click", "bounce", "unsubscribe"):
        api.happens(kind, lead, text="x")
    api.happens("interest", lead, value=2)
    api.happens("label", lead, label="Llamar en enero")
    api.happens("account_error", campaign=campaign["id"])
    api.due()
    ours = {payload["event_type"]: payload for payload in receiver.received}
    for theirs in recorded["webhooks"]:
        about_no_mail = (
            theirs["event_type"].startswith("lead_meeting") or theirs["event_type"] == "Llamar en enero"
        )
        may_lack = {"email_account", "step", "variant", "is_first", "email_id"} if about_no_mail else ()
        assert_alike(ours[theirs["event_type"]], theirs, may_lack=may_lack)


def test_the_history_of_webhooks_a_mail_an_answer_and_refusals(api, receiver, known, recorded):
    api.webhook(receiver)
    receiver.statuses = [503]
    mail = api.happens("reply", "ana@ejemplo.example", text="Me interesa")["email_id"]
    api.due()
    theirs = recorded["webhook_event_history"]["item"]
    assert_alike({**api.history(success="false", **{"from": "2026-08-14"})[0], "payload": "x"}, theirs)
    found = api.ok("GET", f"emails/{mail}")
    assert_alike(found, {**recorded["email"], "i_status": None})
    request = {**recorded["reply_request"], "reply_to_uuid": mail, "eaccount": found["eaccount"]}
    assert api.ok("POST", "emails/reply", request)["body"]["text"] == request["body"]["text"]
    api.settings(paid=False)
    answers = [api.ask("GET", "campaigns").json()]
    assert answers[0] in recorded["errors"]


def test_the_event_types(api, recorded):
    assert api.ok("GET", "webhooks/event-types")["event_types"] == recorded["webhook_types"]
