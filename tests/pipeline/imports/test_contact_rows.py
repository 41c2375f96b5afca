"""Contact lists become leads: each person or company once, with what the list says of them."""

import pytest

from sheets_crm.pipeline.imports.contacts.phones import country_of, e164, kept
from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.imports.merge import MergeSettings, merge
from sheets_crm.pipeline.imports.recognise import blocks, tables
from sheets_crm.pipeline.leads import eligible, no_leads
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS

SCHEMA = Schema(STEPS)
SETTINGS = MergeSettings(schema=SCHEMA, country="ES", target_id="T9", now=46000.0)


def merged(*grids, leads=None):
    """The outcomes of importing files of contacts, one after another."""
    leads = no_leads(SCHEMA) if leads is None else leads
    outcomes = []
    for grid in grids:
        (block,) = tables(grid, SCHEMA)
        assert (block.step, block.problem) == ("contacts", None)
        number = int(leads.index.max()) + 1 if len(leads) else 1
        outcomes.append(merge(leads, block, SETTINGS, next_number=number, index=LeadIndex.of(leads)))
        leads = outcomes[-1].leads
    return outcomes


def counts(outcome):
    return outcome.new, outcome.duplicate, outcome.rejected


def cells(outcome, number=1):
    return {name: cell for name, cell in outcome.leads.loc[number].items() if cell not in {"", False}}


ANA = [
    "Ana Prueba",
    "Jefa de compras",
    "Ácme SL",
    "ana@acme.example",
    "612 34 56 78",
    "Madrid",
    "https://acme.example",
]
SPANISH = ["Nombre y apellidos", "Cargo", "Empresa", "Correo electrónico", "Móvil", "Ciudad", "Página web"]


def test_a_spanish_list_becomes_leads_with_all_that_it_says():
    (outcome,) = merged([SPANISH, ANA])
    assert counts(outcome) == (1, 0, 0)
    found = cells(outcome)
    assert {name: found[name] for name in ("firstName", "lastName", "personTitle", "companyName_fromP")} == {
        "firstName": "Ana",
        "lastName": "Prueba",
        "personTitle": "Jefa de compras",
        "companyName_fromP": "Ácme SL",
    }
    assert (found["email"], found["person_phone"], found["personLocation"]) == (
        "ana@acme.example",
        "+34612345678",
        "Madrid",
    )
    assert (found["website"], found["TargetID"], found["imported_at"]) == ("https://acme.example", "T9", 46000.0)
    assert eligible(outcome.leads, STEPS[0])[1]


def test_an_english_list_with_linkedin_and_country():
    header = ["First Name", "Last Name", "Job Title", "Company", "LinkedIn URL", "City", "Country"]
    row = ["Ann", "Test", "Buyer", "Acme Ltd", "https://www.linkedin.com/in/ann-test", "Leeds", "United Kingdom"]
    (outcome,) = merged([header, row])
    found = cells(outcome)
    assert found["personLinkedinUrl"] == "https://www.linkedin.com/in/ann-test"
    assert found["personLocation"] == "Leeds, United Kingdom"


def test_the_same_list_twice_changes_nothing_and_a_fuller_one_fills_blanks():
    short = [["Nombre", "Apellidos", "E-mail"], ["Ana", "Prueba", "ana@acme.example"]]
    first, again, fuller = merged(short, short, [SPANISH, ["Ana P.", *ANA[1:3], " ANA@acme.example ", *ANA[4:]]])
    assert (counts(first), counts(again), counts(fuller)) == ((1, 0, 0), (0, 1, 0), (0, 1, 0))
    assert again.touched == frozenset()
    found = cells(fuller)
    assert (found["firstName"], found["companyName_fromP"], found["person_phone"]) == (
        "Ana",
        "Ácme SL",
        "+34612345678",
    )


def test_a_phone_is_an_identity_after_the_email():
    header = ["Nombre", "Apellidos", "Empresa", "Teléfono"]
    (outcome,) = merged(
        [
            header,
            ["Ana", "Prueba", "Acme", "612345678"],
            ["ANA", "prueba", "", "+34 612 34 56 78"],
            ["Luis", "Muestra", "Acme", "612345678"],
        ]
    )
    assert counts(outcome) == (2, 1, 0), "colleagues share a switchboard"


