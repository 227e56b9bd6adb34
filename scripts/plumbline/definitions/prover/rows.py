"""Rows that people believe: close to typical values, and answered by DuckDB before they are shown."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import duckdb
import z3
from sqlglot import ErrorLevel
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError

from plumbline.definitions.evaluation import DUCKDB_TYPES
from plumbline.definitions.prover import calendar
from plumbline.definitions.prover.encoding import Text
from plumbline.definitions.prover.facts import typical_value
from plumbline.definitions.prover.formulas import both, either, implied, negated
from plumbline.definitions.prover.languages import Texts
from plumbline.definitions.prover.questions import Question
from plumbline.definitions.prover.reading import Reading, is_clock
from plumbline.definitions.prover.solver import new_solver
from plumbline.definitions.prover.terms import CLOCK, Column, Kind, Linear, Pattern, TextTest, Value, walk
from plumbline.definitions.prover.verdicts import Cell, Counterexample
from plumbline.definitions.schemas import Entity

# The clock that rows are shown at, unless the difference needs another.
SHOWN_NOW = calendar.microseconds(datetime(2026, 6, 15, 9))  # noqa: DTZ001 - timestamps are UTC without a zone
ATTEMPTS = 12
CORRECTIONS = 60
TURNS = 5
_STEPS = 30  # preferences given up, one at a time
_RANGES: dict[str, tuple[int, int]] = {
    "integer": (-(10**12), 10**12),
    "decimal": (-(10**12), 10**12),
    "date": (calendar.days(date(1900, 1, 1)), calendar.days(date(2100, 1, 1))),
    "timestamp": (calendar.days(date(1900, 1, 1)) * calendar.DAY, calendar.days(date(2100, 1, 1)) * calendar.DAY),
}

Expected = Callable[[Sequence[Any]], bool]


def executable(reading: Reading, now: datetime) -> str:
    """The predicate in DuckDB's SQL, with the clock stopped. Raises SqlglotError when it cannot be translated."""
    tree = reading.tree
    plain = not any(is_clock(node) or (isinstance(node, exp.Column) and node.table) for node in tree.walk())
    if reading.dialect == "duckdb" and plain:
        return reading.sql

    def bound(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Column):
            return exp.column(node.name)
        if is_clock(node):
            is_day = isinstance(node, exp.CurrentDate) or node.name.lower() == "today"
            text = now.date().isoformat() if is_day else now.isoformat(sep=" ")
            return exp.cast(exp.Literal.string(text), "DATE" if is_day else "TIMESTAMP")
        return node

    return str(tree.transform(bound, copy=True).sql(dialect="duckdb", unsupported_level=ErrorLevel.RAISE))


def answers(
    connection: duckdb.DuckDBPyConnection,
    entity: Entity,
    row: dict[str, Cell],
    readings: Sequence[Reading],
    now: datetime,
) -> list[Any]:
    """What DuckDB says of each predicate on one row. Raises duckdb.Error or SqlglotError."""
    named = [name for name in entity.columns if name in row] or [next(iter(entity.columns))]
    selected = ", ".join(f"(\n{executable(reading, now)}\n)" for reading in readings)
    given = ", ".join(f"cast(? as {DUCKDB_TYPES[entity.columns[name].type]}) as {name}" for name in named)
    found = connection.execute(
        f"select {selected} from (select {given})",
        [str(row[name]) if isinstance(row.get(name), Decimal) else row.get(name) for name in named],
    ).fetchone()
    assert found is not None
    return list(found)


