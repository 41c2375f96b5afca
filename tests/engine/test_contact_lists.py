"""Contact lists over HTTP: pasted into Inbox or imported as files, they become leads; erased people stay away."""

import pytest

from sheets_crm.errors import FileError
from sheets_crm.messages import in_language

HEADER = ["Nombre", "Apellidos", "Cargo", "Empresa", "Correo electrónico", "Móvil", "Ciudad", "Web"]
PEOPLE = [
    ["Ana", "Prueba", "Compras", "Ácme SL", "ana@acme.example", "612 34 56 78", "Madrid", "https://acme.example"],
    ["Luis", "Muestra", "Dirección", "Beta SL", "", "+34 611 222 333", "Sevilla", ""],
    ["", "", "", "Gamma SL", "info@gamma.example", "", "Bilbao", "gamma.example"],
    ["Nadie", "", "", "", "", "", "Vigo", ""],
]


@pytest.mark.long
def test_a_pasted_list_becomes_leads_and_a_company_waits_for_a_person(open_desk):
    desk = open_desk("initialised")
    desk.paste(HEADER, PEOPLE)
    (drop,) = desk.sync()["drops"]
    assert (drop["step"], drop["new"], drop["rejected"]) == ("contacts", 3, 1)
    assert not any(any(row) for row in desk.cells("Inbox")[1:])
    leads = desk.leads()
    assert [leads[n]["person_phone"] for n in (1, 2, 3)] == ["+34612345678", "+34611222333", ""]
    assert [leads[n]["verification_status"] for n in (1, 2, 3)] == ["ready", "ready", ""]
    assert [row["LeadNumber"] for row in desk.rows("Verification Input")] == [1, 2]
    assert desk.problems() == []
    (rejected,) = [row for row in desk.cells("Rejected") if "Nadie" in row]
    assert "teléfono" in str(rejected)
    assert "metric_differs" not in str(desk.problems())
    assert desk.sync()["idle"]


@pytest.mark.long
def test_the_same_people_again_are_duplicates_by_whichever_key(open_desk):
    desk = open_desk("initialised")
    desk.paste(HEADER, PEOPLE[:3])
    desk.sync()
    again = [
        ["ana@ACME.example", "", "", ""],
        ["", "Luis", "Muestra", "611 22 23 33"],
        ["info@gamma.example", "", "", ""],
    ]
    desk.paste(["E-mail", "Nombre", "Apellidos", "Teléfono"], again)
    (drop,) = desk.sync()["drops"]
    assert (drop["new"], drop["duplicate"], drop["rejected"]) == (0, 3, 0)
    assert len(desk.leads()) == 3


@pytest.mark.long
def test_a_file_is_one_list_and_a_step_may_be_named(open_desk, tmp_path):
    desk = open_desk("initialised")
    path = tmp_path / "clientes.csv"
    lines = [
        "Clientes 2026",
        "",
        ";".join(HEADER),
        *(";".join(row) for row in PEOPLE[:2]),
        "",
        ";".join(PEOPLE[2]),
    ]
    path.write_text("\n".join(lines), encoding="cp1252")
    report = desk.app.import_tables([str(path)], step=None, target_id="T7", plan=False).json
    assert (report["drops"][0]["new"], report["drops"][0]["rejected"]) == (3, 0)
    assert desk.leads()[1]["TargetID"] == "T7"
    report = desk.app.import_tables([str(path)], step="contacts", target_id=None, plan=False).json
    assert report["drops"][0]["duplicate"] == 3


@pytest.mark.long
def test_a_list_that_lacks_the_minimum_says_what_that_is(open_desk, tmp_path):
    desk = open_desk("initialised")
    path = tmp_path / "nombres.csv"
    path.write_text("Nombre,Ciudad\nAna,Madrid\n", encoding="utf-8")
    with pytest.raises(FileError) as refused:
        desk.app.import_tables([str(path)], step=None, target_id=None, plan=False)
    assert "e-mail, teléfono, perfil o web" in in_language(refused.value.message, "es")


@pytest.mark.long
def test_forget_reaches_a_person_who_is_known_by_a_phone_alone(open_desk):
    desk = open_desk("initialised")
    desk.paste(HEADER, PEOPLE[:2])
    desk.sync()
    desk.app.forget("2")
    assert set(desk.leads()) == {1}
    for path in desk.settings.state_dir.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            assert b"Muestra" not in path.read_bytes()
    desk.paste(HEADER, [["Luis", "Muestra", "", "Otra", "", "611222333", "", ""]])
    (drop,) = desk.sync()["drops"]
    assert (drop["new"], drop["rejected"]) == (0, 1), "an erased person does not come back"


@pytest.mark.long
def test_a_spanish_workbook_calls_contacts_by_one_word_everywhere(open_desk):
    desk = open_desk("initialised")
    desk.paste(HEADER, PEOPLE)
    report = desk.sync()
    assert report["drops"][0]["step"] == "contacts", "scripts read the id"
    assert desk.rows("Imports")[0]["step"] == "contactos"
    assert desk.rows("Log")[0]["what"].startswith("D-0001 contactos de Inbox")
    n, row = next((n, row) for n, row in enumerate(desk.cells("Rejected"), 1) if "Nadie" in row)
    assert row[4] == "contactos · Inbox · D-0001"
    desk.put("Rejected", f"{chr(65 + row.index('Nadie') + 4)}{n}", [["nadie@acme.example"]])
    desk.put("Rejected", f"A{n}", [[True]])
    desk.sync()
    assert "nadie@acme.example" in {lead["email"] for lead in desk.leads().values()}
    assert {row["step"] for row in desk.rows("Imports")} == {"contactos"}
