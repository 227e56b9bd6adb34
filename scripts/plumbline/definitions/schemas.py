"""The shape of entities and terms. JSON Schema for editors is made from these classes."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
# Engines read quotes and backslashes within a text differently.
PlainText = Annotated[str, StringConstraints(pattern=r"^[^'\\]+$")]
Team = Literal["marketing", "sales", "customer_success", "other"]
ColumnType = Literal["text", "integer", "decimal", "boolean", "date", "timestamp"]
Scalar = bool | int | float | datetime | date | str | None


class Strict(BaseModel):
    """Nothing but what is declared, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Criterion(Strict):
    """One named condition of a version; all of them together are joined by AND."""

    sql: Text = Field(description="Plain SQL over the entity's canonical columns.")
    why: Text | None = Field(default=None, description="The business reason, for people who ask.")


class EntityColumn(Strict):
    """A canonical column: what a criterion may look at."""

    label: Text = Field(description="The name that people read.")
    description: Text
    type: ColumnType
    not_null: bool = Field(default=False, description="Whether the model that supplies it never leaves it empty.")
    accepted_values: list[PlainText] | None = Field(
        default=None, min_length=1, description="All values that occur; texts only."
    )
    min: Decimal | None = Field(default=None, description="The smallest value that makes sense.")
    max: Decimal | None = Field(default=None, description="The largest value that makes sense.")
    typical: Scalar = Field(description="A believable value, used in examples for people.")


class Supplier(Strict):
    """A dbt model whose rows are such entities, with the canonical columns that it has."""

    model: Name
    columns: list[Name] | None = Field(default=None, min_length=1, description="All columns, unless it lacks some.")


class Entity(Strict):
    """What definitions talk about: an opportunity, an account. One file in `definitions/entities`."""

    entity: Name
    name: Text
    description: Text
    columns: dict[Name, EntityColumn] = Field(min_length=1)
    facts: dict[Name, Criterion] = Field(
        default_factory=dict,
        description="Conditions that are false on no row, because columns repeat each other.",
    )
    supplied_by: list[Supplier] = Field(
        default_factory=list, description="The models that are tested every night to keep what stands here."
    )


class Owner(Strict):
    """Who answers for a term: a role, never a person."""

    team: Team
    role: Text


class Review(Strict):
    """How often a term is looked at again, and when that was last done."""

    every: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]* (day|week|month|year)s?$")]
    last: date | None = Field(
        default=None,
        description="Day of the last review; else the last sign-off counts. A draft has no review due.",
    )


class Tolerance(Strict):
    """How far teams' practice may differ before it is a finding."""

    min_kappa: Annotated[float, Field(ge=-1, le=1)] | None = None
    max_disputed_share: Annotated[float, Field(ge=0, le=1)] | None = None


class ServiceLevel(Strict):
    """A formal promise between teams that belongs to a version."""

    id: Name
    start: Name
    stop: Name | None = None
    requires: list[Name] = Field(default_factory=list)
    within: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]* (business )?(minute|hour|day)s?$")]
    target: Annotated[float, Field(gt=0, le=1)]
    owner: Team
    calendar: Name = "default"


class Example(BaseModel):
    """A row and the answer that people expect for it. A column that is not named is NULL."""

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Scalar]

    expect: bool
    note: Text | None = None

    @property
    def values(self) -> dict[str, Scalar]:
        """The columns that the example names."""
        return dict(self.__pydantic_extra__ or {})


class SignOff(Strict):
    """A team's agreement to one exact meaning. Written by `sign`, an act of people; never by hand."""

    team: Team
    role: Text
    on: date
    meaning: Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
    evidence: Text


class Drives(Strict):
    """A column of a mart that says what the term says."""

    model: Name
    column: Name
    as_of: Name | None = Field(
        default=None, description="The column whose day chooses the version; else the newest version judges."
    )


class AnyVersion(Strict):
    """What versions of terms and of measures have in common."""

    version: Annotated[int, Field(ge=1)]
    effective_from: date
    statement: Text = Field(description="The meaning in one sentence, for people.")
    sign_off: list[SignOff]


