"""Lists as people have them: what their columns become, beside what a reader says that they should.

The files stand beside the project, or where ``ORDINARY_FILES`` says.
"""

import csv
import json
import os
from pathlib import Path

import pytest

from sheets_crm.files.tables import read_table
from sheets_crm.pipeline.imports.contacts.decide import contact_columns
from sheets_crm.pipeline.imports.contacts.list_head import header_row

FOLDER = Path(
    os.environ.get("ORDINARY_FILES") or Path(__file__).resolve().parents[3] / ".." / "shared" / "ordinary_files"
)
INDEX = FOLDER / "index.csv"
TARGETS = {
    "fullName": "@full_name",
    "company phone": "phone",
    "city/personLocation": "personLocation",
    "ignore": "",
}
FILES_RIGHT = 60
COLUMNS_RIGHT = 0.97

pytestmark = pytest.mark.skipif(not INDEX.exists(), reason="the ordinary files are not here")


def listed():
    with INDEX.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def grid_of(entry):
    path = FOLDER / entry["file"]
    if path.suffix == ".csv":
        with path.open(encoding=entry["encoding"], newline="") as file:
            delimiter = {"tab": "\t", "\\t": "\t"}.get(entry["delimiter"], entry["delimiter"])
            return list(csv.reader(file, delimiter=delimiter))
    tables = read_table(path)
    return next(table.cells for table in tables if table.name == entry["sheet"])


def names_of(header):
    """The names of columns as the index has them: ``Name#2`` for a repeat, ``#3`` without a header."""
    names, seen = [], {}
    for place, cell in enumerate(header, start=1):
        seen[cell] = seen.get(cell, 0) + 1
        repeat = f"{cell}#{seen[cell]}" if seen[cell] > 1 else cell
        names.append(repeat if cell.strip() else f"#{place}")
    return names


def differences(entry):
    grid = grid_of(entry)
    head = header_row(grid)
    assert head == (int(entry["header_row"]) - 1 if entry["header_row"] != "0" else None), entry["file"]
    rows = grid[head + 1 :] if head is not None else grid
    width = max(map(len, grid))
    header = grid[head] if head is not None else [""] * width
    decided = contact_columns(header, rows)
    becomes = {place: target for target, places in decided.columns.items() for place in places}
    expected = {name.strip(): target for name, target in json.loads(entry["expected_mapping"]).items()}
    names = [name.strip() for name in names_of(header)]
    assert set(expected) <= set(names), set(expected) - set(names)
    wrong = []
    for place, name in enumerate(names):
        wanted = TARGETS.get(expected.get(name, "ignore"), expected.get(name, "ignore"))
        if becomes.get(place, "") != wanted:
            wrong.append((name, wanted or "-", becomes.get(place, "-")))
    return len(names), wrong


@pytest.mark.long
def test_ordinary_lists_become_what_a_reader_says():
    entries = listed()
    columns = right = 0
    for entry in entries:
        count, wrong = differences(entry)
        columns += count - len(wrong)
        right += not wrong
        for name, wanted, got in wrong:
            print(f"{entry['file']}: {name!r} should be {wanted}, is {got}")
        entry["count"] = count
    total = sum(entry["count"] for entry in entries)
    print(f"files right: {right} of {len(entries)}; columns right: {columns} of {total} ({columns / total:.1%})")
    assert right >= FILES_RIGHT
    assert columns / total >= COLUMNS_RIGHT
