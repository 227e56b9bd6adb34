"""Models call the macro of a term; they do not spell its condition.

This looks for comparisons of a canonical column with a value that decides a term, in the models' text.
It is a first guard: it proves nothing of a condition, it points at where a term is being written again.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from plumbline.definitions import Library, load_library
from plumbline.definitions.conditions import Call, Column, Compare, Constant, In, Node, walk
from plumbline.definitions.reading import parse

from .small_project import ROOT


def deciding_values(library: Library) -> set[tuple[str, str]]:
    """Every (column, constant) that a criterion of a term compares."""
    return {
        pair
        for governed in library.terms.values()
        for version in governed.term.versions
        for criterion in version.criteria.values()
        for part in walk(parse(criterion.sql))
        for pair in _pairs(part)
    }


def _pairs(node: Node) -> Iterator[tuple[str, str]]:
    match node:
        case Compare(_, Column(name), Constant(value)) | Compare(_, Call(_, (Column(name), *_)), Constant(value)):
            yield name, str(value)
        case In(Column(name), values):
            yield from ((name, str(value.value)) for value in values)
        case _:
            pass


def findings(sql: str, pairs: set[tuple[str, str]]) -> list[str]:
    """The places of `sql` that compare a canonical column with a deciding value."""
    text = re.sub(r"--[^\n]*", "", sql)
    found = []
    for column, value in sorted(pairs):
        compared = rf"\b{column}\b(?:,\s*[^,\n]+\))?\s*(?:=|<>|!=|<=|>=|<|>|\b(?:not )?in\s*\()\s*[^)\n]*?"
        literal = re.escape(value) if re.fullmatch(r"[\d.]+", value) else f"'{re.escape(value)}'"
        found += [match.group(0) for match in re.finditer(compared + rf"(?<![\w.]){literal}(?![\w.])", text)]
    return found


PAIRS = deciding_values(load_library(ROOT))


@pytest.mark.parametrize(
    ("sql", "is_found"),
    [
        ("where stage_category = 'open'", True),
        ("where opportunities.stage_category in ('lost', 'won')", True),
        ("where stage_category not in ('won')", True),
        ("where coalesce(forecast_category, 'x') <> 'omitted'", True),
        ("where accounts.days_since_last_won <= 456", True),
        ("where touches_30d >= 3", True),
        ("where previous_stage_category = 'open'", False),
        ("where stage_category = 'unmapped'", False),
        ("-- stage_category = 'open' is what is_open says", False),
        ("where {{ is_open('opportunities') }}", False),
        ("select stage_category, 'open' as label", False),
    ],
)
def test_the_guard_sees_what_it_should(sql: str, is_found: bool) -> None:
    assert bool(findings(sql, PAIRS)) is is_found


def test_no_model_spells_a_term_by_hand() -> None:
    models = [path for folder in ("models", "macros") for path in sorted((ROOT / folder).rglob("*.sql"))]
    spelled = [
        f"{path.relative_to(ROOT)}: {place}"
        for path in models
        if path.parent != ROOT / "macros" / "definitions"
        for place in findings(Path(path).read_text(encoding="utf-8"), PAIRS)
    ]
    assert models
    assert spelled == [], "call the macro of the term (definitions/README.md)"
