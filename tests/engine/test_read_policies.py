"""What is read of a tab follows from its declaration, and a read that fails is a full read, never the end of a worker."""

import logging
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from snapshots import workbook

from sheets_crm.engine import setting_up
from sheets_crm.engine.features import Features
from sheets_crm.engine.incremental_read import incremental_read, require_unmoved
from sheets_crm.engine.layout_cache import CachedLayout, CannotReadIncrementally, TabLayout
from sheets_crm.engine.lead_cache import CachedLeads
from sheets_crm.engine.lead_tables import LeadTable
from sheets_crm.engine.poll import PollResult, poll_signals
from sheets_crm.engine.reading import managed
from sheets_crm.engine.session import RunRequest
from sheets_crm.engine.table_reads import Edited
from sheets_crm.engine.table_rows import ReadTable
from sheets_crm.errors import RefusedPlan
from sheets_crm.features.registry import FEATURES
from sheets_crm.messages import said
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import column_letters
from sheets_crm.workbook.declaration import Owner, ReadPolicy, TabColumn, TabSpec
from sheets_crm.workbook.signals import Signal
from sheets_crm.workbook.system import GRID_ROWS, KEYS, RUNWAY, SystemLayout, SystemState

SCHEMA = Schema(STEPS)
KEY = TabColumn("LeadNumber", Kind.WHOLE)
OWN = TabColumn("reason", owner=Owner.OPERATOR)
ASKS = Signal("asks", lambda _where, _panel: "=0")
LISTS = Signal(
    "visits",
    lambda where, _panel: f"=COUNTA({where.column('visits', 'reason')})",
    lists=(lambda where: f"FILTER({where.column('visits', 'visit')};TRUE)",),
    most=200,
)

VISITS = TabSpec(
    "visits",
    "Visits",
    (TabColumn("visit"), TabColumn("where"), OWN),
    "visit",
    policy=ReadPolicy.WHOLE,
    signals=(LISTS,),
)
WEATHER = TabSpec("weather", "Weather", (TabColumn("day"), TabColumn("rain")), policy=ReadPolicy.END)
SKY = TabSpec("sky", "Sky", (TabColumn("day"), TabColumn("colour")), policy=ReadPolicy.ASKED, signals=(ASKS,))
PROVINCES = TabSpec("provinces", "Provinces", (TabColumn("name"),), free=True, policy=ReadPolicy.WHOLE)
ADDED = (VISITS, WEATHER, SKY, PROVINCES)


@pytest.mark.parametrize(
    "wrong",
    [
        {"policy": ReadPolicy.END},
        {"policy": ReadPolicy.RESULTS},
        {"policy": ReadPolicy.RESULTS, "results": "A:B", "columns": (KEY,)},
        {"policy": ReadPolicy.ASKED},
        {"policy": ReadPolicy.BY_KEY, "columns": (KEY,), "key_column": "LeadNumber"},
        {"policy": ReadPolicy.LEADS},
        {"policy": ReadPolicy.LEADS, "columns": (OWN,), "key_column": "reason", "signals": (ASKS,)},
        {"policy": ReadPolicy.LEADS, "columns": (KEY, OWN), "key_column": "LeadNumber"},
    ],
)
def test_a_tab_that_cannot_be_read_as_it_is_declared_is_an_error_of_the_declaration(wrong):
    with pytest.raises(ValueError, match=rf"tab 'odd' cannot be read by policy '{wrong['policy'].value}'"):
        TabSpec("odd", "Odd", **wrong)


# -- signals


def laid_out(*added):
    specs = (*FEATURES.specs(SCHEMA, {}), *added)
    return SystemLayout.of(SCHEMA, specs), Addresses(
        {spec.key: spec.title for spec in specs}, {s.key: s for s in specs}
    )


