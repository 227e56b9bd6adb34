"""Marketo smart lists, as its API gives them with their rules (`includeRules=true`)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from plumbline.definitions.conditions import ConditionError
from plumbline.definitions.importing.logic import Logic, all_of, any_of, parse_logic
from plumbline.definitions.importing.operators import predicate, to_node
from plumbline.definitions.importing.reader import Mapping, Reader
from plumbline.definitions.importing.result import Imported
from plumbline.definitions.importing.values import number
from plumbline.definitions.problems import DefinitionsError, Problem, nearest
from plumbline.definitions.semantics import operator
from plumbline.definitions.semantics_schemas import Semantics
from plumbline.definitions.shaping import shaped
from plumbline.definitions.variant_schemas import Count
from plumbline.definitions.yaml_files import Document, Location

_TIME_FRAME = "Date of Activity"
_OWN_LOGIC = ("custom", "advanced")
_DAYS = {"day": 1, "week": 7}


class _Export(BaseModel):
    """Parts of an export; a tool may add keys, and what restricts people is looked at by name."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class _Condition(_Export):
    name: str = Field(alias="activityAttributeName")
    operator: str
    values: list[Any] = Field(default_factory=list)
    primary: bool = Field(default=False, alias="isPrimary")


class _Filter(_Export):
    name: str
    rule_type: str | None = Field(default=None, alias="ruleType")
    operator: str | None = None
    values: list[Any] | None = None
    conditions: list[_Condition] = Field(default_factory=list)


class _Rules(_Export):
    match_type: str = Field(alias="filterMatchType")
    custom_logic: str | None = Field(default=None, alias="filterCustomLogic")
    triggers: list[Any] = Field(default_factory=list)
    filters: list[_Filter]


def import_marketo(document: Document, mapping: Mapping, semantics: Semantics) -> Imported:
    """A smart list as a condition over the entity. Raises DefinitionsError with every finding."""
    part, at = _rules_of(document)
    problems: list[Problem] = []
    rules = shaped(part, _Rules, problems)
    if rules is None:
        raise DefinitionsError(problems)
    reader = _Marketo(document, mapping, semantics)
    return reader.read(rules, at)


def _rules_of(document: Document) -> tuple[Document, Location]:
    """The rules within an answer of the API, within one of its results, or by themselves."""
    data = document.data
    found: Location = ()
    if isinstance(data, dict) and isinstance(data.get("result"), list):
        if len(data["result"]) != 1 or not isinstance(data["result"][0], dict):
            line = document.line(("result",))
            message = f"The answer holds {len(data['result'])} smart lists."
            raise DefinitionsError([Problem(document.path, line, "export", message, "Export exactly one.")])
        data, found = data["result"][0], ("result", 0)
    if isinstance(data, dict) and "rules" in data:
        data, found = data["rules"], (*found, "rules")
    if not isinstance(data, dict) or "filters" not in data:
        message = "The export has no `rules` with `filters`."
        mending = "Ask the API for the smart list with includeRules=true."
        raise DefinitionsError([Problem(document.path, document.line(found), "export", message, mending)])
    lines = {place[len(found) :]: line for place, line in document.lines.items() if place[: len(found)] == found}
    return Document(document.path, data, lines), found


