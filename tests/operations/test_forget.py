"""Erasing one person: everywhere the worker reaches, for good, and nobody else."""

import gzip
from types import SimpleNamespace

import pytest
from snapshots import settings, workbook

from jobs.records import LocalRecords, Record
from sheets_crm import sample
from sheets_crm.engine import decide
from sheets_crm.engine.session import RunRequest
from sheets_crm.errors import SheetError
from sheets_crm.features import imports
from sheets_crm.messages import in_language
from sheets_crm.operations import erasures, forget
from sheets_crm.plan.plan import LeadChange, RowChange
from sheets_crm.store.access import Store
from sheets_crm.store.journal import StoredJournal
from sheets_crm.workbook import system


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


def files_told(desk, words):
    """Names of the databases in the state folder, and of what SQLite keeps beside them, that have any of these words."""
    files = [path for path in desk.settings.state_dir.glob("*.db*") if path.is_file()]
    return {path.name for path in files if any(word.encode() in path.read_bytes() for word in words)}


@pytest.fixture
def desk(open_desk):
    found = open_desk("contacted")
    found.app.context.run(RunRequest(now=True, whole=True))
    return found


@pytest.fixture
def lead(desk):
    return next(row for row in desk.leads().values() if row["instantly_sent"] is True)


@pytest.mark.long
def test_one_person_is_erased_everywhere_and_nobody_else(desk, lead):
    member = lead["personSalesUrl"].split("/")[-1].split(",")[0]
    words = [member, lead["email"]]
    assert {"Master", "Instantly Batch", "archive", "state"} <= told(desk, words)
    assert {"cache.db", "crm.db"} <= files_told(desk, words)
    others = {number: row for number, row in desk.leads().items() if number != lead["LeadNumber"]}

    report = desk.app.forget(str(lead["LeadNumber"]))

    assert told(desk, words) == set()
    left = desk.leads()
    assert left.keys() == others.keys()
    assert report.json["lead"] == lead["LeadNumber"]
    assert any("version history" in text for text in report.json["cannot reach"])
    assert all(one["ok"] for one in desk.app.doctor(probe=False).json["findings"] if one["check"] != "clock")
    assert desk.sync()["idle"]


@pytest.mark.long
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


@pytest.mark.long
def test_a_known_file_says_in_one_line_how_many_rows_of_erased_people_it_left_out(open_desk):
    desk = open_desk("initialised")
    header = ["Nombre", "Empresa", "E-mail"]
    rows = [[f"P{n}", "Acme", f"p{n}@acme.example"] for n in range(4)] + [["Nadie", "", ""]]
    desk.load(header, rows, "gente.csv")
    desk.load(header, [["Otra", "Beta", "otra@beta.example"]], "otra.csv")
    desk.app.forget("p0@acme.example")
    desk.app.forget("p1@acme.example")
    listed = len(desk.cells("Rejected"))

    path = str(desk.directory / "gente.csv")
    report = desk.app.import_tables([path], step=None, target_id="T1", plan=False)

    (drop,) = report.json["drops"]
    assert (drop["duplicate"], drop["rejected"]) == (2, 3)
    (line,) = desk.cells("Rejected")[listed:]
    assert line[2:4] == ["Se dejaron fuera 2 filas: quien estaba en ellas pidió ser borrado.", "Marca descartar."]
    assert not any(line[5:]), "neither their place nor a cell"
    notes = [str(note) for note in report.notes]
    assert f"{drop['drop']}: se dejaron fuera 2 filas de quien pidió ser borrado" in notes
    assert any("no se repite en Rejected: el mismo contenido se importó como D-0001" in note for note in notes)
    assert any("p0" in str(note) for note in notes) is False


@pytest.mark.long
def test_the_very_same_file_again_is_said_to_be_imported_already_and_when(open_desk):
    desk = open_desk("initialised")
    desk.load(["Nombre", "Empresa", "E-mail"], [["Ana", "Acme", "ana@acme.example"]], "gente.csv")
    path, before = str(desk.directory / "gente.csv"), desk.everything("Dashboard")
    desk.now += 3600

    report = desk.app.import_tables([path], step=None, target_id="T1", plan=False)

    assert in_language(report.title, "es") == "gente.csv ya se importó el 28/05/2026 22:36: no cambió nada."
    assert report.json["repeated"] == {"gente.csv": "2026-05-28 22:36"}
    assert desk.everything("Dashboard") == before


