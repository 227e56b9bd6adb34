"""The values that decide a business term: a model that compares with one of them spells the term by hand."""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.definitions.conditions import Call, Column, Compare, Constant, In, Node, walk
from plumbline.definitions.library import Library
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import Version


def deciding_values(library: Library) -> frozenset[tuple[str, str]]:
    """Every (column, constant) that a criterion of a term compares."""
    return frozenset(
        (name, str(constant.value))
        for governed in library.terms.values()
        for version in governed.term.versions
        for name, constant in compared(version)
    )


def compared(version: Version) -> Iterator[tuple[str, Constant]]:
    """Every column and constant that the criteria of a version compare."""
    for criterion in version.criteria.values():
        for part in walk(parse(criterion.sql)):
            yield from _pairs(part)


def _pairs(node: Node) -> Iterator[tuple[str, Constant]]:
    match node:
        case Compare(_, Column(name), Constant() as value) | Compare(
            _, Call(_, (Column(name), *_)), Constant() as value
        ):
            yield name, value
        case In(Column(name), values):
            yield from ((name, value) for value in values)
        case _:
            pass
