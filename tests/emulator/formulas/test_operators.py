"""Operators over blocks give, cell by cell, what they give over single cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.emulator.cells import ErrorValue
from sheets_crm.emulator.formulas.operators import apply_infix, apply_prefix
from sheets_crm.emulator.formulas.values import Block, Failure
from sheets_crm.emulator.languages import language_of

LANGUAGE = language_of("en_US")
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0.0, -0.5, 1.0, 2.0, -8.0, 1 / 3, -1 / 3, 1e300, -1e300]),
    st.sampled_from(["", " ", "a", "B", "5", "-1", "10%", "TRUE", "2026-11-20", "é"]),
    st.sampled_from([ErrorValue("#N/A"), ErrorValue("#REF!", "Reference does not exist.")]),
)


def alone(compute, *cells):
    try:
        return compute(*cells, LANGUAGE)
    except Failure as failure:
        return failure.error


@pytest.mark.long
@given(st.sampled_from(["+", "-", "*", "/", "^", "=", "<>", "<", "<=", ">", ">=", "&"]), st.lists(CELLS), CELLS)
def test_a_block_and_a_cell_are_worked_out_cell_by_cell(operator, column, other):
    """Values, codes and reasons agree, on either side of the operator."""

    def infix(left, right, language):
        return apply_infix(operator, left, right, language)

    column = column or [None]
    block = Block.from_values(column, len(column), 1)
    assert infix(block, other, LANGUAGE).values() == [alone(infix, cell, other) for cell in column]
    assert infix(other, block, LANGUAGE).values() == [alone(infix, other, cell) for cell in column]
    turned = infix(block, block.transposed(), LANGUAGE).values()
    assert turned == [alone(infix, left, right) for left in column for right in column]


@pytest.mark.long
@given(st.sampled_from(["-", "+", "%"]), st.lists(CELLS, min_size=1))
def test_a_sign_is_applied_cell_by_cell(sign, column):
    """Minus, plus and percent over a block."""

    def prefix(value, language):
        return apply_prefix(sign, value, language)

    block = Block.from_values(column, len(column), 1)
    assert prefix(block, LANGUAGE).values() == [prefix_of(prefix, cell) for cell in column]


def prefix_of(prefix, cell):
    return cell if isinstance(cell, ErrorValue) else alone(prefix, cell)


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "^"])
def test_empty_text_is_nothing_in_arithmetic(operator):
    """As a recorded answer of Google has it for a sum; a space is text."""
    column = Block.from_values(["", None, 0.0], 3, 1)
    for other in (2.0, ""):
        first, *rest = apply_infix(operator, column, other, LANGUAGE).values()
        assert rest == [first, first]
    with pytest.raises(Failure, match="#VALUE!"):
        apply_infix(operator, " ", 1.0, LANGUAGE)
