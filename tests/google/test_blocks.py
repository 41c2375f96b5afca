"""Columns of a large tab, put together from blocks trimmed as Google trims them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.google.blocks import BLOCK_BYTES, FIRST_ROWS, LEAST_ROWS, MOST_ROWS, Blocks

CELLS = st.sampled_from(["", "", "x", 0, False, 7.5])


def trimmed(rows, width):
    """A block as it is answered by columns: nothing empty at the ends."""
    columns = [[row[n] for row in rows] for n in range(width)]
    for column in columns:
        while column and column[-1] == "":
            column.pop()
    while columns and not columns[-1]:
        columns.pop()
    return columns


@pytest.mark.long
@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=30), st.integers(1, 12))
def test_blocks_put_together_are_the_whole(rows, height):
    found = Blocks()
    for start in range(0, len(rows), height):
        part = rows[start : start + height]
        found.add(trimmed(part, 4), len(part), 100)

    columns = found.trimmed()

    used = max((n for n, row in enumerate(rows, start=1) if any(cell != "" for cell in row)), default=0)
    wide = max((n for row in rows for n, cell in enumerate(row, start=1) if cell != ""), default=0)
    assert columns == [[row[n] for row in rows[:used]] for n in range(wide)]
    assert all(
        type(a) is type(b)
        for n, col in enumerate(columns)
        for a, b in zip(col, [r[n] for r in rows], strict=False)
    )


def test_the_next_block_follows_the_size_of_the_last_answer():
    found = Blocks()
    assert found.next_rows == FIRST_ROWS
    found.add([["a"] * 1000], 1000, BLOCK_BYTES * 4)
    assert found.next_rows == 250
    found.add([["a"] * 250], 250, BLOCK_BYTES // 10)
    assert found.next_rows == 500, "it grows with care: rows further down may be wider"
    found.add([["a"] * 500], 500, BLOCK_BYTES * 1000)
    assert found.next_rows == LEAST_ROWS
    for _ in range(20):
        found.add([], found.next_rows, 30)
    assert found.next_rows == MOST_ROWS
