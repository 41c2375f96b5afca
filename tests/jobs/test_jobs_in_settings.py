"""``[jobs]`` in the settings: triggers that are not as in the registry, and every problem with them."""

import pytest

from sheets_crm.config import load_settings
from sheets_crm.errors import SettingsError


def settings(tmp_path, text):
    path = tmp_path / "sheets_crm.toml"
    path.write_text(f"[jobs]\n{text}\n", encoding="utf-8")
    return load_settings(path)


def test_a_trigger_is_kept_as_it_is_written(tmp_path):
    assert settings(tmp_path, 'heartbeat = "5m"').jobs == {"heartbeat": "5m"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('dance = "5m"', "jobs: unknown job: dance (known: heartbeat, feeds, retention, runners, alerts)."),
        ('sync = "5m"', "jobs: how often sync runs is interval_seconds; set it there and remove sync here."),
        (
            'heartbeat = "daily"',
            "jobs: heartbeat: not a trigger: daily (allowed: 15s, 10m, 6h, 03:00, mon 07:00, off;",
        ),
        ("heartbeat = 5", "jobs.heartbeat: "),
    ],
)
def test_what_is_wrong_is_said_with_what_is_allowed(tmp_path, text, problem):
    with pytest.raises(SettingsError) as raised:
        settings(tmp_path, text)
    (told,) = raised.value.problems
    assert problem in told


def test_all_problems_are_said_at_once(tmp_path):
    with pytest.raises(SettingsError) as raised:
        settings(tmp_path, 'dance = "5m"\nsync = "1h"\nheartbeat = "never"')
    assert len(raised.value.problems) == 3
