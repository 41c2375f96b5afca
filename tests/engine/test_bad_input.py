"""What people and tools get wrong: each message says what, where, what state is left and what to do; nothing is lost."""

import openpyxl
import pytest

from sheets_crm import bootstrap, sample
from sheets_crm.errors import AccessError, CrmError, FileError, RefusedPlan, SettingsError
from sheets_crm.workbook.tabs import REJECTED_ES, begins_block

EXPORT = ["firstName", "lastName", "title", "summary", "companyName", "vmid", "defaultProfileUrl"]
# The Dashboard says what Control says.
WORKER_CELLS = {"Control", "Log", "System", "Dashboard"}


def person(number: int, **cells: str) -> list[str]:
    base = {
        "firstName": f"Ana{number}",
        "lastName": "López",
        "companyName": f"Acme {number}",
        "vmid": f"ACwAAA{number:06d}",
        "defaultProfileUrl": f"https://www.linkedin.com/in/ana-{number}",
    }
    return [(base | cells).get(name, "") for name in EXPORT]


@pytest.fixture
def new(open_desk):
    return open_desk("initialised")


@pytest.fixture
def imported(open_desk):
    return open_desk("imported")


@pytest.fixture
def sent(open_desk):
    return open_desk("sent")


@pytest.mark.long
def test_refusal_says_what_where_state_and_remedy_and_is_written_once(imported):
    header = imported.cells("Master")[0]
    place = header.index("personTitle")
    imported.put("Master", f"{chr(65 + place)}1", [["puesto"]], who="owner")
    before = imported.everything(*WORKER_CELLS)

    with pytest.raises(RefusedPlan) as caught:
        imported.sync(force=True)

    assert "personTitle" in caught.value.message
    assert caught.value.where == "Master!1:1"
    assert "init" in caught.value.remedy
    assert caught.value.state
    assert imported.everything(*WORKER_CELLS) == before
    assert "personTitle" in imported.problems()[0]
    control, log, system = (imported.formulas(title) for title in ("Control", "Log", "System"))
    for _ in range(3):
        with pytest.raises(RefusedPlan):
            imported.sync(force=True)
    assert (control, log, system) == tuple(imported.formulas(title) for title in ("Control", "Log", "System"))


@pytest.mark.long
def test_a_refusal_leaves_control_once_the_cause_is_gone(imported):
    header = imported.cells("Master")[0]
    place = chr(65 + header.index("personTitle"))
    imported.put("Master", f"{place}1", [["puesto"]], who="owner")
    with pytest.raises(RefusedPlan):
        imported.sync(force=True)

    imported.put("Master", f"{place}1", [["personTitle"]], who="owner")
    imported.sync()

    assert imported.problems() == []
    assert imported.sync()["idle"] is True


@pytest.mark.long
def test_init_puts_an_edited_header_back(imported):
    leads = imported.leads()
    imported.put("Master", "E1", [["puesto"]], who="owner")

    imported.init()

    assert imported.leads() == leads


@pytest.mark.long
@pytest.mark.parametrize(
    "title",
    [
        "Master",
        *(pytest.param(title, marks=pytest.mark.long) for title in ("Verification Input", "Storage", "Batches")),
    ],
)
def test_doubled_header_is_refused(imported, title):
    header = imported.stored(title)[0]
    columns = len(header)
    imported.structure(
        {"appendDimension": {"sheetId": imported.tab_id(title), "dimension": "COLUMNS", "length": 1}}
    )
    imported.tab(title, "owner").update_cell(1, columns + 1, header[2])
    before = imported.everything(*WORKER_CELLS)

    with pytest.raises(RefusedPlan, match=r"missing or repeated: .* \(2\)"):
        imported.sync(force=True)

    assert imported.everything(*WORKER_CELLS) == before


def delete_rows(desk, title, start, end):
    span = {"sheetId": desk.tab_id(title), "dimension": "ROWS", "startIndex": start, "endIndex": end}
    desk.structure({"deleteDimension": {"range": span}})


@pytest.mark.long
def test_master_that_shrank_is_refused_until_confirmed(imported):
    total = len(imported.leads())
    delete_rows(imported, "Master", 3, 6)
    imported.tick("Verification Input", 5)
    before = imported.everything(*WORKER_CELLS)

    with pytest.raises(RefusedPlan) as caught:
        imported.sync()
    assert caught.value.numbers == {"before": total, "now": total - 3}
    assert imported.everything(*WORKER_CELLS) == before

    imported.set_control("confirm", "B", True)
    imported.sync()
    assert len(imported.leads()) == total - 3
    assert imported.control("confirm")[1][1] is False
    assert not any("Parado" in text or "Dashboard" in text for text in imported.problems())


