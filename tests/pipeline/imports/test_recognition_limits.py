"""A block is never made larger than a whole spreadsheet may be."""

import tracemalloc

import pytest

from sheets_crm.pipeline.imports.recognise import blocks
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS


@pytest.mark.long
def test_one_very_wide_row_does_not_fill_the_memory():
    header = ["firstName", "lastName", "companyName", "vmid", *(f"x{n}" for n in range(18_000))]
    rows = [["Ana", "Sol", "Acme", f"ACwAA{n:05d}"] for n in range(1_000)]
    tracemalloc.start()
    (block,) = blocks([header, *rows], Schema(STEPS))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert block.problem is not None
    assert peak < 50_000_000
    assert (block.first_row, block.last_row) == (0, 1_000)


def test_a_wide_block_within_the_limit_is_taken():
    header = ["firstName", "lastName", "companyName", "vmid", *(f"x{n}" for n in range(1_000))]
    (block,) = blocks([header, *[["Ana", "Sol", "Acme", f"ACwAA{n:05d}"] for n in range(50)]], Schema(STEPS))
    assert block.step == "export"
