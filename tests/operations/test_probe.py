"""The probes: the emulator answers every one as expected, a server that does not is told apart, nothing is left."""

import json
import stat

import pytest
import requests

from sheets_crm import bootstrap
from sheets_crm.errors import AccessError, Retryable, SettingsError
from sheets_crm.operations import probe
from sheets_crm.operations.probe import ProbeResult
from sheets_crm.operations.probes import PROBES, expected
from sheets_crm.operations.probes.asking import Probe
from sheets_crm.operations.probes.cells import below_each_other, write_formulas

NOTHING = {"probe": True, "save": None, "on": ""}


@pytest.fixture
def desk(open_desk):
    return open_desk("initialised")


def files(desk):
    return {book.id for book in desk.server._library.files()}


def arm(desk, **fault):
    assert requests.post(f"{desk.server.url}/_emulator/faults", json=fault, timeout=5).ok


def count(desk):
    return sum(requests.get(f"{desk.server.url}/_emulator/stats", timeout=5).json()["requests"].values())


@pytest.fixture
def probed(desk):
    """The application as the composition root makes it, so that its own client makes the throwaway workbook."""

    def ask(**options):
        return bootstrap.application(desk.settings, sleep=lambda _: None).doctor(**NOTHING | options)

    return ask


@pytest.fixture
def few(monkeypatch):
    """Only some probes, where it does not matter which."""
    chosen = [
        one for one in PROBES if one.name in {"SHEETS()", "text that begins with =", "what duplicateSheet copies"}
    ]
    monkeypatch.setattr(probe, "PROBES", chosen)
    return chosen


@pytest.mark.long
def test_the_emulator_answers_every_probe_as_expected_and_the_workbook_is_gone_afterwards(desk, probed, tmp_path):
    """Where the emulator was changed on purpose: python docs/make_probes.py, and look at the difference."""
    before, path = files(desk), tmp_path / "recording.json"

    report = probed(save=path)

    assert [one for one in report.json["probes"] if not one["as_expected"]] == []
    assert len(report.json["probes"]) == len(PROBES) > 40
    assert files(desk) == before
    text = path.read_text()
    body = json.loads(text)
    assert body["recording"]["complete"] is True
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(body["interactions"]) < 120  # two minutes of an account's quota
    assert {one["probe"] for one in body["interactions"]} == {"", *(one.name for one in PROBES)}
    account = json.loads(desk.settings.credentials.read_text())
    secrets = [account[name] for name in ("client_email", "private_key_id", "project_id", "client_id")]
    for secret in (*secrets, *before, desk.server.url, "127.0.0.1", "ya29.", "uthorization", "gserviceaccount"):
        assert secret not in text
    assert str(path) in report.notes[0]
    assert report.json["saved"] == {
        "file": str(path), "requests": len(body["interactions"]), "removed": {"address": 1, "file": 1},
    }  # fmt: skip


def test_expectations_are_of_the_probes_that_there_are():
    assert list(expected()) == [one.name for one in PROBES]


@pytest.mark.long
def test_a_server_that_behaves_otherwise_is_told_with_what_was_expected(desk, probed, few):
    desk.server._library._copy_metadata = True

    report = probed()

    (differs,) = [one for one in report.json["probes"] if not one["as_expected"]]
    assert differs["probe"] == "what duplicateSheet copies"
    assert "metadata copied" in differs["found"]
    assert "metadata not copied" in differs["expected"]
    assert not report.ok
    assert "1 gave an unexpected result" in report.title


def test_of_a_probe_with_many_cases_only_those_that_differ_are_shown():
    observed, wanted = {"a": "1", "b": "2", "d": "4"}, {"a": "1", "b": "3", "c": "5"}
    result = ProbeResult(Probe("p", "m", lambda _: observed), observed, wanted)
    assert result.differing == [("b", "2", "3"), ("c", "absent", "5"), ("d", "4", "absent")]
    assert [row[1] for row in probe._rows(result)] == ["p: b", "p: c", "p: d"]
    same = ProbeResult(result.probe, wanted, wanted)
    assert list(probe._rows(same)) == [("as expected", "p", "all 3 cases", "", "m")]


class Refusing:
    """A server that refuses every batch with one of some formulas in it."""

    def __init__(self, *formulas):
        self.formulas = formulas
        self.written = []
        self.batches = 0

    def post(self, _path, body):
        self.batches += 1
        texts = [text for text in ("=A", "=B", "=C", "=D", "=E", "=F", "=G") if f'"{text}"' in json.dumps(body)]
        if set(texts) & set(self.formulas):
            return 400, {"message": "Formula parse error."}
        self.written += texts
        return 200, {}


@pytest.mark.parametrize(("bad", "batches"), [((), 1), (("=C",), 8), (("=A", "=G"), 10)])
def test_formulas_that_are_refused_are_named_and_the_others_written(bad, batches):
    client = Refusing(*bad)
    formulas = ["=A", "=B", "=C", "=D", "=E", "=F", "=G"]
    refusals = write_formulas(client, below_each_other(1, 0, formulas), {"addSheet": {}})
    assert refusals == dict.fromkeys(bad, "400 Formula parse error.")
    assert client.written == [text for text in formulas if text not in bad]
    assert client.batches == batches


@pytest.mark.long
def test_an_answer_of_another_shape_stops_no_other_probe(probed, few, monkeypatch):
    monkeypatch.setattr(probe, "PROBES", [Probe("odd", "m", lambda _: {}["no such field"]), *few])
    report = probed()
    results = {one["probe"]: one for one in report.json["probes"]}
    assert "cannot read (KeyError" in results["odd"]["found"]
    assert all(results[one.name]["as_expected"] for one in few)


