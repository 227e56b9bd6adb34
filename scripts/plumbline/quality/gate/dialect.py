"""A SQLAlchemy dialect with which Great Expectations reads DuckDB.

Great Expectations takes the rows of a result after its connection went back to the pool; DuckDB streams rows
from the connection and has none left by then. So every statement here fetches all of its rows at once.
Statements are aggregates, pushed down: a result is a handful of numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
from duckdb_engine import ConnectionWrapper, Dialect
from sqlalchemy.dialects import registry

NAME = "plumbline"
URL = f"duckdb+{NAME}:///:memory:"


class FetchedCursor:
    """A cursor that holds all rows of its last statement."""

    def __init__(self, raw: duckdb.DuckDBPyConnection, connection: ConnectionWrapper) -> None:
        """A cursor on a connection."""
        self._raw = raw
        self._rows: list[Any] = []
        self.connection = connection
        self.description: Any = None
        self.rowcount = -1
        self.arraysize = 1

    def execute(self, statement: str, parameters: Any = None, context: Any = None) -> None:
        """Run a statement and fetch what it gives."""
        result = self._raw.execute(statement, parameters) if parameters else self._raw.execute(statement)
        self.description = result.description
        self._rows = result.fetchall() if self.description else []

    def executemany(self, statement: str, parameters: Iterable[Any] = (), context: Any = None) -> None:
        """Run a statement with each set of parameters."""
        for each in parameters:
            self.execute(statement, each)

    def fetchone(self) -> Any:
        """The next row, or None."""
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows."""
        count = size or self.arraysize
        taken, self._rows = self._rows[:count], self._rows[count:]
        return taken

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        taken, self._rows = self._rows, []
        return taken

    def close(self) -> None:
        """Forget the rows."""
        self._rows = []


class FetchedConnection(ConnectionWrapper):  # type: ignore[misc]
    """A connection whose cursors fetch at once."""

    def __init__(self, raw: duckdb.DuckDBPyConnection) -> None:
        """Wrap a connection."""
        super().__init__(raw)
        self._raw = raw

    def cursor(self) -> FetchedCursor:
        """A cursor that holds its rows."""
        return FetchedCursor(self._raw, self)


class FetchingDialect(Dialect):  # type: ignore[misc]
    """duckdb-engine's dialect over files that are attached read-only, a schema of the first of them in use."""

    supports_statement_cache = False

    def connect(self, *arguments: Any, **options: Any) -> FetchedConnection:
        """Connect in memory, attach the databases in `attach`, and close the door behind them."""
        attached: Mapping[str, str] = options.get("attach", {})
        raw = duckdb.connect(":memory:")
        raw.execute("set TimeZone = 'UTC'")
        if spill := options.get("spill"):
            raw.execute(f"set temp_directory = {_literal(spill)}")
        for name, path in attached.items():
            raw.execute(f"attach {_literal(path)} as {name} (read_only)")
        for name in list(attached)[:1]:
            raw.execute(f'use "{name}"."{options.get("schema", "main")}"')
        # The SQL of a suite reads what is attached, and nothing else.
        raw.execute("set enable_external_access = false")
        raw.execute("set lock_configuration = true")
        return FetchedConnection(raw)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


registry.register(f"duckdb.{NAME}", __name__, FetchingDialect.__name__)