def test_a_company_without_a_person_is_a_lead_that_verification_waits_for():
    header = ["Empresa", "Teléfono", "Web", "Población"]
    rows = [
        ["Acme SL", "917654321", "https://www.acme.example/es", "Madrid"],
        ["ACME", "", "acme.example", "Madrid"],
        ["Acme Sur", "954321987", "https://acme.example/sur", "Sevilla"],
        ["Beta SL", "", "", "Toledo"],
        ["beta sl", "", "", "TOLEDO"],
        ["Beta SL", "", "", "Cuenca"],
    ]
    (outcome,) = merged([header, *rows])
    assert counts(outcome) == (4, 2, 0), "a branch with a phone of its own is a lead of its own"
    found = cells(outcome)
    assert (found["companyName_fromP"], found["phone"], found["personLocation"]) == (
        "Acme SL",
        "+34917654321",
        "Madrid",
    )
    assert "firstName" not in found
    assert not eligible(outcome.leads, STEPS[0])[1]


def test_somebody_found_at_a_company_that_is_a_lead_takes_it_over_by_its_email():
    company = [["Empresa", "E-mail"], ["Acme SL", "info@acme.example"]]
    person = [["Nombre", "Apellidos", "Empresa", "E-mail"], ["Ana", "Prueba", "Acme SL", "info@acme.example"]]
    _, outcome = merged(company, person)
    assert counts(outcome) == (0, 1, 0)
    assert cells(outcome)["firstName"] == "Ana"


@pytest.mark.parametrize("row", [["Ana", "", "", ""], ["", "", "", "x"], ["", "", "a****@gmail.com", ""]])
def test_a_row_that_names_nobody_is_rejected_and_the_others_come_in(row):
    header = ["Nombre", "Empresa", "E-mail", "Teléfono"]
    (outcome,) = merged([header, ["Luis", "Beta", "luis@beta.example", ""], row])
    assert counts(outcome) == (1, 0, 1)
    assert set(outcome.rejects["reason"]) == {"contact_nobody"}


def test_an_address_with_a_name_around_it_gives_both():
    (outcome,) = merged([["Contacto", "Empresa"], ['"Ana Prueba" <ana@acme.example>', "Acme"]])
    found = cells(outcome)
    assert (found["email"], found["firstName"], found["lastName"]) == ("ana@acme.example", "Ana", "Prueba")


def test_a_file_is_one_table_whatever_stands_above_it_and_between_its_rows():
    grid = [["Clientes 2026"], [], SPANISH, ANA, [], ["Luis Muestra"], [], ["Sin Clave", "", "T-LATIN"], ANA]
    (block,) = tables(grid, SCHEMA)
    assert (block.step, len(block.rows), block.first_row, block.last_row) == ("contacts", 4, 0, 8)


def test_a_list_with_lead_numbers_is_about_leads_that_are_there():
    grid = [["LeadNumber", *SPANISH], ["1", *ANA]]
    assert [block.step for block in blocks(grid, SCHEMA)] == [None]


@pytest.mark.parametrize(
    "header", [["Nombre", "Ciudad"], ["Name", "City", "Age"], ["Empresa", "Sector"]], ids=" ".join
)
def test_a_list_that_lacks_a_way_to_reach_anybody_is_told_the_minimum(header):
    (block,) = blocks([header, ["Ana", "Madrid", "30"][: len(header)]], SCHEMA)
    assert block.problem.code == "contacts_minimum"
    (block,) = blocks([header, ["Ana", "Madrid", "30"][: len(header)]], SCHEMA, "contacts")
    assert block.problem.code == "contacts_minimum"


@pytest.mark.parametrize(
    ("text", "country", "made"),
    [
        ("612 34 56 78", "ES", "+34612345678"),
        ("(+34) 612-345-678", "", "+34612345678"),
        ("0034612345678", "ES", "+34612345678"),
        ("tel:+44 20 7946 0958", "ES", "+442079460958"),
        ("612345678 / 913456789", "ES", "+34612345678"),
        ("no tiene", "ES", ""),
        ("12", "ES", ""),
        ("", "ES", ""),
    ],
)
def test_phones_in_e164(text, country, made):
    assert e164(text, country) == made


def test_a_phone_of_no_known_form_is_kept():
    assert kept("462 100 0974", "ES") == "4621000974"
    assert kept("ext. 12 pregunta por Ana", "ES") == "ext. 12 pregunta por Ana"
    assert [country_of(locale) for locale in ("es_ES", "en-GB", "en", "")] == ["ES", "GB", "", ""]
