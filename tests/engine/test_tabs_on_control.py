"""Tabs are shown and hidden by a tick on Control, and the list there follows what is done by hand."""

import pytest
from workbench import Desk

from sheets_crm.engine.features import Features
from sheets_crm.errors import SheetError
from sheets_crm.workbook import panel
from sheets_crm.workbook.declaration import Group, TabColumn, TabSpec


def hidden(desk):
    """The tabs that nobody sees, System and the Master apart."""
    tabs = {tab.title for tab in desk.book("owner").worksheets() if tab.isSheetHidden}
    return tabs - {"System", "Master"}


def hide(desk, title, *, shown=False):
    tab = desk.tab(title, "owner")
    (tab.show if shown else tab.hide)()


def row_of(desk, key):
    """Title, tick and record of a tab in the list."""
    return desk.control(f"tab.{key}")[1][:3]


def tick(desk, key, value):
    desk.set_control(f"tab.{key}", "B", value)


RARE = {"Cabeceras", "Imports", "Box1 History", "History", "Log", "Vocabulary"}


@pytest.mark.long
def test_a_new_workbook_lists_its_tabs_by_group_and_rare_ones_start_hidden(desk):
    assert hidden(desk) == RARE
    ids = [row[panel.ID] for row in desk.cells("Control") if str(row[panel.ID]).startswith("tab")]
    assert ids[:4] == ["tabs.space", "tabs", "tabs.today", "tab.dashboard"]
    assert ids.index("tab.lead_profile") < ids.index("tabs.prospecting") < ids.index("tab.input.verification")
    assert ids[-7:-2] == ["tabs.setup", "tab.history", "tab.log", "tab.vocabulary", "tab.headers"]
    assert ids[-2:] == ["tabs.settings", "tabs.guide"]
    assert not {"tab.control", "tab.system", "tab.master"} & set(ids)
    assert row_of(desk, "log") == ["Log", False, "oculta"]
    assert row_of(desk, "inbox") == ["Inbox", True, "visible"]
    number = desk.tab("Inbox").id
    formula = desk.formulas("Control")[desk.control("tab.inbox")[0] - 1][0]
    assert formula.startswith(f'=HYPERLINK("#gid={number}"')
    assert desk.sync()["writes"] == 0


@pytest.mark.long
def test_a_tick_shows_and_hides_for_everybody_in_two_reads_and_a_write(desk):
    desk.sync()
    tick(desk, "log", True)
    tick(desk, "lead_profile", False)
    made = desk.spent(desk.sync)
    assert sorted(made.values()) == [1, 2], made
    assert [name.split()[0] for name in sorted(made, key=made.get)] == ["POST", "GET"]
    assert hidden(desk) == RARE - {"Log"} | {"Lead Profile"}
    assert row_of(desk, "log") == ["Log", True, "visible"]
    assert row_of(desk, "lead_profile") == ["Lead Profile", False, "oculta"]
    assert desk.rows("Log")[0]["what"] == "pestaña oculta: Lead Profile · pestaña a la vista: Log"
    assert list(desk.spent(desk.sync).values()) == [1]
    tick(desk, "log", False)
    assert desk.sync()["writes"] == 1
    assert "Log" in hidden(desk)


@pytest.mark.long
def test_the_signal_shows_that_one_tick_was_exchanged_for_another(desk):
    """So a run waits until the ticks stand still, as it does for leads."""

    def signal():
        return {row[0]: row[1] for row in desk.cells("System")}["signal.tabs"]

    desk.sync()
    assert signal() == 0
    tick(desk, "log", True)
    first = signal()
    tick(desk, "log", False)
    tick(desk, "history", True)
    assert first > 0 < signal() != first


@pytest.mark.long
def test_the_tick_follows_a_tab_that_was_hidden_or_shown_by_hand(desk):
    desk.sync()
    hide(desk, "Storage")
    hide(desk, "History", shown=True)
    desk.set_control("sync_now", "B", True)
    desk.sync()
    assert hidden(desk) == RARE - {"History"} | {"Storage"}
    assert row_of(desk, "storage") == ["Storage", False, "oculta"]
    assert row_of(desk, "history") == ["History", True, "visible"]
    assert desk.sync()["idle"]


@pytest.mark.long
def test_a_tick_wins_over_what_was_done_by_hand(desk):
    desk.sync()
    hide(desk, "Log", shown=True)
    tick(desk, "log", True)
    hide(desk, "Storage")
    tick(desk, "storage", False)
    hide(desk, "Dashboard")
    tick(desk, "lead_profile", False)
    desk.now += 2 * 3600
    desk.sync()
    assert hidden(desk) == RARE - {"Log"} | {"Storage", "Dashboard", "Lead Profile"}
    assert row_of(desk, "dashboard")[1:] == [False, "oculta"]


