"""The feed over the wire, against the stand-in: what each turn fetches, and what it asks for."""

from datetime import UTC, datetime

import orjson
import pytest
from stand_in_client import NOON
from stand_in_client import Receiver as Posted

from sheets_crm.errors import CredentialsError, CrmError, Retryable, SettingsError
from sheets_crm.instantly import client as client_module
from sheets_crm.instantly.fields import page_of
from sheets_crm.instantly.posts import kind_and_key
from sheets_crm.instantly.values import Label
from sheets_crm.stand_ins.clock import Clock
from sheets_crm.stand_ins.server import StandIns
from tests.instantly.fetching_parts import World

HOUR = 3_600.0
LEADS = "POST /api/v2/leads/list"
MISSED = "GET /api/v2/webhook-events"
MAILS = "GET /api/v2/emails"
LABELS = "GET /api/v2/lead-labels"
CAMPAIGNS = "GET /api/v2/campaigns"


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(client_module, "A_PAGE", 2)


@pytest.fixture(scope="module")
def stand_ins():
    """Stand-ins of their own: the tests here move their clock."""
    with StandIns(clock=Clock(lambda: NOON)) as found:
        yield found


@pytest.fixture
def start(api):
    """The moment at which the stand-in is; tests before this one have moved its clock."""
    return datetime.fromisoformat(api.control("GET", "clock")["now"]).timestamp()


@pytest.fixture
def world(client, start):
    return World(client, start + 1)


@pytest.fixture
def labels(make_client, monkeypatch):
    """The labels that the service has."""
    given = []

    def listed(self):
        yield page_of({"items": list(given)}, "lead-labels", Label.of)

    monkeypatch.setattr(client_module.Client, "labels", listed)
    return given


@pytest.fixture
def asked(api):
    """How often each call was made since the last time."""
    before = {}

    def count():
        nonlocal before
        now = api.control("GET", "stats")["requests"]
        made = {call: number - before.get(call, 0) for call, number in now.items()}
        before = now
        return {call: number for call, number in made.items() if number and "/api/v2/" in call}

    count()
    return count


@pytest.fixture
def hook():
    posted = Posted()
    yield posted
    posted.close()


def filled(api, name, *addresses):
    made = api.campaign(name)
    api.add(
        made,
        *[{"email": address, "custom_variables": {"LeadNumber": n}} for n, address in enumerate(addresses, 1)],
    )
    return made["id"]


def addresses(world):
    return sorted(item["email"] for item in world.intake.items("leads"))


# -- leads


def test_every_lead_of_every_campaign_is_stored_as_it_came(api, world):
    one = filled(api, "one", "a@c.cl", "b@c.cl", "c@c.cl")
    filled(api, "two", "d@c.cl")
    world.turn()
    assert addresses(world) == ["a@c.cl", "b@c.cl", "c@c.cl", "d@c.cl"]
    listed = api.listed(campaign=one)
    assert [item for item in world.intake.items("leads") if item["campaign"] == one] == listed
    assert {each.source for each in world.intake.rows.values()} == {"instantly"}


def test_leads_are_swept_once_an_hour_and_missed_posts_every_turn(api, world, asked, start):
    filled(api, "one", "a@c.cl")
    world.turn()
    first = asked()
    assert first[MISSED] == 30  # a new store: the last thirty days, a day at a time
    assert LEADS in first
    for minutes in range(10, 60, 10):
        world.now = start + 1 + minutes * 60
        world.turn()
        assert asked() == {MISSED: 1, MAILS: 1}
    world.now = start + 1 + HOUR
    world.turn()
    assert {LEADS, LABELS, CAMPAIGNS} <= set(asked())


def test_a_page_that_has_not_changed_is_no_new_delivery_and_one_that_has_is(api, world):
    campaign = filled(api, "one", "a@c.cl", "b@c.cl", "c@c.cl")
    world.turn()
    assert len(world.intake.of("leads")) == 2
    world.now += HOUR
    world.turn()
    assert (len(world.intake.of("leads")), world.intake.repeated) == (2, 2)
    api.ok(
        "POST",
        "leads/update-interest-status",
        {"lead_email": "c@c.cl", "interest_value": 1, "campaign_id": campaign},
    )
    api.due()
    world.now += HOUR
    world.turn()
    assert len(world.intake.of("leads")) == 3


