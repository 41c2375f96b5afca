"""The calls of the client, over the wire against the stand-in."""

from datetime import UTC, datetime, timedelta

import pytest

from sheets_crm.claims.values import AnswerKind
from sheets_crm.errors import AccessError, CredentialsError, CrmError, Retryable, SettingsError
from sheets_crm.instantly.client import Client
from sheets_crm.instantly.fields import Page
from sheets_crm.instantly.leads import KEY, NewLead

NOON = datetime(2026, 8, 14, 12, tzinfo=UTC)


def new_lead(name, number=1001):
    return NewLead(
        email=f"{name}@ejemplo.cl",
        key=f"key-{name}",
        first_name=name.title(),
        variables={"LeadNumber": str(number)},
    )


def all_of(pages):
    found = []
    for page in pages:
        assert page.problems == ()
        found += page
    return found


def test_the_key_is_checked_by_the_workspace(client):
    assert client.workspace().name == "Stand-in workspace"


@pytest.mark.parametrize("ending", ["", "/", "/api/v2", "/api/v2/"])
def test_an_endpoint_may_name_the_api_or_not(stand_ins, api, make_client, ending):
    assert make_client(endpoint=stand_ins.url + ending).workspace().id


@pytest.mark.parametrize(
    "endpoint",
    ["api.instantly.ai", "ftp://127.0.0.1", "http://api.instantly.ai", "https://a.cl/?key=1", "https://"],
)
def test_an_endpoint_that_is_none_or_sends_the_key_in_the_clear_is_refused(make_client, endpoint):
    with pytest.raises(SettingsError, match=r"\[instantly\] endpoint"):
        make_client(endpoint=endpoint)


def test_campaigns_and_why_they_do_not_send(api, client, campaign):
    draft = api.campaign("Draft", active=False)["id"]
    assert [(one.id, one.name, one.status) for one in all_of(client.campaigns())] == [
        (campaign, "C", 1), (draft, "Draft", 0)
    ]  # fmt: skip
    assert client.sending_status(campaign).sends
    stopped = client.sending_status(draft)
    assert (stopped.sends, stopped.status) == (False, "campaign_draft")


def test_labels_have_the_number_that_leads_have_in_their_place(api, client):
    made = api.ok("POST", "lead-labels", {"label": "Llamar en enero", "interest_status_label": "neutral"})
    [label] = all_of(client.labels())
    assert (label.label, label.interest, label.kind) == ("Llamar en enero", made["interest_status"], "neutral")


def test_all_leads_of_a_campaign_come_in_pages_and_a_broken_sweep_goes_on(api, client, campaign):
    api.add({"id": campaign}, *(f"lead{number:03}@ejemplo.cl" for number in range(101)))
    pages = list(client.leads(campaign))
    assert [len(page.items) for page in pages] == [100, 1, 0]  # the last with leads has a cursor, too
    assert [lead.email for page in pages for lead in page] == [
        f"lead{number:03}@ejemplo.cl" for number in range(101)
    ]
    assert [lead.email for lead in all_of(client.leads(campaign, after=pages[0].after))] == ["lead100@ejemplo.cl"]


def test_a_lead_is_read_with_its_custom_variables(client, campaign):
    assert client.add_leads(campaign, [new_lead("ana")]).kind is AnswerKind.ACCEPTED
    [lead] = all_of(client.leads(campaign))
    assert (lead.email, lead.campaign, lead.status, lead.interest) == ("ana@ejemplo.cl", campaign, 1, None)
    assert (lead.variables["LeadNumber"], lead.variables[KEY]) == ("1001", "key-ana")
    assert lead.created == NOON


def test_some_addresses_are_looked_for_a_hundred_at_a_time(api, client, campaign):
    addresses = [f"lead{number:03}@ejemplo.cl" for number in range(150)]
    api.add({"id": campaign}, *addresses)
    found = client.leads_by_contacts(campaign, [*addresses[40:], "nobody@ejemplo.cl"])
    assert [lead.email for lead in found] == addresses[40:]
    assert client.leads_by_contacts(campaign, []) == ()


def test_a_push_is_answered_with_places_and_counts_and_skips_who_is_there(client, campaign):
    client.add_leads(campaign, [new_lead("ana")])
    answer = client.add_leads(campaign, [new_lead("ana"), new_lead("bea"), new_lead("not an address")])
    added = answer.result
    assert (added.total, added.uploaded, added.skipped, added.invalid) == (3, 1, 1, 1)
    assert [(one.index, one.email) for one in added.created] == [(1, "bea@ejemplo.cl")]


@pytest.mark.parametrize("count", [0, 1001])
def test_no_push_is_empty_or_larger_than_the_service_takes(client, campaign, count):
    with pytest.raises(ValueError, match=str(count)):
        client.add_leads(campaign, [new_lead("ana")] * count)