class Version(AnyVersion):
    """What a term means from one day on, until the next version begins."""

    comes_from: Name | None = Field(
        default=None, description="Of a transition: the term that has to hold before; nothing gets here otherwise."
    )
    criteria: dict[Name, Criterion] = Field(min_length=1)
    sla: list[ServiceLevel] = Field(default_factory=list)
    examples: list[Example] = Field(min_length=2)


class MeasureExample(Strict):
    """A few rows and the value that people expect for them together; NULL where there is nothing to divide by."""

    rows: list[dict[Name, Scalar]] = Field(min_length=1)
    expect: Decimal | None
    note: Text | None = None


class MeasureVersion(AnyVersion):
    """How a number is made from one day on: over the rows of the cohort, numerator divided by denominator."""

    cohort: dict[Name, Criterion] = Field(min_length=1, description="Which rows count; joined by AND.")
    numerator: Criterion = Field(description="What is summed up; a number of one row.")
    denominator: Criterion | None = Field(default=None, description="What the sum is divided by; a sum too.")
    window: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]* (day|week|month|year)s?$")] | None = Field(
        default=None, description="How long after the row's time the numerator is looked at."
    )
    as_of: Name = Field(description="The column that says which period a row belongs to.")
    identities: dict[Name, Criterion] = Field(
        min_length=1, description="What holds on every row of the cohort: proved, and tested wherever rows are."
    )
    examples: list[MeasureExample] = Field(min_length=2)


class Governance(Strict):
    """Who answers for a word, and what it is for."""

    term: Name
    name: Text
    entity: Name
    grain: Text
    owner: Owner
    required_sign_offs: list[Team] = Field(min_length=1)
    review: Review
    tolerance: Tolerance | None = None
    drives: list[Drives] = Field(default_factory=list, description="The columns of marts that say what it says.")
    waits_for: list[Name] = Field(default_factory=list, description="The marts that will say it, once they exist.")

    @field_validator("required_sign_offs")
    @classmethod
    def _each_team_once(cls, teams: list[Team]) -> list[Team]:
        if len(set(teams)) != len(teams):
            raise ValueError("a team stands twice")
        return teams

    @property
    def macro(self) -> str:
        """The dbt macro, doc block and usual column name of the term."""
        return f"is_{self.term}"


class Metric(Strict):
    """A number that is published of a term, for every fiscal month and quarter."""

    name: PlainText
    unit: Literal["amount", "count", "share"] = Field(
        description="Money of the records, their number, or their share among these and those of `beside`."
    )
    taken: Literal["period_end", "close_date", "first_time"] = Field(
        description="What stands when the period ends, what closes in it, or who is so for the first time in it."
    )
    beside: list[Name] = Field(
        default_factory=list, description="Of a share: the terms that, with this one, are the whole."
    )
    among: list[Name] = Field(default_factory=list, description="Terms that have to hold as well.")

    @property
    def additivity(self) -> str:
        """Whether parts may be added up: over slices and periods, over slices alone, or not at all."""
        if self.unit == "share":
            return "non-additive"
        return "semi-additive" if self.taken == "period_end" else "additive"

    @model_validator(mode="after")
    def _a_share_has_a_whole(self) -> Self:
        if (self.unit == "share") != bool(self.beside):
            raise ValueError("a share names under `beside` what it is a share of; an amount or a count does not")
        return self


class Term(Governance):
    """One governed word that is true or false of a row. One file in `definitions/terms`."""

    kind: Literal["predicate", "transition"]
    metrics: dict[Name, Metric] = Field(
        default_factory=dict, description="The numbers of it that are published every night and kept."
    )
    versions: list[Version] = Field(min_length=1)

    @model_validator(mode="after")
    def _transitions_come_from_somewhere(self) -> Self:
        for version in self.versions:
            if (version.comes_from is not None) != (self.kind == "transition"):
                raise ValueError("a transition says in each version what it comes from; a predicate does not")
        return self


class Measure(Governance):
    """One governed number. One file in `definitions/terms`, of the kind `measure`."""

    kind: Literal["measure"]
    versions: list[MeasureVersion] = Field(min_length=1)

    @property
    def macro(self) -> str:
        """The dbt macro and doc block of the number."""
        return f"measure_{self.term}"
