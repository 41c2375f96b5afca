"""Recordings: whatever a server answers, no secret and no address is in the file; and what a replay needs is."""

import json
import re
import stat
import string
from urllib.parse import quote, unquote

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from sheets_crm.errors import Retryable, SettingsError
from sheets_crm.google.recording import Recorder
from sheets_crm.google.recording_file import recording_file
from sheets_crm.google.redaction import Redactor

URL = "https://sheets.googleapis.com/v4/spreadsheets/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdef-_/values/A1"
EMAIL = "worker@my-project-417.iam.gserviceaccount.com"
KEY_ID = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c"
OWN = {EMAIL: "person", "my-project-417": "project", KEY_ID: "key", "crm.internal:8443": "host"}

LETTERS = string.ascii_letters + string.digits
words = st.text(string.ascii_lowercase, min_size=3, max_size=8)


def text_of(alphabet, size, largest=None):
    return st.text(alphabet, min_size=size, max_size=largest or size)


def mixed(alphabet, size):
    """Long random words with a letter and a digit, as keys and ids are."""
    return st.builds(lambda text: f"a{text}7", text_of(alphabet, size - 2))


long_words = text_of(string.ascii_lowercase, 7, 10).map(lambda text: f"zq{text}")  # in no word of a recording


def secret(form, *parts):
    """A secret of a form, with the parts of it that may not be kept either."""
    return st.tuples(*parts).map(lambda given: (form.format(*given), *given))


def encoded(letter, times):
    """A character as it is, percent-encoded, or that encoded once more."""
    return letter if times == 0 else "%" + "25" * (times - 1) + f"{ord(letter):02X}"


@st.composite
def own_in_any_spelling(draw):
    """One of the account's values with letters of any size and characters that are encoded, with the value."""
    value = draw(st.sampled_from(sorted(OWN)))
    marks = value if draw(st.booleans()) else "@.:-"  # what clients encode
    letters = [draw(st.sampled_from([letter, letter.upper()])) for letter in value]
    times = draw(st.integers(0, 2))
    return "".join(encoded(one, times if one in marks else 0) for one in letters), value


SECRETS = st.one_of(
    own_in_any_spelling(),
    secret("{}.{}%40{}.example", long_words, long_words, long_words),
    st.sampled_from(sorted(OWN)).map(lambda value: (value,)),
    st.builds(lambda a, b, c: (f"{a}.{b}@{c}.example", f"{a}.{b}"), long_words, long_words, long_words),
    secret("ya29.{}", mixed(f"{LETTERS}-_", 12)),
    secret("AIza{}", mixed(f"{LETTERS}-_", 12)),
    secret("eyJ{}.{}.{}", mixed(LETTERS, 12), mixed(LETTERS, 12), mixed(LETTERS, 12)),
    secret("1//0{}", mixed(f"{LETTERS}-_", 12)),
    secret("GOCSPX-{}", mixed(f"{LETTERS}-_", 12)),
    secret("Bearer {}", mixed(LETTERS, 12)),
    secret("1{}", mixed(f"{LETTERS}-_", 43)),
    secret("{}", mixed("abcdef0123456789", 40)),
    secret("-----BEGIN PRIVATE KEY-----\n{}/+\n-----END PRIVATE KEY-----\n", mixed(LETTERS, 16)),
    secret("https://{}.{}/{}?token={}", long_words, long_words, long_words, long_words),
    secret("project_number:{}", text_of("123456789", 8)),
    secret("projects/{}-9", long_words),
    st.ip_addresses(v=4).map(lambda address: (str(address),)),
    st.ip_addresses(v=6)
    .map(str)
    .filter(lambda text: text.count(":") > 2 and len(text) > 6)
    .map(lambda text: (text,)),
    secret("{}.{}.internal", long_words, long_words),
    secret("{}.{}.com:8080", long_words, long_words),
    st.builds(lambda port: (f"localhost:{port}",), st.integers(1024, 65535)),
)
DOMAINS = st.sampled_from(["ch", "nl", "at", "pl", "com.br", "bank", "consulting", "xn--p1ai", "рф", "zz"])
HOSTS_IN_ERRORS = st.one_of(
    st.builds(lambda a, b, top: (f"{a}.{b}.{top}", a, b), long_words, long_words, DOMAINS),
    st.builds(lambda a, top: (f"{a}-{a}.{top.upper()}:8443", a), long_words, DOMAINS),
    st.builds(lambda a, top: (f"my_{a}.{top}", a), long_words, DOMAINS),
)
BOUNDS = st.sampled_from([" ", "'", '"', "(", ")", "[", "]", "<", ">", ",", ";", "\n", "|", ""])
FIELDS = st.sampled_from(
    ["message", "values", "title", "stringValue", "formattedValue", "kind", "details", "name", "metadataValue"]
)


