"""The catalogue of definitions as a dbt seed: one row for each version of each term and measure."""

import csv
import io
from collections.abc import Iterator
from datetime import date

from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.schemas import MeasureVersion, Version

COLUMNS = (
    "term",
    "version",
    "name",
    "entity",
    "kind",
    "statement",
    "criteria",
    "owner_team",
    "owner_role",
    "required_sign_offs",
    "signed_by",
    "sign_off_status",
    "driven_columns",
    "awaited_marts",
    "effective_from",
    "effective_to",
    "meaning",
    "next_review",
)


def catalogue_text(library: Library) -> str:
    """The seed's CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for governed in library.words:
        for version in governed.term.versions:
            writer.writerow(_row(governed, version))
    return text.getvalue()


def _row(governed: Governed | GovernedMeasure, version: Version | MeasureVersion) -> list[str | int]:
    term = governed.term
    return [
        term.term,
        version.version,
        term.name,
        term.entity,
        term.kind,
        version.statement,
        "; ".join(f"{name}: {sql}" for name, sql in _conditions(version)),
        term.owner.team,
        term.owner.role,
        ", ".join(term.required_sign_offs),
        "; ".join(f"{sign_off.team}: {sign_off.role}, {sign_off.on}" for sign_off in governed.valid_sign_offs(version)),
        governed.standing(version),
        ", ".join(f"{driven.model}.{driven.column}" for driven in term.drives),
        ", ".join(term.waits_for),
        version.effective_from.isoformat(),
        _day(governed.effective_to(version)),
        governed.meaning(version),
        _day(governed.next_review),
    ]


def _conditions(version: Version | MeasureVersion) -> Iterator[tuple[str, str]]:
    parts = version.cohort if isinstance(version, MeasureVersion) else version.criteria
    for name, criterion in parts.items():
        yield name, " ".join(criterion.sql.split())
    if isinstance(version, MeasureVersion):
        yield "numerator", " ".join(version.numerator.sql.split())
        if version.denominator is not None:
            yield "denominator", " ".join(version.denominator.sql.split())


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
