"""What Great Expectations would answer, without its price."""

from __future__ import annotations

from typing import Any

import duckdb


def answers(request: dict[str, Any]) -> list[dict[str, Any]]:
    """From DuckDB alone: for tests of what is asked, and of what is made of the answers."""
    with duckdb.connect(":memory:") as connection:
        for name, path in request["attach"].items():
            connection.execute(f"attach '{path}' as {name} (read_only)")
        return answers_from(connection, request["items"])


def answers_from(connection: duckdb.DuckDBPyConnection, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same, from a connection that has `candidate` attached."""
    found = []
    for item in items:
        query = item["arguments"].get("query") or f"select count(*) from candidate.main.{item['table']}"
        answer: dict[str, Any] = {"check": item["check"], "detail": None, "error": None, "success": False}
        try:
            row = connection.execute(query).fetchone()
        except duckdb.Error:
            found.append({**answer, "seen": None, "error": "it raised"})
            continue
        assert row is not None
        low = float("-inf") if item["minimum"] is None else item["minimum"]
        high = float("inf") if item["maximum"] is None else item["maximum"]
        found.append({**answer, "seen": float(row[0]), "success": low <= row[0] <= high})
    return found
