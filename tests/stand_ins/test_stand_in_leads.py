"""Leads: added, found, changed, moved and deleted."""

import pytest

NOBODY = "019ffad2-0000-7000-8000-000000000000"


def counts(answer):
    """The counts of an answer that are not zero."""
    names = (
        "leads_uploaded", "in_blocklist", "duplicated_leads", "skipped_count", "invalid_email_count",
        "incomplete_count", "duplicate_email_count",
    )  # fmt: skip
    return {name: answer[name] for name in names if answer[name]}


def test_leads_are_added_and_named_by_their_place(api, campaign):
    answer = api.add(campaign, {"email": "Ana@x.example", "first_name": "Ana"}, "nobody", "leo@x.example")
    assert (answer["status"], answer["total_sent"], answer["remaining_in_plan"]) == ("success", 3, 9_998)
    assert counts(answer) == {"leads_uploaded": 2, "invalid_email_count": 1}
    assert [(lead["index"], lead["email"]) for lead in answer["created_leads"]] == [
        (0, "ana@x.example"),
        (2, "leo@x.example"),
    ]
    lead = api.ok("GET", f"leads/{answer['created_leads'][0]['id']}")
    assert (lead["status"], lead["campaign"], lead["company_domain"]) == (1, campaign["id"], "x.example")
    assert "lt_interest_status" not in lead
    assert not [name for name in lead if name.startswith("_")]


def test_custom_variables_are_in_the_payload_beside_the_profile(api, campaign):
    given = {"email": "ana@x.example", "first_name": "Ana", "custom_variables": {"LeadNumber": "7", "vip": True}}
    api.add(campaign, given)
    assert api.listed()[0]["payload"] == {"firstName": "Ana", "LeadNumber": "7", "vip": True}


def test_a_custom_variable_is_flat(api, campaign):
    body = {"campaign_id": campaign["id"], "leads": [{"email": "a@x.example", "custom_variables": {"deep": {}}}]}
    status, message = api.refused("POST", "leads/add", body)
    assert (status, message) == (400, "body/leads/0/custom_variables/deep must be string,number,boolean,null")


@pytest.mark.parametrize(
    "where", [{}, {"campaign_id": "{campaign}", "list_id": "{list}"}], ids=["neither", "both"]
)
def test_leads_go_into_a_campaign_or_a_list(api, campaign, where):
    made = api.ok("POST", "lead-lists", {"name": "L"})
    ids = {"campaign": campaign["id"], "list": made["id"]}
    body = {name: text.format(**ids) for name, text in where.items()} | {"leads": [{"email": "a@x.example"}]}
    assert api.refused("POST", "leads/add", body) == (400, "Exactly one of campaign_id and list_id must be given")


def test_at_most_1000_leads_at_once(api, campaign):
    leads = [{"email": f"p{number}@x.example"} for number in range(1001)]
    refused = api.refused("POST", "leads/add", {"campaign_id": campaign["id"], "leads": leads})
    assert refused == (400, "body/leads must NOT have more than 1000 items")
    assert api.add(campaign, *leads[:1000])["leads_uploaded"] == 1000


def test_a_campaign_that_there_is_not_is_404(api):
    assert api.refused("POST", "leads/add", {"campaign_id": NOBODY, "leads": [{"email": "a@x.example"}]})[0] == 404


def test_an_address_twice_in_a_request_counts_as_duplicate_email(api, campaign):
    answer = api.add(campaign, "a@x.example", "A@X.example")
    assert counts(answer) == {"leads_uploaded": 1, "duplicate_email_count": 1}


def test_blocked_addresses_and_domains_are_left_out(api, campaign):
    api.ok("POST", "block-lists-entries/bulk-create", {"bl_values": ["bad.example", "ana@x.example"]})
    answer = api.add(campaign, "ana@x.example", "b@bad.example", "c@x.example")
    assert counts(answer) == {"leads_uploaded": 1, "in_blocklist": 2}
    assert answer["blocklist_used"]


