"""Hand edits of worker's cells over HTTP: put back by the next read of the whole table, operators' cells kept."""

import pytest
from cache_rows import change, rows_of
from faults import Died, Interrupted
from notebook import Work
from scratch import SCRATCH
from test_moved_meanwhile import move_notes
from test_over_http import TITLE, keyed, rows, run, typed
from test_two_workers import sort_rows

from sheets_crm.config import Settings
from sheets_crm.engine import caches
from sheets_crm.engine.session import RunRequest
from sheets_crm.workbook.cells import column_letters
from sheets_crm.workbook.two_way.columns import header_ids


def put(desk, header, row, value):
    """An operator types into one cell."""
    place = header_ids(SCRATCH, desk.cells(TITLE)[0]).index(header)
    desk.put(TITLE, f"{column_letters(place)}{row}", [[value]])


def whole(desk, app=None):
    """A full read and what follows from it."""
    return (app or desk.app).context.run(RunRequest(now=True, whole=True))


def memory(desk):
    """What the cache file has of the cells of tables."""
    return [row[3] for row in rows_of(desk.settings.state_dir, "caches") if row[1] == caches.TABLES]


def spoil(desk, statement):
    """Change or delete that as no worker does."""
    assert change(desk.settings.state_dir, f"{statement} WHERE name = ?", caches.TABLES) == 1


def logged(desk):
    return [str(row) for row in desk.cells("Log") if "a mano" in str(row)]


def at_rest(desk):
    """Nothing is left to write, also after a full read."""
    assert desk.sync()["idle"]
    assert whole(desk).idle


@pytest.mark.long
def test_a_workers_cell_is_put_back_by_the_next_full_read(table):
    typed(table, "alpha", "beta")
    put(table, "shown", 2, "mine")
    put(table, "problem", 3, "mine too")
    put(table, "closed_at", 3, 46_000)
    assert table.sync()["idle"], "no poll shows it"
    table.set_control("sync_now", "B", True)
    table.sync()
    found = keyed(table)
    assert [found[key]["shown"] for key in ("S-0001", "S-0002")] == ["ALPHA", "BETA"]
    assert (found["S-0002"]["problem"], found["S-0002"]["closed_at"]) == ("", "")
    assert any(f"{TITLE}: 3 celdas" in line for line in logged(table))
    assert table.problems() == []
    at_rest(table)


@pytest.mark.long
def test_an_hour_and_its_heartbeats_later_too_and_after_rows_were_sorted(table):
    typed(table, "alpha", "beta", "gamma")
    for _ in range(3):
        table.now += 25 * 60
        table.sync(now=False)
    put(table, "shown", 3, "mine")
    sort_rows(table)
    table.sync(now=False)
    assert {row["word"]: row["shown"] for row in rows(table)} == {
        "alpha": "ALPHA",
        "beta": "BETA",
        "gamma": "GAMMA",
    }
    at_rest(table)


@pytest.mark.long
def test_an_operators_edit_of_the_same_row_is_kept_and_obeyed(table):
    typed(table, "alpha", "beta")
    put(table, "shown", 2, "mine")
    put(table, "closed_at", 2, 46_000)
    put(table, "word", 2, "changed")
    put(table, "notes", 2, "a note")
    whole(table)
    row = keyed(table)["S-0001"]
    assert (row["word"], row["notes"], row["shown"], row["closed_at"]) == ("changed", "a note", "CHANGED", "")
    at_rest(table)


@pytest.mark.long
def test_an_edited_row_is_put_right_without_a_full_read(table):
    typed(table, "alpha", "beta")
    put(table, "closed_at", 2, 46_000)
    put(table, "notes", 2, "a note")
    spent = table.spent(table.sync)
    assert sum(spent.values()) == 3, spent
    row = keyed(table)["S-0001"]
    assert (row["notes"], row["closed_at"]) == ("a note", "")
    assert len(logged(table)) == 1
    at_rest(table)


