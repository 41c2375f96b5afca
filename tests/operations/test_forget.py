"""Erasing one person: everywhere the worker reaches, for good, and nobody else."""

import gzip

import pytest

from sheets_crm import sample
from sheets_crm.errors import SheetError
from sheets_crm.sync.run import Wish


def told(desk, words):
    """Where any of these words still stands: tabs of the workbook and files of this machine."""
    found = set()
    for title, cells in desk.everything().items():
        if any(word in str(cell) for row in cells for cell in row for word in words):
            found.add(title)
    for path in desk.settings.state_dir.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            text = (gzip.decompress(body) if path.suffix == ".gz" else body).decode("utf-8", "replace")
            if any(word in text for word in words):
                found.add(path.parent.name)
    return found


@pytest.fixture
def desk(open_desk):
    found = open_desk("contacted")
    found.app.context.run(Wish(now=True, whole=True))
    return found


@pytest.fixture
def lead(desk):
    return next(row for row in desk.leads().values() if row["instantly_sent"] is True)


def test_one_person_is_erased_everywhere_and_nobody_else(desk, lead):
    member = lead["personSalesUrl"].split("/")[-1].split(",")[0]
    words = [member, lead["email"]]
    assert {"Master", "Instantly Batch", "archive", "journal", "cache"} <= told(desk, words)
    others = {number: row for number, row in desk.leads().items() if number != lead["LeadNumber"]}

    report = desk.app.forget(str(lead["LeadNumber"]))

    assert told(desk, words) == set()
    left = desk.leads()
    assert left.keys() == others.keys()
    assert report.json["lead"] == lead["LeadNumber"]
    assert any("version history" in text for text in report.json["cannot reach"])
    assert all(one["ok"] for one in desk.app.doctor(probe=False).json["findings"] if one["check"] != "clock")
    assert desk.sync()["idle"]


def test_the_same_person_is_refused_by_the_next_import_and_the_number_is_not_given_again(desk, lead):
    header, rows = sample.export_rows(40)
    again = next(row for row in rows if lead["personSalesUrl"] in row)
    highest = max(desk.leads())
    desk.app.forget(str(highest))
    desk.app.forget(str(lead["LeadNumber"]))

    report = desk.load(header, [again], "again.csv")
    desk.load(["firstName", "lastName", "companyName", "vmid"], [["Nadia", "Sol", "Acme", "ACwAAZZ1"]], "new.csv")

    assert [(drop["new"], drop["rejected"]) for drop in report["drops"]] == [(0, 1)]
    assert lead["LeadNumber"] not in desk.leads()
    assert max(desk.leads()) == highest + 1, "a LeadNumber is never used again"


def test_another_worker_refuses_the_person_too(desk, lead):
    header, rows = sample.export_rows(40)
    again = next(row for row in rows if lead["personSalesUrl"] in row)
    desk.app.forget(str(lead["LeadNumber"]))

    desk.put("Inbox", "A1", [header, again])
    desk.worker("other").context.run(Wish(now=True))

    assert lead["LeadNumber"] not in desk.leads()
    assert lead["personSalesUrl"] not in {row["personSalesUrl"] for row in desk.leads().values()}


def test_somebody_unknown_is_not_forgotten(desk):
    before = desk.everything()
    with pytest.raises(SheetError):
        desk.app.forget("nadie@ningun-sitio.example")
    assert desk.everything() == before


def test_logs_say_nothing_about_people(desk, lead, caplog):
    with caplog.at_level("INFO"):
        desk.paste(*sample.instantly_output(*desk.batch("Instantly")))
        desk.sync()
        desk.app.forget(str(lead["LeadNumber"]))
    said = caplog.text
    for row in desk.leads().values():
        for name in ("email", "lastName", "personSalesUrl", "subject"):
            assert not (row[name] and len(row[name]) > 5 and row[name] in said), name
    assert lead["email"] not in said
