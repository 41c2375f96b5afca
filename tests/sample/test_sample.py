"""The sample is what the real tools would give: their headers, their habits, their traps; the same every time."""

import json
from collections import Counter
from pathlib import Path

import pytest

from sheets_crm.files import read_table, write_csv
from sheets_crm.pipeline.imports.layout import fitting
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import BOX_1, COMPANY_SCRAP, INSTANTLY, STEPS, VERIFICATION
from sheets_crm.sample import (
    ACCOUNT_COLUMNS,
    EXPORT_COLUMNS,
    box1_output,
    company_output,
    export_rows,
    instantly_output,
    verification_output,
)
from sheets_crm.sample.people import company, first_and_last

FORMATS = Path(__file__).resolve().parents[2] / ".." / "shared" / "edge_formats.json"
TO_MASTER = {
    "firstName": "firstName",
    "lastName": "lastName",
    "companyName_fromP": "companyName",
    "companyLinkedinUrl_fromP": "regularCompanyUrl",
    "companySalesUrl_fromP": "companyUrl",
    "personSalesUrl": "profileUrl",
}


def named(table):
    header, rows = table
    assert all(len(row) == len(header) for row in rows)
    assert all(isinstance(cell, str) for row in rows for cell in row)
    return [dict(zip(header, row, strict=True)) for row in rows]


def batch(step, count=300):
    """A batch tab of the step over the sample's people, as the workbook shows it."""
    people = [row for row in named(export_rows(count)) if row["firstName"]]
    header = [name for name, _ in step.columns]
    rows = []
    for number, person in enumerate(people, start=1):
        lead = {name: person[column] for name, column in TO_MASTER.items()}
        lead |= {"LeadNumber": str(number), "TargetID": "T1", "Email": f"a{number}@x.example"}
        rows.append([lead.get(name, "") for name in header])
    return header, rows


@pytest.fixture(scope="module")
def export():
    return named(export_rows())


def test_the_header_is_the_real_ones():
    assert (len(EXPORT_COLUMNS), EXPORT_COLUMNS[0], EXPORT_COLUMNS[-1]) == (32, "profileUrl", "defaultProfileUrl")
    assert ACCOUNT_COLUMNS == ("searchAccountProfileId", "searchAccountProfileName")
    if not FORMATS.exists():
        pytest.skip("the formats are not beside this checkout")
    real = json.loads(FORMATS.read_text())["phantombuster_sales_navigator_search_export"]["columns"]
    assert [*EXPORT_COLUMNS, *ACCOUNT_COLUMNS] == [column["name"] for column in real]
    assert export_rows(3, account_columns=True)[0] == [*EXPORT_COLUMNS, *ACCOUNT_COLUMNS]


def test_the_same_seed_makes_the_same_rows():
    assert export_rows(60, 3) == export_rows(60, 3)
    assert export_rows(60, 3) != export_rows(60, 4)
    tab = batch(VERIFICATION, 20)
    for answer in (verification_output, company_output, box1_output, instantly_output):
        assert answer(*tab, 1) == answer(*tab, 1)


def test_there_are_as_many_people_as_asked_and_some_rows_more(export):
    people = {row["vmid"] for row in export if row["vmid"]}
    failed = [row for row in export if not row["fullName"]]
    assert len(people) == 500
    assert len(failed) == 5
    assert all({name for name, cell in row.items() if cell} == {"query", "timestamp"} for row in failed)
    assert len(export) == 500 + 12 + 5


def test_repeated_people_come_under_another_url(export):
    seen = Counter(row["fullName"] for row in export if row["fullName"])
    twice = [name for name, times in seen.items() if times > 1]
    assert len(twice) >= 10
    forms = [row for row in export if row["fullName"] in twice]
    assert len({row["profileUrl"] + row["defaultProfileUrl"] for row in forms}) == len(forms)
    assert any(not row["vmid"] for row in forms)
    addresses = {row["defaultProfileUrl"] for row in export}
    for row in forms:
        if not row["vmid"]:
            public = row["defaultProfileUrl"].partition("/?")[0].replace("http://es.", "https://www.")
            assert public in addresses


def test_companies_are_shared_and_some_are_missing(export):
    people = [row for row in export if row["vmid"]]
    employers = {row["companyName"] for row in people}
    assert 1.25 < len(people) / len(employers) < 1.6
    missing = [row for row in people if not row["companyUrl"]]
    assert 10 <= len(missing) <= 60
    assert all(not row["regularCompanyUrl"] and not row["companyId"] for row in missing)


def test_the_traps_are_in_it(export):
    cells = {cell for row in export for cell in row.values()}
    assert {"+34600123456", "-5", "007", "1-2", "TRUE", "5.10", "12345678901234567"} <= cells
    assert any(cell.startswith("=HYPERLINK(") for cell in cells)
    assert any("\n" in cell and '"' in cell and "💡" in cell for cell in cells)
    assert max(map(len, cells)) > 10_000
    assert any(row["firstName"] == "TRUE" for row in export)


