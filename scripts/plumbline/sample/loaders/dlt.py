"""dlt: snake case, lists as child tables, and the load time of a row in `_dlt_loads` alone; older versions stay.

dlt's source for Salesforce names its resource for users `sf_user`. Gong follows dlt's general rules: `metaData.id`
becomes `meta_data__id`, the list `parties` a table `extensive_calls__parties` whose rows name their parent.
"""

from __future__ import annotations

import re

import duckdb

from plumbline.sample.loaders import gong
from plumbline.sample.loaders.tables import Table, appended, tables_of

_RESOURCES = {"user": "sf_user"}
_LOADER = "cast(epoch(loaded_at) as bigint) || '.0' as _dlt_load_id, md5('{table}' || landing) as _dlt_id"
_LOADS = """
    create table {schema}._dlt_loads as
    select load_id, '{schema}' as schema_name, cast(0 as bigint) as status,
        to_timestamp(try_cast(load_id as double)) as inserted_at, md5('{schema}') as schema_version_hash
    from ({loads}) group by load_id order by load_id
"""

_METADATA = """id url title scheduled started duration primaryUserId direction system scope media language workspaceId
    purpose isPrivate meetingUrl calendarEventId"""
_OBJECTS = {"": "system", "objects": "objectType objectId timing", "objects.fields": "name value"}
_FLAT: dict[str, str] = {
    "users": "id emailAddress firstName lastName managerId title active created",
    "extensiveCalls": " ".join(f"metaData.{name}" for name in _METADATA.split())
    + " interaction.questions.companyCount interaction.questions.nonCompanyCount",
    "callTranscripts": "callId",
    "scorecards": "scorecardId scorecardName workspaceId updaterUserId enabled created updated",
    "answeredScorecards": """answeredScorecardId callId scorecardId reviewedUserId reviewerUserId callStartTime
        reviewTime visibilityType""",
}
"""The members of each stream that stand in its own table."""
_LISTS: dict[str, dict[str, str]] = {
    "extensiveCalls": {
        "parties": "id emailAddress name title userId speakerId affiliation phoneNumber",
        **{f"parties context {path.replace('.', ' ')}".strip(): columns for path, columns in _OBJECTS.items()},
        **{f"context {path.replace('.', ' ')}".strip(): columns for path, columns in _OBJECTS.items()},
        "content.trackers": "id name type count",
        "content.trackers occurrences": "startTime speakerId",
        "content.topics": "name duration",
        "interaction.speakers": "id userId talkTime",
        "interaction.interactionStats": "name value",
    },
    "callTranscripts": {"transcript": "speakerId topic", "transcript sentences": "start end text"},
    "scorecards": {"questions": "questionId questionRevisionId questionText isOverall created updated"},
    "answeredScorecards": {"answers": "questionId questionRevisionId answerText isOverall notApplicable score"},
}
"""The lists of each stream, outer ones first, with the members of an item; a blank goes before an inner list."""


def write(connection: duckdb.DuckDBPyConnection) -> None:
    """Write Salesforce and Gong as dlt lands them."""
    for table in tables_of(connection, "salesforce"):
        connection.execute(_salesforce(table))
    gong.prepare(connection)
    for stream, members in _FLAT.items():
        _write_stream(connection, stream, members)
    for schema, tables in (
        ("salesforce", [_resource(table.name) for table in tables_of(connection, "salesforce")]),
        ("gong", [_snake(stream) for stream in _FLAT]),
    ):
        loads = " union all ".join(f'select _dlt_load_id as load_id from {schema}."{table}"' for table in tables)
        connection.execute(_LOADS.format(schema=schema, loads=loads))


def _salesforce(table: Table) -> str:
    return appended(table, "salesforce", _resource(table.name), _without_break, _LOADER)


def _resource(table: str) -> str:
    return _RESOURCES.get(table, table)


def _without_break(name: str) -> str:
    """dlt does not break before digits: `product2_id`."""
    return re.sub(r"_(\d)", r"\1", name)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower().replace(".", "__")


def _write_stream(connection: duckdb.DuckDBPyConnection, stream: str, members: str) -> None:
    name = _snake(stream)
    connection.execute(
        f"create temp table dlt_{name} as select {_LOADER.format(table=stream)}, to_json(streams) as item, landing "
        f"from gong_{stream.lower()} as streams order by landing"
    )
    connection.execute(
        f'create table gong."{name}" as select {_members(members)}, _dlt_load_id, _dlt_id '
        f"from dlt_{name} order by landing"
    )
    for path, item_members in _LISTS.get(stream, {}).items():
        *outer, inner = path.split()
        parent = "__".join([name, *map(_snake, outer)])
        child = f"{parent}__{_snake(inner)}"
        connection.execute(f"""
            create temp table dlt_{child} as
            select *, md5(_dlt_parent_id || '{inner}' || _dlt_list_idx) as _dlt_id
            from (
                select _dlt_id as _dlt_parent_id, landing, unnest(items) as item,
                    generate_subscripts(items, 1) - 1 as _dlt_list_idx
                from (select *, cast(json_extract(item, '$.{inner}') as json[]) as items from dlt_{parent})
            )
        """)
        connection.execute(
            f'create table gong."{child}" as select {_members(item_members)}, _dlt_parent_id, '
            f"cast(_dlt_list_idx as bigint) as _dlt_list_idx, _dlt_id from dlt_{child} "
            "order by landing, _dlt_parent_id, _dlt_list_idx"
        )


def _members(names: str) -> str:
    return ", ".join(f"json_extract_string(item, '$.{name}') as \"{_snake(name)}\"" for name in names.split())
