"""A person is erased from the intake, in the store and its backups; what came about others stays."""

import json
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select, text

from sheets_crm.engine.intake import Delivery, Outcome, Settled
from sheets_crm.operations.erasures import is_about
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.store import intake, keeping, migrating, opening
from sheets_crm.store.intake_erasing import without
from sheets_crm.store.journal import StoredJournal
from sheets_crm.store.schema import INTAKE
from sheets_crm.store.stored_intake import StoredIntake

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
KEYS = {("email", "ana@cliente.cl"), ("phone", "+56912345678"), ("person_url", "linkedin.com/in/ana-soto")}
PERSON = Person(7, frozenset(KEYS), frozenset({"ana soto"}))


def about(entry):
    return is_about(entry, PERSON)


def left(body):
    return without(body if isinstance(body, bytes) else orjson.dumps(body), about)


ABOUT = [
    {"lead_email": "ana@cliente.cl"},
    {"lead_email": "ANA@Cliente.cl"},
    {"event": {"to": [{"address": "Ana <ana@cliente.cl>"}]}},
    {"reply_text": "Hola. " * 100 + "El lunes <ana@cliente.cl> escribió:"},
    {"reply_html": '<p>x</p><a href="mailto:ana@cliente.cl">ana</a>' + "<br>" * 100},
    {"email_text": "y" * 300 + " ana@cliente.cl."},
    {"phone": "+56 9 1234 5678"},
    {"phone": 56912345678},
    {"LeadNumber": "7"},
    {"LeadNumber": 7},
    {"email": "", "payload": {"LeadNumber": "7"}},
    {"ana@cliente.cl": True},
    "ana@cliente.cl",
]


@pytest.mark.parametrize("event", ABOUT, ids=str)
def test_what_is_about_the_person_goes_whole(event):
    assert left(event) is None
    assert left([event]) is None


@pytest.mark.parametrize("event", ABOUT, ids=str)
def test_of_a_page_only_their_items_go(event):
    other, labels = {"email": "bea@cliente.cl"}, [{"label": "Caliente", "interest_status": 11}]
    assert orjson.loads(left({"items": [other, event], "labels": labels})) == {"items": [other], "labels": labels}
    assert left({"items": [event], "labels": labels}) is None


@pytest.mark.parametrize("event", ABOUT, ids=str)
def test_of_a_list_only_their_parts_go(event):
    others = [{"lead_email": "bea@cliente.cl"}, {"LeadNumber": "70"}]
    assert orjson.loads(left([others[0], event, others[1]])) == others


@pytest.mark.parametrize(
    "event",
    [
        {"lead_email": "susana@cliente.cl"},
        {"lead_email": "ana@cliente.cl.example"},
        {"LeadNumber": "77"},
        {"LeadNumber": "9" * 5_000},
        {"LeadNumber": ""},
        {"step": 7, "first_name": "Ana", "flag": True, "none": None},
        [],
        7,
        None,
    ],
    ids=str,
)
def test_what_is_about_others_stays_as_it_is(event):
    body = json.dumps(event, indent=3).encode()  # not as it would be written anew
    assert left(body) == body


def test_escapes_of_json_hide_nobody():
    assert left(b'{"lead_email": "\\u0061na\\u0040cliente.cl"}') is None


@pytest.mark.parametrize(
    "body", [b"to=ana%40cliente.cl&x=1", b"\xff\xfe broken ana@cliente.cl", b'{"lead_email": "ana@cliente.cl"']
)
def test_a_body_that_is_no_json_is_searched_as_text(body):
    assert left(body) is None
    assert left(body.replace(b"ana", b"eva")) is not None


def test_nesting_has_no_bottom():
    deep = b'{"a":' * 900 + b'"ana@cliente.cl"' + b"}" * 900
    assert left(deep) is None
    assert left(deep.replace(b"ana", b"eva")) is not None


# -- in the store


def sent(n, content):
    return Delivery("instantly", "email_sent", AT, orjson.dumps(content), f"key-{n}")


@pytest.fixture
def store(place):
    return place.store()


@pytest.fixture
def own(store):
    own = StoredIntake(store, "book")
    ana, bea = {"lead_email": "ana@cliente.cl"}, {"lead_email": "bea@cliente.cl"}
    own.add([sent(1, ana), sent(2, bea), sent(3, [ana, bea]), sent(4, ana)])
    number = own.page(3, rows=9, size=10**6)[-1].number
    store.write(lambda c: intake.settle(c, "book", [Settled(number, Outcome.IMPORTED)], AT))
    return own


def erase(store, workbook="book"):
    StoredJournal(store, workbook).erase(about)


def rows(store):
    asked = select(INTAKE.c.body, INTAKE.c.state, INTAKE.c.reason).order_by(INTAKE.c.intake_id)
    return [tuple(row) for row in store.read(lambda c: c.execute(asked).all())]


BEA = b'{"lead_email":"bea@cliente.cl"}'
ERASED = [
    (None, "refused", "erased"),
    (BEA, "waiting", ""),
    (b"[" + BEA + b"]", "waiting", ""),
    (None, "imported", ""),
]


def test_what_waits_is_refused_and_what_was_settled_stays_so(store, own):
    erase(store)
    assert rows(store) == ERASED
    erase(store)
    assert rows(store) == ERASED
    assert own.add([sent(1, {"lead_email": "ana@cliente.cl"})]) == 0


def test_another_workbook_keeps_what_it_has(store, own):
    before = rows(store)
    erase(store, "another")
    assert rows(store) == before


def test_all_pages_are_searched(store, own, monkeypatch):
    monkeypatch.setattr("sheets_crm.store.intake_erasing._ROWS", 1)
    erase(store)
    assert rows(store) == ERASED


@pytest.mark.long
def test_nothing_in_the_files_names_the_person(file_place):
    store = file_place.store()
    own = StoredIntake(store, "book")
    long = {"reply_text": "z" * 20_000 + " ana@cliente.cl"}
    own.add([sent(1, {"lead_email": "ana@cliente.cl"}), sent(2, [long, {"lead_email": "bea@cliente.cl"}])])
    backup = keeping.back_up(store)
    erase(store)
    for path in (*file_place.state_dir.rglob("*.db*"), backup):
        assert b"ana@cliente.cl" not in path.read_bytes(), path
    assert b"bea@cliente.cl" in backup.read_bytes()


@pytest.mark.long
def test_a_backup_of_the_version_before_is_erased_without_an_intake(file_place):
    store = file_place.store()
    backup: Path = keeping.back_up(store)
    backup.write_bytes(b"")
    with opening.connected_file(backup).execution_options(writes=True).begin() as connection:
        migrating.migrate(connection, "0003")
    erase(store)
    StoredIntake(store, "book").delete_old_bodies()
    with opening.connected_file(backup).begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM changes")).scalar() == 0
