"""A step's states are declared as values: who may hold one, and what it counts as."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_crm.pipeline.leads import eligible, with_states
from sheets_crm.pipeline.metrics import MetricContext, Runway, figures
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.states import STATES, Holder, State
from sheets_crm.pipeline.steps import STEPS

FAILED = State("failed", "failed", Holder.SENT)
PAUSED = State("paused", "paused", Holder.SENT, on_its_way=True)
HELD_BACK = State("held back", "held back", Holder.FIT)
MORE = Schema(STEPS, states=(*STATES, FAILED, PAUSED, HELD_BACK))
FIT, SENT = {"validation_success": True}, {"company_scrap_sent": True}


def frame(*rows):
    index = pd.Index(range(1, len(rows) + 1), dtype="int64", name="LeadNumber")
    names = [name for name in MORE.names if name != "LeadNumber"]
    cells = {name: np.array([row.get(name, "") for row in rows] + [None], dtype=object)[:-1] for name in names}
    return pd.DataFrame(cells, index=index)


@pytest.mark.parametrize(
    ("lead", "cell", "becomes"),
    [
        (SENT, "failed", "failed"),
        (SENT | FIT, "paused", "paused"),
        (SENT, "completed", "completed"),
        (SENT, "held back", "processing"),
        (SENT, "ready", "processing"),
        (SENT, "lost", "processing"),
        (SENT, "", "processing"),
        (FIT, "held back", "held back"),
        (FIT, "failed", "ready"),
        (FIT, "completed", "ready"),
        (FIT, 7.0, "ready"),
        ({}, "held back", ""),
        ({}, "failed", ""),
        ({}, "ready", ""),
    ],
)
def test_a_lead_keeps_a_state_that_it_may_hold_and_falls_back_from_any_other(lead, cell, becomes):
    leads = frame(lead | {"company_scrap_status": cell})
    after = with_states(leads, MORE)
    assert after["company_scrap_status"].tolist() == [becomes]
    assert leads["company_scrap_status"].tolist() == [cell]


def test_a_state_that_nobody_declared_is_none():
    leads = frame(SENT | {"company_scrap_status": "failed"})
    assert with_states(leads, Schema(STEPS))["company_scrap_status"].tolist() == ["processing"]


LEADS = st.lists(
    st.fixed_dictionaries(
        {
            "validation_success": st.sampled_from([True, False, ""]),
            **{step.sent: st.sampled_from([True, False, "", "TRUE"]) for step in MORE.steps},
            **{step.status: st.sampled_from([*(s.cell for s in MORE.states), "lost", 1.0]) for step in MORE.steps},
        }
    ),
    max_size=12,
)


@pytest.mark.long
@settings(max_examples=15, deadline=None)
@given(rows=LEADS)
def test_every_lead_holds_one_state_that_it_may_hold_and_it_stays_so(rows):
    leads = with_states(frame(*rows), MORE)
    for step in MORE.steps:
        fit = eligible(leads, step)
        for number, row in enumerate(rows, start=1):
            holder = Holder.SENT if row[step.sent] is True else Holder.FIT if fit[number] else Holder.UNFIT
            allowed = {state.cell for state in MORE.states if state.holder is holder}
            assert leads.loc[number, step.status] in allowed
            assert leads.loc[number, step.status] == row[step.status] or row[step.status] not in allowed
            assert type(leads.loc[number, step.status]) is str
    assert with_states(leads, MORE) is leads


@pytest.mark.long
@settings(max_examples=50, deadline=None)
@given(rows=LEADS)
def test_every_lead_holds_one_state_that_it_may_hold_and_it_stays_so_at_length(rows):
    test_every_lead_holds_one_state_that_it_may_hold_and_it_stays_so.hypothesis.inner_test(rows)


def context(schema, ready=0):
    return MetricContext(46000.0, Runway((1.0,) * 7, 5.0), None, 0, {step.name: ready for step in schema.steps})


def test_the_worker_counts_an_added_state():
    leads = frame(*[{step.status: "failed" for step in MORE.steps}] * 2)
    assert figures(leads, MORE, context(MORE))["conservation_ok"].value is True
    assert figures(leads, Schema(STEPS), context(Schema(STEPS)))["conservation_ok"].value is False


def test_only_states_of_leads_on_their_way_lengthen_the_feeding():
    came = {"box1_sent": True, "box1_status": "completed", "box1_result": "HIT"}

    def days(status):
        leads = frame(came, {"box1_sent": True, "box1_status": status})
        return figures(leads, MORE, context(MORE))["feed_days_with_pipeline"].value

    assert {name: days(name) for name in ("processing", "paused", "failed", "held back")} == {
        "processing": 1.0,
        "paused": 1.0,
        "failed": 0.0,
        "held back": 0.0,
    }


def test_the_declared_states_are_the_specifications():
    assert [(state.cell, state.suffix) for state in STATES] == [
        ("", "not_eligible"),
        ("ready", "ready"),
        ("processing", "processing"),
        ("completed", "completed"),
    ]
    assert [state.cell for state in MORE.states if state.outstanding] == ["processing", "paused"]
    assert [state.cell for state in MORE.states if state.returned] == ["completed", "failed"]
