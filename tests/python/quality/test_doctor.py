"""The doctor says what lies in the raw data, what changed since the night, and what to do; it never writes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from nightly.toolkit import FakeBuild, make_project, paths_of, run
from plumbline.nightly.raw import raw_at_hand
from plumbline.project.settings import RAW_VARIABLE, load_settings
from plumbline.quality.diagnosis import Diagnosis, InstanceState, TableState
from plumbline.quality.doctor import diagnose
from plumbline.quality.landed import read_snapshot

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


def change(project: Path, *statements: str) -> None:
    with duckdb.connect(str(project / "data" / "raw.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)


def look(project: Path) -> Diagnosis:
    settings = load_settings(project)

    def find_raw() -> Path | None:
        raw = raw_at_hand(project, settings)
        return None if raw is None else raw.path

    return diagnose(project, find_raw, settings.models, read_snapshot(paths_of(project).raw_snapshot))


def instance(seen: Diagnosis, name: str = "main", system: str = "salesforce") -> InstanceState:
    return next(item for item in seen.instances if (item.system, item.instance) == (system, name))


def table(seen: Diagnosis, name: str) -> TableState:
    return next(item for item in instance(seen).tables if item.table == name)


def test_what_is_there_is_told_table_by_table(project: Path) -> None:
    seen = look(project)
    assert (seen.exit_code, seen.problem, seen.compared_with) == (0, None, None)
    assert seen.verdict == "Ready: the night would build from these raw tables."
    assert instance(seen, system="gong").status == "not connected"
    opportunity = table(seen, "opportunity")
    assert (opportunity.landed_as, opportunity.rows, opportunity.status) == ("opportunity", 1, "ready")
    assert opportunity.columns_mapped == {"id": "id", "stage_name": "StageName", "amount": "Amount"}
    assert [(item.name, item.is_required) for item in table(seen, "account").missing] == [("industry", False)]
    assert table(seen, "task").status == "absent"


def test_a_near_name_of_a_missing_column_is_suggested_once(project: Path) -> None:
    change(
        project,
        "alter table salesforce.account add column Industry__c varchar",
        "alter table salesforce.account add column Shoe_Size__c integer",
    )
    account = table(look(project), "account")
    assert account.unknown == ["Industry__c", "Shoe_Size__c"]
    assert [item.did_you_mean for item in account.missing] == ["Industry__c"]
    assert account.what_to_do == [
        "If 'Industry__c' is what 'industry' means, add to plumbline.yml: models: "
        "raw_column_names: {salesforce: {account: {industry: Industry__c}}}"
    ]


def test_a_loader_is_recognised_with_the_age_of_its_newest_load(project: Path) -> None:
    assert instance(look(project)).loader is None
    sources = project / "models" / "staging" / "salesforce" / "_salesforce__sources.yml"
    own = "- {name: _fivetran_synced, data_type: timestamp, config: {meta: {also: [_airbyte_extracted_at]}}}"
    sources.write_text(
        sources.read_text().replace("          - {name: industry", f"          {own}\n          - {{name: industry")
    )
    change(
        project,
        "alter table salesforce.account add column _airbyte_extracted_at varchar",
        "alter table salesforce.account add column _airbyte_raw_id varchar",
        "update salesforce.account set _airbyte_extracted_at = '2026-01-31T02:00:00+02:00'",
        "insert into salesforce.account values ('a2', 'Beta', 'infinity', '')",
    )
    seen = look(project)
    account = table(seen, "account")
    assert (instance(seen).loader, account.newest_load_at) == ("Airbyte", "2026-01-31T00:00:00Z")
    assert account.newest_load_age_hours is not None and account.newest_load_age_hours > 0
    assert account.unknown == []  # a loader's own columns are nobody's riddle


def test_the_first_day_of_history_is_told(project: Path) -> None:
    sources = project / "models" / "staging" / "salesforce" / "_salesforce__sources.yml"
    sources.write_text(
        sources.read_text().replace(
            "      - name: task\n        columns:\n",
            "      - name: task\n        config: {meta: {history_column: made_at}}\n        columns:\n"
            "          - {name: made_at, data_type: timestamp}\n",
        )
    )
    change(
        project,
        "create table salesforce.task as select 't' id, unnest(['2025-03-02 10:00', '2024-02-01', 'x']) made_at",
    )
    assert instance(look(project)).history_from == {"task": "2024-02-01"}


def test_changes_are_told_against_the_last_published_night(project: Path) -> None:
    change(project, "create table salesforce.spare as select 1 as i")
    run_id = run(project, FakeBuild()).run_id
    assert look(project).compared_with == run_id
    assert [item.changes for item in instance(look(project)).tables] == [[], [], []]
    change(
        project,
        "alter table salesforce.account rename Name to full_name",
        "alter table salesforce.opportunity alter Amount type varchar",
        "insert into salesforce.opportunity values ('o2', 'Won', '6')",
        "create table salesforce.task as select 't' as id",
        "drop table salesforce.spare",
    )
    seen = look(project)
    assert table(seen, "account").changes == ["column full_name is new", "column Name is gone"]
    assert table(seen, "opportunity").changes == ["column Amount: INTEGER became VARCHAR", "1 to 2 rows"]
    assert table(seen, "task").changes == ["the table is new"]
    assert instance(seen).gone_tables == ["spare"]


def test_a_night_that_fails_keeps_the_snapshot_of_the_one_before(project: Path) -> None:
    run_id = run(project, FakeBuild()).run_id
    change(project, "delete from salesforce.account")
    with pytest.raises(Exception, match="empty"):
        run(project, FakeBuild())
    seen = look(project)
    assert seen.compared_with == run_id and table(seen, "account").changes == ["1 to 0 rows"]


def test_the_verdict_is_that_of_the_night(project: Path) -> None:
    change(project, "alter table salesforce.opportunity rename StageName to sales_stage_name")
    seen = look(project)
    assert (seen.exit_code, seen.verdict) == (5, "Not ready: the night would refuse to build.")
    assert seen.problem is not None and "the required column 'stage_name' is missing" in seen.problem.what
    opportunity = table(seen, "opportunity")
    assert opportunity.status == "refused" and opportunity.missing[0].did_you_mean == "sales_stage_name"


def test_a_landed_table_that_nothing_reads_is_named_with_the_near_absent_one(project: Path) -> None:
    change(
        project,
        "create table salesforce.tasks as select 't' as id",
        "create table salesforce._dlt_loads as select 1 as i",
    )
    (unread,) = instance(look(project)).unread_tables
    assert (unread.landed_as, unread.rows, unread.did_you_mean) == ("tasks", 1, "task")


DLT = """
version: 2
sources:
  - name: gong
    tables:
      - name: call
        config: {meta: {nested: [{tables: [extensive_calls], record: metaData.id, columns: {id: metaData.id}}]}}
        columns: [{name: id, data_type: string}, {name: _fivetran_synced, data_type: timestamp}]
      - name: call_link
        config: {meta: {nested: [{tables: [extensive_calls], record: metaData.id, columns: {
          call_id: metaData.id, party: 'parties[].id', object: 'parties[].context[].objectId'}}]}}
        columns: [{name: call_id, data_type: string}, {name: object, data_type: string}]