def test_mails_come_oldest_first_and_are_answered_in_their_thread(api, client, campaign):
    api.add({"id": campaign}, "ana@ejemplo.cl")
    api.happens("send", campaign=campaign)
    for text in ("Me interesa", "¿Sigue ahí?"):
        api.happens("reply", "ana@ejemplo.cl", text=text)
    first, second = all_of(client.mails())
    assert [first.text, second.text] == ["Me interesa", "¿Sigue ahí?"]
    assert (first.lead, first.kind, first.automatic, first.unread) == ("ana@ejemplo.cl", 2, False, True)
    assert [mail.kind for mail in all_of(client.mails(kind="sent", lead="ana@ejemplo.cl", campaign=campaign))] == [
        1
    ]
    assert all_of(client.mails(since=NOON + timedelta(seconds=1))) == []
    answer = client.reply(account=first.account, reply_to=first.id, subject="Re: x", text="Gracias")
    assert (answer.kind, answer.result.thread) == (AnswerKind.ACCEPTED, first.thread)
    assert [one["received"]["body"] for one in api.sent(what="reply")] == [{"text": "Gracias"}]


def test_what_is_blocked_twice_is_there_once(api, client):
    assert client.block("ana@ejemplo.cl") == client.block("ana@ejemplo.cl")
    assert client.block("ejemplo.org").value == "ejemplo.org"
    assert len(api.ok("GET", "block-lists-entries")["items"]) == 2


def test_a_webhook_is_made_listed_and_resumed_and_its_secrets_are_not_shown(client, campaign):
    made = client.subscribe("https://crm.example.com/h/TOKEN", headers={"X-Secret": "S3CRET"}, campaign=campaign)
    [listed] = all_of(client.subscriptions())
    assert listed == made.result == client.resume(listed.id)
    assert (listed.event_type, listed.campaign, listed.status) == ("all_events", campaign, 1)
    assert "TOKEN" not in repr(made)
    assert "S3CRET" not in repr(made)


def test_missed_deliveries_bring_what_was_to_be_delivered(api, client, campaign, fault):
    client.subscribe("http://127.0.0.1:9/h", headers={}, campaign=campaign)
    api.add({"id": campaign}, {"email": "ana@ejemplo.cl", "custom_variables": {"LeadNumber": "1001"}})
    fault("DELIVERY email_sent", "undelivered")
    api.happens("send", campaign=campaign)
    api.due()
    missed = all_of(client.missed_deliveries(NOON - timedelta(hours=1), NOON + timedelta(hours=1)))
    assert {(one.success, one.payload["event_type"], one.payload["LeadNumber"]) for one in missed} == {
        (False, "email_sent", "1001")
    }
    assert all_of(client.missed_deliveries(NOON - timedelta(hours=2), NOON - timedelta(hours=1))) == []


def test_a_wrong_key_and_a_plan_without_the_api_are_said_at_once(api, client, make_client, time):
    with pytest.raises(CredentialsError, match="401") as raised:
        make_client("WRONG-KEY").workspace()
    assert "WRONG-KEY" not in repr(raised.value) + raised.value.remedy
    api.settings(paid=False)
    with pytest.raises(SettingsError, match="402"):
        client.workspace()
    assert time.slept == []


def test_what_is_not_there_and_what_is_refused_are_said_at_once(client, campaign, fault, time):
    with pytest.raises(AccessError, match="404"):
        client.sending_status("019ffad2-0000-7000-8000-000000000009")
    with pytest.raises(CrmError, match=r"400.*uuid"):
        list(client.leads("no id"))
    fault("workspaces", "status", status=403)
    with pytest.raises(CredentialsError, match="403"):
        client.workspace()
    assert time.slept == []


def test_an_id_is_one_part_of_a_path_whatever_people_typed(client):
    with pytest.raises(AccessError, match="404"):
        client.sending_status("../workspaces/current?")


class Pages:
    """A service that answers with these pages."""

    def __init__(self, *pages):
        self.pages, self.asked = list(pages), []

    def read(self, call, parse):
        self.asked.append(call.body.get("starting_after"))
        return parse(self.pages.pop(0))


LEAD = {"id": "1", "email": "ana@ejemplo.cl"}


def test_a_cursor_that_comes_again_ends_the_list_with_an_error():
    page = {"items": [LEAD], "next_starting_after": "a"}
    seen = []
    with pytest.raises(Retryable, match=r"twice|dos veces"):
        seen.extend(Client(Pages(page, {**page, "next_starting_after": "b"}, page)).leads("c"))
    assert len(seen) == 2
    with pytest.raises(Retryable):
        list(Client(Pages(page)).leads("c", after="a"))


@pytest.mark.parametrize("last", [{"items": []}, {"items": [], "next_starting_after": "z"}, {"items": [LEAD]}])
def test_a_list_ends_with_an_empty_page_or_without_a_cursor(last):
    service = Pages({"items": [LEAD], "next_starting_after": "a"}, last)
    assert [type(page) for page in Client(service).leads("c")] == [Page, Page]
    assert service.asked == [None, "a"]


def test_a_lead_that_cannot_be_read_is_named_beside_the_others():
    wrong = {"id": "2", "email": 7}
    [page] = Client(Pages({"items": [wrong, LEAD]})).leads("c")
    assert [lead.id for lead in page] == ["1"]
    assert [str(problem) for problem in page.problems] == [
        "lead 2: the field email is number and should be string"
    ]


def test_a_lead_that_cannot_be_read_is_never_taken_for_missing():
    with pytest.raises(Retryable, match="lead 2"):
        Client(Pages({"items": [LEAD, {"id": "2", "email": 7}]})).leads_by_contacts("c", ["ana@ejemplo.cl"])
