"""Models made from `custom_columns`: a staging model per CRM table, and a mart per entity with one row per entity.

Contracts of marts are static YAML, so columns of a user's own stand in marts of their own. Nothing is made when the
setting is empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from plumbline.project.custom_columns import CustomColumn
from plumbline.project.errors import SettingsError
from plumbline.project.settings import SETTINGS_FILE, ModelVariables
from plumbline.quality.raw import declared_tables, spelling

MARK = "Made from `custom_columns` in plumbline.yml by `plumbline config apply`; do not edit."
_FOLDERS = ("models/staging/salesforce", "models/marts/accounts", "models/marts/pipeline")
_SYSTEM = "salesforce"


@dataclass(frozen=True)
class _Mart:
    """One mart: the entity, where its rows come from, and the key of the record that speaks for it, per table."""

    name: str
    folder: str
    entity: str
    relation: str
    where: str
    speaking_keys: dict[str, str]
    rows: str

    @property
    def key(self) -> str:
        return f"{self.entity}_key"


_MARTS = (
    _Mart(
        name="dim_account_custom_fields",
        folder="accounts",
        entity="account",
        relation="int_accounts_resolved",
        where="",
        speaking_keys={"account": "speaking_record_key"},
        rows="account of `dim_accounts`",
    ),
    _Mart(
        name="dim_person_custom_fields",
        folder="accounts",
        entity="person",
        relation="int_person_states",
        where="where contact_record_key is not null or lead_record_key is not null",
        speaking_keys={"contact": "contact_record_key", "lead": "lead_record_key"},
        rows="person of `dim_people` with a contact or lead in the CRM",
    ),
    _Mart(
        name="dim_opportunity_custom_fields",
        folder="pipeline",
        entity="opportunity",
        relation="fct_opportunities",
        where="",
        speaking_keys={"opportunity": "opportunity_key"},
        rows="opportunity of `fct_opportunities`",
    ),
)
_PARSERS = {
    "string": "text('{column}')",
    "integer": "try_integer('{column}')",
    "boolean": "try_boolean('{column}')",
    "date": "try_date('{column}')",
    "timestamp": "try_timestamp('{column}')",
}
_BANDS = {
    "strings": ("string",),
    "numerics": ("integer", "decimal"),
    "booleans": ("boolean",),
    "dates": ("date",),
    "timestamps": ("timestamp",),
}
_BUILT_TYPES = {"integer": "bigint"}


def custom_files(root: Path, variables: ModelVariables) -> dict[str, str]:
    """The models and their YAML: path below the project, and text."""
    tables: dict[str, list[CustomColumn]] = {
        str(table): columns for table, columns in variables.custom_columns.get("salesforce", {}).items() if columns
    }
    _require_own_columns(root, tables)
    files: dict[str, str] = {}
    documented: dict[str, list[dict[str, Any]]] = {}
    for table, columns in sorted(tables.items()):
        name = f"stg_salesforce__{table}_custom_fields"
        files[f"{_FOLDERS[0]}/{name}.sql"] = _staging_sql(table, columns)
        documented.setdefault(f"{_FOLDERS[0]}/_salesforce__custom_fields.yml", []).append(_staging_yaml(table, columns))
    for mart in _MARTS:
        used = {table: tables[table] for table in mart.speaking_keys if table in tables}
        if used:
            files[f"models/marts/{mart.folder}/{mart.name}.sql"] = _mart_sql(mart, used)
            documented.setdefault(f"models/marts/{mart.folder}/_custom_fields__models.yml", []).append(
                _mart_yaml(mart, used)
            )
    for path, models in documented.items():
        dumped = yaml.safe_dump({"version": 2, "models": models}, sort_keys=False, allow_unicode=True, width=110)
        files[path] = f"# {MARK}\n{dumped}"
    return files


def left_over(root: Path, wanted: dict[str, str]) -> list[str]:
    """Files that an earlier setting made and that this one does not."""
    found: list[str] = []
    for folder in _FOLDERS:
        for path in sorted((root / folder).glob("*custom_fields*")):
            name = f"{folder}/{path.name}"
            if name not in wanted and MARK in path.read_text(encoding="utf-8"):
                found.append(name)
    return found


def _require_own_columns(root: Path, tables: dict[str, list[CustomColumn]]) -> None:
    declared = {table.name: table.columns for table in declared_tables(root) if table.system == _SYSTEM}
    for table, columns in tables.items():
        by_spelling = {spelling(name): name for name in declared.get(table, [])}
        for column in columns:
            if known := by_spelling.get(spelling(column.column)):
                raise SettingsError(
                    f"{SETTINGS_FILE}: setting 'models.custom_columns' names '{column.column}' of {_SYSTEM}.{table}, "
                    f"which the models read already as '{known}'",
                    "Remove it: it is in the marts. If your column is another one, give that one's name.",
                )


def _staging_sql(table: str, columns: list[CustomColumn]) -> str:
    key = f'key=["source_instance", "{table}_id"]'
    bands = "".join(
        f"\n        ---------- {band}\n"
        + "".join(f"        {{{{ {_parsed(column)} }}}} as {column.name},\n" for column in in_band)
        for band, in_band in _banded(columns)
    )
    return f"""-- {MARK}
