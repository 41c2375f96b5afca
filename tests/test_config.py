"""Settings: from the file, the environment on top, all problems at once, no value ever repeated."""

import os
from pathlib import Path

import pytest

from sheets_crm.config import Settings, load_alone, load_settings, spreadsheet_id
from sheets_crm.config_database import shown_database
from sheets_crm.errors import SettingsError
from sheets_crm.features.registry import FEATURES
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.workbook import control
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.control import MOST_PARTS
from sheets_crm.workbook.panel import PanelState

ID = "1AbC_d-EfGhIjKlMnOpQrStUvWxYz0123456789abcde"


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.upper().startswith("SHEETS_CRM_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def written(text: str, path: str = "sheets_crm.toml") -> Path:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
    return Path(path)


def problems(*args, **kwargs) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(*args, **kwargs)
    return caught.value.problems


def test_with_nothing_configured_the_defaults_hold():
    settings = load_settings()
    assert (settings.interval_seconds, settings.settle_seconds, settings.language) == (15, 10, "es")
    assert (settings.prompts, settings.stale_days, settings.lead_days) == (4, 7, 14)
    assert (settings.full_reconcile_minutes, settings.heartbeat_minutes, settings.max_change_share) == (
        60,
        10,
        0.2,
    )
    assert settings.state_dir == Path.cwd() / "state"
    assert settings.credentials is None


def test_the_environment_is_on_top_of_the_file(monkeypatch):
    written(f'spreadsheet_id = "{ID}"\ninterval_seconds = 30\nlanguage = "en"\n')
    monkeypatch.setenv("SHEETS_CRM_INTERVAL_SECONDS", "60")
    monkeypatch.setenv("SHEETS_CRM_LANGUAGE", "")
    settings = load_settings()
    assert (settings.spreadsheet_id, settings.interval_seconds, settings.language) == (ID, 60, "en")


def test_structured_settings_come_from_both(monkeypatch):
    written('[extra_columns]\nverification = ["website"]\n[parts]\ncompany_scrap = 3\n')
    monkeypatch.setenv("SHEETS_CRM_PARTS", '{"box1": 2}')
    settings = load_settings()
    assert settings.extra_columns == {"verification": ["website"]}
    assert settings.parts == {"company_scrap": 3, "box1": 2}


def test_a_file_with_a_byte_order_mark():
    Path("sheets_crm.toml").write_bytes(b"\xef\xbb\xbfprompts = 2\n")
    assert load_settings().prompts == 2


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f" {ID} ",
        f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0",
        f"https://docs.google.com/spreadsheets/u/1/d/{ID}/edit?gid=1",
        f"http://127.0.0.1:8700/spreadsheets/d/{ID}",
    ],
)
def test_an_id_or_any_url_of_a_workbook(text):
    assert spreadsheet_id(text) == ID


def test_paths_are_meant_from_where_they_are_written(monkeypatch, tmp_path):
    config = written('credentials = "key.json"\nstate_dir = "s"\n', "sub/crm.toml")
    settings = load_settings(config)
    assert settings.credentials == tmp_path / "sub" / "key.json"
    assert settings.state_dir == tmp_path / "sub" / "s"
    monkeypatch.setenv("SHEETS_CRM_STATE_DIR", "e")
    monkeypatch.setenv("SHEETS_CRM_CREDENTIALS", "~/k.json")
    settings = load_settings(config)
    assert settings.state_dir == tmp_path / "e"
    assert settings.credentials == Path("~/k.json").expanduser()