"""


def test_tables_that_dlt_makes_of_lists_are_read_and_its_loads_tell_their_age(project: Path) -> None:
    sources = project / "models" / "staging" / "salesforce" / "_salesforce__sources.yml"
    sources.write_text(sources.read_text().partition("  - name: gong")[0] + DLT.partition("sources:\n")[2])
    change(
        project,
        "create schema gong; use gong",
        "create table extensive_calls as select 'c' as meta_data__id, 'x' as _dlt_id, 'l1' as _dlt_load_id, 1 as extra",
        "create table extensive_calls__parties as select 'p' as id, 'x' as _dlt_parent_id",
        "create table extensive_calls__parties__context as select 'o' as object_id",
        "create table extensive_calls__parties__context__fields as select 'f' as name",
        "create table _dlt_loads as select 'l1' as load_id, timestamp '2026-05-01 04:00' as inserted_at "
        "union all select 'l2', timestamp '2026-06-01'",
    )
    gong = instance(look(project), system="gong")
    assert [unread.landed_as for unread in gong.unread_tables] == ["extensive_calls__parties__context__fields"]
    assert gong.newest_load_at == "2026-05-01T04:00:00Z"
    # What one table does not read, another does; what none reads is said once.
    assert [(state.table, state.landed_as, state.unknown) for state in gong.tables] == [
        ("call", "extensive_calls", ["extra"]),
        ("call_link", "extensive_calls", []),
    ]


def test_two_instances_are_told_apart(project: Path) -> None:
    change(project, "create schema sf_east; create table sf_east.account as select 'e1' Id, 'East' as Name")
    change(project, "create table sf_east.opportunity as select 'o1' id, 'Won' StageName, 5 as Amount, 7 as Extra")
    settings = project / "plumbline.yml"
    both = "salesforce: [{name: main, schema: salesforce}, {name: east, schema: SF_East}]"
    settings.write_text(settings.read_text().replace("salesforce: [{name: main, schema: salesforce}]", both))
    east = instance(look(project), "east")
    assert east.location == "sf_east" and east.tables[1].unknown == ["Extra"]
    assert table(look(project), "opportunity").unknown == []


def test_raw_data_that_cannot_be_read_is_explained_as_the_night_would(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = project / "data" / "raw.duckdb"
    raw.write_text("id,name\n1,Acme\n" * 2000)
    seen = look(project)
    assert (seen.exit_code, seen.instances) == (5, []) and seen.problem is not None
    assert "is not a DuckDB database" in seen.problem.what
    monkeypatch.setenv("PLUMBLINE_RAW", str(project / "nowhere.duckdb"))
    seen = look(project)
    assert seen.exit_code == 5 and seen.problem is not None and "does not exist" in seen.problem.what


def test_without_any_raw_data_the_night_would_make_the_sample_company(project: Path) -> None:
    (project / "data" / "raw.duckdb").unlink()
    seen = look(project)
    assert (seen.exit_code, seen.raw) == (0, None) and "would make the sample company" in seen.verdict


def test_a_folder_of_files_is_looked_at_as_a_database_is(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queries = "macros/raw/folder_queries.sql"
    (project / "macros" / "raw").mkdir(parents=True)
    (project / queries).write_text((ROOT / queries).read_text())
    folder = project / "exports"
    with duckdb.connect(str(project / "data" / "raw.duckdb"), read_only=True) as connection:
        for name, ending in (("account", "csv"), ("opportunity", "parquet")):
            (folder / "salesforce").mkdir(parents=True, exist_ok=True)
            connection.execute(f"copy salesforce.{name} to '{folder}/salesforce/{name}.{ending}'")
    monkeypatch.setenv(RAW_VARIABLE, str(folder))
    seen = look(project)
    assert (seen.exit_code, seen.problem, seen.raw) == (0, None, str(folder))
    assert (table(seen, "account").rows, table(seen, "opportunity").status) == (1, "ready")
    (folder / "salesforce" / "account.csv").write_text("Id,Name\n1,a,b\n")
    broken = look(project)
    assert broken.exit_code == 5 and broken.problem is not None
    assert "account.csv: line 2 has 3 fields where line 1 has 2" in broken.problem.what
