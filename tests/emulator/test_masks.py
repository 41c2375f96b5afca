"""Field masks: their spellings, and what they keep and clear."""

import pytest

from sheets_crm.emulator.errors import ApiError
from sheets_crm.emulator.masks import apply_mask, covers, merge_masked, parse_mask, required_mask

WHOLE = {"a": {"b": 1, "c": [{"d": 2, "e": 3}, {"e": 4}]}, "f": 5}


@pytest.mark.parametrize("text", ["a.b,a.c.d", "a/b,a/c/d", "a(b,c(d))", "a(b,c.d)", " a.b , a/c.d "])
def test_spellings(text):
    assert parse_mask(text) == {"a": {"b": {}, "c": {"d": {}}}}


def test_snake_case_and_stars():
    assert parse_mask("row_data.values") == {"rowData": {"values": {}}}
    assert apply_mask(WHOLE, parse_mask("a.*")) == {"a": WHOLE["a"]}
    assert apply_mask(WHOLE, parse_mask("*")) == WHOLE
    assert parse_mask("") == {}


@pytest.mark.parametrize("text", ["a(b", "a)b", "a(b))", ",a", "a b", "a.(b)"])
def test_what_is_no_mask(text):
    with pytest.raises(ApiError, match="Invalid field mask"):
        parse_mask(text)


def test_items_of_lists_stay_though_empty():
    assert apply_mask(WHOLE, parse_mask("a.c.d,g")) == {"a": {"c": [{"d": 2}, {}]}}


def test_covers_looks_up_and_down():
    mask = parse_mask("a.b")
    assert covers(mask, "a")
    assert covers(mask, "a", "b", "below")
    assert not covers(mask, "a", "c")
    assert covers({}, "anything")


def test_a_masked_field_that_is_not_given_is_cleared_and_others_stay():
    old = {"a": {"b": 1, "c": 2}, "d": 3}
    assert merge_masked(old, {"a": {"b": 9, "c": 9}}, parse_mask("a.b")) == {"a": {"b": 9, "c": 2}, "d": 3}
    assert merge_masked(old, {}, parse_mask("a.b")) == {"a": {"c": 2}, "d": 3}
    assert merge_masked(old, {}, parse_mask("d,a")) == {}
    assert merge_masked(old, {"d": 4}, parse_mask("*")) == {"d": 4}


def test_a_request_must_say_what_it_changes():
    with pytest.raises(ApiError, match="At least one field must be listed"):
        required_mask({})
