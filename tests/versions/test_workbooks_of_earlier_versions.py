"""Workbooks and state folders as earlier versions left them: this version opens them and goes on.

Each ``contacted.tar.xz`` holds forty sample leads through all five steps, an older e-mail of lead 3 in an archive, one row
in Rejected, a choice on Lead Profile; the emulator's database and the worker's state folder, without any account's key.
That of 0.5.0 has two contact lists too, a header of them answered on Headers (``keep``), one person who enters at Box 1,
and the records, the lease and the health that its worker left. That of 0.6.0 is the same workbook a day later, set up
and run by it, with its store.
"""

import gzip
import json
import tarfile
from pathlib import Path

import pytest
from gspread.utils import rowcol_to_a1
from workbench import Desk

from jobs import heartbeat_job
from jobs.assembly import Plan, tasks
from jobs.context import JobContext
from jobs.leases import FileLeases
from jobs.ports import WorkerPorts
from jobs.records import LocalRecords, Record
from jobs.stopper import Stopper
from jobs.turns import Turns
from sheets_crm import sample
from sheets_crm.errors import RefusedPlan, SheetError
from sheets_crm.messages import localize
from sheets_crm.pipeline.metric_list import METRICS
from sheets_crm.workbook import migrations
from sheets_crm.workbook.first_metrics import FIRST_METRICS

pytestmark = pytest.mark.long

HERE = Path(__file__).resolve().parent
VERSIONS = {
    "0.1.0": ("1udjebsQlD85LcHfXp9mQayiNaIcVttP4VodzcbH4i_y", 1_780_004_200.0),
    "0.2.0": ("1pfBfu07gGAGEaZcuuo8xrAdw5YV3XYmocvxYXXkPLRa", 1_780_000_000.0),
    "0.3.0": ("1-idtzswCIAc7_DgO_ivyclO518DxtWnTzL9ji4VWcSp", 1_780_000_000.0),
    "0.4.0": ("1x7k8gOaQdx8H-GT3fxkQycdvzwGpTQUAIOJTCcZNu4V", 1_780_004_200.0),
    "0.5.0": ("1QL9B4guYuC1GD-77VzfYawFQqohoyhQC3ybGh4JsV3A", 1_780_004_260.0),
    "0.6.0": ("1QL9B4guYuC1GD-77VzfYawFQqohoyhQC3ybGh4JsV3A", 1_780_090_660.0),
}


#: The oldest in the long tests alone: what holds from version to version is the same.
@pytest.fixture(
    params=[pytest.param("0.1.0", marks=pytest.mark.long), "0.2.0", "0.3.0", "0.4.0", "0.5.0", "0.6.0"]
)
def desk(request, tmp_path):
    sheet_id, now = VERSIONS[request.param]
    with tarfile.open(HERE / request.param / "contacted.tar.xz") as packed:
        packed.extractall(tmp_path, filter="data")
    found = Desk(tmp_path, sheet_id=sheet_id)
    found.now = now + 600
    found.version = request.param
    yield found
    found.close()


def recorded(desk):
    """The changes of the layout that the workbook has, as System records them."""
    return str({row[0]: row[1] for row in desk.cells("System")}.get("migrations", "")).split()


def lacking(desk):
    """The tabs that come with a migration that the workbook has not had."""
    came_with = {"0.5.0-morning-page": "Versiones", "0.5.0-headers": "Cabeceras"}
    return [title for name, title in came_with.items() if name not in recorded(desk)]


def kept_by_a_refusal(desk):
    """What a run that refuses leaves as it is.

    Control, Log and System say that it refused, and the morning page's formulas quote Control's problem.
    """
    found = desk.everything("Control", "Log", "System")
    if "0.5.0-morning-page" in recorded(desk):
        found["Dashboard"] = [[cell for cell in row if str(cell).startswith("=")] for row in found["Dashboard"]]
    return found


def held(desk, words):
    """Where any of these words stands: tabs of the workbook and files of the state folder."""
    found = {title for title, cells in desk.everything().items() if any(word in str(cells) for word in words)}
    for path in filter(Path.is_file, desk.settings.state_dir.rglob("*")):
        body = path.read_bytes()
        text = (gzip.decompress(body) if path.suffix == ".gz" else body).decode("utf-8", "replace")
        found |= {path.name} if any(word in text for word in words) else set()
    return found


