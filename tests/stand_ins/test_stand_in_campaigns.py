"""Campaigns, labels, lists, accounts and the block list."""

import pytest
from stand_in_client import SCHEDULE


def test_a_new_campaign_is_a_draft_until_it_is_activated(api):
    made = api.campaign(active=False)
    assert made["status"] == 0
    assert api.ok("POST", f"campaigns/{made['id']}/activate")["status"] == 1
    assert api.ok("POST", f"campaigns/{made['id']}/pause")["status"] == 2
    assert api.ok("POST", f"campaigns/{made['id']}/activate")["status"] == 1


def test_campaigns_come_in_pages_and_the_last_has_no_cursor(api):
    names = [api.campaign(f"C{number}")["name"] for number in range(5)]
    first = api.ok("GET", "campaigns", limit=3)
    second = api.ok("GET", "campaigns", limit=3, starting_after=first["next_starting_after"])
    assert [item["name"] for item in first["items"] + second["items"]] == names
    assert "next_starting_after" not in second


def test_campaigns_are_found_by_name_and_status(api):
    api.campaign("North")
    api.campaign("South", active=False)
    assert [item["name"] for item in api.ok("GET", "campaigns", search="NOR")["items"]] == ["North"]
    assert [item["name"] for item in api.ok("GET", "campaigns", status=0)["items"]] == ["South"]


@pytest.mark.parametrize(
    "zone", ["Europe/Madrid", "Europe/London", "America/New_York", "UTC", "Nowhere/Land", "../x", ""]
)
def test_zones_that_the_service_does_not_know_are_refused(api, zone):
    schedule = {"schedules": [{**SCHEDULE["schedules"][0], "timezone": zone}]}
    status, message = api.refused("POST", "campaigns", {"name": "x", "campaign_schedule": schedule})
    assert (status, message.startswith("body/campaign_schedule/schedules/0/timezone")) == (400, True)


def test_a_campaign_is_changed(api, campaign):
    assert api.ok("PATCH", f"campaigns/{campaign['id']}", {"daily_limit": 30})["daily_limit"] == 30


def test_the_sending_status_says_why_nothing_leaves(api, campaign):
    path = f"campaigns/{campaign['id']}/sending-status"
    assert api.ok("GET", path)["diagnostics"]["status"] == "healthy"
    for status, reason in [(0, "campaign_draft"), (2, "campaign_paused"), (-1, "all_accounts_unhealthy"), (-2, "bounce_protect"), (-99, "account_suspended")]:  # fmt: skip
        api.happens("campaign_status", campaign=campaign["id"], value=status)
        assert api.ok("GET", f"campaigns/{campaign['id']}")["status"] == status
        answer = api.ok("GET", path)
        assert (answer["diagnostics"], answer["summary"]["status"]) == (None, reason)


def test_labels_get_numbers_of_the_service(api):
    made = api.ok("POST", "lead-labels", {"label": "Call in January", "interest_status_label": "positive"})
    api.ok("POST", "lead-labels", {"label": "Rude", "interest_status_label": "negative"})
    listed = api.ok("GET", "lead-labels")["items"]
    assert listed[0] == made
    assert len({label["interest_status"] for label in listed}) == 2
    assert {label["interest_status"] for label in listed}.isdisjoint(range(-4, 5))
    assert [label["label"] for label in api.ok("GET", "lead-labels", interest_status="negative")["items"]] == [
        "Rude"
    ]
    assert api.refused("POST", "lead-labels", {"label": "Rude", "interest_status_label": "negative"})[0] == 409


def test_a_list_of_leads_is_made_and_found(api):
    made = api.ok("POST", "lead-lists", {"name": "Fair"})
    assert api.ok("GET", f"lead-lists/{made['id']}") == made
    assert api.ok("GET", "lead-lists", search="fai")["items"] == [made]


def test_accounts_are_those_that_campaigns_name(api):
    api.campaign(email_list=["sales@ours.example"])
    assert "sales@ours.example" in [account["email"] for account in api.ok("GET", "accounts")["items"]]


def test_the_vitals_are_told_by_domain(api):
    answer = api.ok("POST", "accounts/test/vitals", {"accounts": ["a@one.example", "b@one.example"]})
    assert [(found["domain"], found["allPass"], found["indeterminate"]) for found in answer["success_list"]] == [
        ("one.example", True, [])
    ]


def test_the_block_list_takes_addresses_and_domains(api):
    made = api.ok("POST", "block-lists-entries", {"bl_value": "Ana@Example.com"})
    assert (made["bl_value"], made["is_domain"]) == ("ana@example.com", False)
    assert api.ok("POST", "block-lists-entries", {"bl_value": "ana@example.com"})["id"] == made["id"]
    many = api.ok("POST", "block-lists-entries/bulk-create", {"bl_values": ["bad.example", "ana@example.com"]})
    assert [entry["is_domain"] for entry in many] == [True, False]
    listed = api.ok("GET", "block-lists-entries")["items"]
    assert [entry["bl_value"] for entry in listed] == ["ana@example.com", "bad.example"]
    assert api.ok("GET", "block-lists-entries", domains_only="true")["items"] == [listed[1]]
    assert api.ok("GET", "block-lists-entries", search="ana")["items"] == [listed[0]]
    api.ok("DELETE", f"block-lists-entries/{made['id']}")
    assert api.refused("GET", f"block-lists-entries/{made['id']}")[0] == 404
    assert [entry["what"] for entry in api.sent()] == ["block", "block", "block"]


def test_of_entries_of_which_one_is_refused_none_is_kept(api):
    refused = api.refused("POST", "block-lists-entries/bulk-create", {"bl_values": ["good.example", "nothing"]})
    assert refused == (400, "bl_value must be an email or a domain")
    assert api.ok("GET", "block-lists-entries")["items"] == []
    assert api.sent() == []
