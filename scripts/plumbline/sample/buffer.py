"""Collects the rows of one block and turns them into Arrow tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from plumbline.sample.settings import DAY, HOUR, NEWEST_LOAD
from plumbline.sample.shapes import RAW, arrow_type
from plumbline.sample.truth_shapes import TRUTH

SHAPES: dict[str, dict[str, str]] = {**RAW, **TRUTH}
_SYNCED = "_fivetran_synced"
_WHEN = "_at"  # when a row last changed at its source; not a column, decides when the loader saw it


class Buffer:
    """Rows by table. A row is a mapping from column to value; what is not named is NULL.

    Times are seconds, dates days since the epoch, money of `cents` columns whole hundredths.
    """

    def __init__(self, g: np.random.Generator) -> None:
        self._g = g
        self._rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SHAPES}
        self._tables: dict[str, list[pa.Table]] = {name: [] for name in SHAPES}

    def add(self, table: str, **row: Any) -> None:
        """One row of `schema.table`. `_at` says when it last changed (for the load time)."""
        self._rows[table].append(row)

    def add_columns(self, table: str, columns: Mapping[str, Any]) -> None:
        """Many rows at once: column name to array or list, or to one value for all rows.

        The first entry must be an array or list: it sets the number of rows.
        """
        count = len(next(iter(columns.values())))
        if not count:
            return
        self._tables[table].append(self._table(table, dict(columns), count))

    def finish(self) -> dict[str, pa.Table]:
        """All tables that have rows, columns in the shape's order; the buffer is empty afterwards."""
        result: dict[str, pa.Table] = {}
        for name, rows in self._rows.items():
            grouped: dict[tuple[str, ...], list[dict[str, Any]]] = {}
            for row in rows:
                grouped.setdefault(tuple(row), []).append(row)
            for keys, group in grouped.items():
                values = zip(*(row.values() for row in group), strict=True)
                columns = {key: list(column) for key, column in zip(keys, values, strict=True)}
                self._tables[name].append(self._table(name, columns, len(group)))
            self._rows[name] = []
            if self._tables[name]:
                result[name] = pa.concat_tables(self._tables[name]).combine_chunks()
                self._tables[name] = []
        return result

    def _table(self, name: str, columns: dict[str, Any], count: int) -> pa.Table:
        shape = SHAPES[name]
        when = columns.pop(_WHEN, None)
        unknown = set(columns) - set(shape)
        if unknown:
            raise ValueError(f"{name} has no column {sorted(unknown)}")
        if _SYNCED in shape and _SYNCED not in columns:
            columns[_SYNCED] = self._load_times(columns, when, count)
        arrays = [_array(columns.get(column), kind, count) for column, kind in shape.items()]
        return pa.Table.from_arrays(arrays, names=list(shape))

    def _load_times(self, columns: dict[str, Any], when: Any, count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        """When the loader saw each row: minutes to hours after its last change, not after the last load."""
        if when is None:
            for column in ("system_modstamp", "updated_at", "activity_date", "created_date"):
                if column in columns:
                    when = columns[column]
                    break
        if when is None:
            return np.full(count, NEWEST_LOAD, dtype=np.int64)
        changed = np.asarray(when, dtype=np.int64)
        delay: np.ndarray[Any, np.dtype[np.int64]] = self._g.integers(300, 6 * HOUR, size=count)
        loaded: np.ndarray[Any, np.dtype[np.int64]] = np.minimum(changed + delay, NEWEST_LOAD)
        return loaded


def _array(values: Any, kind: str, count: int) -> pa.Array:
    target = arrow_type(kind)
    if values is None:
        return pa.nulls(count, target)
    if not isinstance(values, list | np.ndarray):
        return pa.repeat(pa.scalar(values, target), count)
    if kind == "ts":
        return pa.array(values, pa.int64()).cast(target)
    if kind == "date":
        return pa.array(values, pa.int32()).cast(target)
    if kind == "cents":
        whole = pa.array(values, pa.int64()).cast(pa.decimal128(19, 0))
        return pa.Array.from_buffers(target, count, whole.buffers())
    if kind == "text" and isinstance(values, np.ndarray) and values.dtype.kind in "iu":
        return pa.array(values).cast(target)
    return pa.array(values, target)


def midnight(seconds: int) -> int:
    """The start of the UTC day of an instant, as date columns of type timestamp hold it."""
    return seconds - seconds % DAY
