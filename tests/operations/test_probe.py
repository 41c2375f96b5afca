"""The probes: the emulator answers every one as expected, a server that does not is told apart, nothing is left."""

import pytest

from sheets_crm import bootstrap
from sheets_crm.operations import probe


@pytest.fixture
def desk(open_desk):
    return open_desk("initialised")


def files(desk):
    return {book.id for book in desk.server._library.files()}


@pytest.fixture
def probed(desk):
    """The application as the composition root makes it, so that its own client makes the throwaway workbook."""

    def ask():
        return bootstrap.application(desk.settings, sleep=lambda _: None).doctor(probe=True)

    return ask


def test_the_emulator_answers_every_probe_as_expected_and_the_workbook_is_gone_afterwards(desk, probed):
    before = files(desk)

    report = probed()

    assert len(report.json["probes"]) == len(probe.PROBES) >= 12
    assert [one for one in report.json["probes"] if not one["as_expected"]] == []
    assert files(desk) == before


def test_a_server_that_behaves_otherwise_is_told_with_what_was_expected(desk, probed):
    desk.server._library._copy_metadata = True

    report = probed()

    (differs,) = [one for one in report.json["probes"] if not one["as_expected"]]
    assert differs["probe"] == "what duplicateSheet copies"
    assert "metadata copied" in differs["found"]
    assert "metadata not copied" in differs["expected"]
    assert not report.ok
    assert "1 gave an unexpected result" in report.title


def test_the_workbook_goes_even_when_a_probe_fails(desk, probed, monkeypatch):
    before = files(desk)
    monkeypatch.setattr(probe, "_results", lambda _client: _broken())

    with pytest.raises(RuntimeError):
        probed()

    assert files(desk) == before


def _broken():
    raise RuntimeError("cut off")
    yield
