"""What Google says of a formula's error, and which of several errors it is."""

import pytest
from formula_workbook import Tab, calculator, leads

from sheets_crm.emulator.cells import ErrorValue

# Answers that Google is known to have sent, word for word; the marks are those of the module of reasons.
SAID = [
    # A.
    ("=1/0", "#DIV/0!", "Function DIVIDE parameter 2 cannot be zero."),
    ("=NotARealFunction()", "#NAME?", "Unknown function: 'NotARealFunction'."),
    ("=A1:Z1 A30:Z30", "#ERROR!", "Formula parse error."),
    ("=SQRT(-1)", "#NUM!", "Function SQRT parameter 1 value is negative. It should be positive or zero."),
    ('=VLOOKUP("nope", B1:B1, 1, FALSE)', "#N/A", "Did not find value 'nope' in VLOOKUP evaluation."),
    (
        '="a"+1',
        "#VALUE!",
        "Function ADD parameter 1 expects number values. But 'a' is a text and cannot be coerced to a number.",
    ),
    (
        "=LAMBDA(x, x+1)",
        "#N/A",
        "Function LAMBDA should be followed by a call containing the actual values.",
    ),
    ("=NA()", "#N/A", ""),
    # B.
    (
        '=2*"Currency"',
        "#VALUE!",
        "Function MULTIPLY parameter 2 expects number values. But 'Currency' is a text and cannot be coerced to a number.",
    ),
    (
        "=IF(1)",
        "#N/A",
        "Wrong number of arguments to IF. Expected between 2 and 3 arguments, but got 1 arguments.",
    ),
    ("=Nobody", "#NAME?", "Unknown range name: 'NOBODY'."),
    (
        "=M30",
        "#REF!",
        "Circular dependency detected. To resolve with iterative calculation, see File > Settings.",
    ),
    ("=Missing!A1", "#REF!", "Unresolved sheet name 'Missing'."),
    ("=#REF!", "#REF!", "Reference does not exist."),
    ("=FILTER(A1:A2,A1:A2=9)", "#N/A", "No matches are found in FILTER evaluation."),
    (
        "=FILTER(A1:A3,{TRUE;FALSE})",
        "#N/A",
        (
            "FILTER has mismatched range sizes. Expected row count: 3. column count: 1. "
            "Actual row count: 2, column count: 1."
        ),
    ),
    ('=MATCH("x",A1:A3,0)', "#N/A", "Did not find value 'x' in MATCH evaluation."),
    ("=VLOOKUP(3,A1:B3,7,FALSE)", "#REF!", "VLOOKUP evaluates to an out of bounds range."),
    ('=FIND("x","y")', "#VALUE!", "In FIND evaluation, cannot find 'x' within 'y'."),
    (
        '=FIND("x","xx",0)',
        "#VALUE!",
        "Function FIND parameter 3 value is 0. It should be greater than or equal to 1.",
    ),
    ("=AVERAGE(Z1:Z3)", "#DIV/0!", "Evaluation of function AVERAGE caused a divide by zero error."),
    ("=MOD(5,0)", "#DIV/0!", "Function MOD parameter 2 cannot be zero."),
    ("=COUNTIFS(A1:A3,1,B1:B2,1)", "#VALUE!", "Array arguments to COUNTIFS are of different size."),
    ("={1,2;3}", "#VALUE!", "In ARRAY_LITERAL, an Array Literal was missing values for one or more rows."),
    (
        '=REGEXMATCH("a","(")',
        "#REF!",
        'Function REGEXMATCH parameter 2 value "(" is not a valid regular expression.',
    ),
    ("=OFFSET(A1,-1,0)", "#REF!", "Function OFFSET evaluates to an out of bounds range."),
    ("=ISFORMULA(1)", "#N/A", "Argument must be a range."),
    (
        '=INDIRECT("foo")',
        "#REF!",
        "Function INDIRECT parameter 1 value is 'foo'. It is not a valid cell/range reference.",
    ),
    (
        '=DATEDIF(44900,44800,"D")',
        "#NUM!",
        "Function DATEDIF parameter 1 (44900) should be on or before Function DATEDIF parameter 2 (44800).",
    ),
    ('=DATEVALUE("x")', "#VALUE!", "DATEVALUE parameter 'x' cannot be parsed to date/time."),
    (
        "=ASIN(2)",
        "#NUM!",
        "Function ASIN parameter 1 value is 2. Valid values are between -1 and 1 inclusive.",
    ),
]


