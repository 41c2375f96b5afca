"""The kind of the next paste, and where its people enter, on Control and on the command line."""

import pytest

from sheets_crm import sample
from sheets_crm.errors import SettingsError, SheetError
from sheets_crm.google.gateway import SheetsGateway

LIST = (
    ["Nombre", "Empresa", "E-mail"],
    [["Ana Prueba", "Acme", "ana@acme.example"], ["Luis Muestra", "Beta", "no"]],
)


def value(desk, row_id):
    return desk.control(row_id)[1][1]


@pytest.mark.long
def test_a_kind_on_control_holds_for_the_next_block_and_is_emptied_with_it(open_desk):
    desk = open_desk("sent")
    rows = [[str(n), f"a{n}@one.example", "HIT"] for n in (1, 2)]
    desk.set_control("import_kind", "B", "contactos")
    desk.paste(["firstName", "companyName", "profileUrl", "vmid"], [["Eva", "Acme", "", "ACwAAABCDEFGHIJKLMN"]])
    desk.paste(["LeadNumber", "email", "Result"], rows, place="A8")
    (drop, other) = sorted(desk.sync()["drops"] + desk.sync()["drops"], key=lambda one: one["step"])
    assert (drop["step"], other["step"]) == ("box1", "contacts")
    assert value(desk, "import_kind") == ""
    assert desk.sync()["idle"]


@pytest.mark.long
def test_a_block_that_does_not_fit_the_kind_waits_with_the_minimum(open_desk):
    desk = open_desk("sent")
    desk.set_control("import_kind", "B", "box1")
    desk.paste(["LeadNumber", "email", "email_status"], [["1", "a@one.example", "valid"]])
    assert desk.sync()["drops"] == []
    assert "box1_result" in desk.problems()[0]
    assert value(desk, "import_kind") == "box1"
    desk.set_control("import_kind", "B", "")
    assert [drop["step"] for drop in desk.sync()["drops"]] == ["verification"]
    assert desk.problems() == []


def test_control_offers_the_kinds_and_the_steps(open_desk):
    desk = open_desk("initialised")
    fields = "sheets(data(rowData(values(dataValidation(condition(values))))))"
    offered = []
    for row_id in ("import_kind", "enters"):
        place = f"Control!B{desk.control(row_id)[0]}"
        (sheet,) = desk.book("owner").fetch_sheet_metadata({"fields": fields, "ranges": place})["sheets"]
        rule = sheet["data"][0]["rowData"][0]["values"][0]["dataValidation"]["condition"]["values"]
        offered.append([word["userEnteredValue"] for word in rule])
    steps = ["Verification", "CompScrap", "Box1", "Instantly"]
    assert offered == [["export", "contactos", *steps], [*steps, "envío"]]


@pytest.mark.long
def test_a_word_that_is_no_kind_is_a_problem(open_desk):
    desk = open_desk("initialised")
    desk.set_control("import_kind", "B", "cosas")
    desk.set_control("enters", "B", "luna")
    desk.sync(force=True)
    text = "\n".join(desk.problems())
    assert "cosas" in text
    assert "contactos" in text
    assert "luna" in text
    assert "Verification, CompScrap, Box1, Instantly, envío" in text


@pytest.mark.long
@pytest.mark.parametrize("row_id", ["import_kind", "enters"])
def test_no_people_are_taken_while_a_word_is_not_known_and_outputs_are(open_desk, row_id):
    desk = open_desk("sent")
    before = len(desk.leads())
    desk.set_control(row_id, "B", "CompScrab")
    desk.paste(*LIST)
    desk.paste(["LeadNumber", "email", "email_status"], [["1", "a@one.example", "valid"]], place="A8")
    assert [drop["step"] for drop in desk.sync(now=True, plan=True)["drops"]] == ["verification"]
    assert [drop["step"] for drop in desk.sync()["drops"]] == ["verification"]
    assert len(desk.leads()) == before
    assert "CompScrab" in desk.problems()[0]
    assert desk.cells("Inbox")[0] == LIST[0]
    desk.set_control(row_id, "B", {"import_kind": "Contactos", "enters": "CompScrap"}[row_id])
    assert [drop["step"] for drop in desk.sync()["drops"]] == ["contacts"]
    assert value(desk, row_id) == ""
    assert [lead["enters"] for lead in list(desk.leads().values())[before:]] == [
        "company_scrap" if row_id == "enters" else ""
    ] * 2


