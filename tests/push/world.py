"""A workbook as a value that runs decide on, stores in files, and a stand-in of Instantly: whose pushes a test disturbs.

What a run does is the product's own decision; nothing of it goes over HTTP, so a pass takes a moment.
"""

from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from functools import cache

from snapshots import Workbook, decided

from sheets_crm import bootstrap
from sheets_crm.bootstrap.pushing import Campaigns, Pushing
from sheets_crm.claims.adopt import adopt
from sheets_crm.claims.drip import drip
from sheets_crm.claims.effects import play
from sheets_crm.config import Settings
from sheets_crm.engine.commands import Origin
from sheets_crm.engine.features import Features
from sheets_crm.features.batches import ActOnBatch
from sheets_crm.features.inputs import SendLeads
from sheets_crm.instantly.client import Client
from sheets_crm.instantly.limits import Limits
from sheets_crm.instantly.service import Service
from sheets_crm.operations.pushing import PushWorkbook
from sheets_crm.pipeline.leads import put
from sheets_crm.workbook.control import CAMPAIGN
from sheets_crm.workbook.panel import VALUE

START = 1_780_000_000.0
LEADS = 4
NUMBERS = tuple(range(1, LEADS + 1))
THERE, BLOCKED = "p3@cliente.cl", "p4@cliente.cl"
"""Who stands in the campaign before, and who is on Instantly's block list."""


OTHERS = {
    "conversations",
    "labels",
    "instantly_events",
    "alerts",
    "notices",
    "alerts_on_control",
    "history",
    "dashboard",
    "storage",
}
"""Features that have nothing to do with it."""


@cache
def run_settings():
    """Of runs that push, with the step alone: others would only take time."""
    given = {"modules": ["instantly"], "instantly": {"push": True}, "pipeline": ["instantly"]}
    run = bootstrap.run_settings(Settings(spreadsheet_id="book", language="en", **given), "robot@one.example")
    features = (feature for feature in run.features if feature.name not in OTHERS)
    return replace(run, features=Features(tuple(features)))


@cache
def snapshot_of(*, sent):
    """Leads that are ready, or were sent as one batch."""
    made = Workbook()
    made.settings = run_settings()
    made.schema = made.settings.schema
    for number in range(1, LEADS + 1):
        made.lead(number, email=f"p{number}@cliente.cl", firstName=f"P{number}", subject="s", body_1="b")
    ready = decided(made.control(CAMPAIGN, "campaign a").snapshot(), made.settings).next
    return (
        decided(ready, made.settings, commands=[SendLeads("instantly", NUMBERS, origin=Origin.TICK)]).next
        if sent
        else ready
    )


class Book:
    """A workbook in which leads were sent to Instantly; runs make one decision for each command."""

    def __init__(self, *, sent=True):
        self.settings = run_settings()
        self.snapshot = snapshot_of(sent=sent)
        self.faults = []
        self.late = []

    def copy(self, spreadsheet_id):
        """The same workbook as another file."""
        other = Book.__new__(Book)
        info = replace(self.snapshot.info, spreadsheet_id=spreadsheet_id)
        other.settings, other.snapshot, other.faults, other.late = (
            self.settings,
            replace(self.snapshot, info=info),
            [],
            [],
        )
        return other

    def run(self, *commands):
        self.snapshot = decided(self.snapshot, self.settings, commands=commands).next

    def obey(self, command):
        """A run for a command; it is lost, late, or goes through unnoticed as the next fault says."""
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "late":
            self.late.append(command)
        elif fault != "lost":
            self.run(command)
        return not fault

    def arrive(self):
        """Commands that waited are obeyed by a run of now."""
        waiting, self.late = self.late, []
        for command in waiting:
            self.run(command)

    def send(self, *numbers):
        self.run(SendLeads("instantly", numbers or NUMBERS, origin=Origin.TICK))

    def undo(self, batch):
        self.run(ActOnBatch(batch, "undo"))

    def name_campaign(self, text):
        cells = [list(row) for row in self.snapshot.panel.cells]
        cells[self.snapshot.panel.rows[CAMPAIGN]][VALUE] = text
        self.snapshot = replace(self.snapshot, panel=replace(self.snapshot.panel, cells=cells))

    def come_back(self, *numbers):
        """A pasted output completes leads."""
        done = {"instantly_step_status": "completed", "instantly_status": "contacted"}
        self.snapshot = replace(self.snapshot, leads=put(self.snapshot.leads, numbers, done))

    def column(self, name):
        return {int(number): cell for number, cell in self.snapshot.leads[name].items()}

    def words(self):
        return {number: str(cell).partition(" ")[0] for number, cell in self.column("instantly_push").items()}


class World:
    """One workbook, the stores that meet it, Instantly, and a clock that moves where somebody waits."""

    def __init__(self, api, stand_ins, files, *, sent=True):
        self.api, self.stand_ins, self.files = api, stand_ins, files
        api.control("POST", "reset")
        api.settings(visible_after=0, applied_after=0, limits=False)
        self.a, self.b = api.campaign("Campaign A"), api.campaign("Campaign B")
        api.add(self.a, THERE)
        api.ok("POST", "block-lists-entries", {"bl_value": BLOCKED})
        self.time = START
        self.book = Book(sent=sent)
        self.stores = {"store-1": files("store-1")}
        self.stopped = frozenset()
        self.judged = set()

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.time += seconds

    def client(self):
        limits = Limits(clock=self.now, sleep=self.sleep)
        given = {"limits": limits, "clock": self.now, "sleep": self.sleep, "jitter": lambda: 0.0}
        return Client(Service(self.stand_ins.api_key, self.stand_ins.url, **given))

    def ports(self, store=None, book=None):
        store, book, client = store or self.store, book or self.book, self.client()
        pushing = Pushing(
            lambda: nullcontext(client), store.store, "book", self.now, self.sleep, lambda: self.stopped
        )
        return pushing.ports(client, PushWorkbook(book.obey, store, Campaigns(client).of))

    @property
    def store(self):
        return next(iter(self.stores.values()))

    def new_store(self, name):
        self.stores = {name: self.files(name)}
        return self.store

    def drip(self, store=None, book=None):
        report = play(drip(self.ports(store, book)))
        self.judged.add(report.judgement)
        return report

    def adopt(self, store=None, book=None):
        return play(adopt(self.ports(store, book), f"adopted-{self.time}"))

    def added(self):
        """How often each address was added by a push, to whatever campaign."""
        listed = [lead for campaign in (self.a, self.b) for lead in self.api.listed(campaign=campaign["id"])]
        return Counter(lead["email"] for lead in listed if "sc_key" in lead["payload"])
