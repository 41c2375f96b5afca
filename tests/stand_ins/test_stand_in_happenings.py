"""What campaigns and leads do when tests say so."""

import pytest
import requests


@pytest.fixture
def lead(api, campaign):
    api.add(campaign, {"email": "ana@x.example", "first_name": "Ana", "custom_variables": {"LeadNumber": "7"}})
    return "ana@x.example"


def refusal(api, **happening):
    answer = requests.post(f"{api.stand_ins.url}/_standin/events", json=happening, timeout=5)
    return answer.status_code


def test_a_campaign_sends_its_steps_one_after_the_other_and_ends(api, campaign, lead):
    assert api.happens("send", campaign=campaign["id"])["sent"] == 1
    (found,) = api.listed()
    assert (found["status"], found["status_summary"]["lastStep"]["stepID"]) == (1, "0_0_0")
    assert found["timestamp_last_contact"]
    assert api.happens("send", campaign=campaign["id"])["sent"] == 1
    assert api.listed()[0]["status"] == 3
    assert api.ok("GET", f"campaigns/{campaign['id']}")["status"] == 3
    assert [(entry["to"], entry["step"]) for entry in api.sent(what="campaign_email")] == [(lead, 1), (lead, 2)]


@pytest.mark.parametrize("status", [0, 2, -1])
def test_only_an_active_campaign_sends(api, campaign, lead, status):
    api.happens("campaign_status", campaign=campaign["id"], value=status)
    assert refusal(api, type="send", campaign=campaign["id"]) == 409


def test_who_was_blocked_meanwhile_is_skipped(api, campaign, lead):
    api.ok("POST", "block-lists-entries", {"bl_value": "x.example"})
    assert api.happens("send", campaign=campaign["id"])["sent"] == 0
    assert api.listed()[0]["status"] == -3


def test_openings_clicks_and_replies_are_counted_on_the_lead(api, campaign, lead):
    api.happens("send", campaign=campaign["id"])
    for kind in ("open", "open", "click", "reply"):
        api.happens(kind, lead)
    (found,) = api.listed()
    assert [found[f"email_{name}_count"] for name in ("open", "click", "reply")] == [2, 1, 1]
    assert {"timestamp_last_open", "timestamp_last_click", "timestamp_last_reply"} <= set(found)
    assert (found["email_opened_step"], found["email_replied_step"], found["status"]) == (1, 1, 3)


def test_a_campaign_goes_on_after_a_reply_where_it_is_told_to(api):
    going_on = api.campaign(stop_on_reply=False)
    api.add(going_on, "leo@x.example")
    api.happens("send", campaign=going_on["id"])
    api.happens("reply", "leo@x.example", text="Hm")
    assert api.listed()[0]["status"] == 1


def test_an_automatic_reply_is_no_reply(api, campaign, lead):
    api.happens("send", campaign=campaign["id"])
    api.happens("auto_reply", lead, text="Away until 5 January")
    (found,) = api.listed()
    assert (found["email_reply_count"], found["status"]) == (0, 1)
    assert api.ok("GET", "emails", email_type="received")["items"][0]["is_auto_reply"] == 1


def test_bounces_and_unsubscriptions_stop_a_lead(api, campaign, lead):
    api.add(campaign, "leo@x.example")
    api.happens("send", campaign=campaign["id"])
    api.happens("bounce", lead)
    api.happens("unsubscribe", "leo@x.example")
    assert [found["status"] for found in api.listed()] == [-1, -2]
    assert refusal(api, type="send", campaign=campaign["id"]) == 200
    assert len(api.sent(what="campaign_email")) == 2


def test_what_cannot_happen_is_refused(api, campaign, lead):
    assert refusal(api, type="dance", lead=lead) == 400
    assert refusal(api, type="open", lead=lead) == 409  # nothing was sent yet
    assert refusal(api, type="open", lead="nobody@x.example") == 404
    assert refusal(api, type="open") == 404
    assert refusal(api, type="interest", lead=lead) == 400
    assert refusal(api, type="label", lead=lead, label="None") == 404
    assert refusal(api, type="send", campaign="x") == 404


def test_of_several_happenings_all_happen_or_none(api, campaign, lead):
    several = [{"type": "interest", "lead": lead, "value": 1}, {"type": "open", "lead": lead}]
    assert refusal(api, events=several) == 409
    assert "lt_interest_status" not in api.listed()[0]
    api.happens("send", campaign=campaign["id"])
    assert refusal(api, events=several) == 200
    assert api.listed()[0]["lt_interest_status"] == 1
