"""The routes of docs/how-to-add.md, each played on a workbook in use by a copy of the package with the page's edits."""

import ast
import re
import shutil
import tarfile
import time
from pathlib import Path

import pytest
from later_version import Later, copied_package
from test_workbooks_of_earlier_versions import HERE, VERSIONS
from workbench import Desk

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to-add.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
SECTIONS = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
ROUTES = [title for title, body in SECTIONS.items() if BLOCK.search(body)]


def edits(route):
    """Yield the file, the text that is there and the text that replaces it, for every edit of a route.

    Of a new file the text that is there is None.
    """
    for kind, body in BLOCK.findall(SECTIONS[route]):
        if kind == "python":
            name, text = body.split("\n", 1)
            yield name.removeprefix("# "), None, text
            continue
        for part in body.split("+++ ")[1:]:
            name, *lines = part.splitlines()
            assert {line[0] for line in lines} <= set(" +-"), name
            before = [line[1:] for line in lines if line[0] != "+"]
            after = [line[1:] for line in lines if line[0] != "-"]
            yield name, "\n".join(before) + "\n", "\n".join(after) + "\n"


def edited(root, route):
    """The files of a route with its edits, by path."""
    texts = {}
    for name, before, after in edits(route):
        path = root / name
        if before is None:
            assert not path.exists(), name
            texts[path] = after
        else:
            text = texts.get(path) or path.read_text(encoding="utf-8")
            assert f"\n{text}".count(f"\n{before}") == 1, f"{route}: {before!r} is not once in {name}"
            texts[path] = f"\n{text}".replace(f"\n{before}", f"\n{after}")[1:]
    return texts


# -- as values


def test_every_route_is_there_and_played():
    assert ROUTES == [
        "A metric",
        "A state of a step",
        "A header of an import",
        "A two-way table",
        "A setting",
        "A migration",
        "A module",
        "A job",
        "A source",
    ]


@pytest.mark.parametrize("route", ROUTES)
def test_the_places_of_a_route_are_in_the_code_and_its_lines_are_python(route):
    for path, text in edited(ROOT, route).items():
        ast.parse(text, str(path))


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_has_under_ten_lines_of_text_and_code(route):
    """Of text and of code to write: a neighbour, a file's name, its docstring and imports, and a blank line are none."""
    body = SECTIONS[route]
    text = [line for line in BLOCK.sub("", body).splitlines() if line]
    code = [line for kind, block in BLOCK.findall(body) for line in code_lines(kind, block)]
    assert len(text) + len(code) < 10


def code_lines(kind, block):
    lines = [line for line in block.splitlines() if line.strip() and not line.startswith("+++")]
    if kind == "diff":
        return [line for line in lines if line.startswith("+")]
    return [line for line in lines if not line.startswith(("#", '"""', "from "))]


# -- played


@pytest.fixture
def later(tmp_path):
    """A later version, by the route that the test names, on a workbook of a desk."""

    def of(route, desk, settings=""):
        for path, text in edited(copied_package(tmp_path / "later"), route).items():
            path.write_text(text, encoding="utf-8")
        return Later(tmp_path / "later", desk, settings)

    yield of
    shutil.rmtree(tmp_path / "later", ignore_errors=True)


@pytest.fixture
def used(open_desk):
    """Opens a workbook in use, at the clock of the processes of the later version."""

    def opened(stage):
        desk = open_desk(stage)
        desk.now = time.time()
        return desk

    return opened


def failed(later):
    return [one for one in later("doctor")["findings"] if not one["ok"] and one["check"] != "clock"]


@pytest.mark.long
def test_a_metric_has_figure_formula_and_column_of_history(later, used):
    desk = used("contacted")
    new = later("A metric", desk)
    assert new("init")["migrated"] == ["metric.instantly_waiting"]
    new("sync", "--now")
    waiting = sum(row["instantly_step_status"] == "processing" for row in desk.leads().values())
    status = new("status")
    assert status["metrics"]["instantly_waiting"] == status["dashboard"]["instantly_waiting"] == waiting > 0
    assert desk.rows("History")[-1]["instantly_waiting"] == waiting
    assert failed(new) == []


