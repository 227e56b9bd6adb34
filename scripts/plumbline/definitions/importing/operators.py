"""From one operator of a tool, a column and values to SQL: NULLs and capitals spelled out, as the tool's rule says.

What the rule leaves open is imported in its likelier reading and named as a doubt, unless every reading gives
the same answer for these values.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import eq, ge, gt, le, lt

from sqlglot import expressions as exp

from plumbline.definitions.conditions import ConditionError, Node
from plumbline.definitions.importing import values as read
from plumbline.definitions.problems import nearest
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import Entity, EntityColumn
from plumbline.definitions.semantics_schemas import Family, Operator, Semantics
from plumbline.definitions.types import check_condition
from plumbline.definitions.variant_schemas import ToolField

FAMILIES: dict[str, Family] = {
    "text": "text",
    "integer": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "date",
}
_COMPARISONS: dict[str, tuple[type[exp.Expression], Callable[[Decimal, Decimal], bool]]] = {
    "equals": (exp.EQ, eq),
    "less": (exp.LT, lt),
    "at_most": (exp.LTE, le),
    "greater": (exp.GT, gt),
    "at_least": (exp.GTE, ge),
}
_WILDCARDS = "%_"


@dataclass(frozen=True)
class Target:
    """A field of the tool and the canonical column that it stands for."""

    shown: str
    entity: Entity
    field: ToolField

    @property
    def column(self) -> EntityColumn:
        """What the entity declares."""
        return self.entity.columns[self.field.column]

    @property
    def family(self) -> Family:
        """The family of the column's type."""
        return FAMILIES[self.column.type]

    @property
    def labels(self) -> dict[str, str] | None:
        """The tool's values with the canonical ones, where they are known one by one."""
        if self.field.values is not None:
            return dict(self.field.values)
        if self.column.accepted_values is not None:
            return {value: value for value in self.column.accepted_values}
        return None

    def sql(self) -> exp.Expression:
        """The column, for SQL."""
        return exp.column(self.field.column)

    def subject(self) -> exp.Expression:
        """What is compared: the column, or the day of a timestamp."""
        return exp.cast(self.sql(), "date") if self.column.type == "timestamp" else self.sql()


def to_node(expression: exp.Expression, entity: Entity) -> Node:
    """A built expression as a checked condition over the entity."""
    node = parse(expression.sql())
    check_condition(node, entity)
    return node


def predicate(
    rule: Operator, target: Target, given: Sequence[str], semantics: Semantics
) -> tuple[exp.Expression, list[str]]:
    """The condition of one filter, never NULL, and the doubts that the rule leaves. Raises ConditionError."""
    if rule.test == "is_empty":
        return _negated(rule, _missing(target, semantics)), []
    blanks = [value for value in given if not value.strip()]
    values = [value for value in given if value.strip()]
    if not given or (blanks and not rule.blank):
        raise ConditionError("no-value", f"`{target.shown}` is compared with nothing.", "Give the filter a value.")
    if len(given) > 1 and not rule.several and rule.test != "between":
        raise ConditionError(
            "several-values",
            f"`{target.shown}` is compared with {len(given)} values; what that means is not documented.",
            "Write one filter for each value, and join them by filter logic.",
        )
    if blanks:
        return _with_blank(rule, target, values, semantics), _time_zone(target)
    test, doubts = _test(rule, target, values)
    empty, more = _empty(rule, target, values)
    if empty == "as_value":
        return test, doubts
    guard = exp.Is(this=target.sql(), expression=exp.Null())
    if empty == "matches":
        return exp.or_(guard, test), [*doubts, *more]
    return exp.and_(exp.not_(guard), test), [*doubts, *more]


def _with_blank(rule: Operator, target: Target, values: list[str], semantics: Semantics) -> exp.Expression:
    """Records without a value, or with one of the values; or, negated, all others."""
    found = _missing(target, semantics)
    if values:
        positive = rule.model_copy(update={"negated": False})
        test, _ = _test(positive, target, values)
        guard = exp.Is(this=target.sql(), expression=exp.Null())
        found = exp.or_(found, exp.and_(exp.not_(guard), test))
    return _negated(rule, found)


