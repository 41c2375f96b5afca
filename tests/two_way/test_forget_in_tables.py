"""Forgetting a person reaches what operators wrote about them into two-way tables, and what is remembered."""

import pytest
from faults import Interrupted
from model import Model
from notebook import NOTEBOOK, ON
from scratch import SCRATCH
from snapshots import workbook
from test_over_http import TITLE, keyed, rows, typed
from test_two_workers import sort_rows

from sheets_crm.config import Settings
from sheets_crm.engine.erased_cells import EraseMentions
from sheets_crm.engine.table_reads import TableRead
from sheets_crm.features.registry import FEATURES
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.plan.changes import RowCells

ANA = Person(1, names=frozenset({"ana ruiz"}))


def told(desk, name):
    """Where a name still stands: titles of tabs, names of files of this machine."""
    tabs = {title for title, cells in desk.everything().items() if any(name in str(row) for row in cells)}
    files = [path for path in desk.settings.state_dir.rglob("*") if path.is_file()]
    return tabs | {path.name for path in files if name.encode() in path.read_bytes()}


def noted(desk):
    """A lead of whom operators wrote into the table; their name and number."""
    row = desk.leads()[4]
    name = f"{row['firstName']} {row['lastName']}"
    typed(desk, f"call {name}", "alpha", "gamma")
    desk.put(TITLE, "D4", [[f"{name}, many"]])
    desk.put(TITLE, "C3", [["beta"]])
    desk.sync()
    assert {TITLE, "cache.db"} <= told(desk, name)
    return name, row["LeadNumber"]


@pytest.mark.long
def test_rows_that_name_the_person_lose_those_cells_alone(table):
    name, number = noted(table)
    report = table.app.forget(str(number))
    assert told(table, name) == set()
    assert TITLE in report.json["tabs"]
    shown = {key: (row["word"], row["shown"]) for key, row in keyed(table).items()}
    assert shown == {"S-0001": ("", ""), "S-0002": ("beta", "BETA"), "S-0003": ("gamma", "GAMMA")}
    table.sync()
    table.sync()
    assert table.sync()["idle"]
    table.put(TITLE, "C2", [["delta"]])
    table.sync()
    assert [row["shown"] for row in rows(table)] == ["DELTA", "BETA", "GAMMA"]


@pytest.mark.long
def test_an_edit_that_nobody_has_handled_yet_loses_the_person_too(table):
    name, number = noted(table)
    table.put(TITLE, "D3", [[f"again {name}"]])
    table.put(TITLE, "C4", [["delta"]])
    table.app.forget(str(number))
    assert told(table, name) == set()
    table.sync()
    assert [row["word"] for row in rows(table)] == ["", "beta", "delta"]


@pytest.mark.long
def test_rows_that_are_sorted_before_the_write_do_not_keep_the_person(table):
    name, number = noted(table)
    sorting = table.worker(
        wrap=lambda gateway: Interrupted(gateway, 1, only=("apply",), act=lambda: sort_rows(table))
    )
    sorting.forget(str(number))
    assert told(table, name) == set()
    table.sync()
    assert keyed(table)["S-0002"]["word"] == "beta"


@pytest.mark.long
def test_a_table_whose_module_is_switched_off_is_reached_too(table):
    name, number = noted(table)
    table.settings = Settings(**{**table.settings.model_dump(), "modules": []})
    table.app = table.worker()
    table.init()
    table.app.forget(str(number))
    assert told(table, name) == set()
    table.settings = Settings(**{**table.settings.model_dump(), **ON})
    table.app = table.worker()
    table.init()
    table.sync()
    assert sorted(row["word"] for row in rows(table)) == ["", "beta", "gamma"]
    assert sorted(row["shown"] for row in rows(table)) == ["", "BETA", "GAMMA"]


# -- as values


def erased_from(model):
    """The cells that one write puts into the table, by 0-based grid row and header, when Ana is erased from it."""
    book = workbook(features=FEATURES.with_modules([NOTEBOOK]))
    for row in model.rows:
        book.row("scratch", **row)
    sheet = book.snapshot().sheets["scratch"]
    keys = tuple(row["_key"] for row in model.rows)
    edits = tuple(model.read())
    read = TableRead(SCRATCH, sheet.tab, sheet.column_index, edits, keys, len(edits))
    outcome = book.read(edits={"scratch": read}).decide(commands=[EraseMentions(ANA)])
    written = [one for one in outcome.plan.changes if isinstance(one, RowCells) and one.spec is SCRATCH]
    return {(cell.row, cell.header): cell.value for one in written for cell in one.cells}


def test_cells_that_name_the_person_are_blanked_once_the_edits_of_the_table_are_handled():
    """Both would write the `_seen` of a row that was edited and names the person."""
    model = Model()
    model.add(word="call Ana Ruiz")
    model.add(word="alpha")
    model.run(lambda edit: {"shown": edit.values["word"].upper()})
    model.rows[1]["word"] = "beta"

    first = erased_from(model)
    assert first[2, "shown"] == "BETA"
    assert {row for row, _ in first} == {2}

    model.run(lambda edit: {"shown": edit.values["word"].upper()})
    assert erased_from(model) == {(1, "word"): "", (1, "shown"): "", (1, "_seen"): ""}
