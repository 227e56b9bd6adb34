"""What the converters share: the landed tables of a system, and names in other spellings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Table:
    """A table in Fivetran's shape: its columns with their types, those of the loader apart."""

    name: str
    columns: dict[str, str]

    @property
    def own(self) -> dict[str, str]:
        """The columns of the source itself."""
        return {name: kind for name, kind in self.columns.items() if not name.startswith("_fivetran_")}

    @property
    def is_there(self) -> str:
        """The condition that the row is still in the source; a loader without delete marks lands no other."""
        return "not coalesce(_fivetran_deleted, false)" if "_fivetran_deleted" in self.columns else "true"


def tables_of(connection: duckdb.DuckDBPyConnection, schema: str) -> list[Table]:
    """The tables of a schema of `fivetran`."""
    found: dict[str, dict[str, str]] = {}
    rows = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = 'fivetran' and schema_name = $1 order by table_name, column_index",
        [schema],
    ).fetchall()
    for table, column, kind in rows:
        found.setdefault(str(table), {})[str(column)] = str(kind)
    return [Table(name, columns) for name, columns in found.items()]


def copy(connection: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Land a system as Fivetran does."""
    for table in tables_of(connection, schema):
        connection.execute(f'create table {schema}."{table.name}" as select * from fivetran.{schema}."{table.name}"')


def pascal(name: str) -> str:
    """`product_2_id` as the Salesforce API spells it: `Product2Id`."""
    return "".join(part.capitalize() for part in name.split("_"))


def utc(column: str, kind: str) -> str:
    """A column as loaders with time zones land it."""
    return f"timezone('UTC', \"{column}\")" if kind == "TIMESTAMP" else f'"{column}"'


def appended(table: Table, schema: str, name: str, spelled: Callable[[str], str], loader: str) -> str:
    """SQL that lands a table where older versions of records stay.

    `spelled`: the landed name of a column; `loader`: the loader's own columns, over those of `with_older_versions`.
    """
    own = ", ".join(f'{utc(column, kind)} as "{spelled(column)}"' for column, kind in table.own.items())
    return f"""
        create table {schema}."{name}" as
        select {own}, {loader.format(table=table.name)}
        from {with_older_versions(table, schema)} order by place, version
    """


OLDER_BELOW = "24"
"""Records whose hash is below have an older version: every seventh."""
_CHANGED = ("name", "subject", "status", "new_value", "label", "role")
"""A text that was another one in the older version: the first of these that the table has."""


def with_older_versions(table: Table, schema: str) -> str:
    """The rows that are still in the source, some with another one from the day before.

    Beside the columns: `loaded_at`, `landing` (which tells rows apart), `place` and `version` (an order).
    """
    source = f'fivetran.{schema}."{table.name}"'
    changes = ["_fivetran_synced - interval 1 day as _fivetran_synced"]
    changes += [f"{name} || ' (before)' as {name}" for name in _CHANGED if name in table.columns][:1]
    if "system_modstamp" in table.columns:
        changes.append("system_modstamp - interval 1 day as system_modstamp")
    return f"""(
        select *, _fivetran_synced as loaded_at, cast(rowid as varchar) as landing, rowid as place, 1 as version
        from {source} where {table.is_there}
        union all
        select * replace ({", ".join(changes)}), _fivetran_synced - interval 1 day, rowid || ' before', rowid, 0
        from {source} where {table.is_there} and trim(id) != '' and md5(id) < '{OLDER_BELOW}'
    )"""
