"""What comes in from Instantly, from the intake into the workbook: over HTTP, with a store."""

import datetime as dt
from dataclasses import replace

import orjson
import pytest

from sheets_crm.config import Settings
from sheets_crm.engine.intake import Count, Delivery
from sheets_crm.engine.run import run_once
from sheets_crm.engine.session import RunRequest
from sheets_crm.engine.working_state import Budget
from sheets_crm.errors import Retryable
from sheets_crm.store.stored_intake import StoredIntake

pytestmark = pytest.mark.long

POLL = "GET /v4/spreadsheets/{spreadsheetId}/values:batchGet"


class Post:
    """The post office of the tests: puts deliveries into the intake of a desk's worker."""

    def __init__(self, desk):
        self.desk = desk
        self.intake = StoredIntake(desk.app.store, desk.settings.spreadsheet_id)
        self.number = 0

    def event(self, event_type, address, at, **more):
        body = {"event_type": event_type, "timestamp": at, "lead_email": address, "campaign_id": "c-1", **more}
        self.raw(event_type, orjson.dumps(body))

    def raw(self, kind, body):
        self.number += 1
        moment = dt.datetime.fromtimestamp(self.desk.now, tz=dt.UTC)
        self.intake.add([Delivery("instantly", kind, moment, body, f"key {self.number}")])

    def states(self):
        found = {}
        for count in self.intake.counts():
            found[count.state] = found.get(count.state, 0) + count.number
        return found


@pytest.fixture
def desk(open_desk):
    desk = open_desk("contacted")
    desk.settings = Settings(**{**desk.settings.model_dump(), "modules": ["instantly"]})
    desk.app = desk.worker()
    desk.init()
    return desk


@pytest.fixture
def post(desk):
    return Post(desk)


def with_address(desk):
    return [(n, lead["email"]) for n, lead in desk.leads().items() if lead["instantly_sent"] is True]


def test_events_become_words_of_the_lead_in_one_row_of_imports_an_hour(desk, post):
    (one, first), (two, second), *_ = with_address(desk)
    rejected = desk.rows("Rejected")
    post.event("email_sent", first, "2026-08-14T10:00:00Z")
    post.event("lead_interested", first, "2026-08-14T11:00:00Z")
    post.event("email_sent", second, "2026-08-14T10:00:00Z")
    post.event("email_sent", "nobody@elsewhere.example", "2026-08-14T10:00:00Z")
    desk.sync()
    leads = desk.leads()
    assert leads[one]["instantly_status"] == "positive reply"
    assert leads[two]["instantly_status"] == "contacted"
    assert leads[one]["instantly_step_status"] == "completed"
    row = desk.rows("Imports")[0]
    assert (row["source"], row["rows"], row["updated"], row["rejected"]) == ("instantly", 3, 2, 1)
    assert post.states() == {"imported": 4}
    post.event("email_bounced", second, "2026-08-14T10:30:00Z")
    before = len(desk.rows("Imports"))
    desk.sync()
    assert len(desk.rows("Imports")) == before
    assert desk.rows("Imports")[0]["rows"] == 4
    assert desk.leads()[two]["instantly_status"] == "bounced"
    assert desk.rows("Rejected") == rejected
    desk.now += 3600
    post.event("email_opened", first, "2026-08-14T12:00:00Z")
    desk.sync()
    assert len(desk.rows("Imports")) == before + 1
    assert desk.leads()[one]["instantly_status"] == "positive reply"


def test_a_worker_on_a_schedule_imports_replies_at_once_and_the_rest_once_a_minute(desk, post):
    (one, first), (two, second), *_ = with_address(desk)
    scheduled = {"now": False, "scheduled": True}
    post.event("email_sent", first, "2026-08-14T10:00:00Z")
    desk.sync(**scheduled)
    assert desk.leads()[one]["instantly_status"] == "contacted"
    post.event("email_sent", second, "2026-08-14T10:00:00Z")
    desk.now += 15
    assert desk.spent(lambda: desk.sync(**scheduled)) == {POLL: 1}
    assert post.states() == {"imported": 1, "waiting": 1}
    post.event("reply_received", first, "2026-08-14T10:05:00Z")
    desk.sync(**scheduled)
    assert post.states() == {"imported": 3}
    assert desk.leads()[two]["instantly_status"] == "contacted"


