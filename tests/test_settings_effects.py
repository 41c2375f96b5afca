"""Every setting has its effect: one test for each, which fails when the setting is cut off from what it changes.

They begin with the settings themselves, not with what a run is given of them, so that the way from one to the other is
proven too. What shows at the wire only is played over HTTP.
"""

import itertools
import sys
from types import SimpleNamespace

import pytest
from snapshots import TODAY, Workbook

from jobs import registry
from jobs.triggers import At, Every
from sheets_crm import bootstrap, scheduling
from sheets_crm.bootstrap import instantly
from sheets_crm.bootstrap import webhooks as receiving
from sheets_crm.config import Settings
from sheets_crm.config_steps import CustomStep
from sheets_crm.engine.applying import PLAN_SECONDS
from sheets_crm.engine.features import Feature
from sheets_crm.engine.poll import PollResult, poll_workbook
from sheets_crm.engine.preflight import heartbeat, reconcile_due
from sheets_crm.engine.session import RunPorts, RunRequest, Session
from sheets_crm.errors import AccessError, CredentialsError, RefusedPlan
from sheets_crm.features.modules import MODULES, Entry, Module
from sheets_crm.pipeline.columns import Column
from sheets_crm.plan.plan import LeadChange
from sheets_crm.stand_ins.server import StandIns
from sheets_crm.workbook import system
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.setup.layout import Existing, Setup
from sheets_crm.workbook.setup.plan import plan_setup

EFFECTS = {}
CALL = {
    "name": "call",
    "title": "Call",
    "letter": "L",
    "columns": ("firstName", "phone"),
    "brings": ("call_result",),
    "ready_when": {"validation_success": True},
}
BOX1 = ["LeadNumber", "box1_result", "prompt1_output", "prompt2_output"]


def effect_of(*names):
    """Notes which settings a test proves."""

    def note(test):
        EFFECTS.update(dict.fromkeys(names, test))
        return test

    return note


def run_settings(**values):
    return bootstrap.run_settings(Settings(spreadsheet_id="book", **values), "robot@one.example")


def book(**values):
    """A workbook whose runs have these settings."""
    made = Workbook()
    made.settings = run_settings(**{"language": "en"} | values)
    made.schema = made.settings.schema
    return made


def test_every_setting_has_a_test_of_its_effect():
    assert set(EFFECTS) == set(Settings.model_fields)


# -- of the whole


@effect_of("modules")
def test_modules_add_their_tabs_and_columns(monkeypatch):
    module = Module((Feature("m", tables=lambda *_: [TabSpec("m", "M")]),), (Column("of_m"),))
    monkeypatch.setitem(MODULES, "m", Entry("test_settings_effects:MODULE"))
    monkeypatch.setattr(sys.modules[__name__], "MODULE", module, raising=False)
    run = bootstrap.run_settings(Settings(modules=["m"]), "robot@one.example")
    assert run.schema.names[-1] == "of_m"
    assert [spec.key for spec in run.specs({}) if spec.module] == ["m"]


# -- of a decision


@effect_of("language")
@pytest.mark.parametrize(("language", "yes"), [("es", "sí"), ("en", "yes")])
def test_language_is_the_workbooks(language, yes):
    outcome = book(language=language).lead(1).tick("verification", 1).decide(words=True)
    assert outcome.row("batches", "V-0001")["shown"] == yes


@effect_of("stale_days")
@pytest.mark.parametrize("days", [3, 30])
def test_stale_days_is_the_age_at_which_a_batch_is_marked(days):
    (row,) = book(stale_days=days).lead(1).tick("verification", 1).decide().appended("batches")
    assert f"$G{{row}}>={days})" in row["stale"].text


@pytest.mark.long
@effect_of("lead_days")
def test_lead_days_count_until_there_is_a_sample():
    def next_export(days):
        stock = book(lead_days=days).boxed(*range(1, 61)).stored("last_day", TODAY - 1).decide()
        assert stock.stored("lead_days") == days
        return stock.row("history", TODAY)["next_export_by"]

    assert next_export(1) - next_export(5) == 4


@pytest.mark.long
@effect_of("prompts")
@pytest.mark.parametrize(("prompts", "second"), [(1, None), (2, "b")])
def test_prompts_are_the_columns_that_box1_fills(prompts, second):
    outcome = book(prompts=prompts).scraped(1).sent("box1", 1).pending(BOX1, ["1", "HIT", "a", "b"]).decide()
    assert outcome.lead(1)["prompt1_output"] == "a"
    assert outcome.lead(1).get("prompt2_output") == second


