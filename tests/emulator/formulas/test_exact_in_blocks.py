"""EXACT over a column is worked out as a whole: each cell must be as a comparison of its own."""

import pytest

CELLS = [["a"], ["A"], [""], [1], [1.5], [True], ["1"], ["TRUE"], ["1,5"], ["=NA()"]]


@pytest.mark.parametrize("word", ['"a"', '""', '"1"', "1", "TRUE", '"TRUE"', '"1.5"'])
@pytest.mark.parametrize("rows", [9, 10])
def test_each_cell_of_a_block_is_as_a_comparison_of_its_own(raw, word, rows):
    raw.put(f"A1:A{rows}", CELLS[:rows], "USER_ENTERED")
    raw.put("B1", [[f"=ARRAYFORMULA(EXACT(A1:A{rows},{word}))"]], "USER_ENTERED")
    raw.put(f"C1:C{rows}", [[f"=EXACT(A{n},{word})"] for n in range(1, rows + 1)], "USER_ENTERED")
    assert raw.values(f"B1:B{rows}") == raw.values(f"C1:C{rows}")