def test_a_run_says_to_run_init_and_changes_nothing_else(desk):
    before = kept_by_a_refusal(desk)
    for _ in range(2):
        with pytest.raises(RefusedPlan) as refused:
            desk.sync()
        assert refused.value.cause.startswith("older:")
        assert "sheets-crm init" in refused.value.remedy
    assert kept_by_a_refusal(desk) == before
    assert any("sheets-crm init" in text for text in desk.problems())
    finding = next(one for one in desk.app.doctor(probe=False).json["findings"] if one["check"] == "workbook")
    assert (finding["ok"], "sheets-crm init" in finding["remedy"]) == (False, True)


def test_init_migrates_and_then_there_is_nothing_to_do(desk):
    of_metrics = {f"metric.{name}" for name in filter(None, desk.cells("History")[0])}
    made = desk.init()
    layout = 1 + sum(one.name.partition("-")[0] <= desk.version for one in migrations.MIGRATIONS)
    assert made["migrated"] == [
        migration.name for migration in migrations.since(layout) if migration.name not in of_metrics
    ]
    system = {row[0]: row[1] for row in desk.cells("System")}
    if desk.version == "0.6.0":  # it was made by 0.5.0
        layout -= sum(one.name.startswith("0.6.0") for one in migrations.MIGRATIONS)
    assert (system["version"], system["migrations"]) == (layout, migrations.names())
    assert desk.init()["migrated"] == []
    in_view = {title: desk.tab(f"{title} Input", "owner").frozen_col_count for title in ("Box1", "Instantly")}
    assert in_view == {"Box1": 5, "Instantly": 5}  # up to the last name, where it stood before
    assert desk.sync()["writes"] == 0
    assert desk.problems() == []
    assert not list(desk.settings.state_dir.rglob("*damaged*"))
    found = desk.app.doctor(probe=False).json["findings"]
    assert [one for one in found if not one["ok"] and one["check"] != "clock"] == []


def test_history_has_the_first_metrics_and_those_that_system_records(desk):
    later = {name.removeprefix("metric.") for name in recorded(desk) if name.startswith("metric.")}
    assert bool(later) == (desk.version >= "0.5.0")
    assert set(filter(None, desk.cells("History")[0])) == {"date", *FIRST_METRICS, *later}


def test_init_changes_no_lead_and_nothing_that_operators_own(desk):
    before = {title: desk.cells(title) for title in ("Master", "Inbox", "Rejected", "Batches", "Storage")}
    settings, headers = desk.control("box1_version")[1][1], desk.stored("Batches")[0]
    desk.init()
    before["Rejected"][0] = desk.cells("Rejected")[0]  # its title, which is the worker's
    for title, rows in before.items():
        # What is new stands right of everything else; whole rows of Batches are sorted, the newest first.
        width = max(map(len, rows))
        after = [[*row, *[""] * width][:width] for row in desk.cells(title)]
        assert [after[0], *sorted(after[1:], key=str)] == [
            [*row, *[""] * width][:width] for row in (rows[0], *sorted(rows[1:], key=str))
        ]
    assert [row["when"] for row in desk.rows("Batches")] == sorted(
        (row["when"] for row in desk.rows("Batches")), reverse=True
    )
    assert desk.stored("Batches")[0][: len(headers)] == headers, "headers stay in the language that they have"
    assert desk.control("box1_version")[1][1] == settings == "v2"


def test_the_title_of_rejected_names_its_ticks_as_new_blocks_do_and_other_words_stay(desk):
    (earlier, *_), *_ = (list(filter(None, row)) for row in desk.cells("Rejected"))
    assert ("marca retry" in earlier) == (desk.version < "0.5.0")
    desk.init()
    assert desk.cells("Rejected")[0][:3] == ["", "", localize("rejected.title", "es")]


def test_a_title_of_rejected_that_somebody_wrote_stays(desk):
    desk.put("Rejected", "C1", [["Marca retry, o marca discard: pregunta a Ana"]])
    desk.init()
    assert desk.cells("Rejected")[0][2] == "Marca retry, o marca discard: pregunta a Ana"


def test_ticks_and_outputs_go_on(desk):
    desk.init()
    desk.tick("Verification Input")
    desk.paste(*sample.instantly_output(*desk.batch("Instantly")))
    desk.sync()
    assert desk.rows("Imports")[0]["step"] == "instantly"
    assert desk.sync()["idle"]


def test_a_person_is_erased_from_what_the_earlier_version_kept(desk):
    lead = next(row for row in desk.leads().values() if row["instantly_sent"] is True)
    member = lead["personSalesUrl"].split("/")[-1].split(",")[0]
    words = [member, lead["email"], "older@before.example"]
    desk.init()
    assert len(held(desk, words)) > 5
    desk.app.forget(str(lead["LeadNumber"]))
    assert held(desk, words) == set()


