"""What a check cannot prove and a person has looked at: `reviewed.yml`, an entry with a reason each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from plumbline.quality.checks.model import Violation

FILE = Path(__file__).with_name("reviewed.yml")


class Entry(BaseModel):
    """A place that is right although its check cannot prove it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    where: str = Field(description="The place, as the check names it.")
    reason: str = Field(min_length=20)


def unexplained(code: str, found: Iterable[Violation]) -> Iterator[Violation]:
    """The violations that no entry explains, and the entries that explain nothing."""
    reasons = {entry.where: entry.reason for entry in _entries() if entry.code == code}
    unused = dict(reasons)
    for violation in found:
        unused.pop(violation.where, None)
        if violation.where not in reasons:
            yield violation
    for where in unused:
        yield Violation(where, f"stands in {FILE.name}, but {code} does not find it any more: remove the entry")


@cache
def _entries() -> tuple[Entry, ...]:
    content = yaml.safe_load(FILE.read_text(encoding="utf-8")) or []
    return tuple(Entry.model_validate(item) for item in content)
