"""What is found about predicates and measures: plain data, for people, `--json` and tests."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Relation = Literal["equivalent", "narrower", "wider", "overlapping", "disjoint", "different", "unknown"]
Cell = bool | int | Decimal | str | date | datetime | None


@dataclass(frozen=True)
class Counterexample:
    """One row that DuckDB answered as claimed.

    `row`: column and value, of the columns that matter. `forced`: those whose value is not their typical one.
    `answers`: what DuckDB said of the first and the second (a truth value, or a number for measures). `now`: the
    clock, where one is read.
    """

    row: dict[str, Cell]
    forced: tuple[str, ...]
    answers: tuple[Cell | float, ...]
    now: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """How the rows for which the first predicate is true relate to those of the second.

    `narrower`: the first is true for fewer rows. `different`: they differ, but how is not certain. `only_on_null`:
    they agree on every row without NULL in their columns. `assumptions`: what the proof leans on; `reason`: why
    it is unknown (or not certain); `counterexamples`: one row for each way in which they differ.
    """

    verdict: Relation
    only_on_null: bool = False
    assumptions: tuple[str, ...] = ()
    reason: str | None = None
    counterexamples: tuple[Counterexample, ...] = ()


@dataclass(frozen=True)
class Truth:
    """Whether a statement holds on every row (`None`: unknown, for `reason`), with a row where it does not."""

    holds: bool | None
    assumptions: tuple[str, ...] = ()
    reason: str | None = None
    counterexample: Counterexample | None = None


@dataclass(frozen=True)
class ConditionFinding:
    """Whether a condition can be true at all, and whether it is true of every row (`None`: unknown)."""

    never: bool | None
    always: bool | None
    assumptions: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class CriteriaFinding:
    """What of a version's criteria does nothing.

    `vacuous`: true of every row. `implied`: true of every row for which the others are true. `impossible`: all
    together are never true. `unknown`: criteria that could not be judged, with the reason.
    """

    vacuous: tuple[str, ...] = ()
    implied: tuple[str, ...] = ()
    impossible: bool | None = False
    assumptions: tuple[str, ...] = ()
    unknown: dict[str, str] = field(default_factory=dict)
