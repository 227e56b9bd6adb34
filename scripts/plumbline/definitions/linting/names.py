"""D3: a column that is called like a term, and does not come from it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import expressions as exp
from sqlglot.optimizer.scope import Scope

from plumbline.definitions.library import Governed, Library
from plumbline.definitions.linting.conditions import written_as
from plumbline.definitions.linting.findings import Finding
from plumbline.definitions.linting.judging import Judge
from plumbline.definitions.linting.predicates import is_condition
from plumbline.definitions.linting.sources import MarkedModels, Source
from plumbline.definitions.proving.lineage import Tracer, UntraceableError, places, relations


class NameRule:
    """Looks at each selected column that bears the name of a term or of its macro."""

    def __init__(self, library: Library, models: MarkedModels, judge: Judge) -> None:
        self.library, self.models, self.judge = library, models, judge
        self._macros = {governed.term.macro: governed for governed in library.terms.values()}
        named = "|".join([*self._macros, *[rf"as\s+\"?{name}" for name in library.terms]])
        # parsing is dear: only where such a word stands at all
        self._written = re.compile(rf"\b(?:{named})\b", re.IGNORECASE)

    def find(self, source: Source) -> Iterator[Finding]:
        """The findings of one model or query: where such a column comes to be, not where it is handed on."""
        if source.is_model and not self._written.search(str(self.models.nodes[source.name]["compiled_code"])):
            return
        for scope, _ in places(self.models, source.name):
            if not isinstance(scope.expression, exp.Select):
                continue
            for part in scope.expression.selects:
                governed = self._called(part)
                if governed is not None and not self._comes_from(source, scope, part.unalias(), governed):
                    yield self._finding(source, part, governed)

    def _called(self, part: exp.Expression) -> Governed | None:
        # a constant names no column
        name = part.alias_or_name.lower() if isinstance(part, exp.Alias | exp.Column) else ""
        if name in self._macros:
            return self._macros[name]
        # the bare word is a term's only where it says true or false: `commit` may be an amount
        bare = self.library.terms.get(name)
        return bare if bare is not None and is_condition(part.unalias()) else None

    def _comes_from(self, source: Source, scope: Scope, tree: exp.Expression, governed: Governed) -> bool:
        tree = tree.unnest()
        if all(self.models.marks.term_of(part.unnest()) == governed.term.term for part in _by_day(tree)):
            return True
        if isinstance(tree, exp.Column):
            return self._handed_on(source, scope, tree, governed)
        return self._is_proved(source, scope, tree, governed)

    def _handed_on(self, source: Source, scope: Scope, column: exp.Column, governed: Governed) -> bool:
        """Whether what is handed on is looked at where it comes to be: under the same name, or led back from here."""
        name = column.name.lower()
        if source.is_model and name == governed.term.macro and not self._hands_on(source, name):
            return True
        owners = [
            below
            for alias, below in relations(scope).items()
            if not column.table or str(alias).lower() == column.table.lower()
        ]
        inner = any(isinstance(below, Scope) or self.models.named(below) is not None for below in owners)
        if name == governed.term.macro:
            return inner
        return inner and self._is_proved(source, scope, column, governed)

    def _hands_on(self, source: Source, name: str) -> bool:
        """Whether a model has a column of that name, as far as its columns are documented."""
        documented = {column.lower() for column in self.models.nodes[source.name].get("columns", ())}
        return name in documented or not documented

    def _is_proved(self, source: Source, scope: Scope, tree: exp.Expression, governed: Governed) -> bool:
        """Whether the expression, led back to the entity, is the term."""
        place = next(place for one, place in places(self.models, source.name) if one is scope)
        for own in (False, True):
            try:
                part = Tracer(self.models, governed.entity, source.name, None, own).expression(place, scope, tree)
            except UntraceableError:
                continue
            said = self.models.marks.written_out(part.expression)
            if self.judge.same(governed.entity, said, governed.term.term, source.dialect):
                return True
        return False

    def _finding(self, source: Source, part: exp.Expression, governed: Governed) -> Finding:
        name = part.alias_or_name.lower()
        line, end = source.file.span([part])
        term = governed.term.term
        instead = written_as(self.library, term, source.is_model, False)
        return Finding(
            path=source.file.path,
            line=line,
            end=end,
            code="D3",
            term=term,
            text=name,
            message=f"`{name}` is called like the term `{term}`, and does not come from it.",
            mending=f"Use {instead}, or give the column another name.",
            entity=governed.entity,
        )


def _by_day(tree: exp.Expression) -> list[exp.Expression]:
    """What a CASE over days chooses from, as the macros do among versions; else the expression itself."""
    if not isinstance(tree, exp.Case) or not all(isinstance(branch.this, exp.LT) for branch in tree.args["ifs"]):
        return [tree]
    return [*[branch.args["true"] for branch in tree.args["ifs"]], tree.args.get("default") or exp.null()]
