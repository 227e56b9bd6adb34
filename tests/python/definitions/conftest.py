"""Fixtures around small projects of definitions."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pytest

from .small_project import ROOT, SmallDbt, write_definitions


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project's root with the entity `deal` and the term `big` in three versions."""
    return write_definitions(tmp_path)


@pytest.fixture(scope="session")
def project_calls(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Sequence[str]], list[str]]:
    """Render calls of the project's own, checked-in macros."""
    root = tmp_path_factory.mktemp("project")
    small = SmallDbt(root)
    shutil.copytree(ROOT / "macros" / "definitions", root / "macros" / "definitions", dirs_exist_ok=True)
    known: dict[tuple[str, ...], list[str]] = {}

    def render(calls: Sequence[str]) -> list[str]:
        key = tuple(calls)
        if key not in known:
            known[key] = small.render(calls)
        return known[key]

    return render


@pytest.fixture(scope="session")
def memory() -> duckdb.DuckDBPyConnection:
    """A database in memory, on one thread."""
    return duckdb.connect(":memory:", config={"threads": "1"})
