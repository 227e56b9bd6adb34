"""The values that decide a business term: a model that compares with one of them spells the term by hand."""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.definitions.conditions import Call, Column, Compare, Constant, In, Node, walk
from plumbline.definitions.library import Library
from plumbline.definitions.reading import parse


def deciding_values(library: Library) -> frozenset[tuple[str, str]]:
    """Every (column, constant) that a criterion of a term compares."""
    return frozenset(
        pair
        for governed in library.terms.values()
        for version in governed.term.versions
        for criterion in version.criteria.values()
        for part in walk(parse(criterion.sql))
        for pair in _pairs(part)
    )


def _pairs(node: Node) -> Iterator[tuple[str, str]]:
    match node:
        case Compare(_, Column(name), Constant(value)) | Compare(_, Call(_, (Column(name), *_)), Constant(value)):
            yield name, str(value)
        case In(Column(name), values):
            yield from ((name, str(value.value)) for value in values)
        case _:
            pass
