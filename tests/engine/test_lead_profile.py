"""Lead Profile on workbooks at work: it finds a lead by what people have, and says where the lead stands and why."""

import pytest


def at(desk):
    """The lead that Lead Profile shows: its rows below row 1 by label, the first of a label."""
    rows = desk.cells("Lead Profile")
    return {str(row[0]): row[1] for row in reversed(rows) if row[0] != ""}


def ask(desk, what):
    desk.put("Lead Profile", "B2", [[what]])
    return at(desk)


def story(desk, heading="Historia"):
    rows = desk.cells("Lead Profile")
    first = next(n for n, row in enumerate(rows) if row[0] == heading) + 1
    told = []
    for row in rows[first:]:
        if row[0] == "":
            break
        told.append((row[0], row[1]))
    return told


def lead_of(desk, **wanted):
    return next(
        lead for lead in desk.leads().values() if all(lead[name] == value for name, value in wanted.items())
    )


def only(desk, header):
    """A lead with a value in a column that no other has."""
    leads = list(desk.leads().values())
    values = [lead[header] for lead in leads]
    return next(lead for lead in leads if lead[header] and values.count(lead[header]) == 1)


@pytest.mark.long
@pytest.mark.parametrize("typed", [str, lambda number: f" {number} ", int])
def test_a_lead_is_found_by_its_number(open_desk, typed):
    desk = open_desk("contacted")
    lead = list(desk.leads().values())[7]
    assert ask(desk, typed(lead["LeadNumber"]))["Nombre"] == f"{lead['firstName']} {lead['lastName']}"


@pytest.mark.long
def test_a_lead_is_found_by_address_profile_name_and_company(open_desk):
    desk = open_desk("contacted")
    lead = only(desk, "email")
    url = lead["personLinkedinUrl"]
    slug = url.rstrip("/").rsplit("/", 1)[1]
    for typed in (f" {lead['email'].upper()} ", url, f"linkedin.com/in/{slug}/?originalSubdomain=es"):
        assert ask(desk, typed)["E-mail"].startswith(lead["email"]), typed
    name = f"{lead['firstName']} {lead['lastName']}"
    names = [f"{other['firstName']} {other['lastName']}" for other in desk.leads().values()]
    if names.count(name) == 1:
        assert ask(desk, name.upper())["Nombre"] == name


@pytest.mark.long
def test_leads_of_one_name_are_listed(open_desk):
    desk = open_desk("contacted")
    leads = list(desk.leads().values())
    company = max(
        {lead["companyName_fromP"] for lead in leads}, key=[lead["companyName_fromP"] for lead in leads].count
    )
    fits = [lead for lead in leads if company in (lead["companyName_fromP"], lead["companyName"])]
    assert len(fits) > 1
    shown = ask(desk, company)
    assert shown["Fila en la Master"] == ""
    said = desk.cells("Lead Profile")[3][1]
    assert said.startswith(f"{len(fits)} leads son así"), said
    for lead in fits[:10]:
        person = " ".join(f"{lead['firstName']} {lead['lastName']}".split())
        assert f" {lead['LeadNumber']} {person} {lead['companyName'] or lead['companyName_fromP']}" in said, said
    assert "  " not in said
    assert said.count(company) == min(len(fits), 10)
    ask(desk, "nadie se llama así")
    assert desk.cells("Lead Profile")[3][1] == "No hay ningún lead así"


@pytest.mark.long
def test_the_row_is_that_of_the_master(open_desk):
    desk = open_desk("contacted")
    for row in (2, 9):
        number = desk.cells("Master")[row - 1][desk.cells("Master")[0].index("LeadNumber")]
        assert ask(desk, number)["Fila en la Master"] == row


@pytest.mark.long
def test_it_says_what_comes_next_and_tells_the_story(open_desk):
    desk = open_desk("verified")
    ready = lead_of(desk, company_scrap_status="ready")
    shown = ask(desk, ready["LeadNumber"])
    cells = desk.cells("CompScrap Input")
    row = next(n for n, cell in enumerate(cells, start=1) if cell[1] == ready["LeadNumber"])
    assert shown["Lo siguiente"] == f"Marcar enviar en el Input de CompScrap, fila {row}"
    assert shown["CompScrap"] == "listo para enviar"
    assert shown["Verification"] == f"ha vuelto: {ready['email_validation']}"
    assert [what for _, what in story(desk)] == [
        f"Vuelve de Verification: {ready['email_validation']}",
        f"Enviado a Verification: {ready['verification_batch']}",
        f"Importado: {ready['TargetID']}" if ready["TargetID"] else "Importado",
    ]
    desk.tick("CompScrap Input", row - 1)
    desk.sync()
    shown = at(desk)
    assert shown["Lo siguiente"] == "Esperar la vuelta de C-0001 (CompScrap, enviada hoy)"
    assert story(desk)[0][1] == "Enviado a CompScrap: C-0001"
    desk.now += 3 * 86_400
    ask(desk, ready["LeadNumber"])
    assert "fuera desde hace 3 d" in at(desk)["Lo siguiente"]


@pytest.mark.long
def test_it_says_what_to_do_with_a_reply(open_desk):
    desk = open_desk("contacted")
    lead = lead_of(desk, instantly_sent=True)["LeadNumber"]
    for status, said in (
        ("contacted", "Esperar respuesta (Instantly: contacted)"),
        ("negative reply", "Nada: respondió en negativo"),
        ("positive reply", "Contestarle: respondió en positivo"),
        ("converted", "Nada: ya es conversión"),
    ):
        desk.paste(["LeadNumber", "instantly_status"], [[str(lead), status]])
        desk.sync()
        assert ask(desk, lead)["Lo siguiente"] == said


def test_it_is_blank_while_no_lead_is_chosen(open_desk):
    desk = open_desk("contacted")
    ask(desk, "")
    assert not any(row[1] for row in desk.cells("Lead Profile")[2:])


def test_every_raw_value_stands_below_its_label_and_header(open_desk):
    desk = open_desk("contacted")
    lead = lead_of(desk, instantly_sent=True)
    ask(desk, lead["LeadNumber"])
    raw = {row[2]: row[1] for row in desk.cells("Lead Profile") if len(row) > 2 and row[2]}
    assert raw.keys() == lead.keys() - {"LeadNumber", "notes"} | {"LeadNumber"}
    assert {name: value for name, value in raw.items() if value != lead[name]} == {}