@pytest.mark.long
def test_another_worker_refuses_the_person_too(desk, lead):
    header, rows = sample.export_rows(40)
    again = next(row for row in rows if lead["personSalesUrl"] in row)
    desk.app.forget(str(lead["LeadNumber"]))

    desk.put("Inbox", "A1", [header, again])
    desk.worker("other").context.run(RunRequest(now=True))

    assert lead["LeadNumber"] not in desk.leads()
    assert lead["personSalesUrl"] not in {row["personSalesUrl"] for row in desk.leads().values()}


@pytest.mark.long
def test_somebody_unknown_is_not_forgotten(desk):
    before = desk.everything()
    with pytest.raises(SheetError):
        desk.app.forget("nadie@ningun-sitio.example")
    assert desk.everything() == before


@pytest.mark.long
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


def words_of(row):
    """What identifies a person, wherever it stands."""
    member = row["personSalesUrl"].split("/")[-1].split(",")[0]
    return [member, row["email"], f"{row['firstName']} {row['lastName']}"]


@pytest.mark.long
def test_former_addresses_and_answers_by_number_alone_go_too(desk, lead):
    """An older e-mail in an archive, a Box 1 answer that names nobody but its LeadNumber, a rejected row, a choice."""
    number, old = lead["LeadNumber"], "older.address@before.example"
    desk.paste(["LeadNumber", "email", "email_status"], [[str(number), old, "valid"]])
    desk.sync()
    desk.paste(["LeadNumber", "email", "email_status"], [[str(number), lead["email"], "valid"]])
    desk.sync()
    header = ["LeadNumber", "box1_result", "subject", "body_1"]
    said = f"Hola {lead['firstName']}, una cosa muy propia"
    desk.paste(header, [[str(number), "perhaps", "Asunto muy propio", said]])
    desk.sync()
    desk.put("Lead Profile", "B2", [[old]])
    words = [*words_of(lead), old, "Asunto muy propio", said]
    assert {"Rejected", "Lead Profile", "archive", "state"} <= told(desk, words)

    report = desk.app.forget(str(number))

    assert told(desk, words) == set()
    assert "Lead Profile" in report.json["tabs"]
    assert desk.sync()["idle"]


@pytest.mark.long
def test_the_same_name_at_the_same_company_in_rejected_goes_and_a_namesake_elsewhere_stays(desk, lead):
    company = lead["companyName_fromP"]
    rows = [
        [lead["firstName"], lead["lastName"], company, "", "error at row one"],
        [lead["firstName"], lead["lastName"], company, "ACwAAOTHER1", ""],
    ]
    desk.put(
        "Rejected",
        "A3",
        [["retry", "discard", "reason", "remedy", "source", "row", *HEADER_OF_PEOPLE]],
        who="owner",
    )
    desk.put(
        "Rejected",
        "A4",
        [[False, False, "r", "m", "export · x · D-0001", n, *row] for n, row in enumerate(rows)],
        who="owner",
    )
    desk.app.forget(str(lead["LeadNumber"]))
    left = [row for row in desk.cells("Rejected") if lead["lastName"] in row]
    assert [row[9] for row in left] == ["ACwAAOTHER1"]


HEADER_OF_PEOPLE = ["firstName", "lastName", "companyName", "vmid", "error"]


@pytest.mark.long
def test_what_cannot_be_looked_into_is_named(desk, lead):
    desk.structure({"addSheet": {"properties": {"title": "Apuntes de Ana"}}})
    desk.put("Apuntes de Ana", "A1", [[lead["email"]]])
    desk.put("Inbox", "A1", [["Lista de la compra", "Cantidad"], ["Pan", lead["email"]]])
    report = desk.app.forget(str(lead["LeadNumber"]))
    unreached = " ".join(report.json["cannot reach"])
    assert "Apuntes de Ana" in unreached
    assert "Inbox" in unreached


