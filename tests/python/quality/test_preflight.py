"""What is missing in raw data is named with system, table, column and mending, before anything is built."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from nightly.toolkit import FakeBuild, make_project, published_number, run
from plumbline.project.errors import RawDataError, SettingsError
from plumbline.project.settings import load_settings
from plumbline.quality.preflight import Preflight, check_raw
from plumbline.quality.raw import declared_tables, spelling

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


def change(project: Path, *statements: str) -> None:
    with duckdb.connect(str(project / "data" / "raw.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)


def check(project: Path) -> Preflight:
    return check_raw(project, project / "data" / "raw.duckdb", declared_tables(project), load_settings(project).models)


def problem(project: Path) -> str:
    with pytest.raises(RawDataError) as caught:
        check(project)
    assert caught.value.exit_code == 5
    return str(caught.value)


def test_spellings_of_loaders_count_as_present_and_an_absent_system_is_not_connected(project: Path) -> None:
    assert check(project).not_connected == ["gong"]
    change(
        project,
        'create schema "GONG"; create table "GONG"."CALL" as select 1 as "ID"',
        "alter table salesforce.opportunity rename Amount to deal__Value",
    )
    assert check(project).not_connected == []
    assert spelling("_Fivetran_Synced") == "_fivetransynced" and spelling("Account_Id") == "accountid"


def test_a_missing_required_column_is_named_with_its_mending(project: Path) -> None:
    change(project, "alter table salesforce.opportunity rename StageName to sales_stage_name")
    text = problem(project)
    assert "salesforce (instance 'main'), table salesforce.opportunity: the required column 'stage_name'" in text
    assert "raw_column_names: {salesforce: {opportunity: {stage_name: sales_stage_name}}}" in text
    assert "Grant the loader's user the field" in text
    settings = project / "plumbline.yml"
    renamed = "raw_column_names: {salesforce: {opportunity: {stage_name: Sales_Stage_Name}}}"
    settings.write_text(settings.read_text().replace("raw_column_names: {}", renamed))
    assert check(project).not_connected == ["gong"]
    settings.write_text(settings.read_text().replace("Sales_Stage_Name", "Nowhere"))
    assert "'stage_name' is missing (looked for as 'Nowhere' by raw_column_names)" in problem(project)


def test_every_required_column_of_a_table_that_is_there_is_checked(project: Path) -> None:
    change(project, "create table salesforce.task as select 'x' as subject")
    assert "table salesforce.task: the required column 'id' is missing" in problem(project)


def test_an_empty_required_table_is_named(project: Path) -> None:
    change(project, "delete from salesforce.account")
    text = problem(project)
    assert "table salesforce.account: the required table is empty" in text
    assert "Look at the loader's last sync of account" in text


def test_a_missing_required_table_is_named_with_the_nearest(project: Path) -> None:
    change(project, "alter table salesforce.opportunity rename to opportunities")
    text = problem(project)
    assert "table salesforce.opportunity: the required table is missing" in text
    assert "A table 'opportunities' is there: rename it if that is the one." in text


def test_everything_that_is_missing_is_said_at_once(project: Path) -> None:
    change(project, "delete from salesforce.account", "alter table salesforce.opportunity drop amount")
    text = problem(project)
    assert "2 problems" in text and "is empty" in text and "'amount' is missing" in text


def test_an_instance_that_is_configured_but_absent_is_named(project: Path) -> None:
    settings = project / "plumbline.yml"
    both = "salesforce: [{name: main, schema: salesforce}, {name: east, schema: sf_east}]"
    settings.write_text(settings.read_text().replace("salesforce: [{name: main, schema: salesforce}]", both))
    text = problem(project)
    assert "salesforce: schema 'sf_east' of instance 'east' is not there" in text
    assert "remove instance 'east' from raw_instances" in text


def test_a_file_without_any_configured_schema_is_refused(project: Path) -> None:
    change(
        project,
        "create schema crm; create table crm.account as select 1 as id",
        "drop schema salesforce cascade",
    )
    text = problem(project)
    assert "no system is connected: none of the schemas salesforce (salesforce), gong (gong)" in text
    assert "Schemas that are there: crm." in text


def rename(project: Path, names: str) -> None:
    settings = project / "plumbline.yml"
    settings.write_text(settings.read_text().replace("raw_column_names: {}", f"raw_column_names: {names}"))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("{salesforc: {account: {name: X}}}", "unknown system 'salesforc'\nDid you mean 'salesforce'"),
        ("{salesforce: {acount: {name: X}}}", "unknown table 'salesforce.acount'\nDid you mean 'account'"),
        ("{salesforce: {account: {nam: X}}}", "unknown column 'salesforce.account.nam'\nDid you mean 'name'"),
    ],
)
def test_a_misspelt_name_of_ours_under_raw_column_names_is_named(project: Path, names: str, message: str) -> None:
    rename(project, names)
    with pytest.raises(SettingsError, match=message):
        check(project)


def test_a_name_of_theirs_that_no_instance_has_is_named(project: Path) -> None:
    change(project, "alter table salesforce.account add column Branche__c varchar")
    rename(project, "{salesforce: {account: {industry: Brance__c}}}")
    text = problem(project)
    assert "table account: raw_column_names says that 'industry' is called 'Brance__c', but no instance" in text
    assert "Did you mean 'Branche__c'?" in text


def test_an_instance_that_has_not_renamed_a_column_keeps_its_own_name(project: Path) -> None:
    change(
        project,
        "create schema sf_east; create table sf_east.account as from salesforce.account",
        "create table sf_east.opportunity as select 'o1' id, 'Won' Phase__c, 5 as Amount",
    )
    settings = project / "plumbline.yml"
    both = "salesforce: [{name: main, schema: salesforce}, {name: east, schema: sf_east}]"
    settings.write_text(settings.read_text().replace("salesforce: [{name: main, schema: salesforce}]", both))
    assert "table sf_east.opportunity: the required column 'stage_name' is missing" in problem(project)
    rename(project, "{salesforce: {opportunity: {stage_name: Phase__c}}}")
    assert check(project).not_connected == ["gong"]


def test_a_system_whose_tables_stand_in_a_schema_that_nobody_named_is_named(project: Path) -> None:
    change(
        project,
        "create schema gong; create table gong.call as select 1 as id",
        "create schema sfdc; create table sfdc.account as from salesforce.account",
        "create table sfdc.opportunity as from salesforce.opportunity",
        "drop schema salesforce cascade",
    )
    assert check(project).not_connected == ["salesforce"]  # two tables may be anything
    change(project, "create table sfdc.task as select 1 as id")
    text = problem(project)
    assert "salesforce: no schema named in raw_instances is there, but 'sfdc' holds its tables" in text
    assert "raw_instances: {salesforce: [{name: main, schema: sfdc}]}" in text


def test_a_misspelt_system_is_named(project: Path) -> None:
    settings = project / "plumbline.yml"
    settings.write_text(settings.read_text().replace("gong: [", "gnog: ["))
    with pytest.raises(SettingsError, match="unknown system 'gnog'\nDid you mean 'gong'"):
        check(project)


def test_a_file_that_is_no_database_is_named(project: Path) -> None:
    (project / "data" / "raw.duckdb").write_text("id,name\n1,Acme\n" * 2000)
    assert "is not a DuckDB database, or is damaged at its start" in problem(project)


def test_a_file_cut_short_is_named(project: Path) -> None:
    raw = project / "data" / "raw.duckdb"
    change(project, "create table salesforce.big as select range as i, hash(range) as h from range(500000)")
    raw.write_bytes(raw.read_bytes()[: raw.stat().st_size // 3])
    text = problem(project)
    assert str(raw) in text and "damaged" in text and "cut short" in text


def test_a_file_that_a_loader_has_open_is_named(project: Path) -> None:
    import subprocess
    import sys

    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
    loader = subprocess.Popen(
        [sys.executable, "-c", script, str(project / "data" / "raw.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert loader.stdout is not None and loader.stdout.readline() == b"\n"
    assert "is open for writing in another process" in problem(project)
    loader.communicate(b"")


def test_the_night_stops_at_the_check_and_publishes_nothing(project: Path) -> None:
    run(project, FakeBuild(number=1))
    change(project, "delete from salesforce.account")
    with pytest.raises(RawDataError, match="the required table is empty"):
        run(project, FakeBuild(number=2))
    assert published_number(project) == 1


def test_a_configured_raw_file_that_is_absent_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_RAW", "elsewhere/raw.duckdb")
    with pytest.raises(RawDataError, match=r"the raw data .*elsewhere/raw\.duckdb does not exist") as caught:
        run(project)
    assert "PLUMBLINE_RAW" in caught.value.mending


def test_the_sample_company_stands_in_only_when_nothing_is_configured_and_nothing_is_there(
    project: Path,
) -> None:
    raw, kept = project / "data" / "raw.duckdb", project / "data" / "kept.duckdb"
    made: list[float] = []

    def make(path: Path, sample: object, progress: object) -> None:
        made.append(getattr(sample, "scale"))  # noqa: B009
        kept.rename(path)

    assert not run(project, make_sample=make).raw.was_made
    raw.rename(kept)
    report = run(project, make_sample=make)
    assert report.raw.was_made and made == [1.0] and report.raw.path == raw


def test_the_real_projects_core_tables_are_declared_as_required() -> None:
    declared = {(table.system, table.name): table for table in declared_tables(ROOT)}
    assert {key for key, table in declared.items() if table.needs_rows} >= {
        ("salesforce", "account"),
        ("salesforce", "opportunity"),
    }
    assert {"id", "stage_name", "amount"} <= set(declared[("salesforce", "opportunity")].required_columns)