@effect_of("extra_columns")
def test_extra_columns_are_of_the_master_and_of_the_input_tab():
    outcome = (
        book(extra_columns={"verification": ["region", "email"]})
        .lead(1, region="north")
        .order("verification")
        .decide()
    )
    (row,) = outcome.appended("input.verification")
    assert (row["region"], row["email"]) == ("north", "")
    assert "region" not in book().schema.names


@pytest.mark.long
@effect_of("pipeline")
def test_a_step_that_is_not_in_the_pipeline_asks_for_nothing():
    def sent(**values):
        return book(**values).verified(1).tick("box1", 1).decide().lead(1)["box1_batch"]

    assert (sent(), sent(pipeline=["verification", "box1"])) == ("", "B-0001")


@effect_of("steps")
def test_steps_of_ones_own_are_sent_and_answered():
    outcome = book(steps=[CustomStep(**CALL)]).verified(1).tick("call", 1)
    outcome = outcome.pending(["LeadNumber", "call_result"], ["1", "yes"]).decide()
    lead = outcome.lead(1)
    assert (lead["call_batch"], lead["call_status"], lead["call_result"]) == ("L-0001", "completed", "yes")


# -- of a set-up


@pytest.mark.long
@effect_of("parts")
def test_parts_are_the_batch_tabs_of_a_new_workbook(open_desk):
    desk = open_desk("initialised", parts={"company_scrap": 3})
    assert "CompScrap Batch 3" not in desk.titles()
    desk.init()
    assert [title for title in desk.titles() if title.startswith("CompScrap Batch")] == [
        "CompScrap Batch",
        "CompScrap Batch 2",
        "CompScrap Batch 3",
    ]


# -- of a run, with a gateway that only answers polls


class Answering:
    """A gateway that answers each range with the same cells, and notes what it is asked."""

    def __init__(self, *rows):
        self.rows, self.asked, self.written = list(rows), [], []

    def values(self, ranges):
        self.asked.append(list(ranges))
        return [self.rows for _ in ranges]

    def apply(self, requests, **options):
        self.written.append(requests)
        return SimpleNamespace(sequence=options["sequence"] + 1, read_back=[[["heartbeat"]]])


def session(tmp_path, now, remembered, **values):
    run = run_settings(state_dir=tmp_path, **values)
    ports = RunPorts(Answering(), lambda: now, lambda _seconds: None, itertools.count(1), "run-1", None)
    made = Session.of(ports, run, RunRequest())
    made.remembered |= remembered
    return made


@effect_of("full_reconcile_minutes")
@pytest.mark.parametrize(("minutes", "due"), [(5, True), (30, False)])
def test_everything_is_read_again_after_so_many_minutes(tmp_path, minutes, due):
    begun = session(tmp_path, 1_000_000 + 600, {"whole_at": 1_000_000.0}, full_reconcile_minutes=minutes)
    assert reconcile_due(begun) is due


@effect_of("heartbeat_minutes")
@pytest.mark.parametrize(("minutes", "due"), [(5, True), (30, False)])
def test_a_sign_of_life_is_given_after_so_many_minutes(tmp_path, minutes, due):
    clock = 1_780_000_000.0
    serial = (clock - 600) / 86_400 + 25_569  # ten minutes ago, in UTC
    places = {
        "beat_at": clock - 600,
        "time_zone": "UTC",
        "system_tab": 2,
        "control_tab": 1,
        "control_title": "Control",
    }
    begun = session(tmp_path, clock, places, heartbeat_minutes=minutes)
    poll_workbook(begun)
    assert len(begun.ports.gateway.asked[0]) == (3 if due else 2)
    cells = dict.fromkeys(begun.settings.system.keys, "") | {"sequence": 7, "heartbeat": serial}
    seen = PollResult(system.SystemState(cells), (), [["", "", "", "", "", "", "", "heartbeat"]])
    heartbeat(begun, seen)
    assert bool(begun.ports.gateway.written) is due


@effect_of("state_dir")
def test_what_is_remembered_is_kept_in_the_state_folder(tmp_path):
    session(tmp_path / "kept", 0, {}).save_facts(sequence=4)
    assert list((tmp_path / "kept").iterdir())
    assert Session.of(
        session(tmp_path, 0, {}).ports, run_settings(state_dir=tmp_path / "kept"), RunRequest()
    ).remembered


