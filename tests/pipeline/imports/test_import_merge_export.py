"""Exported people become leads, each once."""

import pytest
from import_samples import EXPORT, LATER, NOW, SCHEMA, cells, counts, imported, people, person, reasons, table

from sheets_crm.pipeline.leads import no_leads, put

NOBODY = no_leads(SCHEMA)


def test_a_person_becomes_a_lead_in_the_masters_columns():
    outcome = imported(NOBODY, table(EXPORT, person(1)), target_id="T9")
    assert counts(outcome) == {"new": 1}
    assert (outcome.next_number, outcome.touched) == (2, {1})
    lead = {name: cell for name, cell in outcome.leads.loc[1].items() if cell != ""}
    sent = {f"{step}_sent": False for step in ("verification", "company_scrap", "box1", "instantly")}
    assert lead == sent | {
        "TargetID": "T9",
        "firstName": "Ana",
        "lastName": "Prueba1, MBA",
        "personTitle": "Directora de Operaciones",
        "personSummary": '=1+1 "quoted", text\nand a second line',
        "personLocation": "Madrid",
        "personTimestamp": "2024-07-11T18:03:01.973Z",
        "personLinkedinUrl": "https://www.linkedin.com/in/ana-prueba-1",
        "personSalesUrl": "https://www.linkedin.com/sales/lead/ACwAAAX0000001,NAME_SEARCH,aB1c",
        "companyName_fromP": "Empresa 1000 S.L.",
        "companyLinkedinUrl_fromP": "https://www.linkedin.com/company/1000",
        "companySalesUrl_fromP": "https://www.linkedin.com/sales/company/1000",
        "storage": False,
        "imported_at": LATER,
        "updated_at": LATER,
    }
    assert {"companyId", "connectionDegree"} <= set(outcome.ignored)
    assert all(dtype == "object" for dtype in outcome.leads.dtypes)


def test_text_stays_text():
    odd = {
        "firstName": "TRUE",
        "lastName": "007",
        "title": "=1+1",
        "summary": " 5.10 ",
        "location": "+34600123456",
    }
    lead = imported(NOBODY, table(EXPORT, person(1, **odd, durationInRole="1-2"))).leads.loc[1]
    assert lead["firstName"] == "TRUE"
    assert lead[["lastName", "personTitle", "personSummary"]].tolist() == ["007", "=1+1", " 5.10 "]
    assert lead[["personLocation", "durationInRole"]].tolist() == ["+34600123456", "1-2"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"profileUrl": "https://www.linkedin.com/sales/lead/ACwAAAX0000001,OTHER,zZ9"},
        {
            "profileUrl": "",
            "vmid": "",
            "linkedInProfileUrl": "",
            "defaultProfileUrl": "http://es.linkedin.com/in/Ana-Prueba-1/",
        },
        {"profileUrl": "", "linkedInProfileUrl": "", "defaultProfileUrl": ""},
        {"vmid": "", "profileUrl": "", "defaultProfileUrl": ""},
    ],
)
def test_the_same_person_is_a_duplicate(changes):
    outcome = imported(people(2), table(EXPORT, person(1, **changes)))
    assert counts(outcome) == {"duplicate": 1}
    assert outcome.touched == frozenset()


def test_a_duplicate_fills_blanks_and_overwrites_nothing():
    leads = people(2, durationInRole="")
    outcome = imported(leads, table(EXPORT, person(1, durationInRole="1 year", title="Other")))
    assert cells(outcome, 1, "durationInRole", "personTitle") == ("1 year", "Directora de Operaciones")
    assert (counts(outcome), outcome.touched) == ({"duplicate": 1}, {1})
    assert cells(outcome, 1, "updated_at", "imported_at") == (LATER, NOW)


def test_duplicates_within_a_drop():
    outcome = imported(NOBODY, table(EXPORT, person(1), person(2), person(1), person(2, location="Vigo")))
    assert counts(outcome) == {"new": 2, "duplicate": 2}
    assert cells(outcome, 2, "personLocation") == "Madrid"


def test_a_bare_member_id_is_kept_in_a_url():
    bare = person(1, profileUrl="", linkedInProfileUrl="", defaultProfileUrl="")
    first = imported(NOBODY, table(EXPORT, bare))
    assert cells(first, 1, "personSalesUrl") == "https://www.linkedin.com/sales/lead/ACwAAAX0000001"
    assert counts(imported(first.leads, table(EXPORT, bare))) == {"duplicate": 1}


