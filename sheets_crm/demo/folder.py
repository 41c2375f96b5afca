"""The folder of a demo: the emulator's data, the sample export, and a settings file for the other commands."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_TEMPLATE = """\
# The demo's workbook on the emulator. While `sheets-crm demo` is up, every other command works on it:
#     sheets-crm --config {path} status
spreadsheet_id = "{spreadsheet_id}"
credentials = "emulator/service_account.json"
endpoint = "{endpoint}"
state_dir = "state"

# Quicker than is good for Google, so that a tick in the browser is answered at once.
interval_seconds = 1
settle_seconds = 2
reads_per_minute = 600
writes_per_minute = 600
"""
_ENDPOINT = re.compile(r"^endpoint = .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Folder:
    """Files of one demo.

    Attributes:
        path: Their folder.
    """

    path: Path

    @property
    def settings(self) -> Path:
        """The settings file, for this demo and for the other commands."""
        return self.path / "sheets_crm.toml"

    @property
    def emulator(self) -> Path:
        """The emulator's data and account files."""
        return self.path / "emulator"

    @property
    def export(self) -> Path:
        """The sample export."""
        return self.path / "export.csv"

    @property
    def played(self) -> bool:
        """Whether the story was played to its end here; an interrupted one starts again on a new workbook."""
        return self.settings.is_file() and self._mark.exists()

    def mark_played(self) -> None:
        """Record that the story was played to its end."""
        self._mark.touch()

    @property
    def _mark(self) -> Path:
        return self.path / "story-played"

    def last_port(self) -> int:
        """Port of the last start, so that the page keeps its address; 0 before the first."""
        if not self.settings.is_file():
            return 0
        try:
            endpoint = tomllib.loads(self.settings.read_text(encoding="utf-8")).get("endpoint", "")
            return urlsplit(str(endpoint)).port or 0
        except ValueError:
            return 0

    def write_settings(self, spreadsheet_id: str, endpoint: str) -> None:
        """Write the settings file of the demo's workbook."""
        text = _TEMPLATE.format(path=self.settings, spreadsheet_id=spreadsheet_id, endpoint=endpoint)
        self._write(text)

    def move(self, endpoint: str) -> None:
        """Update the emulator's address in the settings file; the rest stays as people left it."""
        self._write(_ENDPOINT.sub(f'endpoint = "{endpoint}"', self.settings.read_text(encoding="utf-8")))

    def _write(self, text: str) -> None:
        temporary = self.settings.with_suffix(".new")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(self.settings)
