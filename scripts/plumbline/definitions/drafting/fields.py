"""Which column a tool's field stands for: as somebody says, as other variants have it, or by its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from pydantic import ValidationError

from plumbline.definitions.conditions import ConditionError
from plumbline.definitions.importing import GovernedVariant, Mapping
from plumbline.definitions.importing.operators import Target
from plumbline.definitions.problems import nearest
from plumbline.definitions.schemas import Criterion, Entity
from plumbline.definitions.variant_schemas import Count, Kind, ToolField, Variant
from plumbline.project.errors import PlumblineError
from plumbline.project.exit_codes import ExitCode

# Teams may read one field in several ways; so many readings of one export are tried.
_MOST_READINGS = 16
_FIELD = re.compile(r"(?P<name>.+?)=(?P<column>[a-z][a-z0-9_]*)(?:\*(?P<times>[0-9.]+))?")
_VALUE = re.compile(r"(?P<name>[^:=]+):(?P<theirs>[^=]+)=(?P<ours>.+)")


class SaidError(PlumblineError):
    """What was said about a field on the command line cannot be used."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True)
class Learning(Mapping):
    """A mapping that also takes fields by their names, and notes which fields and counts an export asks for."""

    used: dict[str, ToolField] = field(default_factory=dict)

    def target(self, name: str) -> Target:
        """The column of a field: mapped, or called like the field. Raises ConditionError."""
        if name in self.fields:
            return self.to_column(name, self.fields[name])
        found = called(name, self.entity)
        if found is None:
            raise ConditionError(
                "unknown-field",
                f"Which column of {self.entity.entity} the field `{name}` is nobody has said yet.",
                f"Say so: --field '{name}={_guess(name, self.entity)}'. {nearest(_words(name), self.entity.columns)}",
            )
        return self.to_column(name, found)

    def how_to_count(self, said: str | None) -> str:
        """How a filter that counts is said on the command line."""
        if said is None:
            return "Such constraints can only be counted by a column of their own: filter by one, or write the variant."
        numbers = [name for name, column in self.entity.columns.items() if column.type in ("integer", "decimal")]
        columns = ", ".join(f"`{name}`" for name in numbers)
        return f"Say which column counts the same: --count '{said}=COLUMN', COLUMN being one of {columns}."

    def to_column(self, name: str, mapped: ToolField) -> Target:
        """The target of a field; it is noted as used."""
        found = super().to_column(name, mapped)
        self.used[name] = mapped
        return found

    def asked(self) -> tuple[dict[str, ToolField], list[Count]]:
        """The fields and counts that the export used, as a variant writes them down."""
        counts = [count for count in self.counts if self.used.get(count.filter) == count.as_field()]
        counted = {count.filter for count in counts}
        fields = {
            name: mapped
            for name, mapped in self.used.items()
            # a query may name canonical columns as they are
            if name not in counted and not (name in self.entity.columns and mapped == ToolField(column=name))
        }
        return fields, counts


def readings(
    entity: Entity,
    kind: Kind,
    variants: Iterable[GovernedVariant],
    said: dict[str, ToolField],
    said_counts: Sequence[Count] = (),
) -> Iterator[Learning]:
    """The mappings to try on an entity: what was said stands; each way in which other variants read a field is one."""
    alike = _alike(entity, kind, variants)
    known: dict[str, list[ToolField]] = {}
    for variant in alike:
        for name, mapped in variant.fields.items():
            known[name] = _with(known.get(name, []), mapped)
    choices = [(name, [said[name]] if name in said else ways) for name, ways in known.items()]
    choices += [(name, [mapped]) for name, mapped in said.items() if name not in known]
    learnt = [*said_counts, *(count for variant in alike for count in variant.counts)]
    counts = list({count.model_dump_json(): count for count in learnt}.values())
    names = [name for name, _ in choices]
    for ways in islice(product(*(ways for _, ways in choices)), _MOST_READINGS):
        yield Learning(entity, dict(zip(names, ways, strict=True)), counts)


def usual(entity: Entity, kind: Kind, variants: Iterable[GovernedVariant]) -> dict[str, Criterion]:
    """What every variant of this tool on the entity says that the tool applies without showing it."""
    alike = _alike(entity, kind, variants)
    return {
        name: criterion
        for variant in alike[:1]
        for name, criterion in variant.implicit.items()
        if all(other.implicit.get(name) == criterion for other in alike)
    }


