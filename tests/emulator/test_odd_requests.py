"""Requests that no client of good will sends: odd bytes in headers and paths, bodies that are none. Never a 500."""

import gzip
import json
import re
import socket

import pytest
import requests


def status(server, line, *headers, body=b""):
    """Send a request byte for byte and give the status of the answer; 0 when there is none."""
    port = int(server.url.rpartition(":")[2])
    named = (
        [] if any(header.lower().startswith(b"host:") for header in headers) else [b"Host: 127.0.0.1:%d" % port]
    )
    head = [line + b" HTTP/1.1", *named, *headers, b"Content-Length: %d" % len(body), b"Connection: close"]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"\r\n".join(head) + b"\r\n\r\n" + body)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    found = re.match(rb"HTTP/1\.[01] (\d+)", answer)
    return int(found[1]) if found else 0


@pytest.fixture
def token(server):
    text = requests.get(f"{server.url}/", timeout=5).text
    return b"X-Page-Token: " + re.search('name="page-token" content="([^"]+)"', text)[1].encode()


@pytest.fixture
def bearer(raw):
    raw.get()
    return b"Authorization: Bearer " + raw.session.credentials.token.encode()


@pytest.fixture
def file_id(sheet):
    return sheet.id.encode()


@pytest.mark.parametrize("odd", [b"\xff\xe9", b"\xc3\xa9", b"", b"guessed"])
def test_a_wrong_token_of_the_page_is_refused_whatever_its_bytes(server, odd):
    for name in (b"files", b"changes?id=x", b"api/drive/v3/files"):
        assert status(server, b"GET /page/" + name, b"X-Page-Token: " + odd) == 403
    assert status(server, b"POST /page/edit", b"X-Page-Token: " + odd, body=b"{}") == 403


@pytest.mark.parametrize(
    "odd", [b"\xff", b"Bearer \xff", b"Bearer ya29.\xff.x", b"Bearer ya29.x.\xff", b"Bearer ya29..", b""]
)
def test_a_wrong_token_of_the_api_is_refused_whatever_its_bytes(server, odd):
    assert status(server, b"GET /v4/spreadsheets/x", b"Authorization: " + odd) == 401


@pytest.mark.parametrize("header", [b"Host: \xff", b"Origin: \xff", b"Origin: null", b"Origin: "])
def test_odd_hosts_and_origins_are_foreign(server, token, header):
    assert status(server, b"GET /page/files", token, header) == 403


@pytest.mark.parametrize(
    "path", [b"/page/static/%00", b"/page/static/%ff", b"/page/static/%2e%2e/%2e%2e/app.py", b"/page/%zz"]
)
def test_odd_paths_of_the_page_are_not_there(server, token, path):
    assert status(server, b"GET " + path, token) == 404


@pytest.mark.parametrize(
    "path",
    [
        b"%00",
        b"%ff%fe",
        b"%zz",
        b"A" + b"9" * 5000,
        b"R" + b"9" * 5000 + b"C1",
        b"A1?ranges=%ff",
        b"?fields=" + b"a(" * 3000 + b")" * 3000,
    ],
)
def test_odd_ranges_are_refused(server, bearer, file_id, path):
    where = b"/v4/spreadsheets/" + file_id + (path if path.startswith(b"?") else b"/values/" + path)
    assert status(server, b"GET " + where, bearer) in {400, 404}


BODIES = [b"{", b"[1]", b"5", b'"x"', b"\xff\xfe", b'{"a": "\\ud800"}', b"[" * 5000 + b"]" * 5000]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:12]))
def test_bodies_that_are_no_objects_are_refused(server, bearer, token, file_id, body):
    book = b"/v4/spreadsheets/" + file_id
    for line in (
        b"POST /v4/spreadsheets",
        b"POST " + book + b":batchUpdate",
        b"PUT " + book + b"/values/A1?valueInputOption=RAW",
        b"POST /drive/v3/files",
        b"PATCH /drive/v3/files/" + file_id,
        b"POST /drive/v3/files/" + file_id + b"/permissions",
    ):
        assert status(server, line, bearer, body=body) == 400, line
    for line in (b"POST /page/edit", b"POST /page/import", b"POST /page/api" + book + b":batchUpdate"):
        assert status(server, line, token, body=body) == 400, line
    assert status(server, b"POST /_emulator/faults", body=body) == 400
    assert status(server, b"POST /token", body=body) == 400


