"""Somebody moves rows between a worker's read and its write: nothing lands beside another name and stays there."""

from dataclasses import replace
from itertools import product

import pytest

from sheets_crm import bootstrap
from sheets_crm.errors import Conflict, CrmError, RefusedPlan

pytestmark = pytest.mark.long

LABEL, VALUE, ID = 0, 1, 7


class Died(BaseException):
    """The worker's process ends here."""


class Meddled:
    """A gateway before whose next write somebody does something, and after which the process may die."""

    def __init__(self, gateway):
        self._gateway = gateway
        self.first = None
        self.dies = False

    def __getattr__(self, name):
        return getattr(self._gateway, name)

    def apply(self, *given, **options):
        act, self.first = self.first, None
        if act is not None:
            act()
        found = self._gateway.apply(*given, **options)
        if act is not None and self.dies:
            raise Died
        return found


@pytest.fixture
def desk(open_desk):
    return meddled(open_desk("imported", then=settings_typed))


def settings_typed(desk):
    desk.sync()
    desk.set_control("box1_version", "B", "v9", raw=True)
    desk.set_control("target_id", "B", "T7", raw=True)
    desk.set_control("schedule.3", "B", 33)
    desk.sync()


def meddled(desk):
    desk.app = desk.worker(wrap=Meddled)
    desk.sync()
    return desk


def rows_of_control(desk, kind, row, to=0):
    block = {"sheetId": desk.tab_id("Control"), "dimension": "ROWS", "startIndex": row, "endIndex": row + 1}
    if kind == "insert":
        desk.structure({"insertDimension": {"range": block, "inheritFromBefore": True}})
    elif kind == "delete":
        desk.structure({"deleteDimension": {"range": block}})
    else:
        desk.structure({"moveDimension": {"source": block, "destinationIndex": to}})


def by_name(desk, formulas=False):
    """Control by id, or by label where a row only decorates; times and what the worker says apart."""
    cells = desk.formulas("Control") if formulas else desk.cells("Control")
    said = {"state", "status", "last_run_at", "heartbeat"}
    return {
        row[ID] or row[LABEL]: [cell for n, cell in enumerate(row) if n not in {6, ID}]
        for row in cells
        if row[ID] not in said and not row[ID].startswith("problem.") and any(cell != "" for cell in row)
    }


def moves(desk):
    last_run, problem = desk.control("last_run_at")[0] - 1, desk.control("problem.1")[0] - 1
    target = desk.control("target_id")[0] - 1
    return {
        "a row inserted at the top": ("insert", 2),
        "a decoration deleted": ("delete", 3),
        "target_id moved": ("move", target, last_run + 1),
        "the times moved down": ("move", last_run, target + 1),
        "a problem moved down": ("move", problem, target + 4),
        "the last row moved to the top": ("move", len(desk.cells("Control")) - 1, 1),
    }


SETTINGS = ("target_id", "box1_version", "confirm", "sync_now", *(f"schedule.{day}" for day in range(7)))
MOVES = (
    "a row inserted at the top",
    "a decoration deleted",
    "target_id moved",
    "the times moved down",
    "a problem moved down",
    "the last row moved to the top",
)
SOON = {("target_id moved", False), ("the times moved down", False), ("a row inserted at the top", True)}
"""Of every move, and whether the process dies after its write, those that are played by default."""


def sooner(*cases):
    return [pytest.param(*case, marks=() if case in SOON else pytest.mark.long) for case in cases]


def stands_right(desk, before, formulas):
    after = by_name(desk)
    assert {name: after[name] for name in before if name in after} == before | {
        name: cells for name, cells in after.items() if name.startswith("step.") and name in before
    }
    shown = by_name(desk, formulas=True)
    assert [shown[name] for name in formulas] == [formulas[name] for name in formulas]
    system = {row[0]: row[1] for row in desk.cells("System")}
    for name in ("last_run_at", "heartbeat"):
        assert desk.control(name)[1][VALUE] == system[name]
    times = [row for row in desk.cells("Control") if any(isinstance(c, float) and c > 40_000 for c in row)]
    assert {row[ID] for row in times} == {"last_run_at", "heartbeat"}
    assert not [name for name in desk.hidden_of_control() if name.startswith(("state", "step", "only", "confirm"))]


