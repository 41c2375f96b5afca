"""The file of a recording: refused before the first request where it cannot be written, kept whatever happens later."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sheets_crm.engine.state_files import PRIVATE, write_whole
from sheets_crm.errors import CrmError, SettingsError
from sheets_crm.google.recording import Recorder
from sheets_crm.google.redaction import Redactor

_SECONDS_APART = 3.0


class RecordingFile:
    """Saves a recording again and again while it grows, each time whole: a killed process leaves what it had asked.

    Args:
        path: An empty file that is ours.
        recorder: Holds the exchanges.
    """

    def __init__(self, path: Path, recorder: Recorder) -> None:
        self.path = path
        self.recorder = recorder
        self._saved_at = time.monotonic()

    def begin(self, probe: str) -> None:
        """Save what was asked until now; what follows belongs to this probe, or to none when it is ""."""
        # The whole file each time: not more often than every few seconds, or the last ones would take all the time.
        if time.monotonic() > self._saved_at + _SECONDS_APART:
            self.save(complete=False)
        self.recorder.probe = probe

    def save(self, *, complete: bool) -> None:
        """Write all exchanges; the file is replaced by a whole one, mode 0600."""
        write_whole(self.path, self.recorder.as_bytes(complete=complete))
        self._saved_at = time.monotonic()


@contextmanager
def recording_file(path: Path, own: Mapping[str, str], about: Mapping[str, Any]) -> Iterator[RecordingFile]:
    """Reserve a file for a recording; at the end it holds what was asked, also when an exception ends it.

    Args:
        path: Where it goes; nothing may be there.
        own: The account's own values with their kinds; see `Redactor`.
        about: What the file says of itself.

    Raises:
        SettingsError: Something is at the path, or it cannot be written; no request was made.
    """
    _reserve(path)
    file = RecordingFile(path, Recorder(Redactor(own), about))
    complete = False
    try:
        yield file
        complete = True
    except CrmError as error:
        if len(file.recorder):
            error.state = f"{error.state} What was asked until then is in {path}.".strip()
        raise
    finally:
        if len(file.recorder):
            file.save(complete=complete)
        else:
            path.unlink(missing_ok=True)


def _reserve(path: Path) -> None:
    """Create the file, for its owner alone; a folder that is missing is not made: it may be a slip of the pen."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
        path.chmod(PRIVATE)
    except FileExistsError:
        raise SettingsError(
            f"{path} exists already, and a recording is never overwritten.",
            state="Nothing was asked.",
            remedy="Give another name after --save, or move the file away.",
        ) from None
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written: {error.strerror or type(error).__name__}.",
            state="Nothing was asked.",
            remedy="Give --save a path in a folder that exists and may be written to.",
        ) from error
