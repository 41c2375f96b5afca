"""``[instantly]`` in the settings: the key never from the file itself, the environment on top, all problems at once."""

import os
from pathlib import Path

import pytest

from sheets_crm.config import load_settings
from sheets_crm.errors import CredentialsError, SettingsError
from sheets_crm.instantly.api_key import api_key_of

KEY = "s3cret-key=="
ANYWHERE = "SHEETS_CRM_INSTANTLY__"


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.upper().startswith("SHEETS_CRM_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def loaded(tmp_path):
    """Loads settings with these lines under [instantly]."""

    def load(*lines):
        path = tmp_path / "conf" / "sheets_crm.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(["[instantly]", *lines]) + "\n", encoding="utf-8")
        return load_settings(path).instantly

    return load


def problems(loaded, *lines):
    with pytest.raises(SettingsError) as raised:
        loaded(*lines)
    assert KEY not in f"{raised.value.problems} {raised.value!r}"
    return raised.value.problems


def test_without_the_table_there_are_no_settings_of_it():
    assert load_settings().instantly is None


def test_nothing_is_pushed_and_every_campaign_is_listed_unless_the_settings_say_so(loaded):
    found = loaded()
    assert (found.endpoint, found.api_key, found.api_key_file) == ("", "", None)
    assert (found.push, found.campaigns) == (False, [])


def test_what_the_settings_say(loaded, tmp_path):
    found = loaded(
        'endpoint = "https://instantly.example.com/"',
        'api_key_file = "key"',
        "push = true",
        'campaigns = [" c-1 ", "c-2", "c-1"]',
    )
    assert found.endpoint == "https://instantly.example.com"
    assert found.api_key_file == tmp_path / "conf" / "key"
    assert (found.push, found.campaigns) == (True, ["c-1", "c-2"])


def test_a_key_in_the_settings_file_is_an_error_that_names_where_it_may_stand(loaded):
    [told] = problems(loaded, f'api_key = "{KEY}"')
    assert "instantly.api_key" in told
    assert ANYWHERE + "API_KEY" in told
    assert "api_key_file" in told


def test_a_key_in_the_settings_file_is_an_error_with_one_in_the_environment_too(loaded, monkeypatch):
    monkeypatch.setenv(ANYWHERE + "API_KEY", "another")
    assert len(problems(loaded, f'api_key = "{KEY}"')) == 1


def test_the_environment_gives_the_key_and_it_is_not_shown(monkeypatch):
    monkeypatch.setenv(ANYWHERE + "API_KEY", KEY)
    settings = load_settings()
    assert settings.instantly.api_key == KEY
    assert KEY not in repr(settings)


def test_the_environment_is_on_top_of_each_key(loaded, monkeypatch, tmp_path):
    monkeypatch.setenv(ANYWHERE + "PUSH", "true")
    monkeypatch.setenv(ANYWHERE + "API_KEY_FILE", "here/key")
    monkeypatch.setenv(ANYWHERE + "CAMPAIGNS", '["c-9"]')
    found = loaded('endpoint = "https://one.example"', "push = false", 'api_key_file = "there"')
    assert (found.endpoint, found.push, found.campaigns) == ("https://one.example", True, ["c-9"])
    assert found.api_key_file == Path.cwd() / "here" / "key"


def test_all_problems_are_told_at_once_each_with_its_place(loaded, monkeypatch):
    monkeypatch.setenv(ANYWHERE + "PUSH", "perhaps")
    monkeypatch.setenv(ANYWHERE + "KEY", "x")
    told = problems(loaded, 'endpoint = "http://far.example.com"', 'campaigns = ["a", ""]', 'api_key_fil = "x"')
    assert len(told) == 5
    text = "\n".join(told)
    assert "instantly.endpoint" in text
    assert "instantly.campaigns" in text
    assert "api_key_file" in text  # what was meant
    assert "SHEETS_CRM_INSTANTLY__PUSH" in text
    assert "SHEETS_CRM_INSTANTLY__KEY" in text


@pytest.mark.parametrize("address", ["instantly.ai", "ftp://instantly.ai", "https://instantly.ai?x=1", "https://"])
def test_what_is_no_address_is_refused(loaded, address):
    assert len(problems(loaded, f'endpoint = "{address}"')) == 1


# -- which key


def test_the_key_of_the_environment_comes_before_the_file(tmp_path):
    assert api_key_of(KEY, tmp_path / "none").secret == KEY


def test_without_either_it_is_said_how_to_give_one():
    with pytest.raises(CredentialsError) as raised:
        api_key_of("", None)
    assert "api_key_file" in raised.value.remedy
    assert ANYWHERE + "API_KEY" in raised.value.remedy


def test_what_is_no_key_is_refused_and_not_quoted():
    with pytest.raises(CredentialsError) as raised:
        api_key_of("s3cret key", None)
    assert "s3cret" not in f"{raised.value} {raised.value.remedy}"
    assert ANYWHERE + "API_KEY" in raised.value.message
