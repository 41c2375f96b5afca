"""Columns that the settings add to the input tabs of a workbook in use."""

import pytest
from gspread.exceptions import APIError
from gspread.utils import rowcol_to_a1

from sheets_crm import sample
from sheets_crm.errors import RefusedPlan, SheetError


def with_columns(desk, columns):
    """The same workbook after somebody edited the settings."""
    desk.settings = type(desk.settings)(**{**desk.settings.model_dump(), "extra_columns": columns})
    desk.app = desk.worker()
    return desk


@pytest.mark.long
def test_a_workbook_in_use_gets_the_columns_at_its_right_end(open_desk):
    before = open_desk("sent")
    kept = before.everything("System", "Control", "Log", "Lead Profile", "Dashboard")
    header, rows = sample.verification_output(*before.batch("Verification"), seed=3)
    desk = with_columns(before, {"company_scrap": ["region", "website"], "box1": ["region"]})
    with pytest.raises(RefusedPlan, match="region"):
        desk.sync(force=True)

    report = desk.init()

    assert report["created"] == []
    assert desk.init()["repaired"] == []
    for title, old in kept.items():
        now = desk.formulas(title)
        assert [row[: len(was)] for row, was in zip(now, old, strict=False)] == old, title
    assert desk.cells("Master")[0][-1] == "region"
    assert desk.cells("CompScrap Input")[0][-2:] == ["region", "website"]
    assert desk.cells("Box1 Input")[0][-1] == "region"
    assert desk.batch("CompScrap")[0][-2:] == ["region", "website"]
    places = {name: n for n, name in enumerate(desk.cells("CompScrap Input")[0], start=1)}
    own = desk.cells("CompScrap Input")[0].index("") + 1
    desk.put("CompScrap Input", rowcol_to_a1(1, own), [["mi columna"]])
    for name in ("region", "website", "firstName"):
        with pytest.raises(APIError, match="protected"):
            desk.put("CompScrap Input", rowcol_to_a1(2, places[name]), [["a mano"]])
    desk.paste([*header, "region"], [[*row, "Madrid"] for row in rows])
    desk.sync()
    assert {row["region"] for row in desk.rows("CompScrap Input")} == {"Madrid"}
    desk.tick("CompScrap Input", 3)
    desk.sync()
    listed, sent = desk.batch("CompScrap")
    assert [dict(zip(listed, row, strict=True))["region"] for row in sent] == ["Madrid"] * 3
    findings = desk.app.doctor(probe=False).as_json()["findings"]
    assert [one["check"] for one in findings if not one["ok"]] == ["clock"], "which the tests move"


@pytest.mark.long
def test_a_column_of_the_settings_that_was_renamed_by_hand_is_not_made_a_second_time(open_desk):
    desk = with_columns(open_desk("imported"), {"box1": ["region"]})
    desk.init()
    place = desk.tab("Master", "owner").find("region").address
    desk.put("Master", place, [["zona"]], who="owner")

    with pytest.raises(RefusedPlan, match="region"):
        desk.sync(force=True)
    with pytest.raises(SheetError, match="Master"):
        desk.init()

    desk.put("Master", place, [["region"]], who="owner")
    desk.sync(force=True)
    assert desk.cells("Master")[0].count("region") == 1
