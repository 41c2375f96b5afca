"""A run that imports events dies at each of its boundaries: the next one ends in the workbook of an undisturbed one."""

import datetime as dt
import random

import orjson
import pytest

from sheets_crm.config import Settings
from sheets_crm.engine.intake import Delivery
from sheets_crm.google.gateway import SheetsGateway
from sheets_crm.store.access import Store
from sheets_crm.store.stored_intake import StoredIntake

pytestmark = pytest.mark.long

MASTER = ("LeadNumber", "instantly_status", "instantly_status_at", "instantly_step_status", "instantly_sent")


class KilledError(BaseException):
    """The process dies here; nothing catches it."""


class Boundaries:
    """Counts what leaves the process, and kills it before or after the nth."""

    def __init__(self, monkeypatch, deadly=0):
        self.count, self.deadly = 0, deadly
        for owner, name in ((Store, "write"), (SheetsGateway, "apply")):
            monkeypatch.setattr(owner, name, self.around(getattr(owner, name)))

    def around(self, method):
        def crossed(*given, **options):
            self.cross()
            answer = method(*given, **options)
            self.cross()
            return answer

        return crossed

    def cross(self):
        self.count += 1
        if self.count == self.deadly:
            raise KilledError


def switched_on(desk):
    desk.settings = Settings(**{**desk.settings.model_dump(), "modules": ["instantly"]})
    desk.app = desk.worker()
    desk.init()


@pytest.fixture
def make_desk(open_desk):
    def make(seed):
        desk = open_desk("contacted")
        switched_on(desk)
        people = [lead["email"] for lead in desk.leads().values() if lead["instantly_sent"] is True]
        events = [
            {
                "event_type": kind,
                "timestamp": f"2026-08-14T{hour}:00:00Z",
                "lead_email": address,
                "campaign_id": "c",
            }
            for hour, kind in enumerate(
                ("email_sent", "email_opened", "reply_received", "lead_interested"), start=10
            )
            for address in people[hour % 2 :: 2]
        ]
        posts = [*events, *events[::3]]  # a third of them a second time, under another key
        random.Random(seed).shuffle(posts)
        moment = dt.datetime.fromtimestamp(desk.now, tz=dt.UTC)
        intake = StoredIntake(desk.app.store, desk.settings.spreadsheet_id)
        intake.add(
            [
                Delivery("instantly", event["event_type"], moment, orjson.dumps(event), f"key {place}")
                for place, event in enumerate(posts)
            ]
        )
        return desk

    return make


def end_of(desk):
    desk.sync()
    leads = [[row[name] for name in MASTER] for row in desk.rows("Master")]
    words = ("LeadNumber", "estado", "sin leer", "último mensaje")
    talks = sorted(str([row[name] for name in words]) for row in desk.rows("Conversaciones"))
    counts = ("source", "rows", "updated", "unchanged", "rejected")
    imports = [[row[name] for name in counts] for row in desk.rows("Imports") if row["source"] == "instantly"]
    intake = StoredIntake(desk.app.store, desk.settings.spreadsheet_id)
    stories = [
        [(part.kind, part.at) for part in intake.activities(lead, most=50)] for lead in sorted(desk.leads())
    ]
    return leads, talks, imports, {count.state for count in intake.counts()}, stories


def test_the_next_run_ends_in_the_same_workbook_wherever_it_died(make_desk):
    with pytest.MonkeyPatch.context() as patch:
        desk = make_desk(0)
        counted = Boundaries(patch)
        undisturbed = end_of(desk)
    assert undisturbed[3] == {"imported"}
    assert len(undisturbed[2]) == 1
    assert counted.count > 6
    for deadly in range(1, counted.count + 1):
        desk = make_desk(deadly)
        with pytest.MonkeyPatch.context() as patch:
            Boundaries(patch, deadly)
            with pytest.raises(KilledError):
                desk.sync()
        desk.app = desk.worker()
        assert end_of(desk) == undisturbed, f"died at boundary {deadly}"
