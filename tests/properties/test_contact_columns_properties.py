"""Whatever a list holds, its columns are parted into those brought, unknown and passed over, by nothing but content."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.pipeline.imports.contacts.decide import contact_columns
from sheets_crm.pipeline.imports.contacts.list_head import header_row
from sheets_crm.pipeline.imports.contacts.minimum import TARGETS
from sheets_crm.pipeline.imports.text import header_key

HEADERS = st.sampled_from(
    [
        "Nombre",
        "Apellidos",
        "Nombre completo",
        "Name",
        "Email",
        "Correo",
        "Email 2",
        "E-mail de la empresa",
        "Teléfono",
        "Móvil",
        "Phone",
        "Company phone",
        "Empresa",
        "Razón social",
        "Cargo",
        "Title",
        "LinkedIn",
        "URL",
        "Website",
        "Dominio",
        "Sector",
        "Categoría",
        "Empleados",
        "Ciudad",
        "País",
        "Dirección",
        "Status",
        "Email status",
        "Notas",
        "Contacto",
        "Cliente",
        "ID",
        "Fecha",
        "gridHealth",
        "Talla de camiseta",
        "Emial",
        "Compny",
        "Home phone",
        "First Name",
        "Last Name",
        "Full name",
        "Work email",
        "Persona de contacto",
        "Description",
        "Type",
        "Celular",
    ]
)
CELLS = st.sampled_from(
    [
        "",
        " ",
        "-",
        "Ana",
        "Ana Prueba",
        "EVA MUESTRA",
        "Ejemplo S.L.",
        "Bar Pepe",
        "ana@a.example",
        "Ana <ana@a.example>",
        "+34 600 000 001",
        "910000002",
        "x",
        "12",
        "2026-01-02",
        "valid",
        "catch-all",
        "Sí",
        "Madrid",
        "España",
        "LinkedIn",
        "https://linkedin.com/in/ana",
        "linkedin.com/company/a",
        "www.a.example",
        "https://facebook.com/a",
        "Calle 1, 2",
    ]
) | st.text(max_size=12)


@st.composite
def lists(draw, headers=HEADERS):
    header = draw(st.lists(headers, max_size=8, unique_by=header_key))
    rows = draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), max_size=6))
    return header, rows


def by_header(header, decided):
    columns = {target: [header[place] for place in places] for target, places in decided.columns.items()}
    return columns, {header[place] for place in decided.unknown}, {header[place] for place in decided.passed_over}


@pytest.mark.long
@given(st.lists(st.text(max_size=30) | HEADERS, max_size=8), st.lists(st.lists(CELLS, max_size=9), max_size=5))
def test_every_column_stands_in_one_place(header, rows):
    decided = contact_columns(header, rows)
    placed = [place for places in decided.columns.values() for place in places]
    placed += [*decided.unknown, *decided.passed_over]
    assert sorted(placed) == list(range(max([len(header), *map(len, rows)])))
    assert set(decided.columns) <= set(TARGETS)
    assert all(decided.columns.values())


@pytest.mark.long
@given(lists(), st.randoms(use_true_random=False))
def test_the_order_of_columns_does_not_matter(made, random):
    header, rows = made
    order = list(range(len(header)))
    random.shuffle(order)
    moved = [header[n] for n in order]
    again = contact_columns(moved, [[row[n] for n in order] for row in rows])
    assert by_header(moved, again) == by_header(header, contact_columns(header, rows))


@pytest.mark.long
@given(
    lists(),
    st.sampled_from(
        [
            str.upper,
            str.lower,
            lambda text: f"  {text.replace(' ', '   ')} ",
            lambda text: text.replace(" ", "_"),
            lambda text: text.replace(" ", "-") + ":",
            lambda text: "\ufeff" + text,
            lambda text: "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)),
            lambda text: unicodedata.normalize("NFD", text),
        ]
    ),
)
def test_how_headers_are_written_does_not_matter(made, written):
    header, rows = made
    assert contact_columns([written(cell) for cell in header], rows) == contact_columns(header, rows)


@pytest.mark.long
@given(lists(), st.integers(2, 4))
def test_rows_that_repeat_do_not_matter(made, times):
    header, rows = made
    assert contact_columns(header, rows * times) == contact_columns(header, rows)


@pytest.mark.long
@given(st.lists(st.lists(CELLS | HEADERS, max_size=6), max_size=8))
def test_a_header_row_is_a_row_that_is_filled(grid):
    row = header_row(grid)
    assert row is None or any(cell.strip() for cell in grid[row])
