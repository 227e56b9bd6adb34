"""The tables `ops_*`: what ran, what it found, what was published; written beside the marts from `state/`.

`state/` is where these facts live; the tables are a copy as of the version that carries them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from plumbline.nightly import journal as events
from plumbline.nightly.clock import read_stamp
from plumbline.nightly.export import Descriptions
from plumbline.nightly.journal import Entry
from plumbline.nightly.tables import MARTS, literal, table_names
from plumbline.project.dbt_runner import NodeResult
from plumbline.quality.gate.history import GateRun

_TEXT, _BIG, _REAL, _FLAG, _MOMENT = "varchar", "bigint", "double", "boolean", "timestamp"

Column = tuple[str, str, str]
WriteOperations = Callable[[Path, str, list[NodeResult], list[Entry], list[GateRun]], None]


@dataclass(frozen=True)
class OpsTable:
    """A table's description and columns: name, type, description."""

    description: str
    columns: list[Column]


TABLES: dict[str, OpsTable] = {
    "ops_runs": OpsTable(
        "Every run of the night on this target, this one included. Grain: one row per run.",
        [
            ("run_id", _TEXT, "The run; a published version has the id of its run."),
            ("outcome", _TEXT, "published, failed, interrupted or killed; running for runs that have not ended."),
            ("exit_code", _BIG, "The exit code, see docs/exit-codes.md; NULL where the run could not write it."),
            ("started_at", _MOMENT, "When it started."),
            ("ended_at", _MOMENT, "When it ended; NULL for the run that made this version."),
        ],
    ),
    "ops_publishes": OpsTable(
        "What became current before this version, and when. Grain: one row per publish or rollback.",
        [
            ("run_id", _TEXT, "The version that became current."),
            ("event", _TEXT, "published, or rolled back."),
            ("replaced_run_id", _TEXT, "The version that was current before; NULL for the first."),
            ("mart_count", _BIG, "Marts of the version; NULL for rollbacks."),
            ("row_count", _BIG, "Rows of all its marts; NULL for rollbacks."),
            ("happened_at", _MOMENT, "When it became current."),
        ],
    ),
    "ops_nodes": OpsTable(
        "What dbt built and tested for this version. Grain: one row per node.",
        [
            ("run_id", _TEXT, "The run."),
            ("node_id", _TEXT, "dbt's unique id."),
            ("node_kind", _TEXT, "model, seed or test."),
            ("status", _TEXT, "success, pass or warn."),
            ("failure_count", _BIG, "Rows that a test found."),
            ("seconds", _REAL, "How long it took."),
        ],
    ),
    "ops_checks": OpsTable(
        "What the quality gate saw, in every run on this target. Grain: one row per run and check.",
        [
            ("run_id", _TEXT, "The run."),
            ("check_name", _TEXT, "The check, with the table or column where it has several."),
            ("suite_name", _TEXT, "Its suite: a file in quality/."),
            ("expectation", _TEXT, "What was expected, as Great Expectations names it."),
            ("table_name", _TEXT, "Table that was looked at."),
            ("column_name", _TEXT, "Column, where there is one."),
            ("severity", _TEXT, "error blocks the publish, warning does not."),
            ("status", _TEXT, "passed, failed, or broken where the check itself could not run."),
            ("unit", _TEXT, "What the figures count."),
            ("note", _TEXT, "More about it, such as that there was no history yet."),
            ("seen_value", _REAL, "What was seen."),
            ("minimum_value", _REAL, "The least that was wanted."),
            ("maximum_value", _REAL, "The most that was wanted."),
            (
                "usual_value",
                _REAL,
                "Median of the published versions that it was compared with; of a lag, the longest.",
            ),
            ("version_count", _BIG, "How many versions that were; of a lag, how many days."),
            ("is_accepted", _FLAG, "Whether somebody let the finding through (plumbline accept)."),
            ("checked_at", _MOMENT, "When."),
        ],
    ),
    "ops_freshness": OpsTable(
        "Rows and newest load time of every raw table. Grain: one row per raw table of an instance.",
        [
            ("run_id", _TEXT, "The run."),
            ("source_system", _TEXT, "System that the rows come from."),
            ("source_instance", _TEXT, "Instance of the system; several may stand side by side."),
            ("source_table", _TEXT, "Raw table by its declared name; as it landed where no model reads it."),
            ("row_count", _BIG, "Rows of the raw table."),
            ("newest_loaded_at", _MOMENT, "Newest load time in it; NULL where no model reads it or it has none."),
        ],
    ),
}
OPS_DESCRIPTIONS = Descriptions(
    {name: table.description for name, table in TABLES.items()},
    {name: {column: text for column, _, text in table.columns} for name, table in TABLES.items()},
)