def test_a_campaign_that_is_completed_or_was_emptied_is_swept_too(api, world, asked):
    one, two = filled(api, "one", "a@c.cl"), filled(api, "two", "b@c.cl")
    world.turn()
    api.happens("campaign_status", campaign=one, value=3)
    api.ok("DELETE", "leads", {"campaign_id": two})
    api.due()
    asked()
    world.now += HOUR
    world.turn()
    assert asked()[LEADS] >= 2
    assert all(
        orjson.loads(value)["ended"] for name, value in world.cursors.saved.items() if name.startswith("leads ")
    )


def test_only_the_campaigns_of_the_settings_are_swept_and_none_is_listed(api, client, asked, start):
    filled(api, "one", "a@c.cl")
    world = World(client, start + 1, campaigns=[filled(api, "two", "b@c.cl")])
    asked()
    world.turn()
    assert addresses(world) == ["b@c.cl"]
    assert CAMPAIGNS not in asked()


def test_a_campaign_made_meanwhile_is_swept_in_the_next_hour_and_a_deleted_one_is_forgotten(api, world):
    one = filled(api, "one", "a@c.cl")
    world.turn()
    world.cursors.saved["leads gone"] = world.cursors.saved[f"leads {one}"]
    filled(api, "two", "b@c.cl")
    world.now += HOUR
    world.turn()
    assert addresses(world) == ["a@c.cl", "b@c.cl"]
    assert "leads gone" not in world.cursors.saved


# -- a sweep that is broken off


def stopped_after(world, pages):
    """A turn that is asked to stop after so many pages of leads."""

    class StopError(BaseException):
        pass

    def check():
        if len(world.intake.of("leads")) >= pages:
            raise StopError

    with pytest.raises(StopError):
        world.turn(check)


def test_a_stop_ends_between_two_pages_and_the_next_turn_goes_on_there(api, world, asked):
    filled(api, "one", *[f"p{n}@c.cl" for n in range(7)])
    stopped_after(world, 2)
    assert len(world.intake.of("leads")) == 2
    asked()
    world.now += 600
    world.turn()
    assert addresses(world) == [f"p{n}@c.cl" for n in range(7)]
    assert world.intake.repeated == 0
    assert asked()[LEADS] <= 3
    assert CAMPAIGNS not in asked()


def test_a_sweep_that_was_broken_off_long_ago_begins_anew(api, world):
    filled(api, "one", *[f"p{n}@c.cl" for n in range(5)])
    stopped_after(world, 2)
    world.now += 13 * HOUR
    world.turn()
    assert world.intake.repeated == 2


def test_a_page_that_is_refused_is_not_asked_for_for_ever(api, world, fault):
    filled(api, "one", *[f"p{n}@c.cl" for n in range(5)])
    stopped_after(world, 1)
    fault(LEADS, "status", status=400)
    world.now += 600
    with pytest.raises(CrmError):
        world.turn()
    assert len(addresses(world)) == 2
    world.now += 600
    world.turn()
    assert len(addresses(world)) == 5
    assert world.intake.repeated == 1  # from the start


# -- missed posts


def missed_by(api, hook, *happenings):
    api.webhook(hook)
    for happening in happenings:
        hook.statuses[:] = [503] * 3
        api.happens(*happening[:1], **happening[1])
        for _ in range(3):
            api.due()
            api.control("POST", "clock", {"forward": 10})


def test_what_the_receiver_missed_comes_with_the_body_kind_and_key_that_it_would_have_had(api, world, hook):
    campaign = filled(api, "one", "a@c.cl")
    missed_by(api, hook, ("send", {"campaign": campaign}))
    world.now += 60
    world.turn()
    payload = hook.received[0]
    assert payload["event_type"] == "email_sent"
    assert hook.received == [payload] * 3  # three tries, one event
    [stored] = world.intake.of("email_sent")
    assert orjson.loads(stored.body) == payload
    assert (stored.kind, stored.key) == kind_and_key(orjson.dumps(payload))


@pytest.mark.long
def test_what_came_after_all_is_no_second_delivery(api, world, hook):
    campaign = filled(api, "one", "a@c.cl")
    missed_by(api, hook, ("send", {"campaign": campaign}))
    world.now += 60
    world.turn()
    for _ in range(3):  # the last minutes are read once more each time
        world.now += 240
        world.turn()
    assert len(world.intake.of("email_sent")) == 1


@pytest.mark.long
def test_a_window_that_breaks_off_is_read_again(api, world, hook, fault):
    campaign = filled(api, "one", *[f"p{n}@c.cl" for n in range(2)])
    missed_by(api, hook, ("send", {"campaign": campaign}))
    world.now += 60
    fault(MISSED, "status", status=500, times=50, skip=30)  # the second page of the last day
    with pytest.raises(Retryable, match="posts that were missed"):
        world.turn()
    before = world.cursors.saved["missed"]
    assert world.now - datetime.fromisoformat(before).timestamp() > 80_000
    api.control("DELETE", "faults")
    world.turn()
    assert world.cursors.saved["missed"] > before
    assert world.intake.of("email_sent")


