"""findReplace by a regular expression: Java's rules, in time that no expression can stretch."""

import time

import pytest

from sheets_crm.emulator.expressions import engine
from sheets_crm.emulator.expressions.replacing import Replacer


def replaced(find, replacement, text, *, match_case=True, whole=False):
    replacer = Replacer(find, fold=not match_case, whole=whole)
    return replacer.replace(text, replacer.replacement(replacement))


def find(text, replacement="", **more):
    return {
        "findReplace": {
            "find": text,
            "replacement": replacement,
            "searchByRegex": True,
            "allSheets": True,
            **more,
        }
    }


@pytest.mark.parametrize(
    ("expression", "replacement", "text", "expected"),
    [
        ("o.* (.*)", "$1 Rocks", "Google Sheets", "GSheets Rocks"),  # the sample of Google's reference
        (r"\p{Lu}", "_", "Aé É b", "_é _ b"),
        (r"\P{L}", "_", "Aé É1", "Aé_É_"),
        (r"\pL+", "_", "Aé É1", "_ _1"),
        (r"\p{Alpha}\P{Digit}", "_", "aé1", "_1"),
        (r"(?<n>a)(b)", "${n}-$2", "xab", "xa-b"),
        ("(b)", r"\$1\\$12", "b", r"$1\b2"),
        (r"\Qa.b\E+", "x", "a.bbb axb", "x axb"),
        (r"\h+", "_", "a \t\u00a0b\n", "a_b\n"),
        (r"\d\D\w\W\s\S", "_", "1aé-\t.1ab- .", "1aé-\t._"),
        ("[]a]+|[^\\]b-]", "x", "]a]b-c", "xb-x"),
        (r"[\d\-a\x41\u0042\t-]+", "x", "1-aAB\tz", "xz"),
        ("(x)?y", "<$1>", "y", "<>"),
        ("a*", "-", "baac", "-b--c-"),
        ("a*?", "-", "ab", "-a-b-"),
        ("^|$", "|", "a\nb", "|a\nb|"),
        ("(?m)^|$", "|", "a\nb", "|a|\n|b|"),
        ("a.b(?s:a.b)", "x", "a\nba\nb", "a\nba\nb"),
        ("(?s:a.b)", "x", "a\nb", "x"),
        ("(?i)B(?-i)c", "x", "bc bC", "x bC"),
        ("(a|ab)(c|bcd)?", "[$1|$2]", "abcd", "[a|bcd]"),
        ("(a|b)*?c", "<$1>", "ababc", "<b>"),
        ("(?:(a)|b){2,3}", "<$1>", "abbab", "<a><a>"),
        ("(.*?)+", "-", "ab", "-a-b-"),
        ("(?:a|b)+c{2}(d?){3}", "x", "abccdd", "x"),
    ],
)
def test_expressions_and_replacements_follow_javas_rules(expression, replacement, text, expected):
    assert replaced(expression, replacement, text)[0] == expected


def test_case_counts_only_where_it_is_asked():
    assert replaced("[a-c]+É", "x", "ABcé", match_case=False) == ("x", 1)
    assert replaced("[a-c]+É", "x", "ABcé") == ("ABcé", 0)


def test_a_whole_cell_is_matched_by_the_alternative_that_fits_it():
    assert replaced("a|ab", "x", "ab", whole=True) == ("x", 1)
    assert replaced("a|ab", "x", "abc", whole=True) == ("abc", 0)


@pytest.mark.parametrize(
    ("expression", "text", "count"),
    [
        ("(a+)+$", "a" * 40 + "!", 0),
        ("(a|aa)+$", "a" * 5_000 + "!", 0),
        ("(?:a?){300}a{300}", "a" * 300, 1),
        (r".*.*.*.*=", "a" * 4_000, 0),
        ("(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)", "ab" * 10, 1),
    ],
)
def test_no_expression_takes_long(expression, text, count):
    begun = time.monotonic()
    assert replaced(expression, "x", text)[1] == count
    assert time.monotonic() - begun < 5