class _Marketo(Reader):
    def read(self, rules: _Rules, at: Location) -> Imported:
        if not rules.filters:
            self.wrong((*at, "filters"), "no-filter", "The smart list has no filters.", "Export one that has.")
        for index, item in enumerate(rules.filters):
            self._filter(index + 1, item, (*at, "filters", index))
        if rules.triggers:
            self.missing.append("Triggers say when the list is asked; they are not in the condition.")
        return self.result(self.attempt((*at, *self._place_of_logic(rules)), lambda: _logic(rules)))

    def _place_of_logic(self, rules: _Rules) -> Location:
        return ("filterMatchType",) if rules.custom_logic is None else ("filterCustomLogic",)

    def _filter(self, place: int, item: _Filter, at: Location) -> None:
        if (item.rule_type or "").lower() == "activity":
            self.attempt(at, lambda: self._activity(place, item, at))
            return
        if len(item.conditions) > 1:
            self.wrong(
                at,
                "constraint",
                f"The filter `{item.name}` has {len(item.conditions)} conditions; only filters on activities do.",
                "Write one filter for each.",
            )
            return
        name, values = item.operator, item.values
        first = item.conditions[0] if item.conditions else None
        if first is not None and not first.primary and first.name != item.name:
            self.wrong(
                at,
                "constraint",
                f"The filter `{item.name}` has the constraint `{first.name}`; only filters on activities do.",
                "Remove it, or declare a column of the entity that covers both.",
            )
            return
        if first is not None:
            name, values = first.operator, first.values
            at = (*at, "conditions", 0)
        if name is None:
            self.wrong(at, "missing-key", f"The filter `{item.name}` has no operator.", "Export it again.")
            return
        texts = self.attempt(at, lambda: _texts(item.name, values or []))
        if texts is not None:
            self.compared(place, item.name, name, texts, at)

    def _activity(self, place: int, item: _Filter, at: Location) -> None:
        """A filter that counts, held against the counts that the variant maps to columns."""
        rule = operator(self.semantics, "activity", item.operator or "occurs")
        count, times = self._count(item)
        target = self.mapping.to_column(item.name, count.as_field())
        if target.family != "number":
            raise ConditionError(
                "wrong-type", f"`{count.column}` is {target.column.type}, not a count.", "Map it to a number."
            )
        at_least = rule.model_copy(update={"test": "at_least"})
        built, doubts = predicate(at_least, target, [format(times, "f")], self.semantics)
        shown = f"{item.name}, {times} or more times" + (f" in past {count.within}" if count.within else "")
        self.add(place, item.name, shown, to_node(built, self.mapping.entity), at, rule.says)
        self.missing.extend(doubts)

    def _count(self, item: _Filter) -> tuple[Count, Decimal]:
        """The mapped count that fits a filter exactly, and how often it has to have happened."""
        named = [count for count in self.mapping.counts if count.filter == item.name]
        for count in named:
            found = _fits(count, item)
            if found is not None:
                return count, found
        shown = "; ".join(f"{one.name} {one.operator} {', '.join(map(str, one.values))}" for one in item.conditions)
        raise ConditionError(
            "unknown-count",
            f"The filter `{item.name}` ({shown or 'without constraints'}) has no column that counts the same.",
            ("" if named or not self.mapping.counts else _nearest_count(item.name, self.mapping.counts))
            + self.mapping.how_to_count(_said(item)),
        )


def _nearest_count(name: str, counts: Sequence[Count]) -> str:
    return nearest(name, [count.filter for count in counts]) + " Or: "


def _said(item: _Filter) -> str | None:
    """A filter as `said_counts` reads it, but for how often; None where it constrains by more than values and days."""
    parts = [item.name]
    for one in item.conditions:
        values = [str(value) for value in one.values]
        if one.name == Count.model_fields["times"].default:
            continue
        if one.name == _TIME_FRAME and one.operator.lower() == "in past" and len(values) == 1:
            parts.append(f"in past {values[0]}")
        elif one.name != _TIME_FRAME and one.operator.lower() == "is" and not any("|" in value for value in values):
            parts.append(f"{one.name} is {'|'.join(values)}")
        else:
            return None
    return "; ".join(parts)


def _fits(count: Count, item: _Filter) -> Decimal | None:
    """How often, where the constraints of a filter are those of a mapped count; else None."""
    times = number("1")
    within = None
    where: dict[str, list[str]] = {}
    for one in item.conditions:
        values = _texts(one.name, one.values)
        if one.name == count.times and one.operator.lower() in ("is", "at least") and len(values) == 1:
            times = number(values[0])
        elif one.name == _TIME_FRAME and one.operator.lower() == "in past" and len(values) == 1:
            within = values[0]
        elif one.operator.lower() == "is":
            where[one.name] = sorted(values)
        else:
            return None
    same = where == {name: sorted(values) for name, values in count.where.items()}
    return times if same and _days(within) == _days(count.within) else None


def _days(window: str | None) -> tuple[int, str] | None:
    """A time frame, with weeks as days."""
    if window is None:
        return None
    count, _, unit = window.strip().lower().partition(" ")
    unit = unit.rstrip("s")
    if not count.isdigit():
        return (0, window)
    return (int(count) * _DAYS[unit], "day") if unit in _DAYS else (int(count), unit)


def _texts(name: str, values: list[Any]) -> list[str]:
    for value in values:
        if not isinstance(value, str | int | float):
            raise ConditionError("wrong-type", f"`{name}` is compared with {value!r}.", "Export it again.")
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]


def _logic(rules: _Rules) -> Logic:
    kind = rules.match_type.lower()
    count = len(rules.filters)
    if kind in _OWN_LOGIC:
        return parse_logic(rules.custom_logic or "", count)
    if rules.custom_logic:
        raise ConditionError(
            "filter-logic",
            f"There is filter logic, but the filters are joined by `{rules.match_type}`.",
            f"Export it again; filter logic goes with filterMatchType `{_OWN_LOGIC[0]}`.",
        )
    if kind == "all":
        return all_of(count)
    if kind == "any":
        return any_of(count)
    raise ConditionError(
        "filter-logic",
        f"`{rules.match_type}` is not a way to join filters that is known.",
        nearest(kind, ["all", "any", *_OWN_LOGIC]),
    )
