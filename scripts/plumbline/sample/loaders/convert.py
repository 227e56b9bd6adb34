"""Rewrite a raw file in the shape of another loader.

Salesforce and Gong change their shape; Marketo stays as Fivetran lands it. Nothing that a model reads is lost, but for
what the loader itself cannot know: see docs/loaders.md.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import duckdb

from plumbline.sample.loaders import airbyte, dlt, stitch
from plumbline.sample.loaders.tables import copy

Loader = Callable[[duckdb.DuckDBPyConnection], None]
"""Writes the tables of Salesforce and Gong from `fivetran` to the database in use."""

LOADERS: dict[str, Loader | None] = {
    "fivetran": None,
    "airbyte": airbyte.write,
    "dlt": dlt.write,
    "stitch": stitch.write,
}
_SMALL_BLOCKS = 16_384
_SMALL_FILE = 64_000_000


def require_known(loader: str) -> None:
    """Raise ValueError for a loader whose shape nobody writes."""
    if loader not in LOADERS:
        raise ValueError(f"unknown loader '{loader}': one of {', '.join(LOADERS)}")


def convert(raw: Path, loader: str, out: Path | None = None) -> None:
    """Write `raw`, which has Fivetran's shape, as `loader` lands it: to `out`, or in its place. Raises ValueError."""
    require_known(loader)
    write = LOADERS[loader]
    if write is None:
        return
    target = out or raw
    draft = target.with_name(f".{target.name}.{os.getpid()}.{loader}.tmp")
    options = f" (block_size {_SMALL_BLOCKS})" if raw.stat().st_size < _SMALL_FILE else ""
    try:
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(f"attach '{_quoted(raw)}' as fivetran (read_only)")
            connection.execute(f"attach '{_quoted(draft)}' as landed{options}")
            connection.execute("use landed")
            for system in ("salesforce", "gong", "marketo"):
                connection.execute(f"create schema {system}")
            copy(connection, "marketo")
            write(connection)
            connection.execute("checkpoint landed")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
        draft.with_name(draft.name + ".wal").unlink(missing_ok=True)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
