"""Drafts of a variant: for each term that an export may be a version of, with the proof that says how near it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from plumbline.definitions.conditions import ConditionError, columns
from plumbline.definitions.drafting.exports import Export
from plumbline.definitions.drafting.fields import Learning, readings, usual
from plumbline.definitions.importing import GovernedVariant, import_variant
from plumbline.definitions.library import Governed, Library
from plumbline.definitions.problems import DefinitionsError
from plumbline.definitions.proving.variants import Proof, prove_variants
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import Criterion, Team
from plumbline.definitions.semantics_schemas import Semantics
from plumbline.definitions.types import check_condition
from plumbline.definitions.variant_schemas import Count, Source, ToolField, Variant
from plumbline.definitions.yaml_files import Document

_UNRELATED = {"disjoint": 1, "unknown": 2}
_RANKS = {"narrower": 0, "wider": 0, "overlapping": 1, "different": 2}
_DELETED = "is_deleted"


@dataclass(frozen=True)
class Wish:
    """What somebody said about the variant: fields, implicit conditions, the dialect, the day of reading, counts."""

    team: Team
    fields: Mapping[str, ToolField]
    implicit: Mapping[str, Criterion]
    dialect: str | None
    read: date
    counts: Sequence[Count] = ()


@dataclass(frozen=True)
class Draft:
    """A variant that could be, and how it relates to the shared version in force."""

    proof: Proof

    @property
    def variant(self) -> Variant:
        """What would be written."""
        return self.proof.variant.variant

    @property
    def term(self) -> Governed:
        """The term that it would be a version of."""
        return self.proof.variant.governed

    @property
    def apart(self) -> int:
        """How many criteria of the shared version it has otherwise, and how many it adds."""
        return sum(1 for item in self.proof.criteria if item.standing != "same") + len(self.proof.added)

    @property
    def common(self) -> int:
        """How many columns both look at; that a record is deleted, every word minds."""
        theirs, shared = (set(columns(parse(side.sql))) for side in (self.proof.said, self.proof.shared))
        return len((theirs & shared) - {_DELETED})

    @property
    def distance(self) -> tuple[int, int, int, int]:
        """Nearer is less: first what is proved, then the criteria apart, less what both speak of."""
        verdict = self.proof.verdict.verdict
        return (
            0 if verdict == "equivalent" else 1,
            _UNRELATED.get(verdict, 0),
            self.apart - 2 * self.common,
            _RANKS.get(verdict, 0),
        )


def chosen(found: Sequence[Draft]) -> Draft | None:
    """The draft to take where nobody named the term: the nearest, if one is, and if it speaks of the same columns."""
    first = found[0]
    if len(found) > 1 and found[1].distance == first.distance:
        return None
    return first if first.common or first.proof.verdict.verdict == "equivalent" else None


def drafts(
    library: Library,
    variants: Sequence[GovernedVariant],
    semantics: dict[str, Semantics],
    export: Export,
    wish: Wish,
    terms: Sequence[Governed],
    today: date,
) -> list[Draft]:
    """A draft for each term whose entity the export can be read over, the nearest first.

    Raises DefinitionsError with what stands in the way on the entity that the export fits best.
    """
    candidates: list[GovernedVariant] = []
    refusals: list[DefinitionsError] = []
    for name in sorted({governed.entity.entity for governed in terms}):
        entity = library.entities[name]
        about = [governed for governed in terms if governed.entity.entity == name]
        refused: list[DefinitionsError] = []
        applied = {**usual(entity, export.kind, variants), **wish.implicit}
        about_it = replace(wish, implicit=applied)
        read = 0
        for mapping in readings(entity, export.kind, variants, dict(wish.fields), wish.counts):
            try:
                drawn = [_drawn(governed, export, about_it, mapping, semantics) for governed in about]
            except DefinitionsError as error:
                refused.append(error)
            else:
                read += 1
                candidates += drawn
        if not read:
            refusals.append(min(refused, key=lambda error: len(error.problems)))
    if not candidates:
        raise min(refusals, key=lambda error: len(error.problems))
    best: dict[str, Draft] = {}
    for proof in prove_variants(candidates, semantics, today):
        draft = Draft(proof)
        known = best.get(draft.variant.term)
        if known is None or draft.distance < known.distance:
            best[draft.variant.term] = draft
    return sorted(best.values(), key=lambda draft: (draft.distance, draft.variant.term))


def _drawn(
    governed: Governed, export: Export, wish: Wish, mapping: Learning, semantics: dict[str, Semantics]
) -> GovernedVariant:
    """A variant of one term as it would be written; reading it once tells which fields it needs."""
    implicit = {name: criterion for name, criterion in wish.implicit.items() if _fits(criterion, governed)}
    term = governed.term.term
    # what is not yet written has no hash: `placed` gives it
    unread = Source.model_construct(
        kind=export.kind, file=export.path.as_posix(), hash="", read=wish.read, dialect=wish.dialect
    )
    variant = Variant.model_construct(
        variant=f"{term}_{wish.team}",
        name=f"{governed.term.name}, as {export.name or export.path.name} of {wish.team.replace('_', ' ')} has it",
        term=term,
        entity=governed.entity.entity,
        team=wish.team,
        stance="must_match",
        expect="equivalent",
        expires=None,
        why=None,
        source=unread,
        fields=mapping.fields,
        counts=list(mapping.counts),
        implicit=implicit,
        criteria=None,
    )
    found = GovernedVariant(variant, governed, Document("", {}, {}), export.path)
    import_variant(found, semantics, mapping)
    fields, counts = mapping.asked()
    return replace(found, variant=variant.model_copy(update={"fields": fields, "counts": counts}))


def _fits(criterion: Criterion, governed: Governed) -> bool:
    try:
        check_condition(parse(criterion.sql), governed.entity)
    except ConditionError:
        return False
    return True


def unsaid(draft: Draft) -> list[str]:
    """What the tool may apply without showing it: an export of a tool that hides deleted records does not say so."""
    variant = draft.variant
    names = {column for criterion in variant.implicit.values() for column in criterion.sql.split()}
    if variant.source.kind == "sql" or _DELETED not in draft.term.entity.columns or _DELETED in names:
        return []
    return [
        "Whether the tool leaves out deleted records is not in the export. If it does, say so: "
        f"--implicit 'kept={_DELETED} IS NOT TRUE'."
    ]


def placed(draft: Draft, file: str, digest: str, agreed: Mapping[str, Any]) -> Variant:
    """The variant with its source in its place, and with what was agreed about it. Raises ValidationError."""
    variant = draft.variant
    source = {**variant.source.model_dump(), "file": file, "hash": digest}
    return Variant.model_validate({**variant.model_dump(), "source": source, **agreed})