def test_what_cannot_be_read_is_refused_and_stops_nothing(desk, post):
    (one, first), *_ = with_address(desk)
    post.raw("email_sent", b"\xff no json")
    post.raw("leads", b"[1, 2]")
    post.raw("email_sent", b'"a text"')
    post.event("email_sent", first, "2026-08-14T10:00:00Z")
    desk.sync()
    assert desk.leads()[one]["instantly_status"] == "contacted"
    assert post.states() == {"imported": 1, "refused": 3}


def test_a_label_of_the_workspaces_own_is_listed_and_counts_once_it_is_answered(desk, post):
    (one, first), (two, second), *_ = with_address(desk)
    post.event("Llamar en otoño", first, "2026-08-14T10:00:00Z")
    desk.sync()
    row = next(row for row in desk.rows("Etiquetas") if row["etiqueta"] == "Llamar en otoño")
    assert row["instantly_status"] == ""
    print(row, desk.problems())
    assert any("La etiqueta no tiene significado" in text for text in desk.problems())
    place = [cells[2] for cells in desk.cells("Etiquetas")].index("Llamar en otoño") + 1
    desk.put("Etiquetas", f"D{place}", [["positive reply"]])
    desk.sync()
    assert post.states() == {"waiting": 1}
    desk.sync()
    assert desk.leads()[one]["instantly_status"] == "positive reply"
    assert post.states() == {"imported": 1}
    post.event("Llamar en otoño", second, "2026-08-14T11:00:00Z")
    desk.sync()
    assert desk.leads()[two]["instantly_status"] == "positive reply"
    assert not any("La etiqueta" in text for text in desk.problems())


def test_pages_of_listed_leads_are_read_and_an_erased_person_is_counted_not_kept(desk, post):
    (one, first), (two, second), *_ = with_address(desk)
    items = [
        {
            "id": "l1",
            "email": first,
            "campaign": "c-1",
            "status": 1,
            "timestamp_last_contact": "2026-08-14T10:00:00Z",
        },
        {
            "id": "l2",
            "email": second,
            "campaign": "c-1",
            "status": -2,
            "timestamp_updated": "2026-08-14T10:00:00Z",
        },
    ]
    post.raw("leads", orjson.dumps({"items": items}))
    desk.sync()
    assert desk.leads()[one]["instantly_status"] == "contacted"
    assert desk.leads()[two]["instantly_status"] == "unsubscribed"
    assert post.intake.counts() == [Count("instantly", "leads", "imported", 1)]


class GoneError(Exception):
    """The process dies here."""


def dying(desk, monkeypatch):
    """The next run dies once the workbook is written, before the deliveries are settled."""

    def dies(self, settled):
        raise GoneError

    monkeypatch.setattr(StoredIntake, "settle", dies)
    with pytest.raises(GoneError):
        desk.sync()
    monkeypatch.undo()


def test_a_run_that_dies_before_the_deliveries_are_settled_is_not_counted_twice(desk, post, monkeypatch):
    (_one, first), (_two, second), *_ = with_address(desk)
    post.event("email_sent", first, "2026-08-14T10:00:00Z")
    post.event("email_bounced", second, "2026-08-14T10:00:00Z")
    dying(desk, monkeypatch)
    assert post.states() == {"waiting": 2}
    before = desk.everything("Log", "Registro")
    desk.app = desk.worker()
    desk.sync()
    assert post.states() == {"imported": 2}
    assert desk.rows("Imports")[0]["rows"] == 2
    assert desk.everything("Log", "Registro")["Master"] == before["Master"]


def test_what_came_after_a_death_is_imported_with_what_waited(desk, post, monkeypatch):
    (one, first), (two, second), *_ = with_address(desk)
    post.event("email_sent", first, "2026-08-14T10:00:00Z")
    dying(desk, monkeypatch)
    post.event("email_bounced", second, "2026-08-14T10:00:00Z")
    desk.app = desk.worker()
    desk.sync()
    assert post.states() == {"imported": 2}
    assert (desk.leads()[one]["instantly_status"], desk.leads()[two]["instantly_status"]) == (
        "contacted",
        "bounced",
    )
    row = desk.rows("Imports")[0]
    assert row["rows"] == sum(row[name] for name in ("new", "updated", "unchanged", "duplicate", "rejected"))


