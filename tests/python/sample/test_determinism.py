"""The content depends on seed and scale alone: not on the clock, the process count or other blocks."""

from __future__ import annotations

import ast
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

import plumbline.sample
from plumbline.sample import generate
from plumbline.sample.block import block_tables
from plumbline.sample.writer import all_tables, plan_blocks


def test_the_process_count_changes_nothing() -> None:
    plan = [0.06, 0.06, 0.06, 0.06]
    alone = list(all_tables(plan, seed=3, processes=1))
    shared = list(all_tables(plan, seed=3, processes=2))
    assert len(alone) == len(shared) == len(plan) + 1
    for first, second in zip(alone, shared, strict=True):
        assert first.keys() == second.keys()
        assert all(first[name].equals(second[name]) for name in first)


def test_the_same_call_writes_the_same_content_and_keeps_files_unless_forced(tmp_path: Path) -> None:
    mine = tmp_path / "b.duckdb"
    mine.write_text("mine")
    with pytest.raises(FileExistsError, match=r"b\.duckdb"):
        generate(mine, tmp_path / "b_truth.duckdb", scale=0.05, seed=3)
    assert mine.read_text() == "mine"
    for name in ("a", "b"):
        generate(tmp_path / f"{name}.duckdb", tmp_path / f"{name}_truth.duckdb", scale=0.05, seed=3, force=True)
    assert len(list(tmp_path.iterdir())) == 4
    with duckdb.connect() as connection:
        for kind in ("", "_truth"):
            for name in ("a", "b"):
                connection.execute(f"attach '{tmp_path / name}{kind}.duckdb' as {name}{kind} (read_only)")
            tables = connection.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = $1", [f"a{kind}"]
            ).fetchall()
            assert tables
            for schema, table in tables:
                first, second = (
                    connection.execute(f'select * from {name}{kind}."{schema}"."{table}"').to_arrow_table()
                    for name in ("a", "b")
                )
                assert first.equals(second), table


def test_another_seed_is_another_company() -> None:
    first, second = block_tables(1, 0, 0.1), block_tables(2, 0, 0.1)
    name = "salesforce.account"
    assert not set(first[name]["name"].to_pylist()) & set(second[name]["name"].to_pylist())


def test_blocks_do_not_depend_on_each_other_and_share_no_domain_or_id() -> None:
    alone = block_tables(5, 1, 0.2)
    before = block_tables(5, 0, 0.2)
    again = block_tables(5, 1, 0.2)
    assert alone.keys() == again.keys()
    assert all(alone[name].equals(again[name]) for name in alone)
    for name, column in (
        ("main.truth_companies", "company_id"),
        ("main.truth_person_records", "source_record_id"),
        ("salesforce.task", "id"),
        ("marketo.activity_visit_webpage", "id"),
        ("gong.call", "id"),
    ):
        assert not _values(alone[name], column) & _values(before[name], column)
    domains = [_values(tables["main.truth_companies"], "domain") for tables in (alone, before)]
    assert not domains[0] & domains[1]


def _values(table: pa.Table, column: str) -> set[object]:
    return set(table[column].to_pylist()) - {None}


def test_plan_of_blocks() -> None:
    assert plan_blocks(0.2) == [0.2]
    assert plan_blocks(2) == [1.0, 1.0]
    assert plan_blocks(2.3) == [1.0, 1.0, 0.3]
    for scale in (0, -1, 1e9):
        with pytest.raises(ValueError, match="scale"):
            plan_blocks(scale)


def test_nothing_reads_a_clock_or_an_unseeded_source() -> None:
    folder = Path(plumbline.sample.__file__).parent
    banned = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "urandom", "uuid4", "token_hex"}
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in banned, f"{path.name}:{node.lineno}"
