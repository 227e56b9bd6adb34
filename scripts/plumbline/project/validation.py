"""Check a YAML file against a model, and say what is wrong with its line, its name and the nearest valid name."""

from __future__ import annotations

import difflib
import re
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from plumbline.project.errors import SettingsError
from plumbline.project.yaml_lines import Document, Location

_SECRET = re.compile(r"passw|secret|token|credential|api_?key", re.IGNORECASE)
Model = TypeVar("Model", bound=BaseModel)


class Strict(BaseModel):
    """A section of settings: nothing unknown in it, nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def validated(model: type[Model], document: Document, noun: str) -> Model:
    """The content of a document as the model; SettingsError that names every wrong `noun` in it."""
    content: Any = {} if document.content is None else document.content
    if not isinstance(content, dict):
        raise SettingsError(
            f"{document.path.name}: holds {type(content).__name__} where settings by name are expected",
            "Write one 'name: value' a line.",
        )
    try:
        return model.model_validate(content)
    except ValidationError as error:
        # A misspelt name explains the missing one: unknown names first.
        problems = sorted(error.errors(include_url=False), key=lambda item: item["type"] != "extra_forbidden")
        texts = [_explain(model, document, noun, dict(problem)) for problem in problems]
        mendings = dict.fromkeys(mending for _, mending in texts)
        raise SettingsError("\n".join(text for text, _ in texts), "\n".join(mendings)) from error


def _explain(model: type[BaseModel], document: Document, noun: str, problem: dict[str, Any]) -> tuple[str, str]:
    location: Location = tuple(problem["loc"])
    place = place_of(document, location)
    dotted = ".".join(str(part) for part in location)
    if problem["type"] == "extra_forbidden":
        valid = _fields_at(model, location[:-1])
        close = difflib.get_close_matches(str(location[-1]), valid, n=1, cutoff=0.5)
        mending = f"Did you mean '{close[0]}'? " if close else ""
        listed = f"Valid here: {', '.join(valid)}." if valid else ""
        secret = " Secrets never stand in files: only in the environment." if _SECRET.search(str(location[-1])) else ""
        return f"{place}: unknown {noun} '{dotted}'", f"{mending}{listed}{secret}".strip()
    message = str(problem["msg"]).removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    # What may hold a secret is not quoted: an address, and whatever a validator raises as an error of its own.
    given = None if problem["type"] == "raw_address" else problem.get("input")
    shown = f" (it is {given!r})" if isinstance(given, (str, int, float, bool)) else ""
    return (
        f"{place}: {noun} '{dotted}' is wrong: {message}{shown}",
        f"Correct '{dotted}' in {document.path.name}.",
    )


def place_of(document: Document, location: Location) -> str:
    """File and line of a setting, or the file alone."""
    line = document.line_of(location)
    return f"{document.path.name} line {line}" if line is not None else document.path.name


def _fields_at(model: type[BaseModel], location: Location) -> list[str]:
    current: Any = model
    for part in location:
        current = _item_type(current, part)
    fields = getattr(current, "model_fields", {})
    return sorted(str(field.alias or name) for name, field in fields.items())


def _item_type(kind: Any, part: str | int) -> Any:
    """The type of what stands under a name or number in a model, mapping or list."""
    if hasattr(kind, "model_fields"):
        by_alias = {str(field.alias or name): field.annotation for name, field in kind.model_fields.items()}
        return by_alias.get(str(part))
    arguments = get_args(kind)
    return arguments[-1] if arguments else None
