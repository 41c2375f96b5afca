"""Workbooks to begin with, shared by the tests of several rooms."""

import os

import pytest
from workbench import Stages, one_key


@pytest.fixture(scope="session", autouse=True)
def key_of_all():
    """One private key for the accounts of all emulators."""
    with pytest.MonkeyPatch.context() as patch:
        one_key(patch)
        yield


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
    found.close()


@pytest.fixture
def open_desk(stages):
    """Opens workbooks at any stage and closes them afterwards."""
    opened = []

    def opening(stage="initialised", locale="es_ES", **settings):
        opened.append(stages.desk(stage, locale, **settings))
        return opened[-1]

    yield opening
    for desk in opened:
        desk.close()
