"""Suites of checks as data: `quality/<concept>.yml`, one suite per file, checked key by key."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from plumbline.project.errors import SettingsError
from plumbline.project.validation import place_of, validated
from plumbline.project.yaml_lines import Document, read_document

Severity = Literal["error", "warning"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Relation = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
RawTable = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*$")]
Share = Annotated[float, Field(ge=0, le=1)]
Sql = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Check(_Strict):
    """What all checks have."""

    name: Name = Field(description="Unique among all suites; `plumbline accept` takes it.")
    severity: Severity = Field("error", description="error blocks the publish, warning is only shown.")
    why: str = Field(min_length=1, description="What the check guards against.")
    mending: str = Field(min_length=1, description="What to do when it does not hold.")


class Volume(Check):
    """Rows of each table stay near what published versions had."""

    expect: Literal["volume"]
    tables: list[Name] = Field(min_length=1)
    max_drop: Share = Field(0.3, description="Share of the usual rows that may be missing.")
    max_growth: float = Field(1.0, gt=0, description="Growth over the usual rows: 1 is twice as many.")
    slack: int = Field(20, ge=0, description="A change of so many rows is never a finding.")


class RawVolume(Check):
    """Rows of each raw table stay near what published versions read."""

    expect: Literal["raw_volume"]
    max_drop: Share = 0.3
    max_growth: float = Field(3.0, gt=0)
    slack: int = Field(50, ge=0)


class NullShare(Check):
    """The share of NULL in each column that may be NULL stays near what published versions had."""

    expect: Literal["null_share"]
    tables: list[Name] = Field(min_length=1)
    max_rise: Share = Field(0.25, description="Rise of the share: 0.25 is 25 points.")


class Distribution(Check):
    """The share of each named value of a column stays near what published versions had."""

    expect: Literal["distribution"]
    table: Relation
    column: Name
    values: list[str] = Field(min_length=1, description="Only values named here are ever counted or recorded.")
    where: Sql | None = None
    max_shift: Share = Field(0.15, description="Change of a share: 0.15 is 15 points.")


class Mean(Check):
    """The mean of a column stays in a band around what published versions had."""

    expect: Literal["mean"]
    table: Relation
    column: Name
    max_change: float = Field(0.5, gt=0, description="Change relative to the usual mean.")


class Metric(Check):
    """A headline figure stays in a band around what published versions had, and between fixed bounds."""

    expect: Literal["metric"]
    table: Relation
    value: Sql = Field(description="An aggregate over the table, as SQL.")
    where: Sql | None = None
    max_change: float | None = Field(None, gt=0, description="Change relative to the usual figure.")
    max_shift: float | None = Field(None, gt=0, description="Change in the figure's own unit, as for shares.")
    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _some_bound(self) -> Metric:
        if self.max_change is not None and self.max_shift is not None:
            raise ValueError("takes one of max_change and max_shift")
        if self.max_change is None and self.max_shift is None and self.min is None and self.max is None:
            raise ValueError("needs max_change, max_shift, min or max")
        return self


class Side(_Strict):
    """One side of an agreement."""

    table: Relation
    value: Sql
    where: Sql | None = None


class Agreement(Check):
    """Two tables give the same figure."""

    expect: Literal["agreement"]
    left: Side
    right: Side
    tolerance: float = Field(0, ge=0)


class Reference(Check):
    """Keys lead to rows that exist; NULL leads nowhere and is fine."""

    expect: Literal["reference"]
    table: Relation
    column: Name
    to_table: Relation
    to_column: Name
    max_rows: int = Field(0, ge=0)


class Freshness(Check):
    """Load times are recent, not from the future, and not behind those of other tables."""

    expect: Literal["freshness"]
    table: Relation
    column: Name
    where: Sql | None = None
    max_age_hours: float | None = Field(None, gt=0, description="Age of the newest value.")
    max_ahead_hours: float | None = Field(None, ge=0, description="How far the newest value may lie in the future.")
    label: Name | None = Field(None, description="A column of declared names that says where the newest values are.")

    @model_validator(mode="after")
    def _one_bound(self) -> Freshness:
        if (self.max_age_hours is None) == (self.max_ahead_hours is None):
            raise ValueError("takes one of max_age_hours and max_ahead_hours")
        return self


class Lag(Check):
    """Each raw table was loaded about as long before the newest table of its instance as on the days before."""

    expect: Literal["lag"]
    tables: list[RawTable] = Field(
        default=[], description="The tables to look at, such as salesforce.account; empty: all."
    )
    slow_tables: list[RawTable] = Field(default=[], description="Tables of which the lag says nothing.")
    max_behind_hours: float = Field(24, gt=0, description="So long behind is never a finding.")
    max_growth: float = Field(
        1.0, gt=0, description="Growth over the longest lag of the days before: 1 is twice as long."
    )
    learn_days: int = Field(
        7, ge=1, le=365, description="Days that say what is usual; while fewer are known, the check only warns."
    )


class Instances(Check):
    """Every instance of a system that is published is still there, with most of the records that it had."""

    expect: Literal["instances"]
    tables: list[Relation] = Field(min_length=1, description="Tables with a row for each record of an instance.")
    record: Name = Field(description="The column that tells a record, made from system, instance and id.")
    min_share: Share = Field(0.5, description="Share of the published records that must still be there.")


class KeyChurn(Check):
    """Records keep the entity key that they had in the published version."""

    expect: Literal["key_churn"]
    table: Relation
    record: Name
    key: Name
    max_share: Share = 0.02
    slack: int = Field(10, ge=0, description="So many changed records are never a finding.")
    label: Name | None = Field(None, description="A column of codes that says by which evidence records moved.")


class DeleteWave(Check):
    """Entities of the published version are still there and not deleted."""

    expect: Literal["delete_wave"]
    table: Relation
    key: Name
    deleted: Name | None = Field(None, description="The column that marks deleted rows, where there is one.")
    max_share: Share = 0.1
    slack: int = Field(10, ge=0)


KINDS: dict[str, type[Check]] = {
    "volume": Volume,
    "raw_volume": RawVolume,
    "null_share": NullShare,
    "distribution": Distribution,
    "mean": Mean,
    "metric": Metric,
    "agreement": Agreement,
    "reference": Reference,
    "freshness": Freshness,
    "lag": Lag,
    "instances": Instances,
    "key_churn": KeyChurn,
    "delete_wave": DeleteWave,
}


@dataclass(frozen=True)
class Suite:
    """The checks of one file."""

    name: str
    checks: list[Check]


class _File(_Strict):
    checks: list[dict[str, object]] = Field(min_length=1)


def load_suites(folder: Path) -> list[Suite]:
    """All suites of a folder; none where there is no folder."""
    suites: list[Suite] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        document = read_document(path)
        count = len(validated(_File, document, "setting").checks)
        suite = Suite(path.stem, [_check(document.part("checks", position)) for position in range(count)])
        for position, check in enumerate(suite.checks):
            place = place_of(document, ("checks", position))
            if check.name in seen:
                raise SettingsError(
                    f"{place}: check '{check.name}' is there twice (first in {seen[check.name]})",
                    "Give one of the two another name.",
                )
            seen[check.name] = place
        suites.append(suite)
    return suites


def _check(document: Document) -> Check:
    kind = str(document.content.get("expect", ""))
    if kind not in KINDS:
        close = difflib.get_close_matches(kind, KINDS, n=1)
        raise SettingsError(
            f"{place_of(document, ('expect',))}: there is no expectation '{kind}'",
            (f"Did you mean '{close[0]}'? " if close else "") + f"Valid: {', '.join(KINDS)}.",
        )
    return validated(KINDS[kind], document, f"{kind} setting")


def all_checks(suites: list[Suite]) -> Iterator[tuple[str, Check]]:
    """Each check with the name of its suite."""
    for suite in suites:
        for check in suite.checks:
            yield suite.name, check
