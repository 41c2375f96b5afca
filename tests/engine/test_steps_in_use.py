"""A workbook with some of the built-in steps: set up, filled, ticked through, counted; left out, and back again."""

from itertools import combinations

import pytest
from workbench import Desk

from sheets_crm import sample
from sheets_crm.errors import FileError, RefusedPlan, SettingsError
from sheets_crm.pipeline.metric_list import METRICS
from sheets_crm.pipeline.steps import BUILT_IN

SUBSETS = [tuple(names) for size in range(len(BUILT_IN) + 1) for names in combinations(BUILT_IN, size)]
TOLD_APART = {(), ("verification", "instantly")}
"""The subsets whose workbook is played every time; the others in the long run."""
TITLES = {"verification": "Verification", "company_scrap": "CompScrap", "box1": "Box1", "instantly": "Instantly"}
OUTPUTS = {
    "verification": lambda *batch: sample.verification_output(*batch, seed=3),
    "company_scrap": lambda *batch: sample.company_output(*batch, seed=0),
    "box1": lambda *batch: sample.box1_output(*batch, seed=0),
    "instantly": lambda *batch: sample.instantly_output(*batch, seed=1),
}


def export(count, seed=7):
    """An export in which e-mail discovery was switched on: of eight addresses one is blank, and two are malformed."""
    header, rows = sample.export_rows(count, seed=seed)
    addresses = ["", "nobody", "a b@example.com", *["ana@example.com"] * 5]
    return [*header, "mailFromDropcontact"], [
        [*row, addresses[n % 8].replace("ana", f"ana{seed}.{n}")] for n, row in enumerate(rows)
    ]


def with_pipeline(desk, *names, **more):
    """The same workbook after somebody edited the settings."""
    desk.settings = type(desk.settings)(**{**desk.settings.model_dump(), "pipeline": list(names), **more})
    desk.app = desk.worker()
    return desk


def complaints(desk):
    """What doctor finds; but for the clock, which the tests move."""
    findings = desk.app.doctor(probe=False).as_json()["findings"]
    return [one for one in findings if not one["ok"] and one["check"] != "clock"]


def figures_agree(desk):
    """The worker's figures are the formulas' on the Dashboard, and doctor finds nothing."""
    status = desk.app.status().as_json()
    shown, counted = status["dashboard"], status["metrics"]
    assert list(shown) == list(counted)
    for name, value in counted.items():
        assert shown[name] == (pytest.approx(value) if isinstance(value, float) else value), name
    assert complaints(desk) == []
    assert counted["conservation_ok"] is True
    return counted


def broken(desk):
    """Cells of any tab that show an error."""
    return [
        (title, cell)
        for title in desk.titles()
        for row in desk.cells(title)
        for cell in row
        if isinstance(cell, str) and cell.startswith("#") and cell[1:2].isupper()
    ]


