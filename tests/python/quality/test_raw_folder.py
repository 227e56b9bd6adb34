"""A folder of files is read as the tables it stands for, and a bad file is named with its line."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from nightly.toolkit import make_project
from plumbline.project.errors import RawDataError
from plumbline.project.settings import load_settings
from plumbline.quality.preflight import Preflight, check_raw
from plumbline.quality.raw import declared_tables
from plumbline.quality.raw_folder import open_folder
from support.raw_forms import into_folder

if TYPE_CHECKING:
    from conftest import RawData

ROOT = Path(__file__).resolve().parents[3]
SYSTEMS = ("salesforce", "marketo", "gong")


def read(folder: Path, table: str = "account") -> list[tuple[object, ...]]:
    opened = open_folder(ROOT, folder, ["salesforce"])
    assert opened.problems == []
    return opened.connection.execute(f'select * from salesforce."{table}" order by all').fetchall()


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / "salesforce" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_every_table_of_the_sample_company_is_the_same_from_files(
    raw_database: RawData, tmp_path: Path, ending: str
) -> None:
    """As text, which staging reads where a column did not land in its own type; JSON has one text per meaning."""
    folder = into_folder(raw_database.raw, tmp_path / "raw", dict.fromkeys(SYSTEMS, ending))
    opened = open_folder(ROOT, folder, SYSTEMS)
    assert (opened.problems, opened.empty_tables) == ([], {})
    connection = opened.connection
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"attach '{raw_database.raw}' as landed (read_only)")
    tables = connection.execute(
        "select table_schema, table_name, list(column_name order by ordinal_position) "
        "from information_schema.columns where table_catalog = 'landed' group by all order by all"
    ).fetchall()
    assert len(tables) > 50
    for schema, table, columns in tables:
        values = [f'"{column}"::varchar' for column in columns]
        if ending == "jsonl":
            values = [f"nullif(coalesce(json_extract_string(try_cast({v} as json), '$'), {v}), 'null')" for v in values]
        content = " + ".join(f"hash({number}, {value})::hugeint" for number, value in enumerate(values))
        landed, read = (
            connection.execute(f'select count(*), sum({content}) from {place}."{schema}"."{table}"').fetchone()
            for place in ("landed", "memory")
        )
        assert landed == read, (schema, table)


def test_csv_fields_come_as_they_are_given(tmp_path: Path) -> None:
    write(tmp_path, "account.csv", 'Id,Name,Note\n001,"Acme, ""Inc""\nWest",\n# 2,"  ",""\n3,1e5,2024-01-01\n')
    assert read(tmp_path) == [
        ("# 2", "  ", ""),
        ("001", 'Acme, "Inc"\nWest', None),
        ("3", "1e5", "2024-01-01"),
    ]


def test_files_of_a_table_may_differ_in_columns(tmp_path: Path) -> None:
    write(tmp_path, "account/2024.csv", "Id,Name\n1,a\n")
    write(tmp_path, "account/2025.csv.gz", "Name,Industry,Id\nb,Steel,2\n")
    assert read(tmp_path) == [("1", "a", None), ("2", "b", "Steel")]


def test_json_values_keep_every_digit(tmp_path: Path) -> None:
    lines = (
        '{"Id": "1", "Amount": 1234567890123456.78, "Note": "a: 1234567890123456.78, \\"x\\" \\\\", '
        '"Big": 12345678901234567890}',
        '{"Id": "2", "Amount": 0.1, "Tags": [1.50, {"a": 12345678901234567.5}], "On": true, "None": null}',
        '{"id": "3", "amount": -12345678901234567.89e-2, "we/ird~\\"\'": "-1"}',
        "",
        '{"Id": "4", "Amount": "1.10", "Date": "2024-01-01"}',
    )
    write(tmp_path, "account.jsonl", "\n".join(lines))
    opened = open_folder(ROOT, tmp_path, ["salesforce"])
    relation = opened.connection.execute("select * from salesforce.account order by id")
    names = [column[0] for column in relation.description or []]
    rows = [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
    assert [row["Amount"] for row in rows] == ["1234567890123456.78", "0.1", "-12345678901234567.89e-2", "1.10"]
    assert rows[0]["Note"] == 'a: 1234567890123456.78, "x" \\' and rows[0]["Big"] == "12345678901234567890"
    assert rows[1]["Tags"] == '["1.50",{"a":"12345678901234567.5"}]'
    assert (rows[1]["On"], rows[1]["None"], rows[2]["we/ird~\"'"], rows[3]["Date"]) == (
        "true",
        None,
        "-1",
        "2024-01-01",
    )
    kinds = opened.connection.execute("select distinct data_type from information_schema.columns").fetchall()
    assert kinds == [("VARCHAR",)]


def test_what_is_no_table_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "account.csv", "Id\n1\n")
    for name in ("_SUCCESS", ".account.csv", "notes.txt", "contact/.part.csv", "contact/readme.md"):
        write(tmp_path, name, "x")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "account.csv").write_text("Id\n1\n")
    opened = open_folder(ROOT, tmp_path, ["salesforce"])
    found = opened.connection.execute("select table_schema, table_name from information_schema.tables").fetchall()
    assert found == [("salesforce", "account")] and opened.problems == []


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("account.csv", "Id,Name\n1,a\n" * 30_000 + "2,b\xff\n3,c\n", "line 60001 holds bytes that are not UTF-8"),
        ("account.csv.gz", "Id\n\xe9\n", "line 2 holds bytes that are not UTF-8"),
        ("account.jsonl", '{"Id": "1"}\n{"Id": "\xe9"}\n', "line 2 holds bytes that are not UTF-8"),
        ("account.jsonl", '{"Id": "1"}\n\n{"Id": \n{"Id": "secret"}\n', "line 3 is not JSON"),
        ("account.csv", "Id,Name\n" + "1,a\n" * 30_000 + "2,b,secret\n", "line 30002 has 3 fields where line 1 has 2"),
        ("account.csv", 'Id,Name\n1,"a\nb"\n2\n', "line 4 has 1 fields where line 1 has 2"),
        ("account.csv", 'Id,Name\n1,a\n2,"secret\n3,c\n', "line 3 opens a quote that is not closed"),
        ("account.csv", "Id;Name\n1;secret\n", "line 1 is separated by ';', not by commas"),
        ("account.parquet", "PAR1 secret", "is no Parquet file, or was cut short"),
    ],
)
def test_a_bad_file_is_named_with_its_line_and_without_its_values(
    tmp_path: Path, name: str, content: str, problem: str
) -> None:
    path = write(tmp_path, name, content.encode("latin-1"))
    (found,) = open_folder(ROOT, tmp_path, ["salesforce"]).problems
    assert found.what.startswith(f"{path}: {problem}")
    assert found.mending and "secret" not in found.what


def test_a_file_that_was_cut_short_is_named(tmp_path: Path) -> None:
    whole = write(tmp_path, "account.csv.gz", "Id\n" + "".join(f"{number}\n" for number in range(5000)))
    whole.write_bytes(whole.read_bytes()[:-500])
    (found,) = open_folder(ROOT, tmp_path, ["salesforce"]).problems
    assert found.what.startswith(f"{whole}: cannot be read: Compressed file ended")


@pytest.mark.parametrize(
    "names",
    [
        ("account.csv", "account.parquet"),
        ("account.csv", "account/1.csv"),
        ("account/1.csv", "account/1.jsonl"),
        ("account.csv", "Account.csv.gz"),
    ],
)
def test_two_sets_of_files_for_one_table_are_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    for name in names:
        write(tmp_path, name, "Id\n1\n")
    problems = open_folder(ROOT, tmp_path, ["salesforce"]).problems
    assert any(problem.what.startswith("two sets of files for table salesforce.") for problem in problems)
    assert all(str(tmp_path / "salesforce" / name) in problems[0].what for name in names)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The small project with its raw data in a folder."""
    root = make_project(tmp_path / "project")
    (root / "macros" / "raw").mkdir(parents=True)
    queries = "macros/raw/folder_queries.sql"
    (root / queries).write_text((ROOT / queries).read_text())
    write(root / "raw", "account.csv", "Id,Name\n1,Acme\n")
    write(root / "raw", "opportunity.jsonl", '{"Id": "1", "StageName": "Won", "Amount": 5}\n')
    return root


