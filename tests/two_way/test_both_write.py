"""A shared cell that an operator and the worker write in the same run: the operator's value stays."""

import pytest
from notebook import Work
from test_over_http import TITLE, keyed, run, typed


@pytest.mark.long
def test_a_shared_cell_that_was_just_edited_keeps_the_operators_value(table):
    typed(table, "alpha", "beta")
    table.put(TITLE, "L2", [["ganada"]])
    table.put(TITLE, "C3", [["gamma"]])
    both = (("S-0001", {"stage": "lost_deal"}), ("S-0002", {"stage": "lost_deal"}))
    run(table, Work(set=both))
    stages = {key: row["stage"] for key, row in keyed(table).items()}
    assert stages == {"S-0001": "ganada", "S-0002": "perdida"}, (
        "a row with an edit of other cells takes the worker's"
    )
    assert table.sync()["idle"]