@pytest.mark.long
def test_forgetting_again_is_done_already(desk, lead):
    number = str(lead["LeadNumber"])
    desk.app.forget(number)
    before = desk.everything("System", "Log", "Control")
    assert desk.app.forget(number).ok
    assert desk.app.forget(lead["email"]).ok
    assert desk.everything("System", "Log", "Control") == before


@pytest.mark.long
def test_an_erasure_that_left_files_behind_is_finished_by_number_or_by_address(desk, lead, open_desk):
    """As version 0.1.0 left it when it was killed after its write: the row is gone, the files are not."""
    state = desk.settings.state_dir
    kept = {path: path.read_bytes() for path in state.rglob("*") if path.is_file() and path.name != "cache.db"}
    desk.app.forget(str(lead["LeadNumber"]))
    for path, body in kept.items():
        path.write_bytes(body)
    words = words_of(lead)
    assert {"archive", "state"} <= told(desk, words)
    desk.app = desk.worker()
    desk.app.forget(lead["email"])
    assert told(desk, words) == set()


@pytest.mark.long
def test_an_erased_person_who_is_imported_again_leaves_no_cell(desk, lead):
    header, rows = sample.export_rows(40)
    again = next(row for row in rows if lead["personSalesUrl"] in row)
    number, words = str(lead["LeadNumber"]), words_of(lead)
    desk.app.forget(number)

    desk.load(header, [again, rows[-1]], "again.csv")
    desk.paste(header, [again])
    desk.paste(
        ["LeadNumber", "subject", "body_1", "box1_result"], [[number, "Asunto", words[2], "HIT"]], place="A5"
    )
    desk.sync()

    assert told(desk, words) == set()
    reasons = [row for row in desk.cells("Rejected") if row[2:3] and "pidió ser borrado" in str(row[2])]
    assert len(reasons) == 3
    assert all(set(row[5:]) <= {""} for row in reasons), "neither a cell nor the row's number is kept"


@pytest.mark.long
def test_a_person_in_an_import_that_was_set_aside_is_erased_there_too(desk, lead, monkeypatch):
    def tripping(*_args, **_options):
        raise ZeroDivisionError

    header, rows = sample.instantly_output(*desk.batch("Instantly"))
    with monkeypatch.context() as patch:
        patch.setattr(imports, "merge", tripping)
        desk.paste(header, rows)
        desk.sync()
        with pytest.raises(SheetError):
            desk.load(header, rows, "aside.csv")
    assert {"Apartado 1", "aside"} <= told(desk, [lead["email"]])
    desk.app.forget(str(lead["LeadNumber"]))
    assert told(desk, words_of(lead)) == set()
    others = [row for row in rows if lead["email"] not in row]
    assert all(row[header.index("email")] in str(desk.cells("Apartado 1")) for row in others)


@pytest.mark.long
def test_somebody_in_a_later_part_of_a_large_import_does_not_come_back(open_desk):
    """The person is erased by the first write; the rest of the import, merged by the second, names them again."""
    desk = open_desk("imported")
    lead = desk.leads()[1]
    header, rows = sample.export_rows(40)
    again = next(row for row in rows if lead["personSalesUrl"] in row)
    many = [[f"Nombre{n}", "Inventado", "Acme", f"ACwAAM{n:05d}"] for n in range(2_100)]
    strangers = ["firstName", "lastName", "companyName", "vmid"]
    at = [header.index(name) for name in ("firstName", "lastName", "companyName", "vmid")]
    desk.tab("Inbox", "owner").resize(rows=2_200)
    desk.paste(strangers, [*many, [again[n] for n in at]])
    desk.app.forget("1")
    assert told(desk, words_of(lead)[:1]) == set()
    assert 1 not in desk.leads()