@st.composite
def hidden_in(draw, secret):
    """The secret in a sentence, in a key or a value, somewhere in an answer."""
    place = f"{draw(words)}{draw(BOUNDS) or ' '}{secret}{draw(BOUNDS) or ' '}{draw(words)}"
    value = draw(st.sampled_from([secret, place]))
    if draw(st.integers(0, 5)) == 0:
        value = {value: draw(words)}
    for _ in range(draw(st.integers(0, 4))):
        value = draw(
            st.sampled_from([[1, value], {draw(FIELDS): value, "other": True}, {draw(FIELDS): [value, None]}])
        )
    return value if isinstance(value, dict) else {draw(FIELDS): value}


def exchange(recorder, answer, *, status=200, headers=(), url=URL, body=None, method="GET"):
    """Let a recorder see one exchange, as the transport does."""
    request = requests.Request(method, url, json=body, headers={"Authorization": f"Bearer {KEY_ID}"}).prepare()
    if isinstance(answer, Exception):
        recorder.see(request, url, answer)
        return
    response = requests.Response()
    response.status_code = status
    response.headers = CaseInsensitiveDict(headers)
    response._content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    recorder.see(request, url, response)


def saved(recorder):
    return json.loads(recorder.as_bytes(complete=True))


def strings(value):
    """Every text and key of a file, those inside its JSON texts too."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value
        if value[:1] in {"{", "["}:
            yield from strings(json.loads(value))


@pytest.fixture
def recorder():
    return Recorder(Redactor(OWN), {"made_by": "a test"})


def check_nothing_is_kept(data, parts, status):
    secret = parts[0]
    recorder = Recorder(Redactor(OWN), {})
    answer = data.draw(hidden_in(secret))
    names = ["Content-Type", "Retry-After", "Date", "Location", "X-Anything", "Set-Cookie"]
    headers = {name: secret.replace("\n", " ") for name in names}
    exchange(recorder, {"error": answer} if status >= 400 else answer, status=status, headers=headers)
    exchange(recorder, {}, url=f"{URL}?x=1")

    for text in strings(saved(recorder)):
        told = unquote(unquote(unquote(text))).casefold()
        assert not [part for part in parts if part in text or part.casefold() in told]


STATUSES = st.sampled_from([200, 400, 403, 404, 429, 500])


@pytest.mark.long
@settings(max_examples=200, deadline=None)
@given(data=st.data(), parts=SECRETS, status=STATUSES)
def test_no_secret_is_kept_wherever_a_server_puts_it(data, parts, status):
    check_nothing_is_kept(data, parts, status)


@pytest.mark.long
@settings(max_examples=3_000, deadline=None)
@given(data=st.data(), parts=SECRETS, status=STATUSES)
def test_no_secret_is_kept_in_any_of_many_answers(data, parts, status):
    check_nothing_is_kept(data, parts, status)


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(data=st.data(), parts=HOSTS_IN_ERRORS, status=st.sampled_from([400, 403, 502]))
def test_no_host_is_kept_in_an_error_whatever_its_domain(data, parts, status):
    check_nothing_is_kept(data, parts, status)


@pytest.mark.long
@settings(max_examples=100, deadline=None)
@given(data=st.data(), number=st.integers(10**8, 10**24), status=st.sampled_from([200, 400, 403]))
def test_no_long_number_is_kept_in_an_error_nor_as_an_id(data, number, status):
    ids = st.sampled_from(["uniqueId", "userId", "uid", "oauth_client_id", "id"])
    name = data.draw(ids if status == 200 else st.one_of(ids, FIELDS))
    number = max(number, 2**31) if status == 200 else number  # the ids of tabs end here
    kept = data.draw(st.sampled_from([number, -number] if status >= 400 else [number, str(number)]))
    recorder = Recorder(Redactor(OWN), {})
    exchange(recorder, {"error": {"details": [{name: kept}]}}, status=status)
    assert str(number) not in json.dumps(saved(recorder))


def test_a_number_under_the_name_of_a_person_goes_from_other_answers_too(recorder):
    number = 117735402398812345678
    exchange(recorder, {"values": [[f"of {number}", number]]})
    exchange(recorder, {"user": {"uniqueId": number}})
    assert str(number) not in json.dumps(saved(recorder))


@pytest.mark.parametrize(
    "message",
    [
        "Invalid data[0]: Unable to parse range: x, see google.rpc.BadRequest of sheets.googleapis.com.",
        "Invalid value at 'requests.append_dimension.length' (type.googleapis.com/google.apps.sheets.v4.Request)",
        "range.endIndex must be greater than range.startIndex (5). developerMetadata.location.dimensionRange",
        "Cannot find matching fields for path 'sheets.frob', e.g. #REF! 1.5 v4.",
    ],
)
def test_names_of_the_api_are_no_hosts(recorder, message):
    error = {"error": {"message": message, "status": "INVALID_ARGUMENT"}}
    body = {"requests": [{"appendDimension": {"length": "x"}}]}
    exchange(recorder, error, status=400, url=f"{URL}?fields=sheets.frob", body=body, method="POST")
    (interaction,) = saved(recorder)["interactions"]
    assert json.loads(interaction["response"]["body"]["string"]) == error


@pytest.mark.long
@settings(max_examples=30, deadline=None)
@given(
    name=st.text(string.ascii_letters + " áéíñ", min_size=6, max_size=20).map("Zoë {}".format),
    status=st.sampled_from([200, 403]),
)
def test_what_stands_under_a_name_of_a_person_goes_from_every_other_answer_too(name, status):
    recorder = Recorder(Redactor({}), {})
    exchange(recorder, {"values": [[f"({name})"]], "error": {"message": f"{name} has no access"}}, status=status)
    exchange(recorder, {"lastModifyingUser": {"displayName": name, "emailAddress": "x@y.example"}})

    assert not [text for text in strings(saved(recorder)["interactions"]) if name in text]


CONSUMER = "Quota exceeded for quota metric 'Read requests' of service 'sheets.googleapis.com' for consumer '{}'."


@pytest.mark.parametrize(
    "message",
    [
        CONSUMER.format("project_number:123456789012"),
        "Google Sheets API has not been used in project 123456789012 before or it is disabled.",
        "Enable it by visiting https://console.developers.google.com/apis/api/x/overview?project=123456789012 now.",
        "The resource projects/123456789012 is not there (123456789012).",
    ],
)
def test_the_number_of_the_project_is_in_no_error(recorder, message):
    info = {"reason": "X", "domain": "googleapis.com", "metadata": {"consumer": "projects/123456789012"}}
    exchange(recorder, {"error": {"code": 403, "message": message, "details": [info]}}, status=403)
    text = json.dumps(saved(recorder))
    assert "123456789012" not in text
    assert "googleapis.com" in text


def test_what_is_no_secret_is_kept_to_the_letter(recorder):
    answer = {
        "replies": [{}, {"addSheet": {"properties": {"sheetId": 1200000001, "title": "Hoja 1"}}}],
        "values": [["1.234.567,5", "12:30:15", "3.4.2026", "1.2345678901234567E+21", "#¡VALOR!", "x" * 50_000]],
        "formulaValue": '=TEXT(A1;"d ""de"" mmmm")&HSTACK(1;1/0)',
        "number": [0.1, -0.0, 123456789012345, 1e300, True, None],
        "message": "Invalid requests[0].createDeveloperMetadata: Cannot add developer metadata with ID [1200000001]",
        "pattern": "[$€-C0A]#,##0.00;_(@_)",
        "@type": "type.googleapis.com/google.rpc.BadRequest",
    }
    exchange(recorder, answer)
    (interaction,) = saved(recorder)["interactions"]
    assert json.loads(interaction["response"]["body"]["string"]) == answer
    assert recorder.removed == {"file": 1}  # the address of the request


def test_a_number_that_was_asked_for_stays_in_the_error_about_it(recorder):
    body = {"requests": [{"createDeveloperMetadata": {"developerMetadata": {"metadataId": 1200000001}}}]}
    exchange(
        recorder, {"error": {"message": "ID [1200000001] of 9988776655"}}, status=400, body=body, method="POST"
    )
    (interaction,) = saved(recorder)["interactions"]
    assert "ID [1200000001] of removed-number-1" in interaction["response"]["body"]["string"]


def test_a_short_name_goes_from_under_the_names_of_persons(recorder):
    exchange(
        recorder, {"lastModifyingUser": {"displayName": "Ana", "me": True, "number": 5, "more": [{"x": "Eva"}]}}
    )
    (interaction,) = saved(recorder)["interactions"]
    user = json.loads(interaction["response"]["body"]["string"])["lastModifyingUser"]
    assert "Ana" not in str(user)
    assert "Eva" not in str(user)
    assert (user["me"], user["number"]) == (True, 0)


def test_an_id_of_drives_form_has_a_stand_in_of_that_form(recorder):
    other = "1" + "Zy9-" * 10 + "Xw8"
    exchange(recorder, {"stringValue": f"see {other}, and {other}"})
    (interaction,) = saved(recorder)["interactions"]
    told = json.loads(interaction["response"]["body"]["string"])["stringValue"]
    first, second = re.fullmatch(r"see (1[A-Za-z0-9_-]{43}), and (1[A-Za-z0-9_-]{43})", told).groups()
    assert first == second != other


def test_equal_ids_have_equal_stand_ins_before_and_after_they_are_told(recorder):
    drive = "https://www.googleapis.com/drive/v3/files"
    for name in ("short-id-1", "short-id-2"):  # of no form that would give them away
        exchange(recorder, {"kind": "drive#file", "id": name}, url=drive, body={"name": "x"}, method="POST")
    exchange(
        recorder, {"spreadsheetId": "short-id-1"}, url="https://sheets.googleapis.com/v4/spreadsheets/short-id-1"
    )
    first, second, third = saved(recorder)["interactions"]
    ids = [json.loads(one["response"]["body"]["string"]).get("id") for one in (first, second)]
    assert len(set(ids)) == 2
    assert third["request"]["uri"].endswith(f"/spreadsheets/{ids[0]}")
    assert "short-id" not in json.dumps(saved(recorder))


def test_another_base_url_is_not_told(recorder):
    exchange(
        recorder,
        {"at": "http://crm.internal:8443/x and crm.internal:8443"},
        url="http://crm.internal:8443/v4/spreadsheets/x",
    )
    text = json.dumps(saved(recorder))
    assert "crm.internal" not in text
    assert "8443" not in text


def test_headers_that_matter_are_kept_in_their_own_form_only(recorder):
    kept = {
        "content-type": "application/json; charset=UTF-8",
        "retry-after": "30",
        "date": "Sun, 29 Nov 2026 19:00:00 GMT",
        "server": "ESF",
    }
    exchange(recorder, {}, headers=kept)
    exchange(
        recorder, {}, headers={"content-type": "text/ya29.abcdef", "retry-after": "123456789012", "date": "x@y.es"}
    )
    first, second = saved(recorder)["interactions"]
    assert first["response"]["headers"] == {
        "Content-Type": ["application/json; charset=UTF-8"],
        "Retry-After": ["30"],
        "Date": ["Sun, 29 Nov 2026 19:00:00 GMT"],
    }
    assert second["response"]["headers"] == {}


def test_attempts_that_were_repeated_stand_with_the_request_that_came_through(recorder):
    exchange(recorder, {"error": {"code": 429, "message": "m"}}, status=429, headers={"retry-after": "7"})
    exchange(recorder, requests.ConnectionError(f"{EMAIL} at crm.internal:8443"))
    exchange(recorder, {"values": [[1]]})
    exchange(recorder, {"error": {"code": 429, "message": "m"}}, status=429)
    exchange(recorder, {}, url=f"{URL}?other=1")
    interactions = saved(recorder)["interactions"]
    assert [one["response"]["status"]["code"] for one in interactions] == [200, 429, 200]
    earlier = interactions[0]["earlier_responses"]
    assert [one["status"]["code"] for one in earlier] == [429, 0]
    assert earlier[0]["headers"] == {"Retry-After": ["7"]}
    assert len(recorder) == 5


@pytest.mark.parametrize(
    "page", [b"<html>jane@doe.example</html>", b'{"half": "jane@doe', b"\xff\xfe", b"[" * 100_000]
)
def test_a_page_that_is_not_json_is_not_kept(recorder, page):
    exchange(recorder, page, status=502)
    (interaction,) = saved(recorder)["interactions"]
    assert interaction["response"]["body"]["string"] == f"[{len(page)} bytes that are not JSON]"


@pytest.mark.parametrize(
    "kept",
    [EMAIL, EMAIL.upper(), quote(EMAIL, safe=""), quote(quote(EMAIL, safe="")), "worker%40elsewhere",
     "MY-PROJECT-417", "my%2Dproject%2D417", "CRM.internal%3A8443", "CRM.Internal", KEY_ID.upper()],
)  # fmt: skip
def test_the_account_is_never_in_a_file_even_if_a_rule_is_broken(recorder, monkeypatch, kept):
    monkeypatch.setattr(Redactor, "ours", lambda _self, text: text)
    drive = "https://www.googleapis.com/drive/v3/files"  # without an id, which would be the account's too
    exchange(recorder, {}, url=drive, body={"to": "nobody"}, method="POST")
    assert saved(recorder)["interactions"]
    exchange(recorder, {}, url=drive, body={"to": kept}, method="POST")
    with pytest.raises(ValueError, match="not written"):
        recorder.as_bytes(complete=True)


@pytest.mark.parametrize("project", ["values", "sheets", "removed", "interactions", "spreadsheets", "googleapis"])
def test_a_project_may_be_called_like_a_field_of_the_file(project):
    recorder = Recorder(Redactor({project: "project", "sheets.googleapis.com": "host"}), {})
    exchange(recorder, {"values": [[project.upper()]], "at": "sheets.googleapis.com"})
    exchange(recorder, {"error": {"message": "service 'sheets.googleapis.com'"}}, status=403)
    first, _ = saved(recorder)["interactions"]
    assert project.upper() not in first["response"]["body"]["string"]


# -- the file


def test_a_file_is_for_its_owner_alone_and_whole(tmp_path):
    path = tmp_path / "r.json"
    with recording_file(path, OWN, {"locale": "es_ES"}) as file:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        exchange(file.recorder, {"values": [[1]]})
        file.save(complete=False)
        assert json.loads(path.read_text())["recording"]["complete"] is False
    body = json.loads(path.read_text())
    assert body["recording"]["complete"] is True
    assert body["recording"]["format"] == 1
    assert body["recording"]["locale"] == "es_ES"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), RuntimeError("x"), Retryable("m", state="Nothing was applied.")]
)
def test_what_was_asked_is_kept_whatever_ends_it(tmp_path, error):
    path = tmp_path / "r.json"

    def ended():
        with recording_file(path, OWN, {}) as file:
            exchange(file.recorder, {"values": [[1]]})
            raise error

    with pytest.raises(type(error)):
        ended()
    body = json.loads(path.read_text())
    assert len(body["interactions"]) == 1
    assert body["recording"]["complete"] is False
    if isinstance(error, Retryable):
        assert error.state == f"Nothing was applied. What was asked until then is in {path}."


def test_nothing_asked_leaves_nothing(tmp_path):
    path = tmp_path / "r.json"
    with pytest.raises(Retryable), recording_file(path, OWN, {}):
        raise Retryable("m")
    assert not path.exists()


def test_a_path_that_cannot_be_written_is_refused_before_anything(tmp_path):
    there = tmp_path / "there.json"
    there.write_text("mine")
    (tmp_path / "link.json").symlink_to(tmp_path / "nowhere")
    for path in (there, tmp_path / "link.json", tmp_path / "no" / "folder.json", tmp_path, there / "x.json"):
        with pytest.raises(SettingsError) as caught, recording_file(path, OWN, {}):
            pytest.fail("it was opened")
        assert caught.value.state == "Nothing was asked."
        assert "--save" in caught.value.remedy
    assert there.read_text() == "mine"
