"""Further attempts asked for on the command line, and the lists of companies of a batch."""

import csv
from pathlib import Path

import pytest

from sheets_crm import sample
from sheets_crm.errors import CrmError, SettingsError


def results(desk, version):
    return {number for number, lead in desk.leads().items() if lead["box1_version"] == version}


@pytest.mark.long
def test_a_whole_version_reopened_runs_again_and_history_keeps_every_earlier_result(open_desk):
    desk = open_desk("boxed")
    before = desk.leads()
    numbers = {number for number in results(desk, "v1") if before[number]["box1_status"] == "completed"}
    assert len(numbers) > 3

    report = desk.app.reopen_version("V1", reason="nuevo prompt").as_json()
    assert report["reopened"] == len(numbers)
    again = {row["LeadNumber"] for row in desk.rows("Box1 Input")}
    assert numbers <= again
    earlier = {row["LeadNumber"]: row for row in desk.rows("Box1 History")}
    assert set(earlier) == numbers
    for number in numbers:
        for name in ("box1_version", "box1_result", "subject", "body_1", "prompt1_output"):
            assert earlier[number][name] == before[number][name]
    assert not [lead for lead in desk.leads().values() if lead["storage"] is True]

    desk.set_control("box1_version", "B", "v2")
    desk.tick("Box1 Input")
    desk.sync()
    desk.paste(*sample.box1_output(*desk.batch("Box1"), seed=4, version="v2"))
    desk.sync()
    assert numbers <= results(desk, "v2")
    assert {row["LeadNumber"] for row in desk.rows("Box1 History")} == numbers
    assert any("nuevo prompt" in row["what"] for row in desk.rows("Log"))


@pytest.mark.long
def test_a_version_that_nobody_has_is_refused_with_those_that_there_are(open_desk):
    desk = open_desk("boxed")
    before = desk.everything("System", "Log")
    with pytest.raises(CrmError, match="v9") as raised:
        desk.app.reopen_version("v9", reason="why")
    assert "v1" in raised.value.remedy
    assert {title: cells for title, cells in desk.everything("System", "Log").items() if title != "Control"} == {
        title: cells for title, cells in before.items() if title != "Control"
    }


@pytest.mark.long
def test_companies_of_a_batch_are_listed_once_with_their_leads(open_desk, tmp_path):
    desk = open_desk("sent")
    desk.paste(*sample.verification_output(*desk.batch("Verification"), seed=3))
    desk.sync()
    desk.tick("CompScrap Input")
    (batch,) = desk.sync()["sent"]
    leads = {number: lead for number, lead in desk.leads().items() if lead["company_scrap_batch"] == batch}
    with_url = {
        n for n, lead in leads.items() if lead["companyLinkedinUrl_fromP"] or lead["companySalesUrl_fromP"]
    }

    files = desk.app.batch_export(batch, parts=2, out=tmp_path, excel_safe=False, companies=True).as_json()[
        "files"
    ]
    rows = []
    for file in files:
        with Path(file["path"]).open(encoding="utf-8-sig", newline="") as stream:
            header, *body = csv.reader(stream)
        assert header == ["companyUrl", "companyName", "LeadNumbers"]
        rows += body
    assert len(files) == 2
    urls = [row[0] for row in rows]
    assert len(set(urls)) == len(urls) < len(with_url)
    listed = [int(number) for row in rows for number in row[2].split()]
    assert sorted(listed) == sorted(with_url)
    for url, _, numbers in rows:
        first = leads[int(numbers.split()[0])]
        assert url in {first["companyLinkedinUrl_fromP"], first["companySalesUrl_fromP"]}


@pytest.mark.long
def test_companies_are_of_company_scrap_alone(open_desk, tmp_path):
    desk = open_desk("sent")
    with pytest.raises(SettingsError, match="company_scrap"):
        desk.app.batch_export("V-0001", parts=1, out=tmp_path, excel_safe=False, companies=True)