def _alike(entity: Entity, kind: Kind, variants: Iterable[GovernedVariant]) -> list[Variant]:
    said = (item.variant for item in variants)
    return [variant for variant in said if variant.source.kind == kind and variant.entity == entity.entity]


def _with(ways: list[ToolField], mapped: ToolField) -> list[ToolField]:
    """The ways to read a field, with one more: onto the same column, the values that teams noted are joined."""
    for place, way in enumerate(ways):
        theirs, more = way.values or {}, mapped.values or {}
        alike = way.column == mapped.column and way.times == mapped.times and theirs and more
        if alike and all(theirs.get(name, value) == value for name, value in more.items()):
            both = way.model_copy(update={"values": {**theirs, **more}})
            return [*ways[:place], both, *ways[place + 1 :]]
    return ways if mapped in ways else [*ways, mapped]


def called(name: str, entity: Entity) -> ToolField | None:
    """The one column whose name or label a field's name is."""
    words = _words(name)
    found = [
        column
        for column, declared in entity.columns.items()
        if words in (column, column.removeprefix("is_"), _words(declared.label))
    ]
    if len(found) != 1:
        return None
    values = entity.columns[found[0]].accepted_values
    # tools write their values with capitals and spaces
    return ToolField(column=found[0], values=None if values is None else {_title(value): value for value in values})


def said_fields(fields: Sequence[str], values: Sequence[str]) -> dict[str, ToolField]:
    """`NAME=column`, `NAME=column*0.01` and `NAME:theirs=ours`, as fields. Raises SaidError."""
    found: dict[str, dict[str, object]] = {}
    for text in fields:
        match = _FIELD.fullmatch(text.strip())
        if match is None:
            raise SaidError(
                f"--field {text!r} does not say which column a field is.",
                "Write --field 'Lead Score=lead_score', or --field 'PROBABILITY=probability*0.01'.",
            )
        found[match["name"].strip()] = {"column": match["column"], "times": match["times"]}
    for text in values:
        match = _VALUE.fullmatch(text.strip())
        if match is None or match["name"].strip() not in found:
            raise SaidError(
                f"--value {text!r} does not say what a value of a field is.",
                "Write --field 'STAGE_NAME=stage_category' --value 'STAGE_NAME:Closed Won=won'.",
            )
        noted = found[match["name"].strip()].setdefault("values", {})
        assert isinstance(noted, dict)
        noted[match["theirs"].strip()] = match["ours"].strip()
    try:
        return {name: ToolField.model_validate(mapped) for name, mapped in found.items()}
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise SaidError(
            f"A field cannot be mapped so: {detail['msg']}.", "See `plumbline definitions init --help`."
        ) from error


def said_counts(texts: Sequence[str]) -> list[Count]:
    """`FILTER; in past WINDOW; CONSTRAINT is THIS|THAT=column`, all but the filter optional. Raises SaidError."""
    return [_said_count(text) for text in texts]


def _said_count(text: str) -> Count:
    told, _, column = text.rpartition("=")
    name, *rest = [part.strip() for part in told.split(";")]
    within: str | None = None
    where: dict[str, list[str]] = {}
    try:
        for part in rest:
            constraint, _, values = part.partition(" is ")
            if part.lower().startswith("in past ") and within is None:
                within = part[len("in past ") :].strip()
            elif constraint and values and constraint.strip() not in where:
                where[constraint.strip()] = [value.strip() for value in values.split("|")]
            else:
                raise ValueError(part)
        return Count.model_validate({"filter": name, "within": within, "where": where, "column": column.strip()})
    except ValueError as error:  # what pydantic raises is one
        raise SaidError(
            f"--count {text!r} does not say which column counts the same as a filter on activities.",
            "Write --count 'Visited Web Page; in past 7 days=visits_7d', "
            "or --count 'Filled Out Form; Form Name is Demo|Trial; in past 30 days=demos_30d'.",
        ) from error


def _words(name: str) -> str:
    plain = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name.removesuffix("__c"))
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


def _title(value: str) -> str:
    return value.replace("_", " ").title()


def _guess(name: str, entity: Entity) -> str:
    """A column that shares a word with the field, to show how it is said."""
    words = {word.rstrip("s") for word in _words(name).split("_")}
    return next(
        (column for column in entity.columns if words & {part.rstrip("s") for part in column.split("_")}), "its_column"
    )
