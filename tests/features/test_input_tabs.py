"""What stands where in an input tab: the lead's names beside the tick, in new workbooks and in those in use."""

import pytest

from sheets_crm.features.inputs import tables, who_it_is
from sheets_crm.pipeline.steps import SCHEMA, STEPS
from sheets_crm.workbook.migrations import as_it_stands, as_made, made_with

SPECS = {spec.key.removeprefix("input."): spec for spec in tables(SCHEMA, {})}
WHO = {
    "verification": ("LeadNumber", "firstName", "lastName", "companyName_fromP"),
    "company_scrap": ("LeadNumber", "firstName", "lastName", "companyName_fromP"),
    "box1": ("LeadNumber", "firstName", "lastName", "companyName_fromP"),
    "instantly": ("LeadNumber", "firstName_cleaned", "lastName_cleaned", "Email"),
}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_person_and_company_stand_frozen_beside_the_tick_and_notes_follow(step):
    spec = SPECS[step.name]
    who = WHO[step.name]
    assert who_it_is(step) == who
    assert spec.headers[: spec.frozen_columns + 1] == ("send", *who, "notes")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_the_others_keep_the_owners_order(step):
    spec = SPECS[step.name]
    exact = [header for header, _ in step.columns]
    assert spec.headers[len(WHO[step.name]) + 2 :] == tuple(name for name in exact if name not in WHO[step.name])


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_workbook_in_use_keeps_the_order_that_it_has(step):
    spec = SPECS[step.name]
    before = ("send", *(header for header, _ in step.columns), "notes")
    assert as_made(spec, 1).headers == before
    assert as_it_stands(spec, before, made_with()).headers == before
    assert as_it_stands(spec, spec.headers, 1).headers == spec.headers
    assert as_it_stands(spec, (*before[:3], "", *before[4:]), 1).headers == before
