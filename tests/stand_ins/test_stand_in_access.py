"""Who may ask Instantly, how often, and what is refused."""

import pytest
import requests
from stand_in_client import NOON, SCHEDULE, Client

from sheets_crm.stand_ins.clock import Clock
from sheets_crm.stand_ins.server import StandIns


def test_the_workspace_is_that_of_the_key(api):
    assert api.ok("GET", "workspaces/current")["name"]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (None, "Missing Authorization header"),
        ("Bearer wrong", "Invalid API key"),
        ("Basic {key}", "Invalid API key"),
    ],
)
def test_without_the_key_nothing_is_answered(api, header, message):
    headers = {} if header is None else {"Authorization": header.format(key=api.stand_ins.api_key)}
    answer = requests.get(f"{api.stand_ins.url}/api/v2/workspaces/current", headers=headers, timeout=5)
    assert answer.status_code == 401
    assert answer.json() == {"statusCode": 401, "error": "Unauthorized", "message": message}


def test_a_workspace_without_a_plan_is_402(api):
    api.settings(paid=False)
    assert api.refused("GET", "campaigns") == (402, "Workspace does not have an active paid plan")


def test_a_path_that_there_is_not_is_404(api):
    assert api.refused("GET", "nowhere") == (404, "Route GET:/api/v2/nowhere not found")
    assert api.refused("PUT", "campaigns") == (404, "Route PUT:/api/v2/campaigns not found")


def test_an_id_that_nothing_has_is_404_and_one_that_is_none_400(api, campaign):
    assert api.refused("GET", "campaigns/019ffad2-0000-7000-8000-000000000000") == (404, "Resource not found")
    assert api.refused("GET", "campaigns/17") == (400, 'params/id must match format "uuid"')
    assert api.ok("GET", f"campaigns/{campaign['id']}") == campaign


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (None, "body must be object"),
        ({"campaign_schedule": SCHEDULE}, "body must have required property 'name'"),
        ({"name": 3, "campaign_schedule": SCHEDULE}, "body/name must be string"),
        ({"name": "x", "campaign_schedule": SCHEDULE, "colour": 1}, "body must NOT have additional properties: 'colour'"),
        ({"name": "x", "campaign_schedule": {"schedules": []}}, "body/campaign_schedule/schedules must NOT have fewer than 1 items"),
        ({"name": "x", "campaign_schedule": SCHEDULE, "daily_limit": True}, "body/daily_limit must be number"),
    ],
)  # fmt: skip
def test_a_body_that_does_not_fit_is_400_and_says_where(api, body, message):
    assert api.refused("POST", "campaigns", body) == (400, message)
    assert api.ok("GET", "campaigns") == {"items": []}


def test_a_query_that_does_not_fit_is_400(api):
    assert api.refused("GET", "campaigns", limit=101) == (400, "querystring/limit must be <= 100")
    assert api.refused("GET", "campaigns", limit="many") == (400, "querystring/limit must be integer")
    assert api.refused("GET", "campaigns", page=2) == (
        400,
        "querystring must NOT have additional properties: 'page'",
    )


def test_a_body_that_is_no_json_is_400(api):
    url = f"{api.stand_ins.url}/api/v2/leads/list"
    assert api.session.post(url, data=b"{", timeout=5).json()["message"] == "Body is not valid JSON"


@pytest.fixture
def limited():
    """Stand-ins whose limits hold, and whose clock stands."""
    with StandIns(clock=Clock(lambda: NOON)) as found:
        yield Client(found)


def test_emails_are_listed_20_times_a_minute(limited):
    statuses = [limited.ask("GET", "emails").status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    answer = limited.ask("GET", "emails")
    assert answer.json() == {"statusCode": 429, "error": "Too Many Requests", "message": "Rate limit exceeded"}
    assert "retry-after" not in answer.headers
    assert limited.ask("GET", "workspaces/current").status_code == 200
    limited.forward(60)
    assert limited.ask("GET", "emails").status_code == 200


@pytest.mark.long
def test_the_workspace_has_100_requests_a_second(limited):
    statuses = [limited.ask("GET", "workspaces/current").status_code for _ in range(101)]
    assert statuses == [200] * 100 + [429]
    limited.forward(1)
    assert limited.ask("GET", "workspaces/current").status_code == 200


def test_pages_of_other_sites_are_not_answered(api):
    url = f"{api.stand_ins.url}/_standin/sent"
    assert requests.get(url, headers={"Origin": "https://elsewhere.example"}, timeout=5).status_code == 403
    assert requests.get(url, headers={"Host": "elsewhere.example"}, timeout=5).status_code == 403