@pytest.mark.long
def test_what_the_worker_writes_itself_is_no_hand_edit(table):
    typed(table, "alpha")
    put(table, "close", 2, True)
    put(table, "count", 2, "many")
    table.sync()
    run(table, Work(append=({"word": "worker's", "shown": "W"},), set=(("S-0001", {"shown": "set"}),)))
    before = rows(table)
    at_rest(table)
    assert rows(table) == before
    assert logged(table) == []
    put(table, "shown", 2, "mine")
    put(table, "shown", 3, "mine")
    put(table, "problem", 2, "")
    whole(table)
    assert rows(table) == before
    at_rest(table)


@pytest.mark.long
def test_a_command_that_sets_the_cell_has_its_way_and_a_deleted_row_is_gone(table):
    typed(table, "alpha", "beta")
    put(table, "shown", 2, "mine")
    put(table, "shown", 3, "mine")
    run(table, Work(set=(("S-0001", {"shown": "set"}),), delete=("S-0002",)))
    assert {key: row["shown"] for key, row in keyed(table).items()} == {"S-0001": "set"}
    assert logged(table) == []
    at_rest(table)


@pytest.mark.long
def test_after_another_workers_write_the_cells_count_as_they_stand(table):
    typed(table, "alpha", "beta")
    other = table.worker("other")
    put(table, "word", 3, "changed")
    put(table, "shown", 2, "mine")
    whole(table, other)
    whole(table)
    assert [row["shown"] for row in rows(table)] == ["mine", "CHANGED"]
    put(table, "shown", 3, "mine")
    whole(table)
    assert [row["shown"] for row in rows(table)] == ["mine", "CHANGED"], "from then on they are remembered again"
    at_rest(table)


@pytest.mark.long
@pytest.mark.parametrize(
    "how", ["lost", *(pytest.param(how, marks=pytest.mark.long) for how in ("damaged", "leads lost"))]
)
def test_without_the_file_the_cells_count_as_they_stand(table, how):
    typed(table, "alpha")
    put(table, "shown", 2, "mine")
    if how == "damaged":
        spoil(table, "UPDATE caches SET body = substr(body, 1, length(body) - 1)")
    elif how == "lost":
        spoil(table, "DELETE FROM caches")
    else:
        table.app.context.cache.forget()
    whole(table)
    assert keyed(table)["S-0001"]["shown"] == "mine"
    put(table, "shown", 2, "again")
    whole(table)
    assert keyed(table)["S-0001"]["shown"] == "mine"
    at_rest(table)


@pytest.mark.long
def test_a_worker_that_dies_after_its_write_knows_no_cell_of_before(table):
    typed(table, "alpha", "beta")
    put(table, "word", 2, "changed")
    dying = table.worker(wrap=lambda gateway: Interrupted(gateway, only=("apply",), dies="after"))
    with pytest.raises(Died):
        dying.sync(plan=False, now=True, force=False)
    assert keyed(table)["S-0001"]["shown"] == "CHANGED"
    table.app = table.worker()
    whole(table)
    assert [row["shown"] for row in rows(table)] == ["CHANGED", "BETA"]
    at_rest(table)


@pytest.mark.long
def test_rows_that_are_new_copied_or_without_their_record_stay_as_they_are(table):
    typed(table, "alpha", "beta", "gamma")
    put(table, "shown", 5, "typed too")
    put(table, "word", 5, "delta")
    put(table, "shown", 4, "mine")
    put(table, "_seen", 4, "")
    put(table, "closed_at", 4, 46_000)
    block = {"sheetId": table.tab_id(TITLE), "startRowIndex": 1, "endRowIndex": 2}
    copy = {**block, "startRowIndex": 6, "endRowIndex": 7}
    table.structure({"copyPaste": {"source": block, "destination": copy}}, who="operator")
    put(table, "closed_at", 2, 46_001)
    put(table, "closed_at", 7, 46_002)
    whole(table)
    found = keyed(table)
    assert {key: row["closed_at"] for key, row in found.items()} == {
        "S-0001": 46_001,
        "S-0002": "",
        "S-0003": 46_000,
        "S-0004": "",
        "S-0005": "",
    }
    assert logged(table) == []
    whole(table)  # Control says no more that rows have no record
    at_rest(table)


