"""A cell as a value of its column, or a problem that says what is allowed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scratch import SCRATCH

from sheets_crm.pipeline.columns import Kind
from sheets_crm.workbook.declaration import Choice, TabColumn
from sheets_crm.workbook.two_way.columns import joined
from sheets_crm.workbook.two_way.typed import LONGEST, Typed, typed, value_of_part

HEADERS = [column.header for column in joined(SCRATCH)]


def reading(header, cell, language="es"):
    return typed(SCRATCH.column(header), cell, language)


@pytest.mark.parametrize(
    ("header", "cell", "value"),
    [
        ("word", "007", "007"),
        ("word", 7, "7"),
        ("word", 7.5, "7.5"),
        ("word", False, "FALSE"),
        ("word", " a ", " a "),
        ("word", "#hashtag", "#hashtag"),
        ("word", "a" * LONGEST, "a" * LONGEST),
        ("count", 3.0, 3),
        ("count", "3", 3),
        ("count", "1.234.567", 1_234_567),
        ("ratio", 0.5, 0.5),
        ("ratio", "0,5", 0.5),
        ("ratio", "0.125", 0.125),
        ("ratio", "-12.5", -12.5),
        ("value", "1.234,50 €", 1234.5),
        ("value", "$1,234.50", 1234.5),
        ("due_on", 46000, 46000),
        ("due_on", 46000.75, 46000),
        ("due_on", "2025-12-09", 46000),
        ("due_on", "28/11/2026", 46354),
        ("due_on", "11/28/2026", 46354),
        ("due_on", "5/5/2026", 46147),
        ("call_at", "2025-12-09 12:00", 46000.5),
        ("call_at", "2025-12-09T12:00:00", 46000.5),
        ("call_at", 46000.5, 46000.5),
        ("active", True, True),
        ("active", False, False),
        ("active", "sí", True),
        ("active", "No", False),
        ("active", 1, True),
        ("close", "x", True),
        ("stage", "won", "won"),
        ("stage", "GANADA", "won"),
        ("stage", "Lost", "lost_deal"),
        ("stage", "lost deal", "lost_deal"),
        ("stage", "  pérdida ".replace("é", "e") , "lost_deal"),
        ("stage", "Perdidá", "lost_deal"),
    ],
)  # fmt: skip
def test_what_is_understood(header, cell, value):
    assert reading(header, cell) == Typed(value)
    assert type(reading(header, cell).value) is type(value)
    assert reading(header, cell, "en").value == value


@pytest.mark.parametrize(
    ("header", "cell", "spanish", "english"),
    [
        ("count", 3.5, "cantidad es «3.5»: escribe un número entero", "count is “3.5”: enter a whole number"),
        ("count", True, "cantidad es «TRUE»", "count is “TRUE”"),
        ("ratio", "1.234", "proporción es «1.234»: escribe un número", "ratio is “1.234”: enter a number"),
        ("ratio", "doce", "proporción es «doce»", "ratio is “doce”"),
        ("value", float("nan"), "valor es", "value is"),
        (
            "due_on",
            "03/04/2026",
            "vence es «03/04/2026»: escribe una fecha",
            "due_on is “03/04/2026”: enter a date",
        ),
        ("due_on", -1, "vence es «-1»", "due_on is “-1”"),
        ("due_on", True, "vence es «TRUE»", "due_on is “TRUE”"),
        (
            "call_at",
            "mañana",
            "llamada es «mañana»: escribe fecha y hora",
            "call_at is “mañana”: enter a date and time",
        ),
        ("call_at", "2026-01-01T00:00+02:00", "llamada es", "call_at is"),
        ("active", "quizá", "activa es «quizá»: usa la casilla", "active is “quizá”: use the checkbox"),
        (
            "stage",
            "wonn",
            "etapa es «wonn»: se admite nueva, ganada, perdida",
            "stage is “wonn”: allowed values: new, won, lost",
        ),
        ("word", "a" * (LONGEST + 1), "palabra tiene 20001 caracteres", "word has 20001 characters"),
        ("word", "😀" * (LONGEST // 2 + 1), "palabra tiene 20002 caracteres", "word has 20002 characters"),
        ("word", "#N/A", "palabra muestra un error (#N/A)", "word shows an error (#N/A)"),
        ("stage", "#REF!", "etapa muestra un error (#REF!)", "stage shows an error (#REF!)"),
        ("close", "#¡DIV/0!", "cerrar muestra un error", "close shows an error"),
        ("notes", "#ERROR", "notas muestra un error", "notes shows an error"),
    ],
)
def test_what_is_not_understood_says_what_is_allowed(header, cell, spanish, english):
    in_spanish, in_english = reading(header, cell, "es"), reading(header, cell, "en")
    assert str(in_spanish.problem.localized("es")).startswith(spanish)
    assert in_english.problem.localized("en").startswith(english)
    assert in_spanish.value == reading(header, "").value, "it counts as a blank cell"


def test_a_problem_quotes_the_beginning_of_a_long_cell():
    assert len(reading("count", "x" * 5_000).problem) < 200


def test_of_a_long_list_of_choices_a_message_names_some():
    column = TabColumn("c", choices=tuple(Choice(f"c{n}") for n in range(40)))
    problem = typed(column, "zz", "es").problem
    assert str(problem) == "c es «zz»: elige una opción de la lista de la celda, como c0, c1, c2."


def test_an_id_comes_before_a_name_that_another_choice_has():
    column = TabColumn("c", choices=(Choice("a", "b", "x"), Choice("b", "c", "y")))
    assert typed(column, "b", "es").value == "b"
    assert typed(column, "c", "es").value == "b"


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(HEADERS), st.one_of(st.text(max_size=30), st.booleans(), st.integers(), st.floats()))
def test_every_cell_is_a_value_of_its_kind_or_has_a_problem(header, cell):
    column, got = SCRATCH.column(header), reading(header, cell)
    if column.kind is Kind.FLAG:
        assert isinstance(got.value, bool)
    elif column.kind is Kind.TEXT:
        assert isinstance(got.value, str)
    elif got.value != "":
        assert type(got.value) in {int, float}
    if got.problem:
        assert column.name("es") in got.problem
        assert got.problem.localized("en")


@given(
    st.sampled_from(HEADERS),
    st.one_of(st.integers(1, 90_000), st.decimals(1, 9_000, places=2).map(float), st.booleans()),
)
def test_the_part_of_a_good_cell_gives_its_value_again(header, cell):
    got = reading(header, cell)
    part = ("1" if cell else "") if isinstance(cell, bool) else f"{cell:.15g}"
    if not got.problem and not (isinstance(cell, bool) and SCRATCH.column(header).kind is Kind.TEXT):
        assert value_of_part(SCRATCH.column(header), part, "es") == got.value


@pytest.mark.parametrize("part", ["#ERROR", "x" * 3_000 + "…20000"])
def test_an_error_and_a_text_that_was_cut_are_no_values(part):
    assert value_of_part(SCRATCH.column("word"), part, "es") is None
    assert value_of_part(SCRATCH.column("word"), "see…12", "es") == "see…12"