def test_a_lead_that_is_there_is_a_duplicate_or_skipped_as_asked(api, campaign):
    api.add(campaign, "ana@x.example")
    assert counts(api.add(campaign, "ana@x.example")) == {"duplicated_leads": 1}
    assert counts(api.add(campaign, "ana@x.example", skip_if_in_campaign=True)) == {"skipped_count": 1}
    other = api.campaign("Other")
    assert counts(api.add(other, "ana@x.example", skip_if_in_workspace=True)) == {"skipped_count": 1}
    assert counts(api.add(other, "ana@x.example", skip_if_in_campaign=True)) == {"leads_uploaded": 1}
    assert len(api.listed(contacts=["ana@x.example"])) == 2


def test_leads_of_lists_need_no_address_but_a_name(api):
    made = api.ok("POST", "lead-lists", {"name": "L"})
    leads = [{"first_name": "Ana"}, {"company_name": "Nameless"}, {"email": "leo@x.example"}]
    answer = api.ok("POST", "leads/add", {"list_id": made["id"], "leads": leads})
    assert counts(answer) == {"leads_uploaded": 2, "incomplete_count": 1}
    assert "remaining_in_plan" not in answer
    again = api.ok("POST", "leads/add", {"list_id": made["id"], "leads": leads[2:], "skip_if_in_list": True})
    assert counts(again) == {"skipped_count": 1}


def test_a_lead_without_an_address_is_invalid_in_a_campaign(api, campaign):
    assert counts(api.add(campaign, {"first_name": "Ana"})) == {"invalid_email_count": 1}


def test_what_the_plan_has_no_room_for_is_not_uploaded(api, campaign):
    api.settings(leads_in_plan=1)
    answer = api.add(campaign, "a@x.example", "b@x.example")
    assert (answer["leads_uploaded"], answer["remaining_in_plan"]) == (1, 0)


def test_leads_that_are_verified_on_import_come_by_a_job(api, campaign):
    api.settings(applied_after=5)
    job = api.add(campaign, "ana@x.example", verify_leads_on_import=True)
    assert (job["status"], api.listed()) == ("pending", [])
    api.forward(5)
    assert api.ok("GET", f"background-jobs/{job['id']}")["status"] == "success"
    assert [lead["verification_status"] for lead in api.listed()] == [1]


def test_a_new_lead_is_found_only_after_a_while(api, campaign):
    api.settings(visible_after=3)
    made = api.add(campaign, "ana@x.example")["created_leads"][0]
    assert api.listed(contacts=["ana@x.example"]) == []
    assert api.ok("GET", f"leads/{made['id']}")["email"] == "ana@x.example"
    api.forward(2.9)
    assert api.listed() == []
    api.forward(0.1)
    assert api.addresses() == ["ana@x.example"]


def test_pages_go_by_id_and_the_last_with_leads_has_a_cursor_too(api, campaign):
    api.add(campaign, *(f"p{number}@x.example" for number in range(5)))
    seen, cursor, pages = [], None, 0
    while True:
        body = {"campaign": campaign["id"], "limit": 2, **({"starting_after": cursor} if cursor else {})}
        page = api.ok("POST", "leads/list", body)
        pages += 1
        seen += [lead["id"] for lead in page["items"]]
        if not page["items"]:
            assert "next_starting_after" not in page
            break
        cursor = page["next_starting_after"]
    assert (pages, len(seen), seen) == (4, 5, sorted(seen))


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_has_1_to_100_leads(api, limit):
    assert api.refused("POST", "leads/list", {"limit": limit})[0] == 400


