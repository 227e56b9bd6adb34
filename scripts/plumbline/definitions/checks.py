"""What `plumbline definitions check` looks at beyond the shape: examples, portability, sign-offs, reviews, variants."""

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb

from plumbline.definitions.evaluation import answer, in_memory
from plumbline.definitions.importing.checks import check_variants
from plumbline.definitions.library import Governed, Library
from plumbline.definitions.meaning import meaning
from plumbline.definitions.portability import unportable
from plumbline.definitions.problems import Problem
from plumbline.definitions.reading import parse
from plumbline.definitions.schemas import Version

REVIEW_GRACE = timedelta(days=30)


def check_library(library: Library, today: date) -> list[Problem]:
    """Every finding about loaded definitions, on a given day (reviews fall due)."""
    problems = check_variants(library, today)
    with in_memory() as connection:
        for governed in library.terms.values():
            problems.extend(_overdue_review(governed, today))
            for index, version in enumerate(governed.term.versions):
                problems.extend(_examples(connection, governed, index, version))
                problems.extend(_portability(governed, index, version))
                problems.extend(_sign_offs(governed, index, version))
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


def _sign_offs(governed: Governed, index: int, version: Version) -> Iterator[Problem]:
    present = meaning(governed.term, version)
    for number, sign_off in enumerate(version.sign_off):
        if sign_off.meaning != present:
            yield Problem(
                governed.document.path,
                governed.document.line(("versions", index, "sign_off", number)),
                "sign-off-of-another-meaning",
                f"{sign_off.team} signed {sign_off.meaning}; version {version.version} now means {present}.",
                "Put the change into a new version and let the teams sign that.",
            )


def _overdue_review(governed: Governed, today: date) -> Iterator[Problem]:
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
