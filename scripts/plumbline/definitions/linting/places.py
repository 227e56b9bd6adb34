"""Lines: of compiled SQL in the raw file of its model, and of the comments that allow a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from sqlglot import expressions as exp

from plumbline.definitions.linting.findings import Finding

_ALLOW = re.compile(
    r"plumbline:\s*allow\s+(?P<codes>D[1-6](?:\s*,\s*D[1-6])*)\b[ \t]*(?P<because>because\b[ \t:]*(?P<reason>.*?))?"
    r"\s*(?:-?#}|\*/)?\s*$"
)


@dataclass(frozen=True)
class Allowed:
    """A comment that allows some rules on its line and on the next."""

    line: int
    codes: frozenset[str]
    reason: str

    def covers(self, found: Finding) -> bool:
        return found.code in self.codes and found.line - 1 <= self.line <= max(found.line, found.end)


class SqlFile:
    """A file that people wrote, and what it became: dbt's compiled SQL, or the same text."""

    def __init__(self, path: str, raw: str, compiled: str) -> None:
        self.path = path
        self.allowed = list(_allowed(raw))
        self._raw, self._compiled = raw.splitlines(), compiled.splitlines()
        self._lines: dict[int, int] | None = None

    @classmethod
    def of_model(cls, root: Path, node: dict[str, object]) -> SqlFile:
        shown = str(node.get("original_file_path") or f"{node['name']}.sql").replace("\\", "/")
        file = root / shown
        raw = file.read_text(encoding="utf-8") if file.is_file() else str(node.get("raw_code") or node["compiled_code"])
        return cls(shown, raw, str(node["compiled_code"]))

    def span(self, trees: Iterable[exp.Expression]) -> tuple[int, int]:
        """The first and the last line of SQL, in the file that people wrote."""
        lines = [node.meta["line"] for tree in trees for node in tree.find_all(exp.Identifier) if node.meta.get("line")]
        if not lines:
            return 1, 1
        return self._written(min(lines)), self._written(max(lines))

    def _written(self, line: int) -> int:
        if self._lines is None:
            self._lines = _matched(self._raw, self._compiled)
        return self._lines.get(line, 1)


def _matched(raw: list[str], compiled: list[str]) -> dict[int, int]:
    """The raw line of each compiled line: the same text, else where the text that was expanded begins."""
    if raw == compiled:
        return {number: number for number in range(1, len(raw) + 1)}
    matcher = SequenceMatcher(None, [line.strip() for line in raw], [line.strip() for line in compiled], autojunk=False)
    found = {}
    for kind, raw_from, raw_to, there_from, there_to in matcher.get_opcodes():
        for place in range(there_from, there_to):
            line = raw_from + (place - there_from)
            if kind != "equal":
                line = max(raw_from, min(line, raw_to - 1))
            found[place + 1] = min(line + 1, len(raw))
    return found


def _allowed(raw: str) -> Iterable[Allowed]:
    for number, line in enumerate(raw.splitlines(), start=1):
        match = _ALLOW.search(line)
        if match is not None:
            codes = frozenset(code.strip() for code in match["codes"].split(","))
            yield Allowed(number, codes, (match["reason"] or "").strip())


def without_allowed(file: SqlFile, found: Iterable[Finding]) -> list[Finding]:
    """What no comment allows; a comment without a reason, or without a finding, is a finding itself."""
    reasoned = [allowed for allowed in file.allowed if allowed.reason]
    used: set[tuple[int, str]] = set()
    left = []
    for finding in found:
        covering = [allowed for allowed in reasoned if allowed.covers(finding)]
        used |= {(allowed.line, finding.code) for allowed in covering}
        if not covering:
            left.append(finding)
    for allowed in file.allowed:
        codes = ", ".join(sorted(allowed.codes))
        if not allowed.reason:
            message = f"{codes} is allowed here, but nothing says why."
            left.append(
                _about(file, allowed, "S1", message, "Write `-- plumbline: allow D2 because …`, and the reason.")
            )
            continue
        unused = sorted(code for code in allowed.codes if (allowed.line, code) not in used)
        if unused:
            message = f"{', '.join(unused)} is allowed here, but nothing of it is found."
            left.append(
                _about(file, allowed, "S2", message, "Take the comment out, or put it on the line before the place.")
            )
    return left


def _about(file: SqlFile, allowed: Allowed, code: str, message: str, mending: str) -> Finding:
    return Finding(file.path, allowed.line, code, None, ", ".join(sorted(allowed.codes)), message, mending)
