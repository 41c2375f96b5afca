"""The documents say what is so: commands, settings, links, and every message that operators can meet."""

import ast
import importlib
import re
import shlex
from pathlib import Path

import click
import pytest

from sheets_crm.cli.commands import cli
from sheets_crm.config import Settings, load_settings
from sheets_crm.features import batches, storage
from sheets_crm.features.registry import FEATURES
from sheets_crm.pipeline.metric_list import METRICS
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def blocks(text, kind):
    return [" ".join(body.split("\n")).strip() for name, body in BLOCK.findall(text) if name == kind]


def verbs(group=cli, before=()):
    """Every verb of the command line as its words."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from verbs(command, (*before, name))
        else:
            yield (*before, name), command


def shell_commands():
    """Every sheets-crm command in the README's shell blocks."""
    for body in (body for name, body in BLOCK.findall(README) if name == "bash"):
        for line in re.split(r"\n|&&", body):
            words = shlex.split(line)
            if words and words[0].endswith("sheets-crm"):
                yield words[1:]


def test_the_two_set_up_commands_are_the_ones_that_ci_runs():
    first, second = blocks(README, "bash")[:2]
    assert first.endswith("sheets-crm demo")
    assert second.endswith("python -m pytest")
    told = CI.replace("$VENV_DEMO", re.search(r"^VENV_DEMO='(.*)'$", CI, re.MULTILINE)[1])
    assert f'"{first} --exit' in told
    assert f'"{second}"' in told


@pytest.mark.parametrize("words", list(shell_commands()), ids=" ".join)
def test_every_command_in_the_readme_exists(words):
    found, rest = cli, list(words)
    while isinstance(found, click.Group):
        assert rest, f"{words} names no verb"
        found = found.commands[rest.pop(0)]
    options = {name for parameter in found.params for name in parameter.opts}
    assert {word for word in rest if word.startswith("--")} <= options


@pytest.mark.parametrize(("words", "command"), [(" ".join(words), command) for words, command in verbs()])
def test_every_verb_and_option_is_in_the_readme(words, command):
    table = README[README.index("## Commands") : README.index("## Settings")]
    line = next((line for line in table.splitlines() if f"`sheets-crm {words}" in line), None)
    if words in {"batch close", "batch undo"}:  # these share a line with batch show
        line = next(line for line in table.splitlines() if f"`{words.split()[1]} ID`" in line)
    assert line, f"{words} is not in the README's table"
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name != "as_json":
            assert parameter.opts[-1] in line, parameter.opts


def test_every_setting_is_in_the_readme_with_its_default():
    section = README[README.index("## Settings") : README.index("## What it promises")]
    table = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section, re.MULTILINE))
    assert set(table) == set(Settings.model_fields)
    for name, shown in table.items():
        default = Settings.model_fields[name].get_default(call_default_factory=True)
        if default not in ("", None):
            wanted = f"{default:g}" if isinstance(default, float) else str(default)
            assert shown.strip("`").strip('"') == wanted, name


def test_the_readmes_settings_file_is_understood(tmp_path, monkeypatch):
    body = next(body for name, body in BLOCK.findall(README) if name == "toml")
    path = tmp_path / "sheets_crm.toml"
    path.write_text(body.replace("…", "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg"), encoding="utf-8")
    found = load_settings(path, require=("spreadsheet_id", "credentials"))
    assert found.spreadsheet_id == "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg"