@pytest.mark.parametrize("depth", [200, 254, 300, 900, 1000, 1100])
def test_bodies_nested_deeply_are_refused_at_any_depth(server, bearer, token, file_id, depth):
    book = b"/v4/spreadsheets/" + file_id
    for start, end in ((b"[", b"]"), (b'{"a":', b"}"), (b"{a:", b"}")):
        deep = start * depth + b"1" + end * depth
        for body in (deep, b'{"requests": %b}' % deep, b'{"values": [[%b]]}' % deep, b'{"properties": %b}' % deep):
            assert status(server, b"POST /v4/spreadsheets", bearer, body=body) == 400
            assert status(server, b"POST " + book + b":batchUpdate", bearer, body=body) == 400
            line = b"PUT " + book + b"/values/A1?valueInputOption=RAW"
            assert status(server, line, bearer, body=body) == 400
            assert status(server, b"POST /page/edit", token, body=body) == 400


@pytest.mark.parametrize(
    "body", [b"{}", gzip.compress(b"{}", mtime=0)[:12], gzip.compress(b"{}", mtime=0)[:-6] + b"123456"]
)
def test_a_body_that_is_not_packed_as_it_says_is_refused(server, bearer, body):
    assert status(server, b"POST /v4/spreadsheets", bearer, b"Content-Encoding: gzip", body=body) == 400


def test_a_file_that_is_no_text_is_refused(server, bearer, file_id):
    line = b"PUT /upload/drive/v2/files/" + file_id
    assert status(server, line, bearer, b"Content-Type: text/csv", body=b"\xff\xfe") == 400


@pytest.mark.parametrize(
    "fault",
    [
        {"match": 5},
        {"match": None},
        {"mode": []},
        {"status": "x"},
        {"status": 99999},
        {"status": 204},
        {"times": "x"},
        {"times": None},
        {"skip": True},
        {"seconds": "x", "mode": "delay"},
        {"retry_after": []},
    ],
    ids=str,
)
def test_a_fault_that_cannot_be_met_is_not_armed(server, bearer, file_id, fault):
    assert status(server, b"POST /_emulator/faults", body=json.dumps(fault).encode()) == 400
    assert status(server, b"GET /v4/spreadsheets/" + file_id, bearer) == 200


EDITS = [
    5,
    None,
    "x",
    {"kind": []},
    {"kind": "values", "row": 0, "column": 0, "values": 5},
    {"kind": "values", "row": 0, "column": 0, "values": "abc"},
    {"kind": "values", "row": 0, "column": 0, "values": [5]},
    {"kind": "values", "row": -5, "column": -1, "values": [["a"]]},
    {"kind": "values", "row": -1, "column": 0, "values": [["a"]]},
    {"kind": "values", "row": 10**30, "column": 0, "values": [["a"]]},
    {"kind": "values", "row": "0", "column": [], "values": [["a"]]},
    {"kind": "tick", "top": -5, "bottom": 1, "left": -3, "right": 1},
    {"kind": "clear", "top": 0, "bottom": 1, "left": -1, "right": 1},
]


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_edits_that_make_no_sense_are_refused_and_change_nothing(server, token, sheet, edit):
    sheet.sheet1.update([["x"], ["y"]], "A1")
    body = json.dumps({"id": sheet.id, "sheet": 0, "edits": [edit]}).encode()
    assert status(server, b"POST /page/edit", token, body=body) == 400
    assert sheet.sheet1.get_all_values() == [["x"], ["y"]]


@pytest.mark.parametrize("odd", [5, None, {}, "x", 1.5, True], ids=str)
def test_orders_with_parts_of_another_kind_are_refused(server, token, sheet, odd):
    whole = {"id": sheet.id, "sheet": 0, "edits": []}
    for name in whole:
        if not (name == "sheet" and odd == 5) and not (name == "id" and odd == "x"):
            body = json.dumps(whole | {name: odd}).encode()
            assert status(server, b"POST /page/edit", token, body=body) == 400, name
    whole = {"id": sheet.id, "title": "T", "rows": [["a"]]}
    for name in whole:
        if odd != "x" or name == "rows":
            body = json.dumps(whole | {name: odd}).encode()
            assert status(server, b"POST /page/import", token, body=body) == 400, name


@pytest.mark.parametrize(
    "number", [b"99999999999999999999", b"-99999999999999999999", b"9" * 5000, b"%00", b"-", b"--1"]
)
def test_numbers_that_are_none_are_refused(server, token, file_id, number):
    asked = b"id=" + file_id + b"&sheet=0&left=0&column=0"
    for name, place in (
        (b"cells", b"top"),
        (b"entry", b"row"),
        (b"numbers", b"top"),
        (b"values", b"top"),
        (b"find", b"row"),
    ):
        line = b"GET /page/" + name + b"?" + asked + b"&" + place + b"=" + number
        assert status(server, line, token) == 400, name