def test_more_leads_than_one_write_takes_are_merged_slice_by_slice(desk, post):
    people = with_address(desk)
    for _, address in people:
        post.event("email_sent", address, "2026-08-14T10:00:00Z")
    for n in range(60):
        post.event("email_sent", f"other{n}@elsewhere.example", "2026-08-14T10:00:00Z")
    small = Budget(rows=7, leads=7)
    ports = replace(desk.app.context.ports(), budget=small)
    result = run_once(ports, desk.app.context.settings, RunRequest(now=True))
    assert len(result.plans) > 5
    assert post.states() == {"imported": len(people) + 60}
    row = desk.rows("Imports")[0]
    assert (row["rows"], row["updated"], row["rejected"]) == (len(people) + 60, len(people), 60)
    assert desk.leads()[people[-1][0]]["instantly_status"] == "contacted"


def test_an_address_of_several_leads_is_told_by_the_number_and_only_then(desk, post):
    (one, first), (two, _second), *_ = with_address(desk)
    post.event("email_sent", first, "2026-08-14T10:00:00Z", LeadNumber=two)
    desk.sync()
    assert desk.leads()[one]["instantly_status"] == "contacted"
    assert desk.leads()[two]["instantly_status"] == "sent"


def test_a_plan_shows_what_waits_and_settles_nothing(desk, post):
    (one, first), *_ = with_address(desk)
    post.event("email_sent", first, "2026-08-14T10:00:00Z")
    report = desk.sync(plan=True)
    assert "instantly" in str(report)
    assert post.states() == {"waiting": 1}
    assert desk.leads()[one]["instantly_status"] == "sent"


def test_a_store_that_is_away_stops_no_run(desk, post, monkeypatch):
    def away(self):
        raise Retryable("the store is away")

    monkeypatch.setattr(StoredIntake, "kinds_waiting", away)
    desk.sync()


def test_a_leads_story_is_kept_once_whoever_tells_it(desk, post):
    (one, first), *_ = with_address(desk)
    reply = {"reply_text": "Llámame mañana", "reply_subject": "Re: hola", "email_id": "mail-1"}
    post.event("email_sent", first, "2026-08-14T10:00:00Z")
    post.event("reply_received", first, "2026-08-14T10:05:00Z", **reply)
    post.event("reply_received", "nobody@elsewhere.example", "2026-08-14T10:05:00Z", **reply)
    mail = {
        "id": "mail-1",
        "lead": first,
        "campaign_id": "c-1",
        "ue_type": 2,
        "timestamp_email": "2026-08-14T10:05:01Z",
    }
    post.raw("mails", orjson.dumps({"items": [mail | {"body": {"text": "Llámame mañana\n\nAna"}}]}))
    desk.sync()
    story = post.intake.activities(one, most=10)
    assert [(part.kind, part.direction, part.text) for part in story] == [
        ("replied", "in", "Llámame mañana"),
        ("accepted", "out", ""),
    ]
    assert [row["LeadNumber"] for row in desk.rows("Conversaciones")] == [one]
    report = desk.app.lead_show(first, most=5).as_json()
    assert report["lead"]["LeadNumber"] == one
    assert report["lead"]["instantly_status"] == "contacted"
    assert [part["kind"] for part in report["rows"]] == ["replied", "accepted"]
    assert desk.app.lead_show(str(one), most=1).as_json()["rows"][0]["text"] == "Llámame mañana"
    desk.app.forget(str(one))
    assert post.intake.activities(one, most=10) == []
    assert desk.rows("Conversaciones") == []
    assert not any("Llámame" in str(cells) for cells in desk.everything().values())


def conversations(desk):
    return [
        {name: row[name] for name in ("LeadNumber", "estado", "sin leer", "clase sugerida", "último mensaje")}
        for row in desk.rows("Conversaciones")
    ]


