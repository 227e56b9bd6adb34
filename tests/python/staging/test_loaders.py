"""The sample company as each loader lands it, side by side in one raw file: staging is the same, row for row."""

from functools import cache
from pathlib import Path

import duckdb
import pytest

from plumbline.sample import generate
from plumbline.sample.loaders import convert
from plumbline.sample.loaders.tables import tables_of, with_older_versions

from .raw import LOADERS, MakeTables, Staged, raw_instance
from .test_ladder import LADDERS

SCALE = 0.02


@cache
def landed_by(loader: str, folder: Path) -> Path:
    """The sample company's raw file as a loader lands it, made once in a folder."""
    raw = folder / f"{loader}.duckdb"
    if loader == "fivetran":
        generate(raw, folder / "truth.duckdb", SCALE)
    else:
        convert(landed_by("fivetran", folder), loader, raw)
    return raw


def landing(loader: str, system: str) -> MakeTables:
    """Copies a system's tables as a loader lands them."""

    def copy(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        connection.execute(f"attach if not exists '{landed_by(loader, folder)}' as {loader} (read_only)")
        rows = connection.execute(
            "select table_name from duckdb_tables() where database_name = $1 and schema_name = $2", [loader, system]
        ).fetchall()
        for (table,) in rows:
            connection.execute(f'create table "{table}" as select * from {loader}.{system}."{table}"')

    return copy


def in_history_mode(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Salesforce with a version of the day before of every seventh record, as Fivetran's history mode keeps it."""
    connection.execute(f"attach if not exists '{landed_by('fivetran', folder)}' as fivetran (read_only)")
    for table in tables_of(connection, "salesforce"):
        connection.execute(f"""
            create table "{table.name}" as
            select {", ".join(f'"{name}"' for name in table.columns if name != "_fivetran_active")},
                version = 1 as _fivetran_active,
                _fivetran_synced as _fivetran_start,
                if(version = 1, timestamp '9999-12-31', _fivetran_synced + interval 1 day) as _fivetran_end
            from {with_older_versions(table, "salesforce")}
        """)


AS_LANDED = {
    (loader, system): raw_instance(system, f"{system}_of_{loader}", landing(loader, system), LOADERS)
    for system in ("salesforce", "gong")
    for loader in ("fivetran", "airbyte", "dlt", "stitch")
}
MARKETO = raw_instance("marketo", "marketo_of_fivetran", landing("fivetran", "marketo"), LOADERS)
HISTORY_MODE = raw_instance("salesforce", "salesforce_in_history_mode", in_history_mode, LOADERS)

NESTED = ("airbyte", "dlt")
"""Loaders that land Gong's lists inside of records, and mark no deletes: what is gone is not there."""
UNKNOWN = {
    # Fivetran alone reads Gong's list of trackers; others name a tracker on each call, by its id and name.
    "stg_gong__trackers": {"workspace_id", "affiliation", "created_at", "source_updated_at", "loaded_at"},
    # Keys that the loader makes where Gong has none.
    "stg_gong__call_trackers": {"call_tracker_id", "loaded_at"},
    "stg_gong__call_topics": {"call_topic_id", "loaded_at"},
    # Fivetran lands a row per field of a CRM record and one of them is kept; in a list it is a row per record.
    "stg_gong__call_crm_links": {"field_name", "loaded_at"},
    "stg_gong__participant_crm_links": {"field_name", "loaded_at"},
    # Gong's transcripts do not say it; Fivetran adds it from the call.
    "stg_gong__transcript_sentences": {"workspace_id", "loaded_at"},
    # What stands inside a record came with it.
    "stg_gong__call_participants": {"loaded_at"},
    "stg_gong__call_speakers": {"loaded_at"},
    "stg_gong__call_interactions": {"loaded_at"},
    "stg_gong__scorecard_questions": {"loaded_at"},
    "stg_gong__scorecard_answers": {"loaded_at"},
}
"""Columns that a loader of nested records cannot know; no model but staging's own reads them."""


@pytest.mark.parametrize("model", [path.stem for path in LADDERS if path.parent.name in ("salesforce", "gong")])
def test_a_staging_model_is_the_same_from_every_loader(staged: Staged, model: str) -> None:
    system = model.removeprefix("stg_").split("__")[0]
    expected = AS_LANDED["fivetran", system].name
    others = (
        {loader: AS_LANDED[loader, system].name for loader in NESTED}
        if system == "gong"
        else {loader: AS_LANDED[loader, system].name for loader in ("airbyte", "dlt", "stitch")}
        | {"history mode": HISTORY_MODE.name}
    )
    with staged.connect(LOADERS) as connection:
        connection.execute(f"create temp table rows as select * from staging.{model}")
        columns = [row[0] for row in connection.execute("describe rows").fetchall()]
        if system == "gong" and "call_id" in columns:
            connection.execute(
                "delete from rows where call_id in (select call_id from staging.stg_gong__calls "
                f"where source_instance = '{expected}' and is_deleted)"
            )
        hidden = ", ".join(sorted({"source_instance", *UNKNOWN.get(model, ())}))
        rows = f"select * exclude ({hidden}) from rows where source_instance = "
        assert connection.execute(f"{rows} '{expected}'").fetchone() is not None
        for loader, instance in others.items():
            for one, other in ((expected, instance), (instance, expected)):
                difference = connection.execute(f"({rows} '{one}') except all ({rows} '{other}') limit 3").fetchall()
                assert difference == [], (loader, one)


@pytest.mark.parametrize("loader", NESTED)
def test_rows_in_are_accounted_for_where_lists_are_unfolded(staged: Staged, loader: str) -> None:
    outcomes = staged.outcomes(AS_LANDED[loader, "gong"])
    assert outcomes["call", "superseded", "older_or_duplicate_version"] > 0
    assert outcomes["call_participant", "excluded", "not_current_version"] > 0
    transcripts = {"airbyte": "callTranscripts", "dlt": "call_transcripts"}[loader]
    assert outcomes[transcripts, "excluded", "read_by_its_lists"] > 0
    assert staged.run(LOADERS).statuses["assert_every_raw_row_is_staged_or_counted"] == "pass"


@pytest.mark.parametrize("loader", ["airbyte", "dlt", "stitch"])
def test_the_newest_load_time_is_the_same_from_every_loader(staged: Staged, loader: str) -> None:
    def newest(name: str) -> object:
        return staged.query(
            LOADERS,
            "select max(newest_loaded_at) from staging.stg_salesforce__row_counts where source_instance = "
            f"'{AS_LANDED[name, 'salesforce'].name}'",
        )

    assert newest(loader) == newest("fivetran") != [(None,)]


@pytest.mark.parametrize("loader", ["airbyte", "dlt", "stitch"])
def test_the_same_records_are_rejected_from_every_loader(staged: Staged, loader: str) -> None:
    """Older versions in append mode are looked at too, so that the number of rows may differ."""

    def rejected(name: str) -> set[tuple[object, ...]]:
        instance = AS_LANDED[name, "salesforce"]
        return {(table, record, column, reason) for table, record, column, reason, _ in staged.rejected(instance)}

    assert rejected(loader) == rejected("fivetran") != set()


BROKEN_LISTS = raw_instance(
    "gong",
    "broken_lists",
    """
    create table "extensiveCalls" as select * from (values
        ('{"id": "c1"}', '[{"id": "p1"}, null, "text", {"id": "p2", "context": {"objects": []}}]'),
        ('{"id": "c2"}', '{"id": "p3"}'), ('{"id": "c3"}', 'no JSON'), ('{"id": "c4"}', null), ('{"id": "c5"}', '[]'),
        (null, '[{"id": "p9"}]'))
        as t("metaData", parties)
    """,
    LOADERS,
)


def test_what_is_no_list_or_no_record_is_rejected_and_counted(staged: Staged) -> None:
    assert staged.rows(BROKEN_LISTS, "stg_gong__call_participants", "call_id, participant_id") == [
        ("c1", "p1"),
        ("c1", "p2"),
    ]
    outcomes = staged.outcomes(BROKEN_LISTS)
    assert outcomes["call_participant", "kept", "newest_version"] == 2
    assert outcomes["call_participant", "rejected", "no_key"] == 5
    assert outcomes["call", "kept", "newest_version"] == 5
    assert outcomes["call", "rejected", "no_key"] == 1


MARKED_BY_TIME = raw_instance(
    "salesforce",
    "marked_by_time",
    """
    create table contact as select * from (values
        ('003000000000001AAA', timestamptz '2024-01-01 00:00:00+00'), ('003000000000002AAA', null))
        as t(id, _sdc_deleted_at)
    """,
    LOADERS,
)


def test_the_time_of_a_delete_is_a_delete_mark(staged: Staged) -> None:
    assert staged.rows(MARKED_BY_TIME, "stg_salesforce__contacts", "contact_id, is_deleted") == [
        ("003000000000001AAA", True),
        ("003000000000002AAA", False),
    ]
    assert staged.rejected(MARKED_BY_TIME) == set()
