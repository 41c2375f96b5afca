"""Prepared workbooks, shared by the tests of several packages."""

import gc
import logging
import os

import pytest
from workbench import Stages, no_waiting_for_disks, no_waiting_for_servers, one_key

from sheets_crm.engine import load


def pytest_ignore_collect(collection_path, config):
    """Do not even read modules whose every test is a long one, where no long test is asked for."""
    if config.option.markexpr != "not long" or collection_path.suffix != ".py":
        return None
    return "\npytestmark = pytest.mark.long\n" in collection_path.read_text("utf-8") or None


def pytest_collection_finish() -> None:
    """Look for cycles less often: it is a tenth of all tests' time."""
    gc.set_threshold(50_000, 50, 1_000)


@pytest.fixture(scope="session", autouse=True)
def nothing_that_only_takes_time():
    """One private key for the accounts of all emulators, and neither disk nor server that is waited for."""
    with pytest.MonkeyPatch.context() as patch:
        one_key(patch)
        no_waiting_for_disks(patch)
        no_waiting_for_servers(patch)
        yield


class FailedReads(logging.Handler):
    """Collects the failures of incremental reads for which a full read stood in, though they were not to be expected."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.records = []

    def emit(self, record):
        if record.msg == load.UNEXPECTED:
            self.records.append(record)


@pytest.fixture(autouse=True)
def failed_reads(request):
    """A test fails when an incremental read failed, unless it is marked ``failed_read``: then it has to fail."""
    handler, logger = FailedReads(), logging.getLogger(load.__name__)
    logger.addHandler(handler)
    yield handler.records
    logger.removeHandler(handler)
    causes = [repr(record.exc_info[1]) for record in handler.records]
    expected = request.node.get_closest_marker("failed_read") is not None
    assert bool(causes) is expected, f"incremental reads that failed: {causes}"


@pytest.fixture(scope="session")
def shared_stages(tmp_path_factory):
    """Where the stages lie, which all processes of this session have in common."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "stages"


@pytest.fixture(scope="session")
def stages(tmp_path_factory, shared_stages):
    """Workbooks at every stage, each made once."""
    return Stages(tmp_path_factory.mktemp("workbooks"), shared_stages)


@pytest.fixture
def desk(stages, request):
    """A workbook of the test's own: ``@pytest.mark.parametrize("desk", ["imported"], indirect=True)`` chooses a stage."""
    found = stages.desk(getattr(request, "param", "initialised"))
    yield found
    found.close(wait=False)


@pytest.fixture
def open_desk(stages):
    """Opens workbooks at any stage and closes them afterwards."""
    opened = []

    def opening(stage="initialised", locale="es_ES", *, then=None, **settings):
        opened.append(stages.desk(stage, locale, then=then, **settings))
        return opened[-1]

    yield opening
    for desk in opened:
        desk.close(wait=False)
