"""Reading a built project together with the truth about its raw data."""

from __future__ import annotations

from typing import Any, Protocol

import duckdb


class TruthBuild(Protocol):
    """The built project with the truth attached as `truth`."""

    connection: duckdb.DuckDBPyConnection


def fetch(build: TruthBuild, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query; `@` is the catalog of the build, which may bear the name of a schema."""
    catalog = build.connection.execute("select current_database()").fetchall()[0][0]
    return build.connection.execute(sql.replace("@.", f'"{catalog}".')).fetchall()
