"""The built-in steps in use, as values: every subset's columns, conditions, figures."""

from itertools import combinations

import pandas as pd
import pytest

from sheets_crm.pipeline.leads import eligible, no_leads, reopened, with_states
from sheets_crm.pipeline.metric_list import METRICS, metrics, passing, sections, tallies
from sheets_crm.pipeline.metrics import MetricContext, Runway, figures, flags, lead_days
from sheets_crm.pipeline.schema import Need
from sheets_crm.pipeline.steps import BUILT_IN, SCHEMA, STEPS, in_use, schema_in_use

SUBSETS = [tuple(names) for size in range(len(BUILT_IN) + 1) for names in combinations(BUILT_IN, size)]
GOOD = {
    "firstName": "Ana",
    "email": "ana@example.com",
    "validation_success": True,
    "company_scrap_status": "completed",
    "company_scrap_sent": True,
    "box1_status": "completed",
    "box1_sent": True,
    "box1_result": "HIT",
    "verification_status": "completed",
    "verification_sent": True,
}
BAD = {
    "email": "ana at example.com",
    "validation_success": False,
    "company_scrap_status": "processing",
    "box1_status": "processing",
    "box1_result": "DROP",
    "verification_status": "processing",
}
MATTERS = {
    "company_scrap": {"verification": {"validation_success"}},
    "box1": {"verification": {"validation_success"}, "company_scrap": {"company_scrap_status"}},
    "instantly": {
        "verification": {"validation_success"},
        "box1": {"box1_status", "box1_result"},
    },
}
"""What a step asks of each step before it that is in use."""
CONTEXT = MetricContext(46_000, Runway((10,) * 7, 14), None, 100, {})


def frame(schema, *leads):
    """A leads frame of these cells; columns that the schema does not have are left away."""
    names = no_leads(schema).columns
    rows = [{name: lead.get(name, "") for name in names} for lead in leads]
    return pd.DataFrame(rows, index=pd.RangeIndex(1, len(leads) + 1), columns=names, dtype=object)


def test_all_four_are_the_owner_s_steps():
    assert (in_use(BUILT_IN), schema_in_use(BUILT_IN)) == (STEPS, SCHEMA)
    (hit, stored) = (needs[1:] for needs in SCHEMA.step("instantly").needs if needs[0] == Need("enters", ""))
    assert {(need.column, need.value) for need in hit} == {
        ("email", None),
        ("validation_success", True),
        ("box1_status", "completed"),
        ("box1_result", "HIT"),
    }
    assert ("storage", False) in {(need.column, need.value) for need in stored}


@pytest.mark.parametrize("names", SUBSETS)
def test_what_a_step_asks_of_the_steps_before_it_counts_as_met_without_them(names):
    schema = schema_in_use(names)
    for step in schema.steps:
        asked = {
            column for other, columns in MATTERS.get(step.name, {}).items() if other in names for column in columns
        }
        before = names[: names.index(step.name)]
        if step.name == "instantly":
            asked |= {schema.step(before[-1]).status} if before else set()
            asked |= set() if "verification" in names else {"email"}
        leads = frame(schema, GOOD, *({**GOOD, column: value} for column, value in BAD.items()))
        fit = eligible(leads, step)
        unfit = {column for column, ready in zip(BAD, fit[1:], strict=True) if not ready}
        assert (bool(fit[1]), unfit) == (True, asked)


@pytest.mark.parametrize(
    ("address", "usable"),
    [
        ("ana@example.com", True),
        ("ana.maría+x@sub.ejemplo.es", True),
        ("O'Brien@example.co.uk", True),
        ("", False),
        ("ana", False),
        ("@example.com", False),
        ("ana@example", False),
        ("ana@.com", False),
        ("ana@example..com", False),
        ("ana@@example.com", False),
        ("ana@example.com, eva@example.com", False),
        ("ana luz@example.com", False),
        ("ana@example.com ", False),
        ("mailto:<ana@example.com>", False),
        (5, False),
    ],
)
def test_without_verification_an_address_has_to_be_well_formed(address, usable):
    schema = schema_in_use(["instantly"])
    assert eligible(frame(schema, {"email": address}), schema.step("instantly")).tolist() == [usable]


@pytest.mark.parametrize("names", SUBSETS)
def test_only_the_state_columns_of_steps_in_use_are_in_the_master(names):
    schema = schema_in_use(names)
    gone = {
        name
        for step in schema.left_out
        for name in (step.sent, step.sent_at, step.batch, step.status, step.completed_at)
    }
    assert list(schema.names) == [name for name in SCHEMA.names if name not in gone]


@pytest.mark.parametrize("names", SUBSETS)
def test_figures_are_those_of_steps_in_use_and_the_estimates_go_on(names):
    schema = schema_in_use(names)
    listed = metrics(schema)
    assert [metric.id for metric in METRICS if metric.id in {each.id for each in listed}] == [
        each.id for each in listed
    ]
    left_out = set(BUILT_IN) - set(names)
    assert not left_out & {section.id for section in sections(schema)}
    assert ("feed_days" in {each.id for each in listed}) == ("instantly" in names)
    estimates = [metric for metric in listed if metric.section == "estimation"]
    assert [metric.of for metric in estimates[1:]] == [metric.id for metric in estimates[:-1]]
    for metric in estimates[1:]:
        assert metric.meaning.startswith(
            f"({metric.of} - {metric.behind}) * {metric.times} + {metric.behind};"
            if metric.behind
            else f"{metric.of} * {metric.times};"
        )
    assert {metric.behind for metric in estimates if metric.behind} == {
        f"entered_behind_{step}" for step, _ in passing(schema)
    }
    assert [step for step, _ in passing(schema)] == [name for name in names if name != "instantly"]

    leads = with_states(frame(schema, GOOD, BAD, {"instantly_status": "converted", "storage": True}, {}), schema)
    counted = figures(leads, schema, CONTEXT)
    assert list(counted) == [metric.id for metric in listed]
    assert counted["leads_total"].value == 4
    assert set(flags(leads, schema).columns) == set(tallies(schema))
    if "instantly" in names:
        ratios = [counted[ratio].value for _, ratio in passing(schema)]
        assert (counted["feed_days_with_pipeline"].value is None) == (None in ratios)
    for step in schema.steps:
        reopened(leads, step, [1], now=5.0)


def test_the_days_that_a_lead_takes_are_those_until_the_last_step_before_the_contact():
    schema = schema_in_use(["verification", "instantly"])
    took = {"verification_status": "completed", "imported_at": 10.0, "verification_completed_at": 13.0}
    assert lead_days(frame(schema, took), schema) == 3.0
    assert lead_days(frame(schema_in_use(["instantly"]), took), schema_in_use(["instantly"])) is None
