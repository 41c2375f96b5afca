"""An import that cannot be merged or written stops nothing else: it is set aside with its reason, and can be retried."""

from dataclasses import replace

import pytest

from sheets_crm import sample
from sheets_crm.engine.run import run_once
from sheets_crm.engine.session import RunRequest
from sheets_crm.engine.working_state import Budget
from sheets_crm.errors import CrmError, RefusedPlan, SettingsError, SheetError
from sheets_crm.features import imports
from sheets_crm.files import write_csv
from sheets_crm.google.gateway import SheetsGateway

pytestmark = pytest.mark.long

HEADER = ["LeadNumber", "email", "email_status"]


@pytest.fixture
def sent(open_desk):
    return open_desk("sent")


def answers(desk, count=3):
    """A good output of the verification batch."""
    header, rows = sample.verification_output(*desk.batch("Verification"), seed=3)
    return header, rows[:count]


def refuse(monkeypatch, word):
    """Let the server refuse every write in which a word stands, as Google refuses what a cell cannot hold."""
    apply = SheetsGateway.apply

    def refusing(self, requests, **options):
        if word in str(requests):
            raise SheetError("Google refused the request (400): no such luck", state="Nothing was applied.")
        return apply(self, requests, **options)

    monkeypatch.setattr(SheetsGateway, "apply", refusing)


def set_aside(desk):
    return [title for title in desk.titles() if title.startswith("Apartado")]


def goes_on(desk):
    """Ticks are sent and a good import is merged, whatever stands aside."""
    before = len(desk.rows("Imports"))
    desk.tick("CompScrap Input", 1)
    desk.load(*answers(desk, 5), name="good.csv", target_id=None)
    assert [row["rows"] for row in desk.rows("Imports")][:-before] == [5]
    assert [row["company_scrap_sent"] for row in desk.leads().values()].count(True) == 1


@pytest.fixture
def verified(open_desk):
    return open_desk("verified")


@pytest.mark.parametrize("width", [(2, 30_000), pytest.param((1_400, 36), marks=pytest.mark.long)])
def test_ignored_headers_longer_than_a_cell_are_cut(verified, width):
    count, length = width
    strange = [f"{n:04d}{'x' * (length - 4)}" for n in range(count)]
    lead = next(iter(verified.leads()))
    verified.load([*HEADER, *strange], [[str(lead), "a@b.example", "valid", *["y"] * count]], "wide.csv")
    (row,) = [row for row in verified.rows("Imports") if row["source"] == "wide.csv"]
    assert row["rows"] == 1
    assert len(row["ignored columns"]) == 50_000
    goes_on(verified)


def test_a_label_longer_than_a_cell_is_refused_before_anything_is_kept(verified):
    with pytest.raises(SettingsError, match="50,000"):
        verified.load(*sample.export_rows(3), target_id="T" * 60_000)
    goes_on(verified)


def test_a_file_whose_write_is_refused_is_kept_aside_and_everything_else_goes_on(verified, monkeypatch):
    header, bad = ["firstName", "lastName", "companyName", "vmid"], ["Ana", "Unlucky", "Acme", "ACwAAZZ9"]
    with monkeypatch.context() as patch:
        refuse(patch, "Unlucky")
        verified.tick("CompScrap Input", 1)
        with pytest.raises(SheetError, match="no such luck") as stopped:
            verified.load(header, [bad], "unlucky.csv")
        assert "sheets-crm retry" in stopped.value.remedy
        assert [row["company_scrap_sent"] for row in verified.leads().values()].count(True) == 1
        assert any("unlucky.csv" in text and "no such luck" in text for text in verified.problems())
        for _ in range(2):
            assert verified.sync()["writes"] == 0
        found = verified.app.doctor(probe=False).json["findings"]
        assert any(not one["ok"] and "unlucky.csv" in one["found"] for one in found)
        assert not verified.app.retry().ok

    assert verified.app.retry().ok
    assert [row["rows"] for row in verified.rows("Imports") if row["source"] == "unlucky.csv"] == [1]
    assert verified.problems() == []
    assert "Unlucky" in {row["lastName"] for row in verified.leads().values()}