@pytest.mark.long
def test_nothing_is_put_back_while_the_table_waits_and_all_of_it_afterwards(table):
    typed(table, *[f"word {n:02}" for n in range(30)])
    words = [row[2] for row in table.cells(TITLE)[1:31]]
    put(table, "shown", 4, "mine")
    table.put(TITLE, "C2", [[word] for word in reversed(words)])
    for _ in range(2):
        whole(table)
        assert any("solo una parte" in problem for problem in table.problems())
        assert rows(table)[2]["shown"] == "mine"
    table.put(TITLE, "C2", [[word] for word in words])
    whole(table)
    whole(table)
    assert [row["shown"] for row in rows(table)] == [word.upper() for word in words]
    at_rest(table)


@pytest.mark.long
def test_worker_columns_that_were_sorted_alone_come_back(table):
    typed(table, *[f"word {n:02}" for n in range(30)])
    place = column_letters(header_ids(SCRATCH, table.cells(TITLE)[0]).index("shown"))
    table.put(TITLE, f"{place}2", [[f"WORD {n:02}"] for n in reversed(range(30))])
    whole(table)
    assert [row["shown"] for row in rows(table)] == [f"WORD {n:02}" for n in range(30)]
    at_rest(table)


@pytest.mark.long
@pytest.mark.parametrize("moved", [sort_rows, move_notes])
def test_rows_or_columns_moved_in_the_second_in_which_cells_are_put_back_lose_nothing(table, moved):
    typed(table, "alpha", "beta", "gamma")
    for header in ("shown", "closed_at"):
        put(table, header, 2, "mine")
    put(table, "notes", 4, "a note")
    table.sync()
    before = keyed(table)
    whole(
        table,
        table.worker(wrap=lambda gateway: Interrupted(gateway, only=("apply",), act=lambda: moved(table))),
    )
    whole(table)
    whole(table)
    assert keyed(table) == {
        key: {**row, "shown": row["word"].upper(), "closed_at": ""} for key, row in before.items()
    }
    at_rest(table)


@pytest.mark.long
def test_a_plan_says_what_would_be_put_back_and_writes_nothing(table):
    typed(table, "alpha")
    put(table, "shown", 2, "mine")
    before = memory(table)
    planned = table.app.context.run(RunRequest(plan_only=True, whole=True))
    assert "repuesta" in str(planned.plans[0].summary.sentences)
    assert (memory(table), keyed(table)["S-0001"]["shown"]) == (before, "mine")
    whole(table)
    assert keyed(table)["S-0001"]["shown"] == "ALPHA"
    spoil(table, "DELETE FROM caches")
    table.app.context.run(RunRequest(plan_only=True, whole=True))
    assert memory(table) == []


@pytest.mark.long
@pytest.mark.parametrize("on", [True, False])
def test_a_forgotten_person_is_not_kept(table, on):
    lead = table.leads()[4]
    name = f"{lead['firstName']} {lead['lastName']}"
    typed(table, f"call {name}")
    assert name.upper().encode() in memory(table)[0]
    if not on:
        table.settings = Settings(**{**table.settings.model_dump(), "modules": []})
        table.app = table.worker()
        table.init()
    table.app.forget(str(lead["LeadNumber"]))
    files = [path for path in table.settings.state_dir.rglob("*") if path.is_file()]
    assert not any(name.upper().encode() in path.read_bytes() for path in files)
    table.sync()
    at_rest(table)
    assert keyed(table)["S-0001"]["shown"] == ""