@pytest.mark.long
def test_init_does_not_accept_a_master_that_shrank(imported):
    delete_rows(imported, "Master", 3, 6)

    with pytest.raises(RefusedPlan, match="leads; it had"):
        imported.init()
    with pytest.raises(RefusedPlan, match="leads; it had"):
        imported.sync()


@pytest.mark.long
def test_repeated_lead_numbers_are_refused(imported):
    first = imported.cells("Master")[1]
    imported.tab("Master", "owner").append_row(first, value_input_option="RAW")
    before = imported.everything(*WORKER_CELLS)

    with pytest.raises(RefusedPlan, match="LeadNumbers are repeated"):
        imported.sync(force=True)

    assert imported.everything(*WORKER_CELLS) == before


OFTEN = ["Control", "Verification Input"]
SELDOM = [
    *("Inbox", "System"),
    *("Dashboard", "Rejected", "Batches", "Verification Batch", "Imports", "Storage", "Box1 History"),
    *("Lead Profile", "History", "Log", "Vocabulary"),
]


@pytest.mark.long
@pytest.mark.parametrize("title", [*OFTEN, *(pytest.param(title, marks=pytest.mark.long) for title in SELDOM)])
def test_a_deleted_tab_is_refused_and_repaired_by_init(sent, title):
    leads, counted = sent.leads(), len(sent.rows("Verification Input"))
    sent.structure({"deleteSheet": {"sheetId": sent.tab_id(title)}})
    before = sent.everything(*WORKER_CELLS)

    with pytest.raises(RefusedPlan, match=title) as caught:
        sent.sync(force=True)
    assert "init" in caught.value.remedy
    assert sent.everything(*WORKER_CELLS) == before

    sent.init()
    assert title in sent.titles()
    assert sent.leads() == leads
    assert len(sent.rows("Verification Input")) == counted
    assert not any("#REF!" in str(cell) for rows in sent.everything().values() for row in rows for cell in row)
    assert sent.sync(force=True)["problems"] == []
    findings = sent.app.doctor(probe=False).json["findings"]
    assert [one for one in findings if not one["ok"] and one["check"] != "clock"] == []  # the test moves the clock


@pytest.mark.long
def test_a_deleted_master_is_refused_even_by_init(sent):
    sent.structure({"deleteSheet": {"sheetId": sent.tab_id("Master")}})

    with pytest.raises(RefusedPlan, match="Master"):
        sent.sync(force=True)
    with pytest.raises(RefusedPlan, match="Master"):
        sent.init()

    assert "Master" not in sent.titles()


@pytest.mark.long
def test_counters_of_a_lost_system_are_rebuilt(sent):
    last = max(sent.leads())
    sent.structure({"deleteSheet": {"sheetId": sent.tab_id("System")}})
    sent.init()

    sent.load(EXPORT, [person(900)], name="more.csv")
    sent.tick("Verification Input")
    sent.sync()

    assert max(sent.leads()) == last + 1
    assert [row["id"] for row in sent.rows("Batches")] == ["V-0002", "V-0001"]
    assert [row["drop"] for row in sent.rows("Imports")] == ["D-0002", "D-0001"]


@pytest.mark.long
def test_a_number_that_was_given_is_not_given_again_after_system_is_lost(sent):
    sent.load(EXPORT, [person(900)], name="more.csv")
    last = max(sent.leads())
    delete_rows(sent, "Master", len(sent.cells("Master")) - 1, len(sent.cells("Master")))
    sent.sync(force=True)
    sent.structure({"deleteSheet": {"sheetId": sent.tab_id("System")}})
    sent.init()

    sent.load(EXPORT, [person(901)], name="again.csv")

    assert max(sent.leads()) == last + 1


# -- ticks


@pytest.mark.long
@pytest.mark.parametrize(
    ("locale", "raw"),
    [
        ("es_ES", False),
        *(
            pytest.param(*case, marks=pytest.mark.long)
            for case in (("es_ES", True), ("en_US", False), ("en_US", True))
        ),
    ],
)
def test_ticks_typed_in_any_spelling_send(open_desk, locale, raw):
    desk = open_desk("imported", locale)
    words = ["TRUE", "VERDADERO", "x", "X ", "1", 1, "sí", "Si", "yes", True]
    desk.put("Verification Input", "A2", [[word] for word in words], raw=raw)

    report = desk.sync()

    assert report["sent"] == {"V-0001": len(words)}
    assert report["problems"] == []