def test_ages_of_batches_show_as_whole_days(desk):
    """Sheets shows what is worked out from dates as a date or a duration where the cell has no number format."""
    desk.init()
    desk.now += 3 * 86_400
    shown = [row[0] for row in desk.tab("Batches", "owner").get_values("G2:G9", combine_merged_cells=False) if row]
    assert {int(age) for age in shown} == {4 if desk.version == "0.6.0" else 3}


def test_the_tabs_are_listed_on_control_and_none_is_hidden(desk):
    """Rows below Control's own, cells of operators and formats of the settings go down with their rows."""
    end = len(desk.cells("Control")) + 1
    own = [["Pendiente", "llamar a Ana, Luis"], ["Ajustes"], ["mine", 7, f"=B{desk.control('schedule.2')[0]}"]]
    longer = {"sheetId": desk.tab_id("Control"), "dimension": "ROWS", "length": len(own)}
    desk.structure({"appendDimension": longer})
    desk.put("Control", f"A{end}", own, who="owner")
    visible = [tab.title for tab in desk.book("owner").worksheets() if not tab.isSheetHidden]
    before = {row[7]: row[:7] for row in desk.cells("Control") if len(row) > 7 and row[7]}
    new = lacking(desk)
    desk.init()
    now = [tab.title for tab in desk.book("owner").worksheets() if not tab.isSheetHidden]
    assert [title for title in now if title not in new] == visible
    assert "Versiones" in now
    rows = [row for row in desk.cells("Control") if str(row[7]).startswith("tab.")]
    listed = {cells[0] for row_id, cells in before.items() if row_id.startswith("tab.")}
    assert {row[0] for row in rows} == {*visible, *listed, "Versiones", "Cabeceras"} - {"Control"}
    # What comes with this version and is used rarely begins hidden, as in a new workbook.
    seen = {*visible, "Versiones"}
    assert all(row[1:3] == ([True, "visible"] if row[0] in seen else [False, "oculta"]) for row in rows)
    after = {row[7]: row[:7] for row in desk.cells("Control") if row[7]}
    for row_id, cells in before.items():
        kept = slice(1, 7) if row_id.startswith("step.") else slice(1, 2)
        if row_id not in {"heartbeat", "last_run_at", "steps", "tabs", "id", "status"}:
            assert after[row_id][kept] == cells[kept], row_id
    *rows, pending, settings, mine = desk.cells("Control")
    assert [pending[:2], settings[:2], mine[:2]] == [*own[:1], ["Ajustes", ""], ["mine", 7]]
    assert desk.formulas("Control")[-1][2] == f"=B{desk.control('schedule.2')[0]}", "it follows its cell"
    assert [row[7] for row in desk.cells("Control")][:5] == [
        "id",
        "state",
        "steps.space",
        "steps",
        "step.verification",
    ]
    assert len({row[7] for row in rows} - {""}) == len(rows), "nothing is left of before"
    shown = {f"problem.{n}" for n in range(1, 9) if after[f"problem.{n}"][1]}
    assert desk.hidden_of_control() == {"problems", *(f"problem.{n}" for n in range(1, 9))} - shown - (
        {"problems"} if shown else set()
    )
    assert desk.sync()["writes"] == 0
    desk.set_control("tab.batches", "B", False)  # the operators' protected cells are where their rows are
    desk.set_control("target_id", "B", "Q4")
    desk.sync()
    assert desk.tab("Batches").isSheetHidden


def test_init_migrates_a_workbook_that_leaves_a_step_out_at_the_same_time(desk):
    leads, settings = desk.leads(), desk.settings
    desk.settings = type(settings)(**{**settings.model_dump(), "pipeline": ["verification", "instantly"]})
    desk.app = desk.worker()
    with pytest.raises(RefusedPlan, match="earlier version"):
        desk.sync()
    before = {tab.title for tab in desk.book("owner").worksheets() if tab.isSheetHidden}
    new = lacking(desk)
    made = desk.init()
    assert (len(made["migrated"]) > 0, made["created"]) == (True, new)
    hidden = {tab.title for tab in desk.book("owner").worksheets() if tab.isSheetHidden}
    steps = {f"{title} {kind}" for title in ("CompScrap", "Box1") for kind in ("Input", "Batch")}
    assert hidden == {*before, *steps, "Storage", "Box1 History", "Cabeceras"}
    assert {"Master", "System"} <= before

    desk.settings = settings
    desk.app = desk.worker()
    desk.init()
    kept = {number: {**lead, "updated_at": 0} for number, lead in leads.items()}
    after = {number: {**lead, "updated_at": 0} for number, lead in desk.leads().items()}
    assert after.keys() == kept.keys()
    assert {number: {name: after[number][name] for name in lead} for number, lead in kept.items()} == kept
    found = desk.app.doctor(probe=False).json["findings"]
    assert [one for one in found if not one["ok"] and one["check"] != "clock"] == []