def test_a_reply_opens_a_conversation_and_the_inbox_tells_it_a_second_time(desk, post):
    (one, first), (_two, second), *_ = with_address(desk)
    post.event("email_sent", second, "2026-08-14T10:00:00Z")
    post.event("reply_received", first, "2026-08-14T10:05:00Z", reply_text="¿Cuánto cuesta?", email_id="m1")
    desk.sync()
    cells = [str(cell) for row in desk.stored("Dashboard")[:36] for cell in row]
    assert "1 respuesta espera a que contestes" in cells
    shown = {"LeadNumber": one, "estado": "nos toca", "sin leer": 1, "clase sugerida": "pregunta"}
    assert conversations(desk) == [{**shown, "último mensaje": "¿Cuánto cuesta?"}]
    mail = {"lead": first, "campaign_id": "c-1"}
    items = [
        {
            **mail,
            "id": "m1",
            "ue_type": 2,
            "timestamp_email": "2026-08-14T10:05:20Z",
            "body": {"text": "¿Cuánto cuesta?"},
        },
        {**mail, "id": "m2", "ue_type": 3, "timestamp_email": "2026-08-14T11:00:00Z", "body": {"text": "Diez."}},
    ]
    post.raw("mails", orjson.dumps({"items": items}))
    desk.sync()
    (row,) = conversations(desk)
    assert (row["estado"], row["sin leer"]) == ("esperamos respuesta", 0)
    post.event("reply_received", first, "2026-08-14T12:00:00Z", reply_text="Vale, hablemos", email_id="m3")
    desk.sync()
    (row,) = conversations(desk)
    assert (row["estado"], row["sin leer"], row["último mensaje"]) == ("nos toca", 1, "Vale, hablemos")
    assert desk.rows("Conversaciones")[0]["anteriores"] == "¿Cuánto cuesta?"


def test_operators_class_snooze_close_and_cannot_send_yet(desk, post):
    (one, first), *_ = with_address(desk)
    post.event("reply_received", first, "2026-08-14T10:05:00Z", reply_text="Vale", email_id="m1")
    desk.sync()
    header = desk.cells("Conversaciones")[0]

    def put(name, value):
        column = chr(ord("A") + header.index(name))
        desk.put("Conversaciones", f"{column}2", [[value]])
        desk.sync()
        return desk.rows("Conversaciones")[0]

    assert put("clase", "positiva")["problema"] == ""
    assert desk.leads()[one]["instantly_status"] == "positive reply"
    row = put("enviar", True)
    assert row["enviar"] is False
    assert row["problema"].startswith("La respuesta no se ha enviado")
    assert put("posponer hasta", "31/12/2035")["estado"] == "pospuesta"
    assert put("posponer hasta", "01/01/2020")["estado"] == "nos toca"
    row = put("cerrar", True)
    assert (row["estado"], row["cerrar"]) == ("cerrada", False)
    post.event("reply_received", first, "2026-08-15T10:05:00Z", reply_text="Otra cosa", email_id="m2")
    desk.sync()
    assert desk.rows("Conversaciones")[0]["estado"] == "nos toca"


def test_who_unsubscribed_or_bounced_goes_on_do_not_contact_once_and_not_behind_a_lift(desk, post):
    (_, first), (_, second), *_ = with_address(desk)
    post.event("lead_unsubscribed", first, "2026-05-27T10:00:00Z")
    post.event("email_bounced", second, "2026-05-27T11:00:00Z")
    post.event("email_bounced", "nobody@elsewhere.example", "2026-05-27T11:00:00Z")
    desk.sync()

    def listed():
        return [row[2:4] + row[6:8] for row in desk.stored("No contactar")[1:] if row[0]]

    rows = listed()
    assert sorted((entry, reason, source) for entry, reason, source, _ in rows) == sorted(
        [
            (first, "unsubscribed", "instantly: unsubscribed"),
            (second, "bounced", "instantly: bounced"),
            ("nobody@elsewhere.example", "bounced", "instantly: bounced"),
        ]
    )
    assert {entry: since for entry, _, _, since in rows}[first] == pytest.approx(46_169.5, abs=0.001), "in Madrid"
    place = next(n for n, row in enumerate(desk.stored("No contactar"), start=1) if first in row)
    desk.put("No contactar", f"E{place}:F{place}", [[True, "asked us to write again"]])
    desk.sync()
    desk.now += 120
    post.event("lead_unsubscribed", first, "2026-05-27T10:30:00Z")
    desk.sync()
    assert len(listed()) == 3
    post.event("lead_unsubscribed", first, dt.datetime.fromtimestamp(desk.now + 60, tz=dt.UTC).isoformat())
    desk.sync()
    assert [entry for entry, *_ in listed()].count(first) == 2


def test_a_new_tab_of_labels_has_the_usual_ones_as_seen(desk):
    rows = desk.rows("Etiquetas")
    assert (rows[0]["etiqueta"], rows[0]["instantly_status"], rows[0]["clase"]) == (
        "Interested",
        "positive reply",
        "positiva",
    )
    assert len(rows) == 10
    assert desk.sync()["idle"] is True
    assert desk.rows("Etiquetas") == rows
