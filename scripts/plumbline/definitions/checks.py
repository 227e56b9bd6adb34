"""What `plumbline definitions check` looks at beyond the shape: examples, portability, sign-offs, reviews, variants."""

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb

from plumbline.definitions.evaluation import answer, in_memory, total
from plumbline.definitions.importing.checks import check_variants
from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.portability import unportable
from plumbline.definitions.problems import Problem, nearest
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import AnyVersion, MeasureVersion, Version
from plumbline.definitions.yaml_files import Location

REVIEW_GRACE = timedelta(days=30)


def check_library(library: Library, today: date) -> list[Problem]:
    """Every finding about loaded definitions, on a given day (reviews fall due)."""
    problems = check_variants(library, today)
    with in_memory() as connection:
        for governed in library.terms.values():
            for index, version in enumerate(governed.term.versions):
                problems.extend(_examples(connection, governed, index, version))
                problems.extend(_portability(governed, index, version))
        for measured in library.measures.values():
            for index, measure_version in enumerate(measured.term.versions):
                problems.extend(_measure_examples(connection, measured, index, measure_version))
    for word in library.words:
        problems.extend(_overdue_review(word, today))
        problems.extend(_orphan(library, word))
        for index, any_version in enumerate(word.term.versions):
            problems.extend(_sign_offs(word, index, any_version))
        problems.extend(_missing_sign_offs(word, today))
    return sorted(problems)


def _examples(
    connection: duckdb.DuckDBPyConnection, governed: Governed, index: int, version: Version
) -> Iterator[Problem]:
    for number, example in enumerate(version.examples):
        found = answer(connection, governed, version, example)
        if found.value is example.expect:
            continue
        shown = ", ".join(f"{name}: {value}" for name, value in example.values.items()) or "a row of NULLs"
        because = "all criteria are met" if found.value else ", ".join(found.unmet)
        yield Problem(
            governed.document.path,
            governed.document.line(("versions", index, "examples", number)),
            "example-fails",
            f"Expected {str(example.expect).lower()} for {{{shown}}}, but {because}.",
            "Mend the criterion, or the example if people agree on the other answer.",
        )


def _measure_examples(
    connection: duckdb.DuckDBPyConnection, governed: GovernedMeasure, index: int, version: MeasureVersion
) -> Iterator[Problem]:
    document = governed.document
    for place, example in enumerate(version.examples):
        at: Location = ("versions", index, "examples", place)
        found = total(connection, governed, version, example)
        for row, name in found.broken:
            message = f"Row {row + 1} of the example counts, but breaks `{name}`: {version.identities[name].sql}."
            mending = "Mend the row, or the identity if it does not hold of every row."
            yield Problem(document.path, document.line((*at, "rows", row)), "identity-fails", message, mending)
        if not found.matches(version, example.expect):
            divided = "" if version.denominator is None else f" divided by {found.denominator}"
            message = f"Expected {example.expect}, but the rows give {found.numerator}{divided}."
            mending = "Mend the measure, or the example if people agree on the other number."
            yield Problem(document.path, document.line(at), "example-fails", message, mending)


def _orphan(library: Library, governed: Governed | GovernedMeasure) -> Iterator[Problem]:
    """A word that no column says, and none ever will, is a text on a shelf."""
    term, document = governed.term, governed.document
    if not term.drives and not term.waits_for:
        message = f"No column of a mart says `{term.term}`."
        mending = "Name the columns under `drives:`, or the mart that they will stand in under `waits_for:`."
        yield Problem(document.path, document.line(("term",)), "orphan", message, mending)
    models = {path.stem for path in (library.root / "models").rglob("*.sql")}
    for index, driven in enumerate(term.drives):
        if driven.model not in models:
            line = document.line(("drives", index, "model"))
            message = f"There is no model `{driven.model}`."
            yield Problem(document.path, line, "unknown-model", message, nearest(driven.model, models))
    for index, name in enumerate(term.waits_for):
        if name in models:
            message = f"`{name}` is there: nothing has to wait for it."
            mending = "Name its column under `drives:`."
            yield Problem(document.path, document.line(("waits_for", index)), "waits-in-vain", message, mending)


def _portability(governed: Governed, index: int, version: Version) -> Iterator[Problem]:
    for name, criterion in version.criteria.items():
        dialects = unportable(parse(criterion.sql))
        if dialects:
            yield Problem(
                governed.document.path,
                governed.document.line(("versions", index, "criteria", name, "sql")),
                "not-portable",
                f"`{criterion.sql}` does not read the same in {', '.join(dialects)}.",
                "Write it with plainer SQL.",
            )


def _sign_offs(governed: Governed | GovernedMeasure, index: int, version: AnyVersion) -> Iterator[Problem]:
    present = governed.meaning(version)
    for number, sign_off in enumerate(version.sign_off):
        if sign_off.meaning not in governed.meanings(version):
            yield Problem(
                governed.document.path,
                governed.document.line(("versions", index, "sign_off", number)),
                "sign-off-of-another-meaning",
                f"{sign_off.team} signed {sign_off.meaning}; version {version.version} now means {present}.",
                "Put the change into a new version and let the teams sign that.",
            )


def _missing_sign_offs(governed: Governed | GovernedMeasure, today: date) -> Iterator[Problem]:
    """Versions in force that follow a signed one without sign-offs: what was agreed to is not what judges.

    A word that nobody has signed yet is a draft as a whole; its catalogue entry says so.
    """
    signed = False
    for index, version in enumerate(governed.term.versions):
        missing = governed.unsigned(version)
        if signed and missing and version.effective_from <= today:
            yield Problem(
                governed.document.path,
                governed.document.line(("versions", index)),
                "sign-off-missing",
                f"Version {version.version} is in force since {version.effective_from} without {', '.join(missing)}.",
                "Let them sign it, or let it begin later.",
            )
        signed = signed or bool(governed.valid_sign_offs(version))


def _overdue_review(governed: Governed | GovernedMeasure, today: date) -> Iterator[Problem]:
    due = governed.next_review
    if due is None or today <= due:
        return
    late = today > due + REVIEW_GRACE
    yield Problem(
        governed.document.path,
        governed.document.line(("review",)),
        "review-overdue",
        f"The review of {governed.term.name.lower()} was due on {due}.",
        f"Let the {governed.term.owner.role} review it and set `last:`."
        + ("" if late else f" From {due + REVIEW_GRACE + timedelta(days=1)} on, this is an error."),
        "error" if late else "warning",
    )
