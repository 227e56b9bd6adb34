"""Measured agreement held against what people tolerate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from plumbline.definitions.library import Governed, Library
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


@dataclass(frozen=True)
class Breach:
    """A pair of sides that is further apart than its term tolerates: `says` by the key under `tolerance:`."""

    agreement: Agreement
    governed: Governed
    says: Mapping[str, str]


def breaches(library: Library, found: list[Agreement]) -> Iterator[Breach]:
    """Every pair that is further apart than its term tolerates, once."""
    for agreement in found:
        governed = library.terms.get(agreement.term)
        if governed is None or governed.term.tolerance is None:
            continue
        least, most = governed.term.tolerance.min_kappa, governed.term.tolerance.max_disputed_share
        kappa, share = agreement.kappa, agreement.disputed_share
        says = {}
        if least is not None and kappa is not None and kappa < least:
            says["min_kappa"] = f"agree with a kappa of {kappa} (at least {least} is tolerated)"
        if most is not None and share is not None and share > Decimal(str(most)):
            says["max_disputed_share"] = f"part on {share:.1%} of what either means (at most {most:.1%} is tolerated)"
        if says:
            yield Breach(agreement, governed, says)


def tolerance_problems(library: Library, found: list[Agreement]) -> Iterator[Problem]:
    """A finding for every limit of `tolerance:` that a pair of sides does not keep."""
    mending = "Let the teams agree on one meaning, or change what is tolerated."
    for breach in breaches(library, found):
        document = breach.governed.document
        for key, says in breach.says.items():
            message = f"{breach.agreement.first_side} and {breach.agreement.second_side} {says}."
            yield Problem(document.path, document.line(("tolerance", key)), "outside-tolerance", message, mending)
