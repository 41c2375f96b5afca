"""What a person and a tool mean by yes and no."""

import pytest

from sheets_crm.pipeline.imports.text import FALSE_WORDS, TRUE_WORDS, flag
from sheets_crm.pipeline.ticks import is_tick, is_understood


@pytest.mark.parametrize("word", [*sorted(TRUE_WORDS), "sí", "SÍ", " Verdadero ", "X", "Oui"])
def test_a_word_for_yes_is_one_in_an_output_and_as_a_tick(word):
    assert flag(word) is True
    assert is_tick(word)
    assert is_understood(word)


@pytest.mark.parametrize("word", [*sorted(FALSE_WORDS), "NO", " Falso "])
def test_a_word_for_no_is_one_in_an_output_and_as_a_tick(word):
    assert flag(word) is False
    assert not is_tick(word)
    assert is_understood(word)


@pytest.mark.parametrize("word", ["maybe", "2", "-", "true!", "sí señor"])
def test_any_other_word_is_neither(word):
    assert flag(word) is None
    assert not is_tick(word)
    assert not is_understood(word)


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_is_no_tick_and_in_an_output_nothing(blank):
    assert flag(blank) is None
    assert not is_tick(blank)
    assert is_understood(blank)


@pytest.mark.parametrize(
    ("cell", "ticked", "clear"),
    [(True, True, True), (False, False, True), (1, True, True), (0.0, False, True), (2, False, False)],
)
def test_booleans_and_numbers(cell, ticked, clear):
    assert (is_tick(cell), is_understood(cell)) == (ticked, clear)
