"""What operators do between two runs, and what they find afterwards."""

import pytest
from gspread.exceptions import APIError

from sheets_crm import sample
from sheets_crm.engine import journal
from sheets_crm.files import write_csv
from sheets_crm.workbook.tabs import begins_block


def unchanged(desk):
    """Whether one more run has nothing to do and changes nothing."""
    before = desk.everything()
    report = desk.sync(force=True)
    return report["writes"] == 0 and desk.everything() == before


def rename(desk, title, new, index=None):
    properties = {"sheetId": desk.tab_id(title), "title": new}
    fields = "title"
    if index is not None:
        properties["index"], fields = index, "title,index"
    desk.structure({"updateSheetProperties": {"properties": properties, "fields": fields}})


def add_tab(desk, title, rows, who="operator"):
    desk.structure({"addSheet": {"properties": {"title": title}}}, who=who)
    desk.put(title, "A1", rows, who=who)


def add_columns(desk, title, count=1):
    desk.structure({"appendDimension": {"sheetId": desk.tab_id(title), "dimension": "COLUMNS", "length": count}})


# -- tabs and columns


@pytest.mark.long
def test_tabs_may_be_renamed_and_reordered(open_desk):
    desk = open_desk("imported")
    for title, new in (("Verification Input", "Verificar ahora"), ("Inbox", "Buzón de Ana's"), ("System", "Sys")):
        rename(desk, title, new, index=0)
    desk.tick("Verificar ahora", 5)

    assert desk.sync()["sent"] == {"V-0001": 5}
    desk.paste(*sample.verification_output(*desk.batch("Verification"), seed=3), title="Buzón de Ana's")
    assert desk.sync()["drops"][0]["updated"] == 5
    desk.init()
    desk.tick("Verificar ahora", 2)
    assert desk.sync()["sent"] == {"V-0002": 2}
    assert unchanged(desk)


