"""Workbooks that are put back in an instant, and boundaries at every fsync."""

import sys
from pathlib import Path

import pytest
from scene import Places, disk_boundaries

sys.path.append(str(Path(__file__).resolve().parents[1] / "two_way"))  # the scratch table is declared there

import diary


@pytest.fixture(scope="session")
def places(tmp_path_factory, shared_stages):
    """The stages, each opened once."""
    found = Places(tmp_path_factory.mktemp("places"), shared_stages)
    yield found
    found.close()


@pytest.fixture(autouse=True)
def boundaries(monkeypatch):
    """Workers stop, and may die, at every fsync too."""
    disk_boundaries(monkeypatch)


@pytest.fixture
def two_way(monkeypatch):
    """What gives a workbook the two-way table of the histories; its module is in the registry meanwhile."""
    diary.registered(monkeypatch)
    return diary.with_table
