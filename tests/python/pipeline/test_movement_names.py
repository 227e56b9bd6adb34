"""The named movements of any period add up: whatever happened to whatever deals, in every slice, exactly.

The macro's SQL is rendered as it stands and run over random pasts; opening and closing come from Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MACROS = Path(__file__).resolve().parents[3] / "macros"
FIRST = date(2025, 1, 1)
DAYS = 120
CLOSE_DATES = [None, *(FIRST + timedelta(days=number) for number in range(-10, DAYS + 10))]
COLUMNS = {
    "account_key": "bigint", "account_id": "varchar", "owner_user_key": "bigint", "segment": "varchar",
    "currency_code": "varchar", "stage_category": "varchar", "amount": "decimal(18,2)",
    "corporate_amount": "decimal(18,2)", "units_per_corporate": "decimal(18,8)", "is_deleted": "boolean",
    "is_pipeline": "boolean", "is_won": "boolean", "is_lost": "boolean", "close_date": "date",
}  # fmt: skip


class _Project:
    """What macros see as `plumbline`."""

    def __init__(self) -> None:
        self.module: Any = None

    def __getattr__(self, name: str) -> Any:
        if name == "type_decimal":
            return lambda precision, scale: f"decimal({precision},{scale})"
        return getattr(self.module, name)


@cache
def movement_names() -> str:
    """The macro's SQL over tables `boundaries` and `periods`."""
    names = (
        "numbers/safe_divide.sql",
        "pipeline/corporate_amount.sql",
        "pipeline/named_pipeline_movements.sql",
    )
    project = _Project()
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals["plumbline"] = project
    project.module = environment.from_string("\n".join((MACROS / name).read_text() for name in names)).module
    return str(project.module.named_pipeline_movements("boundaries", "periods"))


@dataclass(frozen=True)
class Stretch:
    """What a deal was from a day on."""

    day: date
    values: dict[str, Any]


@st.composite
def stretches(draw: st.DrawFn) -> list[Stretch]:
    """The past of one deal: each stretch changes some of what it was."""
    found: list[Stretch] = []
    values: dict[str, Any] = {}
    for day in sorted(draw(st.lists(st.integers(0, DAYS - 1), min_size=1, max_size=7))):
        state = draw(st.sampled_from(["open", "open", "open", "open", "won", "lost", "omitted", "unmapped", "unknown"]))
        is_deleted = draw(st.integers(0, 9)) == 0
        changed = {
            "account_id": draw(st.sampled_from(["a", "a", "b", "c"])),
            "owner_user_key": draw(st.sampled_from([1, 1, 2, None])),
            "segment": draw(st.sampled_from(["S", "S", "S", None])),
            "currency_code": draw(st.sampled_from(["EUR", "EUR", "EUR", "JPY"])),
            "amount": draw(st.one_of(st.none(), st.just(Decimal(0)), st.decimals(-1000, 100000, places=2))),
            "units_per_corporate": draw(st.sampled_from([*[Decimal("0.9")] * 2, Decimal("146.5"), None])),
            "close_date": draw(st.sampled_from(CLOSE_DATES)),
        }
        keep = draw(st.sets(st.sampled_from(sorted(changed))))
        values = {name: values[name] if values and name in keep else value for name, value in changed.items()}
        values["account_key"] = 1 if values["account_id"] in ("a", "b") else 2
        rate, amount = values["units_per_corporate"], values["amount"]
        values["corporate_amount"] = (
            None if rate is None or amount is None else (amount / rate).quantize(Decimal("0.01"))
        )
        values |= {"stage_category": state, "is_deleted": is_deleted}
        values |= {
            f"is_{name}": state == wanted and not is_deleted
            for name, wanted in (("pipeline", "open"), ("won", "won"), ("lost", "lost"))
        }
        found.append(Stretch(FIRST + timedelta(days=day), dict(values)))
    return found


