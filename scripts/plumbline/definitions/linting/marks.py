"""What the generated macros wrote into compiled SQL: recognised by its shape, where a model calls the macro.

Each such place becomes a call of a function that does not exist (a mark), so that it is still known for the term
itself after columns were led back through models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError

from plumbline.definitions.library import Library

_MARK = "plumbline_mark_"
_HOLE = "plumbline_hole_"
_FOLDER = "macros/definitions/"
_BODY = re.compile(r"{%-? set (?P<name>\w+) -?%}(?P<body>.*?){%-? endset -?%}", re.DOTALL)
_COLUMN = re.compile(r"{{ column\.(\w+) }}")


@dataclass(frozen=True)
class Shape:
    """One text of a generated macro. `term`: the term whose condition it is, if it is one's."""

    name: str
    macro: str
    term: str | None
    tree: exp.Expression
    columns: tuple[str, ...]


class Marks:
    """Finds the texts of generated macros in the SQL of the models that call them."""

    def __init__(self, library: Library, manifest: Mapping[str, Any], dialect: str) -> None:
        self._macros: Mapping[str, Mapping[str, Any]] = manifest.get("macros", {})
        terms = {governed.term.macro: name for name, governed in library.terms.items()}
        self._shapes: dict[str, list[Shape]] = {}
        for key, macro in self._macros.items():
            if str(macro.get("original_file_path", "")).replace("\\", "/").startswith(_FOLDER):
                self._shapes[key] = list(_shapes(macro, terms.get(macro["name"]), dialect))
        self._named = {shape.name: shape for shapes in self._shapes.values() for shape in shapes}

    def marked(self, tree: exp.Expression, node: Mapping[str, Any]) -> exp.Expression:
        """The SQL of a model with a mark for each text of the macros that it calls, directly or through others."""
        shapes = [shape for key in self._called(node) for shape in self._shapes.get(key, ())]
        if not shapes:
            return tree

        def replaced(part: exp.Expression) -> exp.Expression:
            for shape in shapes:
                bound = _bound(shape, part)
                if bound is not None:
                    return exp.Anonymous(this=shape.name, expressions=[bound[name].copy() for name in shape.columns])
            return part

        # a text may hold the text of another: the larger one first
        shapes.sort(key=lambda shape: -sum(1 for _ in shape.tree.walk()))
        return tree.transform(replaced)

    def _called(self, node: Mapping[str, Any]) -> set[str]:
        found: set[str] = set()
        waiting = list(node.get("depends_on", {}).get("macros", ()))
        while waiting:
            key = waiting.pop()
            if key not in found and key in self._macros:
                found.add(key)
                waiting += self._macros[key].get("depends_on", {}).get("macros", ())
        return found

    def term_of(self, node: exp.Expression) -> str | None:
        """The term that a mark stands for."""
        shape = self._named.get(node.name) if isinstance(node, exp.Anonymous) else None
        return None if shape is None else shape.term

    def is_of_teams(self, tree: exp.Expression) -> bool:
        """Whether it holds what a macro says of the teams' own versions."""
        named = [self._named.get(node.name) for node in tree.find_all(exp.Anonymous)]
        return any(shape is not None and shape.term is None for shape in named)

    def named(self, tree: exp.Expression) -> exp.Expression:
        """The SQL as people read it: a term by its macro's name."""

        def replaced(part: exp.Expression) -> exp.Expression:
            bare = part.unnest()
            return part if self.term_of(bare) is None else exp.column(self._named[bare.name].macro)

        return tree.copy().transform(replaced)

    def written_out(self, tree: exp.Expression) -> exp.Expression:
        """The SQL with the texts of the macros in place of their marks."""

        def replaced(part: exp.Expression) -> exp.Expression:
            shape = self._named.get(part.name) if isinstance(part, exp.Anonymous) else None
            if shape is None:
                return part
            given = dict(zip(shape.columns, part.expressions, strict=True))
            return exp.paren(shape.tree.copy().transform(lambda hole: _filled(hole, given)))

        return tree.copy().transform(replaced)


def is_marked(tree: exp.Expression) -> bool:
    """Whether a macro's text is part of it."""
    return any(node.name.startswith(_MARK) for node in tree.find_all(exp.Anonymous))


def _shapes(macro: Mapping[str, Any], term: str | None, dialect: str) -> Iterator[Shape]:
    for number, match in enumerate(_BODY.finditer(macro["macro_sql"])):
        text = _COLUMN.sub(rf"{_HOLE}\1", match["body"])
        if "{" in text or _HOLE not in text:
            continue
        try:
            tree = sqlglot.parse_one(text, read=dialect)
        except SqlglotError:
            continue
        if isinstance(tree, exp.AggFunc) and isinstance(tree.this, exp.Case):
            # of a measure: which rows count
            tree = tree.this.args["ifs"][0].this.copy()
        names = sorted({hole.name.removeprefix(_HOLE) for hole in tree.find_all(exp.Column)})
        yield Shape(f"{_MARK}{macro['name']}_{number}", macro["name"], term, tree, tuple(names))


def _filled(node: exp.Expression, given: Mapping[str, exp.Expression]) -> exp.Expression:
    return given[node.name.removeprefix(_HOLE)].copy() if _is_hole(node) else node


def _is_hole(node: Any) -> bool:
    return isinstance(node, exp.Column) and node.name.startswith(_HOLE)


def _bound(shape: Shape, tree: exp.Expression) -> dict[str, exp.Expression] | None:
    """What stands in the place of each column, if the SQL has the shape."""
    found: dict[str, exp.Expression] = {}
    return found if _fits(shape.tree, tree, found) else None


def _fits(wanted: Any, there: Any, found: dict[str, exp.Expression]) -> bool:
    if isinstance(wanted, list):
        return (
            isinstance(there, list)
            and len(wanted) == len(there)
            and all(_fits(one, other, found) for one, other in zip(wanted, there, strict=True))
        )
    if not isinstance(wanted, exp.Expression):
        return bool((wanted or None) == (there or None))
    if not isinstance(there, exp.Expression):
        return False
    wanted, there = wanted.unnest(), there.unnest()
    if _is_hole(wanted):
        return bool(found.setdefault(wanted.name.removeprefix(_HOLE), there) == there)
    if type(wanted) is not type(there):
        return False
    keys = {key for node in (wanted, there) for key, value in node.args.items() if value not in (None, False, [])}
    return all(_fits(wanted.args.get(key), there.args.get(key), found) for key in keys)
