"""Writes the sample company's raw tables and its truth to two DuckDB files."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from plumbline.sample.block import block_tables, common_tables
from plumbline.sample.buffer import Buffer
from plumbline.sample.settings import END, MAX_BLOCKS, START
from plumbline.sample.shapes import RAW, create_table
from plumbline.sample.truth import PIPELINE_DAILY, write_parameters
from plumbline.sample.truth_shapes import TRUTH

Progress = Callable[[int, int, int], None]
"""Called with blocks done, blocks in all and raw rows written so far."""


_SMALL_SCALE = 3
_SMALL_BLOCKS = 16_384
_BLOCKS_AT_ONCE = 6
_MEMORY = "800MB"


@dataclass(frozen=True)
class Written:
    """What was written: raw rows by `schema.table`."""

    raw: Path
    truth: Path
    rows: dict[str, int]

    @property
    def total(self) -> int:
        """Raw rows in all tables."""
        return sum(self.rows.values())


def plan_blocks(scale: float) -> list[float]:
    """The size of each block: full ones, a smaller last one. Raises ValueError for a scale out of range."""
    if not 0 < scale <= MAX_BLOCKS:
        raise ValueError(f"scale must be above 0 and at most {MAX_BLOCKS}, not {scale}")
    count = ceil(round(scale, 6))
    rest = round(scale - (count - 1), 6)
    return [1.0] * (count - 1) + [rest]


def generate(
    out: Path,
    truth: Path,
    scale: float = 1.0,
    seed: int = 1,
    progress: Progress | None = None,
    processes: int = 1,
    force: bool = False,
    throwaway: bool = False,
) -> Written:
    """Writes the raw tables to `out` and the truth to `truth`, both DuckDB files.

    The content depends on `scale` and `seed` alone, not on the clock, the machine or `processes`. Both files
    are written under another name and moved into place when they are complete. `throwaway` files take two fifths
    less time to write, are three times as large, not being compressed, and need memory for all rows at once.
    Raises FileExistsError when a file is there and `force` is false, ValueError for a scale out of range.
    """
    blocks = plan_blocks(scale)
    if out.resolve() == truth.resolve():
        raise ValueError("raw data and truth need two files")
    for path in (out, truth):
        if path.exists() and not force:
            raise FileExistsError(f"{path} exists already")
        path.parent.mkdir(parents=True, exist_ok=True)
    drafts = [path.with_name(f".{path.name}.{os.getpid()}.tmp") for path in (out, truth)]
    try:
        with _new_file(drafts[0], scale, throwaway) as raw, _new_file(drafts[1], scale, throwaway) as beside:
            at_once = len(blocks) if throwaway else _BLOCKS_AT_ONCE
            rows = _write(raw, beside, blocks, at_once, scale, seed, progress, processes)
        drafts[1].replace(truth)
        drafts[0].replace(out)
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)
            draft.with_name(draft.name + ".wal").unlink(missing_ok=True)
            shutil.rmtree(draft.with_name(draft.name + ".spill"), ignore_errors=True)
    return Written(out, truth, rows)


def _write(
    raw: duckdb.DuckDBPyConnection,
    truth: duckdb.DuckDBPyConnection,
    blocks: list[float],
    at_once: int,
    scale: float,
    seed: int,
    progress: Progress | None,
    processes: int,
) -> dict[str, int]:
    rows = dict.fromkeys(RAW, 0)
    for connection, shapes in ((raw, RAW), (truth, TRUTH)):
        for schema in sorted({name.split(".")[0] for name in shapes}):
            connection.execute(f'create schema if not exists "{schema}"')
        for name, columns in shapes.items():
            connection.execute(create_table(name, columns))
    parameters = Buffer(np.random.default_rng(seed))
    write_parameters(parameters, scale, seed)
    waiting: dict[str, list[pa.Table]] = {name: [table] for name, table in parameters.finish().items()}
    for done, tables in enumerate(all_tables(blocks, seed, processes)):
        for name, table in tables.items():
            waiting.setdefault(name, []).append(table)
            if name in RAW:
                rows[name] += table.num_rows
        if done % at_once == 0 or done == len(blocks):
            _insert(raw, {name: parts for name, parts in waiting.items() if name in RAW})
            _insert(truth, {name: parts for name, parts in waiting.items() if name in TRUTH})
            waiting.clear()
        if progress is not None:
            progress(done, len(blocks), sum(rows.values()))
    first, last = (datetime.fromtimestamp(moment, tz=UTC).date() for moment in (START, END))
    truth.execute(PIPELINE_DAILY.format(first=first, last=last))
    for connection in (raw, truth):
        connection.execute("checkpoint sample")
    return rows


def _new_file(path: Path, scale: float, throwaway: bool) -> duckdb.DuckDBPyConnection:
    """A connection to a new database file; a small company gets small blocks, and so a small file."""
    spill = str(path.with_name(path.name + ".spill"))
    limit = {} if throwaway else {"memory_limit": _MEMORY}
    connection = duckdb.connect(config={**limit, "temp_directory": spill})
    quoted = str(path).replace("'", "''")
    options = f" (block_size {_SMALL_BLOCKS})" if scale <= _SMALL_SCALE else ""
    connection.execute(f"attach '{quoted}' as sample{options}")
    connection.execute("use sample")
    if throwaway:
        connection.execute("set force_compression = 'uncompressed'")
    return connection


def _insert(connection: duckdb.DuckDBPyConnection, tables: dict[str, list[pa.Table]]) -> None:
    """One transaction per batch: rows of an open transaction are held outside DuckDB's memory limit."""
    connection.execute("begin")
    for name, parts in sorted(tables.items()):
        schema, plain = name.split(".")
        connection.register("_incoming", pa.concat_tables(parts))
        connection.execute(f'insert into "{schema}"."{plain}" select * from _incoming')
        connection.unregister("_incoming")
    connection.execute("commit")


def all_tables(blocks: list[float], seed: int, processes: int) -> Iterator[dict[str, pa.Table]]:
    """The shared tables, then the tables of each block in order; at most a few blocks are held at once."""
    yield common_tables(seed)
    if processes <= 1 or len(blocks) < 2:
        for number, fraction in enumerate(blocks):
            yield block_tables(seed, number, fraction)
        return
    waiting: deque[Future[dict[str, pa.Table]]] = deque()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=processes, mp_context=context) as pool:
        for number, fraction in enumerate(blocks):
            waiting.append(pool.submit(block_tables, seed, number, fraction))
            if len(waiting) > processes + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
