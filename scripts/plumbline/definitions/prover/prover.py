"""The prover: what holds for every row of an entity, and a row that shows what does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sqlglot.expressions import Expression

from plumbline.definitions.evaluation import in_memory
from plumbline.definitions.prover.facts import Fact, all_facts, relevant
from plumbline.definitions.prover.reading import Reading, UnreadableError, read_condition, read_number
from plumbline.definitions.prover.solver import require_z3
from plumbline.definitions.prover.terms import CLOCK, All, AnyOf, Compare, IsNull, IsTrue, Term, columns
from plumbline.definitions.prover.verdicts import (
    ConditionFinding,
    Counterexample,
    CriteriaFinding,
    Relation,
    Truth,
    Verdict,
)
from plumbline.definitions.schemas import Entity

if TYPE_CHECKING:
    from plumbline.definitions.prover.questions import Possible, Question

CONTRADICTION = "the facts of the entity contradict each other: no row can exist"
UNCONFIRMED = "no row that DuckDB confirms was found"
UNDECIDED = "the solver gave up"


class Prover:
    """Proofs about predicates and numbers over one entity. To be closed, or used with `with`.

    SQL is read in the dialect named, `duckdb` unless said. Raises SettingsError when z3 is absent.
    """

    def __init__(self, entity: Entity) -> None:
        require_z3()
        self.entity = entity
        self._facts = all_facts(entity)
        self._connection = in_memory()
        # DuckDB 1.5's optimizer takes INTERVAL '1 month' and INTERVAL '30 days' for one expression.
        self._connection.execute("pragma disable_optimizer")

    def __enter__(self) -> Prover:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database that answers about rows."""
        self._connection.close()

    # Predicates -----------------------------------------------------------------------------------------

    def compare(
        self,
        first: str | Expression,
        second: str | Expression,
        dialect: str = "duckdb",
        second_dialect: str | None = None,
    ) -> Verdict:
        """How the rows for which `first` is true relate to those for which `second` is, as texts or parsed."""
        try:
            left = read_condition(first, self.entity, dialect)
        except UnreadableError as error:
            return Verdict("unknown", reason=f"first: {error}")
        try:
            right = read_condition(second, self.entity, second_dialect or dialect)
        except UnreadableError as error:
            return Verdict("unknown", reason=f"second: {error}")
        if self._same(left.term, right.term):
            return Verdict("equivalent", assumptions=_sorted(left.assumptions | right.assumptions))
        made = self._question([left.term, right.term])
        if isinstance(made, str):
            return Verdict("unknown", reason=made)
        return _Comparison(self, made, left, right).verdict()

    def _same(self, left: Term, right: Term) -> bool:
        """Whether two conditions are true of the same rows whatever the facts: the cheap question, asked first."""
        if left == right:
            return True
        return self._impossible([left, right], lambda encoder: [encoder.true(left) != encoder.true(right)])

    def _impossible(self, terms: Sequence[Term], against: Callable[[Any], list[Any]]) -> bool:
        """Whether no row satisfies the conditions, whatever the facts."""
        from plumbline.definitions.prover.encoding import TooHardError
        from plumbline.definitions.prover.questions import Question

        try:
            question = Question(terms, [], rows=False)
        except TooHardError:
            return False
        return question.possible(*against(question.encoder)).answer == "no" and question.consistent()

    def implies(self, first: str, second: str, dialect: str = "duckdb") -> Truth:
        """Whether `second` is true wherever `first` is."""
        try:
            left = read_condition(first, self.entity, dialect)
            right = read_condition(second, self.entity, dialect)
        except UnreadableError as error:
            return Truth(None, reason=str(error))
        return self._every_row(
            [left, right],
            lambda encoder: [encoder.true(left.term), _not(encoder.true(right.term))],
            lambda said: said[0] is True and said[1] is not True,
        )

    def condition(self, sql: str | Expression, dialect: str = "duckdb") -> ConditionFinding:
        """Whether a condition is never true, or true of every row."""
        try:
            reading = read_condition(sql, self.entity, dialect)
        except UnreadableError as error:
            return ConditionFinding(None, None, reason=str(error))
        never = self._every_row([reading], lambda encoder: [encoder.true(reading.term)], lambda said: said[0] is True)
        always = self._every_row(
            [reading], lambda encoder: [_not(encoder.true(reading.term))], lambda said: said[0] is not True
        )
        assumed = (never.assumptions if never.holds else ()) + (always.assumptions if always.holds else ())
        return ConditionFinding(never.holds, always.holds, _sorted(assumed), never.reason or always.reason)

    def criteria(self, criteria: dict[str, str], dialect: str = "duckdb") -> CriteriaFinding:
        """Which of the criteria that are joined by AND do nothing; `criteria` maps a name to its SQL."""
        readings: dict[str, Reading] = {}
        unknown: dict[str, str] = {}
        for name, sql in criteria.items():
            try:
                readings[name] = read_condition(sql, self.entity, dialect)
            except UnreadableError as error:
                unknown[name] = str(error)
        vacuous, implied, assumed = list[str](), list[str](), set[str]()
        for name, reading in readings.items():
            others = [other for key, other in readings.items() if key != name]
            for found, given in ((vacuous, []), (implied, others)):
                if given is others and (name in vacuous or not others):
                    continue
                truth = self._follows(given, reading)
                if truth.holds is None:
                    unknown.setdefault(name, truth.reason or UNDECIDED)
                elif truth.holds:
                    found.append(name)
                    assumed |= set(truth.assumptions)
        everything = list(readings.values())
        together = self._every_row(
            everything,
            lambda encoder: [encoder.true(reading.term) for reading in everything],
            lambda said: all(value is True for value in said),
        )
        if together.holds:
            assumed |= set(together.assumptions)
        return CriteriaFinding(tuple(vacuous), tuple(implied), together.holds, _sorted(assumed), unknown)

    def _follows(self, given: Sequence[Reading], reading: Reading) -> Truth:
        return self._every_row(
            [*given, reading],
            lambda encoder: [*[encoder.true(other.term) for other in given], _not(encoder.true(reading.term))],
            lambda said: all(value is True for value in said[:-1]) and said[-1] is not True,
        )

    # Measures -------------------------------------------------------------------------------------------

    def measures(self, first: str, second: str, dialect: str = "duckdb", second_dialect: str | None = None) -> Truth:
        """Whether two numbers of a row are equal on every row, NULL being equal to NULL only."""
        try:
            left = read_number(first, self.entity, dialect)
            right = read_number(second, self.entity, second_dialect or dialect)
        except UnreadableError as error:
            return Truth(None, reason=str(error))
        same: Term = AnyOf(
            (
                All((IsNull(left.term), IsNull(right.term))),
                IsTrue(Compare("=", left.term, right.term)),
            )
        )
        return self._every_row(
            [left, right], lambda encoder: [_not(encoder.true(same))], lambda said: said[0] != said[1], [same]
        )

    # Shared ---------------------------------------------------------------------------------------------

    def _question(self, terms: Sequence[Term]) -> Question | str:
        """The question about these terms, or the reason why it cannot be asked."""
        from plumbline.definitions.prover.encoding import TooHardError
        from plumbline.definitions.prover.questions import Question

        names = set[str]().union(*[columns(term) for term in terms]) - {CLOCK.name}
        facts: list[Fact] = relevant(self._facts, names)
        try:
            return Question(terms, facts)
        except TooHardError as error:
            return str(error)

    def _every_row(
        self,
        readings: Sequence[Reading],
        against: Callable[[Any], list[Any]],
        shows: Callable[[Sequence[Any]], bool],
        terms: Sequence[Term] = (),
    ) -> Truth:
        """Whether no row satisfies the conditions `against`; if one does, it is shown once DuckDB confirms it."""
        from plumbline.definitions.prover.rows import RowFinder

        assumed = {assumption for reading in readings for assumption in reading.assumptions}
        asked = [*[reading.term for reading in readings], *terms]
        if self._impossible(asked, against):
            return Truth(True, _sorted(assumed))
        made = self._question(asked)
        if isinstance(made, str):
            return Truth(None, reason=made)
        conditions = against(made.encoder)
        found = made.possible(*conditions)
        if found.answer == "no":
            if not made.consistent():
                return Truth(None, reason=CONTRADICTION)
            return Truth(True, _sorted({*assumed, *found.facts}))
        if found.answer == "unknown":
            return Truth(None, reason=UNDECIDED)
        row = RowFinder(made, self.entity, self._connection).find(conditions, readings, shows)
        if row is None:
            return Truth(None, reason=_why_unconfirmed(made))
        return Truth(False, counterexample=row)


