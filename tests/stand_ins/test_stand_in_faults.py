"""Faults: what a client must survive, of answers and of webhooks."""

import pytest
import requests

ADD = "POST /api/v2/leads/add"


@pytest.fixture
def arm(api):
    yield lambda **fault: api.control("POST", "faults", fault)
    api.control("DELETE", "faults")


def add(api, campaign, address="ana@x.example"):
    return api.ask("POST", "leads/add", {"campaign_id": campaign["id"], "leads": [{"email": address}]})


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_status_is_answered_in_the_place_of_the_service(api, campaign, arm, status):
    arm(match=ADD, status=status, times=2, retry_after=7)
    answers = [add(api, campaign) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 200]
    assert answers[0].json()["statusCode"] == status
    assert answers[0].headers["retry-after"] == "7"
    assert answers[2].json()["leads_uploaded"] == 1


def test_a_fault_lets_others_and_the_first_ones_pass(api, campaign, arm):
    arm(match=ADD, skip=1)
    assert api.ask("GET", "campaigns").status_code == 200
    assert [add(api, campaign, f"p{number}@x.example").status_code for number in range(3)] == [200, 503, 200]


def test_rate_limit_is_short_for_429_without_retry_after(api, arm):
    arm(mode="rate_limit")
    answer = api.ask("GET", "campaigns")
    assert (answer.status_code, answer.json()["message"]) == (429, "Rate limit exceeded")
    assert "retry-after" not in answer.headers


def test_a_request_is_lost_before_it_is_applied(api, campaign, arm):
    arm(match=ADD, mode="drop_request")
    with pytest.raises(requests.ConnectionError):
        add(api, campaign)
    assert (api.listed(), api.sent()) == ([], [])


@pytest.mark.parametrize("fault", [{"mode": "drop_response"}, {"mode": "timeout", "seconds": 0.01}])
def test_an_answer_is_lost_after_the_request_was_applied(api, campaign, arm, fault):
    arm(match=ADD, **fault)
    with pytest.raises(requests.ConnectionError):
        add(api, campaign)
    assert api.addresses() == ["ana@x.example"]
    assert add(api, campaign).json()["duplicated_leads"] == 1


def test_a_refusal_follows_what_was_applied(api, campaign, arm):
    arm(match=ADD, mode="after_apply", status=500)
    assert add(api, campaign).status_code == 500
    assert api.addresses() == ["ana@x.example"]


@pytest.mark.parametrize("mode", ["truncate", "malformed"])
def test_an_answer_is_no_json(api, campaign, arm, mode):
    arm(match=ADD, mode=mode)
    answer = add(api, campaign)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()
    assert api.addresses() == ["ana@x.example"]


def test_a_page_of_a_proxy_comes_instead(api, arm):
    arm(mode="html_502")
    answer = api.ask("GET", "campaigns")
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")


def test_an_answer_is_late(api, arm):
    arm(mode="delay", seconds=0.05)
    assert api.ask("GET", "campaigns").elapsed.total_seconds() >= 0.05


def test_a_request_arrives_twice(api, campaign, arm):
    arm(match=ADD, mode="duplicate_delivery")
    assert add(api, campaign).json()["leads_uploaded"] == 1
    assert len(api.sent(what="leads")) == 2


def test_faults_are_listed_and_disarmed(api, arm):
    arm(match="/leads", times=3)
    (fault,) = api.control("GET", "faults")["faults"]
    assert (fault["match"], fault["mode"], fault["status"], fault["times"]) == ("/leads", "status", 503, 3)
    api.control("DELETE", "faults")
    assert api.control("GET", "faults") == {"faults": []}


@pytest.mark.parametrize(
    "body", [[], {"mode": "explode"}, {"status": 204}, {"times": 0}, {"status": True}, {"colour": 1}]
)
def test_a_fault_that_cannot_be_met_is_refused(api, body):
    assert requests.post(f"{api.stand_ins.url}/_standin/faults", json=body, timeout=5).status_code == 400


def test_the_requests_are_counted_by_method(api, campaign):
    add(api, campaign)
    add(api, campaign)
    counted = api.control("GET", "stats")["requests"]
    assert counted["POST /api/v2/leads/add"] == 2
    assert counted["POST /api/v2/campaigns/{id}/activate"] == 1


# -- of webhooks --------------------------------------------------------------------------------------------------


@pytest.fixture
def five(api, campaign, receiver):
    """A subscription, and what makes five events of which each is known by its lead."""
    api.add(campaign, *(f"p{number}@x.example" for number in range(5)))
    api.webhook(receiver)

    def happening():
        several = [{"type": "interest", "lead": f"p{number}@x.example", "value": 1} for number in range(5)]
        api.control("POST", "events", {"events": several})
        api.due()
        return [payload["lead_email"][1] for payload in receiver.received]

    return happening


def test_without_a_fault_webhooks_come_in_order(five):
    assert five() == list("01234")


def test_webhooks_come_several_times(five, arm, api):
    arm(match="DELIVERY lead_interested", mode="doubled", times=2, copies=3)
    assert five() == list("000111234")
    assert len(api.history()) == 5


def test_webhooks_come_in_another_order_which_is_always_the_same(five, arm, api, receiver):
    arm(mode="shuffled", times=5, seed=4)
    first = five()
    assert (sorted(first), first == sorted(first)) == (list("01234"), False)
    receiver.received.clear()
    arm(mode="shuffled", times=5, seed=4)
    assert five() == first


def test_a_shuffle_holds_back_until_it_is_complete_or_disarmed(five, arm, api, receiver):
    arm(mode="shuffled", times=9)
    assert five() == []
    api.control("DELETE", "faults")
    api.due()
    assert len(receiver.received) == 5


def test_webhooks_get_lost_and_are_in_the_history_only(five, arm, api, receiver):
    arm(mode="undelivered", times=1)
    assert five() == list("1234")
    (missed,) = api.history(success="false")
    assert (missed["payload"]["lead_email"], missed["status_code"], missed["will_retry"]) == (
        "p0@x.example",
        None,
        True,
    )
    api.forward(10)
    api.forward(10)
    assert len(receiver.received) == 4
    assert api.ok("GET", "webhooks")["items"][0]["status"] == -1