@pytest.mark.long
def test_hundreds_of_erased_people_fit_into_system(desk, monkeypatch):
    header, rows = sample.export_rows(40)
    leads = desk.leads()
    erased = [row["LeadNumber"] for row in leads.values() if row["instantly_sent"] is True][:3]
    again = [next(r for r in rows if leads[number]["personSalesUrl"] in r) for number in erased]
    monkeypatch.setattr(decide, "GRID_ROWS", 3)
    for number in erased:
        desk.app.forget(str(number))
    report = desk.load(header, again, "again.csv")
    assert [(drop["new"], drop["rejected"]) for drop in report["drops"]] == [(0, 3)]
    assert system.HASHES_IN_A_CELL * 33 < 50_000


# -- as values: who is meant by an address


@pytest.fixture
def journal(tmp_path):
    """A worker's journal, to write changes into and to look people up in."""
    stored = StoredJournal(Store(f"sqlite:///{tmp_path / 'crm.db'}", tmp_path), "book")
    context = SimpleNamespace(settings=settings(state_dir=tmp_path), journal=stored)
    context.note = lambda *changes: stored.note("2026-11-20T10:00:00+00:00", "run-1", 7, changes)
    return context


OLD = "former@before.example"
NEW_LEAD = {"email": OLD, "firstName": "Ana"}


@pytest.mark.parametrize(
    "change", [LeadChange(5, "email", OLD, "now@one.example", "r"), LeadChange(5, "email", "", OLD, "r")]
)
def test_an_address_that_a_lead_ever_got_names_it(journal, change):
    journal.note(LeadChange(5, "*", "", NEW_LEAD, "r"), change)
    assert forget._by_former_address(journal, workbook().lead(5).snapshot(), OLD) == 5


def test_an_address_in_a_row_of_a_two_way_table_names_no_lead(journal):
    """Its line has the lead 0: counted beside the true one, two people would have had the address, and none be found."""
    journal.note(
        RowChange("people", "P-0001", "email", "", OLD, "r"),
        LeadChange(5, "*", "", NEW_LEAD, "r"),
        RowChange("people", "P-0002", "email", OLD, OLD.upper(), "r"),
    )
    deleted = workbook().lead(9).snapshot()
    assert [entry["lead"] for entry in forget._entries(journal)] == [5]
    assert forget._deleted_person(journal, deleted, OLD).number == 5


@pytest.mark.long
def test_who_stands_under_an_answered_header_goes_from_archives_and_is_in_no_later_one(open_desk):
    desk = open_desk("initialised")
    people = [
        ["Ana Sol", "Acme", "ana@acme.example", "uno@acme.example"],
        ["Bea Luz", "Beta", "bea@beta.example", "dos@beta.example"],
    ]
    paste = ["Quien", "Lugar", "Zeta", "Eta"], people  # which e-mail is theirs, only an answer says
    names = desk.stored("Cabeceras")[0]
    for row, answer in enumerate((("Quien", "fullName"), ("Lugar", "companyName_fromP"), ("Zeta", "email")), 2):
        for name, word in zip(("cabecera", "se convierte en"), answer, strict=True):
            desk.put("Cabeceras", f"{chr(65 + names.index(name))}{row}", [[word]], who="owner")
    desk.sync()
    desk.set_control("import_kind", "B", "contactos")
    desk.paste(*paste)
    desk.sync()
    assert {lead["email"] for lead in desk.leads().values()} == {"ana@acme.example", "bea@beta.example"}
    desk.app.forget("ana@acme.example")
    assert told(desk, ["Ana Sol"]) == set()
    desk.set_control("import_kind", "B", "contactos")
    desk.paste(*paste)
    desk.sync()
    desk.load(*paste, name="again.csv", step="contacts")
    assert told(desk, ["Ana Sol"]) == set()
    assert {lead["email"] for lead in desk.leads().values()} == {"bea@beta.example"}


def test_what_a_job_failed_with_goes_and_when_it_ran_stays(tmp_path):
    """A message may quote what could not be done to whom."""
    records = LocalRecords(tmp_path)
    records.save("alerts 1a", Record(9.0, "no mailbox: ana@example.com", 5.0))
    records.save("sync 1a", Record(8.0, "", 8.0))
    erasures._job_failures(tmp_path)
    assert records.load("alerts 1a") == Record(9.0, "reason erased by forget", 5.0)
    assert records.load("sync 1a") == Record(8.0, "", 8.0)
