"""Criteria that do nothing, criteria that exclude each other, and identities that do not hold."""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.definitions.importing import load_variants
from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.problems import DefinitionsError, Problem
from plumbline.definitions.prover import CriteriaFinding, Prover
from plumbline.definitions.proving.sides import joined, of_variant
from plumbline.definitions.proving.variants import Provers
from plumbline.definitions.schemas import Criterion
from plumbline.definitions.semantics import load_semantics
from plumbline.definitions.yaml_files import Location


def criteria_problems(library: Library) -> list[Problem]:
    """Every finding about criteria of terms, and about cohorts and identities of measures."""
    problems: list[Problem] = []
    with Provers() as provers:
        for governed in library.terms.values():
            for index, version in enumerate(governed.term.versions):
                at: Location = ("versions", index, "criteria")
                problems += _idle(provers.of(governed.entity), governed, at, version.criteria)
        for measured in library.measures.values():
            for index, measure in enumerate(measured.term.versions):
                prover = provers.of(measured.entity)
                problems += _idle(prover, measured, ("versions", index, "cohort"), measure.cohort)
                problems += _broken(prover, measured, index)
    return sorted(problems)


def variant_problems(library: Library) -> list[Problem]:
    """A finding for every variant that no record can ever meet; what cannot be read is told by `check_variants`."""
    problems: list[Problem] = []
    try:
        semantics, variants = load_semantics(library.root), load_variants(library)
    except DefinitionsError:
        return []
    with Provers() as provers:
        for found in variants.values():
            try:
                said = of_variant(found, semantics)
            except DefinitionsError:
                continue
            whole = provers.of(said.entity).criteria(dict(said.criteria))
            if whole.impossible:
                leaning = f" That follows from: {'; '.join(whole.assumptions)}." if whole.assumptions else ""
                message = f"No record can ever meet all of {', '.join(said.criteria)} of {said.label}.{leaning}"
                mending = f"Mend the filter in the team's tool, or how `fields` reads it ({found.variant.source.file})."
                line = found.document.line(("source", "file"))
                problems.append(Problem(found.document.path, line, "never-true", message, mending))
    return sorted(problems)


def _idle(
    prover: Prover, governed: Governed | GovernedMeasure, at: Location, criteria: dict[str, Criterion]
) -> Iterator[Problem]:
    found: CriteriaFinding = prover.criteria({name: criterion.sql for name, criterion in criteria.items()})
    document = governed.document
    leaning = f" That follows from: {'; '.join(found.assumptions)}." if found.assumptions else ""
    if found.impossible:
        message = f"No row can ever meet all of {', '.join(criteria)}.{leaning}"
        mending = "They exclude each other: mend one of them, or the facts of the entity."
        yield Problem(document.path, document.line(at), "never-true", message, mending)
        return
    for name in found.vacuous:
        message = f"`{name}` is true of every row: it decides nothing.{leaning}"
        yield Problem(document.path, document.line((*at, name)), "always-true", message, "Mend it, or remove it.")
    for name in found.implied:
        message = f"`{name}` is true wherever the other criteria are: it decides nothing.{leaning}"
        mending = "Mend it, or remove it: what decides nothing misleads whoever reads it."
        yield Problem(document.path, document.line((*at, name)), "implied", message, mending)


def _broken(prover: Prover, governed: GovernedMeasure, index: int) -> Iterator[Problem]:
    version, document = governed.term.versions[index], governed.document
    cohort = joined({name: criterion.sql for name, criterion in version.cohort.items()})
    for name, identity in version.identities.items():
        truth = prover.implies(cohort, identity.sql)
        if truth.holds:
            continue
        line = document.line(("versions", index, "identities", name))
        if truth.counterexample is None:
            message = f"That `{name}` holds on every row of the cohort cannot be proved: {truth.reason}."
        else:
            row = ", ".join(f"{column}: {value}" for column, value in truth.counterexample.row.items())
            message = f"`{name}` does not follow for {{{row}}}, which the cohort counts."
        mending = f"Declare the fact that it rests on in definitions/entities/{governed.entity.entity}.yml, or mend it."
        yield Problem(document.path, line, "identity-not-proved", message, mending)
