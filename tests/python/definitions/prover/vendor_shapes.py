"""Pairs of filters in the shapes that Marketo's smart lists and Salesforce's reports have, imported as theirs are.

Half of the pairs are one filter told in two ways (filters in another order, values split, logic turned round), the
others one filter changed in one place, or a list and a report on the same fields.
"""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from plumbline.definitions.conditions import render
from plumbline.definitions.importing import Imported, import_marketo, import_salesforce
from plumbline.definitions.importing.operators import FAMILIES
from plumbline.definitions.problems import DefinitionsError
from plumbline.definitions.yaml_files import Document

from ..importing.people import MARKETO, PERSON, SALESFORCE, SEMANTICS, STAGES
from .deals import Row, rows
from .random_pairs import RandomPair

Tool = Literal["marketo", "salesforce"]
_MAPPINGS = {"marketo": MARKETO, "salesforce": SALESFORCE}
_VALUES: dict[str, list[str]] = {
    "job_title": ["Chief", "VP Sales", "intern", "sales"],
    "status": ["Open", "working", "Disqualified"],
    "stage": list(STAGES),
    "score": ["0", "40", "65", "70"],
    "employees": ["50", "200", "1000"],
    "probability": ["20", "50"],
    "is_gone": ["true", "false"],
    "born_date": ["1980-01-01", "2000-12-31"],
    "made_at": ["2026-01-01", "2026-02-28"],
}
_CHOICES: dict[str, list[Any]] = {
    "job_title": [None, "", "CHIEF", "Chief of Staff", "vp sales", "VP Sales", "Intern", "presales", "Sales"],
    "status": [None, "open", "working", "disqualified"],
    "stage": [None, "open", "won", "lost"],
    "score": [None, -1, 0, 1, 39, 40, 41, 64, 65, 66, 69, 70, 71],
    "employees": [0, 1, 49, 50, 51, 199, 200, 201, 999, 1000, 1001],
    "probability": [None, *map(Decimal, ("0", "0.19", "0.2", "0.21", "0.5", "0.51", "1"))],
    "visits_7d": [None, 0, 1, 2, 3, 4],
    "demos_30d": [None, 0, 1, 2],
    "is_gone": [None, True, False],
    "born_date": [None, date(1979, 12, 31), date(1980, 1, 1), date(1980, 1, 2), date(2000, 12, 31), date(2001, 1, 1)],
    "made_at": [
        None,
        *(datetime(2026, 1, 1), datetime(2025, 12, 31, 23, 59, 59), datetime(2026, 1, 1, 8), datetime(2026, 1, 2)),
        *(datetime(2026, 2, 28, 12), datetime(2026, 3, 1)),
    ],
}
# Operators on whole numbers that say the same: by the other, and the step between their values.
_NEIGHBOURS = {
    "at least": ("greater than", -1),
    "greater than": ("at least", 1),
    "at most": ("less than", 1),
    "less than": ("at most", -1),
    "greaterOrEqual": ("greaterThan", -1),
    "greaterThan": ("greaterOrEqual", 1),
    "lessOrEqual": ("lessThan", 1),
    "lessThan": ("lessOrEqual", -1),
}


@dataclass(frozen=True)
class Filter:
    """One filter of a tool: the field by the tool's name, the operator and its values."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Joined:
    """Filters joined by `and` or `or`; `not` has one part (reports only)."""

    word: Literal["and", "or", "not"]
    parts: tuple["Filter | Joined", ...]


Shape = Filter | Joined


def people(count: int, seed: int) -> list[Row]:
    """Rows around the constants that the filters use."""
    return rows(count, seed, _CHOICES)


def vendor_pairs(count: int, seed: int) -> list[RandomPair]:
    """Pairs of one seed, in the entity's words; what the importers refuse is drawn again."""
    chance = random.Random(seed)
    pairs: list[RandomPair] = []
    while len(pairs) < count:
        try:
            pairs.append(_pair(chance))
        except DefinitionsError:
            continue
    return pairs


def _pair(chance: random.Random) -> RandomPair:
    tool: Tool = chance.choice(["marketo", "salesforce"])
    shape = _shape(chance, tool)
    first = _condition(tool, shape)
    drawn = chance.random()
    if drawn < 0.5:
        return RandomPair(first, _condition(tool, _told_otherwise(chance, tool, shape)), True)
    if drawn < 0.85:
        other = _told_otherwise(chance, tool, _changed(chance, tool, shape))
        return RandomPair(first, _condition(tool, other), False)
    other_tool: Tool = "salesforce" if tool == "marketo" else "marketo"
    return RandomPair(first, _condition(other_tool, _shape(chance, other_tool)), False)


# Drawing ----------------------------------------------------------------------------------------------------


def _shape(chance: random.Random, tool: Tool) -> Shape:
    """Two to five filters: all of them, any of them, or one group within the other."""
    filters: list[Shape] = [_filter(chance, tool) for _ in range(chance.randint(2, 5))]
    outer = chance.choice(["and", "and", "or"])
    if len(filters) > 2 and chance.random() < 0.6:
        inner = "or" if outer == "and" else "and"
        cut = chance.randint(2, len(filters) - 1)
        filters = [Joined(inner, tuple(filters[:cut])), *filters[cut:]]
    return Joined(outer, tuple(filters))


