"""What commands say of their work: nothing that was not so, everything that is wrong, and where."""

import json

import pytest

from sheets_crm.cli.render import lines
from sheets_crm.errors import AccessError, FileError, RefusedPlan
from sheets_crm.operations.imports import _recognised


def notes(desk):
    return [
        one for one in desk.app.doctor(probe=False).json["findings"] if not one["ok"] and one["check"] != "clock"
    ]


def delete_rows(desk, title, first, count):
    where = {"sheetId": desk.tab_id(title), "dimension": "ROWS", "startIndex": first, "endIndex": first + count}
    desk.structure({"deleteDimension": {"range": where}})


def delete_column(desk, title, header):
    column = desk.cells(title)[0].index(header)
    where = {"sheetId": desk.tab_id(title), "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
    desk.structure({"deleteDimension": {"range": where}})


@pytest.mark.long
def test_a_deleted_column_of_an_input_tab_comes_back_and_operators_cells_stay(open_desk):
    desk = open_desk("imported")
    header, first, *_ = desk.stored("Verification Input")
    notes_column = header.index("notas")
    desk.put("Verification Input", f"{chr(65 + notes_column)}2", [["llamar"]])
    properties = {"sheetId": desk.tab_id("Verification Input"), "title": "Verificar"}
    desk.structure({"updateSheetProperties": {"properties": properties, "fields": "title"}})
    delete_column(desk, "Verificar", "firstName")

    with pytest.raises(RefusedPlan, match="Verificar"):
        desk.sync(force=True)
    assert "Verificar" in desk.init()["repaired"]

    row = dict(zip(*desk.stored("Verificar")[:2], strict=False))
    assert row["notas"] == "llamar"
    assert row["firstName"] == dict(zip(header, first, strict=False))["firstName"]
    assert desk.cells("Verificar")[0][-1] == "firstName"
    assert notes(desk) == []


@pytest.mark.long
def test_an_idle_worker_notices_a_deleted_column_within_the_time_between_two_full_reads(open_desk):
    desk = open_desk("imported")
    desk.sync(now=False, scheduled=True)
    delete_column(desk, "Verification Input", "firstName")
    desk.now += desk.settings.full_reconcile_minutes * 60 + 1
    with pytest.raises(RefusedPlan, match="firstName"):
        desk.sync(now=False, scheduled=True)


@pytest.mark.long
def test_doctor_tells_people_of_a_stop_in_their_language_and_scripts_in_english(open_desk):
    desk = open_desk("imported")
    delete_column(desk, "Verification Input", "firstName")
    report = desk.app.doctor(probe=False)
    assert "falta o se repite: firstName." in "\n".join(lines(report, "es"))
    body = json.loads(json.dumps(report.as_json(), default=str))
    (found,) = [one["found"] for one in body["findings"] if "firstName" in one["found"]]
    assert found == "The header row was changed (Verification Input!1:1); missing or repeated: firstName."


@pytest.mark.long
def test_init_that_stops_after_it_made_tabs_says_so_and_doctor_lists_everything(open_desk):
    desk = open_desk("imported")
    before = len(desk.leads())
    desk.structure({"deleteSheet": {"sheetId": desk.tab_id("Storage")}})
    delete_rows(desk, "Master", 1, before // 2)

    found = " ".join(one["found"] for one in notes(desk))
    assert "Storage" in found
    assert f"{before - before // 2} leads" in found

    with pytest.raises(RefusedPlan) as refused:
        desk.init()
    assert "Nothing" not in refused.value.state
    assert "Storage" in refused.value.state


@pytest.mark.long
def test_undoing_a_batch_that_is_back_says_that_there_was_nothing_to_undo(open_desk):
    desk = open_desk("sent")
    desk.app.batch_undo("V-0001")
    report = desk.app.batch_undo("V-0001")
    assert report.ok
    assert "nothing to undo" in report.title
    assert "no hay nada que deshacer" in report.title.localized("es")
    assert report.json["answers"] == [str(report.title)]


@pytest.mark.long
def test_rows_that_were_not_merged_are_not_counted_as_merged(open_desk):
    desk = open_desk("imported")
    again = desk.app.import_tables([str(desk.directory / "export.csv")], step=None, target_id=None, plan=False)
    (counted,) = again.json["drops"]
    assert counted["new"] == counted["updated"] == 0
    assert "merged" not in again.title
    assert f"{counted['duplicate'] or counted['unchanged']:,} " in again.title
    assert desk.rows("Log")[0]["merged"] == 0


@pytest.mark.long
def test_the_journal_shows_dates_in_the_workbooks_time_zone(open_desk):
    desk = open_desk("sent")
    report = desk.app.history(next(iter(map(str, desk.leads()))))
    (table,) = report.tables
    lines = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    new = next(line["new"] for line in lines if line["column"] == "(new lead)")
    assert new["imported_at"].startswith("2026-05-2")
    assert {line["when"][:13] for line in lines} <= {new["imported_at"][:13], *[x["when"][:13] for x in lines]}
    assert all("T" not in line["when"] and "+" not in line["when"] for line in lines)
    assert lines[0]["when"][:13] == new["imported_at"][:13]  # one time zone


@pytest.mark.parametrize("url", ["https://docs.google.com/spreadsheets/d/short/edit", "https://example.com/a.csv"])
def test_an_address_that_is_none_keeps_its_slashes(open_desk, url):
    with pytest.raises(FileError) as refused:
        open_desk("imported").app.import_tables([url], step=None, target_id=None, plan=False)
    assert url in refused.value.message


def test_a_spreadsheet_that_is_not_there_is_named_by_its_address(open_desk):
    url = "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg/edit"
    with pytest.raises(AccessError) as refused:
        open_desk("imported").app.import_tables([url], step=None, target_id=None, plan=False)
    assert url in refused.value.message
    assert "spreadsheet_id" not in refused.value.remedy


@pytest.mark.long
def test_tabs_that_are_no_output_are_listed_one_a_line(open_desk):
    desk = open_desk("imported")
    sheet = type("Sheet", (), {})
    tables = []
    for n in range(3):
        table = sheet()
        table.name, table.cells = f"Hoja {n}", [["zzz", "yyy"], ["1", "2"]]
        tables.append(table)
    with pytest.raises(FileError) as refused:
        _recognised(desk.app.context, [("book.xlsx", tables)], None, plan=False)
    assert [text.split(":")[0] for text in refused.value.details] == ["Hoja 0", "Hoja 1", "Hoja 2"]
    assert len(refused.value.message) < 100
