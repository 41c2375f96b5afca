"""A step that the settings declare: on a new workbook, added to one that is in use, and left out again."""

import pytest
from workbench import STAGES, Desk

from sheets_crm import sample
from sheets_crm.errors import RefusedPlan, SettingsError, SheetError

pytestmark = pytest.mark.long

CALL = {
    "name": "call",
    "title": "Call",
    "letter": "L",
    "columns": ["firstName_cleaned", "phone", "email"],
    "brings": ["call_result"],
    "ready_when": {"box1_result": "HIT", "validation_success": True, "instantly_step_status": "completed"},
}
VISIT = {
    "name": "visit",
    "title": "Visit",
    "letter": "S",
    "columns": ["LeadNumber", "companyName", "call_result"],
    "brings": ["visit_note"],
    "ready_when": {"call_result": "*", "call_status": "completed"},
}
ANYBODY = {**CALL, "ready_when": {"LeadNumber": "*"}}
COLUMNS = ["LeadNumber", "firstName_cleaned", "phone", "email"]
INPUT = ["send", "LeadNumber", "firstName_cleaned", "email", "notes", "phone"]
STATES = ["call_sent", "call_sent_at", "call_batch", "call_status", "call_completed_at", "call_result"]
IDS = ["call_available", "call_sent", "call_completed", "call_ratio"]


def answered(desk):
    """Let every lead that was sent to Instantly come back with an answer."""
    desk.paste(*sample.instantly_output(*desk.batch("Instantly"), seed=1))
    desk.sync()


def figures_agree(desk):
    """The worker's figures are the formulas' on the Dashboard, and doctor finds nothing."""
    status = desk.app.status().as_json()
    shown, counted = status["dashboard"], status["metrics"]
    assert list(shown) == list(counted)
    for name, value in counted.items():
        assert shown[name] == (pytest.approx(value) if isinstance(value, float) else value), name
    assert complaints(desk) == []
    return counted


def complaints(desk):
    """What doctor finds; but for the clock, which the tests move."""
    findings = desk.app.doctor(probe=False).as_json()["findings"]
    return [one["check"] for one in findings if not one["ok"] and one["check"] != "clock"]


def ready(desk):
    return [
        number
        for number, lead in desk.leads().items()
        if lead["box1_result"] == "HIT"
        and lead["validation_success"] is True
        and lead["instantly_step_status"] == "completed"
        and lead["call_sent"] is not True
    ]


def listed(desk, tab="Call Input"):
    return [row["LeadNumber"] for row in desk.rows(tab)]


def called(desk, results):
    """Paste what a person noted of the calls of the shown batch."""
    header, rows = desk.batch("Call")
    assert header == COLUMNS
    desk.paste([*header, "call_result"], [[*row, result] for row, result in zip(rows, results, strict=False)])
    desk.sync()


@pytest.fixture(params=["es_ES", "en_US"])
def locale(request):
    return request.param


def test_a_new_workbook_with_a_step_of_ones_own(tmp_path, locale):
    desk = Desk(tmp_path, locale=locale, steps=[CALL], language=locale[:2])
    try:
        for stage in STAGES.values():
            desk.now += 600
            stage(desk)
        assert listed(desk) == []
        answered(desk)
        a_call_from_tick_to_figures(desk)
    finally:
        desk.close()


def test_a_workbook_in_use_gets_the_step_and_goes_on_without_it(open_desk, locale):
    before = open_desk("contacted", locale)
    answered(before)
    kept = before.everything("System", "Control", "Log", "Lead Profile", "Dashboard", "Versiones")
    before.set_control("schedule.0", "B", 7)
    before.set_control("step.box1", "D", 3)

    desk = with_steps(before, [CALL])
    with pytest.raises(RefusedPlan, match="call"):
        desk.sync()
    made = desk.init()
    assert made["created"] == ["Call Input", "Call Batch"]
    assert desk.init()["created"] == desk.init()["repaired"] == []
    for title, rows in kept.items():
        now = desk.formulas(title)
        assert [row[: len(old)] for row, old in zip(now, rows, strict=False)] == rows, title
    assert desk.cells("Master")[0][-len(STATES) :] == STATES
    assert desk.cells("History")[0][-len(IDS) :] == IDS
    assert (desk.control("schedule.0")[1][1], desk.control("step.box1")[1][3]) == (7, 3)
    a_call_from_tick_to_figures(desk)

    leads, calls = desk.leads(), desk.cells("Call Batch")
    alone = with_steps(desk, [])
    alone.set_control("sync_now", "B", True)
    with pytest.raises(RefusedPlan, match=r"no longer in the settings: call"):
        alone.sync()
    assert alone.leads() == leads
    alone.init()
    assert alone.problems() == []
    assert alone.leads() == leads
    assert alone.cells("Call Batch") == calls
    assert IDS[0] not in [row[10] for row in alone.cells("Dashboard")]
    assert alone.app.status().as_json()["metrics"]["conservation_ok"] is True
    more = alone.load(*sample.export_rows(5, seed=99), name="more.csv")["drops"][0]["new"]
    assert len(alone.leads()) == len(leads) + more > len(leads)
    with pytest.raises(SettingsError, match="no longer"):
        alone.app.batch_close("L-0001")
    assert complaints(alone) == ["tabs"]

    again = with_steps(alone, [CALL, VISIT])
    assert again.init()["created"] == ["Visit Input", "Visit Batch"]
    back = again.leads()
    assert {n: [back[n][name] for name in STATES] for n in leads} == {
        n: [lead[name] for name in STATES] for n, lead in leads.items()
    }
    assert listed(again, "Visit Input") == [
        n for n, lead in back.items() if lead["call_result"] != "" and lead["call_status"] == "completed"
    ]
    again.tick("Call Input", 1)
    again.sync()
    assert next(row["id"] for row in again.rows("Batches") if row["step"] == "call") == "L-0004"
    figures_agree(again)


