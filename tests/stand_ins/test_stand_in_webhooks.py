"""Webhooks: who is told what, over HTTP, with three tries, and the history of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from stand_in_client import Client

from sheets_crm.stand_ins import serve


@pytest.fixture
def lead(api, campaign):
    given = {"email": "ana@x.example", "custom_variables": {"LeadNumber": "7", "event_type": "mine"}}
    api.add(campaign, given)
    return "ana@x.example"


def test_a_webhook_is_made_found_changed_and_deleted(api, receiver, campaign):
    made = api.webhook(receiver, campaign=campaign["id"], headers={"X-Secret": "s"})
    assert (made["status"], made["timestamp_error"], made["headers"]) == (1, None, {"X-Secret": "s"})
    assert api.ok("GET", f"webhooks/{made['id']}") == made
    assert api.ok("GET", "webhooks", campaign=campaign["id"], event_type="all_events")["items"] == [made]
    assert api.ok("GET", "webhooks", event_type="email_sent")["items"] == []
    assert api.ok("PATCH", f"webhooks/{made['id']}", {"event_type": "email_sent"})["event_type"] == "email_sent"
    api.ok("DELETE", f"webhooks/{made['id']}")
    assert api.ok("GET", "webhooks")["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"event_type": "all_events"},
        {"target_hook_url": "ftp://x.example", "event_type": "all_events"},
        {"target_hook_url": "https://x.example", "event_type": "link_clicked"},
        {"target_hook_url": "https://x.example", "event_type": "auto_reply_received"},
        {"target_hook_url": "https://x.example"},
        {"target_hook_url": "https://x.example", "event_type": "all_events", "headers": {"X": 1}},
    ],
)
def test_a_webhook_that_does_not_fit_is_refused(api, body):
    assert api.refused("POST", "webhooks", body)[0] == 400


def test_the_event_types_have_the_labels_too(api):
    api.ok("POST", "lead-labels", {"label": "Call in January", "interest_status_label": "positive"})
    types = api.ok("GET", "webhooks/event-types")["event_types"]
    assert (len(types), types[0], types[-1]) == (20, "all_events", "Call in January")


def test_events_are_told_with_the_headers_of_the_subscription(api, receiver, campaign, lead):
    api.webhook(receiver, headers={"X-Secret": "s"})
    api.happens("send", campaign=campaign["id"])
    api.due()
    (payload,) = receiver.received
    assert receiver.headers[0]["X-Secret"] == "s"
    assert payload["event_type"] == "email_sent"
    assert (payload["lead_email"], payload["campaign_id"], payload["campaign_name"]) == (lead, campaign["id"], "C")
    assert (payload["step"], payload["variant"], payload["is_first"]) == (1, 1, True)
    assert (payload["email_subject"], payload["email_html"]) == ("Hi ", "<p>No. 7</p>")
    mail = api.ok("GET", f"emails/{payload['email_id']}")
    assert mail["eaccount"] == payload["email_account"]


def test_custom_variables_stand_beside_the_known_keys_and_give_way(api, receiver, campaign, lead):
    api.webhook(receiver)
    api.happens("send", campaign=campaign["id"])
    api.due()
    assert (receiver.received[0]["LeadNumber"], receiver.received[0]["event_type"]) == ("7", "email_sent")


def test_some_events_are_told_under_other_names(api, receiver, campaign, lead):
    api.webhook(receiver)
    api.happens("send", campaign=campaign["id"])
    for kind in ("open", "click", "auto_reply", "reply", "bounce", "unsubscribe"):
        api.happens(kind, lead)
    api.happens("account_error", campaign=campaign["id"])
    api.due()
    assert receiver.types() == [
        "email_sent", "email_opened", "link_clicked", "auto_reply_received", "reply_received", "email_bounced",
        "lead_unsubscribed", "account_error",
    ]  # fmt: skip
    assert "lead_email" not in receiver.received[-1]


def test_the_id_of_a_reply_is_what_is_answered_to(api, receiver, campaign, lead):
    api.happens("send", campaign=campaign["id"])
    api.webhook(receiver, "reply_received")
    mail = api.happens("reply", lead, text="Tell me more")["email_id"]
    api.due()
    (payload,) = receiver.received
    assert (payload["email_id"], payload["reply_text"], payload["reply_text_snippet"]) == (
        mail, "Tell me more", "Tell me more",
    )  # fmt: skip
    assert payload["reply_html"] == "<p>Tell me more</p>"
    assert payload["unibox_url"].startswith("https://")
    body = {"eaccount": payload["email_account"], "reply_to_uuid": mail, "subject": "Re:", "body": {"text": "Yes"}}
    api.ok("POST", "emails/reply", body)


@pytest.mark.parametrize(
    ("subscription", "kinds"),
    [
        ("email_link_clicked", ["link_clicked"]),
        ("email_opened", ["email_opened"]),
        ("reply_received", ["reply_received"]),
        ("email_bounced", []),
    ],
)
def test_who_subscribed_to_one_kind_is_told_only_that(api, receiver, campaign, lead, subscription, kinds):
    api.webhook(receiver, subscription)
    api.happens("send", campaign=campaign["id"])
    for kind in ("open", "click", "auto_reply", "reply"):
        api.happens(kind, lead)
    api.due()
    assert receiver.types() == kinds


def test_who_subscribed_to_one_campaign_is_told_only_of_that(api, receiver, campaign, lead):
    other = api.campaign("Other")
    api.webhook(receiver, campaign=other["id"])
    api.happens("send", campaign=campaign["id"])
    api.due()
    assert receiver.received == []


@pytest.mark.parametrize(
    ("value", "event_type"),
    [
        (0, "lead_out_of_office"), (1, "lead_interested"), (2, "lead_meeting_booked"), (3, "lead_meeting_completed"),
        (4, "lead_closed"), (-1, "lead_not_interested"), (-2, "lead_wrong_person"), (-4, "lead_no_show"),
        (None, "lead_neutral"),
    ],
)  # fmt: skip
def test_an_interest_status_has_its_event(api, receiver, lead, value, event_type):
    api.webhook(receiver, event_type)
    api.ask("POST", "leads/update-interest-status", {"lead_email": lead, "interest_value": value})
    api.due()
    assert receiver.types() == [event_type]


def test_a_lost_lead_has_no_event(api, receiver, lead):
    api.webhook(receiver)
    api.happens("interest", lead, value=-3)
    api.due()
    assert receiver.received == []


def test_a_label_is_told_by_its_text_to_who_subscribed_to_its_number(api, receiver, lead):
    label = api.ok("POST", "lead-labels", {"label": "Call in January", "interest_status_label": "positive"})
    body = {"target_hook_url": receiver.url, "custom_interest_value": label["interest_status"]}
    api.ok("POST", "webhooks", body)
    api.happens("interest", lead, value=1)
    api.happens("label", lead, label="Call in January")
    api.due()
    assert receiver.types() == ["Call in January"]
    assert api.listed()[0]["lt_interest_status"] == label["interest_status"]


def test_the_end_of_a_campaign_is_told(api, receiver, campaign, lead):
    api.webhook(receiver, "campaign_completed")
    for _ in range(2):
        api.happens("send", campaign=campaign["id"])
    api.due()
    assert receiver.types() == ["campaign_completed"]


def test_a_test_payload_is_sent(api, receiver):
    made = api.webhook(receiver, "email_sent")
    api.ok("POST", f"webhooks/{made['id']}/test")
    api.due()
    assert receiver.types() == ["email_sent"]


# -- tries --------------------------------------------------------------------------------------------------------


def test_a_delivery_that_fails_is_tried_again_until_it_goes_through(api, receiver, lead):
    made = api.webhook(receiver)
    receiver.statuses = [500, 503]
    api.happens("interest", lead, value=1)
    api.due()
    assert len(receiver.received) == 1
    api.forward(9.9)
    assert len(receiver.received) == 1
    api.forward(0.1)
    api.forward(10)
    assert len(receiver.received) == 3
    assert len({str(payload) for payload in receiver.received}) == 1
    history = api.history()[::-1]
    assert [(event["success"], event["status_code"], event["retry_count"], event["will_retry"]) for event in history] == [
        (False, 500, 0, True), (False, 503, 1, True), (True, 200, 2, False),
    ]  # fmt: skip
    assert [event["retry_successful"] for event in history] == [True, True, None]
    assert len({event["retry_group_id"] for event in history}) == 1
    assert history[0]["timestamp_next_retry"] == history[1]["timestamp_created"]
    assert api.ok("GET", f"webhooks/{made['id']}")["status"] == 1


def test_after_three_tries_the_subscription_is_off_until_it_is_resumed(api, receiver, lead):
    made = api.webhook(receiver)
    receiver.statuses = [500] * 3
    api.happens("interest", lead, value=1)
    api.due()
    api.forward(10)
    api.forward(10)
    off = api.ok("GET", f"webhooks/{made['id']}")
    assert (off["status"], bool(off["timestamp_error"])) == (-1, True)
    api.happens("interest", lead, value=2)
    api.forward(30)
    assert receiver.types() == ["lead_interested"] * 3
    missed = api.history(success="false")
    assert [event["payload"]["event_type"] for event in missed] == ["lead_interested"] * 3
    assert api.ok("POST", f"webhooks/{made['id']}/resume")["status"] == 1
    api.happens("interest", lead, value=3)
    api.due()
    assert receiver.types()[3:] == ["lead_meeting_completed"]


def test_a_receiver_that_is_not_there_is_in_the_history(api, receiver, lead):
    receiver.close()
    api.webhook(receiver)
    api.happens("interest", lead, value=1)
    api.due()
    (event,) = api.history()
    assert (event["success"], event["status_code"], event["will_retry"]) == (False, None, True)
    assert event["error_message"]


def test_a_subscription_that_is_deleted_meanwhile_is_told_nothing_more(api, receiver, lead):
    made = api.webhook(receiver)
    receiver.statuses = [500]
    api.happens("interest", lead, value=1)
    api.due()
    api.ok("DELETE", f"webhooks/{made['id']}")
    api.forward(10)
    assert len(receiver.received) == 1


def test_the_history_is_read_by_time_result_and_address_in_pages(api, receiver, campaign, lead):
    api.add(campaign, "leo@x.example")
    api.webhook(receiver)
    receiver.statuses = [500]
    api.happens("interest", lead, value=1)
    api.due()
    first = api.history()[0]
    api.forward(86_400)
    api.happens("interest", "leo@x.example", value=1)
    api.due()
    assert [event["lead_email"] for event in api.history()] == ["leo@x.example", lead, lead]
    assert [event["status_code"] for event in api.history(success="false")] == [500]
    assert len(api.history(success="true")) == 2
    assert [event["lead_email"] for event in api.history(search="leo")] == ["leo@x.example"]
    day = first["timestamp_created_date"]
    assert [event["id"] for event in api.history(**{"from": day, "to": day})] == [first["id"]]
    assert len(api.history(**{"from": first["timestamp_created"]})) == 3
    assert api.history(to="2026-08-01") == []
    assert api.refused("GET", "webhook-events", **{"from": "yesterday"})[0] == 400
    page = api.ok("GET", "webhook-events", limit=2)
    rest = api.ok("GET", "webhook-events", limit=2, starting_after=page["next_starting_after"])
    assert [event["id"] for event in rest["items"]] == [first["id"]]
    assert api.ok("GET", f"webhook-events/{first['id']}") == first | {"retry_successful": True}


@pytest.mark.long
def test_deliveries_leave_by_themselves(receiver):
    """Nobody has to ask for them: the stand-ins' own thread makes them."""
    with serve(limits=False) as served:
        api = Client(served)
        made = api.webhook(receiver)
        api.ok("POST", f"webhooks/{made['id']}/test")
        for _ in range(1000):
            if receiver.received:
                break
            api.ok("GET", "workspaces/current")
    assert receiver.types() == ["all_events"]


@pytest.mark.long
def test_many_clients_at_once_lose_nothing(receiver):
    """Requests that make events, and the thread that delivers them, wait for each other in one order only."""
    with serve(visible_after=0, applied_after=0, limits=False) as served:
        api = Client(served)
        api.webhook(receiver)
        campaign = api.campaign()
        addresses = [f"p{number}@x.example" for number in range(200)]
        api.add(campaign, *addresses)

        def interested(address):
            own = Client(served)
            own.happens("interest", address, value=1)
            own.ask("POST", "leads/update-interest-status", {"lead_email": address, "interest_value": 2})

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(interested, addresses))
        while api.due():
            pass
        told = {(payload["lead_email"], payload["event_type"]) for payload in receiver.received}
        assert told == {
            (address, kind) for address in addresses for kind in ("lead_interested", "lead_meeting_booked")
        }
        assert len(receiver.received) == 400
