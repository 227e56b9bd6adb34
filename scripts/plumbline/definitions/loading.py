"""Reading `definitions/`: every finding with its file, line and mending, all of them at once."""

from pathlib import Path

from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.measure_problems import measure_problems
from plumbline.definitions.metric_problems import metric_problems
from plumbline.definitions.problems import DefinitionsError, Problem, nearest
from plumbline.definitions.recorded import read_record
from plumbline.definitions.schemas import Entity, Governance, Measure, Term
from plumbline.definitions.shaping import condition_problems, documents, named_like_file, shaped
from plumbline.definitions.term_problems import origin_problems, term_problems
from plumbline.definitions.types import value_fault
from plumbline.definitions.yaml_files import Document, Location


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
    measures: dict[str, GovernedMeasure] = {}
    for document in documents(root, "terms", problems):
        if _is_measure(document):
            measure = shaped(document, Measure, problems)
            if measure is not None and _named_and_about(document, measure, entities, problems):
                problems.extend(measure_problems(document, measure, entities[measure.entity]))
                measures[measure.term] = GovernedMeasure(
                    measure, entities[measure.entity], document, read_record(root, measure.term)
                )
            continue
        term = shaped(document, Term, problems)
        if term is not None and _named_and_about(document, term, entities, problems):
            problems.extend(term_problems(document, term, entities[term.entity]))
            terms[term.term] = Governed(term, entities[term.entity], document, read_record(root, term.term))
    for governed in terms.values():
        problems.extend(origin_problems(governed, terms))
    problems.extend(metric_problems(terms))
    if problems:
        raise DefinitionsError(problems)
    if not terms:
        raise DefinitionsError(
            [
                Problem(
                    "definitions/terms",
                    1,
                    "no-terms",
                    "There are no terms here yet, so there is nothing that a team's version could be a version of.",
                    "Describe what you speak about in definitions/entities/<entity>.yml, then a first word in "
                    "definitions/terms/<term>.yml: definitions/README.md says what a file holds.",
                )
            ]
        )
    return Library(root, dict(sorted(entities.items())), dict(sorted(terms.items())), dict(sorted(measures.items())))


def _is_measure(document: Document) -> bool:
    return isinstance(document.data, dict) and document.data.get("kind") == "measure"


def _named_and_about(
    document: Document, word: Governance, entities: dict[str, Entity], problems: list[Problem]
) -> bool:
    """Whether the entity is known; the file's name and the entity's are held against what is there."""
    problems.extend(named_like_file(document, "term", word.term))
    if word.entity in entities:
        return True
    message = f"There is no entity `{word.entity}`."
    line = document.line(("entity",))
    problems.append(Problem(document.path, line, "unknown-entity", message, nearest(word.entity, entities)))
    return False


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