def _missing(target: Target, semantics: Semantics) -> exp.Expression:
    missing: exp.Expression = exp.Is(this=target.sql(), expression=exp.Null())
    # A column with accepted values holds no empty text.
    if target.family == "text" and semantics.empty_text.is_missing and target.column.accepted_values is None:
        return exp.or_(missing, exp.EQ(this=target.sql(), expression=exp.Literal.string("")))
    return missing


def _negated(rule: Operator, positive: exp.Expression) -> exp.Expression:
    return exp.not_(positive) if rule.negated else positive


def _test(rule: Operator, target: Target, values: list[str]) -> tuple[exp.Expression, list[str]]:
    """The test itself, with the rule's negation; NULL at most where the column is."""
    if target.family == "text":
        test, doubts = _text_test(rule, target, values)
    elif target.family == "boolean":
        test, doubts = _truth_test(rule, target, values), []
    else:
        test, doubts = _ordered_test(rule, target, values), _time_zone(target)
    return _negated(rule, test), doubts


def _empty(rule: Operator, target: Target, values: list[str]) -> tuple[str, list[str]]:
    """What a record without a value gets: matches, does_not_match, or as_value where the test covers it."""
    if rule.empty in ("as_zero", "as_false"):
        return "as_value", []
    if rule.empty != "unstated":
        return rule.empty, []
    readings = {rule.negated}
    if target.family == "number":
        readings.add(_holds(rule, Decimal(0), [_scaled(target, value) for value in values]))
    elif target.family == "boolean":
        readings.add(read.truth(values[0]) is rule.negated)
    elif target.family == "date" or rule.negated:
        readings.add(not rule.negated)
    if target.column.not_null or len(readings) == 1:
        return ("matches" if rule.negated else "does_not_match"), []
    kept = "stay in" if rule.negated else "are left out"
    return ("matches" if rule.negated else "does_not_match"), [
        f"`{target.shown}`: what the tool does with records that have no value here is not documented; they {kept}."
    ]


def _holds(rule: Operator, value: Decimal, given: list[Decimal]) -> bool:
    """The answer of a numeric rule for one number."""
    if rule.test == "between":
        return (given[0] <= value <= given[-1]) is not rule.negated
    return any(_COMPARISONS[rule.test][1](value, other) for other in given) is not rule.negated


# --------------------------------------------------------------------------- texts


def _text_test(rule: Operator, target: Target, values: list[str]) -> tuple[exp.Expression, list[str]]:
    doubts = []
    if rule.case == "unstated" and any(value.lower() != value.upper() for value in values):
        doubts.append(f"`{target.shown}`: whether the tool minds capitals here is not documented; they are ignored.")
    labels = target.labels
    if labels is not None:
        return _labelled(rule, target, values, labels), doubts
    return _free_text(rule, target, values), doubts


def _labelled(rule: Operator, target: Target, values: list[str], labels: dict[str, str]) -> exp.Expression:
    """Compared label by label, so that the condition speaks of canonical values only."""
    chosen: set[str] = set()
    for value in values:
        found = {label for label in labels if _matches(rule, label, value)}
        if not found:
            raise ConditionError(
                "unknown-value",
                f"`{target.shown}` has no value that fits {value!r}.",
                nearest(value, labels) + " Or add it to `values` of the field.",
            )
        chosen |= found
    return one_of(target, chosen, labels)


def one_of(target: Target, chosen: set[str], labels: dict[str, str]) -> exp.Expression:
    """The column holds the canonical value of one of the chosen labels. Raises where it cannot tell them apart."""
    wanted = {labels[label] for label in chosen}
    for label, value in labels.items():
        if value in wanted and label not in chosen:
            other = next(name for name in sorted(chosen) if labels[name] == value)
            raise ConditionError(
                "not-told-apart",
                f"`{target.shown}` tells {other!r} from {label!r}; `{target.field.column}` is `{value}` for both.",
                "Declare a column of the entity that tells them apart, and map the field to that.",
            )
    constants = [exp.Literal.string(value) for value in sorted(wanted)]
    if len(constants) == 1:
        return exp.EQ(this=target.sql(), expression=constants[0])
    return exp.In(this=target.sql(), expressions=constants)


def _matches(rule: Operator, label: str, value: str) -> bool:
    if rule.case != "minded":
        label, value = label.lower(), value.lower()
    if rule.test == "equals":
        return label == value
    return label.startswith(value) if rule.test == "starts_with" else value in label


