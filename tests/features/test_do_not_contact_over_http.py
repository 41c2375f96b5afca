"""Do not contact over HTTP: what operators type, paste, copy, delete, sort and lift, and the leads that it blocks."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from workbench import Desk

from sheets_crm.config import Settings
from sheets_crm.engine.run import run_once
from sheets_crm.engine.session import RunRequest
from sheets_crm.engine.working_state import Budget
from sheets_crm.features.do_not_contact_rows import SPEC
from sheets_crm.workbook.cells import column_letters
from sheets_crm.workbook.control import SEND_NOW, TAKE
from sheets_crm.workbook.two_way.columns import header_ids

pytestmark = pytest.mark.long

TITLE = "No contactar"
ON = {"modules": ["instantly"]}


def switched_on(desk: Desk) -> None:
    """Switch the module on in a workbook in use."""
    desk.settings = Settings(**{**desk.settings.model_dump(), **ON})
    desk.app = desk.worker()
    desk.init()
    desk.sync()


@pytest.fixture
def listed(open_desk):
    """A workbook of the test's own with Do not contact, and leads that are ready for Instantly."""
    return open_desk("boxed", then=switched_on, **ON)


def rows(desk):
    """The filled rows of the tab by header ids."""
    header, *body = desk.cells(TITLE)
    ids = header_ids(SPEC, header)
    return [dict(zip(ids, row, strict=True)) for row in body if any(cell not in {"", False} for cell in row)]


def ready(desk):
    """LeadNumber and address of the rows of the input tab."""
    return {row["LeadNumber"]: row["Email"] for row in desk.rows("Instantly Input")}


def mirrored(desk):
    """Entry, normal form, and whether it is lifted, of the rows in the store."""
    with closing(sqlite3.connect(desk.app.store.file)) as file:
        found = file.execute("SELECT row_key, entry, normal_form, lifted_at IS NOT NULL FROM suppressions")
        return {key: tuple(rest) for key, *rest in found}


def as_mirrored(desk):
    """The same of the rows of the tab."""
    return {
        row["_key"]: (row["entry"] or None, row["_entry"] or None, row["_lifted_at"] != "") for row in rows(desk)
    }


def state(desk, lead):
    return desk.leads()[lead]["instantly_step_status"]


def by_key(desk):
    return {row["_key"]: row for row in rows(desk)}


def first_ready(desk, count=1):
    """The first leads of the input tab: LeadNumber and address of each."""
    return list(ready(desk).items())[:count]


def typed(desk, *entries, row=2):
    """Type entries below each other, and let the worker act."""
    desk.put(TITLE, f"C{row}", [[entry] for entry in entries])
    desk.sync()


def deleted_row(desk, row):
    """Delete a row of the tab, counted from 1."""
    place = {"sheetId": desk.tab_id(TITLE), "dimension": "ROWS", "startIndex": row - 1, "endIndex": row}
    desk.structure({"deleteDimension": {"range": place}}, who="operator")


def test_a_typed_address_blocks_its_lead_and_a_lift_with_a_reason_lets_it_go(listed):
    before = ready(listed)
    ((lead, address),) = first_ready(listed)
    typed(listed, f"Ana <{address.upper()}>")
    (row,) = rows(listed)
    assert (row["reason"], row["source"], row["problem"]) == ("manual", "operador", "")
    assert row["since"] == pytest.approx(listed.leads()[lead]["updated_at"], abs=30)
    assert state(listed, lead) == "blocked"
    assert ready(listed).keys() == before.keys() - {lead}
    assert listed.sync()["idle"]

    listed.put(TITLE, "E2", [[True]])
    listed.sync()
    assert state(listed, lead) == "blocked"
    assert "motivo" in rows(listed)[0]["problem"]
    assert any(TITLE in text for text in listed.problems())
    listed.put(TITLE, "F2", [["se equivocó"]])
    listed.sync()
    assert (state(listed, lead), rows(listed)[0]["problem"]) == ("ready", "")
    assert ready(listed).keys() == before.keys()
    listed.put(TITLE, "E2", [[False]])
    listed.sync()
    assert state(listed, lead) == "blocked"
    assert mirrored(listed) == as_mirrored(listed)


def test_a_tick_for_a_lead_that_is_put_on_the_list_in_the_same_run_is_refused_with_the_reason(listed):
    (blocked, address), (sent, _) = first_ready(listed, 2)
    listed.put(TITLE, "C2", [[address]])
    listed.tick("Instantly Input", 2)
    listed.sync()
    assert state(listed, blocked) == "blocked"
    assert state(listed, sent) == "processing"
    assert [text for text in listed.problems() if f"lead {blocked} " in text and "No contactar" in text]


