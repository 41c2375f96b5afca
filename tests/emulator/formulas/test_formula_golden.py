"""Formulas come to what Google says they come to."""

import logging

import pytest
from formula_workbook import Tab, calculator, leads
from golden import EN_US, ES_ES
from golden_functions import FUNCTIONS
from golden_library import LIBRARY
from golden_recorded import RECORDED

from sheets_crm.emulator.cells import ErrorValue
from sheets_crm.emulator.formulas.compiled import compile_formula


def answer(formula, locale):
    """Put a formula into B5 of an empty tab; give its value, its block or its error's text."""
    book = leads()
    book.sheets.append(Tab("Probe").put("B5", formula))
    results = calculator(locale).evaluate(book)
    own = results.value("Probe", 4, 1)
    covered = results.spilled("Probe")
    if not covered:
        return _shown(own)
    rows, columns = max(row for row, _ in covered) + 1, max(column for _, column in covered) + 1
    return [
        [_shown(results.value("Probe", row, column)) for column in range(1, columns)] for row in range(4, rows)
    ]


def _shown(value):
    return str(value) if isinstance(value, ErrorValue) else value


def same(found, expected):
    """Whether an answer is the expected one, and of the same kind: TRUE is not 1."""
    equal = found == pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else found == expected
    return equal and type(found) is type(expected)


@pytest.mark.long
@pytest.mark.parametrize(
    ("locale", "table"),
    [("en_US", EN_US), ("en_US", LIBRARY), ("en_US", FUNCTIONS), ("en_US", RECORDED), ("es_ES", ES_ES)],
    ids=["en_US", "library", "functions", "recorded", "es_ES"],
)
def test_formulas_come_to_what_the_table_says(locale, table):
    """All at once, since as many tests would take longer to collect than to run; each difference is named.

    In es_ES: decimal comma, semicolons, a comma between arguments is no formula.
    """
    answers = {formula: (answer(formula, locale), expected) for formula, expected in table}
    assert {formula: pair for formula, pair in answers.items() if not same(*pair)} == {}
    assert len(answers) > 10


def test_what_spills_was_said_to_spill():
    """A formula whose text says that it comes to one cell never comes to more, or its cells would not be found."""
    tables = {"en_US": [*EN_US, *LIBRARY, *FUNCTIONS, *RECORDED], "es_ES": ES_ES}
    kinds = {True: 0, False: 0}
    for locale, table in tables.items():
        for formula, expected in table:
            spills = compile_formula(formula, locale).spills
            kinds[spills] += 1
            assert spills or not isinstance(expected, list), formula
    assert min(kinds.values()) > 100


def test_a_refused_formula_says_why_once(caplog):
    """An error cell is not silent: the log has the reason, but not at every reading."""
    book = leads()
    book.sheets.append(Tab("Probe").put("A1", "=IFERROR(IMAGE(Master!C2);0)"))
    calculating = calculator()
    with caplog.at_level(logging.WARNING):
        calculating.evaluate(book)
        book["Master"].put("C2", 51.0)
        found = calculating.evaluate(book).value("Probe", 0, 0)
    assert found == ErrorValue("#NAME?", "IMAGE is not implemented by the emulator.")
    assert [record.getMessage() for record in caplog.records].count(
        "formula refused at Probe!R1C1: IMAGE is not implemented by the emulator.: =IFERROR(IMAGE(Master!C2);0)"
    ) == 1
