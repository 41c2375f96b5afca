"""The feed over pages as no service should give them: repeated ones, empty ones with a cursor, items of any form."""

import orjson
import pytest

from sheets_crm.engine.intake import UNREADABLE
from sheets_crm.errors import Retryable
from sheets_crm.instantly.client import Client
from sheets_crm.instantly.fetching.sweep import Sweep
from tests.instantly.fetching_parts import Scripted, World

NOW = 1_786_708_800.0
LEADS = [{"id": f"{n:03d}", "email": f"p{n}@c.cl"} for n in range(6)]
ONE = {"campaigns": [[{"id": "c-1", "name": "one", "status": 1}]]}


def world(pages, cursors=None, **more):
    return World(Client(Scripted(ONE | pages, cursors)), NOW, **more)


def test_a_last_page_with_a_cursor_is_followed_by_an_empty_one():
    played = world({"leads/list": [LEADS[:2], LEADS[2:4], []]}, {"leads/list": ["1", "2", "3"]})
    played.turn()
    assert played.intake.items("leads") == LEADS[:4]
    assert len(played.intake.of("leads")) == 2
    assert orjson.loads(played.cursors.saved["leads c-1"])["ended"]


def test_a_page_that_comes_twice_is_stored_once():
    played = world({"leads/list": [LEADS[:2], LEADS[:2], LEADS[2:4]]})
    played.turn()
    assert played.intake.items("leads") == LEADS[:4]
    assert played.intake.repeated == 1


def test_a_list_that_goes_round_is_told_and_begun_anew_after_half_a_day():
    played = world({"leads/list": [LEADS[:2], LEADS[2:4]]}, {"leads/list": ["1", "1"]})
    with pytest.raises(Retryable, match="no end"):
        played.turn()
    played.client = Client(Scripted(ONE | {"leads/list": [LEADS[:2], LEADS[2:4], LEADS[4:]]}))
    played.now += 13 * 3_600
    played.turn()
    assert played.intake.items("leads") == LEADS


def test_the_same_leads_of_two_campaigns_are_two_pages():
    played = world({"leads/list": [LEADS[:2]]}, campaigns=["c-1", "c-2"])
    played.turn()
    assert len(played.intake.of("leads")) == 2


def test_leads_that_cannot_be_read_are_stored_beside_the_others():
    odd = [{"id": 7}, "text", None, LEADS[0]]
    played = world({"leads/list": [odd]})
    played.turn()
    assert played.intake.items("leads") == odd


def test_the_order_of_a_lead_s_fields_is_no_change():
    played = world({"leads/list": [LEADS[:1]]})
    played.turn()
    played.client = Client(Scripted(ONE | {"leads/list": [[dict(reversed(LEADS[0].items()))]]}))
    played.now += 3_600
    played.turn()
    assert len(played.intake.of("leads")) == 1


def test_a_campaign_that_cannot_be_read_is_swept_by_its_id():
    campaigns = [[{"id": "c-1"}, {"name": "no id"}, {"id": 7}, "text", {"id": "c-2", "status": "paused"}]]
    played = world({"campaigns": campaigns, "leads/list": [LEADS[:1]]})
    played.turn()
    assert len(played.intake.of("leads")) == 2


@pytest.mark.parametrize("payload", [None, 7, "no JSON", [], {"lead_email": "a@c.cl"}, ["x"]])
def test_a_missed_post_that_is_no_event_is_stored_for_the_import_to_refuse(payload):
    played = world({"webhook-events": [[{"id": "e-1", "payload": payload}]]})
    played.turn()
    [stored] = played.intake.of(UNREADABLE)
    assert stored.body


def test_a_missed_post_may_stand_there_as_its_text():
    event = {"event_type": "email_sent", "lead_email": "a@c.cl"}
    as_text, as_object = (
        world({"webhook-events": [[{"id": "e", "payload": payload}]]})
        for payload in (orjson.dumps(event).decode(), event)
    )
    for played in (as_text, as_object):
        played.turn()
    assert [each.key for each in as_text.intake.of("email_sent")] == [
        each.key for each in as_object.intake.of("email_sent")
    ]


@pytest.mark.parametrize("stamp", [None, 7, "yesterday", "2090-01-01T00:00:00Z"])
def test_a_mail_of_another_time_does_not_move_the_cursor_beyond_now(stamp):
    played = world({"emails": [[{"id": "m-1", "timestamp_created": stamp}]]})
    played.turn()
    assert len(played.intake.of("mails")) == 1
    assert played.cursors.saved["mails"] < "2026-08-14T12:00:01"


@pytest.mark.parametrize("text", ["", "{}", "[]", "x", '{"begun_at": "x", "after": "", "ended": true}', "null"])
def test_a_cursor_that_cannot_be_read_counts_for_none(text):
    assert Sweep.of(text) is None
    played = world({"leads/list": [LEADS[:1]]})
    played.cursors.saved["leads c-1"] = text
    played.turn()
    assert len(played.intake.of("leads")) == 1


def test_between_two_pages_it_is_asked_whether_to_stop():
    played = world({"leads/list": [LEADS[:2], LEADS[2:4], LEADS[4:]]})
    played.turn()
    assert played.checks >= 30 + 4 + 3


def asked_of(played, path):
    """What the last request for a list asked for."""
    return [given for asked, given in played.client._service.asked if asked == path][-1]


def test_what_the_service_lists_late_is_read_all_the_same():
    """Missed posts and mails of the minutes before the last turn are asked for once more."""
    mail = {"id": "m-1", "timestamp_created": "2026-08-14T11:50:00.000Z"}
    played = world({"emails": [[mail]]})
    played.turn()
    played.now += 600
    played.turn()
    assert asked_of(played, "webhook-events")["from"] == "2026-08-14T11:45:00.000Z"
    assert asked_of(played, "webhook-events")["to"] == "2026-08-14T12:10:00.000Z"
    assert asked_of(played, "emails")["min_timestamp_created"] == "2026-08-14T11:45:00.000Z"
    for _ in range(3):
        played.turn()
    assert asked_of(played, "emails")["min_timestamp_created"] == "2026-08-14T11:45:00.000Z"
