"""A metric and a column added to the program, in the middle of their lists: a workbook in use gets them by `init`.

The later version is a copy of the package with four lines more, which runs as a process of its own.
"""

import time

import pytest
from later_version import Later, copied_package
from workbench import Desk

from sheets_crm.errors import RefusedPlan

pytestmark = pytest.mark.long

MIGRATION = '''    Migration(
        "9.9.0-sub-industry",
        "A company's sub-industry.",
        {
            "master": ("subIndustry",),
            "input.box1": ("subIndustry",),
            "batch.box1": ("subIndustry",),
        },
    ),
)
"""Every migration'''
EDITS = {
    "pipeline/columns.py": ('    "industry",\n', '    "industry",\n    "subIndustry",\n'),
    "pipeline/imports/formats.py": (
        '    Field("industry", (',
        '    Field("subIndustry", ("subIndustry",)),\n    Field("industry", (',
    ),
    "pipeline/metric_list.py": (
        '    _ratio(\n        "instantly_reply_ratio",',
        (
            '    _count("instantly_waiting", "instantly", "instantly_processing", "Leads que esperan", "Waiting"),\n    _ratio(\n'
            '        "instantly_reply_ratio",'
        ),
    ),
    "workbook/migrations.py": (')\n"""Every migration', MIGRATION),
}
GETS = {
    "Master": "subIndustry",
    "History": "instantly_waiting",
    "Box1 Input": "subIndustry",
    "Box1 Batch": "subIndustry",
}
REWRITTEN = ("Control", "Dashboard", "Versiones", "System", "Log", "Lead Profile")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = copied_package(tmp_path_factory.mktemp("later"))
    copy = folder / "sheets_crm"
    for name, (before, after) in EDITS.items():
        text = (copy / name).read_text()
        assert text.count(before) == 1, name
        (copy / name).write_text(text.replace(before, after))
    return folder


@pytest.fixture
def desk(open_desk):
    """A workbook in use, with columns of the owner's own and settings on Control."""
    found = open_desk("contacted")
    found.now = time.time()  # the later version's processes go by the machine's clock
    for title in ("Master", "Box1 Input"):
        width = len(found.cells(title)[0])
        number = found.tab_id(title)
        found.structure({"appendDimension": {"sheetId": number, "dimension": "COLUMNS", "length": 1}})
        tab = found.tab(title, "owner")
        tab.update([["mío"], ["propio"]], sheet_range(width))
    found.set_control("schedule.2", "B", 17)
    found.sync()
    return found


def sheet_range(column):
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}1:{letters}2"


def test_a_workbook_in_use_is_migrated_and_nothing_else_moves(package, desk):
    later = Later(package, desk)
    before = desk.everything(*REWRITTEN)
    refused = later("sync", "--now", status=1)
    assert "9.9.0-sub-industry" in str(refused)
    assert "init" in str(refused)
    assert desk.everything(*REWRITTEN) == before

    assert later("init")["migrated"] == ["9.9.0-sub-industry", "metric.instantly_waiting"]

    after = desk.everything(*REWRITTEN)
    assert after.keys() == before.keys()
    for title, cells in before.items():
        width = max(map(len, cells), default=0)
        now = [row[:width] for row in after[title]]
        assert now[: len(cells)] == cells, title
        new = [name for name in after[title][0][width:] if name != ""] if cells else []
        assert new == ([GETS[title]] if title in GETS else []), title
    assert desk.control("schedule.2")[1][1] == 17

    status = later("status")
    assert status["dashboard"].keys() == status["metrics"].keys()
    assert "instantly_waiting" in status["metrics"]
    for name, value in status["metrics"].items():
        assert status["dashboard"][name] == (pytest.approx(value) if isinstance(value, float) else value), name
    waiting = sum(row["instantly_step_status"] == "processing" for row in desk.leads().values())
    assert status["metrics"]["instantly_waiting"] == waiting > 0
    findings = later("doctor")["findings"]
    assert [one for one in findings if not one["ok"] and one["check"] != "clock"] == []
    assert later("init")["migrated"] == []

    with pytest.raises(RefusedPlan, match="newer version"):
        desk.sync()
    with pytest.raises(RefusedPlan, match="newer version"):
        desk.init()


def test_a_migrated_workbook_goes_on_and_a_lost_header_is_put_back_in_its_place(package, desk):
    later = Later(package, desk)
    later("init")
    header, rows = desk.batch("CompScrap")
    head = ["query", "companyName", "industry", "website", "employeesOnLinkedIn", "timestamp", "subIndustry"]
    urls = [row[header.index("companyLinkedinUrl_fromP")] for row in rows]
    body = [[url, "X", "Food", "x.example", "12", "2026-11-01T10:00:00Z", "Bread"] for url in urls if url]
    desk.paste(head, body)
    later("sync", "--now")
    leads = desk.leads()
    assert {lead["subIndustry"] for lead in leads.values()} == {"", "Bread"}
    shown = {row["LeadNumber"]: row["subIndustry"] for row in desk.rows("Box1 Batch")}
    assert shown
    assert all(shown[number] == leads[number]["subIndustry"] for number in shown)

    place = desk.cells("Master")[0].index("subIndustry")
    name = sheet_range(place).partition(":")[0]
    desk.tab("Master", "owner").update([[""]], name)
    later("sync", "--force", status=1)
    assert "Master" in later("init")["repaired"]
    assert desk.cells("Master")[0].index("subIndustry") == place
    assert desk.leads() == leads


def test_tabs_made_anew_after_a_migration_stand_as_they_were_made(package, desk):
    """History comes back with its columns in their declared order, System without the record of what was migrated."""
    later = Later(package, desk)
    later("init")
    book = desk.client("owner").open_by_key(desk.sheet_id)
    for title in ("System", "History"):
        book.del_worksheet(book.worksheet(title))
    made = later("init")
    assert sorted(made["created"]) == ["History", "System"]
    # Of formats nobody sees whether they are there: they are set once more.
    assert made["migrated"] == [
        "0.3.0-ages",
        "0.5.0-people-first",
        "0.5.0-words",
        "0.5.0-newest-first",
        "0.5.0-dates",
        "0.6.0-settings-seen",
        "0.6.0-title-of-rejected",
    ]
    names = desk.cells("History")[0]
    place = names.index("instantly_waiting")
    assert names[place - 1] == "instantly_sent"
    desk.tab("History", "owner").update([[""]], sheet_range(place).partition(":")[0])
    assert "History" in later("init")["repaired"]
    assert desk.cells("History")[0] == names
    header = [name for name in desk.cells("Master")[0] if name]
    assert header.count("subIndustry") == 1
    assert later("sync", "--now")["writes"] == 0


def test_a_workbook_that_the_later_version_makes_has_them_in_their_place(package, tmp_path):
    desk = Desk(tmp_path)
    try:
        later = Later(package, desk)
        assert later("init")["migrated"] == []
        header = desk.cells("Master")[0]
        assert header[header.index("industry") + 1] == "subIndustry"
        names = desk.cells("History")[0]
        assert names[names.index("instantly_sent") + 1] == "instantly_waiting"
        assert later("sync", "--now")["writes"] == 0
    finally:
        desk.close()
