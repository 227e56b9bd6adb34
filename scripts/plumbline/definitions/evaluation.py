"""Examples, executed: DuckDB answers each one under three-valued logic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb

from plumbline.definitions.conditions import render
from plumbline.definitions.library import Governed, GovernedMeasure, joined
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import Criterion, Entity, Example, MeasureExample, MeasureVersion, Scalar, Version

DUCKDB_TYPES = {
    "text": "varchar",
    "integer": "bigint",
    "decimal": "decimal(38, 9)",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}


@dataclass(frozen=True)
class Answer:
    """What the criteria say of one row: the whole (NULL counts as false), and each criterion by itself."""

    value: bool
    criteria: dict[str, bool | None]

    @property
    def unmet(self) -> list[str]:
        """The criteria that are not true, in words."""
        return [
            f"`{name}` is {'unknown' if value is None else 'false'}"
            for name, value in self.criteria.items()
            if value is not True
        ]


@cache
def _memory() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config={"threads": "1"})


def in_memory() -> duckdb.DuckDBPyConnection:
    """A connection to evaluate over, with settings of its own; to be closed by whoever asked for it.

    All are to one database, which takes a hundred times longer to make: nothing may be kept in it.
    """
    return _memory().cursor()


def answer(connection: duckdb.DuckDBPyConnection, governed: Governed, version: Version, example: Example) -> Answer:
    """Evaluate one version of a term on one example; a column that is not named is NULL."""
    conditions = {name: render(parse(criterion.sql)) for name, criterion in version.criteria.items()}
    row = typed_row(governed.entity, example.values)
    values = evaluate(connection, list(conditions.values()), row)
    return Answer(all(value is True for value in values), dict(zip(conditions, values, strict=True)))


@dataclass(frozen=True)
class Total:
    """What a measure says of a few rows, and the identities that do not hold on a row that counts, with its place."""

    numerator: Decimal | None
    denominator: Decimal | None
    broken: list[tuple[int, str]]

    def matches(self, version: MeasureVersion, expected: Decimal | None) -> bool:
        """Whether it is what people expect, as exactly as they wrote it."""
        if expected is None or self.numerator is None:
            return expected is None and (self.numerator is None or not self.denominator)
        if version.denominator is None:
            return self.numerator == expected
        return (
            bool(self.denominator) and (self.numerator / Decimal(self.denominator or 1)).quantize(expected) == expected
        )


def total(
    connection: duckdb.DuckDBPyConnection, governed: GovernedMeasure, version: MeasureVersion, example: MeasureExample
) -> Total:
    """Evaluate one version of a measure on the rows of an example; a column that is not named is NULL."""
    cohort = render(joined(version.cohort))
    parts = [version.numerator, *([version.denominator] if version.denominator else [])]
    asked = [cohort, *_sql(version.identities.values()), *_sql(parts)]
    sums: list[Decimal | None] = [None, None]
    broken: list[tuple[int, str]] = []
    for place, values in enumerate(example.rows):
        counts, *found = evaluate(connection, asked, typed_row(governed.entity, values))
        if counts is not True:
            continue
        holds, numbers = found[: len(version.identities)], found[len(version.identities) :]
        broken += [(place, name) for name, held in zip(version.identities, holds, strict=True) if held is not True]
        for index, value in enumerate(numbers):
            if value is not None:
                sums[index] = (sums[index] or Decimal(0)) + Decimal(value)
    return Total(sums[0], sums[1], broken)


def _sql(criteria: Iterable[Criterion]) -> list[str]:
    return [render(parse(criterion.sql)) for criterion in criteria]


def typed_row(entity: Entity, values: Mapping[str, Scalar]) -> dict[str, tuple[str, Scalar]]:
    """Every column of the entity with its DuckDB type and its value."""
    return {name: (DUCKDB_TYPES[column.type], values.get(name)) for name, column in entity.columns.items()}


def evaluate(
    connection: duckdb.DuckDBPyConnection, conditions: list[str], row: dict[str, tuple[str, Scalar]]
) -> list[Any]:
    """The value of each condition, or number, on one row."""
    columns = ", ".join(f"cast(? as {type_name}) as {name}" for name, (type_name, _) in row.items())
    selected = ", ".join(f"({condition})" for condition in conditions)
    found = connection.execute(
        f"select {selected} from (select {columns})",
        [repr(value) if isinstance(value, float) else value for _, value in row.values()],
    ).fetchone()
    assert found is not None
    return list(found)
