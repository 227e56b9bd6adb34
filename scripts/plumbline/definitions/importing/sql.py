"""Plain SQL: a condition, a WHERE clause or a SELECT over one table, in any dialect that sqlglot reads."""

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import ParseError, SqlglotError

from plumbline.definitions.conditions import ConditionError
from plumbline.definitions.importing.logic import all_of
from plumbline.definitions.importing.operators import Target, number_constant, one_of
from plumbline.definitions.importing.reader import Mapping
from plumbline.definitions.importing.result import Imported, ImportedFilter, imported, unused_name
from plumbline.definitions.importing.values import number
from plumbline.definitions.problems import DefinitionsError, Problem, nearest, sql_slip
from plumbline.definitions.reading import parse
from plumbline.definitions.types import check_condition
from plumbline.definitions.variant_schemas import ToolField

# What a SELECT may say besides its condition: it does not choose rows, or it is told as missing.
_HARMLESS = {"expressions", "where", "from_", "order", "distinct", "kind", "hint"}
_LIMITS = {"limit": "row limit", "offset": "offset", "sample": "sample", "fetch": "row limit"}
# Dialects whose texts compare by a collation that usually ignores capitals.
_COLLATED = {"mysql", "tsql", "doris", "starrocks", "singlestore", "fabric"}
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)


def import_sql(text: str, shown: str, mapping: Mapping, dialect: str | None = None) -> Imported:
    """A condition in SQL as one over the entity. Raises DefinitionsError with every finding.

    Columns that the mapping does not name are taken for canonical ones of the same name.
    """
    condition, qualifiers, missing = _condition(text, shown, dialect)
    parts = list(condition.flatten()) if isinstance(condition, exp.And) else [condition]
    reader = _Sql(mapping, qualifiers)
    problems: list[Problem] = []
    filters: list[ImportedFilter] = []
    for part in parts:
        line = _line(part)
        try:
            node = parse(reader.rewritten(part).sql())
            check_condition(node, mapping.entity)
        except ConditionError as error:
            problems.append(Problem(shown, line, error.code, error.message, error.mending))
            continue
        name = unused_name(_name(part), [item.name for item in filters])
        filters.append(ImportedFilter(len(filters) + 1, name, part.sql(dialect), node, line))
    if problems:
        raise DefinitionsError(problems)
    if dialect in _COLLATED and any(_compares_texts(part) for part in parts):
        missing.append(f"Whether {dialect} minds capitals depends on the collation, which the query does not show.")
    if dialect == "oracle" and any(_compares_texts(part) for part in parts):
        missing.append("Oracle takes a text without characters for NULL; here they are two things.")
    return imported(filters, all_of(len(filters)), missing)


def _condition(text: str, shown: str, dialect: str | None) -> tuple[exp.Expression, set[str] | None, list[str]]:
    """The condition of a text, the names by which it may call its table (None: any one), and what is not seen."""

    def refuse(code: str, message: str, mending: str, line: int = 1) -> DefinitionsError:
        return DefinitionsError([Problem(shown, line, code, message, mending)])

    if dialect is not None and dialect not in sqlglot.Dialect.classes:
        names = [name for name in sqlglot.Dialect.classes if name]
        raise refuse("unknown-dialect", f"There is no SQL dialect `{dialect}`.", nearest(dialect, names))
    try:
        statements = [part for part in _statements(text, dialect) if part is not None]
    except ParseError as error:
        line = error.errors[0].get("line") if error.errors else 1
        raise refuse(
            "unreadable-sql", f"This is not SQL: {sql_slip(error)}.", "Mend it, or name its dialect.", line or 1
        ) from error
    except RecursionError:
        raise refuse("unreadable-sql", "This is nested too deeply.", "Write it with fewer brackets.") from None
    except SqlglotError as error:
        raise refuse(
            "unreadable-sql", f"This is not SQL: {sql_slip(error)}.", "Mend it, or name its dialect."
        ) from error
    if len(statements) != 1:
        raise refuse("unreadable-sql", f"These are {len(statements)} statements.", "Write exactly one condition.")
    statement = statements[0]
    if isinstance(statement, exp.Where):
        return statement.this, None, []
    if not isinstance(statement, exp.Query):
        if isinstance(statement, exp.Condition):
            return statement, None, []
        message = f"{statement.key.upper()} is not a condition."
        raise refuse("unreadable-sql", message, "Write a condition, a WHERE clause or a SELECT.")
    return _of_select(statement, refuse)


def _statements(text: str, dialect: str | None) -> list[exp.Expression | None]:
    tokens = sqlglot.tokenize(text, read=dialect)
    if tokens and tokens[0].token_type == sqlglot.TokenType.WHERE:
        return [sqlglot.parse_one(text.strip().rstrip(";"), read=dialect, into=exp.Where)]
    return list(sqlglot.parse(text, read=dialect))


def _of_select(statement: exp.Expression, refuse) -> tuple[exp.Expression, set[str] | None, list[str]]:  # type: ignore[no-untyped-def]
    one_table = "A variant looks at one row of one entity: select from its table alone."
    if not isinstance(statement, exp.Select):
        raise refuse("not-one-table", f"{statement.key.upper()} joins queries.", one_table)
    for key, value in statement.args.items():
        if value in (None, False, []) or key in _HARMLESS or key in _LIMITS:
            continue
        word = {"joins": "JOIN", "with_": "WITH", "laterals": "LATERAL", "group": "GROUP BY"}.get(key, key.upper())
        raise refuse("not-one-table", f"{word} is not for a variant.", one_table)
    table = statement.args["from_"].this if statement.args.get("from_") else None
    if table is not None and (not isinstance(table, exp.Table) or table.args.get("joins")):
        raise refuse("not-one-table", "The query reads from another query.", one_table)
    where = statement.args.get("where")
    if where is None:
        raise refuse("no-filter", "The query has no WHERE clause.", "Give it one.")
    names = {table.alias_or_name.lower()} if table is not None else set()
    missing = [
        f"The query's {what} is not in the condition." for key, what in _LIMITS.items() if statement.args.get(key)
    ]
    return where.this, names, missing