def test_leads_are_found_by_place_address_id_and_text(api, campaign):
    other = api.campaign("Other")
    made = api.ok("POST", "lead-lists", {"name": "L"})
    first = api.add(campaign, {"email": "ana@x.example", "first_name": "Ana"})["created_leads"][0]["id"]
    api.add(other, "leo@x.example")
    api.ok("POST", "leads/add", {"list_id": made["id"], "leads": [{"email": "eva@y.example"}]})
    assert api.addresses(campaign=campaign["id"]) == ["ana@x.example"]
    assert api.addresses(list_id=made["id"]) == ["eva@y.example"]
    assert api.addresses(in_campaign=False) == ["eva@y.example"]
    assert api.addresses(in_list=False) == ["ana@x.example", "leo@x.example"]
    assert api.addresses(contacts=["LEO@x.example", "ana@x.example"]) == ["ana@x.example", "leo@x.example"]
    assert api.addresses(ids=[first]) == ["ana@x.example"]
    assert api.addresses(excluded_ids=[first]) == ["leo@x.example", "eva@y.example"]
    assert api.addresses(search="ANA") == ["ana@x.example"]
    assert api.addresses(contacts=[]) == []


def test_leads_are_found_by_what_became_of_them(api, campaign):
    names = ("opened", "clicked", "replied", "bounced", "left", "quiet", "waiting")
    api.add(campaign, *(f"{name}@x.example" for name in names))
    for name in names[:-1]:
        api.happens("send", f"{name}@x.example", campaign=campaign["id"])
    for kind, name in [("open", "opened"), ("click", "clicked"), ("reply", "replied"), ("bounce", "bounced"), ("unsubscribe", "left")]:  # fmt: skip
        api.happens(kind, f"{name}@x.example")
    api.happens("interest", "replied@x.example", value=-1)

    def found(chosen):
        return {address.partition("@")[0] for address in api.addresses(filter=chosen)}

    assert found("FILTER_VAL_NOT_CONTACTED") == {"waiting"}
    assert found("FILTER_VAL_CONTACTED") == set(names) - {"waiting"}
    assert found("FILTER_VAL_ACTIVE") == {"opened", "clicked", "quiet", "waiting"}
    assert found("FILTER_VAL_COMPLETED") == {"replied"}
    assert found("FILTER_VAL_BOUNCED") == {"bounced"}
    assert found("FILTER_VAL_UNSUBSCRIBED") == {"left"}
    assert found("FILTER_VAL_REPLIED") == found("FILTER_LEAD_NOT_INTERESTED") == {"replied"}
    assert found("FILTER_VAL_LINK_CLICKED") == {"clicked"}
    assert found("FILTER_VAL_OPENED_NO_REPLY") == {"opened"}
    assert found("FILTER_VAL_COMPLETED_NO_REPLY") == found("FILTER_LEAD_INTERESTED") == set()
    assert found("FILTER_VAL_NO_OPENS") == set(names) - {"opened"}
    assert api.refused("POST", "leads/list", {"filter": "FILTER_VAL_RICH"})[0] == 400


def test_one_lead_is_made_under_its_campaign(api, campaign):
    lead = api.ok("POST", "leads", {"campaign": campaign["id"], "email": "ana@x.example"})
    assert (lead["campaign"], lead["email"]) == (campaign["id"], "ana@x.example")
    again = api.ok(
        "POST", "leads", {"campaign": campaign["id"], "email": "ana@x.example", "skip_if_in_campaign": True}
    )
    assert again["id"] == lead["id"]
    assert api.refused("POST", "leads", {"campaign_id": campaign["id"], "email": "b@x.example"})[0] == 400
    assert api.refused("POST", "leads", {"campaign": campaign["id"]}) == (
        400, "body must have required property 'email'",
    )  # fmt: skip
    assert api.refused("POST", "leads", {"campaign": campaign["id"], "email": "b"})[0] == 400


def test_a_lead_is_changed_but_not_its_address(api, campaign):
    key = api.add(campaign, {"email": "ana@x.example", "custom_variables": {"a": 1}})["created_leads"][0]["id"]
    changed = api.ok("PATCH", f"leads/{key}", {"first_name": "Ana", "custom_variables": {"b": 2}})
    assert changed["payload"] == {"firstName": "Ana", "a": 1, "b": 2}
    assert api.refused("PATCH", f"leads/{key}", {"email": "b@x.example"})[0] == 400


