"""A workbook with some of the built-in steps: set up, filled, ticked through, counted; left out, and back again."""

from itertools import combinations

import pytest
from workbench import Desk

from sheets_crm import sample
from sheets_crm.errors import SettingsError
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
        desk.app.batch_close(str(desk.rows("Batches")[-1]["id"]))


def tabs_of(names):
    titles = {f"{TITLES[name]} {kind}" for name in names for kind in ("Input", "Batch")}
    return titles | ({"Storage", "Box1 History"} if "box1" in names else set())


STEP_TABS = tabs_of(BUILT_IN)


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
        ids = [row[6] for row in desk.cells("Dashboard")[1:] if row[6]]
        assert ids == list(counted)
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