def headings(path):
    """The anchors of a page's headings, as GitHub makes them."""
    for title in re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", title.replace("`", "").lower())
        yield plain.strip().replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_resolves(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        file, _, anchor = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        assert path.is_relative_to(ROOT), target
        assert path.exists(), target
        if anchor:
            assert anchor in set(headings(path)), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_name_no_machine(page):
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"(?<!\w)/(work|tmp|root|home)/|pypi\.org|proxy\.golang", text)


@pytest.fixture
def make_messages(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    return importlib.import_module("make_messages")


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_guides_have_every_message_as_it_is(language, make_messages):
    text = make_messages.GUIDES[language].read_text(encoding="utf-8")
    assert text == make_messages.with_tables(text, language), "run: python docs/make_messages.py"


def test_every_message_has_a_remedy(make_messages):
    assert set(make_messages.REMEDIES) == set(make_messages.on_control())
    stops = {code.removeprefix("stop.") for code in make_messages.stops.TEXTS if not code.endswith(".remedy")}
    assert stops == make_messages.causes()


def test_the_guides_have_the_same_sections(make_messages):
    counts = [
        re.findall(r"^(#+) ", path.read_text(encoding="utf-8"), re.MULTILINE)
        for path in make_messages.GUIDES.values()
    ]
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_tab_and_setting_that_operators_see_is_in_the_guides(language, make_messages):
    text = make_messages.GUIDES[language].read_text(encoding="utf-8")
    shown = [spec.name(language) for spec in FEATURES.specs(Schema(STEPS), {}) if not spec.hidden]
    assert [title for title in shown if title not in text] == []
    for column in (*batches.COLUMNS, *storage.COLUMNS):
        assert not column.operator or f"`{column.header}`" in text or f"**{column.header}**" in text
        assert (
            not column.operator or f"`{column.name(language)}`" in text or f"**{column.name(language)}**" in text
        )


OWNER = ROOT / "docs" / "owner-document.md"


def test_every_test_that_the_owners_table_names_exists():
    text = OWNER.read_text(encoding="utf-8")
    files = dict(re.findall(r"`(\w):`\s+(?:is\s+)?`(tests/[\w/]+\.py)`", text))
    assert len(files) == 14
    cells = [line.rstrip(" |").rsplit("| ", 1)[1] for line in text.splitlines() if line.startswith("|")]
    named = [cell for cell in cells if re.match(r"(\w:|tests/)", cell)]
    assert len(named) > 40
    for cell in named:
        file, _, test = (files[cell[0]] + "::" + cell[2:] if cell[1] == ":" else cell).partition("::")
        source = (ROOT / file).read_text(encoding="utf-8")
        assert f"def {test}(" in source or not test, cell


def test_no_line_of_the_dashboard_is_missing_from_the_owners_table():
    text = OWNER.read_text(encoding="utf-8")
    assert [metric.id for metric in METRICS if f"`{metric.id}`" not in text] == []


def names_in_the_code():
    """Modules, classes, functions, variables, attributes and constant texts of the product."""
    for path in [*(ROOT / "sheets_crm").rglob("*.py"), *(ROOT / "jobs").rglob("*.py")]:
        if "emulator" in path.parts:
            continue
        yield path.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                yield node.name
            elif isinstance(node, ast.Name):
                yield node.id
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value.rstrip(".")  # "open_batch." is a key's beginning


def test_every_name_in_the_glossary_is_in_the_code():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    tokens = re.findall(r"`([A-Za-z_]\w*(?:\.\w+)?)`", text)
    assert len(tokens) > 80
    names = set(names_in_the_code())
    wanted = {part for token in tokens for part in ([token] if token.endswith(".py") else token.split("."))}
    assert sorted(wanted - names) == []
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    assert [row[0] for row in rows if len(row) != 3] == []
    assert [row[0] for row in rows if row[2] != "in the code |" and "`" not in row[2]] == []


def test_the_walk_of_a_tick_has_at_most_twelve_files_and_every_name_is_there():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    walk = text.partition("## The walk of one tick")[2].partition("\n## ")[0]
    stays = re.findall(r"^\d+\. `([\w/]+\.py)`: (.*)$", walk, re.MULTILINE)
    assert 10 <= len(stays) <= 12
    assert len({file for file, _ in stays}) == len(stays)
    for file, words in stays:
        source = (ROOT / "sheets_crm" / file).read_text(encoding="utf-8")
        names = [name for token in re.findall(r"`([\w.]+)`", words) for name in token.split(".")]
        assert names
        for name in names:
            assert re.search(rf"(def|class) {name}\b", source), (file, name)
