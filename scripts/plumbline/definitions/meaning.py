"""The hash of what a version means: equal exactly when nothing that people agreed to has changed.

It covers the entity, the kind, the criteria by name as normalised trees, the service levels and the first
day; of a measure, all that makes its number. Spelling (spaces, brackets, case of keywords), statements, reasons
and examples are outside it.
"""

import hashlib
import json
from typing import Any

from plumbline.definitions.conditions import tree
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import AnyVersion, Criterion, Measure, MeasureVersion, Term, Version


def meaning(term: Term | Measure, version: AnyVersion) -> str:
    """`sha256:…` over the canonical meaning of one version of a term."""
    canonical = {
        "entity": term.entity,
        "kind": term.kind,
        "effective_from": version.effective_from.isoformat(),
        **_said(version),
    }
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return "sha256:" + hashlib.sha256(text.encode("ascii")).hexdigest()


def _said(version: AnyVersion) -> dict[str, Any]:
    match version:
        case Version():
            return _of_condition(version)
        case MeasureVersion():
            return _of_measure(version)
        case _:
            raise AssertionError(version)


def _of_condition(version: Version) -> dict[str, Any]:
    said: dict[str, Any] = {
        "criteria": _trees(version.criteria),
        "sla": [level.model_dump(mode="json") for level in sorted(version.sla, key=lambda level: level.id)],
    }
    return said if version.comes_from is None else {**said, "comes_from": version.comes_from}


def _of_measure(version: MeasureVersion) -> dict[str, Any]:
    return {
        "cohort": _trees(version.cohort),
        "numerator": _tree(version.numerator),
        "denominator": None if version.denominator is None else _tree(version.denominator),
        "window": version.window,
        "as_of": version.as_of,
    }


def _trees(criteria: dict[str, Criterion]) -> dict[str, list[Any]]:
    return {name: _tree(criterion) for name, criterion in criteria.items()}


def _tree(criterion: Criterion) -> list[Any]:
    return tree(parse(criterion.sql))