def test_send_n_now_takes_nobody_who_is_put_on_the_list_in_the_same_run(listed):
    (blocked, address), *others = first_ready(listed, 3)
    listed.put(TITLE, "C2", [[address]])
    listed.set_control("step.instantly", column_letters(TAKE), 2)
    listed.set_control("step.instantly", column_letters(SEND_NOW), True)
    listed.sync()
    states = [state(listed, lead) for lead in (blocked, *(lead for lead, _ in others))]
    assert states == ["blocked", "processing", "processing"]


def test_domains_phones_and_lead_numbers_block_too(listed):
    (one, address), (two, _), (three, _) = first_ready(listed, 3)
    header = listed.stored("Master")[0]
    row = [line[0] for line in listed.stored("Master")].index(two) + 1
    place = header.index("person_phone")
    listed.put("Master", f"{column_letters(place)}{row}", [["+34600111222"]], raw=True, who="owner")
    listed.sync(force=True)
    typed(listed, address.split("@")[1], "600 111 222", three, "nobody knows")
    assert [state(listed, lead) for lead in (one, two, three)] == ["blocked"] * 3
    forms = [row["_entry"] for row in rows(listed)]
    assert forms == ["@" + address.split("@")[1], "+34600111222", str(three), ""]
    assert "LeadNumber" in rows(listed)[3]["problem"]


def test_three_hundred_pasted_entries_count_at_once_and_none_twice(listed):
    leads = dict(first_ready(listed, 3))
    entries = [*leads.values(), *(f"nadie.{n}@otra-empresa.example" for n in range(297))]
    more = {"sheetId": listed.tab_id(TITLE), "dimension": "ROWS", "length": 260}
    listed.structure({"appendDimension": more}, who="operator")  # as the browser does before a long paste
    typed(listed, *entries)
    assert len(rows(listed)) == 300
    assert {state(listed, lead) for lead in leads} == {"blocked"}
    typed(listed, entries[5].upper(), row=302)
    assert "X-0006" in by_key(listed)["X-0301"]["problem"]
    assert listed.sync()["idle"]
    assert mirrored(listed) == as_mirrored(listed)


def test_a_copy_has_a_problem_that_goes_when_the_original_is_lifted(listed):
    ((lead, address),) = first_ready(listed)
    typed(listed, address)
    copied = listed.stored(TITLE)[1]
    listed.put(TITLE, "A3", [copied])
    listed.sync()
    first, second = rows(listed)
    assert (first["problem"], second["_key"]) == ("", "X-0002")
    assert "X-0001" in second["problem"]
    listed.put(TITLE, "E2:F2", [[True, "ya no"]])
    listed.sync()
    assert [row["problem"] for row in rows(listed)] == ["", ""]
    assert state(listed, lead) == "blocked"


def test_a_deleted_row_comes_back_and_counts_all_the_time(listed):
    (one, address), (two, other) = first_ready(listed, 2)
    typed(listed, address, other)
    deleted_row(listed, 2)
    listed.sync()
    assert {state(listed, lead) for lead in (one, two)} == {"blocked"}
    row = by_key(listed)["X-0001"]
    assert (row["entry"], row["_entry"]) == (address, address)
    assert "ha vuelto" in row["problem"]
    assert listed.sync()["idle"]
    assert mirrored(listed) == as_mirrored(listed)


def test_who_is_blocked_comes_back_on_the_list_when_the_row_is_deleted_before_another_worker(listed):
    (one, address), (two, other) = first_ready(listed, 2)
    typed(listed, address, other)
    listed.put(TITLE, "E3:F3", [[True, "ya no"]])
    listed.sync()
    listed.app = listed.worker("another machine")
    deleted_row(listed, 2)
    listed.sync()
    assert [state(listed, lead) for lead in (one, two)] == ["blocked", "ready"]
    assert sorted(row["_entry"] for row in rows(listed)) == sorted([address, other])
    assert listed.sync()["idle"]


def test_a_row_of_which_every_cell_is_emptied_comes_back(listed):
    ((lead, address),) = first_ready(listed)
    typed(listed, address)
    listed.put(TITLE, "C2:J2", [[""] * 8])
    listed.sync()
    assert [row["_entry"] for row in rows(listed)] == [address]
    assert "ha vuelto" in rows(listed)[0]["problem"]
    assert state(listed, lead) == "blocked"
    listed.sync(force=True)
    assert [row["_entry"] for row in rows(listed)] == [address]
    assert state(listed, lead) == "blocked"
    assert mirrored(listed) == as_mirrored(listed)


