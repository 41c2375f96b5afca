"""Recordings of Google's answers, replayed: those that people sent, and, until there are any, one of the emulator."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from emulator_client import client
from test_conformance import FOLDER as CONFORMANCE

from sheets_crm import bootstrap
from sheets_crm.config import Settings
from sheets_crm.emulator.replay import (
    DeclarationError,
    Declarations,
    Difference,
    Interaction,
    Recording,
    RecordingError,
    replay,
)
from sheets_crm.emulator.replay.comparing import Bindings, differences
from sheets_crm.emulator.replay.declared import as_toml
from sheets_crm.emulator.replay.sending import Outcome

FOLDER = Path(__file__).parent / "recordings"
SENT = sorted(FOLDER.glob("*.json"))
SHOWN = "text that begins with ="
REFUSED = "createDeveloperMetadata with an id that is taken"


@pytest.mark.parametrize("path", SENT, ids=lambda path: path.name)
def test_the_emulator_answers_like_google(path):
    declared, outcome = Declarations.beside(path), replay(Recording.read(path))
    assert "\n".join(map(str, declared.undeclared(outcome.differences))) == ""
    assert declared.outlived(outcome.differences) == []


def probing(server, tmp_path):
    """An application whose probes ask this emulator; the workbook of the settings is of no importance."""
    settings = Settings(
        spreadsheet_id=client(server).create("CRM").id,
        credentials=server.directory / "service_account.json",
        endpoint=server.url,
        state_dir=tmp_path / "state",
        reads_per_minute=1_000_000,
        writes_per_minute=1_000_000,
    )
    return bootstrap.application(settings, sleep=lambda _: None)._probing


def record(server, folder, on=""):
    path = folder / "recording.json"
    with probing(server, folder).opened(path, on) as probed:
        probed()
    return path


@pytest.fixture(scope="module")
def recorded(server, tmp_path_factory):
    """What the probes asked this emulator, and its answers, as a file."""
    return record(server, tmp_path_factory.mktemp("recorded"))


@pytest.fixture
def altered(recorded, tmp_path):
    """Changes answers of the recording, as Google might have given them; the result is the changed file."""

    def change(*changes):
        body = json.loads(recorded.read_text())
        for probe, number, alter in changes:
            of_probe = [one for one in body["interactions"] if one["probe"] == probe]
            response = of_probe[number - 1]["response"]
            answer = json.loads(response["body"]["string"])
            alter(answer, response)
            response["body"]["string"] = json.dumps(answer)
        path = tmp_path / "altered.json"
        path.write_text(json.dumps(body))
        return path

    return change


def other_number(answer, _response):
    answer["updatedSpreadsheet"]["sheets"][-1]["data"][0]["rowData"][1]["values"][0]["effectiveValue"] = {
        "numberValue": 41
    }


def other_words(answer, response):
    answer["error"]["message"] = "Google's own words"
    response["status"]["code"] = 409


def further_field(answer, _response):
    answer["values"] = [["=1+1", "more"]]
    answer["further"] = {"a": 1}


CHANGES = [("the answer's read-back", 1, other_number), (REFUSED, 2, other_words), (SHOWN, 2, further_field)]


@pytest.mark.long
def test_a_recording_of_the_emulator_is_answered_equally(recorded):
    recording = Recording.read(recorded)
    outcome = replay(recording)
    assert outcome.differences == ()
    assert outcome.equal == outcome.requests == len(recording.interactions) > 100
    assert outcome.left_out == 0


@pytest.mark.long
def test_answers_of_google_that_differ_are_named_with_their_probe_and_place(altered):
    outcome = replay(Recording.read(altered(*CHANGES)))
    places = {(one.probe, one.request, one.path): (one.expected, one.got) for one in outcome.differences}
    tab = next(path for probe, _, path in places if probe == "the answer's read-back")
    assert places == {
        ("the answer's read-back", 1, tab): ("41", "40"),
        (REFUSED, 2, "/status"): ("409", "400"),
        (REFUSED, 2, "/error/message"): ('"Google\'s own words"', places[REFUSED, 2, "/error/message"][1]),
        (SHOWN, 2, "/further"): ('{"a": 1}', "nothing"),
        (SHOWN, 2, "/values/0"): ("2 items", "1 items"),
    }
    assert "already exists" in places[REFUSED, 2, "/error/message"][1]
    assert tab.endswith("/rowData/1/values/0/effectiveValue/numberValue")
    assert outcome.requests - outcome.equal == 3
    assert str(outcome.differences[0]).startswith(f"{REFUSED}, request 2, /")


@pytest.mark.long
def test_declared_differences_pass_until_they_are_gone(altered):
    path = altered(*CHANGES[2:])
    outcome = replay(Recording.read(path))
    beside = path.with_name("altered.differences.toml")
    beside.write_text(as_toml(outcome.differences).replace('reason = ""', 'reason = "Google shows more."'))
    assert Declarations.beside(path).undeclared(outcome.differences) == []
    assert Declarations.beside(path).outlived(outcome.differences) == []
    assert len(Declarations.beside(path).outlived(outcome.differences[:1])) == 1
    beside.write_text(f'[[difference]]\nprobe = "{SHOWN}"\npath = "/*"\nreason = "one rule for both"')
    assert Declarations.beside(path).undeclared(outcome.differences) == []


@pytest.mark.long
def test_a_recording_on_a_workbook_that_was_given(server, tmp_path):
    given = client(server).create("private title")
    path = record(server, tmp_path, given.id)
    assert given.id not in path.read_text()
    assert "private" not in path.read_text()
    assert replay(Recording.read(path)).differences == ()


@pytest.mark.long
@pytest.mark.skipif(not (CONFORMANCE / "replay.py").exists(), reason="the recordings are not beside this checkout")
def test_the_script_that_replays_cassettes_replays_a_recording_too(server, recorded):
    command = [
        sys.executable, str(CONFORMANCE / "replay.py"), server.url, "--cassettes", str(recorded.parent),
        "--credentials", str(server.directory / "service_account.json"), "--min", "1",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-1000:]
    assert done.stdout.splitlines()[-1] == "1/1 cassettes equal"


@pytest.mark.long
def test_the_command_tells_and_its_status_says(altered):
    path = altered(*CHANGES[1:])

    def run(*words):
        command = [sys.executable, "-m", "sheets_crm.emulator.replay", str(path), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = run()
    assert done.returncode == 1
    assert f"{SHOWN}, request 2, /further: expected" in done.stdout
    assert "4 differences, 0 more that are declared" in done.stdout.splitlines()[-1]
    declared = run("--declare")
    assert declared.returncode == 0
    path.with_name("altered.differences.toml").write_text(declared.stdout)
    refused = run()
    assert refused.returncode == 2
    assert "no reason" in refused.stderr
    path.with_name("altered.differences.toml").write_text(declared.stdout.replace('""', '"r"'))
    assert run().returncode == 0
    path.write_text("{}")
    assert run().returncode == 2


# -- the parts, as values


def interaction(**given):
    values = {
        "probe": "p",
        "number": 1,
        "method": "GET",
        "target": "/v4/spreadsheets/x",
        "body": "",
        "content_type": "",
    }
    return Interaction(**values | {"status": 200, "answer": "{}"} | given)


@pytest.mark.parametrize("status", [0, 401, 408, 429, 500, 503])
def test_what_says_nothing_of_a_request_is_left_out(status):
    assert not interaction(status=status).comparable


@pytest.mark.parametrize("status", [200, 204, 400, 403, 404])
def test_a_refusal_is_compared(status):
    assert interaction(status=status).comparable


def test_a_list_of_the_recording_accounts_files_is_left_out():
    assert not interaction(target="/drive/v3/files?q=x").comparable


FIRST, SECOND = "1StandInForASpreadsheet000000000000000000001", "1StandInForASpreadsheet000000000000000000002"


@pytest.mark.parametrize(
    ("expected", "got", "places"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, ["/a"]),
        ({"a": None}, {}, ["/a"]),
        ({}, {"a": None}, ["/a"]),
        ({"a": [1, 2]}, {"a": [1]}, ["/a"]),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, ["/a/1/b"]),
        ({"modifiedTime": "x"}, {"modifiedTime": "y", "version": "2"}, []),
        ({"a": "x of person-1@removed.invalid"}, {"a": "x of worker@here"}, []),
        ({"a": ["person-1@removed.invalid"] * 2}, {"a": ["x", "y"]}, ["/a/1"]),
        ({"a": "person-1@removed.invalid"}, {"a": ""}, ["/a"]),
        ({"a": [FIRST, FIRST, SECOND]}, {"a": ["i", "i", "j"]}, []),
        ({"a": [FIRST, FIRST]}, {"a": ["i", "j"]}, ["/a/1"]),
        ({"a": {"sheetId": 5}, "b": {"sheetId": 5}}, {"a": {"sheetId": 9}, "b": {"sheetId": 9}}, []),
        ({"a": {"sheetId": 5}, "b": {"sheetId": 5}}, {"a": {"sheetId": 9}, "b": {"sheetId": 8}}, ["/b/sheetId"]),
        ({"sheetId": 0}, {"sheetId": 7}, ["/sheetId"]),
        ("text", "other", ["/"]),
    ],
)
def test_what_counts_as_a_difference(expected, got, places):
    assert [path for path, _, _ in differences(expected, got, Bindings())] == places


def test_a_request_is_sent_with_the_ids_that_the_emulator_chose():
    bound = Bindings(files={FIRST: "mine"}, numbers={("sheetId", 5): 9})
    body = {"r": [{"sourceSheetId": 5, "newSheetId": 5}, {"sheetId": 5, "t": f"x {FIRST}"}, {"sheetId": 6}]}
    assert bound.body(body) == {
        "r": [{"sourceSheetId": 9, "newSheetId": 5}, {"sheetId": 9, "t": "x mine"}, {"sheetId": 6}]
    }


@pytest.mark.parametrize(
    "text",
    [
        "[[difference]]\nprobe = 'p'\npath = '/'",
        "[[difference]]\nprobe = 'p'\npath = '/'\nreason = ' '",
        "[[difference]]\nprobe = 'p'\nreason = 'r'",
        "[[difference]]\nprobe = 'p'\npath = '/'\nreason = 'r'\nwhy = 'x'",
        "[[difference]]\nprobe = 'p'\npath = '/'\nreason = 'r'\nrequest = '1'",
        "not toml",
    ],
)
def test_a_declaration_without_a_reason_or_with_a_slip_is_refused(tmp_path, text):
    (tmp_path / "x.differences.toml").write_text(text)
    with pytest.raises(DeclarationError):
        Declarations.beside(tmp_path / "x.json")


def test_a_declaration_is_of_one_probe_and_if_it_says_so_of_one_request(tmp_path):
    (tmp_path / "x.differences.toml").write_text(
        "[[difference]]\nprobe = 'p'\nrequest = 2\npath = '/sheets/*/index'\nreason = 'r'\n"
    )
    declared = Declarations.beside(tmp_path / "x.json")
    place = "/sheets/3/properties/index"
    covered = Difference("p", 2, place, "1", "2")
    others = [
        Difference("p", 1, place, "1", "2"),
        Difference("q", 2, place, "1", "2"),
        Difference("p", 2, "/sheets/3/title", "1", "2"),
    ]
    assert declared.undeclared([covered, *others]) == others
    assert Declarations.beside(tmp_path / "none.json").undeclared(others) == others


@pytest.mark.parametrize(
    "body", [[], {}, {"interactions": [{}]}, {"interactions": [], "recording": {"format": 2}}, {"interactions": 5}]
)
def test_what_is_no_recording_is_refused(tmp_path, body):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(body))
    with pytest.raises(RecordingError):
        Recording.read(path)


@pytest.mark.long
def test_a_plain_cassette_is_a_recording_too(tmp_path):
    ask = {"method": "POST", "uri": "https://www.googleapis.com/drive/v3/files?x=1", "headers": {}}
    ask["body"] = {"string": '{"name": "n", "mimeType": "application/vnd.google-apps.spreadsheet"}'}
    answer = {
        "kind": "drive#file",
        "id": FIRST,
        "name": "n",
        "mimeType": "application/vnd.google-apps.spreadsheet",
    }
    listed = {**ask, "method": "GET", "body": None}
    said = {"status": {"code": 200}, "headers": {}, "body": {"string": json.dumps(answer)}}
    path = tmp_path / "cassette.json"
    path.write_text(json.dumps({"interactions": [{"request": one, "response": said} for one in (ask, listed)]}))
    assert replay(Recording.read(path)) == Outcome((), 1, 1, 1)


def test_the_folder_says_what_it_is_for():
    assert "NAME.differences.toml" in (FOLDER / "README.md").read_text(encoding="utf-8")
    beside = {path.name.removesuffix(".differences.toml") for path in FOLDER.glob("*.differences.toml")}
    assert beside <= {path.stem for path in SENT}
