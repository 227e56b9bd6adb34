"""What `plumbline definitions check` looks at beyond the shape: examples, portability, sign-offs, reviews, variants."""

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb

from plumbline.definitions.approvals import approval_problems
from plumbline.definitions.evaluation import answer, in_memory, total
from plumbline.definitions.importing.checks import check_variants
from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.portability import unportable
from plumbline.definitions.problems import Problem, nearest
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import MeasureVersion, Scalar, Version
from plumbline.definitions.yaml_files import Location

GRACE = timedelta(days=30)
"""For how long reviews and missing sign-offs warn before they fail, where the settings do not say otherwise."""


def check_library(library: Library, today: date, grace: timedelta = GRACE) -> list[Problem]:
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
        problems.extend(_orphan(library, word))
        problems.extend(approval_problems(library.root, word, today, grace))
    return sorted(problems)


def _examples(
    connection: duckdb.DuckDBPyConnection, governed: Governed, index: int, version: Version
) -> Iterator[Problem]:
    for number, example in enumerate(version.examples):
        found = answer(connection, governed, version, example)
        if found.value is example.expect:
            continue
        shown = ", ".join(f"{name}: {_in_yaml(value)}" for name, value in example.values.items()) or "a row of NULLs"
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


def _in_yaml(value: Scalar) -> str:
    """A value as the file has it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


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