@pytest.mark.long
def test_the_title_follows_a_rename(desk):
    desk.sync()
    desk.tab("Storage", "owner").update_title('Para "luego"')
    desk.sync()
    desk.now += 2 * 3600
    desk.sync()
    assert row_of(desk, "storage") == ['Para "luego"', True, "visible"]
    assert desk.sync()["idle"]


@pytest.mark.long
def test_when_every_tab_is_hidden_control_comes_back(desk):
    desk.sync()
    hide(desk, "Control")
    for row in desk.cells("Control"):
        if str(row[panel.ID]).startswith("tab."):
            tick(desk, row[panel.ID].removeprefix("tab."), False)
    desk.sync()
    assert [tab.title for tab in desk.book("owner").worksheets() if not tab.isSheetHidden] == ["Control"]


@pytest.mark.long
@pytest.mark.parametrize("desk", ["sent"], indirect=True)
def test_a_batch_that_is_shown_on_request_is_visible(desk):
    hide(desk, "Verification Batch")
    desk.now += 2 * 3600
    desk.sync()
    assert "Verification Batch" in hidden(desk)
    place = 2 + [row["id"] for row in desk.rows("Batches")].index("V-0001")
    desk.put("Batches", f"I{place}", [[True]])
    desk.sync()
    assert "Verification Batch" not in hidden(desk)
    assert row_of(desk, "batch.verification.1") == ["Verification Batch", True, "visible"]


@pytest.mark.long
def test_more_batch_tabs_are_listed_with_the_others_and_nothing_else_moves(desk):
    desk.sync()
    tick(desk, "log", True)
    desk.set_control("target_id", "B", "Q3")
    desk.put("Control", f"A{len(desk.cells('Control')) + 1}", [["mine"]], who="owner")
    desk.set_control("step.box1", "F", 3)
    desk.set_control("sync_now", "B", True)
    desk.sync()
    ids = [row[panel.ID] for row in desk.cells("Control")]
    place = ids.index("tab.batch.box1.1")
    assert ids[place : place + 3] == [f"tab.batch.box1.{n}" for n in (1, 2, 3)]
    assert (row_of(desk, "log")[1], desk.control("target_id")[1][1]) == (True, "Q3")
    assert desk.cells("Control")[-1][0] == "mine"
    assert "Log" not in hidden(desk)
    assert desk.sync()["idle"]


def folded(desk):
    """The groups of rows of Control, and whether each is folded."""
    (sheet,) = [
        one
        for one in desk.book("owner").fetch_sheet_metadata({"fields": "sheets(properties(title),rowGroups)"})[
            "sheets"
        ]
        if one["properties"]["title"] == "Control"
    ]
    return [one.get("collapsed", False) for one in sheet["rowGroups"]]


def hidden_rows(desk):
    """Ids of the rows of Control that are folded away."""
    fields = "sheets(data(rowMetadata(hiddenByUser)))"
    params = {"fields": fields, "ranges": "Control", "includeGridData": True}
    ((rows,),) = [
        [data["rowMetadata"] for data in one["data"]]
        for one in desk.book("owner").fetch_sheet_metadata(params)["sheets"]
    ]
    ids = [row[panel.ID] for row in desk.cells("Control")]
    return [name for name, row in zip(ids, rows, strict=False) if row.get("hiddenByUser")]


@pytest.mark.long
def test_the_groups_are_folded_and_open_by_a_tick(desk):
    desk.sync()
    assert folded(desk) == [True] * 5
    assert "tab.log" in hidden_rows(desk)
    assert not {"tabs.setup", "confirm"} & set(hidden_rows(desk))
    desk.set_control("tabs.setup", "B", True)
    desk.sync()
    assert folded(desk) == [True, True, False, True, True]
    assert "tab.log" not in hidden_rows(desk)
    assert "tab.inbox" in hidden_rows(desk)
    assert desk.control("tabs.setup")[1][:3] == ["Configuración", True, "▾"]
    tick(desk, "log", True)
    desk.sync()  # an incremental read, which takes the groups from the cached layout
    assert desk.control("tabs.setup")[1][1:3] == [True, "▾"]
    desk.set_control("step.box1", "F", 2)
    desk.set_control("sync_now", "B", True)
    desk.sync()
    assert folded(desk) == [True, True, False, True, True]  # a group that is open stays open when the list grows
    desk.set_control("tabs.setup", "B", False)
    desk.sync()
    assert folded(desk) == [True] * 5
    assert desk.control("tabs.setup")[1][:3] == ["Configuración", False, "▸"]
    assert desk.sync()["idle"]


