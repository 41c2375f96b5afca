"""The sample goes through every step of the domain, and what it becomes can be counted beforehand."""

import pytest

from sheets_crm.pipeline.imports.merge import MergeSettings, merge
from sheets_crm.pipeline.imports.recognise import blocks
from sheets_crm.pipeline.leads import mark_sent, no_leads, ready, with_states
from sheets_crm.pipeline.metrics import MetricContext, Runway, figures
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.sample import (
    box1_output,
    company_output,
    export_rows,
    instantly_output,
    verification_output,
)

SCHEMA = Schema(STEPS)
NOW = 46335.5
SETTINGS = MergeSettings(schema=SCHEMA, now=NOW)


def merged(leads, table, step, next_number=1):
    header, rows = table
    (block,) = blocks([header, *rows], SCHEMA)
    assert (block.step, block.problem) == (step, None)
    outcome = merge(leads, block, SETTINGS, next_number=next_number)
    counts = outcome.new, outcome.updated, outcome.unchanged, outcome.duplicate, outcome.rejected
    assert sum(counts) == len(rows)
    return outcome


def sent(leads, name):
    """Everybody who is ready is sent; the batch tab shows them in the owner's columns."""
    step = SCHEMA.step(name)
    leads = with_states(leads, SCHEMA)
    numbers = ready(leads, step)
    leads = mark_sent(leads, step, numbers, batch="X-0001", now=NOW, box1_version="v1")
    full = leads.loc[numbers].assign(LeadNumber=[str(number) for number in numbers])
    rows = [
        [str(cell) for cell in row] for row in full[[column for _, column in step.columns]].to_numpy().tolist()
    ]
    return leads, [header for header, _ in step.columns], rows


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2, 3))])
def test_five_hundred_people_reach_conversion(seed):
    outcome = merged(no_leads(SCHEMA), export_rows(500), "export")
    assert (outcome.new, outcome.duplicate, outcome.rejected) == (500, 12, 5)
    leads, header, rows = sent(outcome.leads, "verification")
    assert len(rows) == 500
    outcome = merged(leads, verification_output(header, rows, seed), "verification")
    assert (outcome.rejected, len(outcome.touched)) == (0, 500)
    leads, header, rows = sent(outcome.leads, "company_scrap")
    outcome = merged(
        leads, company_output(header, rows, seed, language="fr" if seed == 3 else "en"), "company_scrap"
    )
    assert outcome.rejected == 0
    with_page = sum(1 for row in rows if row[header.index("companySalesUrl_fromP")])
    assert len(outcome.touched) == with_page
    leads, header, rows = sent(outcome.leads, "box1")
    assert len(rows) == with_page
    outcome = merged(leads, box1_output(header, rows, seed), "box1")
    assert (outcome.rejected, len(outcome.touched)) == (0, with_page)
    leads, header, rows = sent(outcome.leads, "instantly")
    assert rows
    outcome = merged(leads, instantly_output(header, rows, seed), "instantly")
    assert (outcome.rejected, outcome.not_sent) == (0, 0)
    assert len(outcome.touched) == len(rows)
    leads = with_states(outcome.leads, SCHEMA)
    kept = {step.name: len(ready(leads, step)) for step in SCHEMA.steps}
    context = MetricContext(NOW, Runway((10.0,) * 5 + (0.0, 0.0), 5.0), NOW, 1_000_000, kept)
    got = figures(leads, SCHEMA, context)
    assert got["leads_total"].value == 500
    assert got["conservation_ok"].value is True
    assert got["instantly_sent"].value == len(rows)
    assert all(got[name].value is not None for name in got)
    assert 0 < got["estimate_converted"].value < got["estimate_positive"].value < got["estimate_hit"].value < 500