def check(project: Path) -> Preflight:
    return check_raw(project, project / "raw", declared_tables(project), load_settings(project).models)


def refused(project: Path) -> str:
    with pytest.raises(RawDataError) as caught:
        check(project)
    return str(caught.value)


def test_the_check_before_a_night_reads_folders(project: Path) -> None:
    found = check(project)
    assert found.not_connected == ["gong"]
    assert [connection.tables for connection in found.connections] == [2, 0]


def test_what_is_missing_in_a_folder_is_named_as_in_a_file(project: Path) -> None:
    write(project / "raw", "opportunity.jsonl", '{"Id": "1", "Amount": 5}\n')
    assert "table salesforce.opportunity: the required column 'stage_name' is missing" in refused(project)
    for empty in ("", "\n"):
        write(project / "raw", "opportunity.jsonl", empty)
        assert "table salesforce.opportunity: the required table is empty" in refused(project)
    write(project / "raw", "opportunity.jsonl", "{")
    text = refused(project)
    assert "opportunity.jsonl: line 1 is not JSON" in text and "required" not in text


def test_a_folder_without_any_known_table_is_refused(project: Path) -> None:
    for file in (project / "raw" / "salesforce").iterdir():
        file.unlink()
    write(project / "raw", "konten.csv", "Id\n1\n")
    text = refused(project)
    assert "salesforce holds no table that is known; found: konten" in text
    assert "Name files or folders as the tables: account, opportunity, task" in text


def test_a_folder_without_any_system_is_refused(project: Path) -> None:
    (project / "raw" / "salesforce").rename(project / "raw" / "crm")
    text = refused(project)
    assert "no system is connected: none of the schemas salesforce" in text and "are there: crm." in text


def test_an_error_of_duckdb_itself_is_not_shown(tmp_path: Path) -> None:
    """It quotes rows; and one of its errors on bytes that are not UTF-8 takes the whole database with it."""
    write(tmp_path, "account.csv", b"Id,Name\n" + b"1,a\n" * 50_000 + b"2,\xff\xfe\n")
    opened = open_folder(ROOT, tmp_path, ["salesforce"])
    assert opened.connection.execute("select 1").fetchone() == (1,)
    assert isinstance(opened.connection, duckdb.DuckDBPyConnection) and len(opened.problems) == 1
