"""A later version of the program: a copy of its package that a test edits, run as a process of its own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import jobs
import sheets_crm

PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); from sheets_crm.cli import main; main()"


def copied_package(folder):
    """A folder with a copy of the package and of the jobs."""
    ignored = shutil.ignore_patterns("__pycache__")
    for package in (sheets_crm, jobs):
        source = Path(package.__file__).parent
        shutil.copytree(source, folder / source.name, ignore=ignored)
    return folder


class Later:
    """The later version's command line, on the workbook of a desk.

    Args:
        package: The folder of the copied package.
        desk: The workbook.
        settings: Further lines of the settings file.
    """

    def __init__(self, package, desk, settings=""):
        self._package, self._desk = package, desk
        self._settings = desk.directory / "later.toml"
        self.set(settings)

    def set(self, settings):
        """Write the settings file anew, with these further lines."""
        desk = self._desk
        self._settings.write_text(
            f'spreadsheet_id = "{desk.sheet_id}"\ncredentials = "{desk.settings.credentials}"\n'
            f'endpoint = "{desk.server.url}"\nstate_dir = "{desk.directory / "later"}"\nsettle_seconds = 0\n'
            f"reads_per_minute = 6000\nwrites_per_minute = 6000\n{settings}\n"
        )

    def __call__(self, *words, status=0):
        command = [sys.executable, "-c", PROGRAM, self._package, "--config", self._settings, *words, "--json"]
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, check=False, cwd=self._package
        )
        assert done.returncode == status, done.stdout + done.stderr
        return json.loads(done.stdout) if done.stdout else done.stderr