def test_a_lead_is_deleted(api, campaign):
    key = api.add(campaign, "ana@x.example")["created_leads"][0]["id"]
    assert api.ok("DELETE", f"leads/{key}")["id"] == key
    assert api.refused("GET", f"leads/{key}")[0] == 404


def test_an_interest_status_is_accepted_and_set_later(api, campaign):
    api.settings(applied_after=2)
    api.add(campaign, "ana@x.example")
    answer = api.ask("POST", "leads/update-interest-status", {"lead_email": "Ana@x.example", "interest_value": 1})
    assert (answer.status_code, answer.json()) == (
        202, {"message": "Lead interest status update background job submitted"},
    )  # fmt: skip
    assert "lt_interest_status" not in api.listed()[0]
    api.forward(2)
    assert api.listed()[0]["lt_interest_status"] == 1
    api.ask("POST", "leads/update-interest-status", {"lead_email": "ana@x.example", "interest_value": None})
    api.forward(2)
    assert "lt_interest_status" not in api.listed()[0]
    assert "timestamp_last_interest_change" in api.listed()[0]


def test_an_interest_status_for_nobody_is_404(api):
    body = {"lead_email": "nobody@x.example", "interest_value": 1}
    assert api.refused("POST", "leads/update-interest-status", body) == (404, "Lead not found")


def test_leads_are_moved_in_the_background(api, campaign):
    api.settings(applied_after=2)
    key = api.add(campaign, "ana@x.example", "leo@x.example")["created_leads"][0]["id"]
    other = api.campaign("Other")
    body = {"ids": [key], "campaign": campaign["id"], "to_campaign_id": other["id"]}
    job = api.ok("POST", "leads/move", body)
    assert (job["status"], api.addresses(campaign=other["id"])) == ("pending", [])
    api.forward(2)
    assert api.addresses(campaign=other["id"]) == ["ana@x.example"]
    assert api.addresses(campaign=campaign["id"]) == ["leo@x.example"]
    assert [found["status"] for found in api.ok("GET", "background-jobs")["items"]] == ["success"]


def test_a_copy_leaves_the_lead_where_it_is(api, campaign):
    api.add(campaign, "ana@x.example")
    other = api.campaign("Other")
    api.ok("POST", "leads/move", {"campaign": campaign["id"], "to_campaign_id": other["id"], "copy_leads": True})
    api.due()
    assert api.addresses(campaign=campaign["id"]) == api.addresses(campaign=other["id"]) == ["ana@x.example"]


def test_moving_by_ids_needs_where_from_and_one_where_to(api, campaign):
    assert api.refused("POST", "leads/move", {"ids": [NOBODY], "to_campaign_id": campaign["id"]})[0] == 400
    assert api.refused("POST", "leads/move", {"campaign": campaign["id"]})[0] == 400
    assert api.refused("POST", "leads/move", {"campaign": campaign["id"], "to_list_id": NOBODY})[0] == 404


def test_leads_are_deleted_in_bulk_a_little_later(api, campaign):
    api.settings(applied_after=2)
    api.add(campaign, "ana@x.example", "leo@x.example", "eva@x.example")
    api.happens("send", "leo@x.example", campaign=campaign["id"])
    api.happens("bounce", "leo@x.example")
    assert api.ok("DELETE", "leads", {"campaign_id": campaign["id"], "status": -1}) == {"count": 1}
    assert len(api.listed()) == 3
    api.forward(2)
    assert api.addresses() == ["ana@x.example", "eva@x.example"]
    assert api.ok("DELETE", "leads", {"campaign_id": campaign["id"], "limit": 1}) == {"count": 1}
    assert api.refused("DELETE", "leads", {})[0] == 400


def test_what_was_added_is_listed_with_what_was_received(api, campaign):
    answer = api.add(campaign, "ana@x.example", "nobody")
    (entry,) = api.sent()
    assert (entry["service"], entry["what"]) == ("instantly", "leads")
    assert [lead["email"] for lead in entry["received"]["leads"]] == ["ana@x.example", "nobody"]
    assert entry["created"] == [answer["created_leads"][0]["id"]]
