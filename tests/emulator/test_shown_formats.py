"""How cells show their values."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.emulator.cells import ErrorValue
from sheets_crm.emulator.entry import parse_entry
from sheets_crm.emulator.formats import render

NOW = datetime(2026, 11, 20, 10, 30)  # noqa: DTZ001 - the spreadsheet's own time


def shown(value, pattern=None, locale="en_US", kind="NUMBER"):
    return render(value, None if pattern is None else {"type": kind, "pattern": pattern}, locale)


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (5.0, "5", "5"),
        (1 / 3, "0.3333333333", "0,3333333333"),
        (3.141592653589793, "3.141592654", "3,141592654"),
        (0.1 + 0.2, "0.3", "0,3"),
        (12345.678901234, "12345.6789", "12345,6789"),
        (123456789012345.0, "123456789012345", "123456789012345"),
        (1e20, "1E+20", "1E+20"),
        (1.5e-12, "1.5E-12", "1,5E-12"),
        (0.00001, "0.00001", "0,00001"),
        (-2.5, "-2.5", "-2,5"),
        (True, "TRUE", "VERDADERO"),
        (False, "FALSE", "FALSO"),
        ("text", "text", "text"),
        (None, "", ""),
        (ErrorValue("#DIV/0!"), "#DIV/0!", "#DIV/0!"),
    ],
)
def test_automatic_format(value, english, spanish):
    """Ten significant digits, whole numbers whole, the locale's words and separators."""
    assert render(value, None, "en_US") == english
    assert render(value, None, "es_ES") == spanish


@pytest.mark.parametrize(
    ("value", "pattern", "english", "spanish"),
    [
        (1234.5, "#,##0", "1,235", "1.235"),
        (1234.5, "0.00", "1234.50", "1234,50"),
        (1234567.891, "#,##0.##", "1,234,567.89", "1.234.567,89"),
        (7.0, "000", "007", "007"),
        (0.5, "#.00", ".50", ",50"),
        (2.5, "0", "3", "3"),
        (-2.5, "0", "-3", "-3"),
        (1.005, "0.00", "1.01", "1,01"),
        (0.256, "0.0%", "25.6%", "25,6%"),
        (12345.0, "0.00E+00", "1.23E+04", "1,23E+04"),
        (0.00012, "0.00E+00", "1.20E-04", "1,20E-04"),
        (-5.0, "0;(0)", "(5)", "(5)"),
        (0.0, '0;-0;"zero"', "zero", "zero"),
        (5.0, '0 "leads"', "5 leads", "5 leads"),
        (5.0, "0\\x", "5x", "5x"),
        (5.0, "[Red]0", "5", "5"),
        (5.0, '[>3]"many";0', "many", "many"),
        (1500000.0, '0.0,,"M"', "1.5M", "1,5M"),
        (5.0, "@", "5", "5"),
        ("x", "0.00", "x", "x"),
        ("x", '@"!"', "x!", "x!"),
        ("x", '0;0;0;"<"@', "<x", "<x"),
        (1234.5, "#,##0.00 [$€-1]", "1,234.50 €", "1.234,50 €"),
        (43831.0, "yyyy-mm-dd", "2020-01-01", "2020-01-01"),
        (43831.75, "d/m/yy h:mm am/pm", "1/1/20 6:00 PM", "1/1/20 6:00 PM"),
        (43831.5, "hh:mm:ss", "12:00:00", "12:00:00"),
        (0.4375, "h:mm", "10:30", "10:30"),
        (1.5, "[h]:mm", "36:00", "36:00"),
        (46346.0, "dddd d mmmm yyyy", "Friday 20 November 2026", "viernes 20 noviembre 2026"),
        (46346.0, "ddd, mmm d", "Fri, Nov 20", "vie, nov 20"),
        (True, "0.00", "TRUE", "VERDADERO"),
        (5.125, "# ???/???", "5   1/8  ", "5   1/8  "),
        (0.5, "?/?", "1/2", "1/2"),
        (1.5, "?/?", "3/2", "3/2"),
        (5.25, "# ?/8", "5 2/8", "5 2/8"),
        (5.0, "# ?/?", "5    ", "5    "),
        (-5.25, "# ?/?", "-5 1/4", "-5 1/4"),
        (4.999, "# ?/?", "5    ", "5    "),
        (1.5, "0.??", "1.5 ", "1,5 "),
        (5.0, "??0", "  5", "  5"),
        (0.0, '"-"??', "-  ", "-  "),
        (5.0, "000,000", "000,005", "000.005"),
        (23.0, '_("$"* #,##0.00_)', " $ 23.00 ", " $ 23,00 "),
        (0.0, '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', " $ -   ", " $ -   "),
        (
            "Accounting",
            '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)',
            " Accounting ",
            " Accounting ",
        ),
        ("x", "0;-0;<@>", "<x>", "<x>"),
        (43831.75, "h a/p", "6 p", "6 p"),
        (43831.25, "h A/P", "6 A", "6 A"),
    ],
)
def test_patterns(value, pattern, english, spanish):
    """A pattern is written as in en_US and shown as the locale writes."""
    assert shown(value, pattern) == english
    assert shown(value, pattern, "es_ES") == spanish


@pytest.mark.parametrize(
    ("kind", "value", "english", "spanish"),
    [
        ("DATE", 46346.0, "11/20/2026", "20/11/2026"),
        ("TIME", 0.5, "12:00:00 PM", "12:00:00"),
        (
            "DATE_TIME",
            46346.5,
            "11/20/2026 12:00:00",
            "20/11/2026 12:00:00",
        ),  # recorded: no AM and PM, which times have
        ("PERCENT", 0.5, "50.00%", "50,00%"),
        ("NUMBER", 1234.5, "1,234.50", "1.234,50"),
        ("CURRENCY", 5.0, "$5.00", "5,00 €"),
        ("TEXT", 5.0, "5", "5"),
    ],
)
def test_a_type_without_a_pattern_is_the_locales_own(kind, value, english, spanish):
    """The API fills in the locale's default pattern."""
    assert render(value, {"type": kind}, "en_US") == english
    assert render(value, {"type": kind}, "es_ES") == spanish


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en_US", "2020-01-01"),
        ("en_US", "1,234.56"),
        ("en_US", "5.50%"),
        ("en_US", "$5"),
        ("en_US", "1/2/2020"),
        ("en_US", "11-50"),
        ("en_US", "10:30 PM"),
        ("es_ES", "1.234,56"),
        ("es_ES", "5,50%"),
        ("es_ES", "13/01/2020"),
        ("es_ES", "5 ene 2020"),
        ("es_ES", "2020-01-01 10:30:05"),
    ],
)
def test_what_is_typed_is_shown(locale, text):
    """The format that typing gives a cell shows the value as it was typed."""
    entry = parse_entry(text, locale, NOW)
    assert render(entry.value, entry.number_format, locale) == text
    assert not isinstance(entry.value, str)


@given(
    st.floats(allow_nan=False, allow_infinity=False, width=64),
    st.sampled_from(["0", "0.00", "#,##0.0", "yyyy", "0%"]),
)
def test_any_number_is_shown(number, pattern):
    """No finite number breaks a format."""
    assert isinstance(shown(number, pattern), str)
    assert isinstance(render(number, None, "es_ES"), str)