def test_the_signals_of_a_workbook_in_use_stand_where_they_stood():
    steps = [f"{name}.{step.name}" for step in STEPS for name in ("ticks", "take", "send_now")]
    tabs = ["confirm", "sync_now", "tabs", "settings", "inbox", "rejected", "sheets"]
    orders = ["order.master", *(f"order.input.{step.name}" for step in STEPS)]
    layout = laid_out()[0]
    keys = layout.polled_keys
    tables = [
        "edits.batches",
        "edits.storage",
        "edits.vocabulary",
        "order.vocabulary",
        "edits.headers",
        "order.headers",
    ]
    every = (*steps, *tabs, *orders, *tables)
    assert keys[-len(every) :] == tuple(f"signal.{name}" for name in every)
    assert layout.keys == (*keys, *RUNWAY, KEYS)
    assert keys[:5] == ("version", "workbook_id", "sequence", "next_lead_number", "next_drop")
    assert keys[21:23] == ("next_batch.verification", "next_batch.company_scrap")


def test_what_only_the_dashboard_uses_stands_below_all_that_a_poll_reads():
    layout = laid_out()[0]
    values, beside = layout.polled_ranges("System")
    assert values == f"'System'!B1:B{layout.row(RUNWAY[0])}"
    assert beside == f"'System'!C2:{column_letters(layout.width - 1)}{GRID_ROWS}"


@pytest.mark.long
def test_a_key_of_system_that_is_not_in_its_row_makes_the_poll_read_the_keys(open_desk):
    """B1 shows it: a poll reads values alone, and takes none for another's."""
    desk = open_desk("sent")
    layout = desk.app.context.settings.system
    gateway = desk.app.context.gateway
    values, requests = gateway.values, []
    gateway.values = lambda ranges: requests.append(ranges) or values(ranges)
    row = layout.row("open_drop")
    assert desk.cells("System")[0][1] == layout.digest
    assert list(poll_signals(gateway, "System", layout).state.cells) == list(layout.polled_keys)
    assert len(requests) == 1
    desk.structure(
        {
            "insertDimension": {
                "range": {
                    "sheetId": desk.tab_id("System"),
                    "dimension": "ROWS",
                    "startIndex": row,
                    "endIndex": row + 1,
                }
            }
        }
    )
    polled = poll_signals(gateway, "System", layout).state
    assert len(requests) == 3
    # The row that is new has no key; every other value stands beside its own.
    assert polled.number("version") == desk.cells("System")[1][1]
    assert set(polled.cells) < set(layout.polled_keys)


def test_what_proves_that_nothing_moved_is_read_with_its_keys():
    layout = laid_out()[0]
    number, orders = layout.proof_ranges("System")
    first, last = layout.row("signal.order.master") + 1, layout.row("signal.order.headers") + 1
    assert (number, orders) == ("'System'!A4:B4", f"'System'!A{first}:B{last}")
    state = layout.parse_proofs([[["sequence", 7]], [["signal.order.master", 5], ["signal.sheets", 9]]])
    assert (state.number("sequence"), state.signal("order.master")) == (7, 5)
    assert state.signal("order.input.box1") == "", "a row that moved has no value, so the read is given up"


def test_a_signal_that_a_tab_declares_has_a_key_a_formula_and_columns_of_its_own():
    before, (layout, where) = laid_out()[0], laid_out(VISITS)
    assert set(layout.keys) - set(before.keys) == {"signal.visits"}
    assert layout.width == before.width + 1
    panel = {f"{kind}.{step.name}": 9 for step in STEPS for kind in ("step", "only")} | dict.fromkeys(
        ["confirm", "sync_now", "import_kind", "enters", *(f"schedule.{day}" for day in range(7))], 8
    )
    assert layout.formulas(where, panel)["signal.visits"].text == "=COUNTA('Visits'!$C$2:$C)"
    count = f"$B${layout.row('signal.visits') + 1}"
    spill = f"""=IF(OR({count}=0;{count}>200);"";FILTER('Visits'!$A$2:$A;TRUE))"""
    assert [one.text for one in layout.spills(where) if one][-5] == spill, (
        "spills of edited rows stand right of it"
    )