@pytest.mark.long
@pytest.mark.parametrize("version", VERSIONS)
def test_a_metric_comes_to_a_workbook_of_an_earlier_version(later, tmp_path, version):
    sheet_id, _ = VERSIONS[version]
    with tarfile.open(HERE / version / "contacted.tar.xz") as packed:
        packed.extractall(tmp_path, filter="data")
    desk = Desk(tmp_path, sheet_id=sheet_id)
    desk.now = time.time()
    try:
        new, header = later("A metric", desk), desk.cells("History")[0]
        assert "metric.instantly_waiting" in new("init")["migrated"]
        after = desk.cells("History")[0]
        assert after[: len(header)] == header
        assert "instantly_waiting" in after[len(header) :]
        new("sync", "--now")
        assert desk.rows("History")[-1]["instantly_waiting"] == new("status")["metrics"]["instantly_waiting"] > 0
        assert new("init")["migrated"] == []
        assert failed(new) == []
    finally:
        desk.close()


@pytest.mark.long
def test_a_state_is_counted_and_the_states_add_up(later, used):
    desk = used("contacted")
    new = later("A state of a step", desk)
    new("init")
    before = out(new)
    header, *rows = desk.cells("Master")
    column = header.index("instantly_step_status")
    place = next(n for n, row in enumerate(rows) if row[column] == "processing")
    desk.tab("Master", "owner").update_cell(2 + place, 1 + column, "failed")
    desk.set_control("sync_now", "B", True)  # the Master was edited by hand, which a full read sees
    new("sync", "--now")
    assert [row["instantly_step_status"] for row in desk.rows("Master")][place] == "failed"
    status = new("status")
    assert status["metrics"]["conservation_ok"] is status["dashboard"]["conservation_ok"] is True
    outstanding, returned = out(new)
    assert (outstanding, returned) == (before[0] - 1, before[1] + 1)
    assert failed(new) == []


def out(new):
    (batch,) = [one for one in new("batch", "list")["batches"] if one["step"] == "instantly"]
    return batch["outstanding"], batch["returned"]


@pytest.mark.long
def test_an_import_with_a_header_fills_its_column(later, used):
    desk = used("contacted")
    new = later("A header of an import", desk)
    header, rows = desk.batch("CompScrap")
    urls = [row[header.index("companyLinkedinUrl_fromP")] for row in rows]
    head = ["query", "companyName", "BRANCHE", "website", "employeesOnLinkedIn", "timestamp"]
    desk.paste(head, [[url, "X", "Brot", "x.example", "12", "2026-11-01T10:00:00Z"] for url in urls if url])
    new("sync", "--now")
    assert "Brot" in {lead["industry"] for lead in desk.leads().values()}
    assert failed(new) == []


@pytest.mark.long
def test_a_row_that_is_typed_gets_its_key_and_an_edit_its_answer(later, used):
    desk = used("imported")
    new = later("A two-way table", desk)
    assert "init" in str(new("sync", "--now", status=1))
    assert new("init")["created"] == ["Asks"]
    place = {name: n for n, name in enumerate(desk.cells("Asks")[0])}
    column = sheet_column(place["quién"])
    desk.put("Asks", f"{column}2", [["Ana"]])
    new("sync", "--now")
    (row,) = desk.rows("Asks")
    assert (row["_key"], row["quién"], row["oído"]) == ("K-0001", "Ana", "ANA")
    desk.put("Asks", f"{column}2", [["Eva"]])
    new("sync", "--now")
    (row,) = desk.rows("Asks")
    assert (row["_key"], row["quién"], row["oído"], row["problema"]) == ("K-0001", "Eva", "EVA", "")
    assert new("sync", "--now")["writes"] == 0
    assert failed(new) == []


def sheet_column(place):
    return chr(ord("A") + place)


