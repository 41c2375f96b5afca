"""The suites of other clients, played against an emulator, fail only where it is known and said why.

They lie beside the checkout or where `SHEETS_PEER_SUITES` says, and bring a `run.sh` that installs the clients from
their registries. `PEER_WORK` names a folder that keeps what was installed.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest
from other_programs import emulator, need_node, unavailable

FOLDER = Path(
    os.environ.get("SHEETS_PEER_SUITES", Path(__file__).resolve().parents[2] / ".." / "shared" / "peer_suites")
)
EXPECTED = Path(__file__).with_name("peer_failures.txt")
REASONS = {"theirs", "another account", "not in the emulator"}
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
#: How pytest and vitest name what failed, and count: the groups are kind and number.
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)|^ FAIL  (.+)$", re.MULTILINE)
COUNTS = re.compile(r"(\d+) (failed|passed|skipped|errors?)\b")
CLOSING = re.compile(r"^(?:\d+ (?:failed|passed).*| +Tests +.*)$", re.MULTILINE)


def expected():
    """Read the list: how many tests each suite has, and which fail for which reason."""
    totals, failures = {}, {}
    for line in EXPECTED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            suite, reason, test = line.split(" | ", 2)
            if reason == "tests":
                totals[suite] = int(test)
            else:
                failures.setdefault(suite, {})[test] = reason
    return totals, failures


def outcome(log):
    """Give the tests that failed by a suite's log, and how many there were of each kind."""
    text = COLOURS.sub("", log.read_text(encoding="utf-8"))
    closing = CLOSING.findall(text)
    failed = {one or other for one, other in FAILED.findall(text)}
    counts = {kind: int(number) for number, kind in COUNTS.findall(closing[-1] if closing else "")}
    return failed, counts


def differences(folder):
    """Say in which ways the suites went otherwise than the list says."""
    totals, failures = expected()
    for suite, total in totals.items():
        failed, counts = outcome(folder / f"{suite}.log")
        listed = failures.get(suite, {}).keys()
        yield from (f"{suite}: fails, and is not listed: {test}" for test in sorted(failed - listed))
        yield from (f"{suite}: passes, and is listed: {test}" for test in sorted(listed - failed))
        played = counts.get("failed", 0) + counts.get("passed", 0)
        if played != total:
            yield f"{suite}: {played} of {total} tests were played ({counts})"


def test_the_list_is_in_order():
    totals, failures = expected()
    assert failures.keys() <= totals.keys()
    assert {reason for tests in failures.values() for reason in tests.values()} <= REASONS


def test_the_reader_of_logs_can_tell(tmp_path):
    for suite, total in expected()[0].items():
        (tmp_path / f"{suite}.log").write_text(f"{total - 1} passed in 1s\n", encoding="utf-8")
    log = "\x1b[31mFAILED tests/x.py::T::a - boom\x1b[0m\nERROR    noise\n1 failed, 1 passed in 2s\n"
    (tmp_path / "gspread-dataframe.log").write_text(log, encoding="utf-8")
    said = list(differences(tmp_path))
    assert "gspread-dataframe: fails, and is not listed: tests/x.py::T::a" in said
    assert any(line.startswith("node-google-spreadsheet: passes, and is listed: ") for line in said)
    assert "pygsheets: 69 of 70 tests were played ({'passed': 69})" in said
    log = " FAIL  src/a.test.ts > A > b\n Test Files  1 failed (1)\n      Tests  1 failed | 3 passed | 2 skipped (6)\n"
    (tmp_path / "log").write_text(log, encoding="utf-8")
    assert outcome(tmp_path / "log") == ({"src/a.test.ts > A > b"}, {"failed": 1, "passed": 3, "skipped": 2})


@pytest.mark.long
@pytest.mark.skipif(not (FOLDER / "run.sh").exists(), reason="the suites are not beside this checkout")
def test_the_suites_of_other_clients_fail_only_where_it_is_said(tmp_path):
    need_node()
    work = Path(os.environ.get("PEER_WORK", tmp_path / "work"))
    with emulator(tmp_path / "emulator") as url:
        key = tmp_path / "emulator" / "service_account.json"
        played = subprocess.run(
            ["bash", str(FOLDER / "run.sh"), url, str(key)], env=os.environ | {"PEER_WORK": str(work)},
            capture_output=True, text=True, check=False, timeout=900,
        )  # fmt: skip
    if played.returncode != 0:
        unavailable(f"the suites could not be played:\n{played.stdout[-2000:]}{played.stderr[-2000:]}")
    otherwise = list(differences(work))
    assert otherwise == [], "\n".join(otherwise)