@pytest.mark.long
def test_moved_columns_are_followed_also_after_init(open_desk):
    desk = open_desk("imported")
    number = desk.tab_id("Verification Input")
    source = {"sheetId": number, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    desk.structure({"moveDimension": {"source": source, "destinationIndex": 4}})
    desk.init()
    assert desk.cells("Verification Input")[0][3] == "send"
    desk.put("Verification Input", "D3", [[True]])
    second = desk.cells("Verification Input")[2]

    assert desk.sync()["sent"] == {"V-0001": 1}
    assert [int(row[0]) for row in desk.batch("Verification")[1]] == [second[0]]
    assert unchanged(desk)


@pytest.mark.long
def test_operators_own_columns_stay_beside_their_leads(open_desk):
    desk = open_desk("imported")
    tab = "Verification Input"
    place = len(desk.cells(tab)[0])
    letter = chr(65 + place)
    desk.put(tab, f"{letter}1", [["mi columna"]])
    listed = [row["LeadNumber"] for row in desk.rows(tab)]
    desk.put(tab, f"{letter}2", [[f"sobre {number}"] for number in listed])
    desk.put(tab, "A3", [[True], [True], [""], [True]])
    desk.sync()
    desk.load(["vmid", "firstName", "lastName"], [["ACwAAA900900", "Neu", "Person"]], name="b.csv")

    left = desk.cells(tab)[1:]
    assert len(left) == len(listed) - 3 + 1
    for row in left[:-1]:
        assert row[place] == f"sobre {row[1]}"
    assert left[-1][place] == ""


@pytest.mark.long
@pytest.mark.parametrize("how", ["init", "parts"])
def test_what_is_typed_on_control_while_tabs_are_set_up_stays(open_desk, how):
    """Between the read of ``init``, or of a run that adds batch tabs, and its write."""
    desk = open_desk("imported")
    typed = {"schedule.5": "sí", "box1_version": "v7", "target_id": "T9", "step.box1": 12, "sync_now": True}
    columns = {"step.box1": "D"}
    if how == "parts":
        desk.set_control("step.company_scrap", "F", 3)
        desk.set_control("sync_now", "B", True)
    apply = desk.app.context.gateway.apply
    waiting = [True]

    def typing(*call, **options):
        if waiting and waiting.pop():
            for row_id, value in typed.items():
                desk.set_control(row_id, columns.get(row_id, "B"), value)
        return apply(*call, **options)

    desk.app.context.gateway.apply = typing
    before = {row_id: desk.control(row_id)[0] for row_id in typed}
    if how == "init":
        desk.init()
    else:
        desk.sync()

    there = {row_id: desk.control(row_id)[1]["ABCD".index(columns.get(row_id, "B"))] for row_id in typed}
    assert there == typed | {"sync_now": there["sync_now"]}
    # Two batch tabs more are two rows more of the list, which stands between what comes next and the settings.
    lower = 0 if how == "init" else 2
    rows = {row_id: desk.control(row_id)[0] for row_id in typed}
    below = {"schedule.5", "box1_version"}
    assert rows == {row_id: row + lower * (row_id in below) for row_id, row in before.items()}
    desk.sync()
    assert any("«sí»" in text or "Calendario de envíos" in text for text in desk.problems()), desk.problems()


@pytest.mark.long
def test_a_tab_renamed_while_tabs_are_set_up_leaves_every_formula_right(open_desk):
    """Between the read of ``init`` and its write, whose formulas would name a tab that is not there."""
    desk = open_desk("imported")
    apply = desk.app.context.gateway.apply
    waiting = [("Batches", "Lotes"), ("Verification Input", "A verificar")]

    def renaming(*call, **options):
        if waiting:
            title, name = waiting.pop()
            body = {"properties": {"sheetId": desk.tab_id(title), "title": name}}
            desk.structure({"updateSheetProperties": {**body, "fields": "title"}})
        return apply(*call, **options)

    desk.app.context.gateway.apply = renaming
    report = desk.init()

    assert not waiting
    assert report["created"] == []
    found = {row["check"]: row for row in desk.app.doctor(probe=False).as_json()["findings"]}
    assert found["formulas"]["ok"], found["formulas"]
    assert not any("#REF!" in str(cell) for title in desk.titles() for row in desk.cells(title) for cell in row)


@pytest.mark.long
def test_a_group_of_rows_dissolved_while_tabs_are_set_up_is_read_again(open_desk):
    """Its fold is refused with the whole write, which is planned anew."""
    desk = open_desk("sent")
    control = desk.tab_id("Control")
    fields = "sheets(properties(sheetId),rowGroups)"
    sheets = desk.book("owner").fetch_sheet_metadata({"fields": fields})["sheets"]
    (groups,) = [sheet["rowGroups"] for sheet in sheets if sheet["properties"]["sheetId"] == control]
    apply, changed = desk.app.context.gateway.apply, []

    def dissolving(*call, **options):
        if not changed:
            changed.append(True)
            desk.structure({"deleteDimensionGroup": {"range": groups[0]["range"]}})
        return apply(*call, **options)

    desk.set_control("step.verification", "F", 2)
    desk.app.context.gateway.apply = dissolving
    desk.sync(force=True)
    desk.app.context.gateway.apply = apply
    assert changed
    assert "Verification Batch 2" in desk.titles()
    assert desk.sync()["idle"]


@pytest.mark.long
def test_a_column_moved_while_tabs_are_set_up_leaves_every_formula_right(open_desk):
    """Between the read of ``init`` and its write, whose formulas would count the ticks of another column."""
    desk = open_desk("sent")
    title = "CompScrap Input"
    desk.paste(*sample.verification_output(*desk.batch("Verification"), seed=3))
    desk.sync()
    apply, moved = desk.app.context.gateway.apply, []

    def moving(*call, **options):
        if not moved:
            moved.append(title)
            source = {"sheetId": desk.tab_id(title), "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
            desk.structure({"moveDimension": {"source": source, "destinationIndex": 4}})
        return apply(*call, **options)

    desk.app.context.gateway.apply = moving
    desk.init()
    desk.app.context.gateway.apply = apply
    assert desk.cells(title)[0][3] == "send"
    found = {row["check"]: row for row in desk.app.doctor(probe=False).as_json()["findings"]}
    assert found["formulas"]["ok"], found["formulas"]
    desk.tick(title, 2, column="D")
    desk.sync()
    assert len(desk.batch("CompScrap")[1]) == 2


@pytest.mark.long
def test_a_note_follows_its_lead(open_desk):
    desk = open_desk("sent")
    tab = "CompScrap Input"
    desk.paste(*sample.verification_output(*desk.batch("Verification"), seed=3))
    desk.sync()
    number = desk.cells(tab)[1][1]
    letter = chr(65 + desk.cells(tab)[0].index("notes"))
    desk.put(tab, f"{letter}2", [["llamar; =1+1"]])
    desk.tick(tab, 1)
    desk.sync()
    assert desk.leads()[number]["notes"] == "llamar; =1+1"

    desk.paste(*sample.company_output(*desk.batch("CompScrap"), seed=0))
    desk.sync()
    rows = {row["LeadNumber"]: row for row in desk.rows("Box1 Input")}
    if number in rows:
        assert rows[number]["notes"] == "llamar; =1+1"


@pytest.mark.long
def test_the_lead_profile_shows_a_note_before_any_run_has_read_it(open_desk):
    desk = open_desk("verified")
    tab = "CompScrap Input"
    number = desk.cells(tab)[1][1]
    letter = chr(65 + desk.cells(tab)[0].index("notes"))
    desk.put(tab, f"{letter}2", [["llamar el lunes"]])
    desk.put("Lead Profile", "B2", [[number]])

    def shown():
        return next(row[1] for row in desk.cells("Lead Profile") if row[0] == "Notas")

    assert shown() == "llamar el lunes"
    desk.tick(tab, 1)
    desk.sync()
    assert shown() == "llamar el lunes", "from the Master, once the lead has left the tab"
    desk.put("Lead Profile", "B2", [[desk.cells(tab)[1][1]]])
    assert shown() == ""


# -- batches


def parts(desk, step, title):
    titles = [name for name in desk.titles() if name.startswith(f"{title} Batch")]
    return {name: [row["LeadNumber"] for row in desk.rows(name)] for name in titles}


@pytest.mark.long
def test_a_batch_is_shown_in_k_equal_tabs_and_shrinking_k_empties_the_rest(open_desk):
    desk = open_desk("sent")
    whole = [row["LeadNumber"] for row in desk.rows("Verification Batch")]
    desk.set_control("step.verification", "F", 3)
    desk.sync(force=True)

    found = parts(desk, "verification", "Verification")
    assert list(found) == ["Verification Batch", "Verification Batch 2", "Verification Batch 3"]
    sizes = [len(rows) for rows in found.values()]
    assert max(sizes) - min(sizes) <= 1
    assert [number for rows in found.values() for number in rows] == whole

    desk.set_control("step.verification", "F", 1)
    desk.sync(force=True)
    found = parts(desk, "verification", "Verification")
    assert found["Verification Batch"] == whole
    assert found["Verification Batch 2"] == found["Verification Batch 3"] == []
    assert unchanged(desk)


@pytest.mark.long
def test_a_further_batch_tab_stands_right_of_the_one_before(open_desk):
    """Also where a step before it has more tabs than it asks for by now."""
    desk = open_desk("imported")
    for step, parts_asked in (("company_scrap", 3), ("company_scrap", 1), ("box1", 2)):
        desk.set_control(f"step.{step}", "F", parts_asked)
        desk.set_control("sync_now", "B", True)
        desk.sync()
    titles = [title for title in desk.titles() if title.startswith(("CompScrap Batch", "Box1 Batch"))]
    assert titles == ["CompScrap Batch", "CompScrap Batch 2", "CompScrap Batch 3", "Box1 Batch", "Box1 Batch 2"]


@pytest.mark.long
def test_parts_are_taken_up_by_a_scheduled_run(open_desk):
    desk = open_desk("sent")
    desk.set_control("step.verification", "F", 2)
    desk.set_control("sync_now", "B", True)

    desk.sync(now=False)

    assert "Verification Batch 2" in desk.titles()
    assert desk.control("sync_now")[1][1] is False


def two_batches(desk):
    desk.tick("Verification Input", 4)
    desk.sync()
    desk.tick("Verification Input", 3)
    desk.sync()
    return {row["id"]: row for row in desk.rows("Batches")}


def tick_batch(desk, batch, header):
    cells = desk.cells("Batches")
    row = [line[0] for line in cells].index(batch) + 1
    desk.put("Batches", f"{chr(65 + cells[0].index(header))}{row}", [[True]])


@pytest.mark.long
def test_show_puts_an_older_batch_back_into_the_batch_tab(open_desk):
    desk = open_desk("imported")
    two_batches(desk)
    newest = [row["LeadNumber"] for row in desk.rows("Verification Batch")]
    tick_batch(desk, "V-0001", "show")
    desk.sync()

    shown = [row["LeadNumber"] for row in desk.rows("Verification Batch")]
    assert len(shown) == 4
    assert not set(shown) & set(newest)
    assert desk.rows("Batches")[0]["show"] is False
    assert unchanged(desk)
    desk.tick("Verification Input", 2)
    desk.sync()
    assert len(desk.rows("Verification Batch")) == 2


@pytest.mark.long
def test_undo_makes_only_what_has_not_come_back_available_again(open_desk):
    desk = open_desk("imported")
    two_batches(desk)
    tick_batch(desk, "V-0001", "show")
    desk.sync()
    header, rows = sample.verification_output(*desk.batch("Verification"), seed=3)
    desk.paste(header, rows[:1])
    desk.sync()
    back = int(rows[0][0])

    tick_batch(desk, "V-0001", "undo")
    report = desk.sync()

    assert report["undone"] == {"V-0001": 3}
    newest, row = desk.rows("Batches")
    assert (newest["id"], newest["undo"]) == ("V-0002", False)
    assert (row["size"], row["returned"], row["outstanding"], row["undone"], row["undo"]) == (4, 1, 0, 3, False)
    leads = desk.leads()
    again = [number for number, lead in leads.items() if lead["verification_status"] == "ready"]
    assert set(again) == {row["LeadNumber"] for row in desk.rows("Verification Input")}
    assert leads[back]["verification_status"] == "completed"
    assert unchanged(desk)
    desk.tick("Verification Input")
    assert desk.sync()["sent"] == {"V-0003": len(again)}


@pytest.mark.long
def test_the_command_line_says_what_became_of_rows_and_of_a_batch_that_is_back(open_desk):
    desk = open_desk("sent")
    header, rows = sample.verification_output(*desk.batch("Verification"), seed=3)
    verdict = header.index("validation_succes")
    rows[0][verdict] = "no word of a verifier's"
    path = write_csv(desk.directory / "answers.csv", header, rows)
    report = desk.app.import_tables([str(path)], step=None, target_id=None, plan=False)
    assert report.title == f"Done: {len(rows) - 1} rows updated, 1 row rejected, 1 write."
    desk.app.batch_undo("V-0001")
    assert "V-0001" in desk.app.batch_undo("V-0001").title


@pytest.mark.long
def test_close_completes_blank_and_a_late_answer_is_still_taken(open_desk):
    desk = open_desk("sent")
    header, rows = sample.verification_output(*desk.batch("Verification"), seed=3, valid_share=1.0)
    desk.paste(header, rows[1:])
    desk.sync()
    late = int(rows[0][0])
    tick_batch(desk, "V-0001", "close")
    assert desk.sync()["closed"] == {"V-0001": 1}
    lead = desk.leads()[late]
    assert (lead["verification_status"], lead["validation_success"], lead["email"]) == ("completed", False, "")

    desk.paste(header, rows[:1])
    desk.sync()

    assert desk.leads()[late]["validation_success"] is True
    assert late in {row["LeadNumber"] for row in desk.rows("CompScrap Input")}
    assert unchanged(desk)


@pytest.mark.long
def test_a_batch_with_outstanding_leads_becomes_stale(open_desk):
    desk = open_desk("sent")
    assert desk.rows("Batches")[0]["stale"] == ""
    desk.now += 8 * 86_400
    desk.sync()

    assert desk.rows("Batches")[0]["age"] == 8
    assert desk.rows("Batches")[0]["stale"] == "atrasado"
    assert desk.app.batches().json["batches"][0]["stale"] == "stale"


# -- storage and further attempts


def stored_lead(desk):
    return desk.rows("Storage")[0]["LeadNumber"]


@pytest.mark.long
def test_reopen_asks_for_a_reason_and_for_a_step_that_exists(open_desk):
    desk = open_desk("boxed")
    number = stored_lead(desk)
    desk.put("Storage", "A2", [["instantly"]])
    assert any("motivo" in text for text in desk.sync()["problems"])
    desk.put("Storage", "A2", [["verification", "porque sí"]])
    assert any("verification" in text for text in desk.sync()["problems"])
    assert stored_lead(desk) == number


@pytest.mark.long
def test_a_stored_lead_reopened_to_instantly_leaves_storage_and_can_be_sent_without_new_copy(open_desk):
    desk = open_desk("boxed")
    number = stored_lead(desk)
    before = desk.leads()[number]
    desk.put("Storage", "A2", [["instantly", "buen encaje"]])
    assert desk.sync()["reopened"] == 1

    assert number not in {row["LeadNumber"] for row in desk.rows("Storage")}
    listed = [row["LeadNumber"] for row in desk.rows("Instantly Input")]
    assert number in listed
    assert desk.leads()[number]["box1_result"] == "noHIT"
    desk.put("Instantly Input", f"A{listed.index(number) + 2}", [[True]])
    assert desk.sync()["sent"] == {"I-0001": 1}
    lead = desk.leads()[number]
    assert (lead["instantly_status"], lead["storage"]) == ("sent", False)
    assert lead["subject"] == before["subject"]
    assert unchanged(desk)


@pytest.mark.long
def test_a_stored_lead_reopened_to_box1_keeps_its_earlier_result_in_history(open_desk):
    desk = open_desk("boxed")
    number = stored_lead(desk)
    desk.put("Storage", "A2", [["box1", "otra versión"]])
    desk.sync()
    desk.set_control("box1_version", "B", "v2")
    listed = [row["LeadNumber"] for row in desk.rows("Box1 Input")]
    desk.put("Box1 Input", f"A{listed.index(number) + 2}", [[True]])
    desk.sync()
    header, rows = sample.box1_output(*desk.batch("Box1"), seed=1, version="v2")
    rows[0][header.index("classification")] = "HIT"
    desk.paste(header, rows)
    desk.sync()

    lead = desk.leads()[number]
    assert (lead["box1_version"], lead["box1_result"], lead["storage"]) == ("v2", "HIT", False)
    (earlier,) = [row for row in desk.rows("Box1 History") if row["LeadNumber"] == number]
    assert (earlier["box1_version"], earlier["box1_result"]) == ("v1", "noHIT")
    assert unchanged(desk)


# -- imports


@pytest.mark.long
def test_an_output_tab_is_taken_and_removed_and_a_second_inbox_is_cleared_and_stays(open_desk):
    desk = open_desk("sent")
    header, rows = sample.verification_output(*desk.batch("Verification"), seed=3)
    add_tab(desk, "Output verifier", [header, *rows[:10]])
    add_tab(desk, "Inbox 2", [header, *rows[10:20]])

    report = desk.sync(now=False)

    assert sorted(drop["rows"] for drop in report["drops"]) == [10, 10]
    assert "Output verifier" not in desk.titles()
    assert "Inbox 2" in desk.titles()
    assert not any(any(row) for row in desk.cells("Inbox 2"))
    assert not [title for title in desk.titles() if title.startswith("Claim")]
    assert {row["source"] for row in desk.rows("Imports")[:-1]} == {"Output verifier", "Inbox 2"}
    made = desk.spent(desk.sync)
    assert sum(made.values()) == 1, made

    desk.paste(header, rows[20:25], title="Inbox 2")
    assert desk.sync(now=False)["drops"][0]["rows"] == 5
    desk.structure({"deleteSheet": {"sheetId": desk.tab_id("Inbox 2")}})
    desk.sync()
    made = desk.spent(desk.sync)
    assert sum(made.values()) == 1, made


@pytest.mark.long
def test_a_tab_that_is_renamed_to_an_inbox_after_it_was_looked_at_is_a_drop(open_desk):
    """As people do it: the plus below, then a name, then a paste."""
    desk = open_desk("sent")
    header, rows = sample.verification_output(*desk.batch("Verification"), seed=3)
    desk.structure({"addSheet": {"properties": {"title": "Hoja 9"}}}, who="operator")
    desk.sync(now=False)
    desk.sync(now=False)
    body = {"properties": {"sheetId": desk.tab_id("Hoja 9"), "title": "Inbox de Ana"}}
    desk.structure({"updateSheetProperties": {**body, "fields": "title"}}, who="operator")
    desk.paste(header, rows[:10], title="Inbox de Ana")

    desk.now += 61
    report = desk.sync(now=False)

    assert [drop["rows"] for drop in report["drops"]] == [10]
    assert {row["source"] for row in desk.rows("Imports")[:-1]} == {"Inbox de Ana"}


@pytest.mark.long
def test_the_same_paste_twice_changes_nothing_but_its_row_in_imports(open_desk):
    desk = open_desk("sent")
    answer = sample.verification_output(*desk.batch("Verification"), seed=3)
    desk.paste(*answer)
    desk.sync()
    but = ("Imports", "Log", "System", "Control", "Dashboard", "Lead Profile")
    before = desk.everything(*but)
    desk.paste(*answer)

    (drop,) = desk.sync()["drops"]

    assert drop["unchanged"] == drop["rows"] - drop["rejected"]
    assert desk.everything(*but) == before


@pytest.mark.long
def test_an_export_twice_counts_duplicates(open_desk):
    desk = open_desk("imported")
    first = desk.rows("Imports")[0]
    total = len(desk.leads())

    (drop,) = desk.load(*sample.export_rows(40), name="again.csv")["drops"]

    assert drop["new"] == 0
    assert drop["duplicate"] == first["new"] + first["duplicate"]
    assert len(desk.leads()) == total


@pytest.mark.long
def test_a_company_row_answers_every_lead_of_that_company_that_was_sent(open_desk):
    desk = open_desk("verified")
    desk.tick("CompScrap Input")
    desk.sync()
    header, rows = sample.company_output(*desk.batch("CompScrap"), seed=0)
    desk.paste(header, rows)
    (drop,) = desk.sync()["drops"]

    done = [lead for lead in desk.leads().values() if lead["company_scrap_status"] == "completed"]
    assert drop["leads touched"] == len(done)
    by_url = {}
    for lead in desk.leads().values():
        if lead["company_scrap_sent"] is True and lead["companySalesUrl_fromP"]:
            by_url.setdefault(lead["companySalesUrl_fromP"], set()).add(lead["company_scrap_status"])
    assert all(len(states) == 1 for states in by_url.values())
    assert len(done) > len(rows) - drop["rejected"] or len(by_url) == len(done)


@pytest.mark.long
def test_a_pending_verification_stays_processing(open_desk):
    desk = open_desk("sent")
    numbers = [row["LeadNumber"] for row in desk.rows("Verification Batch")]
    header = ["LeadNumber", "TargetID", "email", "email_validation", "validation_success"]
    desk.paste(
        header,
        [[str(numbers[0]), "T1", "", "pending", ""], [str(numbers[1]), "T1", "a@b.example", "valid", "TRUE"]],
    )
    desk.sync()

    leads = desk.leads()
    assert leads[numbers[0]]["verification_status"] == "processing"
    assert leads[numbers[1]]["verification_status"] == "completed"


# -- rejected


def rejected(desk):
    """(1-based row, cells) of the newest block's rows of Rejected."""
    cells = desk.cells("Rejected")
    last = max(n for n, row in enumerate(cells) if begins_block(row))
    return cells[last], [(n + 1, row) for n, row in enumerate(cells) if n > last and any(row)]


@pytest.mark.long
def test_a_row_put_right_in_rejected_merges_and_one_still_wrong_stays_with_its_new_reason(open_desk):
    desk = open_desk("sent")
    numbers = [row["LeadNumber"] for row in desk.rows("Verification Batch")]
    header = ["LeadNumber", "TargetID", "email", "email_validation", "validation_success"]
    bad = [["99999", "T1", f"{name}@acme.example", "valid", "TRUE"] for name in ("a", "b", "c")]
    desk.paste(header, bad)
    desk.sync()
    names, rows = rejected(desk)
    assert len(rows) == 3
    place = chr(65 + names.index("LeadNumber"))
    before = rows[1][1][2]
    desk.put("Rejected", f"{place}{rows[0][0]}", [[str(numbers[0])], ["uno"]])
    desk.put("Rejected", f"A{rows[0][0]}", [[True, False], [True, False], [False, True]])

    desk.sync()

    assert desk.leads()[numbers[0]]["email"] == "a@acme.example"
    _, left = rejected(desk)
    assert len(left) == 1
    assert left[0][1][:2] == [False, False]
    assert left[0][1][2] != before
    assert left[0][1][names.index("LeadNumber")] == "uno"
    for row in desk.rows("Imports"):
        assert sum(row[name] for name in ("new", "updated", "unchanged", "duplicate", "rejected")) == row["rows"]
    assert unchanged(desk)

    desk.put("Rejected", f"B{left[0][0]}", [[True]])
    desk.sync()
    assert not any("uno" in row for row in desk.cells("Rejected"))
    assert unchanged(desk)


@pytest.mark.long
def test_a_row_whose_header_was_cleared_is_not_read_under_another(open_desk):
    desk = open_desk("sent")
    desk.paste(["LeadNumber", "email", "email_status"], [["900", "a@acme.example", "valid"]])
    desk.sync()
    lead = desk.rows("Verification Batch")[0]["LeadNumber"]
    desk.paste(["email_status", "LeadNumber", "email"], [["valid", "901", "b@acme.example"]])
    desk.sync()
    cells = desk.cells("Rejected")
    headers = [n for n, row in enumerate(cells, start=1) if begins_block(row) and len(row) > 6]
    assert len(headers) == 3, "one of the export before"
    kept = cells[headers[-1] - 1]
    desk.put("Rejected", f"A{headers[-1]}", [[""] * len(kept)])
    desk.put("Rejected", f"A{headers[-1] + 1}", [[True]])
    desk.put("Rejected", f"G{headers[-1] + 1}", [["valid", str(lead)]], raw=True)

    desk.sync()
    desk.sync()

    assert any(f"Rejected, fila {headers[-1] + 1}: encima falta" in text for text in desk.problems())
    assert desk.cells("Rejected")[headers[-1]][0] is True, "the tick stays, and so does the row"
    assert desk.leads()[lead]["email"] != "b@acme.example"
    desk.paste(["LeadNumber", "email", "email_status"], [["902", "c@acme.example", "valid"]])
    desk.sync()
    cells = desk.cells("Rejected")
    assert begins_block(cells[headers[-1] + 2]), "not under rows of which nobody knows what they are"

    desk.put("Rejected", f"A{headers[-1]}", [kept], raw=True)
    desk.sync()
    assert desk.leads()[lead]["email"] == "b@acme.example"
    assert not desk.problems()


# -- days


@pytest.mark.long
def test_history_gets_one_row_a_day_and_log_one_per_run_that_changed_something(open_desk):
    desk = open_desk("sent")
    days, logged = len(desk.rows("History")), len(desk.rows("Log"))
    for _ in range(3):
        desk.now += 60
        desk.sync()
    assert (len(desk.rows("History")), len(desk.rows("Log"))) == (days, logged)

    desk.now += 86_400
    desk.sync()
    desk.sync(force=True)
    assert len(desk.rows("History")) == days + 1
    row = desk.rows("History")[-1]
    assert row["leads_total"] == len(desk.leads())
    assert row["date"] == int(row["date"])


@pytest.mark.long
def test_the_log_is_trimmed(open_desk, monkeypatch):
    monkeypatch.setattr(journal, "LOG_KEPT", 3)
    desk = open_desk("imported")
    for _ in range(5):
        desk.tick("Verification Input", 1)
        desk.sync()

    log = desk.rows("Log")
    assert len(log) == 3
    assert [row["what"][-6:] for row in log] == ["V-0005", "V-0004", "V-0003"]


# -- plan


@pytest.mark.long
def test_a_plan_writes_nothing_and_says_what_the_run_then_does(open_desk):
    desk = open_desk("sent")
    desk.paste(*sample.verification_output(*desk.batch("Verification"), seed=3))
    desk.set_control("box1_version", "B", "v9")
    before = desk.everything()

    planned = {}
    made = desk.spent(lambda: planned.update(desk.sync(plan=True)))

    assert not [name for name in made if not name.startswith("GET ")]
    assert desk.everything() == before
    assert planned["planned"] is True
    done = desk.sync()
    assert planned["drops"] == done["drops"]
    taken = [row for row in done["changes"] if not row["tab"].startswith("Claim")]
    assert {row["tab"]: row for row in planned["changes"]} == {row["tab"]: row for row in taken}


@pytest.mark.parametrize("what", ["send", "batch"])
def test_operators_cannot_write_where_the_worker_does(open_desk, what):
    desk = open_desk("sent")
    title, place = {"send": ("Verification Input", "B2"), "batch": ("Batches", "C2")}[what]
    with pytest.raises(APIError, match="protected"):
        desk.put(title, place, [["x"]])