def test_a_cursor_of_a_clock_that_was_ahead_counts_for_none(world, api, asked):
    world.cursors.saved["missed"] = "2030-01-01T00:00:00Z"
    world.turn()
    assert asked()[MISSED] == 30


def test_a_store_that_was_away_for_long_reads_thirty_days_at_most(world, asked):
    world.cursors.saved["missed"] = "2020-01-01T00:00:00Z"
    world.turn()
    assert asked()[MISSED] == 30


# -- mails and labels


def replied(api, campaign, *texts):
    api.happens("send", campaign=campaign)
    for text in texts:
        api.happens("reply", "a@c.cl", text=text)


def test_texts_of_replies_are_stored_whole_each_mail_at_least_once(api, world):
    campaign = filled(api, "one", "a@c.cl")
    replied(api, campaign, "first", "second", "third")
    world.now += 60
    world.turn()
    assert [item["body"]["text"] for item in world.intake.items("mails")] == ["first", "second", "third"]
    api.forward(600)
    api.happens("reply", "a@c.cl", text="fourth")
    world.now += 600
    world.turn()
    assert {item["body"]["text"] for item in world.intake.items("mails")} == {"first", "second", "third", "fourth"}


def test_turns_without_new_mails_store_nothing_new(api, world, asked):
    replied(api, filled(api, "one", "a@c.cl"), "first", "second", "third")
    world.now += 60
    world.turn()
    stored = len(world.intake.of("mails"))
    asked()
    for _ in range(5):
        world.now += 240
        world.turn()
    assert len(world.intake.of("mails")) == stored
    assert asked()[MAILS] <= 10


@pytest.mark.long
def test_a_long_inbox_is_read_over_several_turns(api, world, asked, monkeypatch):
    monkeypatch.setattr("sheets_crm.instantly.fetching.mails.MOST_PAGES", 2)
    campaign = filled(api, "one", "a@c.cl")
    api.happens("send", campaign=campaign)
    for n in range(9):
        api.forward(60)
        api.happens("reply", "a@c.cl", text=f"t{n}")
    world.now += HOUR
    for _ in range(5):
        asked()
        world.turn()
        assert asked()[MAILS] <= 2
        world.now += 60
    assert {item["body"]["text"] for item in world.intake.items("mails")} == {f"t{n}" for n in range(9)}


def test_labels_are_stored_when_they_change_also_back_to_what_they_were(world, labels, api):
    filled(api, "one", "a@c.cl")
    one, other = ({"id": str(n), "label": f"label {n}", "interest_status": n} for n in (11, 12))
    for there in ([one], [one], [one, other], [one], [one, other], [one, other]):
        labels[:] = there
        world.turn()
        world.now += HOUR
    stored = [orjson.loads(each.body)["items"] for each in world.intake.of("labels")]
    assert stored == [[one], [one, other], [one], [one, other]]


def test_a_page_of_leads_says_what_the_numbers_of_its_labels_mean(world, labels, api):
    campaign = filled(api, "one", "a@c.cl", "b@c.cl", "c@c.cl")
    labels[:] = [{"id": str(n), "label": f"label {n}", "interest_status": n} for n in (11, 12)]
    asked = {"lead_email": "a@c.cl", "interest_value": 12, "campaign_id": campaign}
    api.ok("POST", "leads/update-interest-status", asked)
    api.due()
    world.turn()
    first, second = (orjson.loads(each.body) for each in world.intake.of("leads"))
    assert [label["label"] for label in first["labels"]] == ["label 12"]
    assert "labels" not in second
    labels[1]["label"] = "another name"
    world.now += HOUR
    world.turn()
    assert len(world.intake.of("leads")) == 3


# -- faults


@pytest.mark.long
@pytest.mark.parametrize(
    "how",
    [
        {"mode": "rate_limit"},
        {"mode": "status", "status": 500},
        {"mode": "status", "status": 503, "retry_after": 7},
        {"mode": "html_502"},
        {"mode": "drop_request"},
        {"mode": "drop_response"},
        {"mode": "truncate"},
        {"mode": "malformed"},
    ],
    ids=lambda how: how["mode"],
)
@pytest.mark.parametrize("call", [MISSED, LABELS, CAMPAIGNS, LEADS, MAILS])
def test_a_passing_fault_anywhere_loses_nothing(api, world, fault, how, call):
    replied(api, filled(api, "one", "a@c.cl", "b@c.cl", "c@c.cl"), "text")
    world.now += 60
    fault(call, times=2, **how)
    world.turn()
    assert addresses(world) == ["a@c.cl", "b@c.cl", "c@c.cl"]
    assert [item["body"]["text"] for item in world.intake.items("mails")] == ["text"]
    assert all(
        orjson.loads(value)["ended"] for name, value in world.cursors.saved.items() if name.startswith("leads ")
    )


