"""What a stopped run tells operators in their language."""

import pytest

from sheets_crm.errors import RefusedPlan, SheetError
from sheets_crm.sync.stops import STOPS, told


def test_operators_are_told_in_their_language_with_the_numbers():
    refusal = RefusedPlan(
        "The Master has 3 leads; it had 500.",
        cause="master_shrank:500:3",
        numbers={"before": 500, "now": 3},
        remedy="Restore.",
    )
    assert told(refusal, "es")[0] == "La Master tiene 3 leads; tenía 500."
    assert "confirm" in told(refusal, "es")[1]
    assert told(refusal, "en")[0] == "The Master has 3 leads; it had 500."
    assert "tick confirm on Control" in told(refusal, "en")[1], (
        "the guide's words, not those for whoever runs the worker"
    )


def test_what_is_no_known_stop_is_told_as_it_is():
    assert told(SheetError("Odd.", remedy="Look."), "es") == ("Odd.", "Look.")
    assert told(RefusedPlan("Odd.", cause="new_cause:1", remedy="Look."), "es") == ("Odd.", "Look.")


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("cause", STOPS)
def test_a_number_that_is_missing_leaves_a_gap_not_an_error(cause, language):
    message, remedy = told(RefusedPlan("x", cause=cause), language)
    assert message
    assert remedy
    assert "{" not in message + remedy
