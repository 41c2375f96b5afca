"""Headers over HTTP: what nobody understands is asked once, and what operators answer holds for all that comes."""

import pytest

from sheets_crm.errors import FileError
from sheets_crm.messages import in_language

WAITING = (
    ["Nombre", "Empresa", "Zeta"],
    [["Ana Prueba", "Acme SL", "610000001"], ["Luis Muestra", "Beta SL", ""]],
)
"""Bare digits: a phone or an id, which only somebody can say."""
SPARE = (
    ["Nombre", "Empresa", "E-mail", "Cuota de riesgo", "Equis"],
    [
        ["Ana Prueba", "Acme SL", "ana@acme.example", "alta", "7"],
        ["Luis Muestra", "Beta SL", "luis@beta.example", "", "8"],
    ],
)


def asked(desk, title="Cabeceras"):
    return {row["cabecera"]: row for row in desk.rows(title)}


def answer(desk, header, becomes, *, kind=None):
    """Choose what a header becomes, as an operator does."""
    names, *rows = desk.cells("Cabeceras")
    place = next(n for n, row in enumerate(rows, start=2) if row[names.index("cabecera")] == header)
    desk.put("Cabeceras", f"{chr(65 + names.index('se convierte en'))}{place}", [[becomes]])
    if kind is not None:
        desk.put("Cabeceras", f"{chr(65 + names.index('tipo'))}{place}", [[kind]])


def hidden(desk, title="Cabeceras"):
    return desk.tab(title).isSheetHidden


@pytest.mark.long
def test_a_refused_block_waits_and_is_taken_as_soon_as_its_header_is_answered(open_desk):
    desk = open_desk("initialised")
    assert hidden(desk)
    desk.paste(*WAITING)
    desk.sync()
    row = asked(desk)["Zeta"]
    assert (row["tipo"], row["se convierte en"], row["vista en"], row["ejemplo"]) == (
        "contactos",
        "",
        "Inbox · espera respuesta",
        "610000001",
    )
    assert set(asked(desk)) == {"Zeta"}
    assert not hidden(desk)
    assert not desk.leads()
    assert "Cabeceras" in desk.problems()[0]
    assert desk.sync()["idle"]
    assert len(asked(desk)) == 1
    answer(desk, "Zeta", "person_phone")
    desk.sync()
    leads = desk.leads()
    assert (leads[1]["firstName"], leads[1]["person_phone"]) == ("Ana", "+34610000001")
    assert not any(any(row) for row in desk.cells("Inbox"))
    assert desk.problems() == []
    assert hidden(desk)
    desk.paste(["zeta ", "NOMBRE"], [["610000003", "Otra Persona"]])
    desk.sync()
    assert len(desk.leads()) == 3 - (len(leads) == 1)
    assert desk.sync()["idle"]


@pytest.mark.long
def test_spare_columns_are_asked_about_and_nothing_waits(open_desk):
    desk = open_desk("initialised")
    desk.paste(*SPARE)
    desk.sync()
    assert len(desk.leads()) == 2
    assert set(asked(desk)) == {"Cuota de riesgo", "Equis"}
    assert "2 columnas" in desk.problems()[0]
    assert "Cuota de riesgo, Equis" in desk.problems()[0]
    header = desk.cells("Master")[0]
    answer(desk, "Cuota de riesgo", "conservar")
    answer(desk, "Equis", "ignorar")
    desk.sync()
    assert desk.cells("Master")[0] == [*header, "Cuota de riesgo"]
    desk.paste(*SPARE)
    desk.sync()
    assert [lead["Cuota de riesgo"] for lead in desk.leads().values()] == ["alta", ""]
    assert desk.problems() == []
    assert desk.sync()["idle"]
    assert desk.worker("other").sync(plan=False, now=True, force=False).json["idle"]
    desk.init()
    assert desk.cells("Master")[0] == [*header, "Cuota de riesgo"]
    assert desk.sync()["idle"]