@pytest.mark.long
def test_a_tick_that_is_not_understood_is_told_with_its_cell_and_nothing_is_sent(imported):
    imported.put("Verification Input", "A3", [["quizás"]])

    report = imported.sync()

    assert report["sent"] == {}
    assert "A3" in report["problems"][0]
    assert "quizás" in report["problems"][0]
    assert imported.cells("Verification Input")[2][0] == "quizás"


@pytest.mark.long
def test_what_says_no_is_not_a_tick(imported):
    imported.put("Verification Input", "A2", [["FALSE"], ["no"], ["0"], [0], [""]])

    assert imported.sync()["sent"] == {}


# -- take N


@pytest.mark.long
@pytest.mark.parametrize(
    "value",
    [
        "1,5",
        "muchos",
        "41000",
        *(pytest.param(value, marks=pytest.mark.long) for value in ("-1", "", "0", "TRUE")),
    ],
)
def test_take_n_that_cannot_be_meant_sends_nothing_and_says_why(imported, value):
    imported.set_control("step.verification", "D", value)
    imported.set_control("step.verification", "E", True)

    report = imported.sync()

    _, row = imported.control("step.verification")
    assert report["sent"] == {}
    assert row[4] is False
    assert "tomar N" in row[6]
    assert imported.rows("Batches") == []
    assert imported.sync()["idle"] is True


@pytest.mark.long
def test_take_n_sends_the_first_n_in_the_order_of_the_rows(imported):
    listed = [row["LeadNumber"] for row in imported.rows("Verification Input")]
    imported.set_control("step.verification", "D", "7")
    imported.set_control("step.verification", "E", True)

    assert imported.sync()["sent"] == {"V-0001": 7}

    assert [int(row[0]) for row in imported.batch("Verification")[1]] == listed[:7]
    assert [row["LeadNumber"] for row in imported.rows("Verification Input")] == listed[7:]


# -- imports


@pytest.mark.long
def test_a_header_that_is_not_understood_stays_and_control_names_it(sent):
    sent.paste(["color", "sabor"], [["rojo", "dulce"]])
    before = sent.cells("Inbox")

    report = sent.sync()

    assert sent.cells("Inbox") == before
    assert any("color" in text and "Inbox" in text for text in report["problems"]), report["problems"]
    log = sent.cells("Log")
    assert sent.sync()["problems"] == report["problems"]
    assert sent.cells("Log") == log


@pytest.mark.long
def test_a_block_that_matches_two_steps_is_not_taken(sent):
    sent.paste(["LeadNumber", "email"], [["1", "a@b.example"]])
    report = sent.sync()

    assert sent.cells("Inbox")[0][:2] == ["LeadNumber", "email"] or report["drops"]
    if not report["drops"]:
        assert report["problems"]


@pytest.mark.long
def test_the_same_header_twice_is_not_taken(sent):
    sent.paste(
        ["LeadNumber", "email", "email_validation", "email", "validation_success"],
        [["1", "a@b.example", "valid", "z@b.example", "TRUE"]],
    )
    before = sent.cells("Inbox")

    report = sent.sync()

    assert report["drops"] == []
    assert sent.cells("Inbox") == before
    assert any("email" in text for text in report["problems"])


@pytest.mark.long
def test_several_blocks_in_one_inbox_are_taken_each_and_a_strange_one_stays(sent):
    answer, rows = sample.verification_output(*sent.batch("Verification"), seed=3)
    sent.paste(["color", "sabor"], [["rojo", "dulce"]])
    sent.paste(answer, rows[:5], place="A5")
    sent.paste(EXPORT, [person(800), person(801)], place="A13")

    report = sent.sync()

    assert sorted((drop["step"], drop["rows"]) for drop in report["drops"]) == [("export", 2), ("verification", 5)]
    left = [row for row in sent.cells("Inbox") if any(row)]
    assert [[cell for cell in row if cell] for row in left] == [["color", "sabor"], ["rojo", "dulce"]]
    for row in sent.rows("Imports"):
        names = ("new", "updated", "unchanged", "duplicate", "rejected")
        assert sum(row[name] for name in names) == row["rows"]


ANSWER = ["LeadNumber", "TargetID", "email", "email_validation", "validation_success"]