def test_an_entry_that_is_written_over_comes_back_in_a_row_of_its_own(listed):
    (one, address), (two, other) = first_ready(listed, 2)
    typed(listed, address)
    typed(listed, other)
    assert sorted(row["_entry"] for row in rows(listed)) == sorted([address, other])
    assert {state(listed, lead) for lead in (one, two)} == {"blocked"}
    typed(listed, "")
    assert state(listed, two) == "blocked"
    assert other in rows(listed)[0]["problem"]
    assert mirrored(listed) == as_mirrored(listed)


def test_sorted_rows_keep_what_they_come_to(listed):
    (one, address), (two, other) = first_ready(listed, 2)
    typed(listed, address, other)
    listed.put(TITLE, "E2:F2", [[True, "ya no"]])
    listed.sync()
    keyed = by_key(listed)
    sort = {
        "range": {"sheetId": listed.tab_id(TITLE), "startRowIndex": 1},
        "sortSpecs": [{"dimensionIndex": 2, "sortOrder": "DESCENDING"}],
    }
    listed.structure({"sortRange": sort})
    listed.sync()
    assert by_key(listed) == keyed
    assert [state(listed, lead) for lead in (one, two)] == ["ready", "blocked"]
    assert listed.sync()["idle"]
    assert mirrored(listed) == as_mirrored(listed)


def test_dashboard_and_worker_count_the_blocked_ones_where_there_are_any(listed):
    assert "instantly_blocked" not in {row[-1] for row in listed.cells("Dashboard")}
    ((_, address),) = first_ready(listed)
    typed(listed, address)
    listed.sync(force=True)
    assert not listed.problems()
    shown = [[cell for cell in row if cell != ""] for row in listed.cells("Dashboard")]
    assert [row[1] for row in shown if "instantly_blocked" in row] == [1]
    assert [row[1] for row in shown if "conservation_ok" in row] == [True]
    assert listed.app.status().as_json()["metrics"]["instantly_blocked"] == 1
    listed.put(TITLE, "E2:F2", [[True, "ya no"]])
    listed.sync()
    assert "instantly_blocked" not in {cell for row in listed.cells("Dashboard") for cell in row}


def test_an_edit_that_blocks_nobody_costs_two_reads_and_one_write_and_an_idle_poll_one_read(listed):
    typed(listed, "nadie@otra-empresa.example")
    listed.now += 60
    listed.put(TITLE, "C3", [["nadie.2@otra-empresa.example"]])
    spent = listed.spent(listed.sync)
    assert sum(spent.values()) == 3, spent
    assert sum(listed.spent(listed.sync).values()) == 1
    assert mirrored(listed) == as_mirrored(listed)


def test_a_send_reads_nothing_of_the_list(listed):
    typed(listed, "nadie@otra-empresa.example")
    listed.now += 60
    read = []
    values = listed.app.context.gateway.values
    listed.app.context.gateway.values = lambda ranges: (read.extend(ranges), values(ranges))[1]
    listed.tick("Instantly Input", 1)
    listed.sync()
    assert [place for place in read if TITLE in place] == []
    assert read


def test_who_is_undone_or_reopened_is_compared_with_the_whole_list(listed):
    ((lead, address),) = first_ready(listed)
    listed.tick("Instantly Input", 1)
    listed.sync()
    typed(listed, address)
    assert state(listed, lead) == "processing", "it replaces ready alone"
    listed.app.batch_undo("I-0001")
    assert state(listed, lead) == "blocked"
    assert lead not in ready(listed)


def test_an_import_of_people_on_the_list_blocks_them_at_once(listed):
    typed(listed, "acme-nueva.example")
    listed.load(
        ["Email", "First name", "Last name"],
        [["ana@acme-nueva.example", "Ana", "Inventada"], ["eva@otra-nueva.example", "Eva", "Inventada"]],
        enters="sending",
    )
    states = {row["email"]: row["instantly_step_status"] for row in listed.leads().values()}
    assert states["ana@acme-nueva.example"] == "blocked"
    assert states["eva@otra-nueva.example"] == "ready"


