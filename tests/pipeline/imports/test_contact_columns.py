"""What the columns of a contact list mean: headers of both languages, and cells where headers leave it open."""

import pytest

from sheets_crm.pipeline.imports.contacts.decide import contact_columns
from sheets_crm.pipeline.imports.contacts.list_head import header_row
from sheets_crm.pipeline.imports.contacts.minimum import MINIMUM, TARGETS


def named(header, *rows):
    """The header of the best column of each target."""
    header = header.split(",") if isinstance(header, str) else header
    decided = contact_columns(header, [row.split(",") if isinstance(row, str) else row for row in rows])
    return {target: header[places[0]] for target, places in decided.columns.items()}


def unknown(header, *rows):
    header = header.split(",")
    return [header[place] for place in contact_columns(header, [row.split(",") for row in rows]).unknown]


PERSON = {"firstName", "lastName", "personTitle", "companyName", "personLinkedinUrl"}


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,Job Title,Company,LinkedIn URL",
        "First Name,Last Name,Job Title,Company,LinkedIn Profile URL",
        "Nombre,Apellidos,Cargo,Empresa,LinkedIn",
        "nombre_de_pila,primer apellido,puesto actual,nombre de la empresa,perfil de LinkedIn",
        "FIRSTNAME,LASTNAME,JOBTITLE,COMPANYNAME,LINKEDINURL",
        "prospectFirstName,prospectLastName,prospectJobTitle,prospectCompanyName,prospectLinkedinUrl",
        "Prénom,Nom,Fonction,Société,Profil LinkedIn",
        "Vorname,Nachname,Position,Firma,LinkedIn-Profil",
        "Nome,Cognome,Ruolo,Azienda,Linkedin",
        "Nome,Sobrenome,Cargo,Empresa,LinkedIn",
        "Voornaam,Achternaam,Functie,Bedrijf,LinkedIn profiel",
    ],
)
def test_lists_of_people_in_several_languages(header):
    targets = ("firstName", "lastName", "personTitle", "companyName", "personLinkedinUrl")
    assert named(header) == dict(zip(targets, header.split(","), strict=True))


def test_owners_lists_of_firms_in_their_town():
    """Businesses found by trade, with what was seen of each; and companies and contacts of a region."""
    trades = "id,name,trade,email,phone,gridHealth,criticalGaps,gaps,status"
    rows = ["p1,Ejemplo Plumbing Co,Plumbing,info@ejemplo.example,+1 555 010 0100,48,no reviews,3,active"]
    got = named(trades, *rows)
    assert got == {"companyName": "name", "industry": "trade", "email": "email", "phone": "phone"}
    assert unknown(trades, *rows) == ["gridHealth", "criticalGaps", "gaps"]
    region = (
        "nombre_empresa,rubro,comuna,contacto_nombre,contacto_cargo,contacto_email,contacto_telefono,sitio_web"
    )
    assert named(region) == {
        "companyName": "nombre_empresa",
        "industry": "rubro",
        "personLocation": "comuna",
        "@full_name": "contacto_nombre",
        "personTitle": "contacto_cargo",
        "email": "contacto_email",
        "person_phone": "contacto_telefono",
        "website": "sitio_web",
    }
    customers = named("companyName,contactName,email,phone,website,serviceType,monthlyFee,startDate,status")
    assert customers == {
        "companyName": "companyName",
        "@full_name": "contactName",
        "email": "email",
        "phone": "phone",
        "website": "website",
    }


