"""What is wrong with a definition: where it stands, and how it is mended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, order=True)
class Problem:
    """One finding. An `error` makes the definitions unusable; a `warning` leaves them in use.

    `code` is stable and may be relied upon by scripts; `mending` says what to do.
    """

    path: str
    line: int
    code: str
    message: str
    mending: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.severity} [{self.code}] {self.message}\n    {self.mending}"


class DefinitionsError(Exception):
    """The definitions cannot be used; `problems` holds every finding, not just the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(name: str, valid: Iterable[str]) -> str:
    """A mending that proposes the valid name nearest to `name`, or lists what is valid."""
    names = sorted(valid)
    close = get_close_matches(name, names, n=1, cutoff=0.7)
    if close:
        return f"Did you mean `{close[0]}`?"
    return "Valid here: " + ", ".join(f"`{valid_name}`" for valid_name in names) + "."


def shown_path(path: Path, root: Path) -> str:
    """`path` as a person in `root` would write it."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def sql_slip(error: Exception) -> str:
    """What sqlglot could not read, and where, in words without its own classes."""
    found = (getattr(error, "errors", None) or [{}])[0]
    if not found.get("description"):
        return str(error).splitlines()[0].rstrip(".") if str(error) else "it is nested too deeply"
    what = "something is missing" if "Required keyword" in found["description"] else found["description"].rstrip(".")
    return f"{what} at line {found['line']}, column {found['col']}"
