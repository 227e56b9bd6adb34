"""Each setting with its value and where that comes from: the default, a line of plumbline.yml, the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from plumbline.project.settings import RAW_VARIABLE, SETTINGS_FILE, Settings
from plumbline.project.yaml_lines import Document, Location, read_document


@dataclass(frozen=True)
class Value:
    """One setting as it is in force."""

    name: str
    value: Any
    origin: str
    """`default`, `environment`, or the settings file's name."""
    line: int | None = None
    variable: str | None = None

    @property
    def source(self) -> str:
        """Where it comes from, for a person."""
        if self.line is not None:
            return f"{self.origin} line {self.line}"
        return f"environment variable {self.variable}" if self.variable else self.origin


def values_in_force(root: Path, settings: Settings) -> list[Value]:
    """Every setting in the order of the model."""
    path = root / SETTINGS_FILE
    document = read_document(path) if path.exists() else Document(path, None)
    return [_in_force(document, location, value) for location, value in _leaves(settings, ())]


def _leaves(model: BaseModel, location: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    plain = model.model_dump(mode="json", by_alias=True, exclude_none=False)
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        key = str(field.alias or name)
        if isinstance(value, BaseModel):
            yield from _leaves(value, (*location, key))
        else:
            yield (*location, key), _without_nothing(plain[key])


def _without_nothing(value: Any) -> Any:
    """Nested entries without the keys that say nothing."""
    if isinstance(value, dict):
        return {key: _without_nothing(item) for key, item in value.items() if item is not None}
    return [_without_nothing(item) for item in value] if isinstance(value, list) else value


def _in_force(document: Document, location: Location, value: Any) -> Value:
    name = ".".join(str(part) for part in location)
    from_environment = os.environ.get(RAW_VARIABLE, "") if location == ("raw",) else ""
    if from_environment:
        return Value(name, from_environment, "environment", variable=RAW_VARIABLE)
    line = document.lines.get(location)
    return Value(name, value, SETTINGS_FILE if line is not None else "default", line)
