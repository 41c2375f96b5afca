"""The recorded answers of Google's, replayed by the script that comes with them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
FOLDER = Path(os.environ.get("SHEETS_CONFORMANCE", SHARED / "conformance"))


@pytest.mark.long
@pytest.mark.skipif(not (FOLDER / "replay.py").exists(), reason="the recordings are not beside this checkout")
def test_recorded_answers_are_given_again(server):
    """All but one: a protection's editors name the recording account (see docs/emulator.md)."""
    command = [
        sys.executable, str(FOLDER / "replay.py"), server.url,
        "--credentials", str(server.directory / "service_account.json"), "--min", "77",
    ]  # fmt: skip
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert found.returncode == 0, found.stdout[-3000:] + found.stderr[-2000:]
