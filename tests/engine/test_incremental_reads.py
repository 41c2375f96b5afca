"""Runs that read only what operators may have changed end as runs that read everything."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheets_crm import sample
from sheets_crm.engine import layout_cache, load
from sheets_crm.engine.session import RunRequest
from sheets_crm.errors import CrmError
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.workbook.control import MOST_PARTS
from sheets_crm.workbook.roles import batch_key, batch_tabs
from sheets_crm.workbook.tabs import REJECTED

SCHEMA = Schema(STEPS)
EXTRA = sample.export_rows(60)


class Counting:
    """A gateway that notes whether everything was read."""

    def __init__(self, gateway):
        self._gateway = gateway
        self.whole = 0

    def __getattr__(self, name):
        if name == "info":
            self.whole += 1
        return getattr(self._gateway, name)


@contextmanager
def watched(desk):
    """Tell how often a worker asked for the tabs anew, which only a full read does."""
    gateways = []

    def wrap(gateway):
        gateways.append(Counting(gateway))
        return gateways[-1]

    desk.app = desk.worker(wrap=wrap)
    yield gateways[0]


def counted(made):
    reads = sum(count for name, count in made.items() if name.startswith("GET "))
    return reads, sum(made.values()) - reads


def read_everything(desk):
    """Delete the cached layout, so that the next run reads everything; the leads stay cached."""
    layout_cache.forget(desk.settings.state_dir, desk.sheet_id)


def without(snapshot, key):
    """As if the cells of a tab had not been read."""
    return replace(snapshot, cells={name: cells for name, cells in snapshot.cells.items() if name != key})


LATER = ("notes", "updated_at")
"""A note reaches the Master when its lead moves, or when everything is read: until then a light run leaves it."""


def the_end(desk, *but):
    """What the workbook holds, what tells of runs and their moments apart; of the Master, columns left out by name."""
    found = desk.everything("Log", "System", "Control", "Dashboard", "Lead Profile")
    header, *rows = found["Master"]
    kept = [n for n, name in enumerate(header) if name not in but]
    found["Master"] = [[row[n] if n < len(row) else "" for n in kept] for row in (header, *rows)]
    counted = ("next_lead_number", "next_drop", "tabs_known", "cells_used")
    found["System"] = [row[:2] for row in desk.cells("System") if row and str(row[0]).startswith(counted)]
    found["problems"] = desk.problems()
    return found


# -- what operators do, each on whichever workbook it is given


def tick(desk, step, places):
    rows = len(desk.rows(step))
    for place in {place % rows for place in places} if rows else ():
        desk.put(step, f"A{place + 2}", [[True]])


def write_note(desk, step, place, text):
    rows = desk.rows(step)
    if rows:
        column = chr(65 + desk.cells(step)[0].index("notes"))
        desk.put(step, f"{column}{place % len(rows) + 2}", [[text]])


def take(desk, step, count, title=""):
    desk.set_control(f"only.{step}", "C", title)
    desk.set_control(f"step.{step}", "D", count)
    desk.set_control(f"step.{step}", "E", True)


def answer(desk, seed):
    header, rows = desk.batch("Verification")
    if rows and any(rows[0]):
        desk.paste(*sample.verification_output(header, rows, seed=seed))


def export_again(desk, first):
    header, rows = EXTRA
    desk.paste(header, list(rows)[first : first + 5])


def undo(desk, place):
    batches = desk.rows("Batches")
    if batches:
        column = chr(65 + desk.cells("Batches")[0].index("undo"))
        desk.put("Batches", f"{column}{place % len(batches) + 2}", [[True]])


def sort(desk, step):
    tab = desk.tab_id(step)
    spec = [{"dimensionIndex": 3, "sortOrder": "DESCENDING"}]
    area = {"sheetId": tab, "startRowIndex": 1}
    desk.structure({"sortRange": {"range": area, "sortSpecs": spec}})


STEPS = st.sampled_from(["Verification Input", "CompScrap Input"])
PLACES = st.integers(0, 50)
ACTS = st.one_of(
    st.tuples(st.just(tick), STEPS, st.lists(PLACES, min_size=1, max_size=6)),
    st.tuples(st.just(write_note), STEPS, PLACES, st.sampled_from(["call", "llamar mañana", "=1+1", "007"])),
    st.tuples(
        st.just(take),
        st.sampled_from(["verification", "company_scrap"]),
        st.one_of(st.integers(1, 9), st.just("todo")),
        st.sampled_from(["", "", "director", "ceo; manager"]),
    ),
    st.tuples(st.just(answer), st.integers(0, 3)),
    st.tuples(st.just(export_again), st.sampled_from([0, 30, 45])),
    st.tuples(st.just(undo), PLACES),
    st.tuples(st.just(sort), STEPS),
)


@pytest.mark.long
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(rounds=st.lists(st.lists(ACTS, min_size=1, max_size=3), min_size=2, max_size=3))
def test_a_light_run_ends_as_a_full_one(stages, rounds):
    light, full = stages.desk("sent"), stages.desk("sent")
    try:
        for acts in rounds:
            for desk in (light, full):
                desk.now += 60
                for act, *arguments in acts:
                    act(desk, *arguments)
            read_everything(full)
            for desk in (light, full):
                desk.sync()
            assert the_end(light, *LATER) == the_end(full, *LATER)
        for desk in (light, full):
            desk.sync(force=True)
        assert the_end(light, "updated_at") == the_end(full, "updated_at")
    finally:
        light.close()
        full.close()


# -- what a run costs


@pytest.mark.long
def test_k_ticks_cost_two_reads_and_one_write_whatever_their_number(open_desk):
    desk = open_desk("imported")
    desk.sync()
    for ticks in (1, 7):
        desk.tick("Verification Input", ticks)
        with watched(desk) as gateway:
            assert counted(desk.spent(desk.sync)) == (2, 1)
        assert gateway.whole == 0


@pytest.mark.long
@pytest.mark.parametrize("count", ["todo", 2])
def test_who_meets_the_criteria_is_taken_with_their_notes_in_two_reads_and_a_write(open_desk, count):
    desk = open_desk("imported")
    desk.sync()
    leads = desk.leads()
    titles = [leads[row["LeadNumber"]]["personTitle"] for row in desk.rows("Verification Input")]
    last = max(n for n, title in enumerate(titles) if title)
    wanted = [n for n, title in enumerate(titles) if titles[last].casefold() in title.casefold()]
    write_note(desk, "Verification Input", last, "call first")
    number = desk.rows("Verification Input")[last]["LeadNumber"]
    take(desk, "verification", count if count == "todo" else len(wanted), titles[last].upper())
    with watched(desk) as gateway:
        assert counted(desk.spent(desk.sync)) == (2, 1)
    assert gateway.whole == 0
    assert desk.leads()[number]["notes"] == "call first"
    batch = {int(row[0]) for row in desk.batch("Verification")[1]}
    assert number in batch
    assert len(batch) == len(wanted) < len(titles)
    assert desk.control("step.verification")[1][3:5] == ["", False]
    assert desk.control("only.verification")[1][2] == titles[last].upper()
    desk.sync(force=True)
    assert len(desk.batch("Verification")[1]) == len(wanted), "nothing is sent twice"


@pytest.mark.long
def test_a_drop_costs_its_claim_and_the_reading_of_what_was_claimed_besides(open_desk):
    desk = open_desk("sent")
    desk.sync()
    header, rows = sample.verification_output(*desk.batch("Verification"), seed=3)
    desk.put("Inbox", "A1", [header, *rows], raw=True)  # nothing for Sheets to convert

    with watched(desk) as gateway:
        assert counted(desk.spent(desk.sync)) == (3, 2)
    assert gateway.whole == 0


@pytest.mark.long
def test_without_what_it_keeps_a_run_reads_everything_once_and_nothing_else(open_desk):
    desk = open_desk("imported")
    (desk.directory / "state" / "cache.db").unlink()
    desk.app = desk.worker()
    desk.tick("Verification Input", 2)
    desk.spent(desk.sync)
    assert len(desk.rows("Verification Batch")) == 2

    desk.tick("Verification Input", 2)
    with watched(desk) as gateway:
        assert counted(desk.spent(desk.sync)) == (2, 1)
    assert gateway.whole == 0


@pytest.mark.long
def test_after_a_forced_run_that_changed_nothing_the_next_is_light(open_desk):
    desk = open_desk("imported")
    desk.sync(force=True)
    desk.tick("Verification Input", 2)

    assert counted(desk.spent(desk.sync)) == (2, 1)


# -- what makes a run read everything


def rename(desk):
    body = {"properties": {"sheetId": desk.tab_id("Verification Input"), "title": "A verificar"}}
    desk.structure({"updateSheetProperties": {**body, "fields": "title"}})


def edit_header(desk):
    desk.put("Verification Input", "S1", [["my own"]], who="owner")


def other_worker_sends(desk):
    desk.tick("Verification Input", 1)
    other = desk.worker("other")
    other.sync(plan=False, now=True, force=False)


@pytest.mark.long
@pytest.mark.parametrize(
    "moved",
    [
        lambda desk: sort(desk, "Master"),
        pytest.param(lambda desk: sort(desk, "Verification Input"), marks=pytest.mark.long),
        rename,
        other_worker_sends,
        pytest.param(
            lambda desk: desk.structure({"addSheet": {"properties": {"title": "mine"}}}), marks=pytest.mark.long
        ),
    ],
    ids=["Master sorted", "input tab sorted", "tab renamed", "another worker wrote", "tab added"],
)
def test_what_moved_makes_a_run_read_everything_and_loses_nothing(open_desk, moved):
    desk = open_desk("imported")
    desk.sync()
    moved(desk)
    title = "A verificar" if moved is rename else "Verification Input"
    chosen = [row["LeadNumber"] for row in desk.rows(title)][4:7]
    desk.put(title, "A6", [[True]] * 3)

    with watched(desk) as gateway:
        made = desk.spent(desk.sync)

    assert gateway.whole >= 1
    assert counted(made)[1] == 1, "found before anything was written, not put right afterwards"
    assert sorted(row["LeadNumber"] for row in desk.rows("Verification Batch")) == sorted(chosen)
    assert not set(chosen) & {row["LeadNumber"] for row in desk.rows(title)}
    assert desk.app.context.run(RunRequest(whole=True)).plans == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("tab", "place", "header"),
    [("Verification Input", "C1", "firstName"), ("Batches", "C1", "size"), ("Log", "D1", "what")],
)
def test_an_edited_header_is_found_by_a_run_that_would_read_little(open_desk, tab, place, header):
    desk = open_desk("imported")
    desk.sync()
    desk.tick("Verification Input", 2)
    desk.put(tab, place, [["what is this"]], who="owner")

    with watched(desk) as gateway, pytest.raises(CrmError, match=rf"header row was changed .*{tab}!.*: {header}"):
        desk.sync()

    assert gateway.whole >= 1
    assert not desk.rows("Verification Batch")
    assert [row["send"] for row in desk.rows("Verification Input")[:3]] == [True, True, False]


@pytest.mark.long
def test_rows_are_never_merged_into_a_rejected_that_was_not_read(open_desk, monkeypatch):
    """What could not be merged is appended below what stands there: where that ends has to be known."""
    desk = open_desk("sent")
    desk.sync()
    before = [row for row in desk.cells("Rejected") if any(row)]
    read = load.incremental_read

    def without_rejected(*arguments, **options):
        return without(read(*arguments, **options), REJECTED)

    monkeypatch.setattr(load, "incremental_read", without_rejected)
    desk.paste(["LeadNumber", "email", "email_status"], [["99999", "a@acme.example", "valid"]])
    with watched(desk) as gateway:
        desk.sync()

    assert gateway.whole >= 1
    after = [row for row in desk.cells("Rejected") if any(row)]
    assert [row[: len(old)] for row, old in zip(after, before, strict=False)] == before
    assert "99999" in after[-1]


@pytest.mark.long
def test_a_note_of_a_lead_that_leaves_by_a_drop_is_kept(open_desk):
    desk = open_desk("verified")
    desk.sync()
    lead = desk.rows("CompScrap Input")[1]["LeadNumber"]
    write_note(desk, "CompScrap Input", 1, "call on Monday")
    url = desk.leads()[lead]["personSalesUrl"]
    desk.paste(["personSalesUrl", "email", "email status"], [[url, "other@example.com", "invalid"]])

    with watched(desk) as gateway:
        report = desk.sync()

    assert lead not in {row["LeadNumber"] for row in desk.rows("CompScrap Input")}, report
    assert gateway.whole >= 1, "its note was not among what a light run reads"
    assert desk.leads()[lead]["notes"] == "call on Monday"


@pytest.mark.parametrize("stand", [0, 1, MOST_PARTS, 30])
def test_every_batch_tab_that_stands_is_known(stand):
    """Settings of an earlier version could ask for more tabs than Control does today."""
    step, other = SCHEMA.steps[:2]
    tabs = dict.fromkeys(batch_key(step, part) for part in range(1, stand + 1)) | {batch_key(other): None}
    assert batch_tabs(step, tabs) == stand