def of_before(desk, gone):
    before = by_name(desk)
    if gone:
        del before[desk.cells("Control")[3][ID]]
    formulas = by_name(desk, formulas=True)
    return before, {name: row for name, row in formulas.items() if any(str(cell).startswith("=") for cell in row)}


@pytest.mark.parametrize(("how", "dies"), sooner(*product(MOVES, [False, True])))
def test_rows_of_control_moved_in_the_second_of_a_send(desk, how, dies):
    before, formulas = of_before(desk, how == "a decoration deleted")
    desk.tick("Verification Input", 2)
    desk.paste(["Lista de la compra", "Cantidad"], [["pan", "2"]])
    desk.app.context.gateway.dies = dies
    desk.app.context.gateway.first = lambda: rows_of_control(desk, *moves(desk)[how])
    if dies:
        with pytest.raises(Died):
            desk.sync()
        desk.app = desk.worker()
        desk.now += 60
    desk.sync()
    stands_right(desk, before, formulas)
    assert desk.control("step.verification")[1][6].endswith("V-0001")
    assert desk.problems()
    assert sum(lead["verification_sent"] is True for lead in desk.leads().values()) == 2
    assert desk.sync()["writes"] == 0


@pytest.mark.parametrize(
    "how", [how if how == "the times moved down" else pytest.param(how, marks=pytest.mark.long) for how in MOVES]
)
def test_rows_of_control_moved_in_the_second_of_a_tick_of_a_tab(desk, how):
    before, formulas = of_before(desk, how == "a decoration deleted")
    for name in ("tab.log", "tab.storage"):
        del before[name], formulas[name]
    desk.tab("Storage", "owner").update_title("Almacén")
    for name in ("tab.log", "sync_now"):
        desk.set_control(name, "B", True)
    desk.app.context.gateway.first = lambda: rows_of_control(desk, *moves(desk)[how])
    desk.sync()
    assert desk.app.context.gateway.first is None
    stands_right(desk, before, formulas)
    assert desk.control("tab.storage")[1][:3] == ["Almacén", True, "visible"]
    assert str(desk.formulas("Control")[desk.control("tab.storage")[0] - 1][LABEL]).startswith("=HYPERLINK")
    assert desk.control("tab.log")[1][:3] == ["Log", True, "visible"]
    assert not desk.tab("Log").isSheetHidden
    assert desk.sync()["writes"] == 0


@pytest.mark.parametrize(
    "how", [how if (how, False) in SOON else pytest.param(how, marks=pytest.mark.long) for how in MOVES]
)
def test_rows_of_control_moved_in_the_second_of_a_sign_of_life(desk, how):
    before, formulas = of_before(desk, how == "a decoration deleted")
    for _ in range(2):
        desk.now += 11 * 60
        desk.sync(now=False)
        desk.now += 15
    desk.now += 11 * 60
    beaten = desk.control("heartbeat")[1][VALUE]
    desk.app.context.gateway.first = lambda: rows_of_control(desk, *moves(desk)[how])
    for _ in range(3):
        desk.sync(now=False)
        desk.now += 15
    assert desk.app.context.gateway.first is None, "no sign of life was given"
    assert desk.control("heartbeat")[1][VALUE] > beaten
    stands_right(desk, before, formulas)


def test_rows_of_control_moved_in_the_second_of_a_refusal(desk):
    before, formulas = of_before(desk, False)
    desk.structure({"deleteSheet": {"sheetId": desk.tab_id("Batches")}})
    desk.app.context.gateway.first = lambda: rows_of_control(desk, *moves(desk)["target_id moved"])
    with pytest.raises(RefusedPlan):
        desk.sync()
    assert desk.app.context.gateway.first is None
    desk.init()
    desk.sync()
    del formulas["tab.batches"]  # the tab was made again, and has another id
    stands_right(desk, before, formulas)


