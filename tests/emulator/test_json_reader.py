"""JSON as Google's front end reads it: what it takes beyond the standard, and how it refuses the rest."""

import pytest

from sheets_crm.emulator.errors import ApiError
from sheets_crm.emulator.json_reader import read_json

TAKEN = [
    (b"", {}),
    (b"\xef\xbb\xbf{}", {}),
    (b"null", None),
    (b"{'a': 'it\\'s', \"b\": 'say \"x\"'}", {"a": "it's", "b": 'say "x"'}),
    (b"{requests: [], _b$1: 1, nullable: 2}", {"requests": [], "_b$1": 1, "nullable": 2}),
    (b'{"a": [1, 2,], "b": {"c": 3,},}', {"a": [1, 2], "b": {"c": 3}}),
    (b'{"a": "two\nlines\tand a tab"}', {"a": "two\nlines\tand a tab"}),
    (b'{"a": "\\v\\q\\/\\u00e9"}', {"a": "\vq/é"}),
    (b'{"a": "\\ud83d\\ude00 \\ud83d \\ude00"}', {"a": "\U0001f600 \ufffd \ufffd"}),
    (b'{"a": "x\xffy\xc3"}', {"a": "x y "}),
    (b'{"a": 1., "b": -2e3, "c": 123456789012345678901}', {"a": 1.0, "b": -2000.0, "c": 1.2345678901234568e20}),
    (b" [true,\r\n\x0bfalse, null] ", [True, False, None]),
]


@pytest.mark.parametrize(("body", "value"), TAKEN, ids=lambda part: repr(part)[:30])
def test_what_is_taken(body, value):
    assert read_json(body) == value


REFUSED = [
    (b"{model:flash,messages:[]}", "Unexpected token.\n{model:flash,messages:[]}\n       ^"),
    (b'{"total": NaN, "rest": 1234567890}', 'Unexpected token.\n{"total": NaN, "rest": 1234567\n          ^'),
    (b"not json", "Unexpected token.\nnot json\n^"),
    (b'{"a": NaN}', "Unexpected token.\nNaN}\n^"),
    (b'{"a": }', "Unexpected token.\n}\n^"),
    (b"[1,,2]", "Unexpected token.\n,2]\n^"),
    (b'{"a": +1}', "Expected a value.\n+1}\n^"),
    (b"   ", "Unexpected end of string. Expected a value.\n\n^"),
    (b'{"a": [', "Unexpected end of string. Expected a value or ] within an array.\n\n^"),
    (b'{"a": 1', "Unexpected end of string. Expected , or } after key:value pair.\n1\n ^"),
    (b"{abc", "Unexpected end of string. Expected : between key:value pair.\nabc\n   ^"),
    (b'{"a": "b', "Closing quote expected in string.\n\n^"),
    (b'{"a" 1}', 'Expected : between key:value pair.\n{"a" 1}\n     ^'),
    (b'{"a": 1 "b": 2}', 'Expected , or } after key:value pair.\n{"a": 1 "b": 2}\n        ^'),
    (b"[1 2]", "Expected , or ] after array value.\n[1 2]\n   ^"),
    (b"{1: 2}", "Expected an object key or }.\n{1: 2}\n ^"),
    (b"{null: 2}", "Expected an object key or }.\n{null: 2}\n     ^"),
    (b"{} x", "Parsing terminated before end of input.\n{} x\n   ^"),
    (b'{"a": 007}', 'Octal/hex numbers are not valid JSON values.\n{"a": 007}\n      ^'),
    (b'{"a": 1e999}', 'Number exceeds the range of double.\n{"a": 1e999}\n      ^'),
    (b'{"a": 1-2}', 'Unable to parse number.\n{"a": 1-2}\n      ^'),
    (b'{"a": "\\u12g4"}', 'Invalid escape sequence.\n{"a": "\\u12g4"}\n       ^'),
]


@pytest.mark.parametrize(("body", "sentence"), REFUSED, ids=lambda part: repr(part)[:30])
def test_how_the_rest_is_refused(body, sentence):
    with pytest.raises(ApiError) as refused:
        read_json(body)
    assert refused.value.message == f"Invalid JSON payload received. {sentence}"
    assert refused.value.details is None


def test_a_refusal_that_would_cut_a_character_has_no_words():
    with pytest.raises(ApiError, match="Request contains an invalid argument"):
        read_json('{"a": "éééééééé",bc d}'.encode())


def test_a_name_given_twice_is_not_lost():
    pairs = [("a", 1), ("b", '"'), ("a", 2)]
    assert list(read_json(b'{"a": 1, "b": "\\"", "a": 2}').items()) == pairs
    assert type(read_json(b'{"a": 1, "b": "\\""}')) is dict


def test_a_name_given_twice_is_not_lost_beside_quotes_that_are_written_as_code_points():
    body = b'{"a": "\\u0022\\u0022", "b": 1, "b": 2}'
    assert list(read_json(body).items()) == [("a", '""'), ("b", 1), ("b", 2)]


@pytest.mark.parametrize("depth", [100, 253, 254, 255, 600])
@pytest.mark.parametrize(("start", "end"), [(b"[", b"]"), (b'{"a":', b"}")], ids=["lists", "objects"])
def test_what_is_nested_deeper_than_it_can_be_written_is_read_or_refused(depth, start, end):
    body = start * depth + b"1" + end * depth
    try:
        value = read_json(body)
    except RecursionError:  # the server answers it with 400
        return
    for _ in range(depth):
        (value,) = value if isinstance(value, list) else value.values()
    assert value == 1


@pytest.mark.parametrize("text", [b"-9999999999999999999", b"9999999999999999999", b"-9223372036854775809"])
def test_whole_numbers_that_no_computer_word_holds_are_read_alike_in_either_way(text):
    assert repr(read_json(b"[%b,]" % text)) == repr(read_json(b"[%b]" % text))