@pytest.mark.long
def test_control_says_what_was_not_taken_until_the_headers_are_answered(open_desk):
    desk = open_desk("initialised")
    desk.paste(*SPARE)
    desk.sync()
    (said,) = desk.problems()
    desk.tick("Verification Input", 1)
    desk.sync()
    desk.sync(force=True)
    assert desk.problems() == [said]
    assert desk.sync()["idle"]
    answer(desk, "Equis", "ignorar")
    desk.sync()
    assert desk.problems() == [said]
    answer(desk, "Cuota de riesgo", "conservar")
    desk.sync()
    assert desk.problems() == []
    assert desk.sync()["idle"]


@pytest.mark.long
def test_a_refused_file_asks_too_and_a_second_import_succeeds(open_desk):
    desk = open_desk("initialised")
    with pytest.raises(FileError) as refused:
        desk.load(*WAITING, name="gente.csv")
    assert "fila 1" in in_language(refused.value.message, "es")
    assert "Cabeceras" in in_language(refused.value.remedy, "es")
    assert asked(desk)["Zeta"]["vista en"] == "gente.csv"
    answer(desk, "Zeta", "keep")
    with pytest.raises(FileError):
        desk.load(*WAITING, name="gente.csv")
    answer(desk, "Zeta", "person_phone")
    (drop,) = desk.load(*WAITING, name="gente.csv")["drops"]
    assert (drop["new"], drop["step"]) == (2, "contacts")


@pytest.mark.long
@pytest.mark.parametrize("way", ["paste", "file"])
def test_a_header_that_is_understood_is_ignored_when_operators_say_so_in_a_file_too(open_desk, way):
    desk = open_desk("initialised")
    names = desk.cells("Cabeceras")[0]
    for name, cell in (("cabecera", "Web"), ("se convierte en", "ignorar")):
        desk.put("Cabeceras", f"{chr(65 + names.index(name))}2", [[cell]])
    desk.sync()
    listed = ["Nombre", "Empresa", "E-mail", "Web"], [["Ana Prueba", "Acme", "ana@acme.example", "acme.example"]]
    if way == "paste":
        desk.paste(*listed)
        desk.sync()
    else:
        desk.load(*listed, name="gente.csv")
    assert [lead["website"] for lead in desk.leads().values()] == [""]
    assert desk.problems() == []


@pytest.mark.long
def test_a_column_is_made_and_filled_by_the_very_file_that_brings_it(open_desk):
    desk = open_desk("initialised")
    desk.load(*SPARE, name="gente.csv")
    answer(desk, "Cuota de riesgo", "keep")
    (drop,) = desk.load(*SPARE, name="gente.csv")["drops"]
    assert drop["duplicate"] == 2
    assert [lead["Cuota de riesgo"] for lead in desk.leads().values()] == ["alta", ""]


@pytest.mark.long
def test_an_answer_that_cannot_be_followed_is_a_problem(open_desk):
    desk = open_desk("initialised")
    desk.paste(*SPARE)
    desk.sync()
    answer(desk, "Equis", "box1_result")
    answer(desk, "Cuota de riesgo", "riesgo")
    desk.sync()
    rows = asked(desk)
    assert "box1_result" in rows["Equis"]["problema"]
    assert rows["Cuota de riesgo"]["problema"]


@pytest.mark.long
def test_a_person_who_is_erased_is_no_example_any_more(open_desk):
    desk = open_desk("initialised")
    desk.paste(
        ["Nombre", "Empresa", "E-mail", "Zeta"],
        [["Ana Prueba", "Acme", "ana@acme.example", "Ana Prueba"]],
    )
    desk.sync()
    (row,) = asked(desk).values()
    answer(desk, row["cabecera"], "keep")
    desk.sync()
    desk.paste(["Nombre", "E-mail", "Zeta"], [["Ana Prueba", "ana@acme.example", "Ana Prueba"]])
    desk.sync()
    assert desk.leads()[1][row["cabecera"]] == "Ana Prueba"
    desk.app.forget("1")
    assert "Ana Prueba" not in str(desk.everything())
