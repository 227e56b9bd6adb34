"""From SQL text, in any dialect that sqlglot reads, to terms over an entity's columns.

An expression whose meaning is not known here, but which gives the same answer for the same row, becomes opaque:
a variable known by its text. What is not a function of the row (windows, aggregates, chance) or looks at
undeclared columns is refused by name.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError

from plumbline.definitions.problems import nearest, sql_slip
from plumbline.definitions.prover import calendar
from plumbline.definitions.prover.arguments import overlooked
from plumbline.definitions.prover.casing import casing
from plumbline.definitions.prover.profiles import Profile, profile
from plumbline.definitions.prover.terms import (
    CLOCK,
    MANY,
    NUMBERS,
    ONE,
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
    Longer,
    Not,
    Null,
    Opaque,
    Pattern,
    ShiftMonths,
    Term,
    TextEqual,
    TextTest,
    Truncate,
    Unit,
    Value,
    columns,
    literal,
)
from plumbline.definitions.schemas import Entity

ONE_CLOCK = "now(), current_date and their like are one instant, in the time zone of the timestamps"
DOUBLES = "floating-point numbers are exact"
NO_OVERFLOW = "no calculation overflows"
LONGEST_TEXT = 300  # characters, in a pattern or a test of length
DECIMALS = 9  # places of a decimal that every engine keeps

_CLOCKS = frozenset(
    (
        "clock_timestamp",
        "current_datetime",
        "current_localtimestamp",
        "get_current_time",
        "get_current_timestamp",
        "getdate",
        "localtimestamp",
        "now",
        "statement_timestamp",
        "sysdate",
        "systimestamp",
        "today",
        "transaction_timestamp",
    )
)
_CHANCE = frozenset(
    (
        "gen_random_uuid",
        "generate_uuid",
        "newid",
        "nextval",
        "rand",
        "randn",
        "random",
        "setseed",
        "uuid",
        "uuid_string",
    )
)
_NUMBER_RESULTS = (
    exp.Round,
    exp.Floor,
    exp.Ceil,
    exp.Mod,
    exp.Div,
    exp.IntDiv,
    exp.Mul,
    exp.Length,
    exp.StrPosition,
    exp.Extract,
    exp.DateDiff,
    exp.Year,
    exp.Month,
    exp.Day,
    exp.Pow,
    exp.Sqrt,
)
_TEXT_RESULTS = (
    exp.Concat,
    exp.Lower,
    exp.Upper,
    exp.Trim,
    exp.Substring,
    exp.Replace,
    exp.RegexpExtract,
    exp.RegexpReplace,
    exp.Initcap,
)
_INTEGERS = {"TINYINT", "SMALLINT", "INT", "BIGINT", "INT128", "MEDIUMINT"}
_UNITS: dict[str, int] = {"SECOND": 1_000_000, "MINUTE": 60_000_000, "HOUR": 3_600_000_000}
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


class UnreadableError(Exception):
    """A predicate that says nothing certain about one row; the message is the reason, by name."""


class SlipError(UnreadableError):
    """A predicate that whoever wrote it has to mend: not SQL, or columns that do not exist."""


class _OpaqueError(Exception):
    """Raised inside: the expression at hand is not understood."""


@dataclass(frozen=True)
class Reading:
    """What was read: the text, the term, the parsed SQL (to be executed) and what had to be assumed."""

    sql: str
    term: Term
    tree: exp.Expression
    dialect: str
    assumptions: frozenset[str]


def read_condition(sql: str | exp.Expression, entity: Entity, dialect: str = "duckdb") -> Reading:
    """A predicate, as text or as parsed from the dialect, as a term of kind boolean. Raises UnreadableError."""
    reader = _Reader(entity, profile(dialect))
    tree, text = (_parse(sql, dialect), sql) if isinstance(sql, str) else (sql, sql.sql(dialect=dialect))
    reader.screen(tree)
    try:
        return Reading(text, reader.condition(tree), tree, dialect, frozenset(reader.assumptions))
    except RecursionError:
        raise UnreadableError("nested too deeply") from None


def read_number(sql: str, entity: Entity, dialect: str = "duckdb") -> Reading:
    """A row's number (a measure) as a term. Raises UnreadableError, also when it is not known to be a number."""
    reader = _Reader(entity, profile(dialect))
    tree = _parse(sql, dialect)
    reader.screen(tree)
    try:
        term = reader.value(tree)
    except _OpaqueError as error:
        raise UnreadableError(f"`{sql}` is not known to be a number") from error
    if term.kind not in NUMBERS:
        raise UnreadableError(f"`{sql}` is a {term.kind}, not a number")
    return Reading(sql, term, tree, dialect, frozenset(reader.assumptions))


