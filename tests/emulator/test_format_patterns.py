"""Number format patterns: the tokens and examples of Google's guide, and that no pattern breaks."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_crm.emulator.dates import serial_of
from sheets_crm.emulator.formats import render
from sheets_crm.emulator.page.number_colors import number_color

MOMENT = serial_of(datetime(2016, 4, 5, 16, 8, 53, 528_000))  # noqa: DTZ001 - a spreadsheet's own time
DURATION = (3 * 3600 + 13 * 60 + 41.255) / 86_400
HIGH_OR_LOW = '[>1000]"HIGH";[Color43][<=200]"LOW";0000'
COLOURS = "[Blue]#,##0;[Red]#,##0;[Green]0.0;[Magenta]_(@_)"


def shown(value, pattern, locale="en_US"):
    return render(value, {"type": "NUMBER", "pattern": pattern}, locale)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("h:mm:ss.00 a/p", "4:08:53.53 p"),
        ('hh:mm A/P".M."', "04:08 P.M."),
        ("yyyy-mm-dd", "2016-04-05"),
        ("mmmm d \\[dddd\\]", "April 5 [Tuesday]"),
        ("h PM, ddd mmm dd", "4 PM, Tue Apr 05"),
        ("dddd, m/d/yy at h:mm", "Tuesday, 4/5/16 at 16:08"),
        ("hh:MM", "16:04"),
        ("h:M:s", "16:4:54"),
        ("h:mm am/pm", "4:08 PM"),
        ("s.0 s.00 s.000", "53.5 53.53 53.528"),
        ("mmmmm|mmmmmm|ddddd", "A|April|Tuesday"),
        ("y yy yyy yyyyy", "16 16 2016 2016"),
    ],
)
def test_dates_of_the_guide(pattern, text):
    """The documented examples (A) and tokens: ``M`` is the month also after hours, fractions are rounded."""
    if pattern.startswith("s.0"):
        for part, expected in zip(pattern.split(), text.split(), strict=True):
            assert shown(MOMENT, part) == expected
    else:
        assert shown(MOMENT, pattern) == text


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("[hh]", "03"),
        ("[mmmm]", "0193"),
        ("[ss]", "11621"),
        ("[ss].000", "11621.255"),
        ("[hh]:[mm]:[ss].000", "03:13:41.255"),
        ("[mmmm]:[ss].000", "0193:41.255"),
        ("[h]:mm:ss.0", "3:13:41.3"),
    ],
)
def test_durations_of_the_guide(pattern, text):
    """One elapsed unit counts all (A); smaller ones after it what it leaves (C)."""
    assert shown(DURATION, pattern) == text


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (12345.125, "####.#", "12345.1"),
        (12.34, "000.0000", "012.3400"),
        (12, "#.0#", "12.0"),
        (5.125, "# ???/???", "5   1/8  "),
        (12000, "#,###", "12,000"),
        (1230000, '0.0,,"M"', "1.2M"),
        (1234500000, "0.00e+00", "1.23e+09"),
        (123114.15115, '###0.000;"TEXT: "_(@_)', "123114.151"),
        ("MyText", '###0.000;"TEXT: "_(@_)', "TEXT:  MyText "),
        (1234, COLOURS, "1,234"),
        (-1234, COLOURS, "1,234"),
        (0, COLOURS, "0.0"),
        ("MyText", COLOURS, " MyText "),
        (1005, HIGH_OR_LOW, "HIGH"),
        (32, HIGH_OR_LOW, "LOW"),
        (527, HIGH_OR_LOW, "0527"),
        (3, "00.0", "03.0"),
        (12, "##0", "12"),
        (12.4, "???.???", " 12.4  "),
        (3, "#0.#", "3."),
        (0.25, "#%", "25%"),
        (12_200_000, "#0.0,,", "12.2"),
        (1e-7, "##0.00#E+##", "100.00E-9"),
        (23.25, "0 #/#", "23 1/4"),
        (23.25, "0 #/8", "23 2/8"),
        (23.1, "0 #/3", "23"),
        (10, "\\#0", "#10"),
        (50, '[<100]"Low";[>1000]"High";000', "Low"),
        (1500, '[<100]"Low";[>1000]"High";000', "High"),
        (150, '[<100]"Low";[>1000]"High";000', "150"),
    ],
)
def test_numbers_of_the_guide(value, pattern, text):
    """Every documented example of a number (A), with the blanks that the page's table folds."""
    assert shown(value, pattern) == text


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (50, '[>100]"a";[<10]"b"', "###"),
        (50, '[>100]"a"', "###"),
        (99, "[>=100]0;0.0", "99.0"),
        (50, '[>100]"a";(0);"else"', "else"),
        (-50, '[>100]"a";(0);"else"', "(50)"),
        (-5, "[>=0]0;(0)", "(5)"),
        (-5, "0;@", "-5"),
        (0, '0;(0);"="@', "0"),
        ("x", '[>100]"a";[<10]"b";0;"<"@', "<x"),
    ],
)
def test_sections(value, pattern, text):
    """What no section takes is # signs, a text section at the end is not one for numbers (A); the rest C."""
    assert shown(value, pattern) == text


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (1234567, "0000-0000", "0123-4567"),
        (5551234567, "(000) 000-0000", "(555) 123-4567"),
        (-1234567, "0000-0000", "-0123-4567"),
        (1234.5, "00-00 #/#", "12-34 1/2"),
        (12.34, "0.0-0", "12.3-4"),
        (12.34, "0.0.0", "12.3.4"),
        (9.999, "0.00E+00", "1.00E+01"),
        (99999, "0.0E+0", "1.0E+5"),
        (12345, "##0.0E+0", "12.3E+3"),
        (999999, "##0.0E+0", "1.0E+6"),
        (12345, ".00E+0", ".12E+5"),
        (0, "0.0E+0", "0.0E+0"),
        (-0.001, "0.00", "0.00"),
        (267.49999999999994, "0", "268"),
        (0.4999999999, "0", "0"),
        (12000, "0,", "12"),
        (1234567.5, "#,##0,.0", "1,234.6"),
        (-193 / 1440, "[h]:mm", "-3:13"),
        (-0.0001, "[h]:mm", "0:00"),
        (1e8, "[h]:mm", "2400000000:00"),
        (42465.99999999, "d h:mm:ss", "6 0:00:00"),
        (42465.99999999, "d h:mm", "5 23:59"),
        (42465.99999999, "d h:mm:ss.000", "5 23:59:59.999"),
    ],
)
def test_as_spreadsheets_do(value, pattern, text):
    """Not documented (C): one run of digits over literals, exponents after rounding, rounding that carries."""
    assert shown(value, pattern) == text


