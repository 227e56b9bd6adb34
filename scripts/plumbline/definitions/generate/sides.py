"""dbt macros that say of a row what each side means: the shared version of a term, and every team's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from plumbline.definitions.conditions import Node, columns, render
from plumbline.definitions.generate.macros import MARK, placeholder, two_valued
from plumbline.definitions.importing.result import Imported
from plumbline.definitions.importing.variants import GovernedVariant
from plumbline.definitions.library import Governed, Library
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import Entity

SHARED = "shared"
"""What the shared version is called among the sides of a term."""

# A variant with what its source says.
ReadVariant = tuple[GovernedVariant, Imported]


@dataclass(frozen=True)
class _Side:
    term: str
    name: str
    team: str
    # The first day and the criteria of each version; a variant has one.
    versions: tuple[tuple[str, dict[str, Node]], ...]


def sides_text(library: Library, entity: Entity, variants: Sequence[ReadVariant]) -> str:
    """The macro of one entity: a list of sides, with the SQL of each side's answer and of the criteria not met."""
    sides = list(_sides(library, entity, variants))
    named = sorted(
        {
            name
            for side in sides
            for _, criteria in side.versions
            for condition in criteria.values()
            for name in columns(condition)
        }
    )
    macro = macro_name(entity)
    names = ", ".join(f"'{name}'" for name in named)
    lines = [
        "{#-",
        f"    {MARK}",
        "    Change definitions/terms or definitions/variants and run the command again.",
        "",
        f"    What each side says of a row of {entity.entity}, for every term of which a team has its own version:",
        "    the shared version and the teams'. `yes` is never NULL; `unmet` names the criteria that are not met.",
        "-#}",
        f"{{% macro {macro}(relation, as_of=none, columns={{}}) -%}}",
        f"    {{%- set column = definition_columns('{macro}', relation, [{names}], columns) -%}}",
        "    {%- set sides = [] -%}",
    ]
    for side in sides:
        lines += _side(side)
    return "\n".join([*lines, "    {{- return(sides) -}}", "{%- endmacro %}", ""])


def macro_name(entity: Entity) -> str:
    """The name of the entity's macro."""
    return f"sides_of_{entity.entity}"


def judged_yaml(entity: Entity) -> list[str]:
    """The arguments of every macro that judges a row: where it is, and the day whose version judges it."""
    return [
        "    arguments:",
        "      - name: relation",
        "        type: string",
        f"        description: Alias of the relation with the {entity.entity}.",
        "      - name: as_of",
        "        type: string",
        "        description: SQL of a day; the shared version in force on it judges. Else the newest.",
    ]


def sides_yaml(entity: Entity) -> list[str]:
    """Description of the entity's macro and its arguments."""
    return [
        f"  - name: {macro_name(entity)}",
        "    description: >-",
        f"      What each side says of a row of {entity.entity}: the shared version of a term, and every team's own.",
        *judged_yaml(entity),
        "      - name: columns",
        "        type: dict",
        "        description: Canonical column to the relation's own where they differ, or to SQL.",
    ]


def _sides(library: Library, entity: Entity, variants: Sequence[ReadVariant]) -> list[_Side]:
    sides = []
    for governed in library.terms.values():
        own = [read for read in variants if read[0].variant.term == governed.term.term]
        if governed.term.entity != entity.entity or not own:
            continue
        sides.append(_shared(governed))
        for found, imported in own:
            versions = (("", imported.criteria),)
            sides.append(_Side(governed.term.term, found.variant.variant, found.variant.team, versions))
    return sides


def _shared(governed: Governed) -> _Side:
    versions = tuple(
        (
            version.effective_from.isoformat(),
            {name: parse(criterion.sql) for name, criterion in version.criteria.items()},
        )
        for version in governed.term.versions
    )
    return _Side(governed.term.term, SHARED, SHARED, versions)


def _side(side: _Side) -> list[str]:
    lines: list[str] = []
    for key, written in (("yes", _yes), ("unmet", _unmet)):
        for number, (_, criteria) in enumerate(side.versions, start=1):
            lines += [f"    {{%- set {key}_{number} -%}}", *written(criteria), "    {%- endset -%}"]
        versions = ", ".join(f"('{day}', {key}_{number})" for number, (day, _) in enumerate(side.versions, start=1))
        lines.append(f"    {{%- set {key} -%}}{{{{ definition_in_force([{versions}], as_of) }}}}{{%- endset -%}}")
    numbers = ", ".join(f"('{day}', '{number}')" for number, (day, _) in enumerate(side.versions, start=1))
    lines += [
        f"    {{%- set version -%}}{{{{ definition_in_force([{numbers}], as_of) }}}}{{%- endset -%}}",
        f"    {{%- do sides.append({{'term': '{side.term}', 'side': '{side.name}', 'team': '{side.team}', "
        "'version': version, 'yes': yes, 'unmet': unmet}) -%}",
    ]
    return lines


def _yes(criteria: dict[str, Node]) -> list[str]:
    return two_valued([render(condition, placeholder) for condition in criteria.values()])


def _unmet(criteria: dict[str, Node]) -> list[str]:
    """The names of the criteria that are not true, each after a comma; the first comma is cut off."""
    told = [
        f"case when coalesce({render(condition, placeholder)}, false) then '' else ', {name}' end"
        for name, condition in criteria.items()
    ]
    return [
        "    substring(",
        *[f"        {'|| ' if place else ''}{part}" for place, part in enumerate(told)],
        "    , 3)",
    ]
