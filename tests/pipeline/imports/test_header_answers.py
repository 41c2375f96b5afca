"""What operators answer about headers, as values: recognition goes by it, kind by kind."""

from dataclasses import replace

import pytest

from sheets_crm.pipeline.imports.answers import HeaderAnswers, column_of, possible, title_of, too_long_a_title
from sheets_crm.pipeline.imports.recognise import tables
from sheets_crm.pipeline.imports.unknown import unknown_columns
from sheets_crm.pipeline.steps import SCHEMA

KEEPING = replace(SCHEMA, kept=("Zona Azul",))


def only(header, row, *answers, schema=SCHEMA):
    (block,) = tables([header.split(","), row], schema, None, HeaderAnswers.of(answers))
    return block


def test_a_list_is_complete_once_its_channel_is_named():
    row = ["Ana Prueba", "Acme", "610000001"]
    assert only("Nombre,Empresa,Zeta", row).problem.code == "contacts_minimum"
    block = only("Nombre,Empresa,Zeta", row, ("contacts", " ZETA ", "person_phone"))
    assert (block.step, block.layout.column_index["person_phone"]) == ("contacts", (2,))


def test_an_answer_for_another_kind_does_not_count_and_one_for_all_does():
    row = ["1", "ok"]
    assert only("LeadNumber,Fin", row, ("contacts", "Fin", "email_validation")).problem
    assert only("LeadNumber,Fin", row, ("", "Fin", "email_validation")).step == "verification"


def test_a_column_that_no_output_of_the_step_brings_is_filled_all_the_same():
    block = only("LeadNumber,email_status,Tel", ["1", "ok", "9"], ("verification", "Tel", "phone"))
    assert (block.layout.column_index["phone"], block.layout.also, block.layout.ignored) == ((2,), ("phone",), ())


def test_a_kept_column_is_filled_by_every_kind():
    answers = ("", "zona azul", "keep")
    for header, row in (
        ("Nombre,E-mail,Zona azul", ["Ana", "a@one.example", "N"]),
        ("LeadNumber,industry,ZONA AZUL", ["1", "x", "N"]),
    ):
        block = only(header, row, answers, schema=KEEPING)
        assert block.layout.column_index["Zona Azul"] == (2,)


def test_what_is_ignored_is_neither_taken_nor_asked_about():
    answers = HeaderAnswers.of([("contacts", "Raro", "ignore")])
    block = only("Nombre,E-mail,Raro,Nuevo", ["Ana", "a@one.example", "x", "y"], ("contacts", "Raro", "ignore"))
    assert [column.header for column in unknown_columns(block, SCHEMA, answers)] == ["Nuevo"]


def test_a_kept_column_is_filled_whatever_its_cells_are():
    block = only(
        "Nombre,Teléfono,ZETA", ["Ana", "+34 600 000 001", "a@one.example"], schema=replace(SCHEMA, kept=("Zeta",))
    )
    assert "email" not in block.layout.column_index
    assert block.layout.column_index["Zeta"] == (2,)


@pytest.mark.parametrize(
    "grid", [[["Llamar a Juan"], ["mañana"]], [["Nota", "de Ana"]], [["a@b.es", "x"], ["y", "z"]]]
)
def test_a_note_in_an_import_tab_is_not_asked_about(grid):
    for block in tables(grid, SCHEMA):
        assert unknown_columns(block, SCHEMA, HeaderAnswers()) == []


def test_titles_are_as_written_in_one_line_and_never_those_of_another_column():
    assert title_of(" Zona\n Azul ") == "Zona Azul"
    assert column_of("First Name", SCHEMA) == "firstName"
    assert too_long_a_title("🙂" * 51)
    assert not too_long_a_title("🙂" * 50)


def test_nothing_becomes_what_the_worker_keeps():
    assert not {"updated_at", "imported_at", "storage", "box1_status", "box1_batch", "enters"} & set(
        possible(SCHEMA)
    )
    assert {"fullName", "LeadNumber", "email", "person_phone", "box1_result"} <= set(possible(SCHEMA))


def test_answered_headers_are_not_called_strange_where_the_list_lacks_something_else():
    cells = [["Quién", "Org", "Cosa"], ["Ana Prueba", "Acme", "rojo"]]
    answers = HeaderAnswers.of([("", "Quién", "fullName"), ("", "Org", "companyName_fromP"), ("", "Cosa", "keep")])
    (block,) = tables(cells, SCHEMA, None, answers)
    assert block.problem.code == "contacts_minimum"


def test_headers_that_their_cells_belie_are_named():
    (block,) = tables([["Nombre", "Empresa", "Email"], ["Ana Prueba", "Acme", "no-es-email"]], SCHEMA)
    assert (block.problem.code, block.problem.params["headers"]) == ("contacts_cells", "Email")
