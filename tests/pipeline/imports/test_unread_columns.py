"""Columns under headers that nobody knows: taken for what their cells plainly are, and asked about where they are not."""

import pytest

from sheets_crm.pipeline.imports.answers import HeaderAnswers
from sheets_crm.pipeline.imports.contacts.decide import contact_columns
from sheets_crm.pipeline.imports.contacts.plain_cells import is_plainly_email, is_plainly_phone, is_plainly_site
from sheets_crm.pipeline.imports.layout import contact_list
from sheets_crm.pipeline.imports.recognise import tables
from sheets_crm.pipeline.imports.unknown import unknown_columns
from sheets_crm.pipeline.steps import SCHEMA

PEOPLE = (("Ana Prueba", "Acme"), ("Luis Muestra", "Beta"), ("Eva Ensayo", "Gama"), ("Iker Modelo", "Delta"))
EMAILS = ("ana@acme.example", "luis@beta.example", "eva@gama.example", "iker@delta.example")
KINDS = {
    "email": EMAILS,
    "personLinkedinUrl": tuple(f"https://www.linkedin.com/in/{name}" for name in "abcd"),
    "personSalesUrl": tuple(f"https://www.linkedin.com/sales/lead/ACwAA{name},x" for name in "abcd"),
    "companyLinkedinUrl": ("https://www.linkedin.com/company/acme",) * 4,
    "website": ("https://acme.example", "www.beta.example/es/", "gama.com", "delta.es"),
    "person_phone": ("+34 600 000 001", "(011) 4321-8765", "91 000 00 02", "06 12 34 56 78"),
}


def decided(header, *columns, people=PEOPLE):
    rows = [[*person, *cells] for person, *cells in zip(people, *columns, strict=True)]
    header = ["Nombre", "Empresa", *header.split(",")]
    return contact_columns(header, rows)


@pytest.mark.parametrize("target", KINDS)
def test_a_column_under_an_unknown_header_is_what_its_cells_plainly_are(target):
    found = decided("Zeta", KINDS[target])
    assert (found.columns.get(target), found.unknown) == ((2,), ())


@pytest.mark.parametrize("target", KINDS)
def test_it_is_asked_about_where_a_header_claims_the_target(target):
    claiming = {
        "email": "E-mail",
        "personLinkedinUrl": "LinkedIn",
        "personSalesUrl": "Sales Navigator",
        "companyLinkedinUrl": "LinkedIn de la empresa",
        "website": "Web",
        "person_phone": "Teléfono de la empresa",
    }
    found = decided(f"Zeta,{claiming[target]}", KINDS[target], KINDS[target])
    assert found.unknown == (2,)


@pytest.mark.parametrize(
    "cells",
    [
        ("llamar el lunes", "vip", "muy interesado", "no"),
        ("610000001", "610000002", "610000003", "610000004"),
        (
            "escribir a ana@acme.example",
            "ver luis@beta.example",
            "eva@gama.example ya no",
            "pedir iker@delta.example",
        ),
        ("123-45-6789", "223-45-6789", "323-45-6789", "423-45-6789"),
        ("2026-01-05 10", "05-01-2026 10", "192.168.10.20", "123.456.789"),
        ("https://drive.google.com/file/1", "https://drive.google.com/file/2", "https://a.com/b/c", "x.com/hola"),
        ("Node.js", "Vue.js", "M.Sol", "J.García"),
        (EMAILS[0], "", "", ""),
        (EMAILS[0], EMAILS[1], "no quiere", "no"),
        ("vendedor@casa.example",) * 4,
        ("123.456.789-09", "223.456.789-09", "323.456.789-09", "423.456.789-09"),
        ("100 000 000", "50 000 000 000", "200 000 000", "150 000 000"),
    ],
)
def test_what_cells_do_not_say_plainly_is_asked(cells):
    assert decided("Zeta", cells).unknown == (2,)


@pytest.mark.parametrize("header", ["Supervisor", "Recomendado por", "Gestor"])
def test_somebody_elses_address_is_not_the_leads(header):
    assert "email" not in decided(header, EMAILS).columns


@pytest.mark.parametrize("header", ["ABN", "RCS", "NIP", "Documento", "Presupuesto anual"])
def test_numbers_of_firms_and_papers_are_no_phones(header):
    assert (
        "person_phone"
        not in decided(header, ("51 824 753 556", "552 100 554", "91 000 00 02", "52 824 753 556")).columns
    )


