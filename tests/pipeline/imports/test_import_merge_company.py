"""One company row answers every lead of that company that was sent."""

import pytest
from import_samples import (
    COMPANY_LN,
    COMPANY_SN,
    LATER,
    NOW,
    SCHEMA,
    cells,
    counts,
    imported,
    people,
    reasons,
    sent,
    table,
    verified,
)

from sheets_crm.pipeline.leads import put

# The sample's leads 1-3 work at company 1000, 4-7 at 1001, 8 at 1002.
STATE = ("company_scrap_sent", "company_scrap_status", "company_scrap_completed_at")


def account(firm=1001, **more):
    cells = {
        "companyId": str(firm),
        "companyName": f"Empresa {firm}",
        "description": "Hacemos\ncosas",
        "tagLine": "Cosas",
        "industry": "Software",
        "website": "https://www.ejemplo.es",
        "domain": "ejemplo.es",
        "location": "Madrid, Spain",
        "employeeCount": "120",
        "employeeCountRange": "51-200",
        "yearFounded": "2009",
        "specialties": "a, b",
        "phone": "+34 900 000 000",
        "minRevenue": "10",
        "maxRevenue": "20",
        "growth6Mth": "4%",
        "growth1Yr": "-3%",
        "growth2Yr": "No change",
        "linkedInCompanyUrl": f"https://www.linkedin.com/company/{firm}",
        "salesNavigatorCompanyUrl": f"https://www.linkedin.com/sales/company/{firm}",
        "query": f"https://www.linkedin.com/sales/company/{firm}",
        "timestamp": "2025-01-05T10:00:00.000Z",
    }
    return cells | more


def test_every_sent_lead_of_the_company_is_answered():
    leads = sent(verified(), "company_scrap", 4, 5, 6, 8)
    outcome = imported(leads, table(COMPANY_SN, account()))
    assert (counts(outcome), outcome.touched, outcome.not_sent) == ({"updated": 1}, {4, 5, 6}, 0)
    for number in (4, 5, 6):
        assert cells(outcome, number, *STATE) == (True, "completed", LATER)
        assert cells(outcome, number, "companyName", "phone", "growth1Yr") == (
            "Empresa 1001",
            "+34 900 000 000",
            "-3%",
        )
    assert cells(outcome, 7, *STATE, "companyName") == (False, "ready", "", "")
    assert cells(outcome, 8, *STATE) == (True, "processing", "")
    assert "employeeCountRange" in outcome.ignored


def test_the_mapping_of_the_account_scraper():
    lead = imported(sent(verified(), "company_scrap", 4), table(COMPANY_SN, account())).leads.loc[4]
    assert lead.loc["companyName":"salesNavigatorCompanyUrl"].tolist() == [
        "Empresa 1001", "Hacemos\ncosas", "Cosas", "Software", "120", "Madrid, Spain", "https://www.ejemplo.es",
        "ejemplo.es", "2009", "a, b", "+34 900 000 000", "10", "20", "4%", "-3%", "No change",
        "2025-01-05T10:00:00.000Z", "", "https://www.linkedin.com/company/1001",
        "https://www.linkedin.com/sales/company/1001",
    ]  # fmt: skip


def test_the_mapping_of_the_company_scraper():
    row = {
        "companyUrl": "https://www.linkedin.com/company/empresa-ejemplo",
        "name": "Empresa",
        "tagLine": "Cosas",
        "description": "Texto",
        "website": "https://ejemplo.es",
        "industry": "Software",
        "headquarters": "Madrid",
        "founded": "2009",
        "specialties": "a",
        "phone": "08001",
        "mainCompanyID": "1001",
        "salesNavigatorLink": "https://www.linkedin.com/sales/company/1001",
        "employeesOnLinkedIn": "",
        "totalEmployeeCount": "77",
        "growth6Mth": "0.04",
        "timestamp": "2025-01-06T10:00:00Z",
    }
    outcome = imported(sent(verified(), "company_scrap", 4, 5), table(COMPANY_LN, row))
    assert outcome.touched == {4, 5}
    columns = (
        "companyName",
        "employeeCount",
        "companyLocation",
        "yearFounded",
        "companyTimestampSN",
        "companyTimestampLN",
    )
    assert cells(outcome, 5, *columns) == ("Empresa", "77", "Madrid", "2009", "", "2025-01-06T10:00:00Z")
    assert cells(outcome, 5, "linkedInCompanyUrl") == "https://www.linkedin.com/company/empresa-ejemplo"
    assert cells(outcome, 5, "phone") == "08001"


@pytest.mark.parametrize(
    ("header", "values"),
    [
        (
            "companyUrl,nom,siteWeb,secteur,siègeSocial,tailleDel'entreprise,fondéeEn,spécialités,téléphone,query",
            "x,Empresa,https://ejemplo.es,Software,Madrid,51-200,2009,a,900,https://www.linkedin.com/company/1001/",
        ),
        (
            "companyUrl,nombre,sitioWeb,sector,sede,tamañoDelaempresa,fundación,especialidades,teléfono,query",
            "x,Empresa,https://ejemplo.es,Software,Madrid,51-200,2009,a,900,https://www.linkedin.com/company/1001/",
        ),
    ],
)
def test_french_and_spanish_labels(header, values):
    outcome = imported(sent(verified(), "company_scrap", 4), [header.split(","), values.split(",")])
    columns = ("companyName", "website", "industry", "companyLocation", "yearFounded", "specialties", "phone")
    assert cells(outcome, 4, *columns) == (
        "Empresa",
        "https://ejemplo.es",
        "Software",
        "Madrid",
        "2009",
        "a",
        "900",
    )


