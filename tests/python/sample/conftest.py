"""A small sample company for the tests of the sample itself, made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from plumbline.sample import generate

SMALL = 0.4


@pytest.fixture(scope="session")
def sample_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Raw data and truth of a small sample company."""
    folder = tmp_path_factory.mktemp("sample")
    generate(folder / "raw.duckdb", folder / "truth.duckdb", scale=SMALL, seed=7)
    return folder / "raw.duckdb", folder / "truth.duckdb"


@pytest.fixture(scope="session")
def sample(sample_files: tuple[Path, Path]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that sees the raw data as `raw` and the truth as `truth`."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        for name, path in zip(("raw", "truth"), sample_files, strict=True):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        yield connection
