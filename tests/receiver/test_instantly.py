"""What a post of Instantly says of itself."""

import hashlib
import json
from datetime import UTC, datetime

import orjson
import pytest

from sheets_crm.engine.intake import UNREADABLE
from sheets_crm.instantly.events import from_webhook
from sheets_crm.instantly.kinds import SEVERAL
from sheets_crm.instantly.posts import event_key
from sheets_crm.receiver.instantly import describe

EVENT = {
    "timestamp": "2026-08-14T12:00:01.000Z",
    "workspace": "019ffad2-0000-7000-8000-000000000001",
    "campaign_id": "019ffad2-0000-7000-8000-00000000c001",
    "campaign_name": "Los Lagos 1",
    "lead_email": "ana@ejemplo.cl",
    "email_account": "equipo@ventas.example.com",
    "step": 1,
    "variant": 1,
    "is_first": True,
    "email_id": "019ffad2-0000-7000-8000-0000000000e1",
    "LeadNumber": "1001",
    "event_type": "reply_received",
    "reply_text": "Me interesa, hablemos.",
}
KEY = ("event_type", "timestamp", "lead_email", "campaign_id", "step", "email_id")


def described(content):
    return describe(orjson.dumps(content))


def test_the_kind_is_the_type_of_the_event_a_label_of_a_workspace_too():
    assert described(EVENT).kind == "reply_received"
    assert described(EVENT | {"event_type": "Llamar en enero"}).kind == "Llamar en enero"
    assert described(EVENT | {"event_type": "a\x00b\n" + "x" * 500}).kind == ("ab" + "x" * 98)


def test_the_key_is_a_hash_of_six_fields():
    six = [EVENT[name] for name in KEY]
    compact = json.dumps(six, separators=(",", ":")).encode()
    assert described(EVENT).key == event_key(EVENT) == hashlib.sha256(compact).hexdigest()


@pytest.mark.parametrize("name", KEY)
def test_another_value_of_one_of_them_or_none_is_another_key(name):
    without = {key: value for key, value in EVENT.items() if key != name}
    assert (
        len({described(each).key for each in (EVENT, without, EVENT | {name: "other"}, EVENT | {name: ""})}) == 4
    )


@pytest.mark.parametrize("name", sorted(set(EVENT) - set(KEY)))
def test_what_else_is_in_the_event_changes_no_key(name):
    assert described(EVENT | {name: "other"}).key == described(EVENT).key


def test_the_order_of_the_fields_changes_no_key():
    assert described(dict(reversed(EVENT.items()))).key == described(EVENT).key


def test_a_list_of_one_event_is_that_event():
    assert described([EVENT]) == described(EVENT)


def test_a_list_has_a_key_of_its_own_and_one_kind_where_all_are_alike():
    other = EVENT | {"step": 2}
    assert described([EVENT, other]).kind == "reply_received"
    assert described([EVENT, other | {"event_type": "email_sent"}]).kind == SEVERAL
    keys = {described(each).key for each in (EVENT, other, [EVENT, other], [other, EVENT], [EVENT, EVENT])}
    assert len(keys) == 5
    assert described([EVENT, other]) == described([EVENT, other])


@pytest.mark.parametrize(
    "body",
    [b"", b"no JSON", b"\xff\xfe\x00", b'{"event_type": "x"', b"7", b"null", b"[]", b"[1]", b'[{"event_type":"x"},2]', b"[" * 5_000],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
def test_what_is_no_event_is_unreadable_and_known_by_its_bytes(body):
    assert describe(body).kind == UNREADABLE
    assert describe(body).key == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("kind", [None, 7, [], {}, "", "\x00\x01"])
def test_an_event_without_a_type_that_can_be_shown_is_unreadable(kind):
    assert described(EVENT | {"event_type": kind}).kind == UNREADABLE


def test_the_event_that_is_made_of_a_post_has_its_key():
    moment = datetime(2026, 8, 14, tzinfo=UTC)
    for event in (EVENT, {}, EVENT | {"step": None, "lead_email": "ñandú@c.cl"}, EVENT | {"step": 10**30}):
        assert from_webhook(event, moment).key == event_key(event)
    assert from_webhook(EVENT, moment).key == described(EVENT).key
