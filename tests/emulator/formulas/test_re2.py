r"""Patterns mean what RE2 makes of them, after the syntax page of RE2."""

import time

import pytest

from sheets_crm.emulator.formulas.re2 import compile_re2
from sheets_crm.emulator.formulas.values import Refusal


@pytest.mark.parametrize(
    ("pattern", "text", "match"),
    [
        (r"(?i)ÉTÉ", "été", "été"),
        (r"(?i)straße", "STRAßE", "STRAßE"),
        (r"\d+", "\u0661\u06623", "3"),
        (r"\w+", "éa", "a"),
        (r"[\w]+", "éa_1", "a_1"),
        (r"\W", "aé", "é"),
        (r"[^\d]", "1\u0662", "\u0662"),
        (r"[\D]", "1\u0662", "\u0662"),
        (r"\s", "\u00a0\v ", " "),
        (r"\bb", "éb", "b"),
        (r"a(?i)B|C", "c", "c"),
        (r"a(?i)B|C", "ab", "ab"),
        (r"a(?i)B|C", "AB", None),
        (r"(a(?i)b)c", "aBc", "aBc"),
        (r"(a(?i)b)c", "aBC", None),
        (r"(?i:a)b", "Ab", "Ab"),
        (r"(?i:a)b", "AB", None),
        (r"a$", "a\n", None),
        (r"(?m)a$", "a\nb", "a"),
        (r"a.b", "a\nb", None),
        (r"(?s)a.b", "a\nb", "a\nb"),
        (r"[[:alpha:]]+", "1ab2", "ab"),
        (r"[[:punct:][:digit:]]+", "a-1.b", "-1."),
        (r"\Qa.b\E+", "a.bb", "a.bb"),
        (r"\z", "a", ""),
        (r"(?P<x>a)(?<y>b)", "ab", "ab"),
        (r"x{,2}", "x{,2}", "x{,2}"),
        (r"a{2}", "aaa", "aa"),
        (r"a+?", "aa", "a"),
        (r"\x41\x{e9}\101", "AéA", "AéA"),
        (r"(?U)a+", "aa", "a"),
        (r"\\p\Q\p\E", r"\p\p", r"\p\p"),
        ("é(?:.)$", "é\U0001f600é\U0001f600", "é\U0001f600"),
        ("b.", "\ud800b\udc00", "b\udc00"),
        ("\ud800", "a\ud800", "\ud800"),
        ("", "é", ""),
        (r"[]a]+", "a]", "a]"),
        (r"[[:^alpha:]]+", "a1-é]b", "1-é]"),
        (r"[[:^punct:]x-z]+", "-^a\n", "a\n"),
        (r"[a&&b]+", "b&a", "b&a"),
    ],
)
def test_what_a_pattern_finds(pattern, text, match):
    """The first match."""
    found = compile_re2(pattern).search(text)
    assert (found.part(0) if found else None) == match


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "[a",
        "*a",
        "a**",
        "a++",
        "a{2}{3}",
        "a{1001}",
        "(?=a)",
        "(?!a)",
        "(?<=a)b",
        "(?<!a)b",
        "(?>a)",
        r"(a)\1",
        "((?:(?:a{0}){1000}){1000}){1000}",
        "(?P<a>b)(?P=a)",
        "(?#x)",
        r"\y",
        "a\\",
        "[[:nothing:]]",
        "(?x)a",
        "[b-a]",
        r"\p{L}",
        r"[\PL]",
        r"\p{Greek}",
    ],
)
def test_what_re2_does_not_take(pattern):
    """Look-around, references back, what is no pattern at all; and Unicode classes, which RE2 has and Google has not."""
    with pytest.raises(ValueError):
        compile_re2(pattern)


@pytest.mark.parametrize(
    ("pattern", "text", "match"),
    [
        ("(a+)+$", "a" * 40 + "!", None),
        ("(?i)(?:A|aa)+\\z", "a" * 3_000 + "!", None),
        ("(?m)^(?:(\\w+) ?)+$", "one two three " * 20 + "!\nfour five", "four five"),
        ("(?P<one>(?s:.)|[^\\D]|\\v|\\Q.\\E|é|[[:alpha:]]|[\\]a\\-z])+\\b", "é\n1 .b", "é\n1 .b"),
    ],
)
def test_no_pattern_takes_long(pattern, text, match):
    """A matcher that goes back to try again would not end."""
    begun = time.monotonic()
    found = compile_re2(pattern).search(text)
    assert (found.part(0) if found else None) == match
    assert time.monotonic() - begun < 5


def test_a_pattern_that_takes_too_long_is_refused():
    """Of a text of 50,000 characters, each at many places of the pattern."""
    pattern = compile_re2("(a?){1000}=(a?){1000}(b?){1000}")
    with pytest.raises(Refusal, match="takes more time or memory"):
        pattern.search("ab" * 25_000)
    with pytest.raises(Refusal, match="takes more time or memory"):
        pattern.sub(lambda _: "", "ab" * 25_000)


def test_what_the_emulator_lacks_is_refused_by_name():
    """It is no error of Google's."""
    for pattern in (r"\C", "(?i)(?:[^a-z]{1000})(?:[^a-z]{1000})" * 20):
        with pytest.raises(Refusal, match="is not implemented by the emulator"):
            compile_re2(pattern)
