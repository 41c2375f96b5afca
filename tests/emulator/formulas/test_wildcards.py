"""Wildcards of conditions: what they mean, in time that no number of them stretches."""

import time

import pytest

from sheets_crm.emulator.formulas.criteria import wildcard
from sheets_crm.emulator.formulas.values import Refusal


@pytest.mark.parametrize(
    ("text", "met", "missed"),
    [
        ("a*", ["a", "ab\nc"], ["ba", ""]),
        ("*a", ["a", "aba"], ["ab"]),
        ("*", ["", "x"], []),
        ("a?c", ["abc", "a\nc"], ["ac", "abbc"]),
        ("a*ab*b", ["aabb", "axabxb"], ["aab", "abb"]),
        ("**a**?", ["ab", "xay"], ["xa"]),
        ("~*~?~~*", ["*?~", "*?~x"], ["a?~"]),
        ("a~", ["a~"], ["a"]),
        ("*.*[", ["x.y["], ["xy["]),
    ],
)
def test_what_wildcards_take(text, met, missed):
    pattern = wildcard(text)
    assert [one for one in met + missed if pattern.match(one)] == met


@pytest.mark.parametrize("text", ["*a*a*a*a*a*b", "*a" * 400 + "*b", "*" + "a?" * 400 + "b", "?*" * 400 + "b"])
def test_no_wildcards_take_long(text):
    begun = time.monotonic()
    assert wildcard(text).match("a" * 20_000) is None
    assert time.monotonic() - begun < 2


def test_wildcards_without_end_are_refused():
    with pytest.raises(Refusal, match="not implemented by the emulator"):
        wildcard("*" + "a" * 1_000)


def test_a_count_that_could_hang_everybody_is_answered(raw):
    raw.put("A1:B1", [["a" * 150, '=COUNTIF(A1,"*a*a*a*a*a*b")&COUNTIF(A1,"*a*a*a*a*a*")']], "USER_ENTERED")
    assert raw.values("B1") == [["01"]]
    raw.put("A1:B1", [["a", f'=COUNTIF(A1,"{"*a" * 600}")']], "USER_ENTERED")
    assert raw.values("B1") != [["0"]]