def test_a_search_that_could_hang_everybody_is_answered(raw):
    raw.put("A1", [["a" * 40 + "!"]])
    assert raw.ok(find("(a+)+$", "x"))["replies"] == [{"findReplace": {}}]
    raw.put("A1:A2", [["a" * 40], ["Sheets"]])
    reply = raw.ok(find("(a+)+$", "x", matchEntireCell=True))["replies"][0]["findReplace"]
    assert reply == {"valuesChanged": 1, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 1}
    assert raw.values("A1:A2") == [["x"], ["Sheets"]]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("a(?=b)", "Look-around in a regular expression is not implemented by the emulator."),
        ("(?<!b)a", "Look-around in a regular expression is not implemented by the emulator."),
        (r"(a)\1", "A back reference in a regular expression is not implemented by the emulator."),
        ("[a-z&&[^b]]", "A set within a set in a regular expression is not implemented by the emulator."),
        ("[a[b]]", "A set within a set in a regular expression is not implemented by the emulator."),
        ("a++", "A possessive quantifier in a regular expression is not implemented by the emulator."),
        ("(?>a)", "An atomic group in a regular expression is not implemented by the emulator."),
        ("(?x)a", "A flag d, x or U in a regular expression is not implemented by the emulator."),
        (r"\p{IsLatin}", r"\p{IsLatin} in a regular expression is not implemented by the emulator."),
        (r"\R", r"\R in a regular expression is not implemented by the emulator."),
        ("a{5000}", "Repeating more than 1000 times in a regular expression is not implemented by the emulator."),
        (r"a\Z", r"\Z in a regular expression is not implemented by the emulator."),
        ("((a{30}){30}){30}", "A regular expression as large as this is not implemented by the emulator."),
        *(
            (wrong, f"Invalid regular expression: {wrong}")
            for wrong in ["(", "(" * 300, "a)", "a)(b", "*a", "a**", "a{2", "a{3,2}", "[a", "[z-a]", "\\", r"\y", "(?y)a", "(?<n>a)(?<n>b)",
                          r"\x{110000}", r"[a-\d]"]
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_sought_is_refused(raw, expression, message):
    assert raw.refused(find(expression)) == f"Invalid requests[0].findReplace: {message}"


@pytest.mark.parametrize("replacement", ["$2", "$", "${m}", "\\", "$x"])
def test_a_replacement_that_names_no_group_is_refused(raw, replacement):
    message = raw.refused(find("(?<n>a)", replacement))
    assert message == f"Invalid requests[0].findReplace: Invalid replacement: {replacement}"


def test_a_search_that_takes_too_long_is_refused(raw):
    raw.put("A1", [["ab" * 25_000]])
    for heavy in ("(a?){1000}=(b?){1000}", "(a*){500}=((b*)*){300}" + "(a?)" * 400):
        message = raw.refused(find(heavy, "x"))
        assert message.endswith(
            "This regular expression takes more time or memory than the emulator lets it take."
        )


def test_the_time_of_all_searches_counts(raw, monkeypatch):
    raw.put("A1", [["ab" * 2_000]])
    monkeypatch.setattr(engine, "_MOST_SECONDS", 0.001)
    message = raw.refused(find(".*=|.", "x"))
    assert message.endswith("This regular expression takes more time or memory than the emulator lets it take.")


@pytest.mark.long
def test_what_replacements_come_to_is_bounded(raw):
    raw.put("A1", [["a" * 1_000]])
    message = raw.refused(find("(a)", "$1" * 15_000))
    assert message.endswith("This regular expression takes more time or memory than the emulator lets it take.")


@pytest.mark.parametrize(
    ("expression", "replacement", "text", "expected"),
    [
        ("é(.)", "<$1>", "xxé\U0001f600é", "xx<\U0001f600>é"),
        ("é*", "-", "bééb", "-b--b-"),
        ("\ud800?b", "<$0>", "\ud800b\udc00", "<\ud800b>\udc00"),
        (r"\ud83d\ude00|[a-\ud83D\uDE01]", "x", "\U0001f600-\U0001f601", "x-x"),
        (r"\ud83d\n", "x", "\ud83d\n", "x"),
        (r"\u00e9\x{1F600}\0101", "x", "é\U0001f600A", "x"),
        (r"[^\H\V]|[\h\v]", "_", "a\u2028b\u00a0c\x0bd", "a_b_c_d"),
        (r"\s\p{gc=Lu}[\p{Space}\P{IsL}]", "_", "\x0bÉ\x0b", "_"),
        ("(?u)é(?iu-m:É)(?u:.)", "x", "ééé", "x"),
        (r"[\Qa-]\E]+", "x", "-a]b", "xb"),
        (r"$|\bb", "-", "ab b", "ab --"),
    ],
)
def test_letters_of_all_scripts_and_halves_of_letters_keep_their_places(expression, replacement, text, expected):
    assert replaced(expression, replacement, text)[0] == expected


def test_a_search_without_expression_takes_signs_as_they_are(raw):
    raw.put("A1", [["a.b"]])
    raw.ok({"findReplace": {"find": ".", "replacement": r"$1\1\n", "allSheets": True}})
    assert raw.values("A1") == [[r"a$1\1\nb"]]


def test_a_formula_whose_pattern_could_hang_everybody_is_answered(raw):
    pattern = '("' + "a" * 40 + '!","(a+)+$"'
    raw.put(
        "A1:C1",
        [[f"=REGEXMATCH{pattern})", f'=REGEXREPLACE{pattern},"$1")', "=REGEXEXTRACT(D1,D2)"]],
        "USER_ENTERED",
    )
    assert raw.values("A1:B1") == [["FALSE", "a" * 40 + "!"]]
    raw.put("D1:D2", [["a" * 40], ["(a+)+$"]])
    assert raw.values("C1") == [["a" * 40]]
