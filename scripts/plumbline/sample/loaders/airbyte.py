"""Airbyte in append mode: API names, time zones, nested JSON, older versions of records left in the tables."""

from __future__ import annotations

import duckdb

from plumbline.sample.loaders import gong
from plumbline.sample.loaders.tables import Table, appended, pascal, tables_of

_LOADER = """
    cast(md5('{table}' || landing) as uuid) as _airbyte_raw_id,
    timezone('UTC', loaded_at) as _airbyte_extracted_at,
    cast('{{"sync_id": 1, "changes": []}}' as json) as _airbyte_meta,
    cast(0 as bigint) as _airbyte_generation_id
"""


def write(connection: duckdb.DuckDBPyConnection) -> None:
    """Write Salesforce and Gong as Airbyte lands them."""
    for table in tables_of(connection, "salesforce"):
        connection.execute(_salesforce(table))
    gong.prepare(connection)
    for stream, columns in gong.STREAMS.items():
        connection.execute(
            f'create table gong."{stream}" as select {_quoted(columns)}, {_LOADER.format(table=stream)} '
            f"from gong_{stream.lower()} order by landing"
        )


def _salesforce(table: Table) -> str:
    return appended(table, "salesforce", pascal(table.name), pascal, _LOADER)


def _quoted(names: str) -> str:
    return ", ".join(f'"{name}"' for name in names.split())
