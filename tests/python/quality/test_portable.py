"""The reader behind `make portable` finds what an engine cannot run; compiling needs the other adapters."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment

from plumbline.quality.portable import ENGINES, problems_of

ROOT = Path(__file__).resolve().parents[3]


def found(engine: str, sql: str) -> list[str]:
    return [problem.what for problem in problems_of(engine, "models/some_model.sql", sql)]


@pytest.mark.parametrize("engine", ENGINES)
def test_plain_sql_passes_everywhere(engine: str) -> None:
    sql = "with a as (select 1 as x union distinct select 2) select sum(x) as total from a"
    assert found(engine, sql) == []


@pytest.mark.parametrize(
    ("engine", "sql", "what"),
    [
        ("bigquery", "select 1 union select 2", "does not parse"),
        ("postgres", "select try_cast('1' as integer)", "uses try_cast"),
        ("snowflake", "select count(*) filter (where true) from a", "uses filter"),
        ("databricks", "select list_transform_all(x) from a", "calls list_transform_all()"),
        ("postgres", "-- nothing but a comment", "is empty"),
    ],
)
def test_what_an_engine_lacks_is_named(engine: str, sql: str, what: str) -> None:
    assert any(text.startswith(what) for text in found(engine, sql)), found(engine, sql)


def json_macros(engine: str) -> Any:
    """The macros that read JSON, each dispatched as dbt would on the engine."""
    files = ("types/json_lists.sql", "raw/json_text.sql")
    environment = Environment()
    macros = SimpleNamespace()

    def dispatch(name: str, _package: str) -> Any:
        return getattr(macros.module, f"{engine}__{name}", None) or getattr(macros.module, f"default__{name}")

    dbt = SimpleNamespace(type_string=lambda: "string")
    environment.globals.update({"adapter": SimpleNamespace(dispatch=dispatch), "dbt": dbt, "return": lambda sql: sql})
    environment.globals["plumbline"] = SimpleNamespace(json_path=lambda *given: macros.module.json_path(*given))
    macros.module = environment.from_string("".join((ROOT / "macros" / file).read_text() for file in files)).module
    return macros.module


@pytest.mark.parametrize("engine", ENGINES)
def test_json_that_loaders_land_is_read_in_the_dialect_of_each_engine(engine: str) -> None:
    macros = json_macros(engine)
    outer = macros.unfold_json("calls as landed_rows", macros.json_list("parties", []), 1)
    inner = macros.unfold_json(f"({outer}) as landed_rows", macros.json_list("item_1", ["context", "objects"]), 2)
    read = f"{macros.json_path('item_2', ['objectId'])} as id, {macros.json_text('sentence', 'start')} as start_text"
    assert found(engine, f"select {read}, position_1, position_2 from ({inner}) as landed_rows") == []