def test_a_known_column_under_another_name_is_known():
    assert named("LeadNumber,Company,Website URL,phone")["website"] == "Website URL"


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("Teléfono de la empresa", "phone"),
        ("companyPhoneNumber", "phone"),
        ("Número de móvil", "person_phone"),
        ("WhatsApp", "person_phone"),
        ("Correo corporativo", "email"),
        ("¿Cuál es tu correo electrónico?", "email"),
        ("E-mail 1 - Value", "email"),
        ("Nº de empleados", "employeeCount"),
        ("# Employees", "employeeCount"),
        ("Company Size", "employeeCount"),
        ("Sector de actividad", "industry"),
        ("Población", "personLocation"),
        ("País", "country"),
        ("Country/Region", "country"),
        ("Email verification", "email_validation"),
        ("Dominio web", "domain"),
        ("Observaciones", "notes"),
        ("Comentarios", "notes"),
        ("LinkedIn de la empresa", "companyLinkedinUrl"),
        ("Sales Navigator URL", "personSalesUrl"),
        ("\ufeffEmail", "email"),
        ("Correo electr√≥nico", "email"),
        ("TelÃ©fono móvil", "person_phone"),
        ("Tel?fono", "person_phone"),
        ("Emial", "email"),
        ("Telefno", "person_phone"),
        ("Compnay size", "employeeCount"),
    ],
)
def test_one_header_beside_a_person_of_a_company(header, target):
    cells = {"email": "ana@a.example", "person_phone": "+34 600 000 000", "employeeCount": "50"}
    row = [cells.get(target, ""), "Ana", "Prueba", "Ejemplo SL"]
    assert named([header, "Nombre", "Apellidos", "Empresa"], row).get(target) == header


@pytest.mark.parametrize(
    "header",
    [
        *("Record ID", "CIF", "Código postal", "Provincia", "Fecha de alta", "Propietario del contacto"),
        *("Email Opened", "Email del vendedor", "Second email", "E-mail 2 Address", "Home Phone", "Fax"),
        *("Rating", "Consentimiento RGPD", "Lead Status", "Ticket Type", "Facebook", "Company Description"),
        *("Contact owner", "Nombre de la calle", "Parent Company", "Last Contacted", "Anrede", "Contract"),
    ],
)
def test_what_is_understood_and_brought_nowhere(header):
    decided = contact_columns(
        ["Nombre", "Apellidos", "Empresa", "Email", header], [["Ana", "Prueba", "Ejemplo SL", "ana@a.example", ""]]
    )
    assert decided.passed_over == (4,)


def test_a_strange_header_is_asked_about():
    assert unknown("Nombre,Email,Talla favorita,gridHealth", "Ana Prueba,ana@a.example,M,48") == [
        "Talla favorita",
        "gridHealth",
    ]


def test_an_empty_column_is_not_asked_about():
    assert unknown("Nombre,Email,gridHealth", "Ana Prueba,ana@a.example,") == []


def test_whose_phone_a_strange_one_is_is_asked():
    decided = contact_columns(["Vorname", "Nachname", "Telefon Kantine"], [["Ana", "Prueba", "42"]])
    assert decided.unknown == (2,)


@pytest.mark.parametrize(
    ("header", "row", "target"),
    [
        ("Name,Job Title,Company", "Ana Prueba,CFO,Ejemplo", "@full_name"),
        ("Nombre,Email", "Ana Prueba,ana@a.example", "@full_name"),
        ("Nombre,Teléfono,Web", "Bar Pepe,600 000 000,barpepe.example", "companyName"),
        ("Nombre,Razón social,Teléfono", "Bar Pepe,Pepe y Ana SL,600 000 000", "companyName"),
        ("Name,Rating,Reviews", "Corner Shop,4.5,12", "companyName"),
        ("Nombre,Email,Web", "Ana Prueba,ana.prueba@a.example,a.example", "@full_name"),
        ("Nombre,Email", "Ejemplo y Cía SL,info@a.example", "companyName"),
        ("Nombre,Persona de contacto,Email", "Ejemplo,Ana Prueba,ana@a.example", "companyName"),
        ("Nombre,Apellidos", "Ana,Prueba", "firstName"),
        ("Nombre del asistente,Apellidos del asistente", "Ana,Prueba", "firstName"),
        ("Nom du contact,Prénom du contact,Société", "Prueba,Ana,Ejemplo", "lastName"),
        ("Name,Vorname", "Prueba,Ana", "lastName"),
        ("Nom,Prénom", "Prueba,Ana", "lastName"),
        ("Name,First Name,Last Name", "Ana Prueba,Ana,Prueba", "@full_name"),
        ("Name,First Name,Last Name", "Ejemplo Ltd,Ana,Prueba", "companyName"),
    ],
)
def test_a_name_is_a_persons_or_a_companys_by_what_stands_beside_it(header, row, target):
    assert named(header, row)[target] == header.split(",")[0]