@pytest.mark.long
def test_without_its_groups_the_list_still_answers_its_ticks(desk):
    """Somebody has dissolved them by hand."""
    desk.sync()
    number = desk.tab_id("Control")
    for span in [(one.start, one.end) for one in desk.app.context.gateway.info().tabs[0].row_groups]:
        place = {"sheetId": number, "dimension": "ROWS", "startIndex": span[0], "endIndex": span[1]}
        desk.structure({"deleteDimensionGroup": {"range": place}})
    desk.set_control("tabs.setup", "B", True)
    tick(desk, "log", True)
    desk.sync()
    assert desk.control("tabs.setup")[1][1:3] == [True, "▾"]
    assert "Log" not in hidden(desk)
    assert desk.sync()["idle"]


@pytest.mark.long
def test_groups_that_touch_after_a_heading_was_moved_are_laid_out_anew(desk):
    desk.sync()
    groups = [(one.start, one.end) for one in desk.app.context.gateway.info().tabs[0].row_groups]
    assert len(groups) == 5
    heading = {"sheetId": desk.tab_id("Control"), "dimension": "ROWS"}
    heading |= {"startIndex": groups[2][0] - 1, "endIndex": groups[2][0]}
    desk.structure({"moveDimension": {"source": heading, "destinationIndex": groups[0][0] - 1}})
    touching = [(one.start, one.end) for one in desk.app.context.gateway.info().tabs[0].row_groups]
    assert touching[1][1] == touching[2][0]
    desk.init()
    desk.sync()
    assert [(one.start, one.end) for one in desk.app.context.gateway.info().tabs[0].row_groups] == groups
    assert folded(desk) == [True] * 5


DEALS = TabSpec(
    "deals",
    "Deals",
    (TabColumn("deal"), TabColumn("stage")),
    "deal",
    es="Tratos",
    group=Group.SALES,
    module="sales",
    rare=True,
)


@pytest.mark.long
@pytest.mark.parametrize(
    ("locale", "language", "title", "group"),
    [("es_ES", "es", "Tratos", "Ventas"), ("en_US", "en", "Deals", "Sales")],
)
def test_a_tab_of_a_module_is_listed_by_its_declaration_alone(
    open_desk, monkeypatch, locale, language, title, group
):
    """In a workbook in use it is visible, has the colour of its group, and another title where its own is taken."""
    desk = open_desk("initialised", locale, language=language)
    desk.book("owner").add_worksheet(title.upper(), 5, 5)
    before = {row[panel.ID]: row for row in desk.cells("Control")}
    of_core = Features.specs
    monkeypatch.setattr(Features, "specs", lambda *call: (*of_core(*call)[:-2], DEALS, *of_core(*call)[-2:]))
    desk.init()
    made = f"{title} (CRM)"
    assert desk.control("tabs.sales")[1][0] == group
    assert row_of(desk, "deals") == [made, True, "visible"]
    assert made not in hidden(desk)
    assert desk.tab(made, "owner").get_tab_color() == "#188038"
    assert desk.cells(made)[0] == ["deal", "stage"]
    after = {row[panel.ID]: row for row in desk.cells("Control")}
    # The labels are in the workbook's language of today.
    changed = {row_id for row_id, row in before.items() if after[row_id][1] != row[1]}
    assert changed <= {"heartbeat", "last_run_at", "next_run", "status", "steps", "tabs", "target_id", "only", ""}
    assert "tab.deals" in hidden_rows(desk)
    assert desk.sync()["idle"] or desk.sync()["idle"]
    monkeypatch.undo()
    desk.init()  # the module is off again: its row goes, its tab stays
    assert "tab.deals" not in [row[panel.ID] for row in desk.cells("Control")]
    assert "tabs.sales" not in [row[panel.ID] for row in desk.cells("Control")]
    assert folded(desk) == [True] * 5
    assert made in desk.titles()


@pytest.mark.long
def test_a_new_workbook_refuses_a_taken_title_of_the_core(tmp_path):
    desk = Desk(tmp_path)
    try:
        desk.book("owner").add_worksheet("Batches", 5, 5)
        with pytest.raises(SheetError, match="already has a tab named Batches"):
            desk.init()
    finally:
        desk.close(wait=False)


@pytest.mark.long
def test_a_core_tab_that_comes_back_takes_another_title_when_its_own_is_taken(desk):
    desk.sync()
    owner = desk.book("owner")
    owner.del_worksheet(desk.tab("Log", "owner"))
    owner.add_worksheet("Log", 5, 5)
    desk.init()
    assert row_of(desk, "log") == ["Log (CRM)", True, "visible"]
    assert desk.sync()["idle"]