@pytest.mark.long
def test_keys_that_disagree_and_unknown_leads_go_to_rejected_with_reason_and_remedy(sent):
    numbers = list(sent.leads())
    sent.paste(
        ANSWER,
        [
            [str(numbers[0]), "T1", "a@acme.example", "valid", "TRUE"],
            [str(numbers[1]), "OTHER", "b@acme.example", "valid", "TRUE"],
            ["99999", "T1", "c@acme.example", "valid", "TRUE"],
        ],
    )

    report = sent.sync()

    (drop,) = report["drops"]
    assert (drop["rows"], drop["updated"], drop["rejected"]) == (3, 1, 2)
    blocks = [row for row in sent.cells("Rejected") if any(row)]
    place = max(n for n, row in enumerate(blocks) if begins_block(row))
    header, rows = blocks[place], blocks[place + 1 :]
    assert header[:11] == [*REJECTED_ES, *ANSWER]
    assert [row[6] for row in rows] == [str(numbers[1]), "99999"]
    assert all(row[2] and row[3] and "verification" in row[4] for row in rows)
    assert sent.leads()[numbers[1]]["email"] == ""


@pytest.mark.long
def test_csv_in_cp1252_with_semicolons_is_read(new):
    path = new.directory / "excel.csv"
    path.write_bytes(
        (";".join(EXPORT) + "\r\n" + ";".join(person(1, title="Dirección; ñ".replace(";", ",")))).encode("cp1252")
    )

    report = new.app.import_tables([str(path)], step=None, target_id=None, plan=False).as_json()

    assert report["drops"][0]["new"] == 1
    (lead,) = new.leads().values()
    assert (lead["lastName"], lead["personTitle"]) == ("López", "Dirección, ñ")


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"color,sabor\r\nrojo,dulce\r\n", "color"), (b"\x00\x01\x02PK", "")],
    ids=["empty", "header", "binary"],
)
def test_a_file_that_is_no_output_is_refused_and_nothing_changes(imported, content, words):
    path = imported.directory / "x.csv"
    path.write_bytes(content)
    before = imported.everything()

    with pytest.raises(FileError) as caught:
        imported.app.import_tables([str(path)], step=None, target_id=None, plan=False)

    assert "x.csv" in caught.value.message
    assert words in caught.value.message.casefold()
    assert caught.value.remedy
    # What it asks about its headers is all that is written.
    asked = {"Cabeceras", "Control", "Log", "System"}
    after = imported.everything()
    assert {title for title in after if after[title] != before[title]} <= asked


def test_a_file_that_is_not_there_is_refused(imported):
    with pytest.raises(FileError, match=r"missing\.csv"):
        imported.app.import_tables(
            [str(imported.directory / "missing.csv")], step=None, target_id=None, plan=False
        )


TRAPS = [
    "007",
    "+34600123456",
    "1-2",
    "=1+1",
    "5.10",
    "12345678901234567",
    "TRUE",
    "'x",
    "@a",
    "-5",
    " padded",
    "1e5",
]
PLACES = ("personTitle", "personSummary")


def stored(desk, lead):
    return [desk.leads()[lead][name] for name in PLACES]


def nothing_became_a_formula(desk):
    own = {
        title: rows
        for title, rows in desk.everything().items()
        if title not in {"Control", "System", "Dashboard", "Versiones", "Batches", "Lead Profile"}
    }
    for title, rows in own.items():
        values = desk.stored(title)
        assert rows == values, title


@pytest.mark.long
@pytest.mark.parametrize("way", ["csv", *(pytest.param(way, marks=pytest.mark.long) for way in ("xlsx", "inbox"))])
def test_text_that_looks_like_something_else_stays_text_everywhere(new, way):
    rows = [person(n, title=trap, summary=f"{trap}\nzwei, drei;") for n, trap in enumerate(TRAPS)]
    if way == "csv":
        new.load(EXPORT, rows)
    elif way == "xlsx":
        book = openpyxl.Workbook()
        for line in [EXPORT, *rows]:
            book.active.append(line)
        for line in book.active.iter_rows():
            for cell in line:
                cell.data_type = "s" if cell.value is not None else "n"
        book.save(new.directory / "export.xlsx")
        new.app.import_tables([str(new.directory / "export.xlsx")], step=None, target_id=None, plan=False)
    else:
        new.paste(EXPORT, rows)
        new.sync()

    wanted = [[trap, f"{trap}\nzwei, drei;"] for trap in TRAPS]
    assert [stored(new, lead) for lead in sorted(new.leads())] == wanted
    listed = new.rows("Verification Input")
    assert [[row[name] for name in PLACES] for row in listed] == wanted
    new.tick("Verification Input")
    new.sync()
    assert [[row[name] for name in PLACES] for row in new.rows("Verification Batch")] == wanted
    nothing_became_a_formula(new)


