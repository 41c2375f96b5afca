"""What a stopped run tells operators in their language."""

import pytest

from sheets_crm.errors import RefusedPlan, SheetError
from sheets_crm.sync.stops import STOPS, told


def test_spanish_operators_are_told_in_spanish_with_the_numbers():
    refusal = RefusedPlan(
        "The Master has 3 leads; it had 500.",
        cause="master_shrank:500:3",
        numbers={"before": 500, "now": 3},
        remedy="Restore.",
    )
    assert told(refusal, "es")[0] == "La Master tiene 3 leads; tenía 500."
    assert "confirm" in told(refusal, "es")[1]
    assert told(refusal, "en") == ("The Master has 3 leads; it had 500.", "Restore.")


def test_what_is_no_known_stop_is_told_as_it_is():
    assert told(SheetError("Odd.", remedy="Look."), "es") == ("Odd.", "Look.")
    assert told(RefusedPlan("Odd.", cause="new_cause:1", remedy="Look."), "es") == ("Odd.", "Look.")


@pytest.mark.parametrize("cause", STOPS)
def test_a_number_that_is_missing_leaves_a_gap_not_an_error(cause):
    message, remedy = told(RefusedPlan("x", cause=cause), "es")
    assert message
    assert remedy
    assert "{" not in message + remedy