@pytest.mark.long
def test_a_setting_has_its_effect_and_its_error(later, used):
    desk = used("imported")
    new = later("A setting", desk, 'late_mark = "LATE!"')
    desk.tick("Verification Input")
    new("sync", "--now")
    assert '"LATE!"' in str(desk.formulas("Batches")[1])
    new.set(f'late_mark = "{"x" * 21}"')
    assert "late_mark: string should have at most 20 characters." in str(new("sync", status=2))
    assert [row["id"] for row in desk.rows("Batches")] == ["V-0001"]


@pytest.mark.long
def test_a_migration_is_asked_for_made_once_and_recorded(later, used):
    desk = used("contacted")
    new = later("A migration", desk)
    before = {title: desk.cells(title) for title in ("Master", "Box1 Input", "Box1 Batch")}
    assert "0.7.0-sub" in str(new("sync", "--now", status=1))
    assert {title: desk.cells(title) for title in before} == before
    assert new("init")["migrated"] == ["0.7.0-sub"]
    for title, cells in before.items():
        assert [row[: len(cells[0])] for row in desk.cells(title)] == cells
        assert desk.cells(title)[0][-1] == "subIndustry"
    assert "0.7.0-sub" in {row[0]: row[1] for row in desk.cells("System")}["migrations"].split()
    assert new("init")["migrated"] == []
    new("sync", "--now")
    assert failed(new) == []


@pytest.mark.long
def test_a_module_is_switched_on_and_off(later, used):
    desk = used("imported")
    titles = desk.titles()
    new = later("A module", desk)
    new("sync", "--now")
    assert desk.titles() == titles
    new.set('modules = ["visits"]')
    assert "visits" in str(new("sync", "--now", status=1))
    assert new("init")["created"] == ["Visits"]
    desk.put("Visits", "A2", [["mine"]])
    new("sync", "--now")
    assert desk.rows("Visits") == [{"visit": "mine", "heard": ""}]
    assert failed(new) == []
    new.set("")
    assert "visits" in str(new("sync", "--now", status=1))
    new("init")
    new("sync", "--now")
    assert desk.tab("Visits", "owner").isSheetHidden
    assert desk.rows("Visits") == [{"visit": "mine", "heard": ""}]


@pytest.mark.long
def test_a_job_is_listed_and_its_effect_is_in_the_workbook_when_it_has_run(later, used):
    desk = used("contacted")
    lead = next(number for number, row in desk.leads().items() if row["verification_status"] == "completed")
    new = later("A job", desk, '[jobs]\nagain = "sun 04:00"')
    new("sync", "--now")
    assert new("job", "again")["idle"]  # no list came
    folder = desk.directory / "later"
    (folder / "again.txt").write_text(f"{lead} 999999")
    new("job", "again")  # there is no such second lead, which keeps nobody else waiting
    assert desk.leads()[lead]["verification_status"] != "completed"
    assert not (folder / "again.txt").exists()  # or the next night would open the same leads again
    rows = {row["name"]: row for row in new("job", "list")["rows"]}
    assert (rows["again"]["trigger"], rows["again"]["outcome"]) == ("sun 04:00", "done")
    assert failed(new) == []


@pytest.mark.long
def test_a_source_s_files_are_imports_once(later, used):
    desk = used("imported")
    new = later("A source", desk)
    new("sync", "--now")
    assert new("job", "partner")["idle"]  # nothing came
    before, folder = set(desk.leads()), desk.directory / "later" / "partner"
    folder.mkdir()
    people = "First Name,Last Name,Company,Email\nAna,Soto,Uno,ana@uno.example\nLuis,Vera,Dos,luis@dos.example\n"
    for day in ("monday", "tuesday"):  # the same people come again
        (folder / f"{day}.csv").write_text(people, encoding="utf-8")
        new("job", "partner")
        assert list(folder.iterdir()) == []
    added = [row["email"] for number, row in desk.leads().items() if number not in before]
    assert sorted(added) == ["ana@uno.example", "luis@dos.example"]
    assert failed(new) == []
