"""The text of ``_seen``: what is built is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scratch import NUMBERED, SCRATCH, cells_of

from sheets_crm.workbook.two_way.columns import joined
from sheets_crm.workbook.two_way.seen import Seen, parse_seen, parts, plain_join, seen_text, with_parts

CELL = st.one_of(
    st.text(max_size=20), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
)
JOIN = st.text(st.characters(exclude_characters="␞", exclude_categories=("Cs",)), max_size=40)


@pytest.mark.long
@given(JOIN, st.dictionaries(st.text(max_size=8), CELL, max_size=4))
def test_what_is_built_is_read_back(join, good):
    assert parse_seen(seen_text(Seen(join, good))) == Seen(join, good)


def test_without_notes_it_is_the_join_alone():
    assert seen_text(Seen("S-1␟a")) == "S-1␟a"
    assert seen_text(Seen("S-1␟a", {"value": 3})) == 'S-1␟a␞{"good":{"value":3}}'
    assert parse_seen("") == Seen()


@pytest.mark.parametrize("notes", ["{", "[]", '{"good":[]}', '{"good":3}', "null", "3", '{"good":{"a":[1]}}'])
def test_notes_that_are_none_do_no_harm(notes):
    assert parse_seen(f"S-1␟a␞{notes}") == Seen("S-1␟a")


def test_a_good_value_that_has_no_room_is_left_out():
    kept = seen_text(Seen("S-1␟" + "x" * 39_000, {"long": "y" * 15_000, "short": 1}))
    assert parse_seen(kept).good == {"short": 1}
    assert len(kept) <= 50_000


def test_parts_are_known_by_header_whatever_was_cut_at_the_end():
    assert parts(SCRATCH, "S-1␟a␟3") == {
        "_key": "S-1", "word": "a", "count": "3",
        **dict.fromkeys(("ratio", "value", "due_on", "call_at", "active", "close", "enrol", "stage", "notes"), ""),
    }  # fmt: skip
    assert set(parts(NUMBERED, "")) == {"LeadNumber", *(column.header for column in joined(NUMBERED))}


def test_the_worker_replaces_the_parts_that_it_writes_and_no_others():
    read = "␟odd 0.1428571␟␟0.142857142857143␟␟␟␟1␟1␟␟won"
    changed = with_parts(SCRATCH, read, {"_key": "S-7", "close": False, "stage": "ganada"})
    assert changed == "S-7␟odd 0.1428571␟␟0.142857142857143␟␟␟␟1␟␟␟ganada"
    assert with_parts(SCRATCH, "S-1␟a␟␟␟␟␟␟␟1", {"close": False}) == "S-1␟a", "separators at the end are cut"


@pytest.mark.long
@given(st.dictionaries(st.sampled_from([c.header for c in joined(SCRATCH)]), CELL))
def test_a_join_of_any_cells_has_their_parts(given):
    cells = cells_of(**given)
    by_header = parts(SCRATCH, plain_join(SCRATCH, "S-1", cells))
    assert by_header["_key"] == "S-1"
    for name, text in by_header.items():
        assert not text or name == "_key" or (cells[name] is not False and cells[name] != "")
        assert "␟" not in text
        assert "␞" not in text
