"""What the doctor finds of Instantly: the key, the service, campaigns, the webhook, the receiver's settings, the job."""

import time

import pytest
from stand_in_client import NOON
from stand_in_client import Receiver as Posted

from jobs.records import Record
from sheets_crm.bootstrap.module_checks import module_checks
from sheets_crm.config import Settings
from sheets_crm.instantly.checks import attempted, service_checks, webhook_checks
from sheets_crm.instantly.values import SendingStatus
from sheets_crm.messages import in_language
from sheets_crm.receiver.tokens import token
from sheets_crm.stand_ins.clock import Clock
from sheets_crm.stand_ins.server import StandIns
from sheets_crm.store.access import Store
from sheets_crm.store.job_runs import StoredRecords

SECRET = b"a secret of the tests, long enough"
URL = "https://crm.example.com/in"
ADDRESS = f"{URL}/webhooks/instantly/{token(SECRET, 'instantly')}"


@pytest.fixture(scope="module")
def stand_ins():
    """Stand-ins of their own: a test here moves their clock."""
    with StandIns(clock=Clock(lambda: NOON)) as found:
        yield found


def of(findings, check):
    return [one for one in findings if one.check == check]


# -- the service


def test_the_workspace_is_named_and_campaigns_are_counted(api, client):
    api.campaign("one")
    found = list(service_checks(client, ()))
    assert [one.ok for one in found] == [True, True]
    assert api.ok("GET", "workspaces/current")["name"] in found[0].observed
    assert "campaigns: 1; active: 1" in found[1].observed


def test_campaigns_of_the_settings_that_do_not_exist_are_named(api, client):
    there = api.campaign("one")["id"]
    absent = "019ffad2-0000-7000-8000-00000000c0ff"
    [told, counted] = of(service_checks(client, [there, absent]), "campaigns of Instantly")
    assert not told.ok
    assert absent in told.observed
    assert there not in told.observed
    assert "campaigns" in told.remedy
    assert counted.ok


@pytest.mark.parametrize(
    ("status", "ok", "words"),
    [
        (0, True, "draft"),
        (2, True, "paused"),
        (3, True, "completed"),
        (-1, False, "accounts have problems"),
        (-2, False, "too many bounces"),
        (-99, False, "suspended"),
    ],
)
def test_campaigns_that_do_not_send_are_named_with_the_reason(api, client, status, ok, words):
    campaign = api.campaign("Los Lagos")
    api.happens("campaign_status", campaign=campaign["id"], value=status)
    found = of(service_checks(client, ()), "campaigns of Instantly")
    assert all(one.ok for one in found) is ok
    text = " ".join(one.observed for one in found)
    assert "Los Lagos" in text
    assert words in text


def test_an_active_campaign_that_does_not_send_says_why(client, api, monkeypatch):
    api.campaign("Los Lagos")
    answer = SendingStatus(sends=False, status="daily_limit_met")
    monkeypatch.setattr(type(client), "sending_status", lambda _client, _id: answer)
    [found] = of(service_checks(client, ()), "campaigns of Instantly")
    assert found.ok
    assert "Los Lagos (daily_limit_met)" in found.observed


def test_many_campaigns_are_not_all_asked(api, client):
    for n in range(23):
        api.campaign(f"c{n}")
    before = api.control("GET", "stats")["requests"]
    list(service_checks(client, ()))
    after = api.control("GET", "stats")["requests"]
    asked = sum(number - before.get(call, 0) for call, number in after.items() if "sending-status" in call)
    assert asked == 20


def test_a_wrong_key_is_said_with_what_to_do(api, make_client):
    [found] = attempted("Instantly", service_checks(make_client("wrong"), ()))
    assert not found.ok
    assert "API key" in found.observed
    assert "api_key_file" in found.remedy


# -- the webhook


@pytest.fixture
def hook(api):
    posted = Posted()
    posted.url = ADDRESS
    yield posted
    posted.close()


def webhook_of(client):
    [found] = webhook_checks(client, ADDRESS)
    assert token(SECRET, "instantly") not in found.observed + found.remedy
    return found


def test_a_webhook_of_all_events_is_in_order(api, client, hook):
    api.webhook(hook)
    assert webhook_of(client).ok


def test_without_one_it_is_said_how_to_make_it(api, client):
    found = webhook_of(client)
    assert not found.ok
    assert "sheets-crm webhooks urls" in found.remedy


def test_one_of_another_token_is_told_apart(api, client, hook):
    hook.url = f"{URL}/webhooks/instantly/another"
    api.webhook(hook)
    found = webhook_of(client)
    assert not found.ok
    assert "token_file" in found.observed


def test_one_that_was_switched_off_is_said_with_how_to_resume_it(api, client, hook):
    made = api.webhook(hook)
    switched_off(api, made)
    found = webhook_of(client)
    assert not found.ok
    assert made["id"] in found.observed
    assert f"/webhooks/{made['id']}/resume" in found.remedy
    api.ok("POST", f"webhooks/{made['id']}/resume")
    assert webhook_of(client).ok


