"""Types of conditions: every comparison is between like and like, on every engine."""

from datetime import date
from decimal import Decimal

from plumbline.definitions.conditions import (
    All,
    AnyOf,
    Arithmetic,
    Between,
    Call,
    Column,
    Compare,
    ConditionError,
    Constant,
    Day,
    In,
    IsNull,
    IsTruth,
    Like,
    Node,
    Not,
    render,
    walk,
)
from plumbline.definitions.problems import nearest
from plumbline.definitions.schemas import Entity, EntityColumn, Scalar

_FAMILY = {"integer": "number", "decimal": "number"}

_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "decimal": (int, float),
    "boolean": (bool,),
    "date": (date,),
    "timestamp": (date,),
}


_COMPARE = "Compare it with a value of its own kind, such as TRUE for what is true or false."


def check_condition(node: Node, entity: Entity) -> None:
    """Raise ConditionError unless `node` is a condition over the entity's declared columns.

    Besides types, constants are held against accepted values and bounds: a comparison with a value that
    never occurs is nearly always a slip of the pen.
    """
    _check_family(node, entity, "boolean", "condition", _COMPARE)


def check_number(node: Node, entity: Entity) -> None:
    """Raise ConditionError unless `node` is a number over the entity's declared columns."""
    _check_family(node, entity, "number", "number", "Write what is summed up: a column, or + - * of columns.")


def _check_family(node: Node, entity: Entity, wanted: str, called: str, mending: str) -> None:
    for part in walk(node):
        if isinstance(part, Column) and part.name not in entity.columns:
            raise ConditionError(
                "unknown-column",
                f"`{part.name}` is not a column of {entity.entity}.",
                nearest(part.name, entity.columns) + f" Or declare it in definitions/entities/{entity.entity}.yml.",
            )
    family = _family(node, entity)
    if family != wanted:
        raise ConditionError("wrong-type", f"`{render(node)}` is a {family}, not a {called}.", mending)


def _family(node: Node, entity: Entity) -> str:
    """The family of a node's type: text, number, boolean, date or timestamp."""

    def expect(part: Node, wanted: str) -> None:
        found = _family(part, entity)
        if found != wanted:
            raise ConditionError(
                "wrong-type",
                f"`{render(part)}` in `{render(node)}` is a {found}, not a {wanted}.",
                _mend(found, wanted),
            )

    def alike(*parts: Node) -> str:
        families = [_family(part, entity) for part in parts]
        for part, family in zip(parts[1:], families[1:], strict=True):
            if family != families[0]:
                raise ConditionError(
                    "wrong-type",
                    f"`{render(node)}` compares a {families[0]} with a {family}.",
                    _mend(family, families[0]),
                )
            if not isinstance(node, Call):  # the fallback of COALESCE may be a value that never occurs
                _check_constant(parts[0], part, entity)
                _check_constant(part, parts[0], entity)
        return families[0]

    match node:
        case Column(name):
            declared = entity.columns[name].type
            return _FAMILY.get(declared, declared)
        case Constant(value):
            return _constant_family(value)
        case Compare(operator, left, right):
            if alike(left, right) == "boolean" and operator not in ("=", "<>"):
                raise ConditionError("wrong-type", f"`{render(node)}` orders booleans.", "Write IS TRUE or IS FALSE.")
        case Between(item, low, high):
            alike(item, low, high)
        case In(item, values):
            alike(item, *values)
        case All(items) | AnyOf(items):
            for item in items:
                expect(item, "boolean")
        case Not(item) | IsTruth(item, _):
            expect(item, "boolean")
        case IsNull(item):
            _family(item, entity)
        case Like(item, _):
            expect(item, "text")
        case Day(item):
            if _family(item, entity) != "date":
                expect(item, "timestamp")
            return "date"
        case Arithmetic(_, left, right):
            expect(left, "number")
            expect(right, "number")
            return "number"
        case Call("coalesce" | "nullif", arguments):
            return alike(*arguments)
        case Call("abs", (item,)):
            expect(item, "number")
            return "number"
        case Call("length", (item,)):
            expect(item, "text")
            return "number"
        case Call(_, (item, *_)):
            expect(item, "text")
            return "text"
        case _:
            raise AssertionError(node)
    return "boolean"


def _constant_family(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, date):
        return "date"
    return "text" if isinstance(value, str) else "number"


def _mend(found: str, wanted: str) -> str:
    if wanted == "date" and found == "text":
        return "Write a day as CAST('YYYY-MM-DD' AS DATE)."
    if {found, wanted} == {"date", "timestamp"}:
        return "Write CAST(column AS DATE) for the day of a timestamp."
    if wanted == "boolean":
        return _COMPARE
    return f"Use a {wanted}."


def _check_constant(column: Node, constant: Node, entity: Entity) -> None:
    """Hold a constant against what is declared for the column that it is compared with."""
    if isinstance(column, Call) and column.name == "coalesce" and isinstance(column.arguments[0], Column):
        declared: EntityColumn = entity.columns[column.arguments[0].name]
        fallback = column.arguments[1]
        if isinstance(constant, Constant) and isinstance(fallback, Constant) and constant.value == fallback.value:
            return
        name = column.arguments[0].name
    elif isinstance(column, Column):
        declared, name = entity.columns[column.name], column.name
    else:
        return
    if not isinstance(constant, Constant):
        return
    problem = outside(declared, constant.value)
    if problem is not None:
        raise ConditionError(
            "never-occurs",
            f"`{name}` is never {render(constant)}: {problem}.",
            _mend_value(declared, constant.value),
        )


def outside(column: EntityColumn, value: object) -> str | None:
    """Why a column never holds `value`, or None."""
    if column.accepted_values is not None and isinstance(value, str) and value not in column.accepted_values:
        return "its accepted values are " + ", ".join(column.accepted_values)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if column.min is not None and value < column.min:
        return f"it is at least {column.min}"
    if column.max is not None and value > column.max:
        return f"it is at most {column.max}"
    return None


def value_fault(entity: Entity, name: str, value: Scalar) -> str | None:
    """Why `value` does not fit a column of the entity, or None. NULL fits everywhere."""
    column = entity.columns[name]
    if value is None:
        return None
    fits = isinstance(value, _PYTHON_TYPES[column.type])
    if isinstance(value, bool) and column.type != "boolean":
        fits = False
    if not fits:
        return f"`{name}` is {column.type}; {value!r} is not."
    if isinstance(value, str) and ("'" in value or "\\" in value):
        return f"`{name}`: {value!r} holds a quote or a backslash, which engines read differently."
    why = outside(column, value)
    return None if why is None else f"`{name}` is never {value!r}: {why}."


def _mend_value(column: EntityColumn, value: object) -> str:
    if column.accepted_values is not None and isinstance(value, str):
        return nearest(value, column.accepted_values)
    return "Mend the constant, or the bounds in the entity."
