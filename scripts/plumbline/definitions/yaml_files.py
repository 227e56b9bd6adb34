"""YAML with line numbers: so that every finding can name its line."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from plumbline.definitions.problems import DefinitionsError, Problem

Location = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """YAML 1.2's booleans: `on`, `no` and `open` are words here, as people expect."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _first, _word in (("t", "true"), ("f", "false")):
    _Loader.yaml_implicit_resolvers.setdefault(_first, []).append(("tag:yaml.org,2002:bool", re.compile(f"^{_word}$")))


def _day_or_text(loader: _Loader, node: yaml.ScalarNode) -> Any:
    """A day, or the text as it stands where there is no such day: the shape then names its place."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return loader.construct_yaml_str(node)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day_or_text)


@dataclass(frozen=True)
class Document:
    """A YAML file as data, with the line on which each part of it stands."""

    path: str
    data: Any
    lines: dict[Location, int]

    def line(self, location: Location) -> int:
        """The line of `location`, or of the nearest part that encloses it."""
        for length in range(len(location), -1, -1):
            if location[:length] in self.lines:
                return self.lines[location[:length]]
        return 1


def read_yaml(path: Path, shown: str) -> Document:
    """Read one YAML file. Raises DefinitionsError when it is not readable YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DefinitionsError(
            [
                Problem(
                    shown,
                    1,
                    "unreadable-file",
                    f"The file is not UTF-8 ({error.reason}).",
                    "Save it as UTF-8.",
                )
            ]
        ) from error
    return parse_yaml(text, shown)


def parse_yaml(text: str, shown: str) -> Document:
    """A text of YAML as data with its lines. Raises DefinitionsError when it is not readable YAML."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Location, int] = {(): 1}
        problems: list[Problem] = []
        if node is not None:
            _mark(node, (), lines, problems, shown)
        if problems:
            raise DefinitionsError(problems)
        data = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        what = error.problem or error.context or "unreadable"
        raise DefinitionsError(
            [
                Problem(
                    shown,
                    line,
                    "unreadable-yaml",
                    f"This is not YAML: {what}.",
                    "Mend the line; texts with `:` or `,` need quotes.",
                )
            ]
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        raise DefinitionsError(
            [
                Problem(
                    shown,
                    1,
                    "unreadable-yaml",
                    f"This is not YAML: {error}.",
                    "Mend the value, or put it in quotes.",
                )
            ]
        ) from error
    finally:
        loader.dispose()
    return Document(shown, data, lines)


def _mark(node: yaml.Node, at: Location, lines: dict[Location, int], problems: list[Problem], shown: str) -> None:
    """Note the line of every key and item below `node`; a key that stands twice is a finding."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            line = key.start_mark.line + 1
            if name in seen:
                problems.append(
                    Problem(
                        shown,
                        line,
                        "twice",
                        f"`{name}` stands twice here; YAML would keep the last.",
                        "Remove one of them.",
                    )
                )
            seen.add(name)
            lines[(*at, name)] = line
            _mark(value, (*at, name), lines, problems, shown)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[(*at, index)] = item.start_mark.line + 1
            _mark(item, (*at, index), lines, problems, shown)