class RowFinder:
    """Looks for rows that answer a question, and asks DuckDB about each."""

    def __init__(self, question: Question, entity: Entity, connection: duckdb.DuckDBPyConnection) -> None:
        self.question, self.entity, self.connection = question, entity, connection
        self.encoder = question.encoder
        self._opaque = question.opaque_terms()
        # Where the solver was just told the truth about months: to be looked at before it turns to others.
        self._near: list[tuple[float, Any]] = []

    # What makes a row believable ------------------------------------------------------------------------

    @cached_property
    def _domain(self) -> list[Any]:
        return list(self._in_range())

    @cached_property
    def _wishes(self) -> list[tuple[float, Any]]:
        return list(self._preferences())

    def _mentioned(self) -> dict[str, set[Fraction]]:
        """Constants of the terms, by kind of column."""
        found: dict[str, set[Fraction]] = {"integer": set(), "decimal": set(), "date": set(), "timestamp": set()}
        for term in (part for root in self.question.terms for part in walk(root)):
            if isinstance(term, Value) and not isinstance(term.value, bool | str):
                constant, kind = Fraction(term.value), term.kind
            elif isinstance(term, Linear) and not term.items:
                constant, kind = term.constant, term.kind
            else:
                continue
            if kind in ("integer", "decimal", "double"):
                found["integer"].add(Fraction(constant.numerator // constant.denominator))
                found["decimal"].add(constant)
            elif kind in ("date", "timestamp"):
                found[kind].add(constant)
        return found

    def _beside(self, constants: set[Fraction], kind: Kind) -> set[Fraction]:
        """Constants and their neighbours."""
        steps = [Fraction(0), Fraction(-1), Fraction(1)]
        if kind == "decimal":
            steps += [Fraction(-1, 2), Fraction(-1, 100)]
        return {constant + step for constant in constants for step in steps}

    def _in_range(self) -> Iterable[Any]:
        for column, pair in self.encoder.columns.items():
            if column.kind in _RANGES:
                low, high = _RANGES[column.kind]
                yield both(pair.value >= low, pair.value <= high)
        for text in self.encoder.texts.values():
            if text.index is not None:
                yield text.index <= 3

    def _preferences(self) -> Iterable[tuple[float, Any]]:
        """Wishes with their rank; those of the lowest rank are given up first."""
        constants = self._mentioned()
        for column, pair in self.encoder.columns.items():
            if column == CLOCK:
                yield 4, pair.value == SHOWN_NOW
                continue
            yield 5, negated(pair.null)
            typical = typical_value(self.entity.columns[column.name])
            if column.kind == "boolean":
                if typical is not None:
                    yield 1, pair.value if typical else negated(pair.value)
                continue
            usual = set[Fraction]()
            if typical is not None:
                assert not isinstance(typical, str)
                usual.add(Fraction(typical))
                yield 1, pair.value == self._number(Fraction(typical), column.kind)
            mentioned = constants.get(column.kind, set())
            for rank, values in ((1.5, mentioned), (2.0, self._beside(mentioned, column.kind))):
                if values | usual:
                    wanted = sorted(values | usual)
                    yield rank, either(*[pair.value == self._number(value, column.kind) for value in wanted])
            if column.kind == "decimal":
                yield 3, pair.value * 100 == z3.ToReal(z3.Int(f"cents {column.name}"))
                yield 4, pair.value * 1000 == z3.ToReal(z3.Int(f"tenths of cents {column.name}"))
        for name, text in self.encoder.texts.items():
            if name not in self.entity.columns:
                continue
            yield 5, negated(text.null)
            if text.index is not None:
                yield 2, text.index == 0
            value = typical_value(self.entity.columns[name])
            if isinstance(value, str) and text.languages:
                yield 1, self._has_vector(text, Texts(text.languages).vector(value))

    def _number(self, value: Fraction, kind: Kind) -> Any:
        return z3.RealVal(str(value)) if kind == "decimal" else z3.IntVal(int(value))

    def _has_vector(self, text: Text, vector: tuple[bool, ...]) -> Any:
        return both(*[answer if holds else negated(answer) for answer, holds in zip(text.answers, vector, strict=True)])

    # The search -----------------------------------------------------------------------------------------

    def find(self, conditions: Sequence[Any], readings: Sequence[Reading], expected: Expected) -> Counterexample | None:
        """A row for which the conditions hold and DuckDB's answers are as `expected`; None when none was found."""
        solver = self.question.solver
        solver.push()
        try:
            solver.add(*conditions, *self._domain, *self.question.switches)
            tried = 0
            self._near.clear()
            for corrected in range(CORRECTIONS):
                # Wishes that month after month cannot be granted are given up, the least first.
                model = self._model(solver, corrected // 5)
                if model is None or tried == ATTEMPTS:
                    return None
                if self._corrected(solver, model):
                    continue
                tried += 1
                found = self._shown_row(solver, model, readings, expected)
                if found is not None and self._independent(model, conditions):
                    return found
                solver.add(negated(self._same_row(model)))
            return None
        finally:
            solver.pop()

    def _independent(self, model: Any, conditions: Sequence[Any]) -> bool:
        """Whether DuckDB's word settles a row: what another engine makes of an opaque term, it cannot know."""
        if all(term.key.startswith("duckdb: ") for term in self._opaque):
            return True
        solver = new_solver()
        solver.add(*self.encoder.axioms(), self._same_row(model), negated(both(*conditions)))
        return bool(solver.check() == z3.unsat)

    def _model(self, solver: Any, least: int) -> Any:
        """A model that grants as many wishes as it can, of those above the rank `least`."""
        hoped = [*self._wishes, *self._near]
        wishes = {z3.Bool(f"wish {number}"): wish for number, wish in enumerate(hoped) if wish[0] > least}
        solver.push()
        try:
            solver.add(*[implied(switch, formula) for switch, (_, formula) in wishes.items()])
            for _ in range(_STEPS):
                found = solver.check(*wishes)
                if found == z3.sat:
                    return solver.model()
                if found == z3.unknown or not wishes:
                    return None
                core = {switch.get_id() for switch in solver.unsat_core()}
                blamed = [switch for switch in wishes if switch.get_id() in core]
                if not blamed:
                    return None
                del wishes[min(blamed, key=lambda switch: wishes[switch][0])]
            return None
        finally:
            solver.pop()

    def _corrected(self, solver: Any, model: Any) -> bool:
        """Tell the solver where it was wrong about months; whether it was."""
        wrong = False
        self._near.clear()
        for step in self.encoder.steps:
            argument = model.eval(step.argument, model_completion=True).as_long()
            try:
                piece = step.piece(argument)
            except calendar.OutOfRangeError:
                piece = step.argument != argument
            if not z3.is_true(model.eval(piece, model_completion=True)):
                solver.add(piece)
                wrong = True
                if z3.is_implies(piece):
                    self._near.append((4.5, piece.arg(0)))
        return wrong

    def _same_row(self, model: Any) -> Any:
        parts = []
        for pair in self.encoder.columns.values():
            parts.append(pair.null == model.eval(pair.null, model_completion=True))
            parts.append(pair.value == model.eval(pair.value, model_completion=True))
        for text in (text for name, text in self.encoder.texts.items() if name in self.entity.columns):
            parts.append(text.null == model.eval(text.null, model_completion=True))
            parts += [answer == model.eval(answer, model_completion=True) for answer in text.answers]
        return both(*parts)

    def _shown_row(
        self, solver: Any, model: Any, readings: Sequence[Reading], expected: Expected
    ) -> Counterexample | None:
        """The model's row, with other words where an opaque term reads texts, once DuckDB confirms it."""
        reads_texts = any(column.kind == "text" for term in self._opaque for column in term.columns)
        for turn in range(TURNS if reads_texts else 1):
            found = self._checked(model, readings, expected, turn)
            if found is not None:
                return found
        self._learn(solver, model)
        return None

    def _learn(self, solver: Any, model: Any) -> None:
        """Tell the solver what the opaque terms are for this row: to steer the search, nothing is proved from it."""
        drawn = self._drawn(model, 0)
        if drawn is None:
            return
        row, now = drawn
        for term in self._opaque:
            engine, sql = term.key.split(": ", 1)
            if engine != "duckdb" or term.kind == "text" or CLOCK in term.columns or not term.columns:
                continue
            reading = Reading(sql, term, exp.Null(), "duckdb", frozenset())
            try:
                value = answers(self.connection, self.entity, row, [reading], now)[0]
            except (duckdb.Error, SqlglotError):
                continue
            pair = self.encoder.opaque.get(term)
            if pair is None:
                continue
            said = pair.null if value is None else both(negated(pair.null), self._opaque_value(term.kind, pair, value))
            here = [self._same_column(model, column) for column in term.columns]
            solver.add(implied(both(*here), said))

    def _opaque_value(self, kind: Kind, pair: Any, value: Any) -> Any:
        if kind == "boolean":
            return pair.value if value else negated(pair.value)
        if kind in ("integer", "decimal", "double") and isinstance(value, int | float | Decimal):
            return pair.value == z3.RealVal(str(Fraction(str(value))))
        if kind == "date" and type(value) is date:
            return pair.value == calendar.days(value)
        if kind == "timestamp" and isinstance(value, datetime):
            return pair.value == calendar.microseconds(value.replace(tzinfo=None))
        return z3.BoolVal(True)

    def _same_column(self, model: Any, column: Column) -> Any:
        if column.kind == "text":
            text = self.encoder.text(column)
            variables = [text.null, *text.answers]
        else:
            pair = self.encoder.column(column)
            variables = [pair.null, pair.value]
        return both(*[variable == model.eval(variable, model_completion=True) for variable in variables])

    def _drawn(self, model: Any, turn: int) -> tuple[dict[str, Cell], datetime] | None:
        """The model as a row and a clock; None when a value cannot be written."""
        row: dict[str, Cell] = {}
        now = SHOWN_NOW
        for column, pair in self.encoder.columns.items():
            if column == CLOCK:
                now = model.eval(pair.value, model_completion=True).as_long()
                continue
            value = self._cell(model, column, pair)
            if value is NotImplemented:
                return None
            row[column.name] = value
        for name, text in self.encoder.texts.items():
            if name in self.entity.columns:
                chosen = self._word(model, text, turn)
                if chosen is NotImplemented:
                    return None
                row[name] = chosen
        return row, calendar.moment_of(now)

    def _checked(self, model: Any, readings: Sequence[Reading], expected: Expected, turn: int) -> Counterexample | None:
        drawn = self._drawn(model, turn)
        if drawn is None:
            return None
        row, moment = drawn
        facts = [fact.reading for fact in self.question.facts if fact.reading is not None]
        try:
            found = answers(self.connection, self.entity, row, [*readings, *facts], moment)
        except (duckdb.Error, SqlglotError):
            return None
        said, held = found[: len(readings)], found[len(readings) :]
        if not expected(said) or any(value is False for value in held):
            return None
        forced = tuple(name for name in self.entity.columns if name in row and row[name] != self._typical_cell(name))
        ordered = {name: row[name] for name in self.entity.columns if name in row}
        reads_clock = CLOCK in self.encoder.columns or any(
            is_clock(node) for reading in readings for node in reading.tree.walk()
        )
        return Counterexample(ordered, forced, tuple(said), moment if reads_clock else None)

    def _typical_cell(self, name: str) -> Cell:
        declared = self.entity.columns[name]
        value = typical_value(declared)
        if value is None or isinstance(value, str | bool):
            return value
        return _shown(Fraction(value), declared.type)

    def _cell(self, model: Any, column: Column, pair: Any) -> Any:
        if z3.is_true(model.eval(pair.null, model_completion=True)):
            return None
        value = model.eval(pair.value, model_completion=True)
        if column.kind == "boolean":
            return z3.is_true(value)
        number = (
            Fraction(value.numerator_as_long(), value.denominator_as_long()) if z3.is_rational_value(value) else None
        )
        if number is None:
            number = Fraction(value.as_long())
        if (number * 10**9).denominator != 1:
            return NotImplemented
        return _shown(number, column.kind)

    def _word(self, model: Any, text: Text, turn: int) -> Any:
        if z3.is_true(model.eval(text.null, model_completion=True)):
            return None
        vector = tuple(z3.is_true(model.eval(answer, model_completion=True)) for answer in text.answers)
        place = 0 if text.index is None else model.eval(text.index, model_completion=True).as_long()
        languages = Texts(text.languages)
        words: list[str] = []
        for word in self._words(text, vector):
            if word not in words and languages.vector(word) == vector:
                words.append(word)
            if len(words) > place + turn:
                return words[place + turn]
        return words[place] if place < len(words) else NotImplemented

    def _compared_texts(self) -> list[str]:
        return [
            name for name, text in self.encoder.texts.items() if text.index is not None and name in self.entity.columns
        ]

    def _words(self, text: Text, vector: tuple[bool, ...]) -> Iterable[str]:
        """Texts to choose from: the typical one, accepted ones, those that a predicate mentions, the shortest."""
        # Texts that are compared with each other choose from one list, in one order.
        names = [text.name] if text.index is None else sorted(self._compared_texts())
        columns = [self.entity.columns[name] for name in names]
        typical = typical_value(columns[0])
        for declared in columns:
            value = typical_value(declared)
            if isinstance(value, str):
                yield value
            yield from declared.accepted_values or ()
        for term in (part for root in self.question.terms for part in walk(root)):
            if isinstance(term, TextTest) and isinstance(term.test, Pattern):
                yield "".join(part for part in term.test.parts if isinstance(part, str))
        for opaque in self._opaque:
            # What a regular expression looks for is often a word of its own.
            for quoted in re.findall(r"'([^']*)'", opaque.key):
                yield re.sub(r"[^\w @.-]", "", quoted)
        shortest = self.encoder.examples(text.name).get(vector)
        if shortest is not None:
            yield shortest
            if isinstance(typical, str):
                yield from (shortest + typical, typical + shortest)
            yield from (shortest + letter for letter in "xyz")


def _shown(number: Fraction, kind: str) -> Cell:
    if kind == "integer":
        return int(number)
    if kind == "date":
        return calendar.day_of(int(number))
    if kind == "timestamp":
        return calendar.moment_of(int(number))
    shown = Decimal(number.numerator) / Decimal(number.denominator)
    return shown.quantize(Decimal(1)) if shown == shown.to_integral() else shown.normalize()