def test_a_phone_is_the_companys_in_a_list_of_companies():
    assert named("Empresa,Teléfono,Web")["phone"] == "Teléfono"
    assert named("Empresa,Persona de contacto,Teléfono")["phone"] == "Teléfono"
    assert named("Nombre,Apellidos,Empresa,Teléfono")["person_phone"] == "Teléfono"


def test_a_persons_phones_stand_in_for_each_other_where_one_is_blank():
    header = ["Full name", "Phone", "Mobile", "Phone 2", "Home phone"]
    rows = [["Ana Prueba", "910 000 001", "600 000 001", "1", "2"], ["Eva Prueba", "910 000 002", "", "", ""]]
    assert contact_columns(header, rows).columns["person_phone"] == (2, 1)
    assert contact_columns(header, rows[:1]).columns["person_phone"] == (2,)


def test_a_persons_phone_that_is_always_the_companys_is_none():
    decided = contact_columns(
        ["Empresa", "Contact Name", "Company Phone", "Contact Phone"],
        [["A", "Ana Prueba", "910 000 001", "+910000001"], ["B", "Eva Prueba", "910 000 002", "910000002"]],
    )
    assert decided.columns["phone"] == (2,)
    assert "person_phone" not in decided.columns


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://www.linkedin.com/in/ana", "personLinkedinUrl"),
        ("https://www.linkedin.com/sales/lead/ACwAAA1,x", "personSalesUrl"),
        ("https://linkedin.com/company/ejemplo", "companyLinkedinUrl"),
        ("www.ejemplo.example", "website"),
    ],
)
@pytest.mark.parametrize("header", ["URL", "Link", "Website", "Perfil"])
def test_an_address_is_what_it_leads_to(header, address, target):
    assert named(["Full name", header], ["Ana Prueba", address])[target] == header


def test_a_linkedin_column_is_whose_profiles_it_has():
    assert "companyLinkedinUrl" in named("Full name,LinkedIn", "Ana Prueba,linkedin.com/company/x")
    assert "personLinkedinUrl" in named("Company,LinkedIn", "Ejemplo,linkedin.com/in/x")
    assert "companyLinkedinUrl" in named("Company,LinkedIn", "Ejemplo,")
    assert "personLinkedinUrl" in named("Full name,LinkedIn", "Ana Prueba,LinkedIn")


@pytest.mark.parametrize(
    ("cell", "target"),
    [("Ana Prueba", "@full_name"), ("ana@a.example", "email"), ("+34 910 000 000", "phone"), ("web form", None)],
)
def test_a_contact_is_what_its_cells_are(cell, target):
    got = {
        target for target, header in named("Empresa,Contacto", f"Ejemplo,{cell}").items() if header == "Contacto"
    }
    assert got == ({target} if target else set())


def test_a_status_is_a_verdict_if_its_words_are_a_verifiers():
    assert named("Email,Status", "a@a.example,valid", "b@a.example,catch-all")["email_validation"] == "Status"
    assert "email_validation" not in named("Email,Status", "a@a.example,replied", "b@a.example,new")
    assert (
        named("LeadNumber,E-mail,RESULT", "1,a@a.example,ok", "2,b@a.example,invalid")["email_validation"]
        == "RESULT"
    )


def test_a_column_that_cannot_be_what_its_header_says_is_asked_about():
    decided = contact_columns(["Nombre", "Email"], [["Ana Prueba", "610 000 000"], ["Eva Prueba", "no"]])
    assert "email" not in decided.columns
    assert decided.unknown == (1,)


def test_names_with_addresses_are_emails():
    assert named("Who,E-mail", "x,Ana Prueba <ana@a.example>")["email"] == "E-mail"
    assert named("Nombre", ["Ana <ana@a.example>"])["email"] == "Nombre"


def test_the_better_of_two_for_one_target():
    assert named("Personal Email,Work Email")["email"] == "Work Email"
    assert named("Email 2,Email")["email"] == "Email"
    assert named("Razón social,Nombre comercial")["companyName"] == "Nombre comercial"
    assert named("First Name,City,Company City")["personLocation"] == "City"
    assert named("Company,Company City")["personLocation"] == "Company City"
    assert named("Categoría,Sector,Empresa", "Bares,Hostelería,Ejemplo")["industry"] == "Sector"
    # A repeated header: the first that has it.
    assert contact_columns(["Name", "Email", "Email"], [["Ana Prueba", "a@a.example", "b@a.example"]]).columns[
        "email"
    ] == (1,)


