"""Read YAML and remember on which line each key stands, so that an error can point to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from plumbline.project.errors import SettingsError

Location = tuple[str | int, ...]


_FastLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(_FastLoader):  # type: ignore[misc, valid-type]
    """Leaves dates as text: what a date must look like is for the settings to say."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in _FastLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Document:
    """A YAML file's content with the line of every key and list item."""

    path: Path
    content: Any
    lines: dict[Location, int] = field(default_factory=dict)

    def line_of(self, location: Location) -> int | None:
        """The line of a location, or of the nearest enclosing one that has a line."""
        for length in range(len(location), -1, -1):
            if (line := self.lines.get(location[:length])) is not None:
                return line
        return None

    def part(self, *location: str | int) -> Document:
        """What stands at a location, as a document of its own that still knows its lines."""
        content = self.content
        for key in location:
            content = content[key]
        start = len(location)
        lines = {place[start:]: line for place, line in self.lines.items() if place[:start] == location}
        return Document(self.path, content, lines)


def read_document(path: Path, with_lines: bool = True) -> Document:
    """Read one YAML file; a syntax error is a SettingsError with its line, and so is a key that is repeated.

    Without lines, which are for files that people edit, reading is faster and repeated keys pass.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name}: cannot be read: {error}", f"Make {path} a readable UTF-8 file.") from error
    try:
        node = yaml.compose(text, Loader=_FastLoader) if with_lines else None
        content = yaml.load(text, Loader=_PlainLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or "cannot be parsed"
        raise SettingsError(
            f"{path.name}{place}: not valid YAML: {problem}", "Correct the line; indent with spaces only."
        ) from error
    lines: dict[Location, int] = {}
    if node is not None:
        _note_lines(node, (), lines, path)
    return Document(path, content, lines)


def _note_lines(node: yaml.Node, location: Location, lines: dict[Location, int], path: Path) -> None:
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if (*location, key) in lines:
                first = lines[(*location, key)]
                raise SettingsError(
                    f"{path.name} line {line}: '{key}' is set twice (first on line {first})",
                    "Remove one of the two.",
                )
            lines[(*location, key)] = line
            _note_lines(value_node, (*location, key), lines, path)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[(*location, index)] = item.start_mark.line + 1
            _note_lines(item, (*location, index), lines, path)