def test_a_claimed_paste_whose_write_is_refused_is_shown_to_the_operators(sent, monkeypatch):
    header, rows = answers(sent)
    rows[1][header.index("email")] = "unlucky@acme.example"
    sent.paste(header, rows)
    with monkeypatch.context() as patch:
        refuse(patch, "unlucky@acme")
        sent.sync()
        assert set_aside(sent) == ["Apartado 1"]
        assert any("Apartado 1" in text and "no such luck" in text for text in sent.problems())
        assert sent.sync()["writes"] == 0
        other = answers(sent, 8)
        sent.paste(other[0], other[1][5:])
        sent.sync()
        assert [row["rows"] for row in sent.rows("Imports") if row["step"] == "verification"] == [3]

    place = next(n for n, row in enumerate(sent.cells("Apartado 1")) if "unlucky@acme.example" in row)
    sent.put(
        "Apartado 1", f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[header.index('email')]}{place + 1}", [["lucky@acme.example"]]
    )
    sent.tab("Apartado 1", "owner").update_title("Inbox de nuevo")
    sent.now += 61
    sent.sync()
    assert [row["rows"] for row in sent.rows("Imports") if row["step"] == "verification"] == [3, 3]
    assert "lucky@acme.example" in {row["email"] for row in sent.leads().values()}
    assert "Inbox de nuevo" not in sent.titles()
    assert sent.problems() == []


def test_a_tab_that_was_set_aside_is_tried_again_as_it_is(sent, monkeypatch):
    header, rows = answers(sent)
    sent.paste(header, rows)
    with monkeypatch.context() as patch:
        refuse(patch, rows[0][header.index("email")])
        sent.sync()
    assert set_aside(sent)
    assert sent.app.retry().ok
    assert not set_aside(sent)
    assert [row["rows"] for row in sent.rows("Imports") if row["step"] == "verification"] == [3]


def test_what_was_not_claimed_of_a_tab_is_not_in_its_copy_that_is_set_aside(sent, monkeypatch):
    header, rows = answers(sent)
    sent.paste(["Lista de la compra", "", "Cantidad"], [["Pan", "", "2"]], place="A8")
    sent.paste(header, rows)
    refuse(monkeypatch, rows[0][header.index("email")])
    sent.sync()
    (title,) = set_aside(sent)
    assert "Pan" not in str(sent.cells(title))
    assert "Pan" in str(sent.cells("Inbox"))


def test_a_write_that_is_refused_without_an_import_is_told_and_sets_nothing_aside(sent, monkeypatch):
    sent.paste(*answers(sent))
    refuse(monkeypatch, "updateCells")
    with pytest.raises(CrmError, match="no such luck"):
        sent.sync()
    assert not set_aside(sent)


def test_an_inbox_too_large_to_copy_stays_where_it_is(verified):
    used = sum(s.row_count * s.column_count for s in verified.server._library._books[verified.sheet_id].sheets)
    rows = (10_000_000 - used) // 100 - 200
    verified.structure(
        {"addSheet": {"properties": {"title": "Mío", "gridProperties": {"rowCount": rows, "columnCount": 100}}}}
    )
    verified.tab("Inbox", "owner").resize(rows=1_500)
    verified.paste(*answers(verified))
    verified.tick("CompScrap Input", 1)

    verified.sync()

    assert any("Inbox" in text and "10 millones" in text for text in verified.problems())
    assert verified.cells("Inbox")[0][0] == "LeadNumber"
    assert [row["company_scrap_sent"] for row in verified.leads().values()].count(True) == 1


def test_an_import_that_would_fill_the_workbook_does_not_keep_ticks_waiting(verified):
    used = sum(s.row_count * s.column_count for s in verified.server._library._books[verified.sheet_id].sheets)
    rows = (10_000_000 - used) // 100 - 50
    verified.structure(
        {"addSheet": {"properties": {"title": "Mío", "gridProperties": {"rowCount": rows, "columnCount": 100}}}}
    )
    verified.tick("CompScrap Input", 2)
    with pytest.raises(RefusedPlan) as stopped:
        verified.load(*sample.export_rows(400), name="large.csv")
    assert stopped.value.cause == "cells_full"
    assert [row["company_scrap_sent"] for row in verified.leads().values()].count(True) == 2


def test_a_decision_that_fails_for_an_import_sets_it_aside(verified, monkeypatch):
    """Whatever a strange import trips over, it is that import's fault alone."""
    merge = imports.merge

    def tripping(leads, block, *args, **options):
        if "Unlucky" in str(block.rows.to_numpy()):
            raise ZeroDivisionError
        return merge(leads, block, *args, **options)

    monkeypatch.setattr(imports, "merge", tripping)
    verified.paste(["firstName", "lastName", "companyName", "vmid"], [["Ana", "Unlucky", "Acme", "ACwAAZZ9"]])
    verified.tick("CompScrap Input", 1)
    verified.sync()
    assert set_aside(verified)
    assert any("ZeroDivisionError" in text for text in verified.problems())
    assert [row["company_scrap_sent"] for row in verified.leads().values()].count(True) == 1


