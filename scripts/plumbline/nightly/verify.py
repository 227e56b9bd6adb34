"""Prove that a version is whole: open it as a reader would, in a process of its own, and compare everything.

`python -m plumbline.nightly.verify FOLDER` prints one problem a line and exits with 1 if there is any.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from plumbline.nightly.export import PARQUET
from plumbline.nightly.manifest import Manifest, ManifestTable, read_manifest
from plumbline.nightly.tables import (
    MARTS,
    Column,
    columns_of,
    content_hash,
    file_hash,
    literal,
    quoted,
    schema_names,
    table_names,
)
from plumbline.project.errors import PublishError


def problems_of(folder: Path) -> list[str]:
    """All differences between a version's manifest and what is really in its folder."""
    manifest = read_manifest(folder)
    database = folder / manifest.database_file
    expected_files = {
        "manifest.json",
        manifest.database_file,
        *manifest.pages,
        *(t.parquet_file for t in manifest.tables.values()),
    }
    actual_files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    problems = [f"{name}: file is missing" for name in sorted(expected_files - actual_files)]
    problems += [f"{name}: file should not be there" for name in sorted(actual_files - expected_files)]
    if problems:
        return problems
    if file_hash(database) != manifest.database_sha256:
        return [f"{manifest.database_file}: the file's bytes are not those that were written"]
    for name, digest in manifest.pages.items():
        if file_hash(folder / name) != digest:
            return [f"{name}: the file's bytes are not those that were written"]
    with ThreadPoolExecutor(2) as readers:
        in_database = readers.submit(_database_problems, database, manifest)
        in_parquet = readers.submit(_parquet_problems, folder, manifest)
        return in_database.result() + in_parquet.result()


def _database_problems(database: Path, manifest: Manifest) -> list[str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        name = database.stem
        schemas, tables = schema_names(connection, name), table_names(connection, name)
        problems = [] if schemas == [MARTS] else [f"schemas {schemas} instead of only '{MARTS}'"]
        if tables != sorted(manifest.tables):
            return [*problems, f"tables {tables} instead of {sorted(manifest.tables)}"]
        for table, expected in manifest.tables.items():
            columns = columns_of(connection, name, table)
            relation = f"{quoted(name)}.{MARTS}.{quoted(table)}"
            problems += _compare(connection, relation, columns, table, expected)
    return problems


def _parquet_problems(folder: Path, manifest: Manifest) -> list[str]:
    problems: list[str] = []
    with duckdb.connect(":memory:") as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table, expected in manifest.tables.items():
            path = folder / expected.parquet_file
            if file_hash(path) != expected.parquet_sha256:
                problems.append(f"{expected.parquet_file}: the file's bytes are not those that were written")
                continue
            columns = [Column(column.name, column.type) for column in expected.columns]
            problems += _compare(connection, f"read_parquet({literal(path)})", columns, f"{PARQUET} {table}", expected)
    return problems


def _compare(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: list[Column],
    label: str,
    expected: ManifestTable,
) -> list[str]:
    if [(column.name, column.type) for column in columns] != [(c.name, c.type) for c in expected.columns]:
        return [f"{label}: columns differ from the manifest"]
    rows, digest = content_hash(connection, relation, columns)
    if rows != expected.rows:
        return [f"{label}: {rows} rows instead of {expected.rows}"]
    return [] if digest == expected.content_hash else [f"{label}: content differs from what was written"]


def verify_in_fresh_process(folder: Path) -> None:
    """Verify a version in a process that shares nothing with the writer; raise PublishError on a problem."""
    package_folder = str(Path(__file__).resolve().parents[2])
    search_path = os.pathsep.join(part for part in (package_folder, os.environ.get("PYTHONPATH", "")) if part)
    process = subprocess.run(
        [sys.executable, "-m", "plumbline.nightly.verify", str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": search_path},
        stdin=subprocess.DEVNULL,
    )
    if process.returncode != 0:
        problems = (process.stdout or process.stderr).strip().splitlines()
        raise PublishError(
            f"version {folder.name.removeprefix('.staging-')} did not prove whole: "
            + "; ".join(problems[-5:] or ["no answer"]),
            "The current version stays. Check the disk (space, health), then run again.",
        )


def main(arguments: list[str]) -> int:
    """Print the problems of the folder in the arguments."""
    problems = problems_of(Path(arguments[0]))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
