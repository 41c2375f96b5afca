"""Leads deleted from the Master come back as they were, once, and never those who must not."""

import pytest

from sheets_crm.cli.run import exit_status
from sheets_crm.engine.restoring import recorded
from sheets_crm.errors import SettingsError


def delete_leads(desk, *numbers):
    """Delete rows of the Master as a person does, and confirm it."""
    rows = [row[0] for row in desk.cells("Master")]
    for number in sorted(numbers, key=rows.index, reverse=True):
        start = rows.index(number)
        where = {"sheetId": desk.tab_id("Master"), "dimension": "ROWS", "startIndex": start, "endIndex": start + 1}
        desk.structure({"deleteDimension": {"range": where}})
    desk.sync(force=True)


def restore(desk, *leads, everything=False, plan=False):
    return desk.app.restore(list(map(str, leads)), everything=everything, plan=plan)


@pytest.fixture
def desk(open_desk):
    return open_desk("sent")


@pytest.mark.long
def test_they_come_back_with_number_cells_and_states_and_count_again(desk):
    before = desk.leads()
    sent = [number for number, lead in before.items() if lead["verification_sent"] is True][:2]
    figures = desk.app.status().json["metrics"]
    delete_leads(desk, *sent)
    assert not set(sent) & set(desk.leads())
    observed = {one["check"]: one for one in desk.app.doctor(probe=False).json["findings"]}
    assert "2" in observed["deleted leads"]["found"]

    planned = restore(desk, everything=True, plan=True)
    assert planned.json["restored"] == sorted(sent)
    assert not set(sent) & set(desk.leads())

    report = restore(desk, everything=True)
    assert report.json["restored"] == sorted(sent)
    assert report.json["writes"] == 1
    after = desk.leads()
    for number in sent:
        kept = {name: cell for name, cell in after[number].items() if name != "updated_at"}
        assert kept == {name: cell for name, cell in before[number].items() if name != "updated_at"}
    assert {name: desk.app.status().json["metrics"][name] for name in ("leads_total", "verification_sent")} == {
        name: figures[name] for name in ("leads_total", "verification_sent")
    }
    assert desk.sync(force=True)["problems"] == []

    again = restore(desk, *sent)
    assert again.json["restored"] == []
    assert not again.ok
    assert all("in the Master" in why for why in again.json["not_restored"].values())


@pytest.mark.long
def test_a_lead_that_was_ready_is_back_on_its_input_tab_and_numbers_go_on(open_desk):
    desk = open_desk("imported")
    last = max(desk.leads())
    delete_leads(desk, last)
    assert restore(desk, last).json["restored"] == [last]
    assert last in {row["LeadNumber"] for row in desk.rows("Verification Input")}
    counters = {row[0]: row[1] for row in desk.cells("System") if row}
    assert counters["next_lead_number"] == last + 1
    assert counters["leads_known"] == len(desk.leads())


@pytest.mark.long
def test_who_was_erased_never_comes_back(desk):
    gone, deleted, *_ = desk.leads()
    desk.app.forget(str(gone))
    delete_leads(desk, deleted)
    report = restore(desk, gone, deleted)
    assert report.json["restored"] == [deleted]
    assert "forget" in report.json["not_restored"][str(gone)]


@pytest.mark.long
def test_who_was_imported_again_meanwhile_is_told_and_left_out(desk):
    before = desk.leads()
    number = next(n for n, lead in before.items() if lead["personLinkedinUrl"])
    delete_leads(desk, number)
    lead = before[number]
    names = ["firstName", "lastName", "personTitle", "companyName_fromP", "personLinkedinUrl"]
    desk.load(
        ["firstName", "lastName", "title", "companyName", "linkedInProfileUrl"], [[str(lead[n]) for n in names]]
    )
    (other,) = [n for n, one in desk.leads().items() if one["personLinkedinUrl"] == lead["personLinkedinUrl"]]
    assert other != number
    report = restore(desk, number)
    assert report.json["restored"] == []
    assert str(other) in report.json["not_restored"][str(number)]


PEOPLE = ["Nombre", "Apellidos", "Empresa", "E-mail"]


@pytest.mark.long
def test_of_one_person_deleted_twice_one_lead_comes_back_the_one_that_went_furthest(open_desk):
    desk = open_desk("initialised")
    other, ana = ["Eva", "Otra", "Beta", "eva@beta.es"], ["Ana", "Prueba", "Acme", "ana@acme.es"]
    desk.load(PEOPLE, [other, ana])
    delete_leads(desk, 2)
    desk.load(PEOPLE, [ana], name="again.csv")
    desk.tick("Verification Input", 2)
    desk.sync()
    delete_leads(desk, 3)
    desk.load(PEOPLE, [ana], name="third.csv")
    delete_leads(desk, 4)

    report = restore(desk, everything=True)
    assert report.json["restored"] == [3], "it was sent; of equals the newest"
    assert {number: why[-1] for number, why in report.json["not_restored"].items()} == {"2": "3", "4": "3"}
    delete_leads(desk, 3)
    assert restore(desk, 2).json["restored"] == [2], "a person may choose"
    assert restore(desk, everything=True).json["restored"] == []


@pytest.mark.long
def test_a_company_imported_again_is_told_and_left_out(open_desk):
    desk = open_desk("initialised")
    header, acme = ["Empresa", "Web", "Ciudad"], ["Acme SL", "acme.es", "Madrid"]
    desk.load(PEOPLE, [["Eva", "Otra", "Beta", "eva@beta.es"]])
    desk.load(header, [acme], name="a.csv")
    delete_leads(desk, 2)
    desk.load(header, [acme], name="b.csv")
    report = restore(desk, 2)
    assert report.json["restored"] == []
    assert report.json["not_restored"]["2"].endswith("3")


@pytest.mark.long
def test_what_is_not_on_record_is_said_of_each_lead(desk):
    number = next(iter(desk.leads()))
    delete_leads(desk, number)
    (desk.directory / "state" / "crm.db").unlink()
    report = restore(desk, number, 99_999)
    assert report.json["restored"] == []
    assert "Version history" in report.json["not_restored"][str(number)]
    assert "ever had" in report.json["not_restored"]["99999"]


@pytest.mark.long
def test_a_word_that_names_no_deleted_lead_is_refused(desk):
    with pytest.raises(SettingsError, match="nobody@example"):
        restore(desk, "nobody@example.com")


def test_the_record_begins_with_the_new_lead_and_takes_every_later_cell():
    entries = [
        {"lead": 2, "column": "email", "new": "later@x"},
        {"lead": 1, "column": "*", "new": {"firstName": "Ana"}},
        {"lead": 1, "column": "email", "new": "ana@x"},
        {"lead": 1, "column": "email", "new": ""},
        {"lead": 0, "table": "batches", "column": "x", "new": 1},
    ]
    assert recorded(entries) == {1: {"firstName": "Ana", "email": ""}}


def test_it_needs_a_lead_or_all():
    assert exit_status(["restore"]) == 2