def test_the_full_name_that_has_the_first_name():
    header = ["first_name", "last_name", "name", "FullName"]
    decided = contact_columns(header, [["Ana", "Prueba", "Ana Prueba", "Otra Persona"]])
    assert decided.columns["@full_name"] == (2,)


def test_a_list_without_headers_by_its_cells():
    rows = [
        ["1", "Ana Prueba", "ana@a.example", "+34 600 000 001", "https://linkedin.com/in/ana", "Software"],
        ["2", "Eva Muestra", "eva@b.example", "+34 600 000 002", "https://linkedin.com/in/eva", "Retail"],
    ]
    decided = contact_columns([""] * 6, rows)
    assert dict(decided.columns) == {
        "@full_name": (1,),
        "email": (2,),
        "person_phone": (3,),
        "personLinkedinUrl": (4,),
    }
    assert decided.unknown == ()
    firms = contact_columns([], [["63", "PUERTOS S.A."], ["507", "Otra Ltda."]])
    assert dict(firms.columns) == {"companyName": (1,)}


@pytest.mark.parametrize(
    ("header", "complete"),
    [
        ("Nombre,Email", True),
        ("Empresa,Web", True),
        ("Empresa,Teléfono", True),
        ("Nombre,Apellidos,LinkedIn", True),
        ("Nombre,Apellidos,Web", False),
        ("Email", False),
        ("Empresa,Ciudad", False),
        ("Nombre,Apellidos,Cargo", False),
    ],
)
def test_the_minimum(header, complete):
    assert contact_columns(header.split(","), []).complete is complete


def test_the_minimum_names_targets():
    assert {target for pair in MINIMUM for side in pair for target in side} <= set(TARGETS)


@pytest.mark.parametrize(
    ("grid", "row"),
    [
        ([["Nombre", "Email"], ["Ana", "ana@a.example"]], 0),
        ([["sep=;"], ["Nombre", "Email"], ["Ana", "ana@a.example"]], 1),
        ([["Clientes 2026"], [], ["", ""], ["", "Nombre", "Teléfono"], ["", "Ana", "600 000 000"]], 3),
        ([["Notes:"], ["Some addresses are missing, see the help pages"], [], ["First Name", "URL", "Email"]], 3),
        (
            [
                ["Persona", "", "Empresa", ""],
                ["Nombre", "Apellidos", "Empresa", "Web"],
                ["Ana", "P", "E", "e.example"],
            ],
            1,
        ),
        ([["Email"], ["ana@a.example"]], 0),
        ([["63", "PUERTOS S.A."], ["507", "OTRA S.A."]], None),
        ([["Ana Prueba", "ana@a.example"], ["Eva Prueba", "eva@a.example"]], None),
        ([["Emial", "Nmae", "Phne"], ["a@a.example", "Ana", "600 000 000"]], 0),
        ([["email", "default_address.company", "default_address.city"], ["a@a.example", "E", "Madrid"]], 0),
        ([], None),
        ([[], [""]], None),
    ],
)
def test_the_header_row(grid, row):
    assert header_row(grid) == row


@pytest.mark.parametrize(
    ("header", "cells", "asked"),
    [
        ("Provincia", "own", True),
        ("Código postal", "own", True),
        ("Id", "own", True),
        ("Provincia", "one", False),
        ("Supervisor email", "own", False),
        ("Owner", "own", False),
    ],
)
def test_a_column_that_is_set_aside_and_full_of_everybodys_emails_is_asked_about(header, cells, asked):
    rows = [
        [f"Ana {n}", f"a{n}@acme.example", f"{'b' if cells == 'one' else f'b{n}'}@acme.example"] for n in range(5)
    ]
    found = contact_columns(["Nombre", "E-mail", header], rows)
    assert found.unknown == ((2,) if asked else ())


def test_of_a_list_that_is_longer_than_its_sample_the_sample_counts():
    rows = [[f"Ana {n}", f"a{n}@acme.example", f"b{n}@acme.example"] for n in range(5_000)]
    assert contact_columns(["Nombre", "E-mail", "Provincia"], rows).unknown == (2,)
