"""dbt data tests from the examples: every night, the generated macros answer each as people expect."""

from collections.abc import Mapping

from plumbline.definitions.generate.macros import MARK
from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.schemas import Entity, Example, MeasureExample, Scalar, Version

_TYPES = {
    "text": "{{ dbt.type_string() }}",
    "integer": "{{ dbt.type_int() }}",
    "decimal": "{{ dbt.type_numeric() }}",
    "boolean": "{{ dbt.type_boolean() }}",
    "date": "date",
    "timestamp": "{{ dbt.type_timestamp() }}",
}


def examples_test(library: Library, entity: Entity) -> str:
    """The data test of all terms about one entity; it returns the examples that are answered otherwise."""
    selects = [
        _select(governed, version, number, example)
        for governed in library.terms.values()
        if governed.term.entity == entity.entity
        for version in governed.term.versions
        for number, example in enumerate(version.examples, start=1)
    ]
    body = "\n\n    union all\n\n".join(selects)
    return (
        f"-- {MARK}\n"
        f"-- Every example of the terms about `{entity.entity}`, answered by the generated macros.\n"
        "-- A row here is one that its macro answers otherwise than definitions/terms/<term>.yml expects.\n"
        f"with\n\nanswered as (\n\n{body}\n\n)\n\n"
        "select *\nfrom answered\nwhere answer is null or answer <> expected\n"
    )


def _select(governed: Governed, version: Version, number: int, example: Example) -> str:
    macro = f"""{{{{ {governed.term.macro}('example', as_of="cast('{version.effective_from}' as date)") }}}}"""
    return (
        "    select\n"
        f"        '{governed.term.term}' as term,\n"
        f"        {version.version} as version,\n"
        f"        {number} as example,\n"
        f"        {str(example.expect).lower()} as expected,\n"
        f"        {macro} as answer\n"
        "    from (\n"
        f"        select\n            {_columns(governed, example.values)}\n"
        "    ) as example"
    )


def measures_test(library: Library) -> str:
    """The data test of all measures; it returns the examples that are answered otherwise."""
    selects = [
        _measured(governed, number, example)
        for governed in library.measures.values()
        for number, example in enumerate(governed.newest.examples, start=1)
    ]
    body = "\n\n    union all\n\n".join(selects)
    return (
        f"-- {MARK}\n"
        "-- Every example of the measures, answered by the generated macros.\n"
        "-- A row here is one that its macro answers otherwise than definitions/terms/<term>.yml expects.\n"
        f"with\n\nanswered as (\n\n{body}\n\n)\n\n"
        "select *\nfrom answered\n"
        "where round(answer, 6) <> round(expected, 6) or (answer is null) <> (expected is null)\n"
    )


def _measured(governed: GovernedMeasure, number: int, example: MeasureExample) -> str:
    rows = "\n        union all\n".join(
        f"        select\n            {_columns(governed, row)}" for row in example.rows
    )
    expected = "null" if example.expect is None else format(example.expect, "f")
    return (
        "    select\n"
        f"        '{governed.term.term}' as term,\n"
        f"        {number} as example,\n"
        f"        cast({expected} as {_TYPES['decimal']}) as expected,\n"
        f"        {{{{ {governed.term.macro}('example') }}}} as answer\n"
        f"    from (\n{rows}\n    ) as example"
    )


def _columns(governed: Governed | GovernedMeasure, values: Mapping[str, Scalar]) -> str:
    return ",\n            ".join(
        f"cast({_literal(values.get(name))} as {_TYPES[governed.entity.columns[name].type]}) as {name}"
        for name in governed.columns
    )


def _literal(value: Scalar) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return format(value, "d") if isinstance(value, int) else repr(value)
    return f"'{value}'"