def test_all_problems_are_told_at_once_each_with_its_place(monkeypatch):
    written(
        'intervall_seconds = 3\nlanguage = "fr"\nmax_change_share = 2\nspreadsheet_id = "no id!"\n'
        '[extra_columns]\nverificaton = ["x"]\n[[workbooks]]\nname = ""\nspreadsheet = "x"\n'
    )
    monkeypatch.setenv("SHEETS_CRM_PROMPTS", "many")
    monkeypatch.setenv("SHEETS_CRM_PARTS", "three")
    monkeypatch.setenv("SHEETS_CRM_CREDENTIAL", "x")
    found = problems(require=("credentials",))
    assert sorted(found) == sorted(
        [
            "environment: unknown setting: SHEETS_CRM_CREDENTIAL (did you mean SHEETS_CRM_CREDENTIALS?).",
            "sheets_crm.toml: spreadsheet_id: not the id or URL of a spreadsheet (expected e.g. https://docs.google.com/spreadsheets/d/…).",
            "sheets_crm.toml: language: input should be 'es' or 'en'.",
            "SHEETS_CRM_PROMPTS: input should be a valid integer, unable to parse string as an integer.",
            "sheets_crm.toml: extra_columns: unknown step: verificaton (did you mean verification?).",
            "SHEETS_CRM_PARTS: input should be a valid dictionary.",
            "sheets_crm.toml: max_change_share: input should be less than or equal to 1.",
            "sheets_crm.toml: workbooks[0].name: string should have at least 1 character.",
            "sheets_crm.toml: workbooks[0].spreadsheet_id: field required.",
            "sheets_crm.toml: unknown setting: workbooks[0].spreadsheet (did you mean spreadsheet_id?).",
            "sheets_crm.toml: unknown setting: intervall_seconds (did you mean interval_seconds?).",
            "credentials is not set: put it in sheets_crm.toml, or in SHEETS_CRM_CREDENTIALS.",
        ]
    )


def test_no_value_is_repeated(monkeypatch):
    secret = '{"private_key": "-----BEGIN PRIVATE KEY-----\\nTOPSECRET"}'
    written(f"endpoint = 'ftp://u:TOPSECRET@x'\nprompts = 'TOPSECRET'\ncredentials = '{secret}'\n")
    monkeypatch.setenv("SHEETS_CRM_SPREADSHEET_ID", "TOPSECRET !")
    monkeypatch.setenv("SHEETS_CRM_PARTS", "TOPSECRET")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert len(caught.value.problems) == 5
    assert "TOPSECRET" not in str(caught.value) + caught.value.remedy + "".join(caught.value.problems)
    assert any("path of the service-account file, not its content" in text for text in caught.value.problems)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prompts = ", "not valid TOML"),
        ("prompts = 1\nprompts = 2", "not valid TOML"),
        ('endpoint = "127.0.0.1:80"', "not an http or https URL"),
        ('endpoint = "http://example.com"', "in the clear"),
        ("interval_seconds = 0", "greater than or equal to 1"),
        ("settle_seconds = -1", "greater than or equal to 0"),
        ('[extra_columns]\nverification = ["companyname"]', "column is companyName"),
        ('[extra_columns]\nverification = ["firstName"]', "already has a column firstName"),
        ('[extra_columns]\nbox1 = ["send"]', "already has a column send"),
        ('[extra_columns]\nbox1 = ["a", "a"]', "duplicate column: a"),
        ('[extra_columns]\nbox1 = [" "]', "name is blank"),
        ("[parts]\nbox1 = 0", "parts.box1: input should be greater"),
        ("stale_days = 0.5", "stale_days: input should be a valid integer"),
        ("stale_days = 7.5", "stale_days: input should be a valid integer"),
        ("stale_days = 0", "stale_days: input should be greater than or equal to 1"),
        ("[parts]\nbox = 1", "did you mean box1"),
    ],
)
def test_a_bad_setting(text, words):
    written(text)
    (problem,) = problems()
    assert words in problem
    assert problem.startswith("sheets_crm.toml: ")


def test_the_settings_allow_as_many_parts_as_control():
    written(f"[parts]\nbox1 = {MOST_PARTS}\n")
    asked = load_settings().parts
    schema = Schema(STEPS)
    specs = {spec.key: spec for spec in FEATURES.specs(schema, asked)}
    where = Addresses({key: spec.title for key, spec in specs.items()}, specs)
    said = control.control_state(
        PanelState.of([list(row.cells) for row in control.rows(schema, "es", where, asked)]), schema
    )
    assert (said.parts["box1"], said.unclear) == (MOST_PARTS, ())

    written(f"[parts]\nbox1 = {MOST_PARTS + 1}\n")
    (problem,) = problems()
    assert problem == f"sheets_crm.toml: parts.box1: input should be less than or equal to {MOST_PARTS}."


def test_a_config_file_that_is_named_must_exist():
    (problem,) = problems(Path("none.toml"))
    assert problem == "none.toml: file not found."


