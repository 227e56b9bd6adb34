"""Stitch: names in lower case without underscores, and its `_sdc_` columns; deletes are marked by their time.

It has no integration for Gong, which stays as Fivetran lands it.
"""

from __future__ import annotations

import duckdb

from plumbline.sample.loaders.tables import Table, copy, tables_of, utc


def write(connection: duckdb.DuckDBPyConnection) -> None:
    """Write Salesforce as Stitch spells it."""
    copy(connection, "gong")
    for table in tables_of(connection, "salesforce"):
        connection.execute(
            f'create table salesforce."{_spelled(table.name)}" as select {_columns(table)} '
            f'from fivetran.salesforce."{table.name}" order by rowid'
        )


def _spelled(name: str) -> str:
    return name.replace("_", "")


def _columns(table: Table) -> str:
    columns = [f'{utc(name, kind)} as "{_spelled(name)}"' for name, kind in table.own.items()]
    synced = "timezone('UTC', _fivetran_synced)"
    columns += [
        f"{synced} as _sdc_batched_at",
        f"{synced} - interval 1 minute as _sdc_received_at",
        "cast(epoch_ms(_fivetran_synced) as bigint) as _sdc_sequence",
        "0 as _sdc_table_version",
    ]
    if "_fivetran_deleted" in table.columns:
        columns.append(f"case when _fivetran_deleted then {synced} end as _sdc_deleted_at")
    return ", ".join(columns)