def test_words_of_vocabulary_get_their_keys_and_a_batch_ticked_before_is_undone(desk):
    desk.put("Vocabulary", "B2", [["invalid"]])
    before = [row[:3] for row in desk.cells("Vocabulary")]
    header, *batches = desk.cells("Batches")
    place, row = next((n, row) for n, row in enumerate(batches, start=2) if row[header.index("outstanding")])
    desk.put("Batches", f"{chr(ord('A') + header.index('undo'))}{place}", [[True]])
    desk.init()
    desk.sync()
    words = desk.cells("Vocabulary")
    assert [row[:3] for row in words] == before
    keys = [row[words[0].index("_key")] for row in words[1:]]
    assert len({*keys}) == len(keys)
    assert all(key.startswith("W-") for key in keys)
    undone = next(batch for batch in desk.rows("Batches") if batch["id"] == row[0])
    assert (undone["undo"], undone["outstanding"]) == (False, 0)
    assert undone["undone"] > 0
    assert desk.problems() == []
    assert desk.sync()["idle"]


def test_a_column_of_operators_own_that_is_called_problem_is_never_taken_for_the_systems(desk):
    if "0.4.0-edits-seen" in recorded(desk):
        pytest.skip("its tables have the system's own column of that name")
    place = len(desk.cells("Batches")[0])
    letter = chr(ord("A") + place)
    number = desk.tab_id("Batches")
    desk.structure({"appendDimension": {"sheetId": number, "dimension": "COLUMNS", "length": 1}})
    desk.put("Batches", f"{letter}1", [["problem"], ["mine"]], who="owner")
    batch = desk.cells("Batches")[1][0]
    of_words = {"sheetId": desk.tab_id("Vocabulary"), "dimension": "COLUMNS", "length": 1}
    desk.structure({"appendDimension": of_words})
    desk.put("Vocabulary", "D1", [["Problem"], ["mine too"]])
    with pytest.raises(SheetError, match="problem") as refused:
        desk.init()
    assert "Give them other headers" in refused.value.remedy
    desk.put("Batches", f"{letter}1", [["my problem"]], who="owner")
    desk.init()
    desk.sync()
    assert {row[0]: row[place] for row in desk.cells("Batches") if row[place]} == {
        "id": "my problem",
        batch: "mine",
    }
    assert [row[3] for row in desk.cells("Vocabulary")[:2]] == ["Problem", "mine too"]
    assert desk.problems() == []


def test_the_dashboard_is_laid_out_anew_around_what_people_put_there(desk):
    """Cells, charts and formulas of the owner's own stay beside what they stood beside, and go on counting it."""
    if "0.5.0-morning-page" in recorded(desk):
        pytest.skip("its Dashboard is laid out so already")
    number = desk.tab_id("Dashboard")
    wider = {"appendDimension": {"sheetId": number, "dimension": "COLUMNS", "length": 2}}
    anchor = {"overlayPosition": {"anchorCell": {"sheetId": number, "rowIndex": 80, "columnIndex": 0}}}
    source = {
        "sources": [
            {"sheetId": number, "startRowIndex": 1, "endRowIndex": 4, "startColumnIndex": 1, "endColumnIndex": 2}
        ]
    }
    spec = {"title": "Mío", "basicChart": {"chartType": "COLUMN", "series": [{"series": {"sourceRange": source}}]}}
    desk.structure(wider, {"addChart": {"chart": {"spec": spec, "position": anchor}}})
    before = desk.cells("Dashboard")
    place = {row[6]: n for n, row in enumerate(before, start=1) if len(row) > 6 and row[6]}
    last = max(place.values())
    desk.put("Dashboard", "T1", [["derecha", f"=B{place['leads_total']}"]], who="owner")
    desk.put("Dashboard", f"A{last + 3}", [["debajo", f"=B{place['box1_drop']}"]], who="owner")

    desk.init()
    after = desk.cells("Dashboard")
    found = {
        str(cell): (n, m)
        for n, row in enumerate(after)
        for m, cell in enumerate(row)
        if cell in {"derecha", "debajo"}
    }
    shown = {row[10]: (n, row[5]) for n, row in enumerate(after) if row[10]}
    below, right = found["debajo"], found["derecha"]
    assert after[right[0]][right[1] + 1] == shown["leads_total"][1]
    assert after[below[0]][5] == shown["box1_drop"][1]
    assert (below[1], right[0]) == (0, 37)
    assert below[0] > max(n for n, _ in shown.values())
    assert right[1] == 19 + 4 + 24
    old = {row[6]: row[1] for row in before if len(row) > 6 and row[6]}
    counts = {name: value for name, value in old.items() if name in {"leads_total", "box1_sent", "instantly_sent"}}
    assert {name: shown[name][1] for name in counts} == counts
    charts = next(
        sheet.get("charts", [])
        for sheet in desk.book("owner").fetch_sheet_metadata()["sheets"]
        if sheet["properties"]["sheetId"] == number
    )
    assert [chart["spec"]["title"] for chart in charts] == ["Mío"]
    hidden = [cell for row in after[37:] for cell in row[11:23]]
    assert set(hidden) == {""}
    again = desk.everything("Control", "Log", "System")
    desk.init()
    assert desk.everything("Control", "Log", "System") == again