def test_switched_off_again_the_blocked_ones_are_ready_and_the_list_is_kept(listed):
    before = {tab.title for tab in listed.app.context.gateway.info().tabs}
    ((lead, address),) = first_ready(listed)
    typed(listed, address)
    kept = listed.stored(TITLE)
    listed.settings = Settings(**{**listed.settings.model_dump(), "modules": []})
    listed.app = listed.worker()
    listed.init()
    listed.sync()
    assert state(listed, lead) == "ready"
    tabs = {tab.title: tab for tab in listed.app.context.gateway.info().tabs}
    assert before == tabs.keys()
    assert tabs[TITLE].hidden
    assert listed.stored(TITLE) == kept
    assert not any("instantly_blocked" in row for row in listed.cells("Dashboard"))
    switched_on(listed)
    assert state(listed, lead) == "blocked"


def test_init_makes_the_tab_in_a_workbook_in_use_and_moves_nobodys_cells(open_desk):
    desk = open_desk("boxed")
    formulas = ("System", "Control", "Dashboard", "Log", "History", "Lead Profile", "Versiones")
    before = desk.everything(*formulas)
    switched_on(desk)
    after = desk.everything(*formulas)
    assert TITLE in after.keys() - before.keys()
    # Columns of modules stand right of all others.
    narrowed = {title: [row[: len(cells[0])] for row in after[title]] for title, cells in before.items()}
    assert narrowed == before
    header = desk.stored("History")[0]
    assert header[-1] == "instantly_blocked"


def test_who_is_forgotten_is_not_in_the_list_and_stays_refused(listed):
    ((lead, address),) = first_ready(listed)
    typed(listed, address, "nadie@otra-empresa.example")
    listed.app.forget(str(lead))
    listed.sync()
    listed.sync(force=True)
    assert not any(address in str(row) for row in listed.stored(TITLE))
    first, second = rows(listed)
    assert (first["entry"], first["source"], first["problem"]) == ("", "persona borrada", "")
    assert second["problem"] == ""
    listed.load(["Email", "First name", "Last name"], [[address, "Ana", "Inventada"]], enters="sending")
    assert address not in {row["email"] for row in listed.leads().values()}
    for path in listed.settings.state_dir.rglob("*.db*"):
        assert address.encode() not in path.read_bytes(), path
    assert listed.sync()["idle"]
    assert mirrored(listed) == as_mirrored(listed)


def test_the_store_shows_the_list_again_after_it_was_lost_rebuilt_or_restored(listed):
    ((lead, address),) = first_ready(listed)
    typed(listed, address)
    backup = listed.app.store_backup().as_json()["backup"]
    typed(listed, "acme.example", row=3)
    assert len(mirrored(listed)) == 2
    listed.app.store_restore(Path(backup))
    assert mirrored(listed) == as_mirrored(listed)
    with closing(sqlite3.connect(listed.app.store.file)) as file, file:
        file.execute("DELETE FROM suppressions WHERE row_key = 'X-0001'")
        file.execute("UPDATE suppressions SET entry = 'nobody@acme.example'")
    listed.app.store_rebuild()
    assert mirrored(listed) == as_mirrored(listed)
    assert state(listed, lead) == "blocked"


def test_doctor_compares_the_states_of_the_leads_with_the_list(listed):
    def found():
        return next(
            one for one in listed.app.doctor(probe=False).json["findings"] if one["check"] == "do not contact"
        )

    ((lead, address),) = first_ready(listed)
    typed(listed, address)
    assert (found()["ok"], found()["found"]) == (True, "1 entry, 1 blocked lead")
    header, *body = listed.stored("Master")
    column, row = header.index("instantly_step_status"), [line[0] for line in body].index(lead) + 2
    listed.put("Master", f"{column_letters(column)}{row}", [["ready"]], who="owner")
    assert not found()["ok"]
    assert "sync --force" in found()["remedy"]
    listed.sync(force=True)
    assert found()["ok"]
    assert state(listed, lead) == "blocked"


def test_an_entry_that_a_write_does_not_take_on_yet_refuses_a_tick_all_the_same(listed):
    ((lead, address),) = first_ready(listed)
    ports = replace(listed.app.context.ports(), budget=Budget(rows=2))
    listed.put(TITLE, "C2", [["one@otra.example"], ["two@otra.example"], ["three@otra.example"], [address]])
    listed.tick("Instantly Input", 1)
    run_once(ports, listed.app.context.settings, RunRequest(now=True))
    assert len(by_key(listed).keys() - {""}) == 2
    assert state(listed, lead) == "blocked"
    listed.sync()
    assert len(by_key(listed)) == 4
    assert state(listed, lead) == "blocked"
    assert listed.leads()[lead]["instantly_sent"] is not True