def is_clock(node: exp.Expression) -> bool:
    """Whether a node reads the clock."""
    if isinstance(node, exp.CurrentDate | exp.CurrentTimestamp | exp.CurrentDatetime | exp.Localtimestamp):
        return True
    return isinstance(node, exp.Anonymous) and node.name.lower() in _CLOCKS


def _parse(sql: str, dialect: str) -> exp.Expression:
    try:
        statements = sqlglot.parse(sql, read=dialect)
    except (SqlglotError, ValueError) as error:
        raise SlipError(f"not SQL: {sql_slip(error)}") from error
    except RecursionError:
        raise UnreadableError("nested too deeply") from None
    if len(statements) != 1 or statements[0] is None:
        raise SlipError("not exactly one condition")
    tree = statements[0]
    if isinstance(tree, exp.Query | exp.Command | exp.DDL | exp.DML | exp.Alias):
        raise SlipError("not a condition on one row")
    return tree


def _kind_of_type(target: exp.DataType) -> Kind | None:
    name = target.this.name if hasattr(target.this, "name") else str(target.this)
    if name in _INTEGERS:
        return "integer"
    kinds: dict[str, Kind] = {
        "DECIMAL": "decimal",
        "DOUBLE": "double",
        "FLOAT": "double",
        "DATE": "date",
        "TIMESTAMP": "timestamp",
        "TIMESTAMPNTZ": "timestamp",
        "DATETIME": "timestamp",
        "TEXT": "text",
        "VARCHAR": "text",
        "BOOLEAN": "boolean",
    }
    return kinds.get(name)


def _day(text: str) -> Value:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise _OpaqueError
    try:
        return Value(calendar.days(date.fromisoformat(text)), "date")
    except ValueError as error:
        raise _OpaqueError from error


def _moment(text: str) -> Value:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d{1,6})?)?", text):
        raise _OpaqueError
    try:
        return Value(calendar.microseconds(datetime.fromisoformat(text)), "timestamp")
    except ValueError as error:
        raise _OpaqueError from error


def _number(text: str) -> Value:
    try:
        value = Fraction(text)
    except ValueError as error:
        raise _OpaqueError from error
    if "e" in text.lower():
        return Value(value, "double")
    if "." not in text:
        return Value(value, "integer")
    if len(text.split(".")[1].rstrip("0")) > DECIMALS:
        raise _OpaqueError
    return Value(value, "decimal")


def _wider(kinds: list[Kind]) -> Kind:
    """The number kind that holds all of these."""
    return max(kinds, key=NUMBERS.index)


def _constant(term: Term) -> Fraction | None:
    """The value of a number that does not depend on the row."""
    if isinstance(term, Value) and isinstance(term.value, Fraction):
        return term.value
    if isinstance(term, Linear) and not term.items:
        return term.constant
    return None


def _linear(parts: list[tuple[Fraction, Term]], constant: Fraction, kind: Kind) -> Term:
    """A sum with nested sums taken apart; a factor of zero stays, because NULL times zero is NULL."""
    items: list[tuple[Fraction, Term]] = []
    for factor, item in parts:
        if isinstance(item, Value):
            assert not isinstance(item.value, str)
            constant += factor * Fraction(item.value)
        elif isinstance(item, Linear):
            items.extend((factor * inner, part) for inner, part in item.items)
            constant += factor * item.constant
        else:
            items.append((factor, item))
    return Linear(tuple(items), constant, kind)


def _pattern(text: str, escape: str | None) -> Pattern:
    if len(text) > LONGEST_TEXT:
        raise _OpaqueError
    parts: list[str | bool | None] = []
    characters = iter(text)
    for character in characters:
        if escape is not None and character == escape:
            escaped = next(characters, None)
            if escaped not in ("%", "_", escape):
                raise _OpaqueError
            parts.append(escaped)
        elif character == "%":
            parts.append(MANY)
        elif character == "_":
            parts.append(ONE)
        else:
            parts.append(character)
    return Pattern(tuple(parts))


