"""A small project for the commands on definitions."""

from pathlib import Path

import pytest

from definitions.small_project import SmallDbt, write_definitions


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project, nothing generated yet."""
    return SmallDbt(write_definitions(tmp_path)).root
