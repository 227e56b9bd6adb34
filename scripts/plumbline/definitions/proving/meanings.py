"""What a version says, taken out of its file: to be recorded, and to be compared with what it said before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version as installed
from typing import Any, cast

from plumbline.definitions.library import Governed, GovernedMeasure
from plumbline.definitions.prover import Prover, Verdict
from plumbline.definitions.proving.sides import joined
from plumbline.definitions.schemas import AnyVersion, Criterion, Measure, MeasureVersion, Term, Version

# Raised when what the prover proves changes: a recorded proof names it.
PROVER = 1


@dataclass(frozen=True)
class Said:
    """All that people agree to in a version: conditions (all have to hold), a measure's numbers, and the rest."""

    conditions: Mapping[str, str]
    numbers: Mapping[str, str]
    rest: Mapping[str, Any]

    def as_object(self) -> dict[str, Any]:
        """For a file."""
        return {"conditions": dict(self.conditions), "numbers": dict(self.numbers), "rest": dict(self.rest)}

    @staticmethod
    def of_object(found: Mapping[str, Any]) -> Said:
        """From a file."""
        return Said(dict(found["conditions"]), dict(found["numbers"]), dict(found["rest"]))


def said(term: Term | Measure, version: AnyVersion) -> Said:
    """What a version of a term or measure says."""
    rest: dict[str, Any] = {
        "entity": term.entity,
        "kind": term.kind,
        "effective_from": version.effective_from.isoformat(),
    }
    if isinstance(version, MeasureVersion):
        numbers = {"numerator": _plain(version.numerator)}
        if version.denominator is not None:
            numbers["denominator"] = _plain(version.denominator)
        rest |= {"window": version.window, "as_of": version.as_of}
        return Said(_plain_all(version.cohort), numbers, rest)
    assert isinstance(version, Version)
    rest["sla"] = [level.model_dump(mode="json") for level in sorted(version.sla, key=lambda level: level.id)]
    if version.comes_from is not None:
        rest["comes_from"] = version.comes_from
    return Said(_plain_all(version.criteria), {}, rest)


def _plain(criterion: Criterion) -> str:
    return " ".join(criterion.sql.split())


def _plain_all(criteria: dict[str, Criterion]) -> dict[str, str]:
    return {name: _plain(criterion) for name, criterion in criteria.items()}


def differing(before: Said, after: Said) -> tuple[str, ...]:
    """What besides the SQL is not what it was, in words."""
    words = {"sla": "service levels", "effective_from": "first day", "comes_from": "term that has to hold before"}
    names = sorted({*before.rest, *after.rest})
    changed = [words.get(name, name) for name in names if before.rest.get(name) != after.rest.get(name)]
    if set(before.numbers) != set(after.numbers):
        changed.append("numbers")
    return tuple(changed)


def relation(prover: Prover, before: Said, after: Said) -> Verdict:
    """How what it says relates to what it said: narrower is true for fewer rows. Numbers are equal, or different."""
    if not before.numbers and not after.numbers:
        return prover.compare(joined(after.conditions), joined(before.conditions))
    assumed: set[str] = set()
    for name in sorted({*before.numbers, *after.numbers}):
        if name not in before.numbers or name not in after.numbers:
            return Verdict("different", reason=f"one of them has no {name}")
        truth = prover.measures(_counted(after, name), _counted(before, name))
        if truth.holds is None:
            return Verdict("unknown", reason=f"{name}: {truth.reason}")
        if not truth.holds:
            rows = () if truth.counterexample is None else (truth.counterexample,)
            return Verdict("different", reason=f"another {name}", counterexamples=rows)
        assumed |= set(truth.assumptions)
    return Verdict("equivalent", assumptions=tuple(sorted(assumed)))


def _counted(found: Said, name: str) -> str:
    """What a row adds to a number of a measure."""
    return f"CASE WHEN {joined(found.conditions)} THEN {found.numbers[name]} END"


def proved_by() -> str:
    """The prover that proves here and now."""
    return f"prover {PROVER}, z3-solver {installed('z3-solver')}, sqlglot {installed('sqlglot')}"


def versions_of(governed: Governed | GovernedMeasure) -> list[AnyVersion]:
    """The versions of a term or measure, oldest first."""
    return cast(list[AnyVersion], list(governed.term.versions))
