"""Tabs too large for one response are read in blocks, and again when something moved between two blocks."""

import pytest

from sheets_crm.engine import chunked_read, reading
from sheets_crm.google import blocks
from sheets_crm.workbook.cells import column_letters


@pytest.fixture
def small_blocks(monkeypatch):
    """As if 40 leads were too many for one answer."""
    monkeypatch.setattr(chunked_read, "TALL_CELLS", 300)
    for name, rows in {"FIRST_ROWS": 7, "LEAST_ROWS": 7, "MOST_ROWS": 7}.items():
        monkeypatch.setattr(blocks, name, rows)


def read(desk, before=lambda _place: None, told=None):
    """A full read; `before` is called before each request for a block, with its range."""
    gateway = desk.app.context.gateway
    part = gateway._read_part
    count = []

    def watched(ranges, option, *major):
        if major:
            count.append(ranges[0])
            before(ranges[0])
        return part(ranges, option, *major)

    gateway._read_part = watched
    try:
        snapshot = reading.read(gateway, desk.app.context.settings, lambda: desk.now, told or (lambda _text: None))
    finally:
        gateway._read_part = part
    return snapshot, count


def same(one, other):
    assert one.leads.equals(other.leads)
    assert one.sheets.keys() == other.sheets.keys()
    for key, sheet in one.sheets.items():
        there = other.sheets[key]
        assert sheet.frame.equals(there.frame), key
        assert (sheet.rows == there.rows).all(), key
        assert (sheet.column_index, sheet.missing, sheet.doubled, sheet.unkeyed) == (
            there.column_index,
            there.missing,
            there.doubled,
            there.unkeyed,
        ), key


@pytest.mark.long
def test_a_tab_read_in_blocks_is_the_tab(open_desk, small_blocks, monkeypatch):
    desk = open_desk("verified")
    desk.put("CompScrap Input", "A4", [[True]])
    beside = column_letters(len([header for header in desk.cells("CompScrap Input")[0] if header]))
    desk.put("CompScrap Input", f"{beside}3", [["own"]])
    said = []
    in_blocks, asked = read(desk, told=said.append)
    with monkeypatch.context() as patch:
        patch.setattr(chunked_read, "TALL_CELLS", 10**9)
        at_once, none = read(desk)

    assert not none
    assert sum("Master" in place for place in asked) >= 6
    assert "'Master'!8:14" in asked
    assert any("Master: 14 of" in text for text in said)
    same(in_blocks, at_once)
    assert sum(desk.sync(force=True)["sent"].values()) == 1
    assert desk.sync(force=True)["writes"] == 0


def sort(desk):
    spec = [{"dimensionIndex": 3, "sortOrder": "DESCENDING"}]
    area = {"sheetId": desk.tab_id("Master"), "startRowIndex": 1}
    desk.structure({"sortRange": {"range": area, "sortSpecs": spec}})


def send(desk):
    desk.tick("Verification Input", 3)
    desk.worker("other").sync(plan=False, now=True, force=False)


def fewer_rows(desk):
    body = {"sheetId": desk.tab_id("Verification Input"), "dimension": "ROWS", "startIndex": 20, "endIndex": 41}
    desk.structure({"deleteDimension": {"range": body}})


@pytest.mark.long
@pytest.mark.parametrize(
    ("tab", "act"),
    [("Master", sort), pytest.param("Master", send, marks=pytest.mark.long), ("Verification Input", fewer_rows)],
)
def test_what_happens_between_two_blocks_is_read_again(open_desk, small_blocks, tab, act):
    desk = open_desk("imported")
    waiting = [act]

    def before(place):
        if place == f"'{tab}'!22:28" and waiting:
            waiting.pop()(desk)

    found, asked = read(desk, before)

    assert not waiting
    assert asked.count(f"'{tab}'!1:7") == 2
    same(found, read(desk)[0])
    assert sorted(found.leads.index) == sorted(desk.leads())


@pytest.mark.long
def test_a_signal_that_never_fits_does_not_stop_the_read(open_desk, small_blocks):
    """As when somebody wrote over the formula."""
    desk = open_desk("imported")
    row = next(n for n, row in enumerate(desk.cells("System"), start=1) if row[0] == "signal.order.master")
    desk.put("System", f"B{row}", [[5]], who="owner")

    found, asked = read(desk)

    assert asked.count("'Master'!1:7") == reading.TORN_READS
    assert len(found.leads) == 40
