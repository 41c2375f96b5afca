"""Workbooks that are put back in an instant, and boundaries at every fsync."""

import pytest
from scene import Places, disk_boundaries


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
