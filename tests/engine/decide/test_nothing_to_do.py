"""A workbook in order gives an empty plan."""

import pytest
from snapshots import workbook


@pytest.mark.parametrize(
    "book",
    [
        workbook(),
        workbook().leads(1, 2),
        workbook().sent("verification", 1, 2),
        workbook().verified(1).boxed(2).boxed(3, result="noHIT").scraped(4),
        workbook().parts("verification", 2).sent("verification", 1, 2, 3),
        workbook().sent("verification", 1, batch="V-0001", shown="").sent("verification", 2, batch="V-0002"),
        workbook().rejected(["LeadNumber", "email"], ["1", "a"]),
    ],
    ids=["empty", "leads", "sent", "every step", "parts", "two batches", "rejected"],
)
def test_a_workbook_in_order_needs_nothing(book):
    outcome = book.decide()
    assert outcome.empty
    assert not outcome.problems
    assert not outcome.plan.more