def test_the_same_drop_again_changes_nothing():
    grid = table(COMPANY_SN, account(), account(1000, query=""), account(1002, error="Not found"))
    once = imported(sent(verified(), "company_scrap", *range(1, 9)), grid)
    assert (counts(once), len(once.touched)) == ({"updated": 3}, 8)
    again = imported(once.leads, grid, now=LATER + 1)
    assert (counts(again), again.touched) == ({"unchanged": 3}, frozenset())
    assert again.leads.equals(once.leads)


@pytest.mark.parametrize(
    "row",
    [{"query": "https://www.linkedin.com/company/1001", "error": "Company not found"}, {"companyId": "1001"}],
)
def test_an_error_or_blank_fields_complete_the_step(row):
    leads = put(sent(verified(), "company_scrap", 4), [4], {"companyName": "Before"})
    outcome = imported(leads, table(COMPANY_SN, row | {"timestamp": ""}))
    assert cells(outcome, 4, *STATE, "companyName") == (True, "completed", LATER, "Before")


def test_the_query_that_was_sent_comes_before_what_the_page_says_of_itself():
    merged = account(1000, query="https://www.linkedin.com/company/1001")
    outcome = imported(sent(verified(), "company_scrap", 1, 4), table(COMPANY_SN, merged))
    assert outcome.touched == {4}


def test_without_a_query_the_own_urls_are_used_if_they_agree():
    leads = sent(verified(), "company_scrap", 1, 4)
    assert imported(leads, table(COMPANY_SN, account(query=""))).touched == {4}
    apart = account(query="", salesNavigatorCompanyUrl="https://www.linkedin.com/sales/company/1000")
    assert reasons(imported(leads, table(COMPANY_SN, apart))) == ["keys_disagree"]


def test_an_older_row_fills_blanks_only():
    leads = sent(verified(), "company_scrap", 4)
    first = imported(leads, table(COMPANY_SN, account(phone="")))
    older = account(industry="Old", phone="900", timestamp="2024-12-31 23:00:00")
    second = imported(first.leads, table(COMPANY_SN, older))
    assert cells(second, 4, "industry", "phone", "companyTimestampSN") == (
        "Software",
        "900",
        "2025-01-05T10:00:00.000Z",
    )
    newer = imported(second.leads, table(COMPANY_SN, account(industry="New", timestamp="2025-02-01T00:00:00Z")))
    assert cells(newer, 4, "industry", "companyTimestampSN") == ("New", "2025-02-01T00:00:00Z")
    unknown = imported(newer.leads, table(COMPANY_SN, account(industry="Newest", timestamp="yesterday")))
    assert cells(unknown, 4, "industry") == "Newest"


def test_of_two_rows_in_a_drop_the_newer_wins_wherever_it_stands():
    new, old = account(industry="New"), account(industry="Old", timestamp="2024-01-01T00:00:00Z")
    for pair in ((new, old), (old, new)):
        outcome = imported(sent(verified(), "company_scrap", 4), table(COMPANY_SN, *pair))
        assert cells(outcome, 4, "industry") == "New"


def test_a_company_nobody_sent_answers_those_who_are_ready():
    outcome = imported(put(verified(), [6], {"validation_success": False}), table(COMPANY_SN, account()))
    assert (counts(outcome), outcome.touched, outcome.not_sent) == ({"updated": 1}, {4, 5, 7}, 1)
    assert cells(outcome, 4, *STATE, "company_scrap_sent_at") == (True, "completed", LATER, LATER)


def test_a_company_of_leads_not_verified_yet_is_rejected():
    outcome = imported(people(), table(COMPANY_SN, account(), account(9)))
    assert reasons(outcome) == ["company_not_awaited", "unknown_company"]


def test_a_lead_number_in_the_row_names_a_lead_whatever_its_state():
    header = ["LeadNumber", *COMPANY_SN]
    leads = sent(verified(), "company_scrap", 5)
    outcome = imported(leads, table(header, account() | {"LeadNumber": "4"}))
    assert (outcome.touched, outcome.not_sent) == ({4, 5}, 1)
    assert imported(people(), table(header, {"LeadNumber": "4", "industry": "x"})).touched == {4}
    assert reasons(imported(leads, table(header, account() | {"LeadNumber": "1"}))) == ["keys_disagree"]
    assert reasons(imported(leads, table(header, account() | {"LeadNumber": "77"}))) == ["unknown_lead"]


def test_an_output_that_repeats_its_input():
    header = [name for name, _ in SCHEMA.step("company_scrap").columns]
    leads = sent(verified(), "company_scrap", 4, 5)
    echo = {name: str(leads.loc[4, name]) for name in header if name != "LeadNumber"} | {"LeadNumber": "4"}
    outcome = imported(leads, table([*header, *COMPANY_SN], account() | echo))
    assert (outcome.touched, outcome.rejected) == ({4, 5}, 0)
    assert cells(outcome, 4, "companyTimestampSN", "company_scrap_sent_at") == ("2025-01-05T10:00:00.000Z", NOW)


def test_a_row_without_any_key():
    outcome = imported(verified(), table(COMPANY_SN, {"companyName": "Empresa 1001", "growth6Mth": "1"}))
    assert reasons(outcome) == ["no_company_key"]


def test_a_company_of_nobody_is_named_as_it_was_written():
    nobody = "https://www.linkedin.com/company/Nobody-Knows/"
    blank = {"companyId": "", "linkedInCompanyUrl": "", "salesNavigatorCompanyUrl": ""}
    outcome = imported(people(), table(COMPANY_SN, account(query=nobody, **blank)))
    (line,) = outcome.rejects.to_dict("records")
    assert (line["reason"], line["params"]) == ("unknown_company", {"value": nobody})
