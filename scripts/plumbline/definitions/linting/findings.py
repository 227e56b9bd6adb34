"""What lint finds: the rule, the place, and how it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plumbline.definitions.prover.verdicts import Counterexample, Relation
from plumbline.definitions.proving.objects import row_object
from plumbline.definitions.schemas import Entity

RULES = {
    "D1": "re-implements a term",
    "D2": "is nearly a term",
    "D3": "is named like a term and does not come from it",
    "D4": "is never true, or always",
    "D5": "differs from a term only where a value is missing",
    "D6": "chooses the rows of a metric by governed columns",
    "S1": "is allowed without a reason",
    "S2": "is allowed and does not occur",
    "unreadable": "cannot be read",
}
"""What each code says of a place. D1 to D6 can be allowed where they stand, or by the baseline."""


@dataclass(frozen=True)
class Finding:
    """One place that somebody should mend.

    `text`: the SQL as it is read over the entity's columns, or the name of the column; with the code, the file and
    the term it is what the baseline knows a finding by. `end`: the last line of the place.
    """

    path: str
    line: int
    code: str
    term: str | None
    text: str
    message: str
    mending: str
    end: int = 0
    verdict: Relation | None = None
    only_on_null: bool = False
    row: Counterexample | None = None
    given: str | None = None
    entity: Entity | None = None
    names: tuple[str, str] = ("this SQL", "the term")

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code} {self.message}\n    {self.mending}"


def finding_object(found: Finding) -> dict[str, Any]:
    """A finding for machines."""
    return {
        "path": found.path,
        "line": found.line,
        "code": found.code,
        "rule": RULES[found.code],
        "term": found.term,
        "text": found.text,
        "verdict": found.verdict,
        "only_on_null": found.only_on_null,
        "given": found.given,
        "counterexample": None if found.row is None else row_object(found.row),
        "message": found.message,
        "mending": found.mending,
    }
