"""Two workers on one table, killed and interrupted: a key is given once, an act is obeyed once, nothing is lost."""

from dataclasses import replace
from functools import partial

import pytest
from faults import Died, Interrupted
from notebook import Work
from scratch import SCRATCH
from test_over_http import TITLE, keyed, rows, typed

from sheets_crm.engine.run import run_once
from sheets_crm.engine.session import RunRequest
from sheets_crm.workbook.two_way.columns import header_ids


def run(desk, app=None):
    context = (app or desk.app).context
    return run_once(replace(context.ports()), context.settings, RunRequest(now=True))


def asked(desk):
    """A row is typed, an act is ticked, another is named, a cell is changed."""
    typed(desk, "alpha", "beta", "gamma")
    desk.put(TITLE, "J2", [[True, "Winter"]])
    desk.put(TITLE, "C3", [["changed"]])
    desk.put(TITLE, "C5", [["new"]])


def done_once(desk):
    """Whether all that was asked is done, once."""
    found = keyed(desk)
    assert sorted(found) == ["S-0001", "S-0002", "S-0003", "S-0004"]
    assert {row["word"]: row["shown"] for row in found.values()} == {
        "alpha": "ALPHA",
        "changed": "CHANGED",
        "gamma": "GAMMA",
        "new": "NEW",
    }
    assert found["S-0002"]["word"] == "changed"
    first = found["S-0001"]
    assert (first["word"], first["close"], first["enrol"], first["stage"]) == ("alpha", False, "", "ganada")
    assert desk.leads()[1]["enrolled"] == "S-0001:Winter;"


def sort_rows(desk, *, down=True):
    """An operator sorts whole rows by their word."""
    header = header_ids(SCRATCH, desk.cells(TITLE)[0])
    block = {"sheetId": desk.tab_id(TITLE), "startRowIndex": 1, "startColumnIndex": 0}
    order = {"dimensionIndex": header.index("word"), "sortOrder": "DESCENDING" if down else "ASCENDING"}
    desk.structure({"sortRange": {"range": block, "sortSpecs": [order]}}, who="owner")


@pytest.mark.long
@pytest.mark.parametrize("request_", [*(pytest.param(n, marks=pytest.mark.long) for n in (0, 1)), 2])
@pytest.mark.parametrize("dies", ["after", pytest.param("before", marks=pytest.mark.long)])
def test_killed_at_a_request_another_worker_ends_it(table, request_, dies):
    asked(table)
    dying = table.worker(wrap=lambda gateway: Interrupted(gateway, request_, dies=dies))
    with pytest.raises(Died):
        run(table, dying)
    other = table.worker("state of another machine")
    run(table, other)
    done_once(table)
    run(table, other)
    run(table)
    done_once(table)


@pytest.mark.long
def test_killed_when_the_write_was_applied_its_own_machine_goes_on(table):
    asked(table)
    dying = table.worker(wrap=lambda gateway: Interrupted(gateway, only=("apply",), dies="after"))
    with pytest.raises(Died):
        run(table, dying)
    run(table, table.worker())
    done_once(table)
    assert run(table).idle


@pytest.mark.long
@pytest.mark.parametrize("request_", [*(pytest.param(n, marks=pytest.mark.long) for n in (0, 1)), 2])
def test_two_workers_at_once_act_once(table, request_):
    asked(table)
    other = table.worker("other")
    run(table, other)  # it has read the workbook once
    done_once(table)
    table.put(TITLE, "K2", [["Summer"]])
    table.put(TITLE, "C6", [["newest"]])
    mine = table.worker(wrap=lambda gateway: Interrupted(gateway, request_, act=lambda: run(table, other)))
    run(table, mine)
    assert table.leads()[1]["enrolled"] == "S-0001:Winter;S-0001:Summer;"
    assert sorted(keyed(table)) == [f"S-000{n}" for n in range(1, 6)]


@pytest.mark.long
@pytest.mark.parametrize("request_", [pytest.param(1, marks=pytest.mark.long), 2])
@pytest.mark.parametrize("dies", ["", pytest.param("after", marks=pytest.mark.long)])
def test_rows_sorted_before_the_read_or_the_write_lose_nothing(table, request_, dies):
    asked(table)
    wrapped = table.worker(
        wrap=lambda gateway: Interrupted(gateway, request_, act=lambda: sort_rows(table), dies=dies)
    )
    if dies:
        with pytest.raises(Died):
            run(table, wrapped)
    else:
        run(table, wrapped)
    for _ in range(3):
        run(table)
    done_once(table)
    assert [row["word"] for row in rows(table)] == ["new", "gamma", "changed", "alpha"]
    assert run(table).idle


@pytest.mark.long
@pytest.mark.parametrize("dies", ["", "after"])
def test_rows_sorted_before_a_deletion_come_back_and_the_right_ones_go(table, dies):
    typed(table, "alpha", "beta", "gamma", "zeta")
    before = keyed(table)
    wrap = partial(Interrupted, only=("apply",), act=lambda: sort_rows(table), dies=dies)
    context = table.worker(wrap=wrap).context
    request = RunRequest(now=True, commands=(Work(delete=("S-0001",)),))
    if dies:
        with pytest.raises(Died):
            run_once(context.ports(), context.settings, request)
    else:
        run_once(context.ports(), context.settings, request)
    run(table)
    left = keyed(table)
    assert sorted(left) == ["S-0002", "S-0003", "S-0004"]
    assert all(left[key]["word"] == before[key]["word"] for key in left)
    run(table)
    assert run(table).idle
    assert keyed(table) == left


@pytest.mark.long
def test_a_verb_is_obeyed_in_a_run_that_begins_with_a_repair(table):
    asked(table)
    dying = table.worker(
        wrap=lambda gateway: Interrupted(gateway, only=("apply",), act=lambda: sort_rows(table), dies="after")
    )
    with pytest.raises(Died):
        run(table, dying)
    table.app.context.run(RunRequest(now=True, commands=(Work(append=({"word": "own"},), delete=("S-0003",)),)))
    table.sync()
    assert sorted(row["word"] for row in rows(table)) == ["alpha", "changed", "new", "own"]
