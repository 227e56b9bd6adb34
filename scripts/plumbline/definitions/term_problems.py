"""What can be wrong within the file of a term, beyond its shape."""

from collections.abc import Mapping, Sequence

from plumbline.definitions.library import Governed
from plumbline.definitions.problems import Problem, nearest
from plumbline.definitions.schemas import AnyVersion, Entity, Scalar, Term
from plumbline.definitions.shaping import condition_problems
from plumbline.definitions.types import value_fault
from plumbline.definitions.yaml_files import Document, Location

# Macros of dbt that a term's macro would hide.
_TAKEN = {"incremental"}


def term_problems(document: Document, term: Term, entity: Entity) -> list[Problem]:
    """Findings about the versions of a term: their order, conditions, service levels and examples."""
    problems: list[Problem] = []
    if term.term in _TAKEN:
        message = f"dbt has a macro `{term.macro}` of its own."
        problems.append(Problem(document.path, document.line(("term",)), "taken-name", message, "Choose another word."))
    for index, version in enumerate(term.versions):
        at: Location = ("versions", index)
        problems.extend(sequence_problems(document, term.versions, index))
        for name, criterion in version.criteria.items():
            problems.extend(condition_problems(document, (*at, "criteria", name), criterion, entity))
        for number, level in enumerate(version.sla):
            for name in [level.start, *([level.stop] if level.stop else []), *level.requires]:
                if name not in entity.columns:
                    line = document.line((*at, "sla", number))
                    message = f"`{name}` is not a column of {entity.entity}."
                    problems.append(
                        Problem(document.path, line, "unknown-column", message, nearest(name, entity.columns))
                    )
        for number, example in enumerate(version.examples):
            problems.extend(row_problems(document, (*at, "examples", number), example.values, entity))
        for expected in (True, False):
            if expected not in {example.expect for example in version.examples}:
                shown = str(expected).lower()
                message = f"Version {version.version} has no example with `expect: {shown}`."
                line = document.line((*at, "examples"))
                problems.append(
                    Problem(
                        document.path,
                        line,
                        "one-sided-examples",
                        message,
                        "Add one: both answers need a witness.",
                    )
                )
    return problems


def sequence_problems(document: Document, versions: Sequence[AnyVersion], index: int) -> list[Problem]:
    """Versions follow one another: numbered one by one, each later than the one before it."""
    version = versions[index]
    at: Location = ("versions", index)
    problems = []
    if version.version != index + 1:
        message = f"This is version {index + 1} by place, but is numbered {version.version}."
        line = document.line((*at, "version"))
        problems.append(
            Problem(document.path, line, "version-order", message, "Number versions from 1, the oldest first.")
        )
    if index and version.effective_from <= versions[index - 1].effective_from:
        before = versions[index - 1]
        message = (
            f"Version {version.version} begins on {version.effective_from}, "
            f"not after version {before.version} ({before.effective_from}): their days overlap."
        )
        line = document.line((*at, "effective_from"))
        problems.append(
            Problem(document.path, line, "overlap", message, "Each version begins after the one before it.")
        )
    return problems


def row_problems(document: Document, at: Location, row: Mapping[str, Scalar], entity: Entity) -> list[Problem]:
    """Findings about an example's row: columns that are none, values that never occur."""
    problems = []
    for name, value in row.items():
        line = document.line((*at, name))
        if name not in entity.columns:
            message = f"`{name}` is not a column of {entity.entity}."
            problems.append(Problem(document.path, line, "unknown-column", message, nearest(name, entity.columns)))
            continue
        fault = value_fault(entity, name, value)
        if fault is not None:
            problems.append(Problem(document.path, line, "wrong-value", fault, "Mend the example, or the entity."))
    return problems


def origin_problems(governed: Governed, terms: dict[str, Governed]) -> list[Problem]:
    """A transition comes from another term about the same entity."""
    term, document = governed.term, governed.document
    candidates = [name for name, other in terms.items() if other.term.entity == term.entity and name != term.term]
    return [
        Problem(
            document.path,
            document.line(("versions", index, "comes_from")),
            "unknown-term",
            f"`{version.comes_from}` is no other term about {term.entity}.",
            nearest(version.comes_from, candidates),
        )
        for index, version in enumerate(term.versions)
        if version.comes_from is not None and version.comes_from not in candidates
    ]
