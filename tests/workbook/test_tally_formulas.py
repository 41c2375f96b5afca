"""A tally is declared once: its mask, its formula and its words are held to a count row by row."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_crm.emulator.formulas.calculator import Calculator
from sheets_crm.features.registry import FEATURES
from sheets_crm.pipeline.columns import COMPANY
from sheets_crm.pipeline.leads import ready, with_states
from sheets_crm.pipeline.metric_list import metrics, tallies
from sheets_crm.pipeline.metrics import MetricContext, Runway, figures, flags, mask
from sheets_crm.pipeline.schema import Need, Schema, Step
from sheets_crm.pipeline.states import STATES, Holder, State
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.pipeline.tallies import Tally, any_filled, one_of
from sheets_crm.workbook import dashboard
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.system import SystemLayout
from sheets_crm.workbook.tabs import MASTER, input_key
from sheets_crm.workbook.tally_formulas import count, factors

CALL = Step(
    "call", "Call", "L", (("LeadNumber", "LeadNumber"),), needs=((Need("box1_result", "HIT"),),), custom=True
)
FAILED = State("failed", "gave up", Holder.SENT)
PAUSED = State("paused", "paused", Holder.SENT, on_its_way=True)
SCHEMA = Schema(steps=(*STEPS, CALL), states=(*STATES, FAILED, PAUSED))
SPECS = {spec.key: spec for spec in FEATURES.specs(SCHEMA, {})}
WHERE = Addresses({key: spec.title for key, spec in SPECS.items()}, SPECS)

REPLIES = [
    "",
    "sent",
    "not contacted",
    "contacted",
    "bounced",
    "unsubscribed",
    "positive reply",
    "negative reply",
    "converted",
]
POOLS = {
    "companyLinkedinUrl_fromP": ["", "https://l.example/1"],
    "companySalesUrl_fromP": ["", "https://s.example/1"],
    "email": ["", "a@b.example"],
    "enters": ["", "", "company_scrap", "box1", "instantly"],
    **{name: ["", "", "", "x"] for name in COMPANY},
    "validation_success": [True, False, ""],
    "box1_result": ["", "HIT", "noHIT", "DROP"],
    "instantly_status": REPLIES,
    **{step.sent: [True, False, ""] for step in SCHEMA.steps},
    **{step.status: [state.cell for state in SCHEMA.states] for step in SCHEMA.steps},
}
ROWS = st.lists(st.fixed_dictionaries({name: st.sampled_from(pool) for name, pool in POOLS.items()}), max_size=15)


@st.composite
def clauses(draw):
    """One column holds one of some values, or one of some columns is filled."""
    column = draw(st.sampled_from(list(POOLS)))
    if draw(st.booleans()):
        return any_filled(*draw(st.lists(st.sampled_from(list(POOLS)), min_size=1, max_size=3, unique=True)))
    values = [
        value for value in POOLS[column] if value is not False and (value != "" or True not in POOLS[column])
    ]
    return one_of(column, *draw(st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)))


TALLIES = st.lists(clauses(), max_size=4).map(lambda drawn: Tally("any", tuple(drawn)))


def frame(rows):
    index = pd.Index(range(1, len(rows) + 1), dtype="int64", name="LeadNumber")
    names = [name for name in SCHEMA.names if name != "LeadNumber"]
    cells = {name: np.array([row.get(name, "") for row in rows], dtype=object) for name in names}
    return pd.DataFrame(cells, index=index)


def meets(row, need):
    cell = row[need.column]
    if need.value is None:
        return cell != ""
    return cell is True if need.value is True else cell == need.value


def by_hand(rows, tally):
    return [all(any(meets(row, need) for need in clause) for clause in tally.clauses) for row in rows]


class Sheet:
    """A tab as the emulator's calculator sees one: columns of values, and formulas in its first column."""

    row_count, column_count, formulas_version = 40, 200, 1

    def __init__(self, title, columns, formulas=()):
        self.title = title
        self._columns = columns
        self._formulas = {(row, 0): f"={text}" for row, text in enumerate(formulas)}

    def column(self, index):
        return self._columns.get(index, {})

    def column_version(self, index):
        return 0

    def formulas(self):
        return self._formulas


