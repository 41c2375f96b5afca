"""Leads that enter behind verification: what is asked of them, and what not."""

import pandas as pd
import pytest

from sheets_crm.pipeline.imports.entry import entries, entry
from sheets_crm.pipeline.leads import no_leads, with_states
from sheets_crm.pipeline.steps import SCHEMA, schema_in_use

STEPS = ("verification", "company_scrap", "box1", "instantly")


def states(schema=SCHEMA, **cells):
    """The states of one lead, step by step."""
    blank = dict.fromkeys(no_leads(schema).columns, "")
    lead = {**blank, "firstName": "Ana", "email": "ana@one.example", **cells}
    leads = with_states(pd.DataFrame([lead], index=[1], dtype=object), schema)
    return {step.name: leads[step.status].loc[1] for step in schema.steps}


def done(step, **cells):
    return {f"{step}_sent": True, SCHEMA.step(step).status: "completed", **cells}


@pytest.mark.parametrize("step", STEPS)
def test_a_lead_is_ready_at_the_step_at_which_it_enters_and_at_no_other(step):
    expected = dict.fromkeys(STEPS, "") | {step: "ready"}
    assert states(enters=entry(step, SCHEMA)) == expected


def test_the_first_step_is_where_leads_enter_anyway_and_sending_is_the_step_that_contacts():
    assert (entry("verification", SCHEMA), entry("sending", SCHEMA), entry("box1", SCHEMA)) == (
        "",
        "instantly",
        "box1",
    )
    assert entry("box1", schema_in_use(["box1", "instantly"])) == ""
    assert set(entries(SCHEMA).values()) == {*STEPS, "sending"}


@pytest.mark.parametrize("enters", ["company_scrap", "box1"])
def test_behind_its_entry_a_lead_goes_on_as_without_verification(enters):
    scraped = done("company_scrap", enters="company_scrap")
    assert states(**scraped)["box1"] == "ready"
    hit = {**done("box1", box1_result="HIT"), "enters": enters}
    assert states(**hit)["instantly"] == "ready"
    assert states(**{**hit, "email": "nobody"})["instantly"] == ""
    assert states(**{**hit, "box1_result": "DROP"})["instantly"] == ""


def test_of_a_lead_that_entered_at_the_first_step_verification_is_still_asked():
    assert states(**done("company_scrap"))["box1"] == ""
    assert states(**done("box1", box1_result="HIT"))["instantly"] == ""


def test_whoever_enters_at_sending_needs_a_well_formed_address():
    assert states(enters="instantly", email="ana@one")["instantly"] == ""