with

source as {{{{ inlined() }}}} (

    {{{{ raw_rows("salesforce", "{table}") }}}}

),

renamed as {{{{ inlined() }}}} (

    select
        ---------- ids
        {{{{ salesforce_id('id') }}}} as {table}_id,
{bands}
        ---------- metadata
        {{{{ try_timestamp('system_modstamp') }}}} as source_updated_at,
        'salesforce' as source_system,
        source_instance,
        is_repeated_key,
        {{{{ try_timestamp('_fivetran_synced') }}}} as loaded_at
    from source

),

{{{{ ranked_versions("renamed", {key}, newest=["source_updated_at", "loaded_at"]) }}}},

deduplicated as (

    {{{{ latest_rows("renamed", {key}) }}}}

)

select * from deduplicated
"""


def _mart_sql(mart: _Mart, tables: dict[str, list[CustomColumn]]) -> str:
    steps = "".join(
        f"""
),

{table}_fields as (

    select
        {{{{ record_key('source_system', 'source_instance', '{table}_id') }}}} as record_key,
        {", ".join(column.name for column in columns)}
    from {{{{ ref("stg_salesforce__{table}_custom_fields") }}}}
"""
        for table, columns in tables.items()
    )
    merged = _merged(tables)
    bands = "".join(
        f"\n\n    ---------- {band}\n" + ",\n".join(f"    {_chosen(column, tables)}" for column in in_band) + ","
        for band, in_band in _banded(merged)
    ).removesuffix(",")
    joins = "".join(
        f"\nleft join {table}_fields on entities.{mart.speaking_keys[table]} = {table}_fields.record_key"
        for table in tables
    )
    keys = ", ".join(dict.fromkeys([mart.key, *(mart.speaking_keys[table] for table in tables)]))
    where = f"\n    {mart.where}" if mart.where else ""
    return f"""-- {MARK}
with

entities as (

    select {keys}
    from {{{{ ref("{mart.relation}") }}}}{where}
{steps}
)

select
    ---------- ids
    entities.{mart.key},{bands}
from entities{joins}
"""


def _chosen(column: CustomColumn, tables: dict[str, list[CustomColumn]]) -> str:
    """The contact speaks before the lead, as in all that is said of people."""
    names = [f"{table}_fields.{column.name}" for table, columns in tables.items() if _named(columns, column.name)]
    return names[0] if len(names) == 1 else f"coalesce({', '.join(names)}) as {column.name}"


def _named(columns: list[CustomColumn], name: str) -> bool:
    return any(column.name == name for column in columns)


def _merged(tables: dict[str, list[CustomColumn]]) -> list[CustomColumn]:
    merged: dict[str, CustomColumn] = {}
    for columns in tables.values():
        for column in columns:
            merged.setdefault(column.name, column)
    return list(merged.values())


def _banded(columns: list[CustomColumn]) -> Iterator[tuple[str, list[CustomColumn]]]:
    for band, kinds in _BANDS.items():
        if in_band := [column for column in columns if column.type.partition("(")[0] in kinds]:
            yield band, in_band


def _parsed(column: CustomColumn) -> str:
    kind, _, size = column.type.partition("(")
    if kind == "decimal":
        return f"try_decimal('{column.column}', {size.removesuffix(')').replace(',', ', ')})"
    return _PARSERS[kind].format(column=column.column)


def _staging_yaml(table: str, columns: list[CustomColumn]) -> dict[str, Any]:
    described = [
        {"name": f"{table}_id", "description": "Id of the record, with 18 characters."},
        *({"name": column.name, "description": column.description} for _, band in _banded(columns) for column in band),
        {"name": "source_updated_at", "description": "Last change by a user or the system."},
        {"name": "source_system", "description": "System that the record comes from."},
        {"name": "source_instance", "description": "Which instance of the system."},
        {"name": "loaded_at", "description": "When the loader last wrote the row, UTC."},
    ]
    return {
        "name": f"stg_salesforce__{table}_custom_fields",
        "description": f"Custom columns of the raw table {table}. Grain: one row per {table} of an instance.",
        "config": {"meta": {"grain": ["source_instance", f"{table}_id"]}},
        "columns": described,
    }


def _mart_yaml(mart: _Mart, tables: dict[str, list[CustomColumn]]) -> dict[str, Any]:
    key = {
        "name": mart.key,
        "description": f"Key of the {mart.entity}.",
        "data_type": "bigint",
        "constraints": [{"type": "not_null"}, {"type": "primary_key"}],
    }
    columns = [
        {
            "name": column.name,
            "description": column.description,
            "data_type": _BUILT_TYPES.get(column.type, column.type),
        }
        for _, band in _banded(_merged(tables))
        for column in band
    ]
    return {
        "name": mart.name,
        "description": f"Custom columns of the CRM, as the record that speaks for the {mart.entity} has them. "
        f"Grain: one row per {mart.rows}.",
        "config": {"group": mart.folder, "meta": {"grain": [mart.key]}},
        "columns": [key, *columns],
    }
