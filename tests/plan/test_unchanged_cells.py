"""Cells that are the same objects are passed over; equal and unequal ones are still distinguished."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.plan.diff import different

CELLS = st.one_of(
    st.booleans(), st.integers(-1, 2), st.sampled_from([0.0, 1.0, 2.5]), st.sampled_from(["", "1", "TRUE"])
)


def column(cells):
    made = np.empty(len(cells), dtype=object)
    made[:] = cells
    return made


@pytest.mark.long
@given(pairs=st.lists(st.tuples(CELLS, CELLS)))
def test_cells_differ_by_value_and_by_being_a_flag(pairs):
    before, after = column([one for one, _ in pairs]), column([other for _, other in pairs])

    expected = [one != other or isinstance(one, bool) != isinstance(other, bool) for one, other in pairs]

    assert different(before, after).tolist() == expected


def test_a_part_of_a_column_is_compared_where_it_stands():
    whole = column(["a", "b", "c", "d"])
    assert different(whole[::2], column(["a", "x"])).tolist() == [False, True]
    assert different(whole[:0], whole[:0]).tolist() == []


class Untouchable:
    """A cell that must not be compared."""

    def __eq__(self, other):
        pytest.fail("looked at")

    __hash__ = None


def test_the_very_same_object_is_not_looked_at():
    cells = column([Untouchable(), "a"])
    assert different(cells, cells.copy()).tolist() == [False, False]