def test_a_fraction_of_a_second_has_the_locales_mark():
    """As other decimals."""
    assert shown(MOMENT, "h:mm:ss.00", "es_ES") == "16:08:53,53"


TOKENS = [
    *(
        "h",
        "hh",
        "m",
        "mm",
        "M",
        "mmm",
        "s",
        "ss",
        "d",
        "ddd",
        "y",
        "yyyy",
        "a/p",
        "am/pm",
        "PM",
        "[h]",
        "[mm]",
        "[ss]",
    ),
    *(
        "0",
        "00",
        "#",
        "?",
        ".",
        ",",
        "%",
        "E+0",
        "e-##",
        "E",
        "/",
        "8",
        "0.00",
        "#,##0",
        "?/?",
        "#/16",
        "@",
        "*",
        "_",
    ),
    *(
        "\\",
        '"',
        '"x"',
        "$",
        "-",
        "+",
        "(",
        ")",
        ":",
        ";",
        "[",
        "]",
        "[>1]",
        "[<=-2.5]",
        "[Red]",
        "[Color9]",
        "[$€-1]",
    ),
]


@pytest.mark.long
@settings(max_examples=400, deadline=1000)
@given(
    st.lists(st.sampled_from([*TOKENS, " ", "é", "\n"]), max_size=25).map("".join),
    st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**15), 10**15).map(float),
)
def test_no_pattern_breaks(pattern, number):
    """Any tokens in any order show any finite number and any text, in bounded time."""
    assert isinstance(shown(number, pattern), str)
    assert isinstance(shown("text", pattern), str)


@pytest.mark.long
@pytest.mark.parametrize("token", [*TOKENS, "[h", "[$", "m s", "0,", "0-", "0 ", "# ", "0/9", "1", "#/1"])
def test_long_patterns_show_any_number(token):
    """Ten thousand times the same token neither fails nor takes for ever."""
    for before in ("", "0", "0/1", "[h]", "0E+0"):
        for number in (1.7e308, -5e-324, 1234.5678):
            assert isinstance(shown(number, before + token * 10_000), str)


def test_cells_show_their_patterns_over_the_wire(raw):
    """Formatted values of the API go by the same rules."""
    patterns = [(150, '[<100]"Low";[>1000]"High";000'), (MOMENT, "hh:MM"), (DURATION, "[hh]:[mm]:[ss].000")]
    raw.put("A1:C1", [[value for value, _ in patterns]])
    for column, (_, pattern) in enumerate(patterns):
        cell = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": pattern}}}
        area = {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": column, "endColumnIndex": column + 1}
        raw.ok({"repeatCell": {"range": area, "cell": cell, "fields": "userEnteredFormat.numberFormat"}})
    assert raw.values("A1:C1") == [["150", "16:04", "03:13:41.255"]]


@pytest.mark.parametrize(
    ("value", "pattern", "color"),
    [
        (-1.0, COLOURS, "#ff0000"),
        (0.0, COLOURS, "#00ff00"),
        (5.0, "[>3][Red]0;[Blue]0", "#ff0000"),
        (2.0, "[Red][>3]0;[Blue]0", "#0000ff"),
        (2.0, "[Red][>3]0", None),
        (-2.0, "[Red]0;@", "#ff0000"),
    ],
)
def test_the_page_draws_a_number_in_the_colour_of_its_section(value, pattern, color):
    """Also where a condition chooses the section."""
    assert number_color(pattern, value) == color