def write_operations(
    work_file: Path, run_id: str, nodes: list[NodeResult], journal: list[Entry], checks: list[GateRun]
) -> None:
    """Write all `ops_*` tables into the work file, beside its marts."""
    rows = {
        "ops_runs": _runs(journal, run_id),
        "ops_publishes": _publishes(journal),
        "ops_nodes": [_node(run_id, node) for node in nodes],
        "ops_checks": [_check(run, check) for run in checks for check in run.checks],
    }
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach {literal(work_file)} as work")
        for name, table in TABLES.items():
            columns = ", ".join(f"{column} {kind}" for column, kind, _ in table.columns)
            connection.execute(f"create or replace table work.{MARTS}.{name} ({columns})")
            if rows.get(name):
                connection.register("rows_given", _arrow(table, rows[name]))
                connection.execute(f"insert into work.{MARTS}.{name} select * from rows_given")
                connection.unregister("rows_given")
        connection.execute(f"insert into work.{MARTS}.ops_freshness {_freshness(connection, run_id)}")


def _arrow(table: OpsTable, rows: list[dict[str, Any]]) -> pa.Table:
    kinds = {_TEXT: pa.string(), _BIG: pa.int64(), _REAL: pa.float64(), _FLAG: pa.bool_(), _MOMENT: pa.timestamp("us")}
    return pa.Table.from_pylist(rows, pa.schema([(name, kinds[kind]) for name, kind, _ in table.columns]))


def _runs(journal: list[Entry], run_id: str) -> list[dict[str, Any]]:
    ends = {entry.run_id: entry for entry in journal if entry.event in events.ENDS}
    return [
        {
            "run_id": start.run_id,
            "outcome": _outcome(ends.get(start.run_id), start.run_id == run_id),
            "exit_code": 0 if start.run_id == run_id else _whole(ends.get(start.run_id), "exit_code"),
            "started_at": _moment(start.at),
            "ended_at": _moment(ends[start.run_id].at) if start.run_id in ends else None,
        }
        for start in journal
        if start.event == events.STARTED
    ]


def _outcome(end: Entry | None, is_this: bool) -> str:
    # A reader sees this row only in a version that was published.
    return events.PUBLISHED if is_this else "running" if end is None else end.event


def _publishes(journal: list[Entry]) -> list[dict[str, Any]]:
    return [
        {
            "run_id": entry.run_id,
            "event": entry.event,
            "replaced_run_id": entry.details.get("before" if entry.event == events.ROLLED_BACK else "replaced"),
            "mart_count": _whole(entry, "tables"),
            "row_count": _whole(entry, "rows"),
            "happened_at": _moment(entry.at),
        }
        for entry in journal
        if entry.event in (events.PUBLISHED, events.ROLLED_BACK)
    ]


def _node(run_id: str, node: NodeResult) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "node_id": node.unique_id,
        "node_kind": node.kind,
        "status": node.status,
        "failure_count": node.failures,
        "seconds": node.seconds,
    }


def _check(run: GateRun, check: dict[str, Any]) -> dict[str, Any]:
    renamed = {
        "check": "check_name",
        "suite": "suite_name",
        "table": "table_name",
        "column": "column_name",
        "seen": "seen_value",
        "minimum": "minimum_value",
        "maximum": "maximum_value",
        "usual": "usual_value",
        "versions": "version_count",
    }
    given = {renamed.get(name, name): value for name, value in check.items()}
    return {"is_accepted": False, **given, "run_id": run.run_id, "checked_at": _moment(run.at)}


def _freshness(connection: duckdb.DuckDBPyConnection, run_id: str) -> str:
    """The select that gathers the row counts of all systems; of none where there are none."""
    counted = [
        f"select source_system, source_instance, source_table, rows_in, newest_loaded_at from work.staging.{name}"
        for name in table_names(connection, "work", "staging")
        if name.endswith("__row_counts")
    ]
    if not counted:
        return "select null, null, null, null, null, null where false"
    return (
        f"select {literal(run_id)}, source_system, source_instance, source_table, sum(rows_in), max(newest_loaded_at) "
        f"from ({' union all '.join(counted)}) group by all"
    )


def _whole(entry: Entry | None, name: str) -> int | None:
    value = None if entry is None else entry.details.get(name)
    return value if isinstance(value, int) else None


def _moment(text: str) -> Any:
    return read_stamp(text).replace(tzinfo=None)
