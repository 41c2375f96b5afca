"""A production install has no package that only the emulator needs: every other verb works, and these verbs say so."""

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sheets_crm import sample
from sheets_crm.bootstrap.local import EMULATOR_PACKAGES
from sheets_crm.emulator.server import Server
from sheets_crm.files import write_csv
from sheets_crm.google.client import connect
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.files import create_spreadsheet

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]

BLOCKED = sorted({"anyio", "h11", "ironcalc", "nicegui", "re2", "starlette", "uvicorn"})
"""Of the emulator's packages all but cryptography, which google-auth imports too, and some that these bring."""

COMMAND_LINE = "from sheets_crm.cli import main; main()"


@pytest.fixture
def production(tmp_path):
    """Runs Python in a folder of its own, where nothing that is blocked can be imported."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(f"import sys\nsys.modules.update(dict.fromkeys({BLOCKED}))\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    own = {name: value for name, value in os.environ.items() if not name.startswith("SHEETS_CRM_")}
    own["PYTHONPATH"] = os.pathsep.join([str(site), str(ROOT)])

    def run(*words, **more):
        return subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=folder,
            env=own | more,
            capture_output=True,
            text=True,
            check=False,
        )

    run.folder = folder
    return run


def sources():
    """Every module's name and file."""
    for package in ("sheets_crm", "jobs"):
        for path in sorted((ROOT / package).rglob("*.py")):
            words = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(words).removesuffix(".__init__"), path


ISLANDS = ("sheets_crm.emulator", "sheets_crm.stand_ins", "sheets_crm.receiver")
"""Packages that need more than every install has; the receiver needs two packages of the emulator's, by an extra of its own."""


def of_the_emulator(module):
    """Whether a module is of the emulator, or of what needs its packages too."""
    return any(f"{module}.".startswith(f"{island}.") for island in ISLANDS)


def name_of(requirement):
    return re.match(r"[\w-]+", requirement)[0]


def test_the_groups_of_pyproject_are_what_the_command_line_looks_for():
    modules = [name_of(one).removeprefix("google-") for one in EXTRAS["emulator"]]  # google-re2 is imported as re2
    assert sorted(modules) == sorted(EMULATOR_PACKAGES)
    assert not set(map(name_of, PROJECT["dependencies"])) & {*EMULATOR_PACKAGES, "nicegui"}
    for group in ("page", "test", "bench"):
        assert f"{PROJECT['name']}[emulator]" in EXTRAS[group]
    assert set(EXTRAS["webhooks"]) < set(EXTRAS["emulator"])


@pytest.mark.long
def test_no_package_of_every_install_is_imported_by_the_emulator_alone():
    by_emulator, by_others = set(), set()
    for module, path in sources():
        found = by_emulator if of_the_emulator(module) else by_others
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    assert set(EMULATOR_PACKAGES) <= by_emulator - by_others
    always = {name_of(one).replace("-", "_") for one in PROJECT["dependencies"]}
    assert not always & (by_emulator - by_others)


@pytest.mark.long
def test_every_module_but_the_emulators_can_be_imported_and_imports_nothing_of_it(production):
    modules = [module for module, _ in sources() if not of_the_emulator(module)]
    assert {"jobs.worker", "sheets_crm.bootstrap", "sheets_crm.demo.story", "sheets_crm.google.gateway"} <= {
        *modules
    }
    script = (
        "import importlib, sys\n"
        "for module in sys.argv[1:]:\n"
        "    importlib.import_module(module)\n"
        f"sys.exit(' '.join(name for name in sys.modules if name.startswith({ISLANDS})) or 0)"
    )
    done = production("-c", script, *modules)
    assert done.returncode == 0, done.stderr


@pytest.mark.long
def test_every_verb_explains_itself(production):
    script = (
        "from sheets_crm.cli.commands import cli\nfrom sheets_crm.cli.run import exit_status\n"
        "print([exit_status([*verb, '--help']) for verb in [[], *([name] for name in cli.commands)]])"
    )
    done = production("-c", script)
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout.splitlines()[-1])) == {0}
    worker = production("-m", "jobs", "--help")
    assert worker.returncode == 0, worker.stderr
    assert "sheets-crm run" in worker.stdout


@pytest.mark.long
@pytest.mark.parametrize(
    "words",
    ["run", *(pytest.param(words, marks=pytest.mark.long) for words in ("doctor --probe", "sync --plan --now"))],
)
def test_the_verbs_for_a_real_spreadsheet_get_as_far_as_their_settings(production, words):
    done = production("-c", COMMAND_LINE, *words.split())
    assert done.returncode == 2
    assert "spreadsheet_id" in done.stderr
    assert "installed" not in done.stderr


@pytest.mark.long
@pytest.mark.parametrize(
    "words", ["demo --exit --dir out", "emulator --dir out --port 0", "emulator --dir out --port 0 --stand-ins"]
)
def test_what_needs_the_emulator_says_what_to_install(production, words):
    done = production("-c", COMMAND_LINE, *words.split())
    assert done.returncode == 2
    assert done.stdout == ""
    error, state, remedy = done.stderr.splitlines()
    assert ": ironcalc, re2, starlette, uvicorn." in error
    purpose = {"demo": "Una instalación de producción los deja fuera a propósito"}  # of the workbook it would make
    assert purpose.get(words.split()[0], "production install leaves them out on purpose") in state
    assert remedy.endswith(f": {shlex.quote(sys.executable)} -m pip install '.[emulator]'")
    assert not list(production.folder.iterdir())


@pytest.mark.long
def test_a_script_reads_it_too(production):
    done = production("-c", COMMAND_LINE, "demo", "--exit", "--json")
    assert done.returncode == 2
    told = json.loads(done.stdout)
    assert told["error"]["type"] == "NotInstalled"
    assert "pip install" in told["error"]["remedy"]


@pytest.mark.long  # .ci/run plays it, and a production install beside it
def test_a_workbook_is_kept_without_them(production, tmp_path):
    export = write_csv(tmp_path / "export.csv", *sample.export_rows(3))
    verbs = [["init"], ["import", str(export)], ["sync", "--now"], ["status"], ["doctor"], ["history", "1"]]
    script = (
        "import json, sys\nfrom sheets_crm.cli.run import exit_status\n"
        "for verb in json.loads(sys.argv[1]):\n"
        "    if status := exit_status(verb):\n"
        "        sys.exit(f'{verb}: {status}')"
    )
    with Server(tmp_path / "emulator") as server:
        key = tmp_path / "emulator" / "service_account.json"
        client = connect(load_service_account(key), endpoint=server.url, creating=True)
        done = production(
            *("-c", script, json.dumps(verbs)),
            SHEETS_CRM_SPREADSHEET_ID=create_spreadsheet(client, "w", locale="es_ES", time_zone="Europe/Madrid"),
            SHEETS_CRM_CREDENTIALS=str(key),
            SHEETS_CRM_ENDPOINT=server.url,
            SHEETS_CRM_READS_PER_MINUTE="6000",
            SHEETS_CRM_WRITES_PER_MINUTE="6000",
        )
    assert done.returncode == 0, done.stdout + done.stderr