# -- what came with 0.5.0


since_0_5_0 = pytest.mark.parametrize("desk", ["0.5.0", "0.6.0"], indirect=True)


@since_0_5_0
def test_what_people_put_beside_the_morning_page_stays_where_it_is(desk):
    number, before = desk.tab_id("Dashboard"), desk.cells("Dashboard")
    width, end = len(before[0]), len(before)
    for dimension in ("COLUMNS", "ROWS"):
        desk.structure({"appendDimension": {"sheetId": number, "dimension": dimension, "length": 2}})
    counted = next(n for n, row in enumerate(before, start=1) if "leads_total" in row)
    beside, below = rowcol_to_a1(1, width + 2), f"A{end + 2}"
    desk.put("Dashboard", beside, [[f"=F{counted}"]], who="owner")
    desk.put("Dashboard", below, [["debajo"]], who="owner")
    desk.init()
    after, formulas = desk.cells("Dashboard"), desk.formulas("Dashboard")
    assert (after[0][width + 1], formulas[0][width + 1]) == (43, f"=F{counted}")
    new_lines = len({metric.id for metric in METRICS} - {cell for row in before for cell in row})
    assert after[end + 1 + new_lines][0] == "debajo"
    assert desk.problems() == []


@since_0_5_0
def test_an_answer_on_headers_and_where_people_enter_hold(desk):
    desk.init()
    assert [row["se convierte en"] for row in desk.rows("Cabeceras")] == ["conservar"]
    assert {lead["enters"]: n for n, lead in desk.leads().items()} == {"": 42, "box1": 43}
    assert [row["LeadNumber"] for row in desk.rows("Box1 Input")] == [43]
    desk.paste(["Nombre", "E-mail", "CUOTA DE RIESGO"], [["Otra Persona", "otra@four.example", "media"]])
    desk.tick("Box1 Input")
    desk.sync()
    assert [lead["Cuota de riesgo"] for lead in desk.leads().values() if lead["Cuota de riesgo"]] == [
        "baja",
        "media",
    ]
    assert desk.leads()[43]["box1_batch"] == "B-0002"
    assert desk.problems() == []
    assert desk.sync()["idle"]


@since_0_5_0
def test_a_person_of_a_contact_list_is_erased_from_it(desk):
    desk.init()
    assert {"Master", "crm.db"} < held(desk, ["berta@uno.example"])
    desk.app.forget("41")
    assert held(desk, ["berta@uno.example"]) == set()
    assert "luis@dos.example" in desk.leads()[42]["email"]


@since_0_5_0
def test_the_worker_goes_on_beside_the_files_of_its_jobs(desk):
    """Its records by name are no damage, its lease is none that is held, and the health that it left is replaced."""
    folder = desk.settings.state_dir
    left = json.loads((folder / "worker.json").read_text())
    assert {path.name for path in (folder / "jobs").iterdir()} == {"sync.lock"}  # the records were taken over
    desk.init()
    records = LocalRecords(folder)
    assert records.load("sync").ran_at == pytest.approx(left["at"], abs=1)
    context = JobContext(desk.app, folder, spreadsheet_id=desk.sheet_id, clock=lambda: desk.now)
    (task,) = tasks(Plan(15), context, lambda: "Europe/Madrid")
    turns = Turns(task, WorkerPorts(Stopper(), FileLeases(folder / "jobs"), records, wall_clock=context.clock))
    turns.run_due()
    assert (turns.health.failures, turns.health.error) == (0, "")
    assert records.load(task.key) == Record(desk.now, "", desk.now)
    heartbeat_job.run(context)
    assert json.loads((folder / "worker.json").read_text())["at"] == desk.now
    assert not list(folder.rglob("*damaged*"))
