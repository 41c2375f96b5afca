"""SQLAlchemy is not waited for before the first poll was answered, nor where no store is needed."""

import socket
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


WORKER = """
from pathlib import Path
from jobs import feeds_job
from jobs.stopper import Stopper
from sheets_crm import scheduling
from sheets_crm.config import Settings
from sheets_crm.google.gateway import SheetsGateway
settings = Settings(
    spreadsheet_id=sys.argv[1], credentials=Path(sys.argv[2]), endpoint=sys.argv[3], state_dir=Path(sys.argv[4]),
    modules=["instantly"], webhooks={"port": int(sys.argv[5]), "token_file": sys.argv[6]},
)
def received():
    return [name for name in ("starlette", "uvicorn", "sheets_crm.instantly.service") if name in sys.modules]
values, stopper, at_first = SheetsGateway.values, Stopper(), []
def asked(self, ranges):
    answer = values(self, ranges)
    at_first.append([*late(), *received()])
    return answer
SheetsGateway.values = asked
def fetched(context):
    at_first.append("the job")
    stopper.stop()
feeds_job.run = fetched
scheduling.run_worker(settings, stopper=stopper)
print(at_first[0], at_first[-1])
"""


@pytest.mark.long
def test_a_worker_with_a_module_that_fetches_and_receives_imports_it_after_the_first_poll(arguments, tmp_path):
    _, given = arguments
    token = tmp_path / "token"
    token.write_text("x" * 32, encoding="utf-8")
    token.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert imported(WORKER, *given, port, token) == "[] the job"


ALERTED = """
from pathlib import Path
from sheets_crm import scheduling
from sheets_crm.config import Settings
from sheets_crm.google.gateway import SheetsGateway
from jobs.stopper import Stopper
settings = Settings(
    spreadsheet_id=sys.argv[1], credentials=Path(sys.argv[2]), endpoint=sys.argv[3], state_dir=Path(sys.argv[4]),
    alerts={"slack_webhook_file": Path("nothing")},
)
values, at_first, stopper = SheetsGateway.values, [], Stopper()
def asked(self, ranges):
    answer = values(self, ranges)
    at_first.append(late())
    stopper.stop()
    return answer
SheetsGateway.values = asked
scheduling.run_worker(settings, stopper=stopper)
print(at_first[0])
"""


@pytest.mark.long
def test_a_worker_with_a_job_that_needs_the_store_answers_its_first_poll_before(arguments):
    _, given = arguments
    assert imported(ALERTED, *given) == "[]"