@pytest.mark.long
def test_a_cell_of_more_than_50000_characters_is_met_without_losing_the_row(new):
    report = new.load(EXPORT, [person(1, summary="x" * 50_001), person(2)])

    (drop,) = report["drops"]
    assert (drop["new"], drop["rejected"]) == (1, 1)
    rejected = new.cells("Rejected")
    (row,) = [line for line in rejected if "Ana1" in line]
    assert "50001" in row[2]
    assert max(len(str(cell)) for cell in row) == 50_000


# -- access


def test_a_workbook_that_is_not_there_or_not_shared_is_told_apart(imported):
    nowhere = imported.settings.model_copy(update={"spreadsheet_id": "1" * 44})
    app = bootstrap.application(nowhere)
    with pytest.raises(AccessError) as caught:
        app.sync(plan=False, now=True, force=False)
    app.context.gateway._http.session.close()
    assert caught.value.status == 404
    assert caught.value.remedy


def test_missing_and_foreign_credentials_are_told_without_their_content(imported):
    foreign = imported.directory / "foreign.json"
    foreign.write_text('{"installed": {"client_secret": "s3cret"}}')
    for path, word in ((imported.directory / "none.json", "none.json"), (foreign, "foreign.json")):
        with pytest.raises(SettingsError) as caught:
            bootstrap.application(imported.settings.model_copy(update={"credentials": path}))
        assert word in str(caught.value)
        assert "s3cret" not in str(caught.value) + caught.value.remedy


def test_every_refusal_is_one_of_the_products_own(imported):
    assert issubclass(RefusedPlan, CrmError)


@pytest.mark.long
def test_rows_of_system_that_moved_are_refused_and_put_back_by_init(sent):
    keys = [row[0] for row in sent.cells("System")]
    place = keys.index("next_lead_number")
    delete_rows(sent, "System", place, place + 1)
    before = sent.everything("Control", "Log", "Dashboard")

    for _ in range(2):
        with pytest.raises(RefusedPlan, match="System") as caught:
            sent.sync(force=True)
    assert "init" in caught.value.remedy
    assert sent.everything("Control", "Log", "Dashboard") == before
    assert len([row for row in sent.cells("Log") if "System" in row[3]]) == 1

    last = max(sent.leads())
    sent.init()
    sent.load(EXPORT, [person(900)], name="more.csv")
    assert max(sent.leads()) == last + 1


@pytest.mark.long
def test_rows_of_control_that_went_are_refused_and_put_back_by_init(sent):
    row, _ = sent.control("step.box1")
    delete_rows(sent, "Control", row - 1, row)

    with pytest.raises(RefusedPlan, match="Control") as refused:
        sent.sync(force=True)
    assert refused.value.numbers == {"rows": "step.box1"}

    sent.init()
    assert sent.control("step.box1")[1][5] == 1
    assert sent.sync(force=True)["problems"] == []


def copied(desk):
    """What a copy differs in: System names another workbook than the one it stands in."""
    place = [row[0] for row in desk.cells("System")].index("workbook_id")
    desk.put("System", f"B{place + 1}", [["another-workbook"]], raw=True, who="owner")


@pytest.mark.long
def test_a_copy_is_not_written_to_until_it_is_adopted(sent):
    copied(sent)
    before = sent.everything(*WORKER_CELLS)

    with pytest.raises(RefusedPlan, match="copy") as caught:
        sent.sync(force=True)
    assert "--adopt" in caught.value.remedy
    with pytest.raises(RefusedPlan, match="copy"):
        sent.init()
    assert sent.everything(*WORKER_CELLS) == before

    sent.init(adopt=True)
    assert sent.sync(force=True)["problems"] == []


@pytest.mark.long
def test_a_workbook_set_back_is_not_written_to_by_init(sent):
    system = sent.cells("System")
    place = [row[0] for row in system].index("sequence")
    sent.put("System", f"B{place + 1}", [[system[place][1] - 2]], raw=True, who="owner")
    before = sent.everything(*WORKER_CELLS)

    for work in (sent.init, lambda: sent.sync(force=True)):
        with pytest.raises(RefusedPlan, match="rolled back"):
            work()

    assert sent.everything(*WORKER_CELLS) == before
