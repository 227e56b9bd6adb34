"""What an import gives: every filter as a condition over the entity, and what could not be seen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from plumbline.definitions.conditions import All, Node, render
from plumbline.definitions.importing.logic import Joined, Logic, combine, numbers

_LONGEST_NAME = 60


@dataclass(frozen=True)
class ImportedFilter:
    """One filter of the tool; two-valued, unless it was written in SQL.

    `shown` is the filter in the tool's words, `rule` what the tool's operator means.
    """

    number: int
    name: str
    shown: str
    condition: Node
    line: int
    rule: str | None = None

    @property
    def sql(self) -> str:
        """The condition as portable SQL."""
        return render(self.condition)


@dataclass(frozen=True)
class Imported:
    """A team's filter in the entity's words.

    `criteria` are its parts, all of which have to hold; `missing` says what the source does not tell or what
    a condition on one row cannot say: with any of it, the import is partial.
    """

    filters: tuple[ImportedFilter, ...]
    condition: Node
    criteria: dict[str, Node]
    missing: tuple[str, ...]

    @property
    def partial(self) -> bool:
        """Whether the condition may say less, or something else, than the source."""
        return bool(self.missing)

    @property
    def sql(self) -> str:
        """The whole condition as portable SQL."""
        return render(self.condition)


def with_implicit(found: Imported, implicit: Mapping[str, Node]) -> Imported:
    """What the tool's export says, and what the tool applies without saying so."""
    if not implicit:
        return found
    criteria = dict(found.criteria)
    for name, node in implicit.items():
        criteria[unused_name(name, criteria)] = node
    whole = found.condition.items if isinstance(found.condition, All) else (found.condition,)
    return replace(found, condition=All((*whole, *implicit.values())), criteria=criteria)


def imported(filters: Sequence[ImportedFilter], logic: Logic, missing: Sequence[str]) -> Imported:
    """Filters put together as the tool's filter logic says."""
    conditions = {item.number: item.condition for item in filters}
    parts = logic.items if isinstance(logic, Joined) and logic.every else (logic,)
    names = {item.number: item.name for item in filters}
    criteria: dict[str, Node] = {}
    for part in parts:
        used = list(dict.fromkeys(names[number] for number in numbers(part)))
        criteria[unused_name("_or_".join(used), criteria)] = combine(part, conditions)
    return Imported(tuple(filters), combine(logic, conditions), criteria, tuple(dict.fromkeys(missing)))


def unused_name(wanted: str, taken: Sequence[str] | dict[str, Node]) -> str:
    """A name for a criterion, made of the tool's words, that is not taken."""
    words = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_")
    name = words if words[:1].isalpha() else f"filter_{words}".strip("_")
    name = name[:_LONGEST_NAME].rstrip("_")
    count = 2
    found = name
    while found in taken:
        found = f"{name[: _LONGEST_NAME - 4]}_{count}"
        count += 1
    return found
