"""D1, D2, D4, D5 and D6: conditions, led back to the entity's columns and held against the terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import expressions as exp
from sqlglot.optimizer.scope import Scope

from plumbline.definitions.library import Library
from plumbline.definitions.linting.findings import Finding
from plumbline.definitions.linting.judging import Close, Judge, conjoined, names_of
from plumbline.definitions.linting.marks import is_marked
from plumbline.definitions.linting.predicates import Predicate, conjuncts, predicates, smaller
from plumbline.definitions.linting.sources import MarkedModels, Source
from plumbline.definitions.proving.lineage import Origin, Part, Place, Tracer, UntraceableError, places
from plumbline.definitions.proving.verifying import two_rows
from plumbline.definitions.schemas import Entity

_MADE_OF_CONDITIONS = (exp.Or, exp.Not, exp.Case, exp.Coalesce)
_RELATIONS = {
    "narrower": "is narrower than {term}",
    "wider": "is wider than {term}",
    "overlapping": "overlaps with {term}, without being it",
    "different": "differs from {term}",
}


@dataclass(frozen=True)
class _Spelled:
    """A conjunct as it stands, and what it is over canonical columns."""

    tree: exp.Expression
    part: Part


class ConditionRules:
    """Holds every condition of a source against the terms."""

    def __init__(self, library: Library, models: MarkedModels, judge: Judge) -> None:
        self.library, self.models, self.judge = library, models, judge

    def find(self, source: Source) -> Iterator[Finding]:
        """The findings of one model or query."""
        tracers = [
            (entity, Tracer(self.models, entity, source.name, None, own=source.name in _suppliers(entity)))
            for entity in self.judge.entities()
            if not source.is_model or self.models.reaches(source.name, _suppliers(entity))
        ]
        if not tracers:
            return
        for scope, place in places(self.models, source.name):
            for predicate in predicates(scope):
                for entity, tracer in tracers:
                    yield from _Look(self, source, entity, tracer, scope, place, predicate).findings(predicate.tree)


class _Look:
    """One predicate, looked at as one over one entity."""

    def __init__(
        self,
        rules: ConditionRules,
        source: Source,
        entity: Entity,
        tracer: Tracer,
        scope: Scope,
        place: Place,
        predicate: Predicate,
    ) -> None:
        self.rules, self.source, self.entity, self.predicate = rules, source, entity, predicate
        self.tracer, self.scope, self.place = tracer, scope, place

    def findings(self, tree: exp.Expression, whole: bool = True) -> Iterator[Finding]:
        """Of a condition, else of those that it is made of; a part of one may well say nothing by itself."""
        spelled: list[_Spelled] = []
        for part in conjuncts(tree):
            try:
                spelled.append(_Spelled(part, self.tracer.expression(self.place, self.scope, part)))
            except UntraceableError:
                for inner in smaller(part):
                    yield from self.findings(inner, False)
        for group in _of_one_row(spelled):
            yield from self._judged(group, whole)

    def _judged(self, group: Sequence[_Spelled], whole: bool) -> Iterator[Finding]:
        by_hand = [one for one in group if not is_marked(one.part.expression) and not isinstance(one.tree, exp.Column)]
        origins = frozenset(origin for one in group for origin in one.part.origins)
        filters = [part.expression for part in self._filters(origins)]
        constant = self._constant(group, filters, origins) if whole else None
        if constant is not None:
            yield constant
            return
        close = self._closest(group, by_hand, filters, origins) if by_hand else None
        governed = None
        if close is not None:
            yield self._near(by_hand, close)
        elif self.predicate.metric:
            governed = self.rules.judge.governed(self.entity, [one.part.expression for one in by_hand])
            if governed is not None:
                yield self._metric(by_hand, *governed)
        for one in group:
            told = one in by_hand and (close is not None or governed is not None)
            if isinstance(one.tree, _MADE_OF_CONDITIONS) and not told:
                for inner in smaller(one.tree):
                    yield from self.findings(inner, False)

    def _closest(
        self,
        group: Sequence[_Spelled],
        by_hand: Sequence[_Spelled],
        filters: Sequence[exp.Expression],
        origins: frozenset[Origin],
    ) -> Close | None:
        own = [one.part.expression for one in by_hand]
        context = [*[one.part.expression for one in group if one not in by_hand], *filters]
        return self.rules.judge.closest(
            self.entity, self._facts(origins), own, context, self._plain, self.source.dialect
        )

    def _filters(self, origins: frozenset[Origin]) -> list[Part]:
        return [
            part for part in self.tracer.filters(self.place, self.scope) if part.origins and part.origins <= origins
        ]

    def _shown(self, parts: Sequence[exp.Expression]) -> str:
        """Conditions as people read them; always in one dialect, because sqlglot's others drop IS TRUE and more."""
        return str(self.rules.models.marks.named(conjoined(parts)).sql(dialect="duckdb"))

    def _plain(self, tree: exp.Expression) -> exp.Expression:
        return self.rules.models.marks.written_out(tree)

    def _facts(self, origins: frozenset[Origin]) -> bool:
        """Whether what is declared of the entity's rows holds here."""
        return len(origins) == 1 and not any(origin.optional for origin in origins)

    def _constant(
        self, group: Sequence[_Spelled], filters: Sequence[exp.Expression], origins: frozenset[Origin]
    ) -> Finding | None:
        facts = self._facts(origins)
        dialect = self.source.dialect
        if any(self.rules.models.marks.is_of_teams(one.part.expression) for one in group):
            # what is made to compare the teams' versions may find that some exclude each other
            return None
        trees = [self._plain(one.part.expression) for one in group]
        said = self._shown([one.part.expression for one in group])
        alone = self.rules.judge.condition(self.entity, facts, conjoined(trees), dialect)
        if alone.never:
            return self._no_choice(group, said, "is never true", alone.assumptions)
        if alone.always:
            return self._no_choice(group, said, "is always true", alone.assumptions)
        if filters:
            together = conjoined([*trees, *[self._plain(part) for part in filters]])
            if self.rules.judge.condition(self.entity, facts, together, dialect).never:
                left = _short(self._shown(filters))
                return self._no_choice(group, said, f"is never true of the rows that `{left}` leaves", ())
        return None

    def _no_choice(self, group: Sequence[_Spelled], said: str, what: str, assumed: Sequence[str]) -> Finding:
        line, end = self.source.file.span([one.tree for one in group])
        because = f" ({'; '.join(assumed)})" if assumed else ""
        return Finding(
            path=self.source.file.path,
            line=line,
            end=end,
            code="D4",
            term=None,
            text=said,
            message=f"`{_short(said)}` {what}{because}.",
            mending="Take it out, or mend it: as it stands it decides nothing.",
            entity=self.entity,
        )

    def _near(self, by_hand: Sequence[_Spelled], close: Close) -> Finding:
        own = [one for one in by_hand if names_of(one.part.expression) <= close.columns]
        line, end = self.source.file.span([one.tree for one in own])
        said = self._shown([one.part.expression for one in own])
        term = f"{'the opposite of ' if close.opposite else ''}`{close.term}`"
        rows = close.verdict.counterexamples
        return Finding(
            path=self.source.file.path,
            line=line,
            end=end,
            code=close.code,
            term=close.term,
            text=said,
            message=f"`{_short(said)}` {_relation(close, term)}{self._on(close.given)}.",
            mending=self._mending(close),
            verdict=close.verdict.verdict,
            only_on_null=close.verdict.only_on_null,
            row=rows[0] if rows else None,
            given=None if close.given is None else self._shown([close.given]),
            entity=self.entity,
            names=("this SQL", f"not {close.label}" if close.opposite else close.label),
        )

    def _on(self, given: exp.Expression | None) -> str:
        return "" if given is None else f", on the rows for which `{_short(self._shown([given]))}` holds"

    def _mending(self, close: Close) -> str:
        governed = self.rules.library.terms[close.term]
        instead = written_as(self.rules.library, close.term, self.source.is_model, close.opposite)
        if close.code == "D1":
            return f"Use {instead}."
        if close.code == "D5":
            return f"Use {instead}: it says what becomes of a missing value."
        why = f"why this is something else than «{governed.term.name}»"
        return f"Use {instead}, or say with `plumbline: allow {close.code} because …` {why}."

    def _metric(self, by_hand: Sequence[_Spelled], term: str, column: str) -> Finding:
        line, end = self.source.file.span([one.tree for one in by_hand])
        said = self._shown([one.part.expression for one in by_hand])
        instead = written_as(self.rules.library, term, self.source.is_model, False)
        return Finding(
            path=self.source.file.path,
            line=line,
            end=end,
            code="D6",
            term=term,
            text=said,
            message=f"`{_short(said)}` chooses the rows of a metric by `{column}`, which decides `{term}`.",
            mending=f"Choose by terms ({instead}), or make a term of it in definitions/terms.",
            entity=self.entity,
        )