def below_header(cells):
    return {row: cell for row, cell in enumerate(cells, start=1) if cell != ""}


def shown(leads, formulas):
    """What formulas come to beside a Master, and input tabs that hold the ready leads."""
    columns = {WHERE.column_index(MASTER, name): below_header(leads[name]) for name in leads.columns}
    columns[WHERE.column_index(MASTER, "LeadNumber")] = below_header(map(float, leads.index))
    tabs = [Sheet(WHERE.titles[MASTER], columns)]
    for step in SCHEMA.steps:
        key = input_key(step)
        numbers = below_header(map(float, ready(leads, step)))
        tabs.append(Sheet(WHERE.titles[key], {WHERE.column_index(key, "LeadNumber"): numbers}))
    book = SimpleNamespace(tabs=lambda: [*tabs, Sheet("Probe", {}, formulas)], named_ranges=dict)
    results = Calculator("Europe/Madrid", "es_ES").evaluate(book)
    return [results.value("Probe", row, 0) for row in range(len(formulas))]


@pytest.mark.long
@settings(max_examples=40, deadline=None)
@given(rows=ROWS, drawn=st.lists(TALLIES, min_size=1, max_size=6))
def test_any_tally_is_the_same_by_mask_by_formula_and_row_by_row(rows, drawn):
    leads = frame(rows)
    want = [by_hand(rows, tally) for tally in drawn]
    assert [mask(leads, tally).tolist() for tally in drawn] == want
    assert shown(leads, [count(tally, WHERE) for tally in drawn]) == [sum(line) for line in want]


@pytest.mark.long
@settings(max_examples=10, deadline=None)
@given(rows=ROWS)
def test_every_declared_tally_is_the_same_three_ways(rows):
    leads, declared = frame(rows), tallies(SCHEMA)
    counted = flags(leads, SCHEMA)
    assert list(counted) == list(declared)
    for name, tally in declared.items():
        assert counted[name].tolist() == by_hand(rows, tally), name
    got = shown(leads, [count(tally, WHERE) for tally in declared.values()])
    assert dict(zip(declared, got, strict=True)) == counted.sum().to_dict()


@pytest.mark.long
@settings(max_examples=25, deadline=None)
@given(rows=ROWS, tally=TALLIES)
def test_factors_of_values_count_the_same(rows, tally):
    of_values = Tally("values", tuple(clause for clause in tally.clauses if clause[0].value is not None))
    sign_of_lead = f"({WHERE.column(MASTER, 'LeadNumber')}>0)"
    product = "*".join([sign_of_lead, *factors(of_values.clauses, WHERE)])
    assert shown(frame(rows), [f"SUMPRODUCT({product}*1)"]) == [sum(by_hand(rows, of_values))]


@pytest.mark.long
@settings(max_examples=8, deadline=None)
@given(rows=ROWS)
def test_states_that_are_added_count_in_the_conservation_of_worker_and_dashboard(rows):
    """``failed`` and ``paused`` are two values more; nothing else was changed for them."""
    leads = with_states(frame(rows), SCHEMA)
    for step in SCHEMA.steps:
        asked = [row[step.status] if row[step.sent] is True else None for row in rows]
        kept = leads[step.status].tolist()
        assert all(cell == was for cell, was in zip(kept, asked, strict=True) if was in {"failed", "paused"})
    system_rows = {
        key: row for row, key in enumerate(SystemLayout.of(SCHEMA, tuple(SPECS.values())).keys, start=1)
    }
    lines = {line.cells[-1]: line.cells[1] for line in dashboard.lines(SCHEMA, "es", WHERE, system_rows)}
    assert shown(leads, [str(lines["conservation_ok"].text).removeprefix("=")]) == [True]
    context = MetricContext(
        today=46000.0,
        runway=Runway((1.0,) * 7, 5.0),
        last_run_at=None,
        cells_used=0,
        input_rows={step.name: len(ready(leads, step)) for step in SCHEMA.steps},
    )
    assert figures(leads, SCHEMA, context)["conservation_ok"].value is True