@pytest.mark.parametrize(("how", "dies"), sooner(*product(MOVES, [False, True])))
def test_rows_of_control_moved_in_the_second_of_a_set_up(desk, how, dies):
    """What `init` lays out again stands where it belongs; a row that the owner inserted goes."""
    before, formulas = of_before(desk, gone=False)
    settings = {name: desk.control(name)[1][VALUE] for name in SETTINGS}
    desk.app.context.gateway.dies = dies
    desk.app.context.gateway.first = lambda: rows_of_control(desk, *moves(desk)[how])
    if dies:
        with pytest.raises(Died):
            desk.init()
        desk.app = desk.worker()
    else:
        desk.init()
    desk.sync()
    if dies:  # the operators' cells are right; labels that went astray, the next set-up writes again
        assert {name: desk.control(name)[1][VALUE] for name in SETTINGS} == settings
        desk.init()
        desk.sync()
    stands_right(desk, before, formulas)
    assert (desk.control("target_id")[1][VALUE], desk.control("schedule.3")[1][VALUE]) == ("T7", 33)


def written_on_control(desk, work):
    """The cells of Control that a piece of work writes, by (row, column); neither formats nor a run's times count."""
    gateway, cells = desk.app.context.gateway, []
    times = [(desk.control(name)[0] - 1, VALUE) for name in ("last_run_at", "heartbeat")]

    def spy(requests, **options):
        for request in requests:
            body = request.get("updateCells", {})
            start = body.get("start", {})
            if start.get("sheetId") == desk.tab_id("Control") and "userEnteredValue" in body["fields"]:
                cells.extend(
                    (start["rowIndex"] + n, start["columnIndex"] + m)
                    for n, row in enumerate(body["rows"])
                    for m in range(len(row["values"]))
                )
        return gateway.apply(requests, **options)

    spying = type(
        "Spying", (), {"apply": staticmethod(spy), "__getattr__": lambda _, name: getattr(gateway, name)}
    )
    work(bootstrap.Application(replace(desk.app.context, gateway=spying()), desk.app._account, desk.app.store))
    return [cell for cell in cells if cell not in times]


@pytest.mark.parametrize(
    "locale", ["es_ES", pytest.param("en_US", marks=pytest.mark.long)]
)  # read back with ; or ,
def test_a_set_up_writes_only_the_cells_of_control_that_differ(open_desk, locale):
    desk = open_desk("imported", locale)
    desk.init()
    assert written_on_control(desk, lambda app: app.init(adopt=False)) == []
    row = desk.control("step.box1")[0]
    desk.put("Control", f"B{row}", [[77]], who="owner")  # over a formula
    desk.put("Control", f"A{row + 1}", [["nobody's words"]], who="owner")
    assert written_on_control(desk, lambda app: app.init(adopt=False)) == [(row - 1, VALUE), (row, LABEL)]
    assert str(desk.formulas("Control")[row - 1][VALUE]).startswith("=")


def test_a_formula_and_its_result_are_not_taken_for_each_other(open_desk):
    desk = open_desk("imported")
    row, cells = desk.control("step.verification")
    desk.put("Control", f"A{row}:B{row}", [[f'="{cells[LABEL]}"', cells[VALUE]]], who="owner")
    desk.init()
    assert desk.formulas("Control")[row - 1][LABEL] == cells[LABEL]
    assert str(desk.formulas("Control")[row - 1][VALUE]).startswith("=")


def test_a_setting_outlives_two_set_ups_when_a_row_above_it_goes_in_the_second_of_the_first(desk):
    """Neither the first worker nor the second one, which both lay Control out, writes the setting."""
    desk.set_control("step.box1", "F", 2)
    above = desk.control("steps.space")[0] - 1
    desk.app.context.gateway.first = lambda: rows_of_control(desk, "delete", above)
    desk.app.context.gateway.dies = True
    desk.sync(force=True)  # the groups have moved, so that Sheets refuses the write and the worker reads again
    desk.worker("other").init(adopt=False)
    desk.app = desk.worker()
    desk.sync()
    assert desk.control("box1_version")[1][VALUE] == "v9"
    assert desk.control("target_id")[1][VALUE] == "T7"


