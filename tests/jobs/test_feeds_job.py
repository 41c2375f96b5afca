"""The job ``feeds``: each feed in turn, into the store, and then a run of the workbook."""

import time

import orjson
import pytest
from stand_in_client import Client as StandInClient

from jobs import feeds_job
from jobs.context import JobContext
from jobs.registry import JOBS, switched_on, trigger_of
from jobs.triggers import Every
from sheets_crm import scheduling
from sheets_crm.bootstrap.fetchers import fetchers_of
from sheets_crm.config import Settings
from sheets_crm.errors import CredentialsError, Retryable
from sheets_crm.job_memory import leases_and_records
from sheets_crm.stand_ins.server import StandIns
from sheets_crm.store.access import Store
from sheets_crm.store.feed_cursors import StoredCursors
from sheets_crm.store.stored_intake import StoredIntake


class Fetched:
    """A feed that notes its turns."""

    def __init__(self, noted, name, failure=None):
        self.noted, self.name, self.failure = noted, name, failure

    def fetch(self, check):
        check()
        self.noted.append(self.name)
        if self.failure:
            raise self.failure


def context(tmp_path, *feeds, **more):
    return JobContext(None, tmp_path, fetchers=lambda: feeds, **more)


def test_a_feed_that_fails_keeps_no_other_from_its_turn_and_the_job_fails(tmp_path):
    noted = []
    first = Fetched(noted, "first", Retryable("no answer"))
    with pytest.raises(Retryable, match="no answer"):
        feeds_job.run(context(tmp_path, first, Fetched(noted, "second")))
    assert noted == ["first", "second"]


def test_a_stop_ends_it(tmp_path):
    def stop():
        raise SystemExit

    noted = []
    with pytest.raises(SystemExit):
        feeds_job.run(context(tmp_path, Fetched(noted, "first"), check=stop))
    assert noted == []


def test_it_is_the_module_s_every_ten_minutes():
    assert "feeds" not in [job.name for job in switched_on([])]
    (job,) = (job for job in switched_on(["instantly"]) if job.name == "feeds")
    assert trigger_of(job, {}, 15) == Every(600)
    assert job in JOBS


@pytest.fixture
def stand_ins():
    with StandIns() as found:
        StandInClient(found).settings(visible_after=0, applied_after=0, limits=False)
        yield found


def settings_of(stand_ins, tmp_path, **changes):
    given = {"endpoint": stand_ins.url, "api_key": stand_ins.api_key} | changes
    return Settings(
        spreadsheet_id="book",
        state_dir=tmp_path / "state",
        database=f"sqlite:///{tmp_path}/state/crm.db",
        modules=["instantly"],
        instantly=given,
    )


def fetched(asked):
    """What a turn with these settings has stored of leads."""
    store = Store(asked.store_address, asked.state_dir)
    feed, *others = fetchers_of(asked, store, clock=time.time, sleep=time.sleep)
    assert others == []
    feed.fetch(lambda: None)
    pages = StoredIntake(store, "book").page(rows=1_000, size=10**9)
    return store, [
        item["email"]
        for each in pages
        if each.delivery.kind == "leads"
        for item in orjson.loads(each.delivery.body)["items"]
    ]


@pytest.mark.long
def test_the_settings_say_which_campaigns_and_the_store_how_far_it_got(stand_ins, tmp_path):
    api = StandInClient(stand_ins)
    one, two = api.campaign("one"), api.campaign("two")
    api.add(one, "a@c.cl")
    api.add(two, "b@c.cl")
    store, addresses = fetched(settings_of(stand_ins, tmp_path, campaigns=[two["id"]]))
    assert addresses == ["b@c.cl"]
    saved = StoredCursors(store, "book", "instantly").load()
    assert set(saved) == {"missed", "labels", "mails", f"leads {two['id']}"}
    assert fetched(settings_of(stand_ins, tmp_path))[1] == ["b@c.cl", "a@c.cl"]


def test_a_key_that_is_missing_is_said(stand_ins, tmp_path):
    with pytest.raises(CredentialsError, match="not set"):
        fetched(settings_of(stand_ins, tmp_path, api_key=""))


def test_without_the_module_there_is_no_feed(tmp_path):
    asked = Settings(spreadsheet_id="book", state_dir=tmp_path)
    assert fetchers_of(asked, None, clock=time.time, sleep=time.sleep) == ()


@pytest.mark.long
def test_once_from_the_command_line_it_ends_with_a_run_that_imports_what_it_fetched(open_desk, stand_ins):
    desk = open_desk("contacted")
    given = settings_of(stand_ins, desk.directory)
    asked = desk.settings.model_copy(update={"modules": given.modules, "instantly": given.instantly})
    desk.settings = asked
    desk.worker().init(adopt=False)
    number, address = next(
        (n, lead["email"]) for n, lead in desk.leads().items() if lead["instantly_sent"] is True
    )
    api = StandInClient(stand_ins)
    campaign = api.campaign()
    api.add(campaign, address)
    api.happens("send", campaign=campaign["id"])
    api.happens("interest", address, value=1)
    scheduling.run_job(asked, "feeds")
    assert desk.leads()[number]["instantly_status"] == "positive reply"
    store = Store(asked.store_address, asked.state_dir)
    assert {(count.kind, count.state) for count in StoredIntake(store, desk.sheet_id).counts()} == {
        ("labels", "imported"),
        ("leads", "imported"),
    }
    record = leases_and_records(store, asked.state_dir)[1].load(f"feeds {desk.sheet_id}")
    assert record.error == ""
    assert record.ran_at > 0