@effect_of("database")
def test_the_change_journal_is_kept_in_the_database(open_desk, tmp_path):
    desk = open_desk("imported")
    desk.settings = desk.settings.model_copy(update={"database": f"sqlite:///{tmp_path / 'other.db'}"})
    app = bootstrap.application(desk.settings)
    app.context.journal.note("2026-05-28T10:00:00+00:00", "run", 1, [LeadChange(1, "notes", "", "x", "r")])
    assert (tmp_path / "other.db").stat().st_mode & 0o777 == 0o600
    assert [entry["new"] for entry in app.context.journal.entries()] == ["x"]


# -- at the wire


@pytest.mark.long
@effect_of("settle_seconds")
def test_ticks_and_pastes_have_to_stand_for_the_settling_time(open_desk):
    desk = open_desk("sent", settle_seconds=33)
    desk.paste(*_verdicts(desk))
    desk.sync(now=False)
    assert desk.slept == [33, 33]  # the signals, then the pasted cells


@pytest.mark.long
@effect_of("settle_seconds")
def test_a_long_settling_time_makes_no_plan_too_old(open_desk):
    """A block that stays in Inbox is waited for in every run: its plan is old by that, and is applied all the same."""
    desk = open_desk("imported", settle_seconds=PLAN_SECONDS + 10)
    desk.paste(["foo", "bar"], [["1", "2"]])
    desk.tick("Verification Input", 2)
    desk.sync(now=False)
    assert sum(bool(lead["verification_sent"]) for lead in desk.leads().values()) == 2


def _verdicts(desk):
    first = desk.batch("Verification")[1][0][0]
    return ["LeadNumber", "email", "email_status"], [[first, "a@one.example", "valid"]]


@pytest.mark.long
@effect_of("max_change_share")
def test_a_larger_share_changed_by_hand_is_refused(open_desk):
    def changed(share):
        desk = open_desk("imported", max_change_share=share)
        desk.app.context.run(RunRequest(now=True, whole=True))
        column = desk.cells("Master")[0].index("personTitle")
        desk.put("Master", f"{chr(ord('A') + column)}2", [["all alike"]] * 12, who="owner")
        desk.app.context.run(RunRequest(now=True, whole=True))
        return desk

    assert changed(0.9).problems()
    with pytest.raises(RefusedPlan):
        changed(0.1)


@pytest.mark.long
@effect_of("spreadsheet_id")
def test_the_workbook_is_the_one_of_the_settings(open_desk):
    desk = open_desk()
    desk.settings = desk.settings.model_copy(update={"spreadsheet_id": "nobodys"})
    with pytest.raises(AccessError):
        desk.worker("other").context.gateway.info()


@effect_of("endpoint")
def test_requests_go_to_the_endpoint(open_desk):
    desk = open_desk()
    before = sum(desk.requests_made().values())
    desk.worker("other").context.gateway.info()
    assert sum(desk.requests_made().values()) > before


@effect_of("credentials")
def test_the_account_is_that_of_the_credentials(open_desk, tmp_path):
    desk = open_desk()
    assert "service" in desk.app.context.settings.account or "@" in desk.app.context.settings.account
    desk.settings = desk.settings.model_copy(update={"credentials": tmp_path / "none.json"})
    with pytest.raises(CredentialsError):
        desk.worker("other")


class WaitedError(Exception):
    """The quota was waited for."""


@pytest.mark.long
@pytest.mark.parametrize(
    ("setting", "ask"),
    [
        ("reads_per_minute", lambda gateway: gateway.info()),
        ("writes_per_minute", lambda gateway: gateway.apply([], sequence=gateway.info().sequence, token="t")),
    ],
)
@effect_of("reads_per_minute", "writes_per_minute")
def test_requests_over_the_quota_wait(open_desk, setting, ask):
    def waited(_seconds):
        raise WaitedError

    desk = open_desk()
    app = bootstrap.application(desk.settings.model_copy(update={setting: 3}), sleep=waited)
    for _ in range(2):
        ask(app.context.gateway)
    with pytest.raises(WaitedError):
        [ask(app.context.gateway) for _ in range(2)]
    free = bootstrap.application(desk.settings, sleep=waited)
    for _ in range(4):
        ask(free.context.gateway)


