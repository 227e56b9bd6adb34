"""From a YAML or JSON file to one of our shapes: a finding for every slip, with its line and its mending."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from plumbline.definitions.conditions import ConditionError, Node
from plumbline.definitions.problems import DefinitionsError, Problem, nearest, shown_path
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import Criterion, Entity
from plumbline.definitions.types import check_condition, check_number
from plumbline.definitions.yaml_files import Document, Location, read_yaml

Shape = TypeVar("Shape", bound=BaseModel)


def documents(root: Path, folder: str, problems: list[Problem]) -> Iterator[Document]:
    """Every YAML file of a folder of `definitions/`; what cannot be read becomes a finding."""
    for path in sorted((root / "definitions" / folder).glob("*.y*ml")):
        try:
            yield read_yaml(path, shown_path(path, root))
        except DefinitionsError as error:
            problems.extend(error.problems)


def shaped(document: Document, shape: type[Shape], problems: list[Problem]) -> Shape | None:
    """The file as `shape`, or findings with their lines."""
    try:
        return shape.model_validate(document.data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        found = [_shape_problem(document, shape, detail) for detail in details]
        misspelt = {problem.mending for problem in found if problem.code == "unknown-key"}
        # A key that is missing because it is misspelt is one slip, not two.
        problems.extend(
            problem
            for problem, detail in zip(found, details, strict=True)
            if problem.code != "missing-key" or f"Did you mean `{detail['loc'][-1]}`?" not in misspelt
        )
        return None


def _shape_problem(document: Document, shape: type[BaseModel], detail: Any) -> Problem:
    # pydantic names the member of a union, or "[key]", in its location; the file has no such key.
    location: Location = tuple(part for part in detail["loc"] if part != "[key]")
    place = ".".join(str(part) for part in location) or "the file"
    line = document.line(location)
    name = str(location[-1]) if location else ""
    if detail["type"] == "extra_forbidden":
        valid = _fields_at(shape, location[:-1])
        return Problem(
            document.path,
            line,
            "unknown-key",
            f"`{place}` is not a key that is known here.",
            nearest(name, valid),
        )
    if detail["type"] == "missing":
        return Problem(document.path, line, "missing-key", f"`{place}` is missing.", f"Add `{name}:`.")
    return Problem(
        document.path,
        line,
        "wrong-value",
        f"{f'`{place}`' if location else 'The file'}: {str(detail['msg']).removeprefix('Value error, ')}.",
        "See definitions/README.md for the shape.",
    )


def _fields_at(shape: type[BaseModel], location: Location) -> list[str]:
    """The keys that are valid at a place of a shape."""
    current: Any = shape
    for part in location:
        if isinstance(current, type) and issubclass(current, BaseModel) and part in current.model_fields:
            current = current.model_fields[str(part)].annotation
        while not isinstance(current, type) or not issubclass(current, BaseModel):
            inner = [item for item in getattr(current, "__args__", ()) if item is not type(None)]
            if not inner:
                break
            current = inner[-1]
    return list(current.model_fields) if isinstance(current, type) and issubclass(current, BaseModel) else []


def named_like_file(document: Document, key: str, name: str) -> list[Problem]:
    """A finding, unless the file is called like what it holds."""
    stem = Path(document.path).stem
    if stem == name:
        return []
    message = f"The file is called {stem}, its {key} `{name}`."
    return [Problem(document.path, document.line((key,)), "file-name", message, f"Rename the file to {name}.yml.")]


def condition_problems(document: Document, at: Location, criterion: Criterion, entity: Entity) -> list[Problem]:
    """A finding, unless a criterion is a condition over the entity's columns."""
    return _problems(document, at, criterion, entity, check_condition)


def number_problems(document: Document, at: Location, criterion: Criterion, entity: Entity) -> list[Problem]:
    """A finding, unless a criterion is a number over the entity's columns."""
    return _problems(document, at, criterion, entity, check_number)


def _problems(
    document: Document, at: Location, criterion: Criterion, entity: Entity, check: Callable[[Node, Entity], None]
) -> list[Problem]:
    try:
        check(parse(criterion.sql), entity)
    except ConditionError as error:
        return [Problem(document.path, document.line((*at, "sql")), error.code, error.message, error.mending)]
    return []
