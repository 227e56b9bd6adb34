"""Whether a condition reads the same on every engine that the models support."""

from sqlglot.errors import SqlglotError

from plumbline.definitions.conditions import ConditionError, Node, render, tree
from plumbline.definitions.reading import parse

DIALECTS = ("duckdb", "postgres", "snowflake", "bigquery", "databricks")


def unportable(node: Node) -> list[str]:
    """The dialects in which the rendered condition does not read back as itself."""
    text = render(node)
    wanted = tree(parse(text))
    return [dialect for dialect in DIALECTS if _tree_in(text, dialect) != wanted]


def _tree_in(text: str, dialect: str) -> list[object] | None:
    try:
        return tree(parse(text, dialect))
    except (ConditionError, SqlglotError):
        return None