@pytest.mark.parametrize("work", ["init", "parts"])
def test_a_tab_renamed_in_the_second_of_a_set_up_that_dies_is_named_right_by_the_next_run(desk, work):
    if work == "parts":
        desk.set_control("step.box1", "F", 2)
    number = desk.tab_id("Verification Input")
    properties = {"sheetId": number, "title": "Verificación"}
    rename = {"updateSheetProperties": {"properties": properties, "fields": "title"}}
    desk.app.context.gateway.first = lambda: desk.structure(rename)
    desk.app.context.gateway.dies = True
    with pytest.raises(Died):
        desk.init() if work == "init" else desk.sync(force=True)
    desk.app = desk.worker()
    desk.sync(now=False)
    assert not any("Verification Input" in str(cell) for row in desk.formulas("Control") for cell in row)
    findings = desk.app.doctor(probe=False).json["findings"]
    assert [found for found in findings if found["check"] == "formulas" and not found["ok"]] == []
    assert desk.sync(now=False)["writes"] == 0


def test_a_set_up_that_dies_before_it_looks_at_the_titles_again_is_finished_once_by_a_scheduled_run(
    desk, monkeypatch
):
    """Its write is known to be right by then: only the open set-up makes the next poll, of a quiet workbook, read."""
    # No signal names this tab, so that the poll stays quiet; formulas of the Dashboard do.
    properties = {"sheetId": desk.tab_id("Box1 History"), "title": "Historia de Box 1"}
    rename = {"updateSheetProperties": {"properties": properties, "fields": "title"}}
    gateway = desk.app.context.gateway

    def titles():
        raise Died

    gateway.first = lambda: desk.structure(rename)
    monkeypatch.setattr(gateway._gateway, "titles", titles)
    with pytest.raises(Died):
        desk.init()
    monkeypatch.undo()
    assert not desk.app.context.cache.waiting()
    desk.app = desk.worker(wrap=Meddled)
    for _ in range(2):
        sets_up = []
        desk.app.context.gateway.first = lambda sets_up=sets_up: sets_up.append(True)
        desk.app.sync(plan=False, now=False, force=False, scheduled=True)
    findings = desk.app.doctor(probe=False).json["findings"]
    assert [found for found in findings if found["check"] == "formulas" and not found["ok"]] == []
    assert sets_up == []  # the second run had nothing to write


def test_a_set_up_whose_later_passes_are_refused_is_still_finished_by_the_next_run(desk, monkeypatch):
    properties = {"sheetId": desk.tab_id("Verification Input"), "title": "Verificación"}
    rename = {"updateSheetProperties": {"properties": properties, "fields": "title"}}
    gateway = desk.app.context.gateway

    def refused(*_, **__):
        raise Conflict("somebody else was quicker")

    def renamed_and_then_refused():
        desk.structure(rename)
        apply = gateway._gateway.apply
        monkeypatch.setattr(
            gateway._gateway, "apply", lambda *given, **options: (apply(*given, **options), undone())[0]
        )

    def undone():
        monkeypatch.undo()
        monkeypatch.setattr(gateway._gateway, "apply", refused)

    gateway.first = renamed_and_then_refused
    with pytest.raises(Conflict):
        desk.init()
    monkeypatch.undo()
    desk.app = desk.worker()
    desk.sync(now=False)
    findings = desk.app.doctor(probe=False).json["findings"]
    assert [found for found in findings if found["check"] == "formulas" and not found["ok"]] == []


def test_a_row_moved_again_under_the_repair(desk):
    before, formulas = of_before(desk, False)
    desk.tick("Verification Input", 2)
    gateway = desk.app.context.gateway

    def again():
        rows_of_control(desk, *moves(desk)["the times moved down"])

    def first():
        rows_of_control(desk, *moves(desk)["target_id moved"])
        gateway.first = again

    gateway.first = first
    desk.sync()
    assert gateway.first is None
    stands_right(desk, before, formulas)


def test_a_setting_is_not_lost_when_the_worker_forgets_somebody(desk):
    before, formulas = of_before(desk, False)
    lead = desk.leads()[5]
    name = f"{lead['firstName']} {lead['lastName']}"
    desk.put("Verification Input", "A2", [["maybe"]])  # something to say on Control
    desk.sync()
    row, _ = desk.control("problem.2")
    desk.put("Control", f"B{row}", [[f"{name}: {lead['personSalesUrl']}"]], who="owner")
    gateway = desk.app.context.gateway
    gateway.first = lambda: rows_of_control(desk, *moves(desk)["target_id moved"])
    desk.app.forget("5")
    assert 5 not in desk.leads()
    desk.sync()
    stands_right(desk, {k: v for k, v in before.items() if not k.startswith("step.")}, formulas)
    assert name not in str(desk.cells("Control"))


