"""What a build found in the data: rows left out and why, conflicts, unmapped stages, the as-of day."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from plumbline.nightly.tables import MARTS, literal

RECONCILIATION = "fct_source_reconciliation"
CONFLICTS = "fct_account_match_conflicts"
OPPORTUNITIES = "fct_opportunities"


@dataclass(frozen=True)
class LeftOut:
    """Rows of one source system that are not in the marts, with the reason."""

    source_system: str
    outcome: str
    reason: str
    rows: int


@dataclass(frozen=True)
class Findings:
    """What a person may want to look into. None: this project has no such mart."""

    as_of_date: str | None = None
    outcomes: dict[str, int] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    conflicts: int | None = None
    unmapped_stages: int | None = None

    def rows(self, outcome: str) -> int:
        """How many raw rows had an outcome: kept, superseded, excluded, rejected."""
        return self.outcomes.get(outcome, 0)


def read_findings(work_file: Path) -> Findings:
    """Read the findings from the work file, from those marts that exist."""
    with duckdb.connect(":memory:") as connection:
        # Attached under a name of its own: a catalog and a schema both called `marts` are ambiguous.
        connection.execute(f"attach {literal(work_file)} as work (read_only)")
        connection.execute("use work")
        columns = _columns(connection)
        outcomes: dict[str, int] = {}
        left_out: list[LeftOut] = []
        if {"source_system", "outcome", "reason", "row_count"} <= columns.get((MARTS, RECONCILIATION), set()):
            outcomes = {
                str(outcome): int(rows)
                for outcome, rows in connection.execute(
                    f"select outcome, sum(row_count) from {MARTS}.{RECONCILIATION} group by outcome order by outcome"
                ).fetchall()
            }
            left_out = [
                LeftOut(str(system), str(outcome), str(reason or "no reason given"), int(rows))
                for system, outcome, reason, rows in connection.execute(
                    f"""
                    select source_system, outcome, reason, sum(row_count) from {MARTS}.{RECONCILIATION}
                    where outcome in ('rejected', 'excluded') and row_count > 0
                    group by source_system, outcome, reason order by 4 desc, 1, 2, 3
                    """
                ).fetchall()
            ]
        conflicts = _count(connection, f"{MARTS}.{CONFLICTS}") if (MARTS, CONFLICTS) in columns else None
        unmapped = None
        if "stage_category" in columns.get((MARTS, OPPORTUNITIES), set()):
            unmapped = _count(connection, f"{MARTS}.{OPPORTUNITIES} where stage_category = 'unmapped'")
        return Findings(_as_of(connection, columns), outcomes, left_out, conflicts, unmapped)


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    rows = connection.execute(
        "select table_schema, table_name, column_name from information_schema.columns where table_catalog = 'work'"
    )
    for schema, table, column in rows.fetchall():
        found.setdefault((str(schema), str(table)), set()).add(str(column))
    return found


def _as_of(connection: duckdb.DuckDBPyConnection, columns: dict[tuple[str, str], set[str]]) -> str | None:
    for (schema, table), names in sorted(columns.items()):
        if table == "as_of" and "as_of_date" in names:
            row = connection.execute(f'select cast(as_of_date as varchar) from "{schema}"."{table}"').fetchone()
            return None if row is None or row[0] is None else str(row[0])
    return None


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    assert row is not None
    return int(row[0])