class _Reader:
    def __init__(self, entity: Entity, engine: Profile) -> None:
        self.entity = entity
        self.engine = engine
        self.assumptions: set[str] = set()

    # What cannot be a function of the row ---------------------------------------------------------------

    def screen(self, tree: exp.Expression) -> None:
        """Raise UnreadableError for what makes the whole predicate unreadable."""
        tables: set[str] = set()
        for node in self._outside_of_queries(tree):
            if isinstance(node, exp.Window):
                raise UnreadableError(f"`{node.sql()}` is a window: it looks at other rows")
            if isinstance(node, exp.AggFunc):
                raise UnreadableError(f"`{node.sql()}` is an aggregate: it looks at other rows")
            if isinstance(node, exp.Placeholder | exp.Parameter | exp.SessionParameter | exp.Star):
                raise UnreadableError(f"`{node.sql()}` has no value here")
            if isinstance(node, exp.Column):
                tables.add(node.table.lower())
                if node.name.lower() not in self.entity.columns:
                    raise SlipError(
                        f"`{node.sql()}` is not a declared column of {self.entity.entity}. "
                        + nearest(node.name.lower(), self.entity.columns)
                    )
        for node in tree.walk():
            name = node.name.lower() if isinstance(node, exp.Anonymous) else node.key
            if isinstance(node, exp.Rand | exp.Randn | exp.Uuid) or name in _CHANCE:
                raise UnreadableError(f"`{node.sql()}` is left to chance")
        if len(tables - {""}) > 1:
            raise SlipError("columns of several relations: " + ", ".join(sorted(tables - {""})))

    def _outside_of_queries(self, tree: exp.Expression) -> Iterator[exp.Expression]:
        yield from tree.walk(prune=lambda node: isinstance(node, exp.Query | exp.Subquery))

    # Opaque expressions ---------------------------------------------------------------------------------

    def opaque(self, node: exp.Expression, kind: Kind) -> Opaque:
        """The variable that stands for an expression; the same text is the same variable."""
        names = {part.name.lower() for part in node.find_all(exp.Column)} & set(self.entity.columns)
        looked_at = [Column(name, self.entity.columns[name].type) for name in sorted(names)]
        if any(is_clock(part) for part in node.walk()):
            looked_at.append(CLOCK)
            self.assumptions.add(ONE_CLOCK)
        for part in node.find_all(exp.Anonymous):
            if not is_clock(part):
                self.assumptions.add(f"`{part.name.lower()}` gives the same answer for the same row")
        bare = node.transform(
            lambda part: exp.column(part.name.lower()) if isinstance(part, exp.Column) else part, copy=True
        )
        text = bare.sql(dialect=self.engine.name, comments=False, normalize_functions="lower")
        return Opaque(f"{self.engine.name}: {text}", kind, tuple(looked_at))

    def _known_kind(self, node: exp.Expression) -> Kind | None:
        if isinstance(node, exp.Cast | exp.TryCast):
            return _kind_of_type(node.to)
        if isinstance(node, exp.Predicate | exp.Connector | exp.Not) and not isinstance(node, exp.SubqueryPredicate):
            return "boolean"
        if isinstance(node, _NUMBER_RESULTS):
            self.assumptions.add(DOUBLES)
            return "double"
        if isinstance(node, _TEXT_RESULTS) and self.engine.binary_text:
            return "text"
        return None

    # Reading --------------------------------------------------------------------------------------------

    def condition(self, node: exp.Expression) -> Term:
        """A node where a truth value is wanted: whatever is not understood becomes opaque."""
        try:
            term = self.value(node)
        except _OpaqueError:
            return self.opaque(node, "boolean")
        if isinstance(term, Null):
            return Null("boolean")
        return term if term.kind == "boolean" else self.opaque(node, "boolean")

    def value(self, node: exp.Expression) -> Term:
        """A node as a term. Raises _OpaqueError when not even its kind is known."""
        try:
            handler = _HANDLERS.get(type(node))
            if handler is None or overlooked(node):
                raise _OpaqueError
            return handler(self, node)
        except _OpaqueError:
            kind = self._known_kind(node)
            if kind is None:
                raise
            return self.opaque(node, kind)

    def anything(self, node: exp.Expression) -> Term:
        """A node of which only NULL or not is wanted."""
        try:
            return self.value(node)
        except _OpaqueError:
            return self.opaque(node, "boolean")

    def column(self, node: exp.Column) -> Term:
        name = node.name.lower()
        return Column(name, self.entity.columns[name].type)

    def literal(self, node: exp.Literal) -> Term:
        if node.is_string:
            return Value(node.this, "text")
        value = _number(node.this)
        if value.kind == "double":
            self.assumptions.add(DOUBLES)
        return value

    def boolean(self, node: exp.Boolean) -> Term:
        return Value(bool(node.this), "boolean")

    def null(self, node: exp.Null) -> Term:
        return Null("boolean")

    def both(self, node: exp.And) -> Term:
        return All(tuple(self.condition(part) for part in self._chain(node)))

    def either(self, node: exp.Or) -> Term:
        return AnyOf(tuple(self.condition(part) for part in self._chain(node)))

    def _chain(self, node: exp.Connector) -> list[exp.Expression]:
        """The parts of `a AND b AND c`, which is parsed as `(a AND b) AND c`, however many there are."""
        parts = [node.expression]
        first = node.this
        while type(first) is type(node) and not overlooked(first):
            parts.append(first.expression)
            first = first.this
        return [first, *reversed(parts)]

    def negation(self, node: exp.Not) -> Term:
        return Not(self.condition(node.this))

    def is_(self, node: exp.Is) -> Term:
        if isinstance(node.expression, exp.Null):
            return IsNull(self.anything(node.this))
        if isinstance(node.expression, exp.Boolean):
            item = self.condition(node.this)
            return IsTrue(item if node.expression.this else Not(item))
        raise _OpaqueError

    # Comparisons ----------------------------------------------------------------------------------------

    def comparison(self, node: exp.Binary) -> Term:
        operator = _OPERATORS[type(node)]
        special = self._length_or_position(node.this, operator, node.expression)
        if special is None:
            special = self._length_or_position(node.expression, _FLIPPED[operator], node.this)
        if special is not None:
            return special
        return self.compare(operator, self.value(node.this), self.value(node.expression))

    def compare(self, operator: str, left: Term, right: Term) -> Term:
        """`left operator right` for any of = <> < <= > >=. Raises _OpaqueError."""
        if operator == "<>":
            return Not(self.compare("=", left, right))
        if operator in (">", ">="):
            return self.compare(_FLIPPED[operator], right, left)
        if isinstance(left, Null) or isinstance(right, Null):
            return Null("boolean")
        left, right = self.alike([left, right])
        if left.kind == "text":
            if operator != "=":
                raise _OpaqueError
            return self._same_text(left, right)
        if left.kind == "boolean" and operator != "=":
            raise _OpaqueError
        assert operator in ("=", "<", "<=")
        return Compare(operator, left, right)  # type: ignore[arg-type]

    def alike(self, terms: list[Term]) -> list[Term]:
        """The same terms in one kind (numbers may differ). Raises _OpaqueError where an engine would guess."""
        kinds = {term.kind for term in terms if not isinstance(term, Null)}
        if len(kinds) > 1:
            if kinds <= {"date", "timestamp", "text"} and kinds & {"date", "timestamp"}:
                read = _moment if "timestamp" in kinds else _day
                terms = [self._point_in_time(term, read) for term in terms]
                if len({term.kind for term in terms if not isinstance(term, Null)}) > 1:
                    terms = [self._midnight(term) for term in terms]
            elif kinds == {"boolean", "integer"} and self.engine.boolean_numbers:
                if not all(term.kind == "boolean" or _constant(term) in (0, 1) for term in terms):
                    raise _OpaqueError
                terms = [Convert(term, "integer") if term.kind == "boolean" else term for term in terms]
            elif not kinds <= set(NUMBERS):
                raise _OpaqueError
        kind: Kind = next((term.kind for term in terms if not isinstance(term, Null)), "boolean")
        return [Null(kind) if isinstance(term, Null) else term for term in terms]

    def _point_in_time(self, term: Term, read: Callable[[str], Value]) -> Term:
        if term.kind != "text" or isinstance(term, Null):
            return term
        if not isinstance(term, Value) or not isinstance(term.value, str):
            raise _OpaqueError
        return read(term.value)

    def _midnight(self, term: Term) -> Term:
        if isinstance(term, Null) or term.kind == "timestamp":
            return term
        if isinstance(term, Value):
            assert isinstance(term.value, int)
            return Value(term.value * calendar.DAY, "timestamp")
        return Convert(term, "timestamp")

    def _same_text(self, left: Term, right: Term) -> Term:
        if isinstance(left, Value) and isinstance(right, Value):
            self._binary()
            return Value(left.value == right.value, "boolean")
        if isinstance(left, Value):
            left, right = right, left
        if isinstance(right, Value):
            assert isinstance(right.value, str)
            return self._text_test(literal(right.value), left)
        self._binary()
        return TextEqual(left, right)

    def _binary(self) -> None:
        if not self.engine.binary_text:
            raise _OpaqueError

    def _text_test(self, test: Pattern | Longer, item: Term) -> Term:
        self._binary()
        if isinstance(item, Null):
            return Null("boolean")
        if item.kind != "text" or (isinstance(test, Pattern) and len(test.parts) > LONGEST_TEXT):
            raise _OpaqueError
        return TextTest(test, item)

    def _length_or_position(self, node: exp.Expression, operator: str, other: exp.Expression) -> Term | None:
        """`length(x) > 3` and `strpos(x, 'a') > 0`: conditions on the text itself."""
        while isinstance(node, exp.Paren):
            node = node.this
        if not isinstance(node, exp.Length | exp.StrPosition | exp.Extract | exp.Year) or overlooked(node):
            return None
        constant = _constant(self.value(other))
        if constant is None or constant.denominator != 1:
            return None
        number = int(constant)
        if isinstance(node, exp.Extract | exp.Year):
            return self._year(node, operator, number)
        item = self.value(node.this)
        if isinstance(node, exp.StrPosition):
            return self._position(node, item, operator, number)
        if item.kind != "text" or not -1 <= number <= LONGEST_TEXT:
            return None
        longer = self._text_test(Longer(number), item)
        at_least = self._text_test(Longer(number - 1), item)
        return {
            ">": longer,
            ">=": at_least,
            "<": Not(at_least),
            "<=": Not(longer),
            "=": All((at_least, Not(longer))),
            "<>": Not(All((at_least, Not(longer)))),
        }[operator]

    def _position(self, node: exp.StrPosition, item: Term, operator: str, number: int) -> Term | None:
        part = node.args["substr"]
        if not (isinstance(part, exp.Literal) and part.is_string and part.this):
            return None
        inside = self._text_test(Pattern((MANY, *part.this, MANY)), item)
        if (operator, number) in ((">", 0), (">=", 1), ("<>", 0)):
            return inside
        return Not(inside) if (operator, number) in (("=", 0), ("<", 1), ("<=", 0)) else None

    def _year(self, node: exp.Extract | exp.Year, operator: str, number: int) -> Term | None:
        if isinstance(node, exp.Extract):
            if node.this.name.upper() != "YEAR":
                return None
            node = node.expression
        else:
            node = node.this
        item = self.value(node)
        if item.kind not in ("date", "timestamp") or not 1 <= number <= 9998:
            return None
        new_year: Term = Value(calendar.days(date(number, 1, 1)), "date")
        if item.kind == "timestamp":
            new_year = self._midnight(new_year)
        return self.compare(operator, Truncate("year", item, item.kind), new_year)

    def between(self, node: exp.Between) -> Term:
        item, low, high = self.value(node.this), self.value(node.args["low"]), self.value(node.args["high"])
        return All((self.compare(">=", item, low), self.compare("<=", item, high)))

    def in_(self, node: exp.In) -> Term:
        if not node.expressions:
            raise _OpaqueError
        item = self.value(node.this)
        return AnyOf(tuple(self.compare("=", item, self.value(option)) for option in node.expressions))

    def distinct(self, node: exp.NullSafeNEQ) -> Term:
        return Not(self.not_distinct(node))

    def not_distinct(self, node: exp.Binary) -> Term:
        left, right = self.anything(node.this), self.anything(node.expression)
        if isinstance(left, Null) or isinstance(right, Null):
            return IsNull(right if isinstance(left, Null) else left)
        same = self.compare("=", self.value(node.this), self.value(node.expression))
        return AnyOf((All((IsNull(left), IsNull(right))), IsTrue(same)))

    # Texts ----------------------------------------------------------------------------------------------

    def like(self, node: exp.Like | exp.ILike) -> Term:
        return self._like(node, self.engine.escape)

    def escape(self, node: exp.Escape) -> Term:
        inner, escape = node.this, node.expression
        if not isinstance(inner, exp.Like | exp.ILike) or overlooked(inner) or not isinstance(escape, exp.Literal):
            raise _OpaqueError
        if len(escape.this) != 1 or escape.this.isalnum() or escape.this in "%_":
            raise _OpaqueError
        return self._like(inner, escape.this)

    def _like(self, node: exp.Like | exp.ILike, escape: str | None) -> Term:
        if not (isinstance(node.expression, exp.Literal) and node.expression.is_string):
            raise _OpaqueError
        pattern = _pattern(node.expression.this, escape)
        item = self.value(node.this)
        if isinstance(node, exp.ILike):
            pattern = Pattern(
                tuple(casing().mapped("lower", part) if isinstance(part, str) else part for part in pattern.parts)
            )
            item = self._changed("lower", item)
        found = self._text_test(pattern, item)
        return Not(found) if node.args.get("negate") else found

    def starts(self, node: exp.StartsWith) -> Term:
        return self._text_test(Pattern((*self._letters(node.expression), MANY)), self.value(node.this))

    def ends(self, node: exp.EndsWith) -> Term:
        return self._text_test(Pattern((MANY, *self._letters(node.expression))), self.value(node.this))

    def contains(self, node: exp.Contains) -> Term:
        return self._text_test(Pattern((MANY, *self._letters(node.expression), MANY)), self.value(node.this))

    def _letters(self, node: exp.Expression) -> tuple[str | bool | None, ...]:
        if not (isinstance(node, exp.Literal) and node.is_string):
            raise _OpaqueError
        return tuple(node.this)

    def lower(self, node: exp.Lower) -> Term:
        return self._changed("lower", self.value(node.this))

    def upper(self, node: exp.Upper) -> Term:
        return self._changed("upper", self.value(node.this))

    def trim(self, node: exp.Trim) -> Term:
        # Elsewhere TRIM takes other characters for blanks.
        if self.engine.name != "duckdb":
            raise _OpaqueError
        position = str(node.args.get("position") or "BOTH").upper()
        change: Change = {"BOTH": "trim", "LEADING": "ltrim", "TRAILING": "rtrim"}[position]  # type: ignore[assignment]
        return self._changed(change, self.value(node.this))

    def _changed(self, change: Change, item: Term) -> Term:
        self._binary()
        if isinstance(item, Null):
            return Null("text")
        if item.kind != "text":
            raise _OpaqueError
        if self.engine.name != "duckdb":
            self.assumptions.add(f"{self.engine.name} folds case as DuckDB does")
        return Changed(change, item)

    def named(self, node: exp.Anonymous) -> Term:
        name = node.name.lower()
        if name in _CLOCKS and not node.expressions:
            self.assumptions.add(ONE_CLOCK)
            return Convert(CLOCK, "date") if name == "today" else CLOCK
        if name in ("prefix", "suffix") and len(node.expressions) == 2 and self.engine.name == "duckdb":
            letters = self._letters(node.expressions[1])
            parts = (*letters, MANY) if name == "prefix" else (MANY, *letters)
            return self._text_test(Pattern(parts), self.value(node.expressions[0]))
        raise _OpaqueError

    # Branches -------------------------------------------------------------------------------------------

    def unified(self, terms: list[Term]) -> tuple[list[Term], Kind]:
        """Terms of one kind, and the kind that holds them all."""
        terms = self.alike(terms)
        kinds = [term.kind for term in terms if not isinstance(term, Null)]
        if not kinds:
            return terms, "boolean"
        kind = _wider(kinds) if kinds[0] in NUMBERS else kinds[0]
        return [Null(kind) if isinstance(term, Null) else term for term in terms], kind

    def case(self, node: exp.Case) -> Term:
        conditions: list[Term] = []
        operand = self.value(node.this) if node.this is not None else None
        for branch in node.args["ifs"]:
            if overlooked(branch):
                raise _OpaqueError
            if operand is None:
                conditions.append(self.condition(branch.this))
            else:
                conditions.append(self.compare("=", operand, self.value(branch.this)))
        default = node.args.get("default")
        results = [self.value(branch.args["true"]) for branch in node.args["ifs"]]
        results.append(Null("boolean") if default is None else self.value(default))
        results, kind = self.unified(results)
        return Case(tuple(zip(conditions, results[:-1], strict=True)), results[-1], kind)

    def if_(self, node: exp.If) -> Term:
        default = node.args.get("false")
        results = [self.value(node.args["true"]), Null("boolean") if default is None else self.value(default)]
        results, kind = self.unified(results)
        return Case(((self.condition(node.this), results[0]),), results[1], kind)

    def coalesce(self, node: exp.Coalesce) -> Term:
        items, kind = self.unified([self.value(part) for part in (node.this, *node.expressions)])
        return Coalesce(tuple(items), kind)

    def nullif(self, node: exp.Nullif) -> Term:
        item, other = self.value(node.this), self.value(node.expression)
        return Case(((self.compare("=", item, other), Null(item.kind)),), item, item.kind)

    # Numbers --------------------------------------------------------------------------------------------

    def negative(self, node: exp.Neg) -> Term:
        item = self._numeric(self.value(node.this))
        return _linear([(Fraction(-1), item)], Fraction(0), item.kind)

    def _numeric(self, term: Term) -> Term:
        if term.kind not in NUMBERS:
            raise _OpaqueError
        return term

    def sum(self, node: exp.Add | exp.Sub) -> Term:
        sign = Fraction(1 if isinstance(node, exp.Add) else -1)
        if isinstance(node.expression, exp.Interval):
            return self._moved(self.value(node.this), node.expression, sign)
        if isinstance(node.this, exp.Interval) and isinstance(node, exp.Add):
            return self._moved(self.value(node.expression), node.this, sign)
        left, right = self.value(node.this), self.value(node.expression)
        zero = Fraction(0)
        if isinstance(left, Null) or isinstance(right, Null):
            raise _OpaqueError
        if left.kind == right.kind == "date":
            if sign == 1 or not self.engine.days_between_dates:
                raise _OpaqueError
            return _linear([(Fraction(1), left), (sign, right)], zero, "integer")
        if left.kind == "date" and right.kind == "integer":
            if not self.engine.number_of_days:
                raise _OpaqueError
            return _linear([(Fraction(1), left), (sign, right)], zero, "date")
        self._numeric(left), self._numeric(right)
        self.assumptions.add(NO_OVERFLOW)
        return _linear([(Fraction(1), left), (sign, right)], zero, self._result(left, right))

    def _result(self, left: Term, right: Term) -> Kind:
        kind = _wider([left.kind, right.kind])
        if kind == "double":
            self.assumptions.add(DOUBLES)
        return kind

    def product(self, node: exp.Mul) -> Term:
        left, right = self._numeric(self.value(node.this)), self._numeric(self.value(node.expression))
        self.assumptions.add(NO_OVERFLOW)
        for constant, other in ((_constant(left), right), (_constant(right), left)):
            if constant is not None:
                return _linear([(constant, other)], Fraction(0), self._result(left, right))
        raise _OpaqueError

    def absolute(self, node: exp.Abs) -> Term:
        item = self._numeric(self.value(node.this))
        return Absolute(item, item.kind)

    def extreme(self, node: exp.Greatest | exp.Least) -> Term:
        if self.engine.ignores_nulls is None:
            raise _OpaqueError
        items, kind = self.unified([self.value(part) for part in (node.this, *node.expressions)])
        if kind in ("text", "boolean"):
            raise _OpaqueError
        return Extreme(isinstance(node, exp.Greatest), tuple(items), self.engine.ignores_nulls, kind)

    # Casts, dates and timestamps ------------------------------------------------------------------------

    def cast(self, node: exp.Cast | exp.TryCast) -> Term:
        if overlooked(node.to):
            raise _OpaqueError
        item, wanted = self.value(node.this), _kind_of_type(node.to)
        if wanted is None:
            raise _OpaqueError
        if isinstance(item, Null):
            return Null(wanted)
        if isinstance(item, Value) and item.kind == "text":
            assert isinstance(item.value, str)
            if wanted in ("date", "timestamp"):
                return _day(item.value) if wanted == "date" else _moment(item.value)
        if self._exact(item.kind, wanted, node):
            if wanted == "double":
                self.assumptions.add(DOUBLES)
            return item if item.kind == wanted else self._converted(item, wanted)
        raise _OpaqueError

    def _exact(self, kind: Kind, wanted: Kind, node: exp.Cast) -> bool:
        """Whether a cast keeps every value (or stops the query)."""
        sized = bool(node.to.expressions)
        name = node.to.this.name
        if kind == wanted:
            if kind == "integer":
                return name == "BIGINT" or not isinstance(node, exp.TryCast)
            return kind in ("boolean", "date", "timestamp") or (kind == "text" and not sized)
        if wanted == "double":
            return name == "DOUBLE" and kind in ("integer", "decimal")
        if wanted == "decimal":
            return kind == "integer" and not isinstance(node, exp.TryCast)
        return (kind, wanted) in (("date", "timestamp"), ("timestamp", "date"), ("boolean", "integer"))

    def _converted(self, item: Term, wanted: Kind) -> Term:
        return self._midnight(item) if wanted == "timestamp" else Convert(item, wanted)

    def to_date(self, node: exp.Date) -> Term:
        item = self.value(node.this)
        if item.kind == "date":
            return item
        if isinstance(item, Value) and isinstance(item.value, str):
            return _day(item.value)
        if item.kind != "timestamp":
            raise _OpaqueError
        return Convert(item, "date")

    def today(self, node: exp.CurrentDate) -> Term:
        self.assumptions.add(ONE_CLOCK)
        return Convert(CLOCK, "date")

    def now(self, node: exp.CurrentTimestamp) -> Term:
        self.assumptions.add(ONE_CLOCK)
        return CLOCK

    def _moved(self, item: Term, interval: exp.Interval, sign: Fraction) -> Term:
        if overlooked(interval) or interval.unit is None or isinstance(item, Null):
            raise _OpaqueError
        moved = self._shifted(item, interval.this, interval.unit.name, sign)
        # A date and an interval make a timestamp, also where the engine keeps the date: its midnight.
        return moved

    def date_add(self, node: exp.Expression) -> Term:
        sign = Fraction(-1 if isinstance(node, exp.DateSub | exp.TimestampSub) else 1)
        unit = node.args.get("unit")
        if unit is None:
            raise _OpaqueError
        return self._shifted(self.value(node.this), node.args["expression"], unit.name, sign)

    def _shifted(self, item: Term, amount: exp.Expression, unit: str, sign: Fraction) -> Term:
        unit = unit.upper().removesuffix("S")
        number = self._whole(amount) * int(sign)
        if item.kind not in ("date", "timestamp"):
            raise _OpaqueError
        moment = self._midnight(item)
        if unit in ("DAY", "WEEK"):
            days = number * (7 if unit == "WEEK" else 1)
            return _linear([(Fraction(1), moment)], Fraction(days * calendar.DAY), "timestamp")
        if unit in _UNITS and item.kind == "timestamp":
            return _linear([(Fraction(1), moment)], Fraction(number * _UNITS[unit]), "timestamp")
        if unit in _MONTHS and abs(number) <= 1200:
            months = number * _MONTHS[unit]
            return ShiftMonths(months, moment, "timestamp") if months else moment
        raise _OpaqueError

    def _whole(self, node: exp.Expression) -> int:
        negative = isinstance(node, exp.Neg)
        inner = node.this if negative else node
        if not isinstance(inner, exp.Literal) or not re.fullmatch(r"-?\d{1,6}", inner.this):
            raise _OpaqueError
        return -int(inner.this) if negative else int(inner.this)

    def difference(self, node: exp.DateDiff) -> Term:
        unit = node.args.get("unit")
        if unit is None or unit.name.upper() not in ("DAY", "DAYS") or self.engine.name not in ("duckdb", "snowflake"):
            raise _OpaqueError
        ends = [self.value(node.this), self.value(node.expression)]
        if any(end.kind not in ("date", "timestamp") or isinstance(end, Null) for end in ends):
            raise _OpaqueError
        last, first = (end if end.kind == "date" else Convert(end, "date") for end in ends)
        return _linear([(Fraction(1), last), (Fraction(-1), first)], Fraction(0), "integer")

    def truncated(self, node: exp.DateTrunc | exp.TimestampTrunc) -> Term:
        unit = node.unit.name.lower()
        item = self.value(node.this)
        if item.kind not in ("date", "timestamp") or isinstance(item, Null):
            raise _OpaqueError
        if unit == "week" and self.engine.name not in ("duckdb", "postgres"):
            raise _OpaqueError
        if unit in ("hour", "minute") and item.kind == "date":
            return item
        if unit not in ("minute", "hour", "day", "week", "month", "quarter", "year"):
            raise _OpaqueError
        known: Unit = unit
        return Truncate(known, item, item.kind)

    def inner(self, node: exp.Paren) -> Term:
        return self.value(node.this)