def play(desk, names):
    """Send the leads through every step in use, two thirds by tick and the rest by `take N`."""
    for name in names:
        title = TITLES[name]
        waiting = len(desk.rows(f"{title} Input"))
        assert waiting > 0, name
        desk.tick(f"{title} Input", waiting * 2 // 3)
        desk.sync()
        desk.paste(*OUTPUTS[name](*desk.batch(title)))
        desk.sync()
        left = len(desk.rows(f"{title} Input"))
        desk.set_control(f"step.{name}", "D", left)
        desk.set_control(f"step.{name}", "E", True)
        desk.sync()
        assert desk.app.context.settings.schema.step(name).name in {row["step"] for row in desk.rows("Batches")}
        desk.app.batch_close(str(desk.rows("Batches")[0]["id"]))


def tabs_of(names):
    titles = {f"{TITLES[name]} {kind}" for name in names for kind in ("Input", "Batch")}
    return titles | ({"Storage", "Box1 History"} if "box1" in names else set())


STEP_TABS = tabs_of(BUILT_IN)
IF_ANY = {metric.id for metric in METRICS if metric.if_any}
"""Metrics whose lines stand only where they count something."""


@pytest.mark.long
@pytest.mark.parametrize(
    "names", [pytest.param(names, marks=() if names in TOLD_APART else pytest.mark.long) for names in SUBSETS]
)
def test_a_workbook_of_some_steps_from_set_up_to_figures(tmp_path, names):
    desk = Desk(tmp_path, pipeline=list(names), language="en", locale="en_US" if len(names) % 2 else "es_ES")
    try:
        desk.now += 600
        desk.init()
        assert {title for title in desk.titles() if title in STEP_TABS} == tabs_of(names)
        desk.load(*export(30), name="export.csv")
        assert desk.problems() == []
        figures_agree(desk)
        play(desk, names)
        counted = figures_agree(desk)
        assert broken(desk) == []
        assert desk.problems() == []
        ids = [row[10] for row in desk.cells("Dashboard")[38:] if row[10]]
        assert ids == [name for name, value in counted.items() if value or name not in IF_ANY]
        assert desk.cells("History")[0][1:] == list(counted)
        steps = [row[7].removeprefix("step.") for row in desk.cells("Control") if str(row[7]).startswith("step.")]
        assert steps == list(names)
        for other in set(BUILT_IN) - set(names):
            assert not any(name.startswith(other) for name in counted)
            with pytest.raises(SettingsError, match=f"step not in use: {other}"):
                desk.app.reopen("1", step=other, reason="again")
        assert desk.sync()["idle"] is True
        assert desk.init()["created"] == desk.init()["repaired"] == []
    finally:
        desk.close(wait=False)


def hidden(desk):
    """The tabs of steps that are there and hidden."""
    return {tab.title for tab in desk.book("owner").worksheets() if tab.isSheetHidden} & STEP_TABS


def bars(desk):
    """How many stages the funnel shows; each has a label and a number."""
    cells = [(row[0], row[2]) for row in desk.cells("Dashboard")[15:23]]
    assert all((label == "") == (number == "") for label, number in cells)
    return sum(label != "" for label, _ in cells)


LIVE = ("System", "Control", "Log", "Lead Profile", "Dashboard", "Versiones")
"""Tabs whose lines follow the steps in use."""


def unmoved(before, after):
    """Nobody's cells were moved: each table holds what it held where it was, and new columns stand right of that."""
    for title, rows in before.items():
        for now, row in zip(after[title], rows, strict=False):
            assert now[: len(row)] == row, title


@pytest.mark.long
def test_a_step_is_left_out_of_a_workbook_in_use_and_taken_into_use_again(open_desk):
    desk = open_desk("contacted")
    desk.paste(*OUTPUTS["instantly"](*desk.batch("Instantly")))
    desk.sync()
    desk.set_control("box1_version", "B", "v7")
    desk.set_control("schedule.5", "B", 11)
    desk.put("Box1 Input", "A2", [[False]])
    before, leads, counted = desk.everything(*LIVE), desk.leads(), figures_agree(desk)
    shown = desk.everything("Log", "System", "Control")["Dashboard"]

    with_pipeline(desk, "verification", "company_scrap", "instantly")
    with pytest.raises(RefusedPlan, match="not in use any more: box1") as refused:
        desk.sync()
    assert "sheets-crm init" in refused.value.remedy
    assert desk.leads() == leads
    assert (desk.init()["created"], desk.problems()) == ([], [])
    assert hidden(desk) == tabs_of(["box1"])
    without = figures_agree(desk)
    assert bars(desk) == 7
    assert list(without) == [name for name in counted if "box1" not in name and "hit" not in name]
    assert {title: rows for title, rows in desk.everything(*LIVE).items() if "Box1" in title} == {
        title: rows for title, rows in before.items() if "Box1" in title
    }
    kept = [name for name in desk.cells("Master")[0] if name.startswith("box1")]
    assert {n: [lead[name] for name in kept] for n, lead in desk.leads().items()} == {
        n: [lead[name] for name in kept] for n, lead in leads.items()
    }
    with pytest.raises(SettingsError, match="not in use"):
        desk.app.batch_close("B-0001")
    desk.tick("Instantly Input", 1)
    assert list(desk.sync()["sent"]) == ["I-0002"]
    figures_agree(desk)

    with_pipeline(desk, *BUILT_IN)
    with pytest.raises(RefusedPlan, match="box1"):
        desk.sync()
    assert (desk.init()["created"], desk.problems()) == ([], [])
    assert hidden(desk) == set()
    assert list(figures_agree(desk)) == list(counted)
    assert bars(desk) == 8
    assert [row[10] for row in desk.formulas("Dashboard")[38:]] == [row[10] for row in shown[38:]]
    assert (desk.control("box1_version")[1][1], desk.control("schedule.5")[1][1]) == ("v7", 11)
    assert broken(desk) == []
    desk.load(*export(30, seed=8), name="more.csv")
    play(desk, BUILT_IN)
    figures_agree(desk)
    assert len({row["id"] for row in desk.rows("Batches")}) == len(desk.rows("Batches"))


@pytest.mark.long
@pytest.mark.parametrize("begin", [(), ("verification", "instantly")])
def test_steps_are_taken_into_use_one_after_another(open_desk, tmp_path, begin):
    desk = Desk(tmp_path, pipeline=list(begin))
    try:
        desk.init()
        desk.load(*export(30), name="export.csv")
        play(desk, begin)
        names = set(begin)
        for name in ("instantly", "box1", "company_scrap", "verification"):
            if name in names:
                continue
            names.add(name)
            before = desk.everything(*LIVE, "Imports", "Batches", "History")
            with_pipeline(desk, *[each for each in BUILT_IN if each in names])
            with pytest.raises(RefusedPlan, match=name):
                desk.sync()
            made = desk.init()["created"]
            assert set(made) == tabs_of([name])
            assert desk.init()["created"] == desk.init()["repaired"] == []
            unmoved({title: rows[:1] for title, rows in before.items()}, desk.everything())
            figures_agree(desk)
            assert broken(desk) == []
        desk.load(*export(30, seed=8), name="more.csv")
        play(desk, BUILT_IN)
        assert set(figures_agree(desk)) >= {"estimate_hit", "box1_hit_ratio", "feed_until"}
        desk.now += 86_400
        desk.set_control("sync_now", "B", True)
        desk.sync()
        assert figures_agree(desk)
        place = desk.tab("Master", "owner").find("instantly_batch").address
        leads = desk.leads()
        desk.put("Master", place, [[""]], who="owner")
        with pytest.raises(RefusedPlan, match="instantly_batch"):
            desk.sync(force=True)
        desk.init()
        assert desk.leads() == leads
    finally:
        desk.close(wait=False)


@pytest.mark.long
def test_a_person_is_erased_in_the_hidden_tabs_too(open_desk):
    desk = with_pipeline(open_desk("contacted"), "verification")
    desk.init()
    number = desk.batch("Box1")[1][0][0]

    def places():
        return {title for title in STEP_TABS if int(number) in [row["LeadNumber"] for row in desk.rows(title)]}

    assert places() >= {"Box1 Batch", "CompScrap Batch"}
    assert "Box1 Batch" in desk.app.forget(number).as_json()["tabs"]
    assert places() == set()
    with_pipeline(desk, *BUILT_IN).init()
    assert int(number) not in desk.leads()
    figures_agree(desk)


@pytest.mark.long
def test_the_output_of_a_step_that_is_not_in_use_is_not_taken_for_another(open_desk):
    names = ("verification", "instantly")
    desk = with_pipeline(open_desk("boxed"), *names)
    boxed = sample.box1_output(*desk.batch("Box1"), seed=0)
    desk.init()
    leads = desk.leads()
    with pytest.raises(FileError, match="box1"):
        desk.load(*boxed, name="box1.csv")
    desk.paste(*boxed)
    desk.sync()
    assert any("box1" in text and "verification, instantly" in text for text in desk.problems())
    assert desk.leads() == leads


@pytest.mark.long
@pytest.mark.parametrize("names", [(), ("instantly",)])
def test_a_custom_step_goes_with_any_steps_in_use(tmp_path, names):
    call = {
        "name": "call",
        "title": "Call",
        "letter": "L",
        "columns": ["firstName", "phone"],
        "brings": ["call_result"],
        "ready_when": {"LeadNumber": "*"},
    }
    desk = Desk(
        tmp_path, pipeline=list(names), steps=[call], extra_columns={"box1": ["region"]}, parts={"box1": 2}
    )
    try:
        desk.init()
        desk.load(*export(10), name="export.csv")
        desk.tick("Call Input", 3)
        assert desk.sync()["sent"] == {"L-0001": 3}
        header, rows = desk.batch("Call")
        desk.paste([*header, "call_result"], [[*row, "yes"] for row in rows])
        desk.sync()
        assert figures_agree(desk)["call_completed"] == 3
        findings = {one["check"]: one["found"] for one in desk.app.doctor(probe=False).as_json()["findings"]}
        assert "parts of box1, extra_columns of box1" in findings["pipeline"]
        with_pipeline(desk, "verification", *names)
        desk.init()
        assert desk.cells("Master")[0][-5:] == [
            f"verification_{name}" for name in ("sent", "sent_at", "batch", "status", "completed_at")
        ]
        figures_agree(desk)
        assert broken(desk) == []
    finally:
        desk.close(wait=False)