def test_what_a_declared_signal_says_asks_for_a_run_and_its_list_is_read():
    layout, _ = laid_out(VISITS)

    class Cells:
        def values(self, _ranges):
            rows = [[layout.digest], *([2] if key == "signal.visits" else [] for key in layout.polled_keys)]
            edits = [0, ""] * len(layout.tables)
            blank = [""] * (layout.width - 3 - len(edits))
            return [rows, [[*blank, "V-1", *edits], [], [*blank, "V-3"]]]

    polled = poll_signals(Cells(), "System", layout)
    assert polled.asked == ("visits",)
    assert polled.state.listed["visits"] == (("V-1", "", "V-3"),)
    assert (
        polled.signature != replace(polled, state=replace(polled.state, listed={"visits": (("V-1",),)})).signature
    )


def test_a_signal_that_would_list_more_rows_than_system_has_is_an_error():
    with pytest.raises(ValueError, match=r"'visits' lists up to 5000 rows"):
        replace(LISTS, most=5_000)


def test_two_signals_of_one_name_are_an_error():
    with pytest.raises(ValueError, match=r"the same name: visits"):
        laid_out(VISITS, replace(VISITS, key="other"))


# -- why everything is read


def cached_workbook():
    """A workbook of four leads, all ready for verification, as it is cached: poll, layout, leads, settings."""
    book = workbook().leads(1, 2, 3, 4)
    snapshot = book.snapshot()
    tabs = {
        key: TabLayout(dict(sheet.column_index), np.asarray(sheet.frame.index, dtype="int64"), sheet.rows)
        for key, sheet in snapshot.sheets.items()
        if sheet.spec.policy is ReadPolicy.LEADS
    }
    layout = CachedLayout(snapshot.sequence, snapshot.info, tabs)
    orders = {f"signal.order.{key}": tab.checksum for key, tab in tabs.items()}
    cells = {**snapshot.system.cells, **orders, "signal.sheets": len(snapshot.info.tabs)}
    polled = PollResult(replace(snapshot.system, cells=cells), ())
    return polled, layout, CachedLeads(snapshot.sequence, snapshot.leads), book.settings


def test_a_poll_that_fits_the_cache_is_trusted():
    require_unmoved(*cached_workbook())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"cells": {"sequence": 8}}, "written to since"),
        ({"leads": lambda leads: replace(leads, sequence=6)}, "written to since"),
        ({"cells": {"signal.sheets": 99}}, "added or deleted"),
        ({"cells": {"refusal": "header:x"}}, "refused"),
        ({"cells": {"signal.order.master": 1}}, "rows of master moved"),
        ({"uncached": "input.box1"}, "rows of Box1 Input are not cached"),
        ({"uncached": "storage"}, "rows of Storage are not cached"),
        ({"cells": {"leads_known": 3}}, "not of the cached leads"),
        ({"leads": lambda leads: replace(leads, leads=leads.leads.iloc[::-1])}, "not of the cached leads"),
    ],
)
def test_every_reason_to_read_everything_has_words(change, reason):
    polled, layout, leads, settings = cached_workbook()
    state = replace(polled.state, cells={**polled.state.cells, **change.get("cells", {})})
    tabs = {key: tab for key, tab in layout.tabs.items() if key != change.get("uncached")}
    leads = change.get("leads", lambda same: same)(leads)
    with pytest.raises(CannotReadIncrementally, match=reason):
        require_unmoved(replace(polled, state=state), replace(layout, tabs=tabs), leads, settings)


def test_a_declared_tab_that_the_workbook_lacks_is_a_reason(monkeypatch):
    polled, layout, cached, settings = cached_workbook()
    declare(monkeypatch)
    with pytest.raises(CannotReadIncrementally, match="lacks the tab Visits"):
        require_unmoved(polled, layout, cached, settings)