class _Sql:
    """Rewrites one condition into the entity's words."""

    def __init__(self, mapping: Mapping, qualifiers: set[str] | None) -> None:
        self.mapping = mapping
        self.qualifiers = qualifiers
        self.fields = {name.lower(): (name, tool_field) for name, tool_field in mapping.fields.items()}

    def rewritten(self, expression: exp.Expression) -> exp.Expression:
        return expression.copy().transform(self._rewrite)

    def _rewrite(self, node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Column):
            target = self._target(node)
            if (target.field.values or target.field.times) and not isinstance(node.parent, exp.Is):
                raise ConditionError(
                    "mapped-values",
                    f"`{target.shown}` is written in the tool's values, which can only be compared with constants.",
                    "Write =, <>, IN or, for numbers, another comparison with a constant.",
                )
            return target.sql()
        if isinstance(node, exp.ILike):
            return self._ilike(node)
        if isinstance(node, (*_COMPARISONS, exp.In)) and isinstance(node.this, exp.Column):
            return self._compared(node)
        return node

    def _target(self, column: exp.Expression) -> Target:
        name = str(column.name)
        qualifier = str(column.args["table"].name).lower() if column.args.get("table") else None
        if column.args.get("db") or (
            qualifier is not None and self.qualifiers is not None and qualifier not in self.qualifiers
        ):
            raise ConditionError(
                "unknown-table",
                f"`{column.sql()}` is not of the table that the query reads.",
                "Name the columns of its one table.",
            )
        if self.qualifiers is None and qualifier is not None:
            # A condition by itself speaks of one table, whatever it calls it.
            self.qualifiers = {qualifier}
        shown, mapped = self.fields.get(name.lower(), (name, None))
        if mapped is None:
            entity = self.mapping.entity
            if name.lower() not in entity.columns:
                raise ConditionError(
                    "unknown-column",
                    f"`{name}` is not a column of {entity.entity}.",
                    nearest(name.lower(), [*entity.columns, *self.mapping.fields]) + " Or map it in `fields`.",
                )
            mapped = ToolField(column=name.lower())
        return self.mapping.to_column(shown, mapped)

    def _compared(self, node: exp.Expression) -> exp.Expression:
        """A comparison with constants in the tool's own values; others are left to the columns' turn."""
        target = self._target(node.this)
        constants = node.args.get("expressions") if isinstance(node, exp.In) else [node.expression]
        if not constants:
            return node
        if target.field.values is not None and isinstance(node, exp.EQ | exp.NEQ | exp.In):
            return self._labelled(node, target, constants)
        if target.field.times is not None:
            scaled = [_times(target, constant) for constant in constants]
            if isinstance(node, exp.In):
                return exp.In(this=target.sql(), expressions=scaled)
            return type(node)(this=target.sql(), expression=scaled[0])
        return node

    def _labelled(self, node: exp.Expression, target: Target, constants: list[exp.Expression]) -> exp.Expression:
        labels = target.labels or {}
        for constant in constants:
            if not isinstance(constant, exp.Literal) or constant.name not in labels:
                raise ConditionError(
                    "unknown-value",
                    f"`{target.shown}` has no value {constant.sql()}.",
                    nearest(constant.name, labels) + " Or add it to `values` of the field.",
                )
        found = one_of(target, {constant.name for constant in constants}, labels)
        return exp.not_(found) if isinstance(node, exp.NEQ) else found

    def _ilike(self, node: exp.Expression) -> exp.Expression:
        """ILIKE, which not every engine has, by LOWER."""
        pattern = node.expression
        if not isinstance(pattern, exp.Literal) or not pattern.is_string or not pattern.name.isascii():
            return node
        unknown = [key for key, value in node.args.items() if value and key not in ("this", "expression", "negate")]
        if unknown:
            return node
        lowered = exp.Literal.string(pattern.name.lower())
        # The column below is rewritten here: a node that was replaced is not visited again.
        like = exp.Like(this=exp.func("lower", self.rewritten(node.this)), expression=lowered)
        return exp.not_(like) if node.args.get("negate") else like


def _times(target: Target, constant: exp.Expression) -> exp.Expression:
    sign = -1 if isinstance(constant, exp.Neg) else 1
    literal = constant.this if isinstance(constant, exp.Neg) else constant
    if not isinstance(literal, exp.Literal) or literal.is_string:
        raise ConditionError(
            "mapped-values",
            f"`{target.shown}` is compared with {constant.sql()}, which cannot be converted.",
            "Compare it with a number.",
        )
    return number_constant(sign * number(literal.name) * (target.field.times or 1))


def _name(part: exp.Expression) -> str:
    """A criterion is called by the columns that it looks at."""
    names = list(dict.fromkeys(str(column.name) for column in part.find_all(exp.Column)))
    return "_or_".join(names) or "always"


def _line(part: exp.Expression) -> int:
    lines = [node.meta["line"] for node in part.find_all(exp.Identifier) if node.meta.get("line")]
    return min(lines, default=1)


def _compares_texts(part: exp.Expression) -> bool:
    return any(literal.is_string for literal in part.find_all(exp.Literal))
