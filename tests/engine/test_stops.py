"""What a stopped run tells operators in their language."""

import json
from dataclasses import replace

import pytest
from snapshots import workbook

from sheets_crm.engine.hand_edits import Compared, Edit, refuse_unexplained
from sheets_crm.engine.reading import refuse_headers
from sheets_crm.engine.refusal_messages import localize_refusal
from sheets_crm.errors import RefusedPlan, SheetError, refusal_of
from sheets_crm.messages import LANGUAGES, REMEDY
from sheets_crm.messages.stops import TEXTS


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


NUMBERS = {
    "now": 3,
    "before": 500,
    "repeated": 2,
    "first": 7,
    "rows": 4,
    "leads": 50,
    "total": 60,
    "cells": 10_000_001,
}
NUMBERS |= {"lead": 7, "column": "phone"}
STOPS = [code.removeprefix("stop.") for code in TEXTS if not code.endswith(REMEDY)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stop", STOPS)
def test_every_stop_is_told_in_either_language_also_when_it_was_kept_in_the_state_folder(stop, language):
    refusal = refusal_of(f"{stop}:9:call,other", where="Master!A1", **NUMBERS)
    message, remedy = localize_refusal(refusal, language)
    texts = [TEXTS[f"stop.{stop}"], TEXTS[f"stop.{stop}{REMEDY}"]]
    assert [message[:7], remedy[:7]] == [text[LANGUAGES.index(language)][:7] for text in texts]
    assert "{" not in message + remedy
    names = ("message", "cause", "numbers", "where", "remedy", "state")
    kept = RefusedPlan(**json.loads(json.dumps({name: getattr(refusal, name) for name in names})))
    assert localize_refusal(kept, language) == (message, remedy)


def test_what_is_counted_and_listed_is_spelled_as_the_language_does():
    full = refusal_of("cells_full", cells=10_000_001)
    assert "(10.000.001)" in localize_refusal(full, "es")[0]
    assert "(10,000,001)" in full.message
    assert localize_refusal(refusal_of("step_new:call,other"), "es")[0].endswith("todavía no tiene: call, other.")


def test_a_changed_header_is_told_without_a_word_of_another_language():
    sheet = workbook().leads(1).snapshot().sheets["master"]
    with pytest.raises(RefusedPlan) as refused:
        refuse_headers({"master": replace(sheet, missing=("email",), doubled=("phone",))})
    message, _ = localize_refusal(refused.value, "es")
    assert message == "Se cambió la fila de cabecera (Master!1:1); falta o se repite: email, phone (2)."


def test_many_edits_by_hand_are_told_with_an_example_of_what_was_edited_or_went():
    book = workbook().leads(*range(1, 61)).snapshot()
    edits = tuple(Edit(n, "phone", "", "x") for n in range(5, 50))
    for compared, example in (
        (Compared(edits, (), ()), "el lead 5, en phone."),
        (Compared((), tuple(range(101, 120)), ()), "el lead 101, en LeadNumber."),
    ):
        with pytest.raises(RefusedPlan) as refused:
            refuse_unexplained(compared, book, 0.1)
        assert localize_refusal(refused.value, "es")[0].endswith(f"; por ejemplo {example}")
