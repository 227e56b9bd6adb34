"""Teams' variants against the shared version in force: how they relate, and criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from plumbline.definitions.conditions import columns
from plumbline.definitions.importing import GovernedVariant
from plumbline.definitions.importing.checks import expired
from plumbline.definitions.problems import Problem
from plumbline.definitions.prover import Prover, Verdict
from plumbline.definitions.proving.objects import verdict_object
from plumbline.definitions.proving.sides import Side, joined, of_variant, of_version
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import Entity, Version
from plumbline.definitions.semantics_schemas import Semantics

Standing = Literal["same", "stricter", "looser", "different", "missing", "unknown"]
_STANDINGS: dict[str, Standing] = {
    "equivalent": "same",
    "narrower": "stricter",
    "wider": "looser",
    "unknown": "unknown",
}


@dataclass(frozen=True)
class CriterionStanding:
    """What becomes of one criterion of the shared version in a variant: `said` is the variant's own condition."""

    criterion: str
    shared: str
    standing: Standing
    said: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Proof:
    """A variant, how it relates to the shared version, and what of it is not as it should be.

    `added` are conditions of the variant about which the shared version says nothing, by name.
    """

    variant: GovernedVariant
    shared: Side
    said: Side
    verdict: Verdict
    criteria: tuple[CriterionStanding, ...]
    added: Mapping[str, str]
    problems: tuple[Problem, ...]
    version: Version

    @property
    def as_expected(self) -> bool:
        """Whether it relates to the shared version as people wrote down."""
        return self.verdict.verdict == self.variant.variant.expect


class Provers:
    """One prover for each entity; to be used with `with`."""

    def __init__(self) -> None:
        self._made: dict[str, Prover] = {}

    def __enter__(self) -> Provers:
        return self

    def __exit__(self, *_: object) -> None:
        for prover in self._made.values():
            prover.close()

    def of(self, entity: Entity) -> Prover:
        """The prover of an entity."""
        if entity.entity not in self._made:
            self._made[entity.entity] = Prover(entity)
        return self._made[entity.entity]


def prove_variants(variants: Sequence[GovernedVariant], semantics: dict[str, Semantics], today: date) -> list[Proof]:
    """Every variant against the version in force on a day. Raises DefinitionsError when one cannot be imported."""
    with Provers() as provers:
        return [_proved(found, semantics, today, provers.of(found.governed.entity)) for found in variants]


def prove_versions(variants: Sequence[GovernedVariant], semantics: dict[str, Semantics]) -> list[Proof]:
    """Every variant against every version, whatever the day. Raises DefinitionsError when one cannot be imported."""
    with Provers() as provers:
        return [
            _against(found, version, semantics, provers.of(found.governed.entity))
            for found in variants
            for version in found.governed.term.versions
        ]


def _proved(found: GovernedVariant, semantics: dict[str, Semantics], today: date, prover: Prover) -> Proof:
    proof = _against(found, found.governed.in_force(today), semantics, prover)
    return replace(proof, problems=(*proof.problems, *expired(found, today)))


def _against(found: GovernedVariant, version: Version, semantics: dict[str, Semantics], prover: Prover) -> Proof:
    shared = of_version(found.governed, version)
    said = of_variant(found, semantics)
    verdict = prover.compare(said.sql, shared.sql)
    criteria = tuple(_standing(prover, said, name, criterion) for name, criterion in shared.criteria.items())
    known = {column for sql in shared.criteria.values() for column in columns(parse(sql))}
    added = {name: sql for name, sql in said.criteria.items() if not set(columns(parse(sql))) & known}
    return Proof(found, shared, said, verdict, criteria, added, tuple(_unexpected(found, shared, verdict)), version)


def _standing(prover: Prover, said: Side, name: str, criterion: str) -> CriterionStanding:
    """What the variant says of the criterion's columns, against the criterion."""
    looked_at = set(columns(parse(criterion)))
    about = {part: sql for part, sql in said.criteria.items() if set(columns(parse(sql))) & looked_at}
    kept = prover.implies(said.sql, criterion)
    if not about:
        return CriterionStanding(name, criterion, "same" if kept.holds else "missing")
    sql = joined(about)
    verdict = prover.compare(sql, criterion)
    standing = _STANDINGS.get(verdict.verdict) or ("stricter" if kept.holds else "different")
    return CriterionStanding(name, criterion, standing, sql, verdict.reason)


def _unexpected(found: GovernedVariant, shared: Side, verdict: Verdict) -> Iterator[Problem]:
    variant, document = found.variant, found.document
    if verdict.verdict == variant.expect:
        return
    line = document.line(("expect",))
    about = f"`{variant.variant}` against {shared.label}"
    if verdict.verdict == "unknown":
        message = f"What {about} is cannot be proved: {verdict.reason}."
        mending = "Say it with what the prover reads, or declare a column of the entity for what it looks at."
        yield Problem(document.path, line, "not-proved", message, mending)
    elif variant.stance == "must_match":
        message = f"`{variant.variant}` must match, but is {verdict.verdict}{_only_on_null(verdict)}."
        mending = f"Change the filter in the team's tool, or let the teams accept the difference from {shared.label}."
        yield Problem(document.path, line, "must-match", message, mending)
    else:
        message = f"{about} is {verdict.verdict}{_only_on_null(verdict)}, not {variant.expect} as expected."
        mending = "Look at the row: if the teams accept this difference too, note it as `expect`."
        yield Problem(document.path, line, "not-as-expected", message[0].upper() + message[1:], mending)


def _only_on_null(verdict: Verdict) -> str:
    return ", only where a value is missing" if verdict.only_on_null else ""


def proof_object(proof: Proof) -> dict[str, Any]:
    """A proof for machines."""
    variant = proof.variant.variant
    return {
        "variant": variant.variant,
        "team": variant.team,
        "term": variant.term,
        "shared": proof.shared.label,
        "stance": variant.stance,
        "expect": variant.expect,
        "expires": None if variant.expires is None else variant.expires.isoformat(),
        "as_expected": proof.as_expected,
        "not_seen": list(proof.said.missing),
        **verdict_object(proof.verdict),
        "criteria": [
            {
                "criterion": item.criterion,
                "shared": item.shared,
                "standing": item.standing,
                "said": item.said,
                "reason": item.reason,
            }
            for item in proof.criteria
        ],
        "added": dict(proof.added),
    }