def _filter(chance: random.Random, tool: Tool, field: str | None = None) -> Filter:
    mapping = _MAPPINGS[tool].fields
    name = field or chance.choice(sorted(mapping))
    column = mapping[name].column
    family = FAMILIES[PERSON.columns[column].type]
    operator, rule = chance.choice(sorted(SEMANTICS[tool].operators[family].items()))
    known = _VALUES[column]
    if rule.test == "is_empty":
        return Filter(name, operator, ())
    if rule.test == "between":
        return Filter(name, operator, tuple(sorted(chance.sample(known, 2), key=lambda text: (len(text), text))))
    count = chance.randint(1, min(3, len(known))) if rule.several else 1
    return Filter(name, operator, tuple(chance.sample(known, count)))


# Telling otherwise ------------------------------------------------------------------------------------------


def _told_otherwise(chance: random.Random, tool: Tool, shape: Shape) -> Shape:
    if isinstance(shape, Filter):
        return _spelled(chance, tool, shape)
    parts = [_told_otherwise(chance, tool, part) for part in shape.parts]
    chance.shuffle(parts)
    if shape.word != "not" and tool == "salesforce" and chance.random() < 0.3:
        opposite: Literal["and", "or"] = "or" if shape.word == "and" else "and"
        return Joined("not", (Joined(opposite, tuple(Joined("not", (part,)) for part in parts)),))
    return Joined(shape.word, tuple(parts))


def _spelled(chance: random.Random, tool: Tool, found: Filter) -> Shape:
    column = PERSON.columns[_MAPPINGS[tool].fields[found.field].column]
    if found.operator in _NEIGHBOURS and column.type == "integer" and chance.random() < 0.5:
        operator, step = _NEIGHBOURS[found.operator]
        return Filter(found.field, operator, (str(int(found.values[0]) + step),))
    rule = SEMANTICS[tool].operators[FAMILIES[column.type]][found.operator]
    if rule.several and len(found.values) > 1:
        values = chance.sample(found.values, len(found.values))
        if chance.random() < 0.5:
            return replace(found, values=tuple(values))
        word: Literal["and", "or"] = "and" if rule.negated else "or"
        return Joined(word, tuple(replace(found, values=(value,)) for value in values))
    return found


def _changed(chance: random.Random, tool: Tool, shape: Shape) -> Shape:
    """One place changed: another filter on the field, a filter less, or the other word."""
    if isinstance(shape, Filter):
        return _filter(chance, tool, shape.field)
    if chance.random() < 0.2 and shape.word != "not":
        return Joined("or" if shape.word == "and" else "and", shape.parts)
    place = chance.randrange(len(shape.parts))
    if len(shape.parts) > 2 and chance.random() < 0.3:
        return Joined(shape.word, shape.parts[:place] + shape.parts[place + 1 :])
    parts = [_changed(chance, tool, part) if index == place else part for index, part in enumerate(shape.parts)]
    return Joined(shape.word, tuple(parts))


# Exporting --------------------------------------------------------------------------------------------------


def _condition(tool: Tool, shape: Shape) -> str:
    """The shape exported as the tool exports it, imported, and written in SQL. Raises DefinitionsError."""
    filters: list[Filter] = []
    logic = _logic(shape, filters)
    read = _from_marketo if tool == "marketo" else _from_salesforce
    return render(read(filters, logic).condition)


def _logic(shape: Shape, filters: list[Filter]) -> str:
    """Filter logic, with the filters collected by their numbers."""
    if isinstance(shape, Filter):
        filters.append(shape)
        return str(len(filters))
    parts = [_logic(part, filters) for part in shape.parts]
    if shape.word == "not":
        return f"NOT ({parts[0]})"
    return f" {shape.word.upper()} ".join(part if part.isdigit() else f"({part})" for part in parts)


def _from_marketo(filters: list[Filter], logic: str) -> Imported:
    exported = [
        {
            "name": item.field,
            "ruleType": "Attribute",
            "operator": item.operator,
            "conditions": [
                {
                    "activityAttributeName": item.field,
                    "operator": item.operator,
                    "values": list(item.values),
                    "isPrimary": True,
                }
            ],
        }
        for item in filters
    ]
    rules = {"filterMatchType": "custom", "filterCustomLogic": logic, "triggers": [], "filters": exported}
    return import_marketo(Document("list.json", {"rules": rules}, {(): 1}), MARKETO, SEMANTICS["marketo"])


def _from_salesforce(filters: list[Filter], logic: str) -> Imported:
    exported = [
        {"column": item.field, "filterType": "fieldValue", "operator": item.operator, "value": ",".join(item.values)}
        for item in filters
    ]
    report = {"reportMetadata": {"reportFilters": exported, "reportBooleanFilter": logic}}
    return import_salesforce(Document("report.json", report, {(): 1}), SALESFORCE, SEMANTICS["salesforce"])