@pytest.mark.long
def test_a_row_that_repeats_a_batch_is_left_alone_and_named(sent):
    row = sent.cells("Batches")[1]
    sent.tab("Batches", "owner").add_rows(1)
    sent.put("Batches", "A3", [row[:4]], who="owner")
    sent.tick("CompScrap Input")
    sent.paste(*answers(sent))
    sent.sync(force=True)
    assert any("Batches, fila 3" in text for text in sent.problems())
    assert [row["rows"] for row in sent.rows("Imports") if row["step"] == "verification"] == [3]


@pytest.mark.long
@pytest.mark.parametrize("value", ["9" * 5_000, "²", "٣"])
def test_a_number_that_is_none_is_told_and_stops_nothing(sent, value):
    sent.set_control("step.company_scrap", "D", value, raw=True)
    sent.set_control("step.company_scrap", "E", True)
    sent.paste(*answers(sent))
    sent.sync()
    assert [row["rows"] for row in sent.rows("Imports") if row["step"] == "verification"] == [3]


def test_a_command_is_carried_out_once_when_an_import_beside_it_is_set_aside(sent, monkeypatch):
    """The reopening is written with what needs no import; trying the import alone does not reopen again."""
    sent.paste(*answers(sent, 30))
    sent.sync()
    header, rows = answers(sent, 40)
    sent.paste(header, rows[35:])
    lead = int(rows[0][header.index("LeadNumber")])
    refuse(monkeypatch, rows[36][header.index("email")])

    report = sent.app.reopen(str(lead), step="verification", reason="otra vez").as_json()

    assert report["reopened"] == 1
    assert set_aside(sent) == ["Apartado 1"]
    assert sent.leads()[lead]["verification_status"] == "ready"


def test_a_worker_that_sets_aside_never_writes_over_what_another_wrote_meanwhile(sent, monkeypatch):
    """Between the refusal and the verdict another worker merges and sends: everything is read again."""
    header, rows = answers(sent, 8)
    sent.paste(header, rows[:3])
    mine, theirs = sent.app, sent.worker("other")
    apply, refused = SheetsGateway.apply, []

    def refusing(self, requests, **options):
        if self is mine.context.gateway and rows[0][header.index("email")] in str(requests):
            refused.append(1)
            if len(refused) == 3:  # the import alone, before the verdict
                theirs.context.cache.forget()
                sent.app = theirs
                people = ["firstName", "lastName", "companyName", "vmid"]
                sent.load(people, [["Ana", "Sol", "Acme", "ACwAAZZ8"]], "theirs.csv")
                sent.app = mine
            raise SheetError("Google refused the request (400): no such luck")
        return apply(self, requests, **options)

    with monkeypatch.context() as patch:
        patch.setattr(SheetsGateway, "apply", refusing)
        sent.sync()
    assert len(refused) >= 3
    assert len(refused) == 3
    assert not set_aside(sent), "the other worker could merge it, and did"
    assert sorted(row["source"] for row in sent.rows("Imports")) == ["Inbox", "export.csv", "theirs.csv"]
    assert "ACwAAZZ8" in str([row["personSalesUrl"] for row in sent.leads().values()])
    assert not any("mano" in text for text in sent.problems())


@pytest.mark.long
def test_several_files_in_one_command_are_each_merged_once(sent):
    people = ["firstName", "lastName", "companyName", "vmid"]
    paths = []
    for name, count in (("a", 5), ("b", 2_500), ("c", 3)):
        rows = [[f"N{name}{n}", "Sol", "Acme", f"ACwAA{name}{n:05d}"] for n in range(count)]
        paths.append(str(write_csv(sent.directory / f"{name}.csv", people, rows)))
    sent.app.import_tables(paths, step=None, target_id=None, plan=False)
    found = {
        row["source"]: (row["rows"], row["new"]) for row in sent.rows("Imports") if row["source"].endswith(".csv")
    }
    assert found == {"export.csv": found["export.csv"], "a.csv": (5, 5), "b.csv": (2_500, 2_500), "c.csv": (3, 3)}
    assert sent.sync()["idle"]