def _free_text(rule: Operator, target: Target, values: list[str]) -> exp.Expression:
    folded = rule.case != "minded"
    subject = exp.func("lower", target.sql()) if folded else target.sql()
    if rule.test == "equals":
        constants = [_text_constant(value, folded) for value in values]
        if len(constants) == 1:
            return exp.EQ(this=subject, expression=constants[0])
        if all(isinstance(constant, exp.Literal) for constant in constants):
            return exp.In(this=subject, expressions=constants)
        return exp.or_(*[exp.EQ(this=subject.copy(), expression=constant) for constant in constants])
    parts = [exp.Like(this=subject.copy(), expression=_pattern(rule, value, folded)) for value in values]
    return exp.or_(*parts)


def _text_constant(value: str, folded: bool) -> exp.Expression:
    """A text to compare with; capitals beyond ASCII are folded by the engine, as those of the column are."""
    literal = exp.Literal.string(value)
    if not folded:
        return literal
    return exp.Literal.string(value.lower()) if _plain_capitals(value) else exp.func("lower", literal)


def _pattern(rule: Operator, value: str, folded: bool) -> exp.Expression:
    if any(sign in value for sign in _WILDCARDS):
        raise ConditionError(
            "wildcard",
            f"{value!r} holds % or _, which stand for other letters in SQL; engines escape them differently.",
            "Declare a column of the entity that says whether the text is there.",
        )
    if folded and not _plain_capitals(value):
        raise ConditionError(
            "capitals", f"{value!r} holds capitals that engines fold differently.", "Write it in small letters."
        )
    text = value.lower() if folded else value
    return exp.Literal.string(f"{text}%" if rule.test == "starts_with" else f"%{text}%")


def _plain_capitals(value: str) -> bool:
    return all(letter.isascii() or letter.lower() == letter for letter in value)


# --------------------------------------------------------------------------- booleans, numbers, days


def _truth_test(rule: Operator, target: Target, values: list[str]) -> exp.Expression:
    if rule.test != "equals":
        raise ConditionError("wrong-type", f"`{target.shown}` is true or false.", "Compare it with one of these.")
    if read.truth(values[0]):
        return exp.Is(this=target.sql(), expression=exp.true())
    if rule.empty == "as_false":
        return exp.not_(exp.Is(this=target.sql(), expression=exp.true()))
    return exp.Is(this=target.sql(), expression=exp.false())


def _ordered_test(rule: Operator, target: Target, values: list[str]) -> exp.Expression:
    if target.family == "number":
        numbers = [_scaled(target, value) for value in values]
        constants = [number_constant(value) for value in numbers]
        ends: Sequence[Decimal | date] = numbers
    else:
        days = [read.day(value) for value in values]
        constants = [day_constant(value) for value in days]
        ends = days
    subject = target.subject()
    if rule.empty == "as_zero":
        subject = exp.func("coalesce", subject, exp.Literal.number(0))
    if rule.test == "between":
        if len(values) != 2:
            raise ConditionError("no-value", f"`{target.shown}` needs two values.", "Give the first and the last.")
        if ends[0] > ends[1]:  # type: ignore[operator]
            raise ConditionError(
                "wrong-value", f"`{target.shown}` is between {values[0]} and {values[1]}: never.", "Turn them round."
            )
        return exp.Between(this=subject, low=constants[0], high=constants[1])
    if rule.test not in _COMPARISONS:
        raise ConditionError(
            "wrong-type", f"`{target.shown}` is not compared by {rule.test}.", "Mend the vendor's semantics."
        )
    kind = _COMPARISONS[rule.test][0]
    return exp.or_(*[kind(this=subject.copy(), expression=constant) for constant in constants])


def _scaled(target: Target, text: str) -> Decimal:
    return read.number(text) * (target.field.times or 1)


def number_constant(value: Decimal) -> exp.Expression:
    """A number for SQL."""
    literal = exp.Literal.number(format(abs(value), "f"))
    return exp.Neg(this=literal) if value < 0 else literal


def day_constant(value: date) -> exp.Expression:
    """A day for SQL."""
    return exp.cast(exp.Literal.string(value.isoformat()), "date")


def _time_zone(target: Target) -> list[str]:
    if target.column.type != "timestamp":
        return []
    return [f"`{target.shown}`: in which time zone the tool cuts days is not in the export; here it is UTC."]
