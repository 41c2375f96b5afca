"""What operators do to a two-way table over HTTP besides typing: languages, columns, sorts, half-typed rows, deletions."""

from dataclasses import replace

import pytest
from notebook import REQUIRED, Work
from scratch import SCRATCH
from test_over_http import TITLE, keyed, rows, typed
from test_over_http import run as obey
from test_two_workers import sort_rows

from sheets_crm.engine.run import run_once
from sheets_crm.engine.session import RunRequest
from sheets_crm.workbook.two_way.columns import header_ids


def scheduled(desk, meanwhile=()):
    """A run as the worker makes it, with debounce; operators act while it waits, one after the other."""
    acts = list(meanwhile)
    context = desk.app.context

    def sleep(seconds):
        desk.now += seconds
        if acts:
            acts.pop(0)()

    desk.now += 30
    return run_once(replace(context.ports(), sleep=sleep), context.settings, RunRequest(scheduled=True))


def column(desk, header, title=TITLE):
    return header_ids(SCRATCH, desk.cells(title)[0]).index(header)


@pytest.mark.long
def test_a_half_typed_row_waits_and_others_count(table):
    typed(table, "alpha", "beta")
    table.put(TITLE, "C2", [["ready"]])
    table.put(TITLE, "C3", [["h"]])
    texts = iter("abcdefghijklmnopq")
    scheduled(table, [lambda: table.put(TITLE, "C3", [[f"h{next(texts)}"]])] * 12)
    found = keyed(table)
    assert (found["S-0001"]["shown"], found["S-0002"]["shown"]) == ("READY", "BETA")
    scheduled(table)
    assert keyed(table)["S-0002"]["shown"] == "HL"


@pytest.mark.long
def test_a_row_that_never_stands_still_has_a_problem(table):
    typed(table, "alpha")
    texts = iter(range(1000))
    table.put(TITLE, "C2", [["h"]])
    for _ in range(12):
        table.now += 60
        scheduled(table, [lambda: table.put(TITLE, "C2", [[f"h{next(texts)}"]])] * 12)
    assert "diez minutos" in keyed(table)["S-0001"]["problem"]
    scheduled(table)
    assert keyed(table)["S-0001"]["problem"] == ""


@pytest.mark.long
def test_columns_moved_and_added_and_a_row_inserted_below_the_header(table):
    typed(table, "alpha", "beta")
    number = table.tab_id(TITLE)
    source = {"sheetId": number, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
    own = {"sheetId": number, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    first = {"sheetId": number, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    table.structure(
        {"moveDimension": {"source": source, "destinationIndex": 8}},
        {"insertDimension": {"range": own, "inheritFromBefore": False}},
        {"insertDimension": {"range": first, "inheritFromBefore": False}},
        who="owner",
    )
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    table.put(TITLE, f"{letters[column(table, 'word')]}2", [["first"]])
    table.put(TITLE, "B1", [["mine"], ["kept"]])
    table.sync()
    assert [(row["_key"], row["word"], row["shown"], row["mine"]) for row in rows(table)] == [
        ("S-0003", "first", "FIRST", "kept"),
        ("S-0001", "alpha", "ALPHA", ""),
        ("S-0002", "beta", "BETA", ""),
    ]
    assert table.sync()["idle"]


@pytest.mark.long
def test_whole_rows_may_be_sorted_at_any_time(table):
    typed(table, "alpha", "beta", "gamma")
    sort_rows(table)
    table.sync()
    assert [row["_key"] for row in rows(table)] == ["S-0003", "S-0002", "S-0001"]
    table.put(TITLE, "C3", [["changed"]])
    sort_rows(table, down=False)
    table.sync()
    assert {row["_key"]: row["shown"] for row in rows(table)} == {
        "S-0001": "ALPHA",
        "S-0002": "CHANGED",
        "S-0003": "GAMMA",
    }
    assert table.sync()["idle"]


@pytest.mark.long
@pytest.mark.parametrize(("locale", "language"), [("en_US", "en"), ("de_DE", "es")])
def test_both_languages_and_other_locales(open_desk, notebook, switched_on, locale, language):
    desk = open_desk("imported", locale, language=language)
    switched_on(desk)
    title = SCRATCH.name(language)
    desk.put(title, "C2", [["alpha", "", 1.5]])
    desk.sync()
    (row,) = rows(desk, title)
    assert (row["_key"], row["ratio"], row["shown"]) == ("S-0001", 1.5, "ALPHA")
    assert row["stage"] == SCRATCH.column("stage").choices[0].name(language)
    assert desk.sync()["idle"]


@pytest.mark.long
def test_a_row_that_others_hang_on_comes_back_when_it_is_deleted(table, monkeypatch):
    typed(table, "alpha", "beta")
    monkeypatch.setitem(REQUIRED, "S-0001", {"word": "alpha", "stage": "won"})
    block = {"sheetId": table.tab_id(TITLE), "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    table.structure({"deleteDimension": {"range": block}}, who="operator")
    table.sync()
    assert [(row["_key"], row["word"]) for row in rows(table)] == [("S-0002", "beta"), ("S-0001", "alpha")]
    assert "ha vuelto" in keyed(table)["S-0001"]["problem"]
    assert table.sync()["idle"]


@pytest.mark.long
def test_a_half_complete_row_is_recorded_and_not_acted_on(table):
    table.put(TITLE, "D2", [[5]])
    table.sync()
    (row,) = rows(table)
    assert (row["_key"], row["count"], row["shown"]) == ("S-0001", 5, "")
    assert "palabra" in row["problem"]
    table.put(TITLE, "C2", [["alpha"]])
    table.sync()
    (row,) = rows(table)
    assert (row["shown"], row["problem"]) == ("ALPHA", "")


@pytest.mark.long
def test_each_edit_is_in_the_change_journal(table):
    typed(table, "alpha")
    table.put(TITLE, "C2", [["beta"]])
    table.sync()
    entries = table.app.context.journal.entries()
    told = [
        (one["key"], one["column"], one["old"], one["new"]) for one in entries if one.get("table") == "scratch"
    ]
    assert told == [("S-0001", "word", "", "alpha"), ("S-0001", "word", "alpha", "beta")]


@pytest.mark.long
def test_a_lost_system_does_not_give_a_key_again(table):
    typed(table, "alpha", "beta")
    table.structure({"deleteSheet": {"sheetId": table.tab_id("System")}})
    table.init()
    table.put(TITLE, "C4", [["gamma"]])
    table.sync()
    assert sorted(keyed(table)) == ["S-0001", "S-0002", "S-0003"]


@pytest.mark.long
def test_blank_rows_stay_below(table):
    table.put(TITLE, "C40", [["low"]])
    table.sync()
    info = {tab.title: tab for tab in table.app.context.gateway.info().tabs}
    assert info[TITLE].rows >= 40 + 50
    assert table.sync()["idle"]


@pytest.mark.long
def test_an_edit_in_ten_thousand_rows_reads_little(table):
    obey(table, Work(append=tuple({"word": f"word {n}"} for n in range(10_000))))
    table.sync()
    read = []
    real = table.app.context.gateway.values
    table.put(TITLE, "C5000", [["changed"]])

    def counted(ranges):
        answer = real(ranges)
        read.append(sum(len(row) for one in answer for row in one))
        return answer

    table.app.context.gateway.values = counted
    table.now += 60
    spent = table.spent(table.sync)
    assert sum(spent.values()) == 3
    assert sum(read) < 20_000
    assert keyed(table)["S-4999"]["shown"] == "CHANGED"
    assert table.sync()["idle"]
