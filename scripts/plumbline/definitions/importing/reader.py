"""What the importers of exports share: the export at hand, its findings, and one filter after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from plumbline.definitions.conditions import ConditionError, Node
from plumbline.definitions.importing.logic import Logic
from plumbline.definitions.importing.operators import Target, predicate, to_node
from plumbline.definitions.importing.result import Imported, ImportedFilter, imported, unused_name
from plumbline.definitions.problems import DefinitionsError, Problem, nearest
from plumbline.definitions.schemas import Entity
from plumbline.definitions.semantics import operator
from plumbline.definitions.semantics_schemas import Semantics
from plumbline.definitions.variant_schemas import Count, ToolField
from plumbline.definitions.yaml_files import Document, Location

Found = TypeVar("Found")


@dataclass(frozen=True)
class Mapping:
    """How a team's tool names what the entity has."""

    entity: Entity
    fields: dict[str, ToolField] = field(default_factory=dict)
    counts: Sequence[Count] = ()

    def target(self, name: str) -> Target:
        """The column that a field of the tool stands for. Raises ConditionError when it is not mapped."""
        mapped = self.fields.get(name)
        if mapped is None:
            raise ConditionError(
                "unknown-field",
                f"The field `{name}` is not mapped to a column of {self.entity.entity}.",
                (nearest(name, self.fields) + " Or add" if self.fields else "Add")
                + " it to `fields` of the variant, with the canonical column.",
            )
        return self.to_column(name, mapped)

    def how_to_count(self, said: str | None) -> str:
        """How a filter that counts is mapped. `said`: as it is said on a command line, where that can be."""
        return "Add it to `counts` of the variant with exactly these constraints."

    def to_column(self, name: str, mapped: ToolField) -> Target:
        """The target of a mapped field. Raises ConditionError when the entity has no such column."""
        if mapped.column not in self.entity.columns:
            raise ConditionError(
                "unknown-column",
                f"`{mapped.column}`, to which `{name}` is mapped, is not a column of {self.entity.entity}.",
                nearest(mapped.column, self.entity.columns),
            )
        return Target(name, self.entity, mapped)


class Reader:
    """Reads the filters of one export, and keeps every finding with its line."""

    def __init__(self, document: Document, mapping: Mapping, semantics: Semantics) -> None:
        self.document = document
        self.mapping = mapping
        self.semantics = semantics
        self.problems: list[Problem] = []
        self.filters: list[ImportedFilter] = []
        self.missing: list[str] = []

    def attempt(self, at: Location, act: Callable[[], Found]) -> Found | None:
        """The outcome of `act`, or a finding at a place of the export."""
        try:
            return act()
        except ConditionError as error:
            self.wrong(at, error.code, error.message, error.mending)
            return None

    def wrong(self, at: Location, code: str, message: str, mending: str) -> None:
        """Note a finding at a place of the export."""
        self.problems.append(Problem(self.document.path, self.document.line(at), code, message, mending))

    def compared(self, number: int, name: str, operator_name: str, values: list[str], at: Location) -> None:
        """Add the filter of this number, which compares a field with values."""

        def act() -> None:
            target = self.mapping.target(name)
            rule = operator(self.semantics, target.family, operator_name)
            built, doubts = predicate(rule, target, values, self.semantics)
            shown = " ".join([name, operator_name, ", ".join(values)]).strip()
            self.add(number, name, shown, to_node(built, self.mapping.entity), at, rule.says)
            self.missing.extend(doubts)

        self.attempt(at, act)

    def add(self, number: int, name: str, shown: str, condition: Node, at: Location, rule: str | None) -> None:
        """Add a filter that is understood."""
        taken = [item.name for item in self.filters]
        line = self.document.line(at)
        self.filters.append(ImportedFilter(number, unused_name(name, taken), shown, condition, line, rule))

    def result(self, logic: Logic | None) -> Imported:
        """The whole import. Raises DefinitionsError with every finding."""
        if self.problems or logic is None:
            raise DefinitionsError(self.problems)
        return imported(self.filters, logic, self.missing)
