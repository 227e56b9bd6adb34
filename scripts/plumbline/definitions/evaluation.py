"""Examples, executed: DuckDB answers each one under three-valued logic."""

from dataclasses import dataclass

import duckdb

from plumbline.definitions.conditions import render
from plumbline.definitions.library import Governed
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import Entity, Example, Scalar, Version

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


def in_memory() -> duckdb.DuckDBPyConnection:
    """A database to evaluate in; to be closed by whoever asked for it."""
    return duckdb.connect(":memory:", config={"threads": "1"})


def answer(connection: duckdb.DuckDBPyConnection, governed: Governed, version: Version, example: Example) -> Answer:
    """Evaluate one version of a term on one example; a column that is not named is NULL."""
    conditions = {name: render(parse(criterion.sql)) for name, criterion in version.criteria.items()}
    row = typed_row(governed.entity, example.values)
    values = evaluate(connection, list(conditions.values()), row)
    return Answer(all(value is True for value in values), dict(zip(conditions, values, strict=True)))


def typed_row(entity: Entity, values: dict[str, Scalar]) -> dict[str, tuple[str, Scalar]]:
    """Every column of the entity with its DuckDB type and its value."""
    return {name: (DUCKDB_TYPES[column.type], values.get(name)) for name, column in entity.columns.items()}


def evaluate(
    connection: duckdb.DuckDBPyConnection, conditions: list[str], row: dict[str, tuple[str, Scalar]]
) -> list[bool | None]:
    """The value of each condition on one row."""
    columns = ", ".join(f"cast(? as {type_name}) as {name}" for name, (type_name, _) in row.items())
    selected = ", ".join(f"({condition})" for condition in conditions)
    found = connection.execute(
        f"select {selected} from (select {columns})",
        [repr(value) if isinstance(value, float) else value for _, value in row.values()],
    ).fetchone()
    assert found is not None
    return list(found)
