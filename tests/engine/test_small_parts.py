"""The small parts of a run as values: poll, verify, archive, cached layout."""

import gzip

import orjson
import pytest
from cache_rows import change, rows_of

from sheets_crm.engine import archive, state
from sheets_crm.engine.erased import hashes, refuser
from sheets_crm.engine.poll import poll_signals, ticked
from sheets_crm.engine.verify import Check, misplaced
from sheets_crm.features.registry import FEATURES
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS, schema_in_use
from sheets_crm.workbook.signals import LISTED
from sheets_crm.workbook.system import SystemLayout, SystemState

SCHEMA = Schema(STEPS)
LAYOUT = SystemLayout.of(SCHEMA, FEATURES.specs(SCHEMA, {}))


class Cells:
    def __init__(self, **values):
        self.layout = values.pop("layout", LAYOUT)
        self.keys = LAYOUT.polled_keys
        self.rows = [[values.get(key.replace(".", "__"), "")] for key in self.keys]
        self.requests = []

    def values(self, ranges):
        """System of this layout; to one of another steps its keys are not where that one has them."""
        self.requests.append(ranges)
        answers = {"A": [["key"], *[[key] for key in self.keys]], "B": [[LAYOUT.digest], *self.rows]}
        answers["C"] = [[*[""] * (self.layout.first_edits - 2), *[0, ""] * len(self.layout.tables)]]
        return [answers[text.removeprefix("'System'!")[0]] for text in ranges]


def seen(**values):
    return poll_signals(Cells(**values), "System", LAYOUT)


def test_a_poll_asks_for_a_run_when_other_steps_are_in_use_than_the_workbook_was_set_up_with():
    in_use = [SystemLayout.of(one, FEATURES.specs(one, {})) for one in (schema_in_use(("verification",)), SCHEMA)]
    assert [poll_signals(Cells(layout=one), "System", one).asked for one in in_use] == [("steps",), ()]


def test_keys_are_polled_only_when_they_are_not_where_they_should_be():
    cells = Cells(signal__confirm=True)
    assert poll_signals(cells, "System", LAYOUT).asked == ("confirm",)
    assert [len(ranges) for ranges in cells.requests] == [2]
    cells.keys = (*cells.keys[1:], cells.keys[0])
    cells.rows = [*cells.rows[1:], cells.rows[0]]
    answer = cells.values
    cells.values = lambda ranges: [
        rows if rows[:1] != [[LAYOUT.digest]] else [[""], *rows[1:]] for rows in answer(ranges)
    ]
    polled = poll_signals(cells, "System", LAYOUT)
    assert (polled.asked, list(polled.state.cells)) == (("confirm",), list(cells.keys))


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        ({}, ()),
        ({"signal__ticks__box1": 0, "signal__confirm": False}, ()),
        ({"signal__ticks__box1": 3}, ("ticks.box1",)),
        ({"signal__send_now__box1": True}, ("send_now.box1",)),
        ({"signal__inbox": "#REF!"}, ("inbox",)),
        ({"signal__sheets": 22, "tabs_known": 22}, ()),
        ({"signal__sheets": 23, "tabs_known": 22}, ("sheets",)),
        ({"refusal": "copied"}, ("refusal",)),
        ({"open_drop": '{"ref":"tab:1","finished":false}'}, ("open_drop",)),
        ({"open_drop": '{"ref":"tab:1","finished":true}'}, ()),
        ({"open_batch__box1": '{"id":"B-0001"}'}, ("open_batch.box1",)),
    ],
)
def test_a_look_says_why_a_run_is_needed(cells, asked):
    assert seen(**cells).asked == asked


def test_a_look_changes_its_signature_with_every_signal_and_with_nothing_else():
    one = seen(signal__inbox=4, heartbeat=1)
    assert one.signature == seen(signal__inbox=4, heartbeat=2).signature
    assert one.signature != seen(signal__inbox=5, heartbeat=1).signature


def test_ticks_past_the_listed_number_are_read_from_the_column():
    found = ticked(seen(signal__ticks__box1=LISTED + 1, signal__ticks__verification=0), SCHEMA)
    assert "box1" not in found
    assert found["verification"] == frozenset()


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [([[1], [2], [], [3]], 0), ([[1], [2], [], [4]], 1), ([[2], [1], [], [3]], 2), ([[1], [2]], 1)],
)
def test_keys_that_stand_elsewhere_than_planned_are_counted(rows, wrong):
    assert misplaced([Check("'T'!A1:A4", (1, 2, "", 3))], [rows]) == wrong


def test_what_could_not_be_read_back_counts_as_elsewhere():
    """A tab that is renamed in the second of the write makes its answer unreadable."""
    assert misplaced([Check("'T'!A1:A2", (1, 2)), Check("'C'!H1:H1", ("status",))], []) == 2
    assert misplaced([], []) == 0


def test_the_same_drop_is_archived_once_and_another_beside_it(tmp_path):
    one = archive.archive(tmp_path, "drop-1", [["a", 1]], {"source": "Inbox"})
    assert archive.archive(tmp_path, "drop-1", [["a", 1]], {"source": "Inbox"}) == one
    archive.archive(tmp_path, "drop-1", [["b", 1]], {"source": "Inbox"})
    assert sorted(body["cells"] for _, body in archive.archived(tmp_path)) == [[["a", 1]], [["b", 1]]]
    assert orjson.loads(gzip.decompress(one.read_bytes()))["source"] == "Inbox"
    assert not [path for path in one.parent.iterdir() if path.name.startswith(".")]


def test_a_spooled_file_waits_until_it_is_taken_away(tmp_path):
    name = archive.spool(tmp_path, "x.csv", [{"name": "x", "cells": [["a"]]}])
    (found,) = archive.spooled(tmp_path)
    assert (found.name, found.label) == (name, "x.csv")
    archive.unspool(tmp_path, name)
    archive.unspool(tmp_path, name)
    assert archive.spooled(tmp_path) == []


def test_memory_is_by_workbook_and_may_be_damaged(tmp_path):
    state.save_facts(tmp_path, "one", {"sequence": 4})
    state.save_facts(tmp_path, "one", {"time_zone": "UTC"})
    assert state.load_facts(tmp_path, "one") == {"sequence": 4, "time_zone": "UTC"}
    assert state.load_facts(tmp_path, "two") == {}
    assert change(tmp_path, "UPDATE facts SET value = '5' WHERE name = 'sequence'") == 1
    assert state.load_facts(tmp_path, "one") == {"time_zone": "UTC"}
    assert [row[1] for row in rows_of(tmp_path, "facts")] == ["time_zone"]


def test_an_erased_person_is_known_again_by_any_strong_key_and_nobody_by_the_hash_alone():
    lead = {
        "email": "Ana@Acme.example",
        "personLinkedinUrl": "https://www.linkedin.com/in/ana/",
        "firstName": "Ana",
    }
    kept = hashes("salt", Person.of_cells(7, lead))
    assert not any("ana" in one.casefold() for one in kept)
    refused = refuser(SystemState({"salt": "salt"}, tuple(kept)))
    assert refused({"email": "ana@acme.example"})
    assert refused({"lead_number": "7"})
    assert not refused({"email": "other@acme.example"})
    assert not refuser(SystemState({"salt": "other"}, tuple(kept)))({"email": "ana@acme.example"})
    assert refuser(SystemState({"salt": "salt"})) is None
