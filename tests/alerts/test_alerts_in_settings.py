"""The settings ``[alerts]``: what is wrong is said, secrets are kept out of the file, the environment may hold one."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from sheets_crm.alerts.quiet import QuietHours
from sheets_crm.config import load_settings
from sheets_crm.config_alerts import VARIABLE
from sheets_crm.errors import SettingsError

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://hooks.slack.com/services/T/B/k3y"


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    path = tmp_path / "sheets_crm.toml"

    def put(*lines):
        path.write_text("\n".join(["[alerts]", *lines]), encoding="utf-8")
        return path

    return put


def problems(path):
    with pytest.raises(SettingsError) as raised:
        load_settings(path)
    assert "k3y" not in repr(vars(raised.value))
    return [problem.removeprefix(f"{path}: ") for problem in raised.value.problems]


def test_a_file_and_quiet_hours(write, tmp_path):
    alerts = load_settings(
        write('slack_webhook_file = "slack"', 'quiet_from = "20:00"', 'quiet_to = "8:05"', 'email_to = ""')
    ).alerts
    assert alerts.slack_webhook_file == tmp_path / "slack"
    assert alerts.quiet_hours == QuietHours(dt.time(20), dt.time(8, 5))
    assert alerts.tells


def test_without_quiet_hours_and_without_a_webhook(write):
    alerts = load_settings(write()).alerts
    assert (alerts.quiet_hours, alerts.tells) == (None, False)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f'slack_webhook = "{ADDRESS}"', "alerts.slack_webhook: the webhook's address is a secret"),
        (f'slack_webhook_file = "{ADDRESS}"', "alerts.slack_webhook_file: the webhook's address is a secret"),
        ('email_to = "a@one.example"', "alerts.email_to: this version sends no e-mails yet"),
        ('quiet_from = "20:00"', "alerts: quiet_from and quiet_to come together"),
        ('quiet_from = "20:00"\nquiet_to = "20:00"', "alerts: quiet_from and quiet_to come together"),
        ('quiet_from = "25:00"\nquiet_to = "08:00"', 'alerts.quiet_from: not a time of day such as "20:00"'),
        ("quiet_from = 20\nquiet_to = 8", "alerts.quiet_from: not a time of day"),
        (
            'slack_webhok_file = "x"',
            "unknown setting: alerts.slack_webhok_file (did you mean slack_webhook_file?)",
        ),
    ],
)
def test_what_is_wrong_is_said_with_what_is_meant(write, line, problem):
    found = problems(write(line))
    assert found[0].startswith(problem) or problem in found[0]


def test_the_environment_may_hold_the_address_beside_the_file_s_hours(write, monkeypatch):
    monkeypatch.setenv(VARIABLE, ADDRESS)
    alerts = load_settings(write('quiet_from = "20:00"', 'quiet_to = "08:00"')).alerts
    assert alerts.slack_webhook == ADDRESS
    assert alerts.quiet_hours is not None
    assert "k3y" not in repr(alerts)


def test_another_variable_of_a_table_is_still_unknown(write, monkeypatch):
    monkeypatch.setenv("SHEETS_CRM_ALERTS__SLACK_WEBHOK", ADDRESS)
    assert any("SHEETS_CRM_ALERTS__SLACK_WEBHOK" in problem for problem in problems(write()))


@pytest.mark.long
def test_nothing_of_it_is_imported_while_nobody_is_told():
    code = (
        "import sys, sheets_crm.cli, sheets_crm.scheduling, sheets_crm.bootstrap as b\n"
        "from sheets_crm.config import Settings\n"
        "b.run_settings(Settings(spreadsheet_id='book'), 'robot@one.example')\n"
        "parts = ('sheets_crm.slack', 'sheets_crm.features.alerts', 'sheets_crm.operations.alert', 'sheets_crm.alerts.r')\n"
        "print([name for name in sys.modules if name.startswith(parts)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