def with_steps(desk, steps):
    """The same workbook after somebody edited the settings."""
    desk.settings = type(desk.settings)(**{**desk.settings.model_dump(), "steps": steps})
    desk.app = desk.worker()
    return desk


def a_call_from_tick_to_figures(desk):
    """Play the step on a workbook whose leads are ready for it."""
    wanted = ready(desk)
    assert len(wanted) >= 4
    assert listed(desk) == wanted
    assert desk.cells("Call Input")[0][: len(INPUT)] == INPUT
    assert figures_agree(desk)["call_available"] == len(wanted)

    desk.put("Call Input", "E2", [["por la tarde"]])
    desk.tick("Call Input", 2)
    desk.sync()
    assert listed(desk) == wanted[2:]
    assert desk.leads()[wanted[0]]["notes"] == "por la tarde"
    desk.set_control("step.call", "D", 1)
    desk.set_control("step.call", "E", True)
    assert desk.sync()["sent"] == {"L-0002": 1}
    assert desk.control("step.call")[1][4] is False

    desk.app.batch_undo("L-0002")
    assert listed(desk) == [*wanted[3:], wanted[2]] or listed(desk) == wanted[2:]
    exported = desk.app.batch_export("L-0001", parts=1, out=desk.directory / "out", excel_safe=False).as_json()
    assert exported["files"][0]["rows"] == 2

    desk.app.batch_show("L-0001")
    called(desk, ["interested"])
    lead = desk.leads()[wanted[0]]
    assert (lead["call_status"], lead["call_result"], lead["call_batch"]) == ("completed", "interested", "L-0001")
    assert desk.leads()[wanted[1]]["call_status"] == "processing"
    found = figures_agree(desk)
    assert [found[name] for name in IDS] == [len(wanted) - 2, 2, 1, 0.5]

    desk.paste(["LeadNumber", "call_status", "call_result"], [["99999", "completed", "who?"]])
    desk.sync()
    row = next(n for n, line in enumerate(desk.cells("Rejected"), start=1) if "who?" in line)
    column = desk.cells("Rejected")[row - 1].index("99999")
    desk.put("Rejected", f"{chr(65 + column)}{row}", [[str(wanted[1])]], raw=True)
    desk.put("Rejected", f"A{row}", [[True]])
    desk.sync()
    assert desk.leads()[wanted[1]]["call_result"] == "who?"

    desk.app.reopen(str(wanted[1]), step="call", reason="wrong person")
    assert wanted[1] in listed(desk)
    desk.tick("Call Input", 1)
    desk.sync()
    desk.app.batch_close("L-0003")
    assert desk.sync()["idle"] is True
    assert figures_agree(desk)["call_completed"] == 2


def test_a_send_costs_as_little_as_in_the_other_steps(open_desk):
    desk = open_desk("imported", steps=[ANYBODY])
    desk.init()
    assert len(listed(desk)) == len(desk.leads())
    assert list(desk.spent(desk.sync).values()) == [1]
    desk.tick("Call Input", 9)
    made = desk.spent(desk.sync)
    reads = sum(count for name, count in made.items() if name.startswith("GET "))
    assert (sum(made.values()) - reads, reads <= 3) == (1, True)
    assert len(desk.batch("Call")[1]) == 9


def test_nobody_who_is_erased_stays_in_its_tabs(open_desk):
    desk = open_desk("imported", steps=[ANYBODY])
    desk.init()
    desk.tick("Call Input", 1)
    desk.sync()
    first, second = list(desk.leads())[:2]
    for number in (first, second):
        desk.app.forget(str(number))
    assert desk.batch("Call")[1] == []
    assert second not in listed(desk)
    assert figures_agree(desk)["call_available"] == len(desk.leads())


def test_a_lost_header_is_put_back_and_another_in_its_place_is_not_overwritten(open_desk):
    desk = open_desk("imported", steps=[ANYBODY])
    desk.init()
    desk.tick("Call Input", 1)
    desk.sync()
    leads, place = desk.leads(), desk.tab("Master", "owner").find("call_sent").address
    desk.put("Master", place, [[""]], who="owner")
    with pytest.raises(RefusedPlan, match="call_sent"):
        desk.sync(force=True)
    assert desk.init()["repaired"] == ["Master"]
    assert desk.leads() == leads

    desk.put("Master", place, [["called"]], who="owner")
    with pytest.raises(SheetError, match="call_sent"):
        desk.init()
    assert desk.cells("Master")[0].count("call_sent") == 0


def test_the_name_of_a_step_is_accepted_where_steps_are_named(open_desk):
    desk = open_desk("imported", steps=[ANYBODY])
    desk.init()
    drops = desk.load(["LeadNumber", "call_result"], [["1", "yes"]], step="call", target_id=None)["drops"]
    assert [(drop["step"], drop["updated"]) for drop in drops] == [("call", 1)]
    with pytest.raises(SettingsError, match="unknown step: cal"):
        desk.load(["LeadNumber"], [["1"]], step="cal")