# -- the Master


def sorted_master(desk, column=3):
    header = desk.cells("Master")[0]
    whole = {"sheetId": desk.tab_id("Master"), "startRowIndex": 1, "endColumnIndex": len(header)}
    spec = {"dimensionIndex": column, "sortOrder": "DESCENDING"}
    desk.structure({"sortRange": {"range": whole, "sortSpecs": [spec]}})


@pytest.mark.parametrize("dies", [pytest.param(False, marks=pytest.mark.long), True], ids=["goes on", "dies"])
def test_the_master_sorted_in_the_second_of_an_erasure(desk, dies):
    """Another lead's row goes in the person's place: it is brought back, and the person goes."""
    before = desk.leads()
    desk.app.context.gateway.dies = dies
    desk.app.context.gateway.first = lambda: sorted_master(desk)
    if dies:
        with pytest.raises(Died):
            desk.app.forget("5")
        assert desk.leads().keys() != before.keys() - {5}, "the sort did no harm: the test shows nothing"
        desk.app = desk.worker()
        desk.now += 60
        desk.sync()
    else:
        desk.app.forget("5")
    after = desk.leads()
    assert after == {number: row for number, row in before.items() if number != 5}
    assert {row["LeadNumber"] for row in desk.rows("Verification Input")} == set(after)
    assert before[5]["personSalesUrl"] not in str(desk.everything())
    assert any("5" in str(row["what"]) for row in desk.rows("Log"))
    assert desk.sync()["writes"] == 0


def test_leads_sent_stay_sent_when_their_row_comes_back(open_desk):
    desk = meddled(open_desk("verified", then=settings_typed))
    before = desk.leads()
    desk.app.context.gateway.first = lambda: sorted_master(desk, 2)
    desk.app.forget("7")
    after = desk.leads()
    assert after == {number: row for number, row in before.items() if number != 7}


def test_a_row_typed_into_the_master_in_the_second_of_an_import_stays(desk):
    header = desk.cells("Master")[0]
    typed = {"firstName": "Tecleada", "lastName": "A Mano", "companyName_fromP": "Mano S.L."}
    place = len(desk.leads()) + 2
    desk.structure({"appendDimension": {"sheetId": desk.tab_id("Master"), "dimension": "ROWS", "length": 2}})
    desk.sync()

    def type_it():
        row = [typed.get(name, "") for name in header]
        row[header.index("LeadNumber")] = 900
        desk.put("Master", f"A{place}", [row], who="owner")

    before = desk.leads()
    desk.app.context.gateway.first = type_it
    head = ["firstName", "lastName", "companyName", "vmid"]
    rows = [
        ["Nueva", "Persona", "Nueva S.L.", "ACwAANEWPERSON01"],
        ["Otra", "Persona", "Otra S.L.", "ACwAANEWPERSON02"],
    ]
    desk.load(head, rows, "mas.csv")
    desk.sync()
    after = desk.leads()
    assert after[900]["firstName"] == "Tecleada"
    assert len(after) == len(before) + 1 + len(rows)
    with pytest.raises(CrmError):
        desk.app.forget("901")


def test_a_repair_that_fails_once_still_takes_the_answered_tick_back(desk):
    """Else the same `send N now` would be answered a second time."""
    row, _ = desk.control("step.verification")
    desk.put("Control", f"D{row}:E{row}", [[3, True]])
    gateway = desk.app.context.gateway
    apply, tried = gateway._gateway.apply, []

    def failing(*given, **options):
        tried.append(given)
        if len(tried) == 2:
            raise Died
        return apply(*given, **options)

    gateway._gateway.apply = failing
    gateway.first = lambda: rows_of_control(desk, "insert", 2)
    with pytest.raises(Died):
        desk.sync()
    assert len(tried) == 2
    gateway._gateway.apply = apply
    assert desk.control("step.verification")[1][4] is True, (
        "the tick was taken back at once: the test shows nothing"
    )

    desk.app = desk.worker()
    desk.now += 60
    for _ in range(3):
        desk.sync()
    assert sum(lead["verification_sent"] is True for lead in desk.leads().values()) == 3
    assert desk.control("step.verification")[1][4] is False
    assert len(desk.rows("Batches")) == 1
