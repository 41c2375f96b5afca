"""Workbooks to begin with, shared by the tests of several rooms."""

import pytest
from workbench import Stages, one_key


@pytest.fixture(scope="session", autouse=True)
def key_of_all():
    """One private key for the accounts of all emulators."""
    with pytest.MonkeyPatch.context() as patch:
        one_key(patch)
        yield


@pytest.fixture(scope="session")
def stages(tmp_path_factory):
    """Workbooks at every stage, each made once."""
    return Stages(tmp_path_factory.mktemp("workbooks"))


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
