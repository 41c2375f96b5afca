"""The verbs, their exit statuses, and what people and scripts read: against an application that only records."""

import errno
import json
import logging
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

import sheets_crm
from sheets_crm.cli.commands import cli
from sheets_crm.cli.run import exit_status
from sheets_crm.engine.report import Report, Table
from sheets_crm.errors import AccessError, Conflict, RefusedPlan, Retryable, SettingsError

REPORT = Report(
    "Run done",
    facts={"requests": 3, "ratio": 0.25, "clean": True, "none": None},
    tables=[Table("Steps", ["step", "ready"], [["verification", 12], ["box1", 3]])],
    notes=["Look at Control."],
)


ROOT = Path(__file__).resolve().parents[2]


class Application:
    """Records what it is asked and answers with a fixed report, or raises."""

    def __init__(self) -> None:
        self.calls: list[tuple] = []
        self.outcome: Report | BaseException = REPORT

    def __getattr__(self, name):
        def method(*args, **kwargs):
            self.calls.append((name, args, kwargs))
            if isinstance(self.outcome, BaseException):
                raise self.outcome
            return self.outcome

        return method


@pytest.fixture
def app(monkeypatch, tmp_path):
    fake = Application()
    module = types.ModuleType("sheets_crm.bootstrap")

    def application(settings, *, progress):
        progress("asking for 100 %")
        return fake

    module.application = application
    jobs = types.ModuleType("sheets_crm.scheduling")
    jobs.run_worker = fake.run_worker
    local = types.ModuleType("sheets_crm.bootstrap.local")
    local.serve_emulator = lambda directory, *, port, quota, beside: fake.serve_emulator(
        directory, port=port, quota=quota, beside=beside
    )

    def run_demo(*, directory, port, work, progress, show):
        assert work in {None, jobs.run_worker}
        show(fake.run_demo(directory=directory, port=port, stay=work is not None))

    local.run_demo = run_demo
    module.local = local
    for name, part in {"bootstrap": module, "scheduling": jobs}.items():
        monkeypatch.setitem(sys.modules, f"sheets_crm.{name}", part)
        monkeypatch.setattr(sheets_crm, name, part, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHEETS_CRM_SPREADSHEET_ID", "abc")
    monkeypatch.setenv("SHEETS_CRM_CREDENTIALS", "key.json")
    monkeypatch.setenv("SHEETS_CRM_LANGUAGE", "en")
    return fake


@pytest.mark.parametrize(
    ("words", "call"),
    [
        ("init", ("init", (), {"adopt": False})),
        ("init --adopt --json", ("init", (), {"adopt": True})),
        ("sync", ("sync", (), {"plan": False, "now": False, "force": False})),
        ("sync --plan --now --force", ("sync", (), {"plan": True, "now": True, "force": True})),
        (
            "import a.csv b.xlsx",
            (
                "import_tables",
                (["a.csv", "b.xlsx"],),
                {"step": None, "target_id": None, "plan": False, "enters": None},
            ),
        ),
        (
            "import https://x/d/1 --step export --target-id T1 --plan",
            (
                "import_tables",
                (["https://x/d/1"],),
                {"step": "export", "target_id": "T1", "plan": True, "enters": None},
            ),
        ),
        (
            "import a.csv --step CompScrap --enters ENVÍO",
            (
                "import_tables",
                (["a.csv"],),
                {"step": "company_scrap", "target_id": None, "plan": False, "enters": "sending"},
            ),
        ),
        (
            "import a.csv --step Contactos --enters Box1",
            (
                "import_tables",
                (["a.csv"],),
                {"step": "contacts", "target_id": None, "plan": False, "enters": "box1"},
            ),
        ),
        ("batch list", ("batches", (), {})),
        (
            "batch export v-7 --parts 3 --out o --excel-safe",
            ("batch_export", ("V-0007",), {"parts": 3, "out": Path("o"), "excel_safe": True, "companies": False}),
        ),
        ("batch show V-0007", ("batch_show", ("V-0007",), {})),
        ("batch close C12", ("batch_close", ("C-0012",), {})),
        ("batch undo I-10001", ("batch_undo", ("I-10001",), {})),
        ("reopen 17 --step box1 --reason new", ("reopen", ("17",), {"step": "box1", "reason": "new"})),
        (
            "reopen --version v1 --step box1 --reason new",
            ("reopen_version", ("v1",), {"reason": "new", "also_sent": False}),
        ),
        (
            "reopen --version v1 --step box1 --reason new --also-sent --yes",
            ("reopen_version", ("v1",), {"reason": "new", "also_sent": True}),
        ),
        (
            "reopen --version v1 --step box1 --reason new --plan",
            ("reopen_version_plan", ("v1",), {"also_sent": False}),
        ),
        ("restore 17 a@b.c --plan", ("restore", (["17", "a@b.c"],), {"everything": False, "plan": True})),
        ("restore --all", ("restore", ([],), {"everything": True, "plan": False})),
        ("status", ("status", (), {})),
        ("doctor", ("doctor", (), {"probe": False, "save": None, "on": ""})),
        ("doctor --probe", ("doctor", (), {"probe": True, "save": None, "on": ""})),
        (
            "doctor --probe --save r.json --on https://docs.google.com/spreadsheets/d/1Abc/edit",
            ("doctor", (), {"probe": True, "save": Path("r.json"), "on": "1Abc"}),
        ),
        ("forget 17 --yes", ("forget", ("17",), {})),
        ("history a@b.c", ("history", ("a@b.c",), {})),
        ("lead show a@b.c", ("lead_show", ("a@b.c",), {"most": 50})),
        ("lead show 7 --limit 3", ("lead_show", ("7",), {"most": 3})),
        (
            "emulator --dir d --port 99 --quota",
            ("serve_emulator", (Path("d"),), {"port": 99, "quota": True, "beside": None}),
        ),
        ("demo --exit", ("run_demo", (), {"directory": Path("demo-data"), "port": 0, "stay": False})),
        ("demo --dir x --port 1", ("run_demo", (), {"directory": Path("x"), "port": 1, "stay": True})),
    ],
)
def test_each_verb_calls_the_application(app, words, call):
    assert exit_status(words.split()) == 0
    assert app.calls == [call]


def test_run_starts_the_worker_with_the_settings(app):
    assert exit_status(["run"]) == 0
    (name, (settings,), _) = app.calls[0]
    assert name == "run_worker"
    assert settings.spreadsheet_id == "abc"


def test_in_a_pipe_a_report_is_plain_text(app, capsys):
    assert exit_status(["status"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Run done",
        "requests:  3",
        "ratio:     0.25",
        "clean:     yes",
        "none:",
        "",
        "Steps",
        "step          ready",
        "verification  12",
        "box1          3",
        "",
        "Look at Control.",
    ]


def test_a_terminal_gets_tables(app, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert exit_status(["status"]) == 0
    out = capsys.readouterr().out
    for word in ("Run done", "requests", "verification", "12", "Look at Control."):
        assert word in out


def test_json_is_one_object(app, capsys):
    assert exit_status(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "title": "Run done",
        "facts": {"requests": 3, "ratio": 0.25, "clean": True, "none": None},
        "tables": [
            {"title": "Steps", "rows": [{"step": "verification", "ready": 12}, {"step": "box1", "ready": 3}]}
        ],
        "notes": ["Look at Control."],
    }


def test_a_reports_own_json_is_printed(app, capsys):
    app.outcome = Report("S", json={"metrics": {"leads_total": 3}})
    exit_status(["status", "--json"])
    assert json.loads(capsys.readouterr().out) == {"ok": True, "title": "S", "metrics": {"leads_total": 3}}


def test_scraped_text_cannot_steer_the_terminal(app, capsys, monkeypatch):
    evil = "\x1b]0;pwned\x07\x1b[2J[bold]x\x9b1m\u202e"
    app.outcome = Report(evil, facts={"a": evil}, tables=[Table(evil, [evil], [[evil]])], notes=[evil])
    for tty in (False, True):
        monkeypatch.setattr("sys.stdout.isatty", lambda tty=tty: tty)
        exit_status(["status"])
        out = capsys.readouterr().out
        assert "pwned" in out
        assert "[bold]x" in out
        assert not set("\x07\x9b\u202e") & set(out)
        assert "\x1b]" not in out
        assert "\x1b[2J" not in out


def test_a_report_that_is_not_ok_fails(app, capsys):
    app.outcome = Report("Two rules are broken", ok=False)
    assert exit_status(["doctor"]) == 1
    assert exit_status(["doctor", "--json"]) == 1
    assert '"ok": false' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AccessError("not shared", remedy="share it", state="nothing changed"), 1),
        (Conflict("another writer", remedy="again"), 1),
        (Retryable("no answer"), 1),
        (RefusedPlan("the Master shrank", cause="master_shrank", numbers={"now": 3}, where="Master!A1"), 1),
        (SettingsError("There are 2 problems.", problems=["first", "second"]), 2),
    ],
)
def test_a_failure_says_what_where_what_state_and_what_next(app, capsys, error, status):
    app.outcome = error
    assert exit_status(["sync", "--json"]) == status
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert told["ok"] is False
    assert told["error"]["type"] == type(error).__name__
    assert told["error"]["message"] == error.message
    for text in (error.message, error.state, error.remedy, getattr(error, "where", "")):
        assert text in captured.err
    for problem in getattr(error, "problems", []):
        assert problem in captured.err
    assert "Traceback" not in captured.err
    assert exit_status(["sync"]) == status
    assert capsys.readouterr().out == ""