def test_without_a_url_the_email_and_then_name_and_company_decide():
    header = ["firstName", "lastName", "companyName", "email", "vmid", "isOpenLink"]
    rows = [
        ["Ana", "Prueba", "Empresa", "", "", ""],
        ["ANA", "PRUEBA", "EMPRESA", "", "", ""],
        ["Luis", "Otro", "", "luis@ejemplo.es", "", ""],
        ["Luisito", "Otro", "Empresa", "LUIS@ejemplo.es", "", ""],
        ["Eva", "", "", "", "", ""],
    ]
    outcome = imported(NOBODY, [header, *rows])
    assert counts(outcome) == {"new": 2, "duplicate": 2, "rejected": 1}
    assert reasons(outcome) == ["no_identity"]
    assert counts(imported(outcome.leads, [header, *rows])) == {"duplicate": 4, "rejected": 1}


def test_colleagues_who_share_an_address_are_two_people():
    header = [*EXPORT, "email"]
    outcome = imported(
        NOBODY, table(header, person(1, email="info@ejemplo.es"), person(2, email="info@ejemplo.es"))
    )
    assert counts(outcome) == {"new": 2}


def test_what_a_failed_search_leaves_is_no_lead():
    failed = {"query": "https://www.linkedin.com/sales/search/people?query=x", "timestamp": "2024-07-11T18:03:01Z"}
    grid = table([*EXPORT, "error"], failed | {"error": "No result found"}, failed, person(1))
    outcome = imported(NOBODY, grid)
    assert counts(outcome) == {"new": 1, "rejected": 2}
    assert reasons(outcome) == ["export_error", "export_error"]
    assert outcome.rejects["row"].tolist() == [2, 3]
    assert outcome.rejects["params"][0] == {"value": "No result found"}
    assert outcome.rejects[EXPORT.index("query")][0] == failed["query"]


def test_keys_of_two_people_are_not_guessed_between():
    outcome = imported(
        people(2), table(EXPORT, person(1, defaultProfileUrl="https://www.linkedin.com/in/ana-prueba-2"))
    )
    assert reasons(outcome) == ["keys_disagree"]


def test_the_files_own_target_counts_first():
    outcome = imported(
        NOBODY, table([*EXPORT, "Target ID"], person(1), person(2) | {"Target ID": "T2"}), target_id="T1"
    )
    assert outcome.leads["TargetID"].tolist() == ["T1", "T2"]


def test_a_full_name_stands_in_for_missing_names():
    outcome = imported(NOBODY, table(EXPORT, person(1, firstName="", lastName="", fullName="Ana de la Prueba")))
    assert cells(outcome, 1, "firstName", "lastName") == ("Ana", "de la Prueba")


def test_a_cell_too_long_for_sheets_is_rejected_not_cut():
    outcome = imported(NOBODY, table(EXPORT, person(1, summary="x" * 50_001), person(2, summary="x" * 50_000)))
    assert (counts(outcome), reasons(outcome)) == ({"new": 1, "rejected": 1}, ["cell_too_long"])
    assert outcome.rejects["params"][0] == {"column": "personSummary", "value": "50001"}
    assert len(outcome.rejects[EXPORT.index("summary")][0]) == 50_001


def test_numbers_go_on_after_the_last_and_not_where_leads_were_erased():
    leads = people(3)
    block = table(EXPORT, person(7))
    outcome = imported(leads, block)
    assert outcome.leads.index.tolist() == [1, 2, 3, 4]
    assert outcome.leads.index.name == "LeadNumber"
    outcome = imported(put(leads, [3], {"notes": "x"}).drop(index=2), block)
    assert outcome.leads.index.tolist() == [1, 3, 4]


def test_an_erased_person_is_refused():
    erased = {"ACwAAAX0000001"}
    outcome = imported(
        NOBODY, table(EXPORT, person(1), person(2)), refused=lambda keys: keys.get("member_id") in erased
    )
    assert (counts(outcome), reasons(outcome)) == ({"new": 1, "rejected": 1}, ["erased"])
    rows = [["personSalesUrl", "email", "email_validation"], [person(1)["profileUrl"], "a@b.es", "valid"]]
    outcome = imported(outcome.leads, rows, refused=lambda keys: keys.get("member_id") in erased)
    assert reasons(outcome) == ["erased"]


def test_the_member_id_survives_beside_a_public_url():
    no_sales = imported(NOBODY, table(EXPORT, person(1, profileUrl="", vmid="")))
    assert cells(no_sales, 1, "personLinkedinUrl") == "https://www.linkedin.com/in/ana-prueba-1"
    assert cells(no_sales, 1, "personSalesUrl") == "https://www.linkedin.com/sales/lead/ACwAAAX0000001"
    assert counts(imported(no_sales.leads, table(EXPORT, person(1, defaultProfileUrl="")))) == {"duplicate": 1}