def test_only_states_of_leads_on_their_way_are_in_the_formula_of_the_runway():
    system_rows = {
        key: row for row, key in enumerate(SystemLayout.of(SCHEMA, tuple(SPECS.values())).keys, start=1)
    }
    lines = {line.cells[-1]: line.cells[1] for line in dashboard.lines(SCHEMA, "es", WHERE, system_rows)}
    formula = lines["feed_days_with_pipeline"].text
    assert formula.count('"paused"') == formula.count('"ready"') == formula.count('"processing"') > 0
    assert '"failed"' not in formula
    assert '"completed"' not in formula


@pytest.mark.parametrize(
    ("tally", "formula"),
    [
        (Tally("all"), "COUNT({LeadNumber})"),
        (Tally("flag", (one_of("storage", True),)), "COUNTIFS({storage};TRUE)"),
        (Tally("blank", (one_of("email", ""),)), 'COUNTIFS({LeadNumber};">0";{email};"")'),
        (Tally("filled", (any_filled("email"),)), 'COUNT({LeadNumber})-COUNTIFS({LeadNumber};">0";{email};"")'),
        (
            Tally("both", (any_filled("email", "phone"), one_of("box1_result", "HIT", "DROP"))),
            (
                'COUNTIFS({box1_result};"HIT")-COUNTIFS({box1_result};"HIT";{email};"";{phone};"")'
                '+COUNTIFS({box1_result};"DROP")-COUNTIFS({box1_result};"DROP";{email};"";{phone};"")'
            ),
        ),
    ],
)
def test_a_formula_is_a_sum_of_countifs(tally, formula):
    columns = {name: WHERE.column(MASTER, name) for name in SPECS[MASTER].headers}
    assert count(tally, WHERE) == formula.format(**columns)


@pytest.mark.parametrize(
    "clause",
    [
        (),
        one_of("storage", False),
        one_of("box1_result", "HIT", "HIT"),
        any_filled("email", "email"),
        (Need("email"), Need("box1_result", "HIT")),
        (Need("box1_status", "completed"), Need("box1_result", "HIT")),
        (Need("email"), Need("email", "a@b.example")),
    ],
)
def test_what_no_formula_counts_cannot_be_declared(clause):
    with pytest.raises(ValueError, match="tally odd"):
        Tally("odd", (one_of("instantly_sent", True), clause))


def test_a_metrics_definition_in_words_is_made_from_its_tally():
    meaning = {metric.id: metric.meaning for metric in metrics(SCHEMA)}
    assert meaning["leads_total"] == "number of leads: every lead of the Master"
    assert meaning["box1_drop"] == "number of leads: box1_status is completed and box1_result is DROP"
    assert meaning["instantly_ready"] == "number of leads: instantly_step_status is ready"
    assert meaning["call_sent"] == "number of leads: call_sent is TRUE"
    assert meaning["verified_with_company_url"] == (
        "number of leads: validation_success is TRUE and "
        "(companyLinkedinUrl_fromP or companySalesUrl_fromP is not blank)"
    )
    words = {tally.id: tally.meaning for tally in tallies(SCHEMA).values()}
    assert words["leads_with_company_url"] == "companyLinkedinUrl_fromP or companySalesUrl_fromP is not blank"
    assert words["box1_not_eligible"] == "box1_status is blank"
    assert words["box1_gave_up"] == "box1_status is failed"
    assert words["instantly_replied"] == (
        "instantly_sent is TRUE and instantly_status is positive reply, negative reply or converted"
    )


def test_what_a_metric_counts_by_is_the_tally_of_that_name():
    """A tally that a metric brings takes no other's name."""
    declared = tallies(SCHEMA)
    for metric in metrics(SCHEMA):
        assert [tally.id for tally in metric.tallies] == [
            name for name in (metric.numerator, metric.denominator) if name and not name.startswith("cells_")
        ]
        assert all(declared[tally.id] == tally for tally in metric.tallies), metric.id