def written_as(library: Library, term: str, is_model: bool, opposite: bool) -> str:
    """How a term is written: by its macro in a model, by the column that says it elsewhere."""
    governed = library.terms[term].term
    deny = "not " if opposite else ""
    if is_model:
        return f"`{deny}{{{{ {governed.macro}('…') }}}}`"
    if governed.drives:
        places = " or ".join(f"{drives.model}" for drives in governed.drives)
        return f"`{deny}{governed.drives[0].column}` of {places}"
    return f"the column of {', '.join(governed.waits_for or [])} that will say it"


def _suppliers(entity: Entity) -> frozenset[str]:
    return frozenset(supplier.model for supplier in entity.supplied_by)


def _of_one_row(spelled: Sequence[_Spelled]) -> list[list[_Spelled]]:
    """Conjuncts by the row that they speak of; those without any column speak of none."""
    told = [one for one in spelled if one.part.origins]
    together = frozenset(origin for one in told for origin in one.part.origins)
    if two_rows(together) is None:
        return [told] if told else []
    rows: dict[frozenset[Origin], list[_Spelled]] = {}
    for one in told:
        if two_rows(one.part.origins) is None:
            rows.setdefault(one.part.origins, []).append(one)
    return list(rows.values())


def _relation(close: Close, term: str) -> str:
    if close.code == "D1":
        return f"is {term}"
    if close.code == "D5":
        return f"is {term} but where a value is missing"
    return _RELATIONS[close.verdict.verdict].format(term=term)


def _short(sql: str) -> str:
    return sql if len(sql) <= 100 else sql[:97] + "…"