class Moved:
    """A workbook in which something of System changed between the poll and the read.

    Args:
        polled: The poll.
        layout: What stands where in System.
        above: Key of a row that a row was inserted above.
        cells: Cells of System that changed, by key.
    """

    def __init__(self, polled, layout, *, above="", **cells):
        held, self.asked = polled.state.cells | cells, []
        rows = [[key, held.get(key, "")] for key in layout.keys]
        place = layout.keys.index(above) if above else len(rows)
        self.system = [["key", "value"], *rows[:place], ["", ""], *rows[place:]]

    def values(self, ranges):
        self.asked = ranges
        return [self._read(text) if text.startswith("'System'") else [] for text in ranges]

    def _read(self, text):
        first, last = (int(cell[1:]) for cell in text.partition("!")[2].split(":"))
        return self.system[first - 1 : last]


def quiet(polled):
    """The poll of a workbook in which nothing is ticked."""
    listed = {f"signal.ticks.{step.name}": 0 for step in STEPS}
    return replace(polled, state=replace(polled.state, cells={**polled.state.cells, **listed}))


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"sequence": 8}, "between the poll and the read"),
        ({"signal.order.master": 1}, "rows of master moved"),
        ({"above": "workbook_id"}, "between the poll and the read"),
        ({"signal.order.input.instantly": ""}, "rows of input.instantly moved"),
    ],
)
def test_what_moves_between_the_poll_and_the_read_is_a_reason(cells, reason):
    polled, layout, leads, settings = cached_workbook()
    gateway = Moved(polled, settings.system, **cells)
    with pytest.raises(CannotReadIncrementally, match=reason):
        incremental_read(gateway, settings, quiet(polled), layout, leads, 0.0, merging=False, edited=Edited())


@pytest.mark.parametrize("merging", [False, True])
def test_what_rows_are_merged_with_is_read_when_rows_are_merged(merging):
    polled, layout, leads, settings = cached_workbook()
    gateway = Moved(polled, settings.system, sequence=8)
    with pytest.raises(CannotReadIncrementally, match="written to"):
        incremental_read(gateway, settings, quiet(polled), layout, leads, 0.0, merging=merging, edited=Edited())
    assert {"'Imports'", "'Rejected'"} & {*gateway.asked} == ({"'Imports'", "'Rejected'"} if merging else set())


@pytest.mark.parametrize("lead", [3, 4])
def test_a_tick_counts_beside_the_lead_that_the_cache_has_in_its_row(lead):
    polled, layout, leads, settings = cached_workbook()
    spec = next(spec for spec in settings.specs({}) if spec.key == "input.verification")
    cells = {"signal.ticks.verification": 1}
    state = replace(polled.state, cells=cells, listed={"ticks.verification": ((3,), (4,))})
    table = LeadTable.of(spec, managed(layout.info)[spec.key], layout.tabs[spec.key], state)
    assert [name for name, _ in table.ranges()] == ["send 3", "LeadNumber 3", "notes 3"]
    read = {"send 3": [[True]], "LeadNumber 3": [[lead]], "notes 3": []}
    if lead == 3:
        assert table.sheet(leads.leads, SCHEMA, read).frame["send"].to_dict() == {
            1: False,
            2: False,
            3: True,
            4: False,
        }
        assert table.numbers_read() == {3}
    else:
        with pytest.raises(CannotReadIncrementally, match="rows of Verification Input moved"):
            table.sheet(leads.leads, SCHEMA, read)


def test_a_set_up_reads_headers_and_of_small_tables_the_ids():
    _, layout, _, settings = cached_workbook()
    tabs = managed(layout.info) | {"input.gone": replace(layout.info.tabs[0], title="Gone", mark="input.gone")}
    ranges = setting_up._ranges(tabs, settings)
    whole = {key: text for key, text in ranges.items() if not text.endswith("!1:1")}
    assert whole == {
        "control": "'Control'",
        "system": "'System'",
        "batches": f"'Batches'!1:{tabs['batches'].rows}",
        "imports": f"'Imports'!1:{tabs['imports'].rows}",
    }
    assert tabs.keys() - ranges.keys() == {"inbox", "dashboard", "versions", "lead_profile", "rejected"}
    assert ranges["input.gone"] == "'Gone'!1:1"


