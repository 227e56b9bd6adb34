"""JSON with line numbers, as `yaml_files` reads YAML: exports of tools are JSON."""

import json
import re
from bisect import bisect_right
from pathlib import Path
from typing import Any

from plumbline.definitions.problems import DefinitionsError, Problem
from plumbline.definitions.yaml_files import Document, Location

_BLANK = re.compile(r"[ \t\n\r]*")


def read_json(path: Path, shown: str) -> Document:
    """Read one JSON file. Raises DefinitionsError when it is not readable JSON."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(shown, 1, f"The file is not UTF-8 ({error.reason}).", "Save it as UTF-8.") from error
    try:
        data = json.loads(text)
        lines, twice = _Places(text).lines()
    except json.JSONDecodeError as error:
        raise _unreadable(
            shown, error.lineno, f"This is not JSON: {error.msg}.", "Export it again, and keep it as it comes."
        ) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise _unreadable(shown, 1, f"This cannot be read: {error}.", "Export it again.") from error
    except RecursionError:
        raise _unreadable(shown, 1, "This is nested too deeply to be an export.", "Export it again.") from None
    if twice:
        raise DefinitionsError([Problem(shown, line, "twice", *_twice(name)) for name, line in twice])
    return Document(shown, data, lines)


def _twice(name: str) -> tuple[str, str]:
    return f"`{name}` stands twice here; JSON would keep the last.", "Remove one of them."


def _unreadable(shown: str, line: int, message: str, mending: str) -> DefinitionsError:
    return DefinitionsError([Problem(shown, line, "unreadable-json", message, mending)])


class _Places:
    """Walks a text that is known to be JSON, and notes the line of every key and item."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.breaks = [index for index, char in enumerate(text) if char == "\n"]
        self.decoder = json.JSONDecoder()
        self.found: dict[Location, int] = {(): 1}
        self.twice: list[tuple[str, int]] = []

    def lines(self) -> tuple[dict[Location, int], list[tuple[str, int]]]:
        self._value(self._skip(0), ())
        return self.found, self.twice

    def _skip(self, at: int) -> int:
        match = _BLANK.match(self.text, at)
        assert match is not None
        return match.end()

    def _line(self, at: int) -> int:
        return bisect_right(self.breaks, at - 1) + 1

    def _value(self, at: int, location: Location) -> int:
        """The end of the value that begins at `at`."""
        if self.text[at] == "{":
            return self._items(at, location, "}")
        if self.text[at] == "[":
            return self._items(at, location, "]")
        scalar: tuple[Any, int] = self.decoder.raw_decode(self.text, at)
        return scalar[1]

    def _items(self, at: int, location: Location, closing: str) -> int:
        at = self._skip(at + 1)
        index = 0
        seen: set[str] = set()
        while self.text[at] != closing:
            line = self._line(at)
            name: str | int = index
            if closing == "}":
                key, at = self.decoder.raw_decode(self.text, at)
                name = str(key)
                if name in seen:
                    self.twice.append((name, line))
                seen.add(name)
                at = self._skip(self._skip(at) + 1)
            self.found[(*location, name)] = line
            at = self._skip(self._value(at, (*location, name)))
            if self.text[at] == ",":
                at = self._skip(at + 1)
            index += 1
        return at + 1