def switched_off(api, webhook):
    """Have a webhook switched off: what it sends is not received three times."""
    api.ok("PATCH", f"webhooks/{webhook['id']}", {"target_hook_url": "http://127.0.0.1:9/"})
    campaign = api.campaign("off")
    api.add(campaign, "off@c.cl")
    api.happens("send", campaign=campaign["id"])
    for _ in range(3):
        api.due()
        api.control("POST", "clock", {"forward": 10})
    api.ok("PATCH", f"webhooks/{webhook['id']}", {"target_hook_url": ADDRESS})


def test_one_of_some_events_is_said(api, client, hook):
    api.webhook(hook, "reply_received")
    found = webhook_of(client)
    assert not found.ok
    assert "reply_received" in found.observed


# -- all together


@pytest.fixture
def place(stand_ins, api, tmp_path):
    """Makes settings with all that the module needs, but for what is changed."""
    for name, content in {"key": stand_ins.api_key.encode(), "token": SECRET}.items():
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o600)

    def make(instantly=None, webhooks=None):
        given = {"endpoint": stand_ins.url, "api_key_file": tmp_path / "key"} | (instantly or {})
        received = {"port": 8_700, "public_url": URL, "token_file": tmp_path / "token"} | (webhooks or {})
        return Settings(
            spreadsheet_id="book",
            state_dir=tmp_path / "state",
            database=f"sqlite:///{tmp_path}/state/crm.db",
            modules=["instantly"],
            instantly=given,
            webhooks=received,
        )

    return make


def checked(asked, record=None):
    """What is found, in order."""
    store = Store(asked.store_address, asked.state_dir)
    if record is not None:
        StoredRecords(store, Record).save("feeds book", record)
    return list(module_checks(asked, store))


def bad(findings):
    return [one.check for one in findings if not one.ok]


def test_a_workbook_without_the_module_has_no_such_check(tmp_path):
    asked = Settings(spreadsheet_id="book", state_dir=tmp_path)
    assert list(module_checks(asked, None)) == []


def test_all_in_order(place, api, hook):
    api.webhook(hook)
    found = checked(place(), Record(time.time() - 120, "", time.time() - 120))
    assert bad(found) == []
    assert [one.check for one in found] == [
        "Instantly's API key",
        "Instantly",
        "campaigns of Instantly",
        "receiver",
        "webhook of Instantly",
        "job feeds",
    ]
    assert "2 min ago" in found[-1].observed


def test_a_job_that_never_ran_failed_or_stopped_running_is_said(place, api, hook):
    api.webhook(hook)
    now = time.time()
    [never] = of(checked(place()), "job feeds")
    assert "not run yet" in never.observed
    [failed] = of(checked(place(), Record(now, "no answer", now)), "job feeds")
    assert "no answer" in failed.observed
    [stopped] = of(checked(place(), Record(now - 7_200, "", now - 7_200)), "job feeds")
    assert "120 min" in stopped.observed
    assert not any(one.ok for one in (never, failed, stopped))
    assert "sheets-crm job feeds" in stopped.remedy


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (lambda path: path.unlink(), "does not exist"),
        (lambda path: path.chmod(0o644), "0644"),
        (lambda path: path.write_text("two words"), "single word"),
    ],
)
def test_a_key_that_cannot_be_used_is_said_and_nothing_is_asked(place, api, tmp_path, how, words):
    how(tmp_path / "key")
    before = api.control("GET", "stats")
    found = checked(place())
    assert found[0].check == "Instantly's API key"
    assert words in found[0].observed
    assert not found[0].ok
    assert api.control("GET", "stats") == before


def test_a_key_that_the_group_can_read_is_used_and_said(place, api, tmp_path):
    (tmp_path / "key").chmod(0o640)
    found = checked(place())
    assert bad(found)[0] == "Instantly's API key"
    assert "0640" in found[0].observed
    assert of(found, "Instantly")[0].ok


@pytest.mark.parametrize("name", ["port", "public_url", "token_file"])
def test_what_the_receiver_lacks_is_said_with_what_to_do(place, api, name):
    [found] = of(checked(place(webhooks={name: "" if name == "public_url" else None})), "receiver")
    assert not found.ok
    assert name in found.observed
    assert name in found.remedy


def test_a_token_file_that_is_none_is_said(place, api, tmp_path):
    (tmp_path / "token").write_bytes(b"short")
    [found] = of(checked(place()), "receiver")
    assert not found.ok
    assert "16 bytes" in found.observed


def test_a_service_that_does_not_answer_is_said_once(place, api):
    api.settings(paid=False)
    found = checked(place())
    assert bad(found) == ["Instantly", "job feeds"]
    assert "plan" in of(found, "Instantly")[0].observed


def test_what_is_found_is_said_in_both_languages(place, api):
    texts = [
        " ".join(in_language(one.observed, language) for one in checked(place())) for language in ("es", "en")
    ]
    assert "responde el espacio de trabajo" in texts[0]
    assert "workspace" in texts[1]
