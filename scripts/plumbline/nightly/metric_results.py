"""What was published of every metric, kept in `state/<target>/metric_results.jsonl`: one line per published run.

A run's line holds the rows that it added to `fct_metric_results`: figures that say something else than before. Rows of
runs that a rollback went away from stay in the file and do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from plumbline.nightly.tables import MARTS, literal, quoted, table_names
from plumbline.nightly.versions import Versions
from plumbline.project.json_lines import append_line, read_lines
from plumbline.project.paths import DATABASE_NAME

MART = "fct_metric_results"
TABLE = "metric_results"
"""The table in the schema of the state that the models read."""
COLUMNS = (
    *("metric", "basis", "period_key", "slice_type", "slice_name", "run_id", "metric_name", "term", "version"),
    *("definitions", "unit", "additivity", "currency_code", "metric_value", "numerator_value", "denominator_value"),
    *("record_count", "rate_missing_count", "unknown_count", "is_withdrawn", "as_of_date"),
)
"""As `int_metric_results_published` has them, which also gives them their types: here all is text."""
_FOLDED_BY = ("metric", "basis")

Row = dict[str, str | None]


def record_published(path: Path, lineage: Sequence[str], versions: Versions) -> list[str]:
    """Write down what the published runs added that are not in the file yet: the last one, or one that was killed.

    Returns the runs that were written.
    """
    known = {line.get("run_id") for line in read_lines(path)}
    written = []
    for run_id in lineage:
        database = versions.path(run_id) / DATABASE_NAME
        if run_id not in known and database.is_file():
            append_line(path, {"run_id": run_id, "figures": list(_folded(_added(database, run_id)))})
            written.append(run_id)
    return written


def read_results(path: Path) -> dict[str, list[Row]]:
    """What each run added, oldest first; a run that is there twice counts as last recorded."""
    found: dict[str, list[Row]] = {}
    for line in read_lines(path):
        if isinstance(line.get("run_id"), str) and isinstance(line.get("figures"), list):
            found[line["run_id"]] = [{**row, "run_id": line["run_id"]} for row in _unfolded(line["figures"])]
    return found


def hand_over(path: Path, lineage: Sequence[str], work_file: Path, schema: str) -> None:
    """Put what the runs of the lineage published into a fresh work file, for the models to read.

    A file, and not dbt's variables: other variables would have dbt parse the whole project anew, night by night.
    """
    results = read_results(path)
    rows = [row for run_id in lineage for row in results.get(run_id, [])]
    if not rows:
        return
    texts = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in COLUMNS})
    with duckdb.connect(":memory:") as connection:
        # What is built stays in this file: the newest format, as profiles.yml has dbt make it.
        connection.execute(f"attach {literal(work_file)} as work (storage_version 'latest')")
        connection.execute(f"create schema work.{quoted(schema)}")
        connection.register("rows_given", texts)
        connection.execute(f"create table work.{quoted(schema)}.{TABLE} as select * from rows_given")


def _added(database: Path, run_id: str) -> list[Row]:
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach {literal(database)} as published (read_only)")
        if MART not in table_names(connection, "published"):
            return []  # published before there were metrics
        told = [name for name in COLUMNS if name != "run_id"]
        texts = ", ".join(f"cast({name} as varchar)" for name in told)
        found = connection.execute(
            f"select {texts} from published.{MARTS}.{MART} where run_id = ? "
            "order by metric, basis, slice_type, slice_name, period_key",
            [run_id],
        ).fetchall()
    return [dict(zip(told, row, strict=True)) for row in found]


def _folded(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """What the rows of a metric have in common once for all of them: a third of the bytes."""
    for _, group in groupby(rows, key=lambda row: [row[name] for name in _FOLDED_BY]):
        alike = list(group)
        same = {name: value for name, value in alike[0].items() if all(row[name] == value for row in alike)}
        columns = [name for name in alike[0] if name not in same]
        yield {"same": same, "columns": columns, "rows": [[row[name] for name in columns] for row in alike]}


def _unfolded(groups: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    for group in groups:
        for row in group["rows"]:
            yield {**group["same"], **dict(zip(group["columns"], row, strict=True))}