def test_nobody_exists(export):
    """Addresses are LinkedIn's ids, or under .example, which nobody can own."""
    links = {cell for row in export for cell in row.values() if cell.startswith("http")}
    assert all("linkedin.com/" in link or ".example/" in link for link in links)


@pytest.mark.long
def test_many_people_and_companies_are_all_different():
    assert len({first_and_last(n) for n in range(42_772)}) == 42_772
    assert len({company(n).name for n in range(30_000)}) == 30_000


def test_an_export_of_nobody_is_a_header():
    assert export_rows(0) == (list(EXPORT_COLUMNS), [])


def test_the_export_survives_a_csv_file(tmp_path):
    header, rows = export_rows(80)
    write_csv(tmp_path / "export.csv", header, rows)
    assert read_table(tmp_path / "export.csv")[0].cells == [header, *rows]


@pytest.mark.parametrize("seed", range(4))
def test_a_verifier_answers_every_lead_and_finds_about_seven_in_ten(seed):
    header, rows = batch(VERIFICATION)
    answer = named(verification_output(header, rows, seed))
    assert [row["LeadNumber"] for row in answer] == [row[0] for row in rows]
    words = {"valid", "ok"}
    good = [row for row in answer if words & set(row.values())]
    assert 0.6 < len(good) / len(rows) < 0.8
    emails = [next(row[name] for name in ("email", "Email Address") if name in row) for row in good]
    assert all(email.endswith(".example") and "@" in email for email in emails)
    shows = {"valid_email": "@", "quality": "good", "validation_succes": "TRUE", "ZB Sub Status": ""}
    for name, sign in shows.items():
        if name in answer[0]:
            assert all(sign in row[name] for row in good)
            assert not any(sign and sign in row[name] for row in answer if row not in good)
    repeated = Counter(emails)
    assert sum(times - 1 for times in repeated.values()) <= len(rows) - 300  # the export's repeated people


def test_everybody_can_be_verified():
    header, rows = batch(VERIFICATION, 30)
    assert all(
        row["email_status"] == "valid" for row in named(verification_output(header, rows, 0, valid_share=1))
    )


@pytest.mark.parametrize("seed", [0, 1])
def test_a_scraper_answers_each_company_once(seed):
    header, rows = batch(COMPANY_SCRAP)
    answer = named(company_output(header, rows, seed))
    sent = header.index("companySalesUrl_fromP" if seed == 0 else "companyLinkedinUrl_fromP")
    assert [row["query"] for row in answer] == list(dict.fromkeys(row[sent] for row in rows if row[sent]))
    errors = [row for row in answer if row["error"]]
    assert 0 < len(errors) < len(answer) / 8
    assert all({name for name, cell in row.items() if cell} == {"query", "timestamp", "error"} for row in errors)
    assert any(not row["phone"] for row in answer if not row["error"])


def test_a_french_account_has_french_headers():
    header, rows = batch(COMPANY_SCRAP, 10)
    french = company_output(header, rows, 1, language="fr")
    assert {"siteWeb", "tailleDel'entreprise"} <= set(french[0])
    assert french[1] == company_output(header, rows, 1)[1]


def test_box_1_classifies_every_lead_and_writes_to_those_that_fit():
    header, rows = batch(BOX_1)
    answer = named(box1_output(header, rows, 5, version="v2", prompts=2))
    assert [row["LeadNumber"] for row in answer] == [row[0] for row in rows]
    assert {row["classification"] for row in answer} == {"HIT", "Hit", "noHIT", "FIT", "DROP", "no fit"}
    assert all(bool(row["Body 1"]) == (row["classification"] not in {"DROP", "no fit"}) for row in answer)
    assert {row["box1_version"] for row in answer} == {"v2"}
    assert "prompt2_output" in answer[0]
    assert "prompt3_output" not in answer[0]


def test_instantly_answers_every_lead_by_its_address():
    header, rows = batch(INSTANTLY)
    answer = named(instantly_output(header, rows, 2))
    assert [(row["LeadNumber"], row["email"]) for row in answer] == [(row[0], row[4]) for row in rows]
    assert {row["lt_interest_status"] for row in answer} == {"", "0", "-1", "-2", "1", "2", "4"}
    assert any(not row["timestamp_last_contact"] for row in answer)


@pytest.mark.parametrize(
    ("step", "table"),
    [
        ("export", export_rows(10)),
        *[("verification", verification_output(*batch(VERIFICATION, 10), seed)) for seed in range(4)],
        *[("company_scrap", company_output(*batch(COMPANY_SCRAP, 10), seed)) for seed in range(2)],
        ("company_scrap", company_output(*batch(COMPANY_SCRAP, 10), 1, language="fr")),
        ("box1", box1_output(*batch(BOX_1, 10))),
        ("instantly", instantly_output(*batch(INSTANTLY, 10))),
    ],
)
def test_each_output_is_recognised_as_its_steps(step, table):
    assert {layout.format.step for layout in fitting(table[0], Schema(STEPS))} == {step}