def test_a_config_file_that_is_no_text():
    Path("sheets_crm.toml").write_bytes(b"\xff\xfe\x00")
    assert problems() == ["sheets_crm.toml: not UTF-8 text."]


def test_a_config_that_is_a_folder(tmp_path):
    assert "cannot be read" in problems(tmp_path)[0]


def test_an_unknown_step_is_told_beside_a_wrong_number_of_another():
    written("[parts]\nverificaton = 3\nbox1 = 99\n")
    assert sorted(problems()) == [
        "sheets_crm.toml: parts.box1: input should be less than or equal to 20.",
        "sheets_crm.toml: parts: unknown step: verificaton (did you mean verification?).",
    ]


def test_workbooks_whose_names_would_hide_each_other_are_refused():
    table = '[[workbooks]]\nname = "{}"\nspreadsheet_id = "{}"\n'
    written("".join(table.format(name, ID) for name in ("ES", "sync", "ES", "heartbeat")))
    assert problems() == [
        "sheets_crm.toml: workbooks: duplicate name: ES.",
        "sheets_crm.toml: workbooks: reserved name: sync (choose another).",
        "sheets_crm.toml: workbooks: reserved name: heartbeat (choose another).",
    ]


def test_several_workbooks_are_accepted():
    written(f'[[workbooks]]\nname = "ES"\nspreadsheet_id = "{ID}"\n')
    settings = load_settings(require=("spreadsheet_id",), several=True)
    assert len(problems(require=("spreadsheet_id",))) == 1
    assert settings.workbooks[0].spreadsheet_id == ID


def test_missing_settings_are_named_together():
    found = problems(require=("spreadsheet_id", "credentials"))
    assert [text.split()[0] for text in found] == ["credentials", "spreadsheet_id"]


def test_an_endpoint_loses_its_last_slash():
    written('endpoint = "http://127.0.0.1:8700/"')
    assert load_settings().endpoint == "http://127.0.0.1:8700"


def test_every_setting_is_described():
    for name in Settings.model_fields:
        assert f"        {name}: " in (Settings.__doc__ or "")


# -- the store


def test_the_store_is_a_file_beside_the_state_folder_unless_the_settings_say_more(monkeypatch, tmp_path):
    assert load_settings(written('state_dir = "s/t"\n', "a/crm.toml")).store_address == (
        f"sqlite:///{tmp_path / 'a' / 's' / 'state' / 'crm.db'}"
    )
    assert load_settings(written('database = "sqlite:////srv/x.db"\n')).store_address == "sqlite:////srv/x.db"
    monkeypatch.setenv("SHEETS_CRM_DATABASE", "postgresql+psycopg://crm:S3cret@db.example:5432/crm")
    settings = load_settings(written(""))
    assert settings.store_address == "postgresql+psycopg://crm:S3cret@db.example:5432/crm"
    assert "S3cret" not in repr(settings)
    assert shown_database(settings.store_address) == "postgresql://db.example:5432/crm"


@pytest.mark.parametrize(
    "address",
    ["crm.db", "sqlite://", "sqlite:///", "postgresql://db/crm", "postgresql+psycopg://db", "mysql://db/crm"],
)
def test_what_is_no_address_of_a_store_is_refused(address):
    with pytest.raises(SettingsError, match="not the address of a database"):
        load_settings(written(f'database = "{address}"\n'))


@pytest.mark.parametrize(
    "address", ["crm:S3cret@db/crm", "db/crm?password=S3cret", "crm:S3%20cret@/crm?host=/run"]
)
def test_a_password_in_the_settings_file_is_an_error_that_names_the_remedy(monkeypatch, address):
    config = written(f'database = "postgresql+psycopg://{address}"\n')
    for _ in range(2):
        with pytest.raises(SettingsError) as refused:
            load_settings(config)
        said = " ".join([refused.value.message, *refused.value.problems])
        assert "SHEETS_CRM_DATABASE" in said
        assert "S3" not in said
        with pytest.raises(SettingsError, match="PGPASSWORD"):
            load_alone(config)
        monkeypatch.setenv("SHEETS_CRM_DATABASE", "sqlite:///x.db")  # the file has it all the same