def boundaries(pasts: list[list[Stretch]]) -> Iterator[list[Any]]:
    """Rows as `int_pipeline_boundaries` has them."""
    for key, past in enumerate(pasts):
        was_pipeline = False
        for number, new in enumerate(past, start=1):
            old = past[number - 2].values if number > 1 else {}
            sides = [value for name in COLUMNS for value in (old.get(name), new.values[name])]
            yield [key, number, *sides, number > 1, was_pipeline, new.day]
            was_pipeline = was_pipeline or new.values["is_pipeline"]


Slice = tuple[Any, ...]


def standing(pasts: list[list[Stretch]], day: date, due: tuple[date, date] | None) -> Counter[tuple[Slice, str]]:
    """Per slice and measure what stood when a day began."""
    found: Counter[tuple[Slice, str]] = Counter()
    for past in pasts:
        before = [stretch for stretch in past if stretch.day < day]
        if not before or not before[-1].values["is_pipeline"]:
            continue
        values = before[-1].values
        if due and not (values["close_date"] and due[0] <= values["close_date"] < due[1]):
            continue
        where = (values["account_key"], values["owner_user_key"], values["segment"], values["currency_code"])
        found[where, "amount"] += values["amount"] or 0
        found[where, "corporate"] += values["corporate_amount"] or 0
        found[where, "number"] += 1
    return found


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    sides = ", ".join(f"old_{name} {kind}, new_{name} {kind}" for name, kind in COLUMNS.items())
    with duckdb.connect() as connection:
        connection.execute(
            f"create table boundaries (opportunity_key bigint, boundary_number int, {sides}, "
            "has_before boolean, was_pipeline boolean, movement_date date)"
        )
        connection.execute("create table periods (period_key varchar, start_date date, next_start_date date)")
        yield connection


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    pasts=st.lists(stretches(), min_size=1, max_size=5),
    cuts=st.sets(st.integers(1, DAYS - 1), max_size=3),
)
def test_movements_of_any_period_are_closing_less_opening(
    database: duckdb.DuckDBPyConnection, pasts: list[list[Stretch]], cuts: set[int]
) -> None:
    starts = [FIRST + timedelta(days=number) for number in sorted({0, DAYS} | cuts)]
    periods = [(str(place), start, end) for place, (start, end) in enumerate(pairwise(starts))]
    database.execute("delete from boundaries")
    database.execute("delete from periods")
    rows = list(boundaries(pasts))
    database.executemany(f"insert into boundaries values ({', '.join('?' * len(rows[0]))})", rows)
    database.executemany("insert into periods values (?, ?, ?)", periods)

    moved: Counter[tuple[str, str, Slice, str]] = Counter()
    for period, scope, account, owner, segment, currency, number, amount, corporate in database.execute(
        "select period_key, pipeline_scope, account_key, owner_user_key, segment, currency_code, "
        f"opportunity_count, amount, corporate_amount from ({movement_names()})"
    ).fetchall():
        where = (account, owner, segment, currency)
        moved[period, scope, where, "number"] += number
        moved[period, scope, where, "amount"] += amount
        moved[period, scope, where, "corporate"] += corporate

    for period, start, end in periods:
        for scope, due in (("all", None), ("due", (start, end))):
            opening, closing = standing(pasts, start, due), standing(pasts, end, due)
            slices = (
                opening.keys()
                | closing.keys()
                | {(where, measure) for p, s, where, measure in moved if (p, s) == (period, scope)}
            )
            for where, measure in slices:
                assert moved[period, scope, where, measure] == closing[where, measure] - opening[where, measure], (
                    period,
                    scope,
                    where,
                    measure,
                )


def test_the_macro_names_only_what_it_documents() -> None:
    documented = {
        *("created", "first_known", "reopened", "increased", "decreased"),
        *("pulled_in", "pushed_in", "pulled_out", "pushed_out"),
        *("won", "lost", "removed", "transferred_out", "transferred_in", "merged", "revalued"),
    }
    text = (MACROS / "pipeline/named_pipeline_movements.sql").read_text()
    head, body = text.split("#}", 1)
    assert all(name in head for name in documented)
    assert all(f"'{name}'" in body for name in documented)
