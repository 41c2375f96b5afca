"""What Control and System say, from their cells."""

import itertools
import re

import pytest

from sheets_crm.features.registry import FEATURES
from sheets_crm.pipeline.imports.recognise import blocks
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.workbook import control, panel
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.panel import PanelState
from sheets_crm.workbook.signals import import_signal
from sheets_crm.workbook.system import SystemLayout

SCHEMA = Schema(STEPS)
SPECS = {spec.key: spec for spec in FEATURES.specs(SCHEMA, {})}
LAYOUT = SystemLayout.of(SCHEMA, tuple(SPECS.values()))
WHERE = Addresses({key: spec.title for key, spec in SPECS.items()}, SPECS)


def laid_out(**cells):
    """Control as init lays it out, with cells by ``id:column`` replaced."""
    rows = [list(row.cells) for row in control.rows(SCHEMA, "es", WHERE, {})]
    for place, value in cells.items():
        row_id, column = place.replace("__", ".").rsplit("_at_", 1)
        next(row for row in rows if row[panel.ID] == row_id)[int(column)] = value
    return rows


def parsed(**cells):
    return control.control_state(PanelState.of(laid_out(**cells)), SCHEMA)


def test_control_as_laid_out_asks_for_nothing():
    found = control.control_state(PanelState.of(laid_out()), SCHEMA)
    shown = PanelState.of(laid_out())
    assert (found.send_now, shown.confirm, shown.sync_now, found.unclear) == (frozenset(), False, False, ())
    assert found.schedule == control.DEFAULT_SCHEDULE
    assert found.parts == dict.fromkeys((step.name for step in SCHEMA.steps), 1)
    assert (found.box1_version, found.target_id) == ("v1", "")
    assert set(FEATURES.panel_ids(SCHEMA)) <= set(shown.rows)


def test_every_example_of_headers_is_recognised_as_its_step():
    for step, headers in control.EXAMPLES:
        row = ["1", *["x"] * (len(headers) - 1)]
        (block,) = blocks([list(headers), row], SCHEMA)
        assert (block.step, block.problem) == (step, None), headers


def test_rows_are_known_by_id_wherever_they_stand():
    rows = [[""] * 8, *reversed(laid_out(target_id_at_1="Q3"))]
    found = control.control_state(PanelState.of(rows), SCHEMA)
    assert found.target_id == "Q3"
    assert rows[PanelState.of(rows).rows["target_id"]][panel.VALUE] == "Q3"


@pytest.mark.parametrize("cell", [True, "x", "VERDADERO", 1, "sí"])
def test_any_tick_sends_now(cell):
    assert parsed(step__box1_at_4=cell).send_now == {"box1"}


@pytest.mark.parametrize(
    ("cell", "parts", "clear"),
    [
        (3, 3, True),
        ("", 1, True),
        (0, 1, False),
        (21, 1, False),
        (1.5, 1, False),
        ("dos", 1, False),
        (True, 1, False),
    ],
)
def test_parts_is_a_whole_number_from_1_to_20(cell, parts, clear):
    found = parsed(step__box1_at_5=cell)
    assert found.parts["box1"] == parts
    assert (found.unclear == ()) is clear


@pytest.mark.parametrize(
    ("cell", "leads", "clear"),
    [(80, 80, True), ("", 0, True), (-1, 0, False), ("mucho", 0, False), (True, 0, False)],
)
def test_the_schedule_is_a_number_of_leads_a_day(cell, leads, clear):
    found = parsed(schedule__2_at_1=cell)
    assert found.schedule[2] == leads
    assert (found.unclear == ()) is clear


def test_a_version_that_sheets_took_for_a_number_is_read_as_typed():
    assert parsed(box1_version_at_1=2.0).box1_version == "2"


def test_system_is_read_by_key_with_its_erased_and_ticked():
    keys = LAYOUT.keys
    rows = [["key", "value", "erased"], *[[key, "", ""] for key in keys]]
    rows[1 + keys.index("sequence")][1] = 7
    rows[1 + keys.index("open_drop")][1] = '{"ref":"tab:1","done":3}'
    rows[1][2] = "abc"
    rows[1] += [11, 2, 12]
    rows[2] += [13]

    found = LAYOUT.parse(rows)

    assert found.number("sequence") == 7
    assert found.number("next_drop", 1) == 1
    assert found.record("open_drop") == {"ref": "tab:1", "done": 3}
    assert found.record("open_batch.box1") == {}
    assert found.erased == ("abc",)
    assert found.keys_listed("ticks.verification") == (11, 13)
    assert found.keys_listed("ticks.company_scrap") == (12,)


def test_every_key_of_system_stands_once():
    keys = LAYOUT.keys
    assert len(keys) == len(set(keys))
    live = LAYOUT.formulas(WHERE, {row_id: n for n, row_id in enumerate(FEATURES.panel_ids(SCHEMA))})
    assert set(live) == {key for key in keys if key.startswith(("signal.", "feed."))}


def test_formulas_have_no_comma_and_no_decimal_point_so_that_every_locale_reads_them():
    live = LAYOUT.formulas(WHERE, {row_id: n for n, row_id in enumerate(FEATURES.panel_ids(SCHEMA))})
    texts = [formula.text for formula in live.values()] + [cell.text for cell in LAYOUT.spills(WHERE) if cell]
    for text in (re.sub(r'"[^"]*"', '""', text) for text in texts):
        assert "," not in text
        assert not any(one.isdigit() and other == "." for one, other in itertools.pairwise(text)), text


def test_a_signal_counts_every_tab_that_outputs_are_put_in():
    assert import_signal(["Inbox", "Ana's"]).text == "=COUNTA('Inbox'!$A$1:$EZ)+COUNTA('Ana''s'!$A$1:$EZ)"


def test_addresses_follow_columns_that_moved():
    headers = list(SPECS["input.verification"].headers)
    moved = Addresses(WHERE.titles, SPECS, {"input.verification": [*headers[1:], headers[0]]})
    assert WHERE.column("input.verification", "send") == "'Verification Input'!$A$2:$A"
    assert moved.column("input.verification", "send") == "'Verification Input'!$R$2:$R"
    assert moved.column("input.box1", "send") == WHERE.column("input.box1", "send")
