"""One prover and one database for all tests of the folder."""

from collections.abc import Iterator

import duckdb
import pytest

from plumbline.definitions.prover import Prover

from .deals import DEAL
from .judging import plain_memory


@pytest.fixture(scope="session")
def prover() -> Iterator[Prover]:
    """A prover over deals."""
    with Prover(DEAL) as made:
        yield made


@pytest.fixture(scope="session")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB without its optimizer, which is the oracle."""
    with plain_memory() as connection:
        yield connection
