"""Reading `definitions/`: every finding with its file, line and mending, all of them at once."""

from datetime import date
from pathlib import Path

from plumbline.definitions.library import Governed, Library
from plumbline.definitions.problems import DefinitionsError, Problem, nearest
from plumbline.definitions.schemas import Entity, Example, Scalar, Term
from plumbline.definitions.shaping import condition_problems, documents, named_like_file, shaped
from plumbline.definitions.types import outside
from plumbline.definitions.yaml_files import Document, Location

# Macros of dbt that a term's macro would hide.
_TAKEN = {"incremental"}

_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "decimal": (int, float),
    "boolean": (bool,),
    "date": (date,),
    "timestamp": (date,),
}


def load_library(root: Path) -> Library:
    """Read `definitions/` below a project's root. Raises DefinitionsError with every finding."""
    problems: list[Problem] = []
    entities: dict[str, Entity] = {}
    for document in documents(root, "entities", problems):
        entity = shaped(document, Entity, problems)
        if entity is not None:
            problems.extend(named_like_file(document, "entity", entity.entity))
            problems.extend(_entity_problems(document, entity))
            entities[entity.entity] = entity
    terms: dict[str, Governed] = {}
    for document in documents(root, "terms", problems):
        term = shaped(document, Term, problems)
        if term is None:
            continue
        problems.extend(named_like_file(document, "term", term.term))
        if term.entity not in entities:
            line = document.line(("entity",))
            message = f"There is no entity `{term.entity}`."
            problems.append(Problem(document.path, line, "unknown-entity", message, nearest(term.entity, entities)))
            continue
        problems.extend(_term_problems(document, term, entities[term.entity]))
        terms[term.term] = Governed(term, entities[term.entity], document)
    if problems:
        raise DefinitionsError(problems)
    if not terms:
        raise DefinitionsError(
            [
                Problem(
                    "definitions/terms",
                    1,
                    "no-terms",
                    "There are no definitions here.",
                    "Run it in the project's root.",
                )
            ]
        )
    return Library(root, dict(sorted(entities.items())), dict(sorted(terms.items())))


def _entity_problems(document: Document, entity: Entity) -> list[Problem]:
    problems: list[Problem] = []
    for name, column in entity.columns.items():
        at: Location = ("columns", name)
        if column.accepted_values is not None and column.type != "text":
            message = f"`{name}` is {column.type}; only texts have accepted values."
            line = document.line((*at, "accepted_values"))
            problems.append(Problem(document.path, line, "wrong-value", message, "Use min and max."))
        if (column.min is not None or column.max is not None) and column.type not in ("integer", "decimal"):
            message = f"`{name}` is {column.type}; only numbers have bounds."
            problems.append(Problem(document.path, document.line(at), "wrong-value", message, "Remove min and max."))
        fault = value_fault(entity, name, column.typical)
        if fault is not None:
            line = document.line((*at, "typical"))
            problems.append(Problem(document.path, line, "wrong-value", fault, "Choose a value that occurs."))
    for index, supplier in enumerate(entity.supplied_by):
        for name in supplier.columns or []:
            if name not in entity.columns:
                line = document.line(("supplied_by", index, "columns"))
                message = f"`{name}` is not a column of {entity.entity}."
                mending = nearest(name, entity.columns)
                problems.append(Problem(document.path, line, "unknown-column", message, mending))
    for name, fact in entity.facts.items():
        problems.extend(condition_problems(document, ("facts", name), fact, entity))
    return problems


def value_fault(entity: Entity, name: str, value: Scalar) -> str | None:
    """Why `value` does not fit a column of the entity, or None. NULL fits everywhere."""
    column = entity.columns[name]
    if value is None:
        return None
    fits = isinstance(value, _PYTHON_TYPES[column.type])
    if isinstance(value, bool) and column.type != "boolean":
        fits = False
    if not fits:
        return f"`{name}` is {column.type}; {value!r} is not."
    if isinstance(value, str) and ("'" in value or "\\" in value):
        return f"`{name}`: {value!r} holds a quote or a backslash, which engines read differently."
    why = outside(column, value)
    return None if why is None else f"`{name}` is never {value!r}: {why}."


def _term_problems(document: Document, term: Term, entity: Entity) -> list[Problem]:
    problems: list[Problem] = []
    if term.term in _TAKEN:
        message = f"dbt has a macro `{term.macro}` of its own."
        problems.append(Problem(document.path, document.line(("term",)), "taken-name", message, "Choose another word."))
    for index, version in enumerate(term.versions):
        at: Location = ("versions", index)
        problems.extend(_sequence_problems(document, term, index))
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
            problems.extend(_example_problems(document, (*at, "examples", number), example, entity))
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


def _sequence_problems(document: Document, term: Term, index: int) -> list[Problem]:
    """Versions follow one another: numbered one by one, each later than the one before it."""
    version = term.versions[index]
    at: Location = ("versions", index)
    problems = []
    if version.version != index + 1:
        message = f"This is version {index + 1} by place, but is numbered {version.version}."
        line = document.line((*at, "version"))
        problems.append(
            Problem(document.path, line, "version-order", message, "Number versions from 1, the oldest first.")
        )
    if index and version.effective_from <= term.versions[index - 1].effective_from:
        before = term.versions[index - 1]
        message = (
            f"Version {version.version} begins on {version.effective_from}, "
            f"not after version {before.version} ({before.effective_from}): their days overlap."
        )
        line = document.line((*at, "effective_from"))
        problems.append(
            Problem(document.path, line, "overlap", message, "Each version begins after the one before it.")
        )
    return problems


def _example_problems(document: Document, at: Location, example: Example, entity: Entity) -> list[Problem]:
    problems = []
    for name, value in example.values.items():
        line = document.line((*at, name))
        if name not in entity.columns:
            message = f"`{name}` is not a column of {entity.entity}."
            problems.append(Problem(document.path, line, "unknown-column", message, nearest(name, entity.columns)))
            continue
        fault = value_fault(entity, name, value)
        if fault is not None:
            problems.append(Problem(document.path, line, "wrong-value", fault, "Mend the example, or the entity."))
    return problems