class _Comparison:
    """The three questions about two predicates: true for the first only, for the second only, for both."""

    def __init__(self, prover: Prover, question: Question, left: Reading, right: Reading) -> None:
        from plumbline.definitions.prover.rows import RowFinder

        self.question, self.left, self.right = question, left, right
        self.finder = RowFinder(question, prover.entity, prover._connection)
        encoder = question.encoder
        self.a, self.b = encoder.true(left.term), encoder.true(right.term)
        self.used: set[str] = set()

    def verdict(self) -> Verdict:
        first_only, first_row = self._region([self.a, _not(self.b)], (True, False))
        second_only, second_row = self._region([_not(self.a), self.b], (False, True))
        if "no" in (first_only, second_only) and not self.question.consistent():
            return Verdict("unknown", reason=CONTRADICTION)
        if first_only == second_only == "no":
            return Verdict("equivalent", assumptions=self._assumptions())
        rows = tuple(row for row in (first_row, second_row) if row is not None)
        if not rows:
            undecided = "unknown" in (first_only, second_only)
            return Verdict("unknown", reason=UNDECIDED if undecided else _why_unconfirmed(self.question))
        relation, reason = self._relation(first_only, second_only, first_row, second_row)
        return Verdict(relation, self._only_on_null(), self._assumptions(), reason, rows)

    def _region(self, conditions: list[Any], wanted: tuple[bool, bool]) -> tuple[str, Counterexample | None]:
        found: Possible = self.question.possible(*conditions)
        if found.answer != "yes":
            self.used.update(found.facts)
            return found.answer, None
        return found.answer, self.finder.find(
            conditions, [self.left, self.right], lambda said: tuple(value is True for value in said) == wanted
        )

    def _relation(
        self, first_only: str, second_only: str, first_row: Counterexample | None, second_row: Counterexample | None
    ) -> tuple[Relation, str | None]:
        if first_only == "no":
            return "narrower", None
        if second_only == "no":
            return "wider", None
        if first_row is None or second_row is None:
            return "different", f"one way in which they may differ is open: {_why_unconfirmed(self.question)}"
        both, row = self._region([self.a, self.b], (True, True))
        if both == "no":
            return "disjoint", None
        if row is None:
            return "different", f"whether they share rows is open: {_why_unconfirmed(self.question)}"
        return "overlapping", None

    def _only_on_null(self) -> bool:
        """Whether no row without NULL in the predicates' columns tells the two apart."""
        encoder = self.question.encoder
        filled = [_not(pair.null) for pair in encoder.columns.values()]
        filled += [_not(text.null) for text in encoder.texts.values()]
        found = self.question.possible(self.a != self.b, *filled)
        if found.answer == "no":
            self.used.update(found.facts)
        return found.answer == "no"

    def _assumptions(self) -> tuple[str, ...]:
        return _sorted(self.used | self.left.assumptions | self.right.assumptions)


def _why_unconfirmed(question: Question) -> str:
    opaque = sorted({f"`{term.key.split(': ', 1)[1]}`" for term in question.opaque_terms()})
    return f"{UNCONFIRMED}; not understood: {', '.join(opaque)}" if opaque else UNCONFIRMED


def _not(condition: Any) -> Any:
    from plumbline.definitions.prover.formulas import negated

    return negated(condition)


def _sorted(assumptions: Any) -> tuple[str, ...]:
    return tuple(sorted(set(assumptions)))
