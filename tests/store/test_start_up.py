"""SQLAlchemy is not waited for before the first poll was answered, nor where no store is needed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LATE = ("sqlalchemy", "alembic", "psycopg", "mako")


def imported(script, *arguments):
    """The packages of `LATE` that a process has imported when the script prints them."""
    body = f"import sys\ndef late():\n    return [name for name in {LATE} if name in sys.modules]\n{script}"
    done = subprocess.run(
        [sys.executable, "-c", body, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.long
def test_the_command_line_and_the_application_import_none_of_it():
    assert (
        imported("import sheets_crm.cli, jobs.worker, jobs.sync_job, sheets_crm.scheduling\nprint(late())") == "[]"
    )


OPENED = """
from pathlib import Path
from sheets_crm import bootstrap
from sheets_crm.config import Settings
from sheets_crm.google.gateway import SheetsGateway
settings = Settings(spreadsheet_id=sys.argv[1], credentials=Path(sys.argv[2]), endpoint=sys.argv[3], state_dir=Path(sys.argv[4]))
app = bootstrap.application(settings)
"""
SYNC = OPENED + "app.sync(plan=False, now=False, force=False, scheduled=True)\nprint(late())"
FIRST_POLL = """
values = SheetsGateway.values
at_first = []
def asked(self, ranges):
    answer = values(self, ranges)
    at_first.append(late())
    return answer
SheetsGateway.values = asked
app.sync(plan=False, now=True, force=False, scheduled=True)
print(at_first[0], late())
"""


@pytest.fixture
def arguments(open_desk):
    desk = open_desk("imported")
    desk.sync()
    desk.sync()
    return desk, (desk.sheet_id, desk.settings.credentials, desk.server.url, desk.settings.state_dir)


@pytest.mark.long
def test_an_idle_run_imports_none_of_it(arguments):
    desk, given = arguments
    assert imported("import time\ntime.time = lambda: %r\n" % (desk.now + 1) + SYNC, *given) == "[]"


@pytest.mark.long
def test_a_run_that_writes_imports_it_after_its_first_poll_and_alembic_never(arguments):
    desk, given = arguments
    desk.tick("Verification Input")
    assert imported(OPENED + FIRST_POLL, *given) == "[] ['sqlalchemy']"
