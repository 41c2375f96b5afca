"""Formulas' text in the spelling of locales."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.emulator.formulas.locales import to_canonical, to_locale
from sheets_crm.emulator.formulas.tokens import FormulaSyntaxError, tokenize


@pytest.mark.parametrize(
    ("spanish", "canonical"),
    [
        ("=SUM(A1;1,5)", "=SUM(A1,1.5)"),
        ('=IF(A1="a;b,c";{1\\2;3\\4};"x")', '=IF(A1="a;b,c",{1,2;3,4},"x")'),
        ("=FILTER('a;b,c'!A2:A; B2:B <> \"\")", "=FILTER('a;b,c'!A2:A, B2:B <> \"\")"),
        ("=A1*,5", "=A1*.5"),
        ("=F({1;2};{3\\4})", "=F({1;2},{3,4})"),
    ],
)
def test_spanish_and_canonical_spelling(spanish, canonical):
    """Arguments, array columns and decimals change; text, names and spaces do not."""
    assert to_canonical(spanish, "es_ES") == canonical
    assert to_locale(canonical, "es_ES") == spanish


def test_semicolons_become_commas_in_en_us():
    """A comma locale takes both, and shows commas."""
    assert to_canonical("=SUM(A1;B1)", "en_US") == "=SUM(A1,B1)"
    assert to_locale("=SUM(A1,{1;2})", "en_US") == "=SUM(A1,{1;2})"


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ('=VLOOKUP("nope", B1:B1, 1, FALSE)', '=VLOOKUP("nope", B1, 1, FALSE)'),
        ("=SUM($B$1:$B$1,B1:$B$1)", "=SUM($B$1,B1:$B$1)"),
        ("='my tab'!b2:b2+Tab!c3", "='my tab'!B2+Tab!C3"),
        ("=sum(b5:a1)", "=sum(A1:B5)"),
        ("=SUM($B5:A$1)", "=SUM(A$1:$B5)"),
        ("=SUM(a:a,1:1,b2:b,c3:9)", "=SUM(A:A,1:1,B2:B,C3:9)"),
        ("=SUM(B:A,5:2)", "=SUM(A:B,2:5)"),
        ('=INDIRECT("b1:b1")&#REF!', '=INDIRECT("b1:b1")&#REF!'),
        ("=NotARealFunction( a1 )", "=NotARealFunction( A1 )"),
    ],
)
def test_references_are_written_anew_and_the_rest_is_kept(entered, kept):
    """A range of one cell becomes that cell; capitals and the order of the ends; names, texts and spaces stay."""
    assert to_canonical(entered, "en_US") == kept
    assert to_canonical(kept, "en_US") == kept


@pytest.mark.parametrize("formula", ["=SUM(A1,B1)", "=1.5", "=SUM(A1;B1", "=A1)", "={A1,B1}", "=a ~ b", '="open'])
def test_no_formula_in_a_decimal_comma_locale(formula):
    """A comma between arguments, a point in a number, brackets that do not match."""
    with pytest.raises(FormulaSyntaxError, match="Formula parse error"):
        to_canonical(formula, "es_ES")


_parts = st.lists(
    st.sampled_from(
        [
            "A1",
            "'a b'!C2:C",
            '"t;,x"',
            "1",
            "2.5",
            "+",
            "&",
            "SUM(",
            ")",
            ",",
            "{1,2;3}",
            " ",
            "TRUE",
            "<>",
            "$A$1:B",
        ]
    ),
    max_size=12,
)


@given(_parts)
def test_there_and_back_is_the_same_formula(parts):
    """Whatever can be read is spelled in Spanish and back without loss, but for references written anew."""
    formula = "=" + "".join(parts)
    try:
        tokens = tokenize(formula)
    except FormulaSyntaxError:
        return
    assert "=" + "".join(token.text for token in tokens) == formula
    kept = to_canonical(formula, "en_US")
    assert to_canonical(to_locale(formula, "es_ES"), "es_ES") == kept
    assert to_canonical(kept, "en_US") == kept
