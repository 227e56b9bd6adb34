"""Measured agreement held against what people tolerate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from plumbline.definitions.library import Library
from plumbline.definitions.problems import Problem


@dataclass(frozen=True)
class Agreement:
    """How two sides of a term stand to each other at the end of the newest month."""

    term: str
    first_side: str
    second_side: str
    period_key: str
    both: int
    only_first: int
    only_second: int
    neither: int
    unknown: int
    jaccard: Decimal | None
    kappa: Decimal | None

    @property
    def disputed_share(self) -> Decimal | None:
        """Of the records that either side means, those that only one means; None when neither means any."""
        either = self.both + self.only_first + self.only_second
        return Decimal(self.only_first + self.only_second) / either if either else None


def agreements(connection: duckdb.DuckDBPyConnection, first: date = date.min, last: date = date.max) -> list[Agreement]:
    """Every pair of sides in the newest month that ends within the days, by term."""
    rows = connection.execute(
        """
        select
            term, first_side, second_side, period_key, both_count, only_first_count, only_second_count, neither_count,
            unknown_count, jaccard, kappa
        from agg_definition_divergence_monthly
        where end_date = (select max(end_date) from agg_definition_divergence_monthly where end_date between $1 and $2)
        order by term, first_side <> 'shared', first_side, second_side
        """,
        [first, last],
    ).fetchall()
    return [Agreement(*row) for row in rows]


def tolerance_problems(library: Library, found: list[Agreement]) -> Iterator[Problem]:
    """A finding for every pair of sides that is further apart than its term tolerates."""
    for agreement in found:
        governed = library.terms.get(agreement.term)
        if governed is None or governed.term.tolerance is None:
            continue
        tolerance, document = governed.term.tolerance, governed.document
        pair = f"{agreement.first_side} and {agreement.second_side}"
        mending = "Let the teams agree on one meaning, or change what is tolerated."
        if tolerance.min_kappa is not None and agreement.kappa is not None and agreement.kappa < tolerance.min_kappa:
            line = document.line(("tolerance", "min_kappa"))
            message = f"{pair} agree with a kappa of {agreement.kappa}; at least {tolerance.min_kappa} is tolerated."
            yield Problem(document.path, line, "outside-tolerance", message, mending)
        share = agreement.disputed_share
        most = tolerance.max_disputed_share
        if most is not None and share is not None and share > Decimal(str(most)):
            line = document.line(("tolerance", "max_disputed_share"))
            message = f"{pair} part on {share:.1%} of what either means; at most {most:.1%} is tolerated."
            yield Problem(document.path, line, "outside-tolerance", message, mending)
