"""What formulas imply of how their cells show."""

import pytest

from sheets_crm.emulator.formulas.implied import implied_format


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("=TODAY()", "DATE"),
        ("=NOW()", "DATE_TIME"),
        ("=7+TODAY()", "DATE"),
        ("=TODAY()-1", "DATE"),
        ('=IF(A1="";"";TODAY()+A1)', "DATE"),
        ("=TODAY()-DATE(2026;1;1)", None),
        ("=YEAR(TODAY())", None),
        ("=A1", None),
        ("=1+", None),
        ("=TO_PERCENT(A1)", "PERCENT"),
    ],
)
def test_dates_and_percentages(formula, kind):
    """A date stays a date when days are added, and through IF."""
    assert implied_format(formula, "es_ES") == (None if kind is None else {"type": kind})
