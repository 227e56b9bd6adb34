"""The manifest of a published version: what it holds, from when, and the hashes that prove it whole."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from plumbline.nightly.versions import MANIFEST
from plumbline.project.durable import write_json
from plumbline.project.errors import PublishError

OPERATIONS = "ops_"
"""How the names of tables about runs begin; they differ from night to night by nature."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class ManifestColumn(_Frozen):
    """A column of a published table."""

    name: str
    type: str


class ManifestTable(_Frozen):
    """One published table."""

    rows: int
    content_hash: str
    columns: list[ManifestColumn]
    parquet_file: str
    parquet_bytes: int
    parquet_sha256: str


class Manifest(_Frozen):
    """All of `manifest.json`."""

    manifest_version: int = Field(1, description="Form of this file.")
    run_id: str
    target: str
    as_of_date: str | None
    git_commit: str | None
    git_has_changes: bool | None = Field(description="Whether files differed from that commit.")
    started_at: str
    finished_at: str
    plumbline_version: str
    duckdb_version: str
    storage_version: str
    schema_version: str = Field(description="Hash of all tables, columns and types: same hash, same shape.")
    database_file: str
    database_bytes: int
    database_sha256: str
    tables: dict[str, ManifestTable] = Field(description="The marts, and the tables ops_* about the run itself.")
    pages: dict[str, str] = Field(default_factory=dict, description="Pages beside them, with their SHA-256.")

    @property
    def marts(self) -> dict[str, ManifestTable]:
        """The tables that dbt built."""
        return {name: table for name, table in self.tables.items() if not name.startswith(OPERATIONS)}

    @property
    def row_count(self) -> int:
        """Rows of all marts."""
        return sum(table.rows for table in self.marts.values())

    def write(self, folder: Path) -> None:
        """Write `manifest.json` into a version's folder."""
        write_json(folder / MANIFEST, self.model_dump(mode="json"))


def read_manifest(folder: Path) -> Manifest:
    """The manifest in a version's folder."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise PublishError(
            f"version {folder.name}: {path} cannot be read",
            "Roll back to another version ('plumbline status').",
        ) from error


def schema_version(columns: dict[str, list[ManifestColumn]]) -> str:
    """A hash of the shape of all tables."""
    lines = [f"{table}.{column.name} {column.type}" for table in sorted(columns) for column in columns[table]]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def changes(before: Manifest, after: Manifest) -> list[str]:
    """What a reader would notice between two versions, one line each; shape first, then rows."""
    shape: list[str] = []
    rows: list[str] = []
    shape += [f"{name}: new table" for name in after.marts if name not in before.marts]
    shape += [f"{name}: table is gone" for name in before.marts if name not in after.marts]
    for name, table in after.marts.items():
        old = before.marts.get(name)
        if old is None:
            continue
        old_types = {column.name: column.type for column in old.columns}
        new_types = {column.name: column.type for column in table.columns}
        shape += [f"{name}.{column}: new column" for column in new_types if column not in old_types]
        shape += [f"{name}.{column}: column is gone" for column in old_types if column not in new_types]
        shape += [
            f"{name}.{column}: {old_types[column]} became {kind}"
            for column, kind in new_types.items()
            if column in old_types and old_types[column] != kind
        ]
        if old.rows != table.rows:
            rows.append(f"{name}: {old.rows:,} to {table.rows:,} rows")
        elif old.content_hash != table.content_hash and old_types == new_types:
            rows.append(f"{name}: other content in {table.rows:,} rows")
    return shape + rows
