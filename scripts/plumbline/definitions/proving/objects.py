"""Verdicts as plain objects, for `--json` and for files: the same keys whatever the question was."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from plumbline.definitions.prover.verdicts import Cell, Counterexample, Truth, Verdict


def verdict_object(verdict: Verdict) -> dict[str, Any]:
    """How two conditions relate."""
    return {
        "verdict": verdict.verdict,
        "only_on_null": verdict.only_on_null,
        "reason": verdict.reason,
        "assumptions": list(verdict.assumptions),
        "counterexamples": [row_object(found) for found in verdict.counterexamples],
    }


def truth_object(truth: Truth) -> dict[str, Any]:
    """Whether two numbers are equal on every row."""
    verdict = {True: "equal", False: "different", None: "unknown"}[truth.holds]
    rows = [] if truth.counterexample is None else [row_object(truth.counterexample)]
    return {
        "verdict": verdict,
        "only_on_null": False,
        "reason": truth.reason,
        "assumptions": list(truth.assumptions),
        "counterexamples": rows,
    }


def row_object(found: Counterexample) -> dict[str, Any]:
    """One row: its values, which of them are not typical, and what DuckDB answered."""
    return {
        "row": {name: _plain(value) for name, value in found.row.items()},
        "forced": list(found.forced),
        "answers": [_plain(answer) for answer in found.answers],
        "now": None if found.now is None else found.now.isoformat(),
    }


def _plain(value: Cell | float) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