@pytest.mark.long
def test_people_enter_where_control_says_and_every_figure_stays_true(open_desk):
    desk = open_desk("initialised")
    desk.set_control("enters", "B", "box1")
    desk.paste(*LIST)
    desk.sync()
    assert value(desk, "enters") == ""
    lead = desk.leads()[1]
    assert [lead[f"{step}_status"] for step in ("verification", "company_scrap", "box1")] == ["", "", "ready"]
    assert lead["enters"] == "box1"
    assert lead["firstName_cleaned"] == "Ana"
    desk.tick("Box1 Input")
    desk.sync()
    desk.paste(*sample.box1_output(*desk.batch("Box1"), seed=0))
    desk.sync()
    leads = desk.leads()
    hits = [n for n, lead in leads.items() if lead["box1_result"] == "HIT"]
    assert [row["LeadNumber"] for row in desk.rows("Instantly Input")] == [n for n in hits if n == 1]
    report = desk.app.status().json["metrics"]
    assert report["leads_total"] == 2
    assert (report["verification_available"], report["verification_sent"]) == (0, 0)
    assert (report["box1_sent"], report["conservation_ok"]) == (2, True)
    assert desk.problems() == []


@pytest.mark.long
def test_the_command_line_says_where_people_enter(open_desk):
    desk = open_desk("initialised")
    desk.load(*LIST, name="lista.csv", enters="sending")
    assert [lead["instantly_step_status"] for lead in desk.leads().values()] == ["ready", ""]
    desk.load(["Nombre", "E-mail"], [["Eva Tercera", "eva@one.example"]], name="mas.csv")
    assert desk.leads()[3]["verification_status"] == "ready"
    for enters, header in (("moon", LIST[0]), ("box1", ["LeadNumber", "box1_result"])):
        with pytest.raises(SettingsError):
            desk.load(header, [["1", "HIT", ""][: len(header)]], name="otro.csv", enters=enters)


@pytest.mark.long
def test_a_kind_that_does_not_fit_holds_back_no_other_block(open_desk):
    desk = open_desk("sent")
    desk.set_control("import_kind", "B", "export")
    desk.paste(["Foo", "Bar"], [["1", "2"]])
    desk.paste(["LeadNumber", "email", "email_status"], [["1", "a@one.example", "valid"]], place="A6")
    assert [drop["step"] for drop in desk.sync(plan=True)["drops"]] == ["verification"]
    assert [drop["step"] for drop in desk.sync()["drops"]] == ["verification"]
    assert [row[:2] for row in desk.cells("Inbox")] == [["Foo", "Bar"], ["1", "2"]]
    assert len(desk.problems()) == 1
    assert value(desk, "import_kind") == "export"
    assert desk.sync()["drops"] == []


@pytest.mark.long
def test_a_kind_goes_with_the_import_that_is_set_aside(open_desk, monkeypatch):
    desk = open_desk("initialised")
    apply = SheetsGateway.apply

    def refusing(self, requests, **options):
        if "Prueba" in str(requests):
            raise SheetError("Google refused the request (400)", state="Nothing was applied.")
        return apply(self, requests, **options)

    desk.set_control("import_kind", "B", "contactos")
    desk.set_control("enters", "B", "box1")
    desk.paste(*LIST)
    with monkeypatch.context() as patch:
        patch.setattr(SheetsGateway, "apply", refusing)
        desk.sync()
    assert (value(desk, "import_kind"), value(desk, "enters"), desk.leads()) == ("", "", {})
    desk.app.retry()
    assert [lead["enters"] for lead in desk.leads().values()] == ["box1", "box1"]


@pytest.mark.long
def test_two_blocks_with_the_same_header_in_one_tab_are_both_taken(open_desk):
    desk = open_desk("initialised")
    header = ["Nombre", "Empresa", "E-mail"]
    blocks = [header, ["Ana Prueba", "Acme", "ana@acme.example"], ["", "", ""], header]
    desk.paste(
        blocks[0], [*blocks[1:], ["Luis Gil", "Beta", "luis@beta.example"], ["Eva Sol", "Gama", "eva@g.example"]]
    )
    desk.sync()
    assert sorted(lead["firstName"] for lead in desk.leads().values()) == ["Ana", "Eva", "Luis"]
