"""The verdicts about teams' variants as a dbt seed: the marts tell them wherever dbt runs, without the prover."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from plumbline.definitions.proving.variants import Proof, proof_object

COLUMNS = (
    "term",
    "version",
    "team",
    "variant",
    "variant_name",
    "stance",
    "expected_verdict",
    "verdict",
    "is_as_expected",
    "is_only_on_null",
    "is_partial",
    "reason",
    "assumptions",
    "counterexamples",
    "criteria",
    "added_criteria",
    "not_seen",
    "source_kind",
    "source_file",
    "source_read_on",
    "expires_on",
)


def verdicts_text(proofs: Sequence[Proof]) -> str:
    """The seed's CSV: one row for each variant and version of its term."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for proof in sorted(proofs, key=lambda proof: (proof.variant.variant.variant, proof.version.version)):
        writer.writerow(_row(proof))
    return text.getvalue()


def _row(proof: Proof) -> list[str | int]:
    variant, found = proof.variant.variant, proof_object(proof)
    return [
        variant.term,
        proof.version.version,
        variant.team,
        variant.variant,
        variant.name,
        variant.stance,
        variant.expect,
        proof.verdict.verdict,
        _truth(proof.as_expected),
        _truth(proof.verdict.only_on_null),
        _truth(bool(proof.said.missing)),
        proof.verdict.reason or "",
        "; ".join(proof.verdict.assumptions),
        _json(found["counterexamples"]),
        _json(found["criteria"]),
        _json(found["added"]),
        "; ".join(proof.said.missing),
        variant.source.kind,
        variant.source.file,
        variant.source.read.isoformat(),
        "" if variant.expires is None else variant.expires.isoformat(),
    ]


def _truth(value: bool) -> str:
    return str(value).lower()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""
