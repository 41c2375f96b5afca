"""Slack's incoming webhook."""

import pytest
import requests
from stand_in_client import NOON, Client

from sheets_crm.stand_ins.clock import Clock
from sheets_crm.stand_ins.server import StandIns


def post(stand_ins, message=None, **more):
    return requests.post(more.pop("url", stand_ins.slack_webhook), json=message, timeout=5, **more)


def test_a_message_is_taken_and_listed(api, stand_ins):
    answer = post(stand_ins, {"text": "¡Hola!"})
    assert (answer.status_code, answer.text) == (200, "ok")
    assert [(entry["what"], entry["received"]) for entry in api.sent(service="slack")] == [
        ("message", {"text": "¡Hola!"})
    ]


def test_a_form_with_a_payload_is_taken(api, stand_ins):
    assert requests.post(stand_ins.slack_webhook, data={"payload": '{"text": "x"}'}, timeout=5).text == "ok"
    assert api.sent()[0]["received"] == {"text": "x"}


@pytest.mark.parametrize(
    ("body", "text"),
    [(b"{", "invalid_payload"), (b"[]", "invalid_payload"), (b"", "invalid_payload"), (b"{}", "no_text")],
)
def test_what_is_no_message_is_refused(api, stand_ins, body, text):
    answer = requests.post(stand_ins.slack_webhook, data=body, timeout=5)
    assert (answer.status_code, answer.text) == (400, text)
    assert api.sent() == []


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("action_prohibited", 403),
        ("invalid_token", 403),
        ("channel_not_found", 404),
        ("no_service", 404),
        ("channel_is_archived", 410),
    ],
)
def test_refusals_that_a_person_has_to_settle(api, stand_ins, state, status):
    api.settings(slack=state)
    answer = post(stand_ins, {"text": "x"})
    assert (answer.status_code, answer.text) == (status, state)


def test_another_address_is_not_this_one(api, stand_ins):
    known, _, _token = stand_ins.slack_webhook.rpartition("/")
    answers = [
        post(stand_ins, {"text": "x"}, url=url) for url in (f"{known}/other", f"{stand_ins.url}/services/T/B/x")
    ]
    assert [(answer.status_code, answer.text) for answer in answers] == [
        (403, "invalid_token"),
        (404, "no_service"),
    ]
    assert requests.get(stand_ins.slack_webhook, timeout=5).status_code == 405


@pytest.mark.long
def test_one_message_a_second():
    with StandIns(clock=Clock(lambda: NOON)) as stand_ins:
        assert post(stand_ins, {"text": "1"}).status_code == 200
        answer = post(stand_ins, {"text": "2"})
        assert (answer.status_code, answer.text, answer.headers["retry-after"]) == (429, "rate_limited", "1")
        api = Client(stand_ins)
        api.forward(1)
        assert post(stand_ins, {"text": "3"}).status_code == 200
        assert [entry["received"]["text"] for entry in api.sent()] == ["1", "3"]


def test_faults_are_in_the_form_of_slack(api, stand_ins):
    api.control("POST", "faults", {"match": "/services/", "status": 429, "retry_after": 30})
    answer = post(stand_ins, {"text": "x"})
    assert (answer.status_code, answer.text, answer.headers["retry-after"]) == (429, "Rate limit exceeded", "30")