def test_a_campaign_that_fails_does_not_stop_the_others_and_is_gone_on_with(api, client, fault, start):
    there = [filled(api, name, f"{name}@c.cl") for name in ("one", "two")]
    absent = "019ffad2-0000-7000-8000-00000000c0ff"
    world = World(client, start + 1, campaigns=[absent, *there])
    fault(LEADS, "status", status=404)
    with pytest.raises(Retryable, match=absent) as raised:
        world.turn()
    assert "The rest is stored" in raised.value.state
    assert addresses(world) == ["one@c.cl", "two@c.cl"]
    assert {"missed", "labels", "mails"} <= set(world.cursors.saved)
    world.now += 600
    world.turn()
    assert orjson.loads(world.cursors.saved[f"leads {absent}"])["ended"]


def test_a_campaign_that_is_not_answered_does_not_stop_the_others_while_the_service_answers(api, world, fault):
    for name in ("one", "two"):
        filled(api, name, f"{name}@c.cl")
    fault(LEADS, "status", status=500, times=6)
    with pytest.raises(Retryable, match="leads of the campaign"):
        world.turn()
    assert len(addresses(world)) == 1
    world.now += 600
    world.turn()
    assert len(addresses(world)) == 2


def test_a_service_that_does_not_answer_is_not_asked_for_every_campaign(api, world, fault, asked):
    for name in ("one", "two", "three", "four"):
        filled(api, name, f"{name}@c.cl")
    fault(LEADS, "status", status=500, times=1_000)
    fault("workspaces/current", "status", status=500, times=1_000)
    asked()
    with pytest.raises(Retryable):
        world.turn()
    assert asked()[LEADS] == 6  # the attempts at one page


def test_a_wrong_key_stops_the_turn_in_words(api, make_client, asked, start):
    world = World(make_client("wrong"), start + 1)
    with pytest.raises(CredentialsError, match="does not accept the API key"):
        world.turn()
    assert asked() == {MISSED: 1}
    assert world.cursors.saved == {}


def test_a_workspace_without_the_plan_stops_the_turn_in_words(api, world, asked):
    api.settings(paid=False)
    with pytest.raises(SettingsError, match="plan"):
        world.turn()
    assert asked() == {MISSED: 1}


def test_a_wrong_key_in_the_middle_of_a_sweep_is_gone_on_from(api, world, fault):
    filled(api, "one", *[f"p{n}@c.cl" for n in range(5)])
    fault(LEADS, "status", status=401, skip=1)
    with pytest.raises(CredentialsError):
        world.turn()
    world.now += 600
    world.turn()
    assert len(addresses(world)) == 5
    assert world.intake.repeated == 0


# -- killed


def everything(world):
    """What is in an intake, whatever pages it came in."""
    found = {(kind, str(item["id"])) for kind in ("leads", "mails", "labels") for item in world.intake.items(kind)}
    return found | {(each.kind, each.key) for each in world.intake.rows.values() if each.kind == "email_sent"}


@pytest.mark.long
def test_a_turn_that_is_killed_anywhere_loses_nothing(api, client, hook, start):
    campaign = filled(api, "one", "a@c.cl", "b@c.cl", "c@c.cl")
    filled(api, "two", "d@c.cl")
    api.ok("POST", "lead-labels", {"label": "Caliente", "interest_status_label": "positive"})
    missed_by(api, hook, ("send", {"campaign": campaign}))
    for text in ("first", "second", "third"):
        api.happens("reply", "a@c.cl", text=text)

    def new():
        made = World(client, start + 120)
        made.cursors.saved["missed"] = datetime.fromtimestamp(start - HOUR, UTC).isoformat()
        return made

    whole = new()
    whole.turn()
    wanted, pages = everything(whole), len(whole.intake.rows)
    assert {kind for kind, _ in wanted} == {"leads", "mails", "labels", "email_sent"}
    step = 1
    while (world := new()).killed_at(step):
        world.turn()
        assert everything(world) == wanted, step
        assert len(world.intake.rows) <= pages + 1, step  # a page of mails may begin elsewhere
        step += 1
    assert step > 40
