"""What Google makes of typed text."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_crm.emulator.entry import Entry, parse_entry

NOW = datetime(2026, 11, 20, 10, 30)  # noqa: DTZ001 - the spreadsheet's own time


def _number(pattern, kind="NUMBER"):
    return {"type": kind, "pattern": pattern}


PLAIN = [("5", 5.0), ("-5", -5.0), ("+34600123456", 34600123456.0), ("007", 7.0), (" 5 ", 5.0), ("(5)", -5.0)]
TEXTS = [
    "hello",
    "51-200",
    "a@b.com",
    "2020-01-01T10:00:00Z",
    "1-2-3-4",
    "31/02/2020x",
    "2020-13-01",
    "12:75",
    "1e400",
    "=",
    "+",
    "-A1",
    "  padded text ",
    "10 %x",
]


@pytest.mark.parametrize("locale", ["en_US", "es_ES"])
@pytest.mark.parametrize(("text", "value"), PLAIN)
def test_plain_numbers(locale, text, value):
    """Signs and leading zeros are a number's, and its format stays automatic."""
    assert parse_entry(text, locale, NOW) == Entry(value)


@pytest.mark.parametrize("locale", ["en_US", "es_ES"])
@pytest.mark.parametrize("text", TEXTS)
def test_texts(locale, text):
    """What looks like nothing else stays as typed."""
    assert parse_entry(text, locale, NOW) == Entry(text)


@pytest.mark.parametrize(
    ("locale", "text", "value", "pattern"),
    [
        ("en_US", "1,234.56", 1234.56, _number("#,##0.00")),
        ("en_US", "1,234", 1234.0, _number("#,##0")),
        ("en_US", "5.10", 5.1, None),
        ("en_US", "1e5", 100_000.0, _number("0.00E+00", "SCIENTIFIC")),
        ("en_US", "5%", 0.05, _number("0%", "PERCENT")),
        ("en_US", "5.5%", 0.055, _number("0.00%", "PERCENT")),
        ("en_US", "$1,234.50", 1234.5, _number('"$"#,##0.00', "CURRENCY")),
        ("en_US", "-$5", -5.0, _number('"$"#,##0', "CURRENCY")),
        ("en_US", "2020-01-01", 43831.0, _number("yyyy-mm-dd", "DATE")),
        ("en_US", "1/2/2020", 43832.0, _number("m/d/yyyy", "DATE")),
        ("en_US", "01/02/2020", 43832.0, _number("mm/dd/yyyy", "DATE")),
        ("en_US", "1-2", 46024.0, _number("m-d", "DATE")),
        ("en_US", "11-50", 18568.0, _number("m-yy", "DATE")),
        ("en_US", "Jan 5, 2020", 43835.0, _number("mmm d, yyyy", "DATE")),
        ("en_US", "10:30", 0.4375, _number("h:mm", "TIME")),
        ("en_US", "10:30 pm", 0.9375, _number("h:mm am/pm", "TIME")),
        ("en_US", "36:00:00", 1.5, _number("[h]:mm:ss", "TIME")),
        ("en_US", "2020-01-01 12:00", 43831.5, _number("yyyy-mm-dd h:mm", "DATE_TIME")),
        ("es_ES", "1.234,56", 1234.56, _number("#,##0.00")),
        ("es_ES", "5,10", 5.1, None),
        ("es_ES", "5,5%", 0.055, _number("0.00%", "PERCENT")),
        ("es_ES", "5 €", 5.0, _number('#,##0 "€"', "CURRENCY")),
        ("es_ES", "1/2/2020", 43862.0, _number("d/m/yyyy", "DATE")),
        ("es_ES", "13/1/2020", 43843.0, _number("d/m/yyyy", "DATE")),
        ("es_ES", "2020-01-01", 43831.0, _number("yyyy-mm-dd", "DATE")),
        ("es_ES", "1-2", 46054.0, _number("d-m", "DATE")),
        ("es_ES", "5.10", 46300.0, _number("d.m", "DATE")),
        ("es_ES", "5 ene 2020", 43835.0, _number("d mmm yyyy", "DATE")),
    ],
)
def test_what_gets_a_format(locale, text, value, pattern):
    """Money, percentages, dates and times, in the locale's order and separators."""
    found = parse_entry(text, locale, NOW)
    assert found.value == pytest.approx(value, rel=1e-15)
    assert found == Entry(found.value, None, pattern)


@pytest.mark.parametrize(
    ("locale", "text"), [("en_US", "1.234,56"), ("es_ES", "1,234.56"), ("en_US", "13/1/2020")]
)
def test_the_other_locales_spelling_is_text(locale, text):
    """A decimal comma in an English sheet is no number, nor a month 13."""
    assert parse_entry(text, locale, NOW) == Entry(text)


def test_words_for_true_and_false():
    """Each locale's words, and English ones everywhere."""
    assert parse_entry("true", "es_ES", NOW) == Entry(value=True)
    assert parse_entry("FALSO", "es_ES", NOW) == Entry(value=False)
    assert parse_entry("FALSO", "en_US", NOW) == Entry("FALSO")


def test_formulas_and_forced_text():
    """An equals sign begins a formula, so does a plus before no number; an apostrophe forces text."""
    assert parse_entry("=A1+1", "en_US", NOW) == Entry(formula="=A1+1")
    assert parse_entry("+A1", "en_US", NOW) == Entry(formula="=+A1")
    assert parse_entry("+34 600 123", "es_ES", NOW) == Entry(formula="=+34 600 123")
    assert parse_entry("'=A1", "en_US", NOW) == Entry("=A1")
    assert parse_entry("'007", "en_US", NOW) == Entry("007")
    assert parse_entry("", "en_US", NOW) == Entry()


@pytest.mark.long
@settings(max_examples=20)
@given(st.text(max_size=20), st.sampled_from(["en_US", "es_ES", "de_DE", "xx_XX"]))
def test_any_text_becomes_something(text, locale):
    """No text raises, and a value that is kept as text is the text."""
    found = parse_entry(text, locale, NOW)
    if isinstance(found.value, str):
        assert found.value in (text, text[1:])


@pytest.mark.long
@given(st.text(max_size=20), st.sampled_from(["en_US", "es_ES", "de_DE", "xx_XX"]))
def test_any_text_becomes_something_at_length(text, locale):
    test_any_text_becomes_something.hypothesis.inner_test(text, locale)


@given(st.integers(-(10**14), 10**14), st.sampled_from(["en_US", "es_ES"]))
def test_whole_numbers_come_back(number, locale):
    """What is typed as digits is that number."""
    assert parse_entry(str(number), locale, NOW) == Entry(float(number))
