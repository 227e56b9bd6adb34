"""What can be wrong within the file of a measure, beyond its shape."""

from collections.abc import Iterator

from plumbline.definitions.problems import Problem, nearest
from plumbline.definitions.schemas import Criterion, Entity, Measure, MeasureVersion
from plumbline.definitions.shaping import condition_problems, number_problems
from plumbline.definitions.term_problems import row_problems, sequence_problems
from plumbline.definitions.yaml_files import Document, Location


def measure_problems(document: Document, measure: Measure, entity: Entity) -> list[Problem]:
    """Findings about the versions of a measure: their order, parts, period and examples."""
    problems: list[Problem] = []
    for index, version in enumerate(measure.versions):
        problems.extend(sequence_problems(document, measure.versions, index))
        problems.extend(_version_problems(document, ("versions", index), version, entity))
    return problems


def _version_problems(document: Document, at: Location, version: MeasureVersion, entity: Entity) -> Iterator[Problem]:
    for key, criterion in _conditions(version):
        yield from condition_problems(document, (*at, *key), criterion, entity)
    yield from number_problems(document, (*at, "numerator"), version.numerator, entity)
    if version.denominator is not None:
        yield from number_problems(document, (*at, "denominator"), version.denominator, entity)
    column = entity.columns.get(version.as_of)
    line = document.line((*at, "as_of"))
    if column is None:
        message = f"`{version.as_of}` is not a column of {entity.entity}."
        yield Problem(document.path, line, "unknown-column", message, nearest(version.as_of, entity.columns))
    elif column.type not in ("date", "timestamp"):
        message = f"`{version.as_of}` is {column.type}; a period begins on a day."
        yield Problem(document.path, line, "wrong-type", message, "Name a column that is a date.")
    for number, example in enumerate(version.examples):
        for place, row in enumerate(example.rows):
            yield from row_problems(document, (*at, "examples", number, "rows", place), row, entity)


def _conditions(version: MeasureVersion) -> Iterator[tuple[Location, Criterion]]:
    for name, criterion in version.cohort.items():
        yield ("cohort", name), criterion
    for name, criterion in version.identities.items():
        yield ("identities", name), criterion
