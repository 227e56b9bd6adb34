"""What a model's SQL must not hold: clocks, floating money, `x.*` in a mart, a term spelled by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from plumbline.quality.checks.model import Node, Project, Violation, sql_of
from plumbline.quality.checks.reviewed import unexplained

CLOCKS = re.compile(
    r"\b(current_date|current_timestamp|localtimestamp|getdate|now\s*\(|today\s*\(|sysdate)(?=\W|$)", re.I
)
FLOATING = re.compile(r"\b(double|float|real|float8|float4)\b", re.I)
MONEY = re.compile(r"(^|_)(amount|rate|revenue|price|value_per|units_per_corporate)($|_)", re.I)
NO_MONEY = re.compile(r"^(is|has)_|_(id|key|at|date|kind|count|evidence|from|until)$", re.I)
HAND_WRITTEN = re.compile(r"\bstage_category\s*(=|<>|!=|\bin\b|\bnot in\b)|\bis_(won|closed)\s*(=|\bis\b)", re.I)
# `date` and sized decimals by our own macro are the same word everywhere; these are not.
TYPE_WORD = re.compile(
    r"\bas\s+(timestamp\w*|datetime|varchar|char|text|string|int\w*|bigint|smallint|hugeint|double|real|float\w*|numeric"
    r"|number|decimal|bool|boolean|json|variant)\s*(\(\s*\d[\d\s,]*\)\s*)?\)|::",
    re.I,
)
LONGEST = 140
_MONEY_CODE = "PB102"


def clocks(project: Project) -> Iterator[Violation]:
    """Models and macros that ask for the time."""
    for node in project.models:
        if match := CLOCKS.search(sql_of(node)):
            yield Violation(str(node["name"]), f"reads the clock: {match[0]}")
    for macro in project.manifest["macros"].values():
        if project.owns(macro) and (match := CLOCKS.search(str(macro["macro_sql"]))):
            yield Violation(f"macro {macro['name']}", f"reads the clock: {match[0]}")


def floating_money(project: Project) -> Iterator[Violation]:
    """Floating columns in marts, and money that is cast, averaged or divided without becoming a decimal again."""
    for node in project.in_layer("marts"):
        for column in node["columns"].values():
            if FLOATING.search(column["data_type"] or ""):
                yield Violation(f"{node['name']}.{column['name']}", f"is a {column['data_type']}")
    yield from unexplained(_MONEY_CODE, _floating_results(project))


def _floating_results(project: Project) -> Iterator[Violation]:
    for node in project.models:
        if re.search(r"\b(double|float|real|avg)\b|/", str(node["compiled_code"]), re.I):
            yield from _floating_expressions(project, node)


def _floating_expressions(project: Project, node: Node) -> Iterator[Violation]:
    seen = set()
    for alias in project.tree(node).find_all(exp.Alias):
        name = alias.alias.lower()
        if not MONEY.search(name) or NO_MONEY.search(name) or name in seen:
            continue
        if found := next(_floating_parts(alias.this), None):
            seen.add(name)
            yield Violation(f"{node['name']}.{name}", f"is floating: {found.sql(dialect='duckdb').lower()[:100]}")


def _floating_parts(item: exp.Expression) -> Iterator[exp.Expression]:
    """The parts of an expression that make it floating: what stands in a cast to a decimal is one again."""
    if isinstance(item, exp.Cast):
        if item.to.this in exp.DataType.FLOAT_TYPES:
            yield item
        return
    if isinstance(item, (exp.Avg, exp.Div)):
        yield item
        return
    # The condition of a CASE decides, it does not flow into the value.
    parts = list(item.iter_expressions())
    if isinstance(item, exp.If):
        parts = [part for part in (item.args.get("true"), item.args.get("false")) if part is not None]
    if isinstance(item, (exp.Predicate, exp.Subquery, exp.Order)):
        return
    for part in parts:
        yield from _floating_parts(part)


def stars(project: Project) -> Iterator[Violation]:
    """Marts that select `x.*`."""
    for node in project.in_layer("marts"):
        if match := re.search(r"\b\w+\.\*", sql_of(node)):
            yield Violation(str(node["name"]), f"selects {match[0]}")


def terms_by_hand(project: Project) -> Iterator[Violation]:
    """Comparisons of a canonical column with a value that decides a term."""
    for folder in ("models", "macros"):
        for path in sorted((project.root / folder).rglob("*.sql")):
            if path.parent == project.root / "macros" / "definitions":
                continue
            for place in spelled_terms(path.read_text(encoding="utf-8"), project.term_values):
                yield Violation(str(path.relative_to(project.root)), f"spells a term: {' '.join(place.split())}")

    for node in project.in_layer("marts"):
        if match := HAND_WRITTEN.search(sql_of(node)):
            yield Violation(str(node["name"]), f"spells a condition: {match[0]}")


def type_words(project: Project) -> Iterator[Violation]:
    """Models and tests that name a type which means other things, or nothing, on other engines."""
    for node in project.manifest["nodes"].values():
        if node["resource_type"] in ("model", "test") and (match := TYPE_WORD.search(sql_of(node))):
            yield Violation(str(node["name"]), f"names a type: {match[0]}")


def spelled_terms(sql: str, deciding: frozenset[tuple[str, str]]) -> list[str]:
    """The places of `sql` that compare a canonical column with a deciding value."""
    text = re.sub(r"--[^\n]*", "", sql)
    found = []
    for column, value in sorted(deciding):
        compared = rf"\b{column}\b(?:,\s*[^,\n]+\))?\s*(?:=|<>|!=|<=|>=|<|>|\b(?:not )?in\s*\()\s*[^)\n]*?"
        literal = re.escape(value) if re.fullmatch(r"[\d.]+", value) else f"'{re.escape(value)}'"
        found += [match.group(0) for match in re.finditer(compared + rf"(?<![\w.]){literal}(?![\w.])", text)]
    return found


def long_models(project: Project) -> Iterator[Violation]:
    """Models of more than 140 lines."""
    for path in sorted((project.root / "models").rglob("*.sql")):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST:
            yield Violation(str(path.relative_to(project.root)), f"has {lines} lines")
