"""What a stopped run tells operators in their language."""

from sheets_crm.engine.refusal_messages import localize_refusal
from sheets_crm.errors import RefusedPlan, SheetError


def test_operators_are_told_in_their_language_with_the_numbers():
    refusal = RefusedPlan(
        "The Master has 3 leads; it had 500.",
        cause="master_shrank:500:3",
        numbers={"before": 500, "now": 3},
        remedy="Restore.",
    )
    assert localize_refusal(refusal, "es")[0] == "La Master tiene 3 leads; tenía 500."
    assert "confirm" in localize_refusal(refusal, "es")[1]
    assert localize_refusal(refusal, "en")[0] == "The Master has 3 leads; it had 500."
    assert "tick confirm on Control" in localize_refusal(refusal, "en")[1], (
        "the guide's words, not those for whoever runs the worker"
    )


def test_what_is_no_known_stop_is_told_as_it_is():
    assert localize_refusal(SheetError("Odd.", remedy="Look."), "es") == ("Odd.", "Look.")
    assert localize_refusal(RefusedPlan("Odd.", cause="new_cause:1", remedy="Look."), "es") == ("Odd.", "Look.")


def test_a_kept_refusal_without_its_numbers_keeps_its_own_words():
    refusal = RefusedPlan("3 leads.", cause="master_shrank:500:3", remedy="Restore.")
    assert localize_refusal(refusal, "es") == ("3 leads.", "Restore.")
