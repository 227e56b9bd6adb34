"""dbt macros that say of a row what counts for each metric that is published of the terms about an entity."""

from collections.abc import Iterator

from plumbline.definitions.generate.macros import MARK
from plumbline.definitions.generate.sides import SHARED, ReadVariant, judged_yaml
from plumbline.definitions.generate.sides import macro_name as sides_name
from plumbline.definitions.library import Governed, Library
from plumbline.definitions.schemas import Entity, Metric


def metrics_name(entity: Entity) -> str:
    """The name of the entity's macro."""
    return f"metrics_of_{entity.entity}"


def metric_entities(library: Library) -> list[Entity]:
    """The entities about whose terms something is published."""
    return [entity for entity in library.entities.values() if any(_metrics(library, entity))]


def metrics_text(library: Library, entity: Entity, variants: list[ReadVariant]) -> str:
    """The macro of one entity: a list of metrics, with the SQL of what counts, by the shared version and by teams'."""
    varied = {read[0].variant.term for read in variants}
    has_sides = any(governed.term.term in varied for governed, _, _ in _metrics(library, entity))
    lines = [
        "{#-",
        f"    {MARK}",
        "    Change definitions/terms or definitions/variants and run the command again.",
        "",
        f"    The metrics that are published of terms about {entity.entity}. `sides` is what counts, by the shared",
        "    version and by each team's own; `whole` what it is a share of, where it is one; `definitions` the",
        "    versions of the shared meaning that judge, as text; `version_count` the most that any of its terms has.",
        "-#}",
        f"{{% macro {metrics_name(entity)}(relation, as_of=none) -%}}",
        "    {%- set metrics = [] -%}",
    ]
    if has_sides:
        lines.append(f"    {{%- set stated = {sides_name(entity)}(relation, as_of=as_of) -%}}")
    for governed, name, metric in _metrics(library, entity):
        lines += _metric(library, governed, name, metric, governed.term.term in varied)
    return "\n".join([*lines, "    {{- return(metrics) -}}", "{%- endmacro %}", ""])


def metrics_yaml(entity: Entity) -> list[str]:
    """Description of the entity's macro and its arguments."""
    return [
        f"  - name: {metrics_name(entity)}",
        "    description: >-",
        f"      The metrics that are published of terms about {entity.entity}, and what counts for each.",
        *judged_yaml(entity),
    ]


def _metrics(library: Library, entity: Entity) -> Iterator[tuple[Governed, str, Metric]]:
    for governed in library.terms.values():
        if governed.term.entity == entity.entity:
            for name, metric in governed.term.metrics.items():
                yield governed, name, metric


def _metric(library: Library, governed: Governed, name: str, metric: Metric, is_varied: bool) -> list[str]:
    term = governed.term
    used = [term, *[library.terms[other].term for other in (*metric.beside, *metric.among)]]
    among = "".join(f" ~ ' and ' ~ {library.terms[other].term.macro}(relation, as_of=as_of)" for other in metric.among)
    beside = "".join(f" ~ ' or ' ~ {library.terms[other].term.macro}(relation, as_of=as_of)" for other in metric.beside)
    definitions = " ~ \" || ', ' || \" ~ ".join(
        "definition_in_force(["
        + ", ".join(f"('{version.effective_from}', \"'{one.term}@{version.version}'\")" for version in one.versions)
        + "], as_of)"
        for one in used
    )
    own = ", ".join(f"('{version.effective_from}', '{version.version}')" for version in term.versions)
    lines = [
        "    {%- set sides = [] -%}",
        f"    {{%- set meant = [{{'side': '{SHARED}', 'team': '{SHARED}', "
        f"'yes': {term.macro}(relation, as_of=as_of)}}] -%}}",
    ]
    if is_varied:
        lines.append(
            f"    {{%- do meant.extend(stated | selectattr('term', 'equalto', '{term.term}') "
            f"| rejectattr('side', 'equalto', '{SHARED}')) -%}}"
        )
    whole = f"'(' ~ one.yes{beside} ~ ')'{among}" if metric.beside else "none"
    lines += [
        "    {%- for one in meant -%}",
        f"        {{%- do sides.append({{'side': one.side, 'team': one.team, 'yes': one.yes{among}, "
        f"'whole': {whole}}}) -%}}",
        "    {%- endfor -%}",
        "    {%- do metrics.append({",
        f"        'metric': '{name}', 'name': '{metric.name}', 'term': '{term.term}', 'unit': '{metric.unit}', "
        f"'taken': '{metric.taken}',",
        f"        'additivity': '{metric.additivity}', 'version_count': {max(len(one.versions) for one in used)}, "
        f"'version': definition_in_force([{own}], as_of),",
        f"        'definitions': {definitions}, 'sides': sides,",
        "    }) -%}",
    ]
    return lines