def worked_out(formula):
    book = leads()
    book.sheets.append(Tab("Probe").put("M30", formula).put("A1", 3.0).put("A2", "t").put("A3", True))
    return calculator().evaluate(book).value("Probe", 29, 12)


@pytest.mark.parametrize(("formula", "kind", "words"), SAID)
def test_the_reason_is_googles(formula, kind, words):
    """The code and the words, which name the function an operator stands for."""
    assert worked_out(formula) == ErrorValue(kind, words)


@pytest.mark.parametrize(
    ("formula", "function"),
    [
        ('="a"-1', "MINUS parameter 1"),
        ('=1-"a"', "MINUS parameter 2"),
        ('="a"*1', "MULTIPLY parameter 1"),
        ('=1/"a"', "DIVIDE parameter 2"),
        ('=2^"a"', "POW parameter 2"),
        ('=-"a"', "UMINUS parameter 1"),
        ('="a"%', "UNARY_PERCENT parameter 1"),
        ('=MINUS(1,"a")', "MINUS parameter 2"),
        ('=ROUND(1,"a")', "ROUND parameter 2"),
        ('=SUM(1,"a")', "SUM parameter 2"),
        ('=DATE(2026,"a",1)', "DATE parameter 2"),
        ('=INDEX(ARRAYFORMULA({1;"a"}+1),2)', "ADD parameter 1"),
        ('=INDEX(ARRAYFORMULA(ROUND({1;"a"})),2)', "ROUND parameter 1"),
    ],
)
def test_text_for_a_number_names_function_and_argument(formula, function):
    """For single cells and for arrays alike."""
    words = f"Function {function} expects number values. But 'a' is a text and cannot be coerced to a number."
    assert worked_out(formula) == ErrorValue("#VALUE!", words)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=("a"+1)+NOTAFUNCTION()', "#VALUE!"),
        ('=NOTAFUNCTION()+("a"+1)', "#NAME?"),
        ("=1/0+SQRT(-1)", "#DIV/0!"),
        ("=SQRT(-1)+1/0", "#NUM!"),
        ('=("a"+1)+QUERY(A1)', "#VALUE!"),
        ('=1/0&("a"+1)', "#DIV/0!"),
        ("=SQRT(-1)=1/0", "#NUM!"),
        ('=SUM(1/0,"a")', "#DIV/0!"),
        ("=ROUND(SQRT(-1),1/0)", "#NUM!"),
        ("=INDEX(ARRAYFORMULA({1;0}/{0;0}+SQRT({-1;-1})),1)", "#DIV/0!"),
        ("=INDEX(ARRAYFORMULA(SQRT({-1;-1})+{1;0}/{0;0}),1)", "#NUM!"),
        ("=IF(TRUE,1,1/0)", 1.0),
    ],
)
def test_the_left_error_comes_first(formula, expected):
    """Operands and arguments are worked out from the left; what failed first is the result."""
    found = worked_out(formula)
    assert (found.type if isinstance(found, ErrorValue) else found) == expected


def test_an_error_inside_an_array_stays_in_its_own_cell():
    """HSTACK and its like put errors where they belong."""
    for formula in (
        "=HSTACK(1,1/0)",
        "={1,1/0}",
        "=CHOOSECOLS({1,1/0},1,2)",
        "=TOROW({1;1/0})",
        "=TAKE({1,1/0},1)",
    ):
        book = leads()
        book.sheets.append(Tab("Probe").put("A1", formula))
        results = calculator().evaluate(book)
        assert results.value("Probe", 0, 0) == 1.0, formula
        assert results.value("Probe", 0, 1).type == "#DIV/0!", formula


def test_a_missing_function_is_told_apart_from_an_unknown_one():
    """Google has QUERY, the emulator has not; that cell says so, and IFERROR does not hide it."""
    assert worked_out("=QUERY(A1:A3)") == ErrorValue("#NAME?", "QUERY is not implemented by the emulator.")
    assert worked_out("=IFERROR(query(A1:A3),5)").message == "QUERY is not implemented by the emulator."
    assert worked_out("=aggregate(9,0,A1)") == ErrorValue("#NAME?", "Unknown function: 'aggregate'.")
    assert worked_out("=IFERROR(AGGREGATE(9,0,A1),5)") == 5.0
    assert worked_out("=IF(FALSE,QUERY(A1),NOTAFUNCTION())").message == "Unknown function: 'NOTAFUNCTION'."
