"""What holds for any import: counts add up, twice is once, slices are the whole, blanks overwrite nothing."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from import_samples import COUNTS, EXPORT, LATER, SCHEMA, person, sent, table, verified

from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.imports.merge import MergeSettings, content_hash, merge, slice_rows
from sheets_crm.pipeline.imports.recognise import blocks
from sheets_crm.pipeline.leads import no_leads

HOW = MergeSettings(schema=SCHEMA, now=LATER, target_id="T1", box1_version="v1")
START = sent(sent(sent(verified(8), "company_scrap", 1, 2, 4, 5, 8), "box1", 1, 2, 3), "instantly", 1, 2)

NUMBERS = st.sampled_from(["", "", "1", "2", "3", "4", "5", "8", "99", "x", "2.0"])
TARGETS = st.sampled_from(["", "", "T1", "T2"])
EMAILS = st.sampled_from(["", "lead1@ejemplo.es", "LEAD2@ejemplo.es", "lead3@ejemplo.es", "new@ejemplo.es", "x"])
URLS = st.sampled_from(["", "", *(person(n)["profileUrl"] for n in (1, 2, 3, 60)), person(4)["defaultProfileUrl"]])
FIRMS = st.sampled_from(
    ["", *(f"https://www.linkedin.com/company/{n}" for n in (1000, 1001, 1002, 9)), "ejemplo.es"]
)
TEXTS = st.sampled_from(["", " ", "a", "b", "=1+1", "007"])
TIMES = st.sampled_from(["", "2025-01-01T00:00:00Z", "2025-01-02 00:00:00", "2025-01-03T00:00:00.000Z", "soon"])


def rows_of(**columns):
    row = st.tuples(*columns.values()).map(list)
    return st.lists(row, max_size=8).map(lambda rows: [list(columns), *rows])


@st.composite
def exported(draw):
    """A row of a person's export with some of the keys left out; keys never mix two people."""
    n = draw(st.sampled_from([1, 2, 3, 60, 61, 62]))
    keys = {"profileUrl", "vmid", "linkedInProfileUrl", "defaultProfileUrl", "email", "companyName", "firstName"}
    left_out = draw(st.sets(st.sampled_from(sorted(keys))))
    if {"profileUrl", "vmid", "linkedInProfileUrl"} <= left_out:  # the tool never has the one without the others
        left_out.add("defaultProfileUrl")
    row = person(n, email=f"person{n}@ejemplo.es", title=draw(TEXTS), location=draw(TEXTS), timestamp=draw(TIMES))
    error = {"error": "No result found"} if left_out == keys else {}
    return row | dict.fromkeys(left_out, "") | {"lastName": "" if left_out == keys else row["lastName"]} | error


EXPORTED = [*EXPORT, "email", "error"]
OUTPUTS = {
    "export": st.lists(exported(), max_size=8).map(lambda rows: table(EXPORTED, *rows)),
    "verification": rows_of(
        LeadNumber=NUMBERS, TargetID=TARGETS, personSalesUrl=URLS, email=EMAILS,
        email_validation=st.sampled_from(["", "valid", "risky", "pending", "not_found", "??"]),
        validation_success=st.sampled_from(["", "", "TRUE", "FALSE"]), firstName_cleaned=TEXTS,
    ),
    "company_scrap": rows_of(
        LeadNumber=st.sampled_from(["", "", "", "1", "4", "99"]), query=FIRMS, linkedInCompanyUrl=FIRMS,
        salesNavigatorCompanyUrl=FIRMS, industry=TEXTS, phone=TEXTS, growth6Mth=TEXTS, timestamp=TIMES,
        error=st.sampled_from(["", "", "", "Not found"]),
    ),
    "box1": rows_of(
        LeadNumber=NUMBERS, email=EMAILS, box1_result=st.sampled_from(["HIT", "FIT", "DROP", "nohit", "", "??"]),
        box1_version=st.sampled_from(["v1", "v2"]), subject=TEXTS, body_1=TEXTS, prompt1_output=TEXTS,
    ),
    "instantly": rows_of(
        LeadNumber=NUMBERS, email=EMAILS, lt_interest_status=st.sampled_from(["", "0", "1", "-1", "4", "77"]),
        email_reply_count=st.sampled_from(["", "0", "1"]), timestamp_last_contact=TIMES, timestamp_last_reply=TIMES,
    ),
}  # fmt: skip


def merged(leads, block, next_number, **more):
    return merge(leads, block, HOW, next_number=next_number, **more)


def total(outcome):
    return {name: getattr(outcome, name) for name in COUNTS}


@st.composite
def some_block(draw, step):
    grid = draw(OUTPUTS[step])
    (block,) = blocks(grid, SCHEMA)
    assert block.step == step
    return block


everything = pytest.mark.parametrize("step", OUTPUTS)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
PATIENT = (HealthCheck.too_slow,)  # how fast examples come says something about the machine only
MANY = settings(max_examples=150, deadline=None, phases=PHASES, suppress_health_check=PATIENT)
SOME = settings(max_examples=6, deadline=None, phases=PHASES, suppress_health_check=PATIENT)


@pytest.mark.long
@everything
@SOME
@given(st.data())
def test_the_counts_add_up_and_every_row_is_accounted_for(step, data):
    block = data.draw(some_block(step))
    outcome = merged(START, block, 9)
    assert sum(total(outcome).values()) == len(block.rows)
    assert len(outcome.rejects) == outcome.rejected
    assert set(outcome.rejects["row"]) <= {label + 1 for label in block.rows.index}
    assert outcome.touched == changed(START, outcome.leads)
    assert outcome.next_number == 9 + outcome.new
    assert outcome.leads.index.tolist() == list(range(1, 9 + outcome.new))


