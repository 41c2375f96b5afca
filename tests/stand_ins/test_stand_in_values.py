"""Ids, documents and times, as values."""

import uuid

import pytest

from sheets_crm.stand_ins.clock import Clock, WrongTimeError, iso, seconds_of
from sheets_crm.stand_ins.documents import Documents
from sheets_crm.stand_ins.faults import shuffled
from sheets_crm.stand_ins.ids import Ids


def test_ids_ascend_while_the_clock_stands_and_when_it_goes_back():
    times = iter([2.0, 2.0, 1.0, 5.0])
    new_id = Ids(lambda: next(times))
    made = [new_id() for _ in range(4)]
    assert made == sorted(set(made))
    assert {uuid.UUID(key).version for key in made} == {7}
    assert uuid.UUID(made[3]).int >> 80 == 5000


def test_ids_go_on_after_those_that_were_given_out():
    new_id = Ids(lambda: 9.0)
    last = [new_id() for _ in range(5000)][-1]
    assert Ids(lambda: 1.0, last)() > last


def test_times_are_written_as_the_service_writes_them_and_read_back():
    assert iso(1_786_708_800.25) == "2026-08-14T12:00:00.250Z"
    assert seconds_of("2026-08-14T12:00:00.250Z") == 1_786_708_800.25
    assert seconds_of("2026-08-14T14:00+02:00") == seconds_of("2026-08-14 12:00") == 1_786_708_800
    with pytest.raises(WrongTimeError, match="'soon' is no ISO time"):
        seconds_of("soon")


def test_a_clock_runs_on_from_where_it_was_moved_to():
    now = [10.0]
    clock = Clock(lambda: now[0], ahead=5)
    assert clock.forward(2) == 17
    now[0] += 1
    assert clock() == 18


def kept(folder):
    """What the file has."""
    documents = Documents(folder / "d.sqlite3")
    found = documents.all("k")
    documents.close()
    return found


def test_of_a_change_that_fails_nothing_happened(tmp_path):
    documents = Documents(tmp_path / "d.sqlite3")
    with documents.change():
        documents.put("k", {"id": "a", "n": 1})

    def change():
        with documents.change():
            documents.put("k", {"id": "a", "n": 2})
            documents.put("k", {"id": "b"})
            with documents.change():
                documents.remove("k", "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert documents.all("k") == [{"id": "a", "n": 1}]
    documents.close()
    assert kept(tmp_path) == [{"id": "a", "n": 1}]


def test_documents_are_in_the_order_of_their_ids_whatever_was_put_and_undone_when():
    documents = Documents()
    with documents.change():
        for key in "bdc":
            documents.put("k", {"id": key})
    assert [found["id"] for found in documents.all("k")] == ["b", "c", "d"]

    def change():
        with documents.change():
            documents.remove("k", "b")
            documents.put("k", {"id": "a"})
            documents.put("k", {"id": "e"})
            documents.put("k", {"id": "c", "n": 1})
            assert documents.all("k") == [{"id": "a"}, {"id": "c", "n": 1}, {"id": "d"}, {"id": "e"}]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert documents.all("k") == [{"id": "b"}, {"id": "c"}, {"id": "d"}]
    with documents.change():
        documents.clear()
        documents.put("k", {"id": "z"})
        documents.put("k", {"id": "y"})
    assert documents.all("k") == [{"id": "y"}, {"id": "z"}]


def test_what_cannot_be_written_did_not_happen(tmp_path):
    documents = Documents(tmp_path / "d.sqlite3")

    def change():
        with documents.change():
            documents.put("k", {"id": "a"})
            documents.put("k", {"id": "b", "odd": object()})

    with pytest.raises(TypeError):
        change()
    assert documents.all("k") == []
    with documents.change():
        documents.put("k", {"id": "c"})
    documents.close()
    assert kept(tmp_path) == [{"id": "c"}]


def test_a_shuffle_changes_the_order_always():
    for seed in range(50):
        assert shuffled([1, 2], seed) == [2, 1]
        assert sorted(shuffled([1, 2, 3], seed)) == [1, 2, 3] != shuffled([1, 2, 3], seed)
    assert shuffled([1], 0) == [1]