_OPERATORS: dict[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_FLIPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

_HANDLERS: dict[type[exp.Expression], Callable[[_Reader, Any], Term]] = {
    exp.Paren: _Reader.inner,
    exp.Column: _Reader.column,
    exp.Literal: _Reader.literal,
    exp.Boolean: _Reader.boolean,
    exp.Null: _Reader.null,
    exp.And: _Reader.both,
    exp.Or: _Reader.either,
    exp.Not: _Reader.negation,
    exp.Is: _Reader.is_,
    **dict.fromkeys(_OPERATORS, _Reader.comparison),
    exp.NullSafeEQ: _Reader.not_distinct,
    exp.NullSafeNEQ: _Reader.distinct,
    exp.Between: _Reader.between,
    exp.In: _Reader.in_,
    exp.Like: _Reader.like,
    exp.ILike: _Reader.like,
    exp.Escape: _Reader.escape,
    exp.StartsWith: _Reader.starts,
    exp.EndsWith: _Reader.ends,
    exp.Contains: _Reader.contains,
    exp.Case: _Reader.case,
    exp.If: _Reader.if_,
    exp.Coalesce: _Reader.coalesce,
    exp.Nullif: _Reader.nullif,
    exp.Neg: _Reader.negative,
    exp.Add: _Reader.sum,
    exp.Sub: _Reader.sum,
    exp.Mul: _Reader.product,
    exp.Abs: _Reader.absolute,
    exp.Greatest: _Reader.extreme,
    exp.Least: _Reader.extreme,
    exp.Lower: _Reader.lower,
    exp.Upper: _Reader.upper,
    exp.Trim: _Reader.trim,
    exp.Cast: _Reader.cast,
    exp.TryCast: _Reader.cast,
    exp.Date: _Reader.to_date,
    exp.CurrentDate: _Reader.today,
    exp.CurrentTimestamp: _Reader.now,
    exp.DateAdd: _Reader.date_add,
    exp.DateSub: _Reader.date_add,
    exp.TimestampAdd: _Reader.date_add,
    exp.TimestampSub: _Reader.date_add,
    exp.DateDiff: _Reader.difference,
    exp.DateTrunc: _Reader.truncated,
    exp.TimestampTrunc: _Reader.truncated,
    exp.Anonymous: _Reader.named,
}

__all__ = ["Reading", "SlipError", "UnreadableError", "columns", "is_clock", "read_condition", "read_number"]
