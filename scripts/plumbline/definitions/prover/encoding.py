"""From terms to the solver: each term becomes a pair (is NULL, value) under SQL's three-valued logic.

Of a condition the value is «is true», which implies that it is not NULL. Axioms (about texts, months …) hold
for every row: they are over-approximations that the real functions satisfy, so what is proved stays proved.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3

from plumbline.definitions.prover import calendar
from plumbline.definitions.prover.formulas import both, choice, either, implied, negated
from plumbline.definitions.prover.languages import Language, Texts, TooManyTextsError, Vector, feasible
from plumbline.definitions.prover.terms import (
    NUMBERS,
    Absolute,
    All,
    AnyOf,
    Case,
    Change,
    Changed,
    Coalesce,
    Column,
    Compare,
    Convert,
    Extreme,
    IsNull,
    IsTrue,
    Kind,
    Linear,
    Not,
    Null,
    Opaque,
    ShiftMonths,
    Term,
    Test,
    TextEqual,
    TextTest,
    Truncate,
    Unit,
    Value,
    literal,
)

# Combinations of answers to conditions on one text, before it is given up on.
MAX_VECTORS = 1_000


class TooHardError(Exception):
    """A predicate that is understood but too large; the message is the reason."""


@dataclass(frozen=True)
class Pair:
    """`null` and `value`, both of the solver; `value` of a NULL means nothing, except that of a condition is false."""

    null: Any
    value: Any


@dataclass
class Text:
    """A text column or opaque text: the languages it is held against, and a variable for each answer."""

    name: str
    null: Any
    languages: list[Language]
    answers: list[Any]
    index: Any = None  # which of the texts of its vector, where texts are compared with each other


@dataclass(frozen=True)
class Step:
    """A month function that the solver knows by bounds only: its argument, its variable, and what is true.

    `piece` gives, for a value of the argument, a formula that says what is true in the neighbourhood of that value.
    """

    argument: Any
    result: Any
    piece: Callable[[int], Any]


@dataclass(frozen=True)
class Start:
    """A truncated date or timestamp: the argument, the variable for the start of its unit, and how long a day is."""

    unit: Unit
    argument: Any
    result: Any
    scale: int


def _sort(kind: Kind) -> Any:
    if kind in ("decimal", "double"):
        return z3.RealSort()
    return z3.BoolSort() if kind == "boolean" else z3.IntSort()


def _constant(value: Fraction | int) -> Any:
    number = Fraction(value)
    return z3.IntVal(number.numerator) if number.denominator == 1 else z3.RealVal(str(number))


def _same_sort(*values: Any) -> list[Any]:
    """Numbers as they can be compared: all real as soon as one is."""
    if any(z3.is_real(value) for value in values):
        return [z3.ToReal(value) if z3.is_int(value) else value for value in values]
    return list(values)


class Encoder:
    """One question's variables and axioms. Terms that are equal become the same pair."""

    def __init__(self) -> None:
        self.columns: dict[Column, Pair] = {}
        self.opaque: dict[Opaque, Pair] = {}
        self.texts: dict[str, Text] = {}
        self.steps: list[Step] = []
        self._axioms: list[Any] = []
        self._known: dict[Term, Pair] = {}
        self._equal: list[tuple[str, str, Any]] = []
        self._vectors: dict[str, dict[Vector, str]] = {}
        self._starts: list[Start] = []
        self._shifted: dict[tuple[int, str], list[tuple[Any, Any]]] = {}

    # Reading the result ---------------------------------------------------------------------------------

    def axioms(self) -> list[Any]:
        """All that holds for every row. To be asked after everything was encoded. Raises TooHardError."""
        return [*self._axioms, *self._text_axioms()]

    def examples(self, name: str) -> dict[Vector, str]:
        """A text for each feasible vector of a column; after `axioms`."""
        return self._vectors[name]

    def pair(self, term: Term) -> Pair:
        """The pair of a term that is not a text."""
        known = self._known.get(term)
        if known is None:
            known = self._known[term] = ENCODERS[type(term)](self, term)
        return known

    def true(self, term: Term) -> Any:
        """Whether a condition is true."""
        return self.pair(term).value

    def false(self, term: Term) -> Any:
        """Whether a condition is false: neither true nor NULL."""
        pair = self.pair(term)
        return both(negated(pair.null), negated(pair.value))

    def null(self, term: Term) -> Any:
        """Whether a term of any kind is NULL."""
        if term.kind != "text":
            return self.pair(term).null
        match term:
            case Null():
                return z3.BoolVal(True)
            case Value():
                return z3.BoolVal(False)
            case Column() | Opaque():
                return self.text(term).null
            case Changed(_, item):
                return self.null(item)
            case Coalesce(items):
                return both(*[self.null(item) for item in items])
            case Case(branches, default):
                found = self.null(default)
                for condition, result in reversed(branches):
                    found = choice(self.true(condition), self.null(result), found)
                return found
        raise AssertionError(term)

    # Variables ------------------------------------------------------------------------------------------

    def column(self, term: Column) -> Pair:
        if term not in self.columns:
            null = z3.Bool(f"null {term.name}")
            value = z3.Const(f"value {term.name}", _sort(term.kind))
            self.columns[term] = self._truth(null, value) if term.kind == "boolean" else Pair(null, value)
            if term.name.startswith("@"):
                self._axioms.append(negated(null))
        return self.columns[term]

    def unknown(self, term: Opaque) -> Pair:
        if term not in self.opaque:
            null = z3.Bool(f"null of {term.key}")
            value = z3.Const(f"{term.kind} {term.key}", _sort(term.kind))
            self.opaque[term] = self._truth(null, value) if term.kind == "boolean" else Pair(null, value)
        return self.opaque[term]

    def text(self, term: Column | Opaque) -> Text:
        name = term.name if isinstance(term, Column) else f"of {term.key}"
        if name not in self.texts:
            self.texts[name] = Text(name, z3.Bool(f"null {name}"), [], [])
        return self.texts[name]

    def _truth(self, null: Any, value: Any) -> Pair:
        return Pair(null, both(negated(null), value))

    # Logic ----------------------------------------------------------------------------------------------

    def value(self, term: Value) -> Pair:
        if isinstance(term.value, bool):
            return Pair(z3.BoolVal(False), z3.BoolVal(term.value))
        assert not isinstance(term.value, str)
        return Pair(z3.BoolVal(False), _constant(term.value))

    def nothing(self, term: Null) -> Pair:
        sort = _sort(term.kind)
        return Pair(z3.BoolVal(True), z3.BoolVal(False) if sort == z3.BoolSort() else z3.IntVal(0))

    def all(self, term: All) -> Pair:
        pairs = [self.pair(item) for item in term.items]
        true = both(*[pair.value for pair in pairs])
        false = either(*[both(negated(pair.null), negated(pair.value)) for pair in pairs])
        return Pair(both(negated(true), negated(false)), true)

    def any(self, term: AnyOf) -> Pair:
        pairs = [self.pair(item) for item in term.items]
        true = either(*[pair.value for pair in pairs])
        return Pair(both(negated(true), either(*[pair.null for pair in pairs])), true)

    def negation(self, term: Not) -> Pair:
        pair = self.pair(term.item)
        return Pair(pair.null, both(negated(pair.null), negated(pair.value)))

    def is_null(self, term: IsNull) -> Pair:
        return Pair(z3.BoolVal(False), self.null(term.item))

    def is_true(self, term: IsTrue) -> Pair:
        return Pair(z3.BoolVal(False), self.true(term.item))

    def case(self, term: Case) -> Pair:
        found = self.pair(term.default)
        for condition, result in reversed(term.branches):
            found = self._choice(self.true(condition), self.pair(result), found)
        return found

    def coalesce(self, term: Coalesce) -> Pair:
        found = self.pair(term.items[-1])
        for item in reversed(term.items[:-1]):
            pair = self.pair(item)
            found = self._choice(negated(pair.null), pair, found)
        return found

    def _choice(self, condition: Any, yes: Pair, no: Pair) -> Pair:
        first, second = _same_sort(yes.value, no.value)
        return Pair(choice(condition, yes.null, no.null), choice(condition, first, second))

    # Comparisons and numbers ----------------------------------------------------------------------------

    def compare(self, term: Compare) -> Pair:
        left, right = self.pair(term.left), self.pair(term.right)
        null = either(left.null, right.null)
        return self._truth(null, self._compared(term, left.value, right.value))

    def _compared(self, term: Compare, left: Any, right: Any) -> Any:
        for truncated, constant, flipped in ((term.left, term.right, False), (term.right, term.left, True)):
            if isinstance(truncated, Truncate) and isinstance(constant, Value):
                exact = self._boundary(term.operator, truncated, constant, flipped)
                if exact is not None:
                    return exact
        left, right = _same_sort(left, right)
        if term.operator == "=":
            return left == right
        return left < right if term.operator == "<" else left <= right

    def _boundary(self, operator: str, truncated: Truncate, constant: Value, flipped: bool) -> Any:
        """A comparison of a truncated value with a constant, as one of the value itself: exact, without axioms."""
        if truncated.unit not in ("month", "quarter", "year"):
            return None
        assert isinstance(constant.value, int)
        scale = calendar.DAY if truncated.kind == "timestamp" else 1
        try:
            start = calendar.start_of(truncated.unit, constant.value // scale) * scale
            following = calendar.start_of_next(truncated.unit, constant.value // scale) * scale
        except calendar.OutOfRangeError:
            return None
        on_boundary = start == constant.value
        item = self.pair(truncated.item).value
        if operator == "=":
            return both(item >= start, item < following) if on_boundary else z3.BoolVal(False)
        if not flipped:
            if operator == "<":
                return item < (start if on_boundary else following)
            return item < following
        if operator == "<":
            return item >= following
        return item >= (start if on_boundary else following)

    def linear(self, term: Linear) -> Pair:
        pairs = [self.pair(item) for _, item in term.items]
        factors = [_constant(factor) for factor, _ in term.items]
        constant = _constant(term.constant)
        parts = _same_sort(constant, *factors, *[pair.value for pair in pairs])
        count = len(pairs)
        value = parts[0]
        for factor, part in zip(parts[1 : count + 1], parts[count + 1 :], strict=True):
            value = value + factor * part
        return Pair(either(*[pair.null for pair in pairs]), value)

    def absolute(self, term: Absolute) -> Pair:
        pair = self.pair(term.item)
        return Pair(pair.null, choice(pair.value < 0, -pair.value, pair.value))

    def extreme(self, term: Extreme) -> Pair:
        pairs = [self.pair(item) for item in term.items]
        values = _same_sort(*[pair.value for pair in pairs])
        found = Pair(pairs[0].null, values[0])
        for pair, value in zip(pairs[1:], values[1:], strict=True):
            better = value > found.value if term.largest else value < found.value
            chosen = choice(better, value, found.value)
            if term.ignores_nulls:
                chosen = choice(pair.null, found.value, choice(found.null, value, chosen))
                found = Pair(both(found.null, pair.null), chosen)
            else:
                found = Pair(either(found.null, pair.null), chosen)
        return found

    # Dates ----------------------------------------------------------------------------------------------

    def convert(self, term: Convert) -> Pair:
        pair = self.pair(term.item)
        kinds = (term.item.kind, term.kind)
        if kinds == ("date", "timestamp"):
            return Pair(pair.null, pair.value * calendar.DAY)
        if kinds == ("timestamp", "date"):
            return Pair(pair.null, pair.value / calendar.DAY)  # of whole numbers: rounded down
        if term.item.kind == "boolean":
            return Pair(pair.null, choice(pair.value, z3.IntVal(1), z3.IntVal(0)))
        assert term.item.kind in NUMBERS and term.kind in NUMBERS
        return pair

    def truncate(self, term: Truncate) -> Pair:
        pair = self.pair(term.item)
        scale = calendar.DAY if term.kind == "timestamp" else 1
        if term.unit in ("minute", "hour", "day"):
            unit = {"minute": 60_000_000, "hour": 3_600_000_000, "day": calendar.DAY}[term.unit]
            return pair if scale == 1 else Pair(pair.null, pair.value - pair.value % unit)
        if term.unit == "week":  # 1970-01-01 was a Thursday, weeks begin on Monday
            monday = 3 * scale
            return Pair(pair.null, pair.value - (pair.value + monday) % (7 * scale))
        unit_name = term.unit
        result = self._variable(f"{unit_name} {term.kind}")

        def piece(value: int) -> Any:
            start = calendar.start_of(unit_name, value // scale) * scale
            following = calendar.start_of_next(unit_name, value // scale) * scale
            return implied(both(pair.value >= start, pair.value < following), result == start)

        self.steps.append(Step(pair.value, result, piece))
        self._axioms.append(result <= pair.value)
        self._axioms.append(result > pair.value - calendar.longest(unit_name) * scale)
        self._axioms.extend(self._nested(Start(unit_name, pair.value, result, scale)))
        return Pair(pair.null, result)

    def _nested(self, start: Start) -> Iterable[Any]:
        """How a unit's start relates to those of other arguments: years begin with quarters, these with months."""
        for other in self._starts:
            for coarse, fine in ((start, other), (other, start)):
                if calendar.longest(coarse.unit) >= calendar.longest(fine.unit):
                    scales = (calendar.DAY // coarse.scale, calendar.DAY // fine.scale)
                    same = scales[0] == scales[1]
                    of_coarse, begun = (part * (1 if same else scales[0]) for part in (coarse.argument, coarse.result))
                    of_fine, within = (part * (1 if same else scales[1]) for part in (fine.argument, fine.result))
                    yield implied(of_coarse <= of_fine, begun <= within)
                    yield implied(begun <= of_fine, begun <= within)
        self._starts.append(start)

    def shift(self, term: ShiftMonths) -> Pair:
        pair = self.pair(term.item)
        scale = calendar.DAY if term.kind == "timestamp" else 1
        months = term.months

        result = self._variable(f"{months} months {term.kind}")

        def piece(value: int) -> Any:
            first, last, moved = calendar.stretch(months, value // scale)
            within = both(pair.value >= first * scale, pair.value < (last + 1) * scale)
            return implied(within, result == pair.value + moved * scale)

        self.steps.append(Step(pair.value, result, piece))
        least, most = calendar.shift_bounds(months)
        self._axioms.append(result >= pair.value + least * scale)
        self._axioms.append(result <= pair.value + most * scale)
        same = self._shifted.setdefault((months, term.kind), [])
        # Not monotone: of 30 January 23:00 and 31 January 10:00, a month later the second is the earlier one.
        self._axioms.extend(implied(pair.value == argument, result == moved) for argument, moved in same)
        same.append((pair.value, result))
        return Pair(pair.null, result)

    def _variable(self, name: str) -> Any:
        return z3.Int(f"{name} {len(self.steps)}")

    # Texts ----------------------------------------------------------------------------------------------

    def text_test(self, term: TextTest) -> Pair:
        return self._tested(term.test, term.item, ())

    def _tested(self, test: Test, item: Term, changes: tuple[Change, ...]) -> Pair:
        match item:
            case Null():
                return Pair(z3.BoolVal(True), z3.BoolVal(False))
            case Value(value):
                assert isinstance(value, str)
                return Pair(z3.BoolVal(False), z3.BoolVal(Texts([Language(changes, test)]).vector(value)[0]))
            case Column() | Opaque():
                text = self.text(item)
                return self._truth(text.null, self._answer(text, Language(changes, test)))
            case Changed(change, inner):
                return self._tested(test, inner, (change, *changes))
            case Coalesce(items):
                found = self._tested(test, items[-1], changes)
                for part in reversed(items[:-1]):
                    found = self._choice(negated(self.null(part)), self._tested(test, part, changes), found)
                return found
            case Case(branches, default):
                found = self._tested(test, default, changes)
                for condition, result in reversed(branches):
                    found = self._choice(self.true(condition), self._tested(test, result, changes), found)
                return found
        raise AssertionError(item)

    def _answer(self, text: Text, language: Language) -> Any:
        if language not in text.languages:
            text.languages.append(language)
            text.answers.append(z3.Bool(f"{text.name} in {len(text.languages)}"))
        return text.answers[text.languages.index(language)]

    def text_equal(self, term: TextEqual) -> Pair:
        left, right = term.left, term.right
        for one, other in ((left, right), (right, left)):
            match one:
                case Null():
                    return Pair(z3.BoolVal(True), z3.BoolVal(False))
                case Value(value):
                    assert isinstance(value, str)
                    return self._tested(literal(value), other, ())
                case Coalesce(items):
                    found = self.pair(TextEqual(items[-1], other))
                    for part in reversed(items[:-1]):
                        found = self._choice(negated(self.null(part)), self.pair(TextEqual(part, other)), found)
                    return found
                case Case(branches, default):
                    found = self.pair(TextEqual(default, other))
                    for condition, result in reversed(branches):
                        found = self._choice(self.true(condition), self.pair(TextEqual(result, other)), found)
                    return found
        null = either(self.null(left), self.null(right))
        if left == right:
            return self._truth(null, z3.BoolVal(True))
        if isinstance(left, Changed) or isinstance(right, Changed):
            names = " = ".join(sorted((repr(left), repr(right))))
            return self._truth(null, z3.Bool(f"same {names}"))
        assert isinstance(left, Column | Opaque) and isinstance(right, Column | Opaque)
        one_name, other_name = sorted((self.text(left).name, self.text(right).name))
        same = z3.Bool(f"same {one_name} = {other_name}")
        self._equal.append((one_name, other_name, same))
        return self._truth(null, same)

    def _text_axioms(self) -> list[Any]:
        axioms: list[Any] = []
        for _ in self._equal:  # as often as a chain of equal texts may be long
            for one, other, _ in self._equal:
                self._share(one, other)
        for text in self.texts.values():
            axioms.extend(self._feasible(text))
        for one, other, same in self._equal:
            left, right = self.texts[one], self.texts[other]
            alike = [self._answer(left, language) == self._answer(right, language) for language in list(left.languages)]
            axioms.append(same == both(*alike, left.index == right.index))
        return axioms

    def _share(self, one: str, other: str) -> None:
        left, right = self.texts[one], self.texts[other]
        for text in (left, right):
            if text.index is None:
                text.index = z3.Int(f"{text.name} which")
        for language in list(left.languages):
            self._answer(right, language)
        for language in list(right.languages):
            self._answer(left, language)

    def _feasible(self, text: Text) -> list[Any]:
        """Only vectors that some text gives; a text that equals a constant is one text."""
        try:
            found = feasible(tuple(text.languages))
        except TooManyTextsError as error:
            raise TooHardError(f"too many conditions on the text `{text.name}`") from error
        if len(found) > MAX_VECTORS:
            raise TooHardError(f"too many conditions on the text `{text.name}`")
        self._vectors[text.name] = found
        axioms = []
        if len(found) < 2 ** len(text.languages):
            opposites = [negated(answer) for answer in text.answers]
            axioms.append(
                either(
                    *[
                        both(
                            *[
                                answer if holds else opposite
                                for answer, opposite, holds in zip(text.answers, opposites, vector, strict=True)
                            ]
                        )
                        for vector in found
                    ]
                )
            )
        if text.index is not None:
            axioms.append(text.index >= 0)
            for language, answer in zip(text.languages, text.answers, strict=True):
                if not language.changes and language.test == literal(_plain(language.test)):
                    axioms.append(implied(answer, text.index == 0))
        return axioms


def _plain(test: Test) -> str:
    """The characters of a pattern; equal to the pattern itself only when it has nothing else."""
    return "".join(part for part in getattr(test, "parts", ()) if isinstance(part, str))


# One encoder for each term; a table, so that a test can put a wrong one in its place.
ENCODERS: dict[type, Callable[[Encoder, Any], Pair]] = {
    Column: Encoder.column,
    Opaque: Encoder.unknown,
    Value: Encoder.value,
    Null: Encoder.nothing,
    Compare: Encoder.compare,
    All: Encoder.all,
    AnyOf: Encoder.any,
    Not: Encoder.negation,
    IsNull: Encoder.is_null,
    IsTrue: Encoder.is_true,
    Case: Encoder.case,
    Coalesce: Encoder.coalesce,
    Linear: Encoder.linear,
    Absolute: Encoder.absolute,
    Extreme: Encoder.extreme,
    Truncate: Encoder.truncate,
    ShiftMonths: Encoder.shift,
    Convert: Encoder.convert,
    TextTest: Encoder.text_test,
    TextEqual: Encoder.text_equal,
}