@pytest.fixture
def tasks(monkeypatch):
    """The tasks that a worker is made with, by name; it runs none."""
    noted = {}

    class Noting:
        def __init__(self, _ports):
            """Keep nothing."""

        def add(self, task):
            """Note the tasks of workbooks."""
            if task.alone:
                noted[task.name] = task

        def health(self):
            """No task has run."""
            return {}

        def run(self):
            """Run nothing."""

    monkeypatch.setattr(scheduling, "Worker", Noting)
    return noted


@effect_of("interval_seconds")
def test_a_run_begins_so_many_seconds_after_the_one_before(open_desk, tasks):
    scheduling.run_worker(open_desk().settings.model_copy(update={"interval_seconds": 77}))
    assert tasks["sync"].trigger == Every(77)


@effect_of("jobs")
def test_a_job_runs_when_the_settings_say(open_desk, tasks, monkeypatch):
    other = registry.Job("other", "03:00", "jobs.sync_job:run")
    monkeypatch.setattr(registry, "JOBS", (*registry.JOBS, other))
    desk = open_desk("imported")
    scheduling.run_worker(desk.settings)
    assert tasks["other"].trigger == At(3, 0)
    scheduling.run_worker(desk.settings.model_copy(update={"jobs": {"other": "mon 07:00"}}))
    assert tasks["other"].trigger == At(7, 0, 0)
    assert tasks["other"].zone() == "Europe/Madrid"
    del tasks["other"]
    scheduling.run_worker(desk.settings.model_copy(update={"jobs": {"other": "off"}}))
    assert set(tasks) == {"sync"}


@pytest.mark.long
def test_control_says_how_often_is_looked():
    run = run_settings(interval_seconds=7_777)
    setup = Setup(run.schema, run.language, {}, run.account, run.interval_seconds, run.specs({}))
    info = SimpleNamespace(
        tabs=(),
        named_ranges=(),
        spreadsheet_id="b",
        locale="es_ES",
        time_zone="UTC",
        stamps=(),
        other_metadata=(),
        cells=0,
    )
    assert "7777" in str(plan_setup(Existing(info, {}), setup, itertools.count(1)).requests)


@pytest.mark.long
@effect_of("workbooks")
def test_each_workbook_has_a_task_of_its_own(open_desk, tasks):
    desk = open_desk()
    several = Settings(
        **desk.settings.model_dump(exclude={"workbooks", "spreadsheet_id"}),
        workbooks=[
            {"name": "north", "spreadsheet_id": desk.sheet_id},
            {"name": "south", "spreadsheet_id": "b" * 30},
        ],
    )
    scheduling.run_worker(several)
    assert set(tasks) == {"north", "south"}
    tasks["north"].run()
    with pytest.raises(AccessError):
        tasks["south"].run()


@effect_of("webhooks")
def test_the_addresses_that_sources_post_to_begin_as_they_are_told(tmp_path, monkeypatch):
    secret = tmp_path / "token"
    secret.write_bytes(b"x" * 32)
    secret.chmod(0o600)
    monkeypatch.setitem(MODULES, "instantly", Entry("tests.receiver.receiving_module:MODULE"))
    where = {"host": "localhost", "port": 8_765, "token_file": secret}
    asked = Settings(spreadsheet_id="book", modules=["instantly"], webhooks=where)
    (row,) = receiving.urls(asked, host=None, port=None).json["rows"]
    assert row["address"].startswith("http://localhost:8765/webhooks/instantly/")


@pytest.mark.long
@effect_of("instantly")
def test_instantly_is_asked_where_and_with_the_key_that_the_settings_say(tmp_path):
    with StandIns() as stand_ins:
        key = tmp_path / "key"
        key.write_text(stand_ins.api_key, encoding="utf-8")
        key.chmod(0o600)
        asked = Settings(instantly={"endpoint": stand_ins.url, "api_key_file": key})
        with instantly.client_of(asked) as client:
            assert client.workspace().id
        wrong = Settings(instantly={"endpoint": stand_ins.url, "api_key": "another"})
        with instantly.client_of(wrong) as client, pytest.raises(CredentialsError):
            client.workspace()


@effect_of("alerts")
def test_somebody_who_is_told_of_alerts_gives_the_workbook_the_job_that_tells(tmp_path):
    def jobs(**values):
        return [job.name for job in registry.switched_on(Settings(spreadsheet_id="book", **values).parts_on)]

    assert "alerts" not in jobs()
    assert "alerts" not in jobs(alerts={"quiet_from": "20:00", "quiet_to": "08:00"})
    assert "alerts" in jobs(alerts={"slack_webhook_file": tmp_path / "slack"})
    assert "alerts" in jobs(modules=["instantly"])
