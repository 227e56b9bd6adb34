"""An entity with every type, and rows of it with NULLs, around the constants that the random predicates use."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import yaml

from plumbline.definitions.evaluation import DUCKDB_TYPES
from plumbline.definitions.schemas import Entity

DEAL = Entity.model_validate(
    yaml.safe_load("""
entity: deal
name: Deal
description: A deal.
columns:
  score: {label: Score, description: A score., type: integer, typical: 40}
  seats: {label: Seats, description: How many., type: integer, min: 0, typical: 5}
  amount: {label: Amount, description: How large it is., type: decimal, typical: 24000}
  discount: {label: Discount, description: How much less., type: decimal, min: 0, max: 1, typical: 0.1}
  status: {label: Status, description: Free text., type: text, typical: Open}
  source: {label: Source, description: Free text., type: text, typical: Web}
  stage:
    {label: Stage, description: Where., type: text, not_null: true, accepted_values: [open, won, lost], typical: open}
  is_gone: {label: Gone, description: Whether it was deleted., type: boolean, typical: false}
  is_key: {label: Key, description: Whether it matters., type: boolean, not_null: true, typical: true}
  due_date: {label: Due, description: When it is due., type: date, typical: 2026-03-02}
  made_at: {label: Made, description: When it was made., type: timestamp, typical: 2026-03-02T10:00:00}
""")
)

NUMBERS = (-3, 0, 5, 40, 65)
AMOUNTS = ("0", "9", "150", "24000")
WORDS = ("Open", "open", "Web", "k", "", "web site")
DAYS = (date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 2), date(2024, 2, 29))

_KELVIN = "\N{KELVIN SIGN}"
_CHOICES: dict[str, list[Any]] = {
    "score": [None, *(number + step for number in NUMBERS for step in (-1, 0, 1))],
    "seats": [None, 0, 1, 4, 5, 6, 40, 65, 66],
    "amount": [
        None,
        *(Decimal(text) + step for text in AMOUNTS for step in (Decimal("-0.01"), 0, Decimal("0.01"))),
        *(Decimal(text) / 3 * 2 for text in AMOUNTS),
    ],
    "discount": [None, Decimal(0), Decimal("0.1"), Decimal("0.5"), Decimal(1)],
    "status": [
        *(None, *WORDS, _KELVIN, "K", " Open", " Web", " open", "web site ", "open "),
        *("OPEN", "opens", "reopen", "wöb", "WEB", "a_b", "a%b"),
    ],
    "source": [None, *WORDS, "WEB", "web_site", "  ", "website"],
    "stage": ["open", "won", "lost"],
    "is_gone": [None, True, False],
    "is_key": [True, False],
    "due_date": [None, *(day + timedelta(days=step) for day in DAYS for step in (-31, -1, 0, 1, 7))],
    "made_at": [
        None,
        *(datetime.combine(day, datetime.min.time()) + step for day in DAYS for step in (
            timedelta(), timedelta(microseconds=-1), timedelta(hours=10), timedelta(days=1), timedelta(days=-31)
        )),
        datetime(1969, 12, 31, 23, 0),
    ],
}  # fmt: skip

Row = dict[str, Any]


def every_value(seed: int) -> list[Row]:
    """Rows in which every column takes each of its values at least once."""
    chance = random.Random(seed)
    longest = max(len(choices) for choices in _CHOICES.values())
    shuffled = {name: chance.sample(choices, len(choices)) for name, choices in _CHOICES.items()}
    return [{name: values[place % len(values)] for name, values in shuffled.items()} for place in range(longest)]


def rows(count: int, seed: int, choices: dict[str, list[Any]] = _CHOICES) -> list[Row]:
    """Random rows that keep the entity's facts; each value is NULL now and then."""
    chance = random.Random(seed)
    return [{name: chance.choice(values) for name, values in choices.items()} for _ in range(count)]


def stored(connection: duckdb.DuckDBPyConnection, found: list[Row], entity: Entity = DEAL) -> None:
    """The rows as the table `deals`, in order of `place`."""
    columns = ", ".join(f"{name} {DUCKDB_TYPES[column.type]}" for name, column in entity.columns.items())
    connection.execute(f"create or replace table deals (place integer, {columns})")
    marks = ", ".join("?" for _ in range(len(entity.columns) + 1))
    connection.executemany(
        f"insert into deals values ({marks})",
        [
            [place, *(str(row[name]) if isinstance(row[name], Decimal) else row[name] for name in entity.columns)]
            for place, row in enumerate(found)
        ],
    )


def asked(connection: duckdb.DuckDBPyConnection, predicates: list[str]) -> list[list[bool | None]]:
    """What DuckDB says: for each predicate, its value on each row, in one query."""
    selected = ", ".join(f"({predicate})" for predicate in predicates)
    found = connection.execute(f"select {selected} from deals order by place").fetchall()
    return [list(column) for column in zip(*found, strict=True)]