def test_a_retry_that_is_refused_again_and_again_writes_nothing_more(sent, monkeypatch):
    header, rows = answers(sent)
    bad = [["777", *row[1:]] for row in rows[:1]]
    sent.paste(header, bad)
    sent.sync()
    place = next(n for n, row in enumerate(sent.cells("Rejected")) if "777" in map(str, row))
    sent.put("Rejected", f"G{place + 1}", [[rows[0][0]]])
    sent.put("Rejected", f"A{place + 1}", [[True]])
    with monkeypatch.context() as patch:
        refuse(patch, rows[0][header.index("email")])
        sent.sync()
        assert any("reintentar" in text and "no such luck" in text for text in sent.problems())
        for _ in range(2):
            assert sent.sync()["writes"] == 0
    sent.now += 120
    sent.sync()
    assert not any("no such luck" in text for text in sent.problems())
    assert sent.leads()[int(rows[0][0])]["verification_status"] == "completed"


@pytest.mark.long
def test_what_only_one_worker_knows_does_not_make_two_write_against_each_other(sent, monkeypatch):
    header, bad = ["firstName", "lastName", "companyName", "vmid"], ["Ana", "Unlucky", "Acme", "ACwAAZZ9"]
    with monkeypatch.context() as patch:
        refuse(patch, "Unlucky")
        with pytest.raises(SheetError):
            sent.load(header, [bad], "unlucky.csv")
    other = sent.worker("other")
    other.context.run(RunRequest(now=True, whole=True))
    told = sent.problems()
    for app in (sent.app, other, sent.app, other):
        assert app.context.run(RunRequest(now=True, whole=True)).plans == []
    assert sent.problems() == told
    assert sent.app.retry().ok
    assert sent.problems() == []


def test_rows_of_an_import_that_waits_keep_their_place_when_a_person_is_erased(open_desk):
    """Ten of fifteen rows are merged when the process dies; one of them is erased; the other five still come in."""
    desk = open_desk("imported")
    people = ["firstName", "lastName", "companyName", "vmid"]
    rows = [[f"Nombre{n}", "Inventado", "Acme", f"ACwAAW{n:05d}"] for n in range(15)]
    context = desk.app.context
    ports = replace(context.ports(), budget=Budget(rows=10, leads=10), stop=lambda: bool(desk.rows("Imports")[1:]))
    object.__setattr__(context, "run_alone", lambda request: run_once(ports, context.settings, request))
    desk.load(people, rows, "parts.csv")
    assert len(desk.leads()) == 50
    desk.app = desk.worker()
    gone = next(number for number, row in desk.leads().items() if row["firstName"] == "Nombre3")
    desk.app.forget(str(gone))
    desk.sync()
    names = {row["firstName"] for row in desk.leads().values()}
    assert {f"Nombre{n}" for n in range(15) if n != 3} <= names


PEOPLE = ["firstName", "lastName", "companyName", "vmid"]


def labels(desk):
    return {lead["firstName"]: lead["TargetID"] for lead in desk.leads().values()}


def test_every_import_of_a_label_keeps_it_until_it_is_merged(open_desk, monkeypatch):
    desk = open_desk("initialised")
    desk.set_control("target_id", "B", "spring: 1|2")
    for n, (name, last) in enumerate((("Ana", "One"), ("Bea", "Unlucky"), ("Eva", "Three")), start=1):
        desk.structure({"addSheet": {"properties": {"title": f"Inbox {n}"}}})
        desk.paste(PEOPLE, [[name, last, "Acme", f"ACwAAZZ{n}"]], title=f"Inbox {n}")
    with monkeypatch.context() as patch:
        refuse(patch, "Unlucky")
        desk.sync(now=False)
    assert labels(desk) == {"Ana": "spring: 1|2", "Eva": "spring: 1|2"}
    assert desk.control("target_id")[1][1] == ""
    desk.set_control("target_id", "B", "summer")
    desk.app.retry()
    assert labels(desk)["Bea"] == "spring: 1|2"
    assert desk.control("target_id")[1][1] == "summer"


def test_the_only_import_of_a_label_takes_it_aside_with_it(open_desk, monkeypatch):
    desk = open_desk("initialised")
    desk.set_control("target_id", "B", "spring")
    with monkeypatch.context() as patch:
        refuse(patch, "Unlucky")
        with pytest.raises(SheetError):
            desk.load(PEOPLE, [["Bea", "Unlucky", "Acme", "ACwAAZZ2"]], "list.csv", target_id=None)
    assert (desk.leads(), desk.control("target_id")[1][1]) == ({}, "")
    desk.load(PEOPLE, [["Ana", "One", "Acme", "ACwAAZZ1"]], "other.csv", target_id=None)
    desk.app.retry()
    assert labels(desk) == {"Ana": "", "Bea": "spring"}
