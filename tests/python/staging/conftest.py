"""Staging, built once for each raw file of the session."""

import pytest

from .raw import Staged


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """What staging made of the raw instances that the test modules registered."""
    return Staged(tmp_path_factory.mktemp("staging"))