def test_a_column_without_header_that_answers_have_filled_is_not_guessed_again():
    rows = [[*person, email] for person, email in zip(PEOPLE, EMAILS, strict=True)]
    assert "email" not in contact_columns(["Full name", "Company", ""], rows, taken={"email"}).columns


@pytest.mark.parametrize("header", ["Web", "Contacto web", "Dirección", "Dirección digital"])
def test_a_column_of_emails_under_a_header_for_something_else_is_asked_about(header):
    found = decided(header, EMAILS)
    assert (found.unknown, "website" in found.columns) == ((2,), False)


def test_one_cell_of_five_may_be_otherwise_and_blanks_do_not_count():
    people = (*PEOPLE, *PEOPLE)
    assert decided("Zeta", [*EMAILS, "pendiente de él", "", "", ""], people=people).columns["email"] == (2,)


def test_a_list_of_fewer_rows_has_to_fill_them_all():
    assert decided("Zeta", EMAILS[:1], people=PEOPLE[:1]).columns["email"] == (2,)
    assert decided("Zeta", [EMAILS[0], ""], people=PEOPLE[:2]).unknown == (2,)


def test_of_two_such_columns_neither_is_taken():
    assert decided("Zeta,Eta", EMAILS, EMAILS[::-1]).unknown == (2, 3)


def test_a_column_without_header_goes_before_one_with_an_unknown_one():
    found = decided("Zeta,", EMAILS, EMAILS[::-1])
    assert (found.columns["email"], found.unknown) == ((3,), (2,))


def test_phones_are_the_companys_in_a_list_of_companies():
    rows = [["Acme", "acme.com", "+34 910 000 001"], ["Beta", "beta.com", "+34 910 000 002"]]
    assert contact_columns(["Empresa", "Web", "Zeta"], rows).columns["phone"] == (2,)


def test_what_operators_answered_goes_before_what_cells_say():
    header = ["Nombre", "Empresa", "Zeta", "Eta"]
    rows = [[*person, email, email] for person, email in zip(PEOPLE, EMAILS, strict=True)]
    layout = contact_list(header, rows, SCHEMA, HeaderAnswers.of([("contacts", "Zeta", "email")]))
    assert (layout.column_index["email"], layout.unknown) == ((2,), (3,))
    ignoring = HeaderAnswers.of([("contacts", "Zeta", "ignore")])
    assert contact_list(header, rows, SCHEMA, ignoring).column_index["email"] == (3,)


def test_a_list_is_complete_by_its_cells_and_asks_nothing():
    (block,) = tables([["Nombre", "Empresa", "Zeta"], ["Ana Prueba", "Acme", "ana@acme.example"]], SCHEMA)
    assert (block.step, block.layout.column_index["email"]) == ("contacts", (2,))
    assert unknown_columns(block, SCHEMA, HeaderAnswers()) == []


@pytest.mark.parametrize(
    ("plainly", "yes", "no"),
    [
        (
            is_plainly_email,
            ("a.b+c@d-e.co.uk", "mailto:a@b.es", "a@b.es; c@d.es", '"Ana P." <a@b.es>', "a@b.es c@d.es"),
            ("a@b", "@ana", "de a@b.es", "a@b.es (no)", "a***@b", "https://medium.com/@a.es"),
        ),
        (
            is_plainly_phone,
            ("+34600000001", "'+34 600 000 001", "tel:+1 212-555-0100", "+34 600 000 001 / 910 000 002"),
            ("600000001", "+1", "B-12345678", "76.123.456-7", "28001", "4111 1111 1111 1111", "ES21 0000 0000"),
        ),
        (
            is_plainly_site,
            ("http://acme.com", "WWW.ACME.ES", "acme.co.uk/en", "tienda.acme.online/"),
            (
                "acme",
                "a@acme.com",
                "v1.2",
                "informe.pdf",
                "https://facebook.com/acme",
                "https://acme.com/blog/uno",
            ),
        ),
    ],
)
def test_what_a_cell_plainly_is(plainly, yes, no):
    assert [text for text in yes if not plainly(text)] == []
    assert [text for text in no if plainly(text)] == []