# -- a tab that an earlier version did not have


def declare(patch, *added):
    """Let the program declare further tabs."""

    declared = Features.specs

    def specs(self, schema, parts):
        return (*declared(self, schema, parts), *(added or ADDED))

    patch.setattr(Features, "specs", specs)
    patch.setattr(Features, "system", lambda self, schema: SystemLayout.of(schema, self.specs(schema, {})))


@contextmanager
def reasons():
    """The reasons that the log gives for full reads."""
    texts = []

    class Listening(logging.Handler):
        def emit(self, record):
            texts.append(record.getMessage())

    logger, handler = logging.getLogger("sheets_crm.engine.load"), Listening(logging.INFO)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield texts
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


@pytest.mark.long
def test_tabs_that_are_added_to_a_workbook_in_use_are_read_by_their_declaration(open_desk, monkeypatch):
    desk = open_desk("imported")
    desk.sync()
    declare(monkeypatch)
    desk.tick("Verification Input", 2)
    with pytest.raises(RefusedPlan, match="System tabs are missing: Visits, Weather, Sky, Provinces") as refused:
        desk.sync()
    assert "sheets-crm init" in refused.value.remedy

    assert desk.init()["created"] == ["Visits", "Weather", "Sky", "Provinces"]
    desk.put("Visits", "A2", [["V-1", "Burgos", "to see"]], who="owner")
    desk.put("Provinces", "A2", [["Ávila"]], who="owner")
    desk.put("Weather", "A2", [["Monday", "none"]], who="owner")
    with reasons() as logged:
        desk.tick("Verification Input", 2)
        read = desk.app.context.run(RunRequest(now=True)).snapshot
    assert logged == [], "a run that reads little"
    assert read.sheets["visits"].frame.loc["V-1", "where"] == "Burgos"
    assert read.sheets["weather"].frame["day"].tolist() == ["Monday"]
    assert read.cells["provinces"] == [["name"], ["Ávila"]]
    assert "sky" not in read.sheets, "nobody asked for it"
    assert len(desk.rows("Verification Batch")) == 2

    monkeypatch.undo()
    with pytest.raises(RefusedPlan, match=r"moved or deleted \(System!A:A\)"):
        desk.sync()
    assert desk.init()["created"] == []
    assert "V-1" not in str(desk.cells("System")), "the list of a signal that is no longer declared is gone"
    desk.tick("Verification Input", 1)
    with reasons() as logged:
        assert sum(desk.sync()["sent"].values()) == 1
    assert logged == [], "a tab that is no longer declared is left alone"


# -- a read that fails


@pytest.mark.long
@pytest.mark.failed_read
def test_a_read_that_fails_is_a_full_read_and_the_log_says_why(open_desk, monkeypatch, failed_reads):
    desk = open_desk("imported")
    desk.sync()
    monkeypatch.setattr(LeadTable, "sheet", lambda *_arguments: {}["no such tab"])
    desk.tick("Verification Input", 2)

    assert sum(desk.sync()["sent"].values()) == 2

    (record,) = failed_reads
    assert isinstance(record.exc_info[1], KeyError)
    assert record.levelno == logging.ERROR


@pytest.mark.long
def test_a_full_read_that_was_to_be_expected_is_no_failure(open_desk, failed_reads):
    desk = open_desk("imported")
    desk.tick("Verification Input", 2)
    with reasons() as logged:
        desk.sync(force=True)
    assert logged == ["reading everything: a full read was asked for"]
    assert not failed_reads


def test_why_more_is_read_is_said_in_the_language_of_the_workbook():
    assert (
        Edited(whole={"deals"}).reads_whole("deals", SystemState()).localized("es") == "van a cambiar filas suyas"
    )
    assert ReadTable("deals").reason.localized("es") == "Van a cambiar filas de deals"
    why = said("progress.everything", why=said("why.due"))
    assert (why, why.localized("es")) == (
        "reading everything: the regular full read is due",
        "se lee todo: toca la lectura completa de cada tanto",
    )