def changed(before, after):
    """LeadNumbers that are new or differ in any cell, types included."""
    old = {
        number: list(map(repr, row)) for number, row in zip(before.index, before.to_numpy().tolist(), strict=True)
    }
    new = {
        number: list(map(repr, row)) for number, row in zip(after.index, after.to_numpy().tolist(), strict=True)
    }
    return {number for number in new if old.get(number) != new[number]}


@pytest.mark.long
@everything
@SOME
@given(st.data())
def test_twice_is_once(step, data):
    check_twice(step, data)


@pytest.mark.long
@everything
@MANY
@given(st.data())
def test_twice_is_once_at_length(step, data):
    check_twice(step, data)


def check_twice(step, data):
    block = data.draw(some_block(step))
    once = merged(START, block, 9)
    # A scraper writes its timestamp into every row or into none.
    assume(step != "company_scrap" or len({text in {"", "soon"} for text in block.rows[7]}) < 2)
    # An e-mail that was found in this very import may be the key of another of its rows the next time.
    assume(step != "verification" or keyed(block) or once.leads["email"].equals(START["email"]))
    again = merge(
        once.leads,
        block,
        MergeSettings(schema=SCHEMA, now=LATER + 7, target_id="T1"),
        next_number=once.next_number,
    )
    assert again.leads.equals(once.leads)
    assert (again.new, again.updated, again.touched, len(again.box1_earlier)) == (0, 0, frozenset(), 0)
    assert again.rejects.equals(once.rejects)


@everything
@SOME
@given(st.data())
def test_the_input_is_left_alone(step, data):
    block = data.draw(some_block(step))
    before = START.copy(deep=True)
    merged(START, block, 9)
    assert before.equals(START)


def keyed(block):
    """No row has its e-mail for its only key."""
    return bool(((block.rows[0].str.strip() != "") | (block.rows[2].str.strip() != "")).all())


def in_slices(block, cuts, *, extend):
    leads, number, index = START, 9, LeadIndex.of(START)
    outcomes = []
    edges = sorted({0, *cuts, len(block.rows)})
    for start, stop in pairwise(edges):
        outcome = merged(leads, slice_rows(block, start, stop), number, index=index if extend else None)
        leads, number = outcome.leads, outcome.next_number
        index = index.with_leads(leads.loc[sorted(outcome.touched)])
        outcomes.append(outcome)
    return leads, outcomes


def twice_written(block):
    """Some lead is changed by two rows."""
    _, outcomes = in_slices(block, range(len(block.rows)), extend=True)
    touched = [number for outcome in outcomes for number in outcome.touched]
    return len(touched) != len(set(touched))


@pytest.mark.long
@everything
@SOME
@given(st.data(), st.booleans())
def test_slices_are_the_whole(step, data, extend):
    check_slices(step, data, extend)


@pytest.mark.long
@everything
@MANY
@given(st.data(), st.booleans())
def test_slices_are_the_whole_at_length(step, data, extend):
    check_slices(step, data, extend)


def check_slices(step, data, extend):
    block = data.draw(some_block(step))
    cuts = data.draw(st.sets(st.integers(0, len(block.rows)), max_size=4))
    whole = merged(START, block, 9)
    leads, outcomes = in_slices(block, cuts, extend=extend)
    assert leads.drop(columns="updated_at").equals(whole.leads.drop(columns="updated_at"))
    sums = {name: sum(getattr(outcome, name) for outcome in outcomes) for name in (*COUNTS, "not_sent", "pending")}
    assert sums["updated"] + sums["unchanged"] == whole.updated + whole.unchanged
    assert {**sums, "updated": 0, "unchanged": 0} == {name: getattr(whole, name) for name in sums} | {
        "updated": 0,
        "unchanged": 0,
    }
    # Where one row sets back what another of the same import wrote, the whole and its slices may differ in what they
    # call a change: both compare a lead with what it was before them.
    if not twice_written(block):
        assert sums["updated"] == whole.updated
        assert leads.equals(whole.leads)
    rejects = [row for outcome in outcomes for row in outcome.rejects.astype(str).to_numpy().tolist()]
    assert rejects == whole.rejects.astype(str).to_numpy().tolist()


@pytest.mark.long
@everything
@SOME
@given(st.data())
def test_a_blank_never_overwrites(step, data):
    block = data.draw(some_block(step))
    outcome = merged(START, block, 9)
    # A Box 1 result of another version replaces the earlier one whole; what it was is handed out.
    replaced = set(outcome.box1_earlier["LeadNumber"])
    for number in set(START.index) - replaced:
        before, after = START.loc[number], outcome.leads.loc[number]
        assert not [name for name in START.columns if before[name] != "" and after[name] == ""]


@pytest.mark.long
@SOME
@given(st.lists(st.integers(1, 6), max_size=20), st.lists(st.integers(1, 9), max_size=20))
def test_an_export_adds_each_person_once_whatever_the_order(first, second):
    header = list(person(1))
    leads, number = no_leads(SCHEMA), 1
    for numbers in (first, second):
        (block,) = blocks([header, *(list(person(n).values()) for n in numbers)], SCHEMA)
        outcome = merged(leads, block, number)
        leads, number = outcome.leads, outcome.next_number
    assert len(leads) == len({*first, *second}) == number - 1
    assert leads["personSalesUrl"].is_unique


@everything
@SOME
@given(st.data())
def test_the_content_hash_does_not_say_where_a_block_stood(step, data):
    grid = data.draw(OUTPUTS[step])
    (block,) = blocks(grid, SCHEMA)
    (moved,) = blocks([[], ["   "], *grid], SCHEMA)
    assert content_hash(block) == content_hash(moved)
    if len(block.rows):
        assert content_hash(slice_rows(block, 1, len(block.rows))) != content_hash(block)
