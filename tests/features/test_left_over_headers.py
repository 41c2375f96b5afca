"""Rows of Headers that nobody answered go with their block; whatever somebody may still need stays."""

import pytest

from sheets_crm.errors import FileError
from sheets_crm.features.header_places import is_waiting, taken_from, waiting_in

WAITING = ["Nombre", "Empresa", "Zeta"], [["Ana Prueba", "Acme SL", "610000001"], ["Luis Muestra", "Beta SL", ""]]
OTHER = ["Nombre", "Empresa", "Equis"], [["Eva Prueba", "Gama SL", "610000009"], ["Pau Muestra", "Delta SL", ""]]
MENDED = ["Nombre", "Empresa", "Teléfono"], [["Ana Prueba", "Acme SL", "+34 610000001"]]
MERGED = ["Nombre", "E-mail", "Zeta"], [["Ana Prueba", "ana@acme.example", "7"]]


def asked(desk):
    return {row["cabecera"]: row for row in desk.rows("Cabeceras")}


def clear(desk, tab="Inbox"):
    desk.tab(tab, "owner").batch_clear(["A1:Z40"])


def write(desk, column, value, row=2):
    place = desk.cells("Cabeceras")[0].index(column)
    desk.put("Cabeceras", f"{chr(65 + place)}{row}", [[value]])


@pytest.fixture
def desk(open_desk):
    """A workbook in whose Inbox a block waits for the answer about one header."""
    desk = open_desk("initialised")
    desk.paste(*WAITING)
    desk.sync()
    assert set(asked(desk)) == {"Zeta"}
    return desk


def test_the_words_of_a_block_that_waits_are_known_in_both_languages():
    for language in ("es", "en"):
        assert is_waiting(waiting_in("Inbox", language))
        assert taken_from(waiting_in("Inbox", language)) == "Inbox"
    assert not is_waiting("Inbox")
    assert not is_waiting("gente.csv")


@pytest.mark.long
def test_a_row_goes_with_the_block_that_was_thrown_away(desk):
    desk.sync(force=True)
    assert set(asked(desk)) == {"Zeta"}, "its block waits"
    clear(desk)
    desk.sync()
    assert asked(desk) == {}
    assert desk.tab("Cabeceras").isSheetHidden
    assert desk.problems() == []
    assert desk.sync()["idle"]
    desk.paste(*WAITING)
    desk.sync()
    assert set(asked(desk)) == {"Zeta"}, "it is asked about anew"
    assert not desk.tab("Cabeceras").isSheetHidden


@pytest.mark.long
def test_a_row_goes_when_its_block_was_corrected_and_those_of_other_blocks_stay(desk):
    clear(desk)
    desk.paste(*MENDED)
    desk.put("Inbox", "A5", [OTHER[0], *OTHER[1]])
    desk.sync()
    assert len(desk.leads()) == 1
    assert set(asked(desk)) == {"Equis"}
    assert not desk.tab("Cabeceras").isSheetHidden
    assert desk.sync()["idle"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("column", "value"), [("se convierte en", "ignorar"), ("tipo", ""), ("cabecera", "Zeta 2")]
)
def test_a_row_that_somebody_edited_stays(desk, column, value):
    if column == "se convierte en":
        clear(desk)
        write(desk, column, value)
    else:
        write(desk, column, value)
        desk.sync()
        clear(desk)
    desk.sync()
    desk.sync(force=True)
    assert value in {row[column] for row in desk.rows("Cabeceras")}
    assert desk.rows("Cabeceras")[-1]["vista en"].startswith("Inbox")


@pytest.mark.long
def test_a_row_with_a_note_or_with_something_in_a_column_of_ones_own_stays(desk):
    desk.put("Inbox", "A5", [OTHER[0], *OTHER[1]])
    desk.sync()
    assert list(asked(desk)) == ["Zeta", "Equis"]
    number = desk.tab_id("Cabeceras")
    start = {"sheetId": number, "rowIndex": 1, "columnIndex": 4}
    desk.structure(
        {"updateCells": {"start": start, "rows": [{"values": [{"note": "¿y esto?"}]}], "fields": "note"}}
    )
    width = len(desk.cells("Cabeceras")[0])
    desk.structure({"appendDimension": {"sheetId": number, "dimension": "COLUMNS", "length": 2}})
    desk.put("Cabeceras", f"{chr(65 + width)}3", [["preguntar a Ana"]])
    clear(desk)
    desk.sync()
    desk.sync(force=True)
    assert list(asked(desk)) == ["Zeta", "Equis"]


@pytest.mark.long
def test_the_row_of_an_import_that_was_merged_without_the_column_stays(desk):
    clear(desk)
    desk.paste(*MERGED)
    desk.sync()
    assert len(desk.leads()) == 1
    assert asked(desk)["Zeta"]["vista en"] == "Inbox"
    desk.sync(force=True)
    assert set(asked(desk)) == {"Zeta"}


@pytest.mark.long
def test_the_row_of_a_refused_file_stays_until_the_file_is_imported_again(desk):
    with pytest.raises(FileError):
        desk.load(*WAITING, name="gente.csv")
    clear(desk)
    desk.sync()
    desk.sync(force=True)
    assert asked(desk)["Zeta"]["vista en"] == "Inbox"
    write(desk, "se convierte en", "person_phone")
    (drop,) = desk.load(*WAITING, name="gente.csv")["drops"]
    assert drop["new"] == 2


@pytest.mark.long
def test_a_row_that_somebody_typed_stays_though_it_was_seen_nowhere(desk):
    write(desk, "cabecera", "Mía", row=3)
    desk.sync()
    clear(desk)
    desk.sync()
    assert set(asked(desk)) == {"Mía"}
