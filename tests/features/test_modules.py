"""Modules: off they cost nothing, on they come by `init` alone, off again their tabs go out of sight and keep all."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from workbench import Desk

from sheets_crm import bootstrap
from sheets_crm.config import Settings, load_settings
from sheets_crm.engine.features import Feature
from sheets_crm.engine.session import RunRequest
from sheets_crm.errors import NotInstalled, RefusedPlan, SettingsError
from sheets_crm.features import modules
from sheets_crm.features.modules import MODULES, Entry, Module
from sheets_crm.workbook.declaration import TabSpec

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture
def guests(monkeypatch):
    """The module of the tests in the registry."""
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setitem(MODULES, "guests", Entry("guestbook:MODULE"))


def problems_of(tmp_path, monkeypatch, text):
    path = tmp_path / "sheets_crm.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        load_settings(path)
    return [problem.removeprefix(f"{path}: ") for problem in raised.value.problems]


def test_unknown_absent_and_doubled_modules_are_settings_errors_all_at_once(tmp_path, monkeypatch, guests):
    names = '["sale", "sales", "guests", "guests"]'
    assert problems_of(tmp_path, monkeypatch, f"modules = {names}\n") == [
        "modules: unknown module: sale (known: instantly, ai, email, sources, sales, guests).",
        "modules: this version has no module sales yet (available: instantly, guests); remove it.",
        "modules: duplicate module: guests.",
    ]


def test_modules_work_with_one_workbook_only(tmp_path, monkeypatch, guests):
    text = 'modules = ["guests"]\n[[workbooks]]\nname = "one"\nspreadsheet_id = "abc"\n'
    assert problems_of(tmp_path, monkeypatch, text) == [
        "workbooks: modules work with one workbook only; use one settings file and one worker for each workbook."
    ]


def test_a_module_whose_packages_are_missing_names_the_command_that_installs_them(monkeypatch):
    monkeypatch.setitem(MODULES, "guests", Entry("guestbook:MODULE", ("no_such_package",)))
    with pytest.raises(NotInstalled) as raised:
        modules.load(["guests"])
    assert raised.value.message == "Module guests needs packages that are not installed: no_such_package."
    assert "pip install '.[guests]'" in raised.value.remedy


def test_every_module_has_an_extra_of_its_name():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extras = text.partition("[project.optional-dependencies]")[2].partition("\n[")[0]
    assert [name for name in (*MODULES, "all") if f"\n{name} = [" not in extras] == []


def test_a_feature_that_several_modules_have_comes_once_with_the_first_that_is_on(monkeypatch):
    both = Feature("both", tables=lambda *_: [TabSpec("both", "Both")])
    for name in ("one", "other"):
        own = Feature(name, tables=lambda *_, name=name: [TabSpec(name, name.title())])
        monkeypatch.setitem(sys.modules, f"module_{name}", SimpleNamespace(MODULE=Module((own, both))))
        monkeypatch.setitem(MODULES, name, Entry(f"module_{name}:MODULE"))

    def tabs(*on):
        run = bootstrap.run_settings(Settings(modules=list(on)), "robot@one.example")
        return [(spec.key, spec.module) for spec in run.specs({}) if spec.module]

    assert tabs("other", "one") == [("one", "one"), ("both", "one"), ("other", "other")]
    assert tabs("other") == [("other", "other"), ("both", "other")]


@pytest.mark.long
def test_nothing_of_a_module_is_imported_while_it_is_off(tmp_path):
    code = (
        "import sys; from sheets_crm.features.modules import MODULES, Entry; MODULES['guests'] = Entry('guestbook:MODULE');"
        f"sys.path.insert(0, {str(HERE)!r}); import sheets_crm.bootstrap; from sheets_crm.config import Settings;"
        "Settings().schema_of_workbook; assert 'guestbook' not in sys.modules;"
        "Settings(modules=['guests']).schema_of_workbook; assert 'guestbook' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.long
def test_a_module_is_switched_on_by_init_alone_used_and_switched_off_again(open_desk, guests):
    desk = open_desk("imported")
    before = {tab.title: tab for tab in desk.app.context.gateway.info().tabs}
    header = desk.cells("Master")[0]
    on = with_modules(desk, "guests")
    with pytest.raises(RefusedPlan) as raised:
        on.app.sync(plan=False, now=True, force=False)
    assert raised.value.cause == "module_new:guests"
    report = on.init()
    assert report["created"] == ["Guest book"]
    assert on.cells("Master")[0] == [*header, "guest_since"]
    greet(on, 1)
    name = on.leads()[1]["firstName"]
    assert on.rows("Guest book") == [{"guest": name, "greeting": f"Hello {name}"}]
    assert on.leads()[1]["guest_since"] == "today"
    assert set(before) < {tab.title for tab in on.app.context.gateway.info().tabs}

    off = with_modules(desk)
    with pytest.raises(RefusedPlan) as raised:
        off.app.sync(plan=False, now=True, force=False)
    assert raised.value.cause == "module_gone:guests"
    off.init()
    off.sync()
    tabs = {tab.title: tab for tab in off.app.context.gateway.info().tabs}
    assert tabs["Guest book"].hidden
    assert off.leads()[1]["guest_since"] == "today"

    again = with_modules(desk, "guests")
    again.init()
    assert not {tab.title: tab for tab in again.app.context.gateway.info().tabs}["Guest book"].hidden
    assert again.rows("Guest book") == [{"guest": name, "greeting": f"Hello {name}"}]
    assert again.cells("Master")[0] == [*header, "guest_since"]


@pytest.mark.long
@pytest.mark.parametrize("asking", [False, True])
def test_a_scheduled_run_refuses_a_module_without_tables_too(open_desk, guests, monkeypatch, asking):
    """No column and no tab shows that it is new: a run that reads little would not notice."""
    monkeypatch.setitem(MODULES, "doorbell", Entry("guestbook:WITHOUT_TABLE"))
    desk = open_desk("imported")
    desk.sync()
    on = with_modules(desk, "doorbell")
    if asking:
        on.tick("Verification Input", 3)
    with pytest.raises(RefusedPlan) as raised:
        on.app.sync(plan=False, now=False, force=False, scheduled=True)
    assert raised.value.cause == "module_new:doorbell"
    assert on.batch("Verification")[1] == []


def with_modules(desk: Desk, *names: str) -> Desk:
    desk.settings = Settings(**{**desk.settings.model_dump(), "modules": list(names)})
    desk.app = desk.worker()
    return desk


def greet(desk: Desk, lead: int) -> None:
    from guestbook import Greet  # noqa: PLC0415 - the module of the tests is on the path by now

    desk.app.context.run(RunRequest(now=True, commands=(Greet(lead),)))