def test_something_unforeseen_is_a_sentence_and_with_v_a_traceback(app, capsys):
    app.outcome = ZeroDivisionError("secret cell content")
    assert exit_status(["sync"]) == 1
    captured = capsys.readouterr()
    assert "ZeroDivisionError" in captured.err
    assert "secret" not in captured.err
    assert "Traceback" not in captured.err
    assert exit_status(["-v", "sync"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_progress_is_said_on_standard_error_with_v_only(app, capsys):
    exit_status(["status"])
    assert "100 %" not in capsys.readouterr().err
    exit_status(["-v", "status"])
    captured = capsys.readouterr()
    assert "INFO asking for 100 %" in captured.err
    assert "100 %" not in captured.out


def test_on_a_terminal_progress_stands_in_a_moving_line(app, capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    exit_status(["status"])
    err = capsys.readouterr().err
    assert "asking for 100 %" in err
    assert logging.getLogger("sheets_crm").handlers == []


def test_the_demo_may_be_ended_once_its_dashboard_is_shown(app, capsys, monkeypatch):
    def run_demo(*, directory, port, work, progress, show):
        show(REPORT)
        raise KeyboardInterrupt

    monkeypatch.setattr(sheets_crm.bootstrap.local, "run_demo", run_demo)
    assert exit_status(["demo"]) == 0
    assert "Run done" in capsys.readouterr().out
    monkeypatch.setattr(
        sheets_crm.bootstrap.local, "run_demo", lambda **_: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    assert exit_status(["demo"]) == 130


def test_a_port_that_is_taken(app, capsys):
    app.outcome = OSError(errno.EADDRINUSE, "Address already in use")
    assert exit_status(["emulator", "--dir", "d", "--port", "99"]) == 2
    assert "Port 99 is in use" in capsys.readouterr().err


def test_what_the_machine_refuses_is_told_with_its_path(app, capsys):
    app.outcome = OSError(errno.ENOSPC, "No space left on device", "/out/V-0007.csv")
    assert exit_status(["batch", "export", "V-7", "--out", "o"]) == 1
    assert "No space left on device (/out/V-0007.csv)" in capsys.readouterr().err
    assert exit_status(["emulator", "--dir", "d"]) == 1
    assert "could not start" in capsys.readouterr().err


def test_ctrl_c_is_clean(app, capsys):
    app.outcome = KeyboardInterrupt()
    assert exit_status(["sync"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_options_of_the_probes_are_refused_without_them(app, capsys):
    assert exit_status(["doctor", "--save", "r.json", "--on", "1Abc"]) == 2
    assert "--save, --on belong to --probe" in capsys.readouterr().err
    assert app.calls == []


def test_ctrl_c_during_the_probes_says_where_the_recording_is(app, tmp_path, capsys):
    app.outcome = KeyboardInterrupt()
    assert exit_status(["doctor", "--probe", "--save", "r.json"]) == 130
    assert "r.json" not in capsys.readouterr().err  # nothing was asked yet
    (tmp_path / "r.json").write_text("{}")
    assert exit_status(["doctor", "--probe", "--save", "r.json"]) == 130
    assert "What was asked until then is in r.json" in capsys.readouterr().err


def test_wrong_settings_are_all_told(app, capsys, monkeypatch):
    monkeypatch.delenv("SHEETS_CRM_CREDENTIALS")
    monkeypatch.setenv("SHEETS_CRM_PROMPTS", "x")
    assert exit_status(["status", "--json"]) == 2
    captured = capsys.readouterr()
    assert "credentials is not set" in captured.err
    assert "SHEETS_CRM_PROMPTS" in captured.err
    assert len(json.loads(captured.out)["error"]["problems"]) == 2
    assert app.calls == []


def test_a_config_file_can_be_named(app, tmp_path, capsys):
    (tmp_path / "other.toml").write_text("prompts = 2\n")
    assert exit_status(["--config", "other.toml", "run"]) == 0
    assert app.calls[0][1][0].prompts == 2
    assert exit_status(["--config", "none.toml", "status"]) == 2
    assert "none.toml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        "frobnicate",
        "sync --frobnicate",
        "import",
        "import x --step nothing",
        "batch export V-0007",
        "batch export V-0007 --out o --parts 0",
        "batch show seven",
        "reopen 17 --step box1",
        "reopen --step box1 --reason new",
        "reopen 17 --version v1 --step box1 --reason new",
        "reopen --version v1 --step instantly --reason new",
        "reopen 17 --step box1 --reason=",
        "reopen 17 --step box1 --reason new --also-sent",
        "reopen 17 --step box1 --reason new --plan",
        "forget 17",
        "restore",
        "restore 17 --all",
        "doctor --save r.json",
        "doctor --on 1Abc",
        "doctor --probe --on https://example.com/",
        "doctor --probe --on=",
        "doctor --probe --save .",
        "emulator",
        "emulator --dir d --port 70000",
    ],
)
def test_wrong_use_is_status_2_and_says_how(app, words, capsys):
    assert exit_status(words.split()) == 2
    captured = capsys.readouterr()
    assert "Error" in captured.err
    assert captured.out == ""
    assert app.calls == []
    assert exit_status([*words.split(), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_forgetting_asks_on_a_terminal(app, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "n")
    assert exit_status(["forget", "17"]) == 130
    assert app.calls == []
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "y")
    assert exit_status(["forget", "17"]) == 0
    assert app.calls == [("forget", ("17",), {})]


def test_reopening_a_version_shows_whom_it_touches_and_asks_on_a_terminal(app, monkeypatch, capsys):
    words = ["reopen", "--version", "v1", "--step", "box1", "--reason", "new"]
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "n")
    assert exit_status(words) == 130
    assert [name for name, *_ in app.calls] == ["reopen_version_plan"]
    assert "Run done" in capsys.readouterr().out
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "y")
    assert exit_status(words) == 0
    assert app.calls[-1][0] == "reopen_version"
    app.calls.clear()
    assert exit_status([*words, "--yes"]) == 0
    assert [name for name, *_ in app.calls] == ["reopen_version"]


def test_every_verb_explains_itself(capsys):
    for name, command in cli.commands.items():
        assert exit_status([name, "--help"]) == 0
        assert command.help
        assert not command.get_short_help_str(60).endswith("...")


def test_the_version_is_told(capsys):
    assert exit_status(["--version"]) == 0
    assert "sheets-crm, version" in capsys.readouterr().out


@pytest.mark.long
def test_help_needs_no_heavy_library():
    script = (
        "import sys\nfrom sheets_crm.cli.run import exit_status\nexit_status(['--help'])\n"
        "heavy = {'pandas', 'gspread', 'requests', 'rich', 'pydantic', 'google.auth', 'starlette'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.long
def test_a_reader_that_has_ended_is_no_error(app):
    script = (
        "import sys, types\nmodule = types.ModuleType('sheets_crm.bootstrap')\n"
        "from sheets_crm.engine.report import Report\n"
        "class App:\n    def status(self):\n        return Report('x' * 100000)\n"
        "module.application = lambda settings, progress: App()\nsys.modules['sheets_crm.bootstrap'] = module\n"
        "import sheets_crm; sheets_crm.bootstrap = module\n"
        "from sheets_crm.cli import main\nmain(['status'])"
    )
    done = subprocess.run(
        f'{sys.executable} -c "$SCRIPT" | head -c 1',
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "SCRIPT": script},
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