@pytest.mark.long
def test_a_probe_without_an_answer_is_one_a_server_without_answers_the_end(desk, probed, monkeypatch):
    def silent(_client):
        raise Retryable("no response")

    before = files(desk)
    monkeypatch.setattr(probe, "PROBES", [Probe("a", "m", silent), PROBES[-1], *[Probe("b", "m", silent)] * 2])
    assert [one["found"] for one in probed().json["probes"]][2:] == ["no answer: no response"] * 2
    monkeypatch.setattr(probe, "PROBES", [Probe("a", "m", silent)] * 3)
    with pytest.raises(Retryable):
        probed()
    assert files(desk) == before


@pytest.mark.long
def test_the_workbook_goes_even_when_a_probe_fails(desk, probed, monkeypatch):
    before = files(desk)
    monkeypatch.setattr(probe, "_results", lambda *_, **__: _broken(RuntimeError("cut off")))

    with pytest.raises(RuntimeError):
        probed()

    assert files(desk) == before


def _broken(error):
    raise error
    yield


# -- what is saved


@pytest.mark.long
@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), RuntimeError("x"), Retryable("no answer", state="Nothing.")]
)
def test_what_was_asked_before_the_end_is_kept(desk, probed, few, tmp_path, error):
    def broken(_client):
        raise error

    few.insert(2, Probe("broken", "m", broken))
    few[3:] = [few[2]] * 3
    path = tmp_path / "recording.json"
    before = files(desk)
    with pytest.raises(type(error)) as caught:
        probed(save=path)
    body = json.loads(path.read_text())
    assert body["recording"]["complete"] is False
    assert few[0].name in {one["probe"] for one in body["interactions"]}
    assert body["interactions"][-1]["request"]["method"] == "DELETE"
    assert files(desk) == before
    if isinstance(error, Retryable):
        assert caught.value.state == f"Nothing. What was asked until then is in {path}."


@pytest.mark.long
def test_a_quota_that_is_used_up_is_waited_for_and_kept(desk, probed, few, tmp_path):
    arm(desk, match=":batchUpdate", skip=3, status=429, times=2)
    path = tmp_path / "recording.json"
    assert all(one["as_expected"] for one in probed(save=path).json["probes"])
    waited = [one for one in json.loads(path.read_text())["interactions"] if "earlier_responses" in one]
    (one,) = waited
    assert [answer["status"]["code"] for answer in one["earlier_responses"]] == [429, 429]
    assert "RATE_LIMIT_EXCEEDED" in one["earlier_responses"][0]["body"]["string"]
    assert "project_number:removed-project-1" in one["earlier_responses"][0]["body"]["string"]


def test_a_file_that_cannot_be_written_is_refused_before_the_first_request(desk, probed, tmp_path):
    there = tmp_path / "there.json"
    there.write_text("mine")
    before = count(desk)
    for path in (there, tmp_path / "no folder" / "x.json"):
        with pytest.raises(SettingsError) as caught:
            probed(save=path)
        assert caught.value.state == "Nothing was asked."
    assert count(desk) == before
    assert there.read_text() == "mine"


# -- a workbook that is given


def blank(desk, title="X"):
    return desk.client("owner", creating=True).create(title)


@pytest.mark.long
def test_a_blank_workbook_that_was_given_is_probed_on_and_stays(desk, probed, few, tmp_path):
    book = blank(desk, "a private title")
    book.sheet1.update_title("a private tab")
    before, path = files(desk), tmp_path / "recording.json"

    report = probed(on=book.id, save=path)

    assert all(one["as_expected"] for one in report.json["probes"])
    assert files(desk) == before
    assert "delete it" in report.notes[0]
    assert "private" not in path.read_text()
    assert book.id not in path.read_text()
    assert "Probe" in [tab.title for tab in desk.client("owner").open_by_key(book.id).worksheets()]


@pytest.mark.long
def test_a_workbook_in_use_or_with_anything_in_it_is_left_alone(desk, probed):
    fuller, named, marked, tabs = (blank(desk) for _ in range(4))
    fuller.sheet1.update_acell("Z900", "x")
    named.sheet1.define_named_range("A1", "mine")
    marked.sheet1.add_protected_range("A1:A2")
    tabs.add_worksheet("another", 5, 5)
    words = {
        fuller.id: "it has values",
        named.id: "it has named ranges",
        marked.id: "it has protected ranges",
        tabs.id: "it has 2 tabs",
        desk.sheet_id: "is a workbook of the settings",
    }
    for book, told in words.items():
        before = desk.server._library.open(book)
        with pytest.raises(SettingsError) as caught:
            probed(on=book)
        assert told in caught.value.message
        assert caught.value.state == "Nothing in it was changed."
        assert desk.server._library.open(book) is before


@pytest.mark.long
def test_an_account_that_may_make_no_workbook_is_told_to_give_one(desk, probed):
    arm(desk, match="POST /drive/v3/files", status=403)
    with pytest.raises(AccessError) as caught:
        probed()
    assert "--on" in caught.value.remedy


def test_a_workbook_that_is_not_there_or_not_shared_is_told(probed):
    with pytest.raises(AccessError) as caught:
        probed(on="1" + "x" * 43)
    assert "address after --on" in caught.value.remedy
