"""The shape of variants: what a team means by a term, typed in or exported from its tool."""

from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from plumbline.definitions.schemas import Criterion, Name, PlainText, Strict, Team, Text

Hash = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Window = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]* (hour|day|week|month|year)s?$")]
Relation = Literal["equivalent", "narrower", "wider", "overlapping", "disjoint", "different"]
Kind = Literal["marketo_smart_list", "salesforce_report", "sql", "document"]


class Source(Strict):
    """Where a variant was read, and a hash that tells when that has changed."""

    kind: Kind = Field(description="What the file is; a `document` is read by people, and needs `criteria`.")
    file: Text = Field(description="The export, as a path below the project's root.")
    hash: Hash = Field(description="sha256 of the file's bytes.")
    read: date = Field(description="The day on which it was exported or read.")
    dialect: Name | None = Field(default=None, description="The SQL dialect, by sqlglot's name; only for `sql`.")

    @field_validator("file")
    @classmethod
    def _below_the_root(cls, file: str) -> str:
        path = PurePosixPath(file)
        if path.is_absolute() or ".." in path.parts or "\\" in file:
            raise ValueError("write a path below the project's root, with forward slashes")
        return file

    @model_validator(mode="after")
    def _dialect_of_sql(self) -> Self:
        if self.dialect is not None and self.kind != "sql":
            raise ValueError("only sql has a dialect")
        return self


class ToolField(Strict):
    """One field of the tool, in the entity's words."""

    column: Name = Field(description="The canonical column.")
    values: dict[Text, PlainText] | None = Field(
        default=None, min_length=1, description="The tool's values, each with the canonical value that it stands for."
    )
    times: Decimal | None = Field(
        default=None, gt=0, description="What a number of the tool is multiplied with: 0.01 for a percentage."
    )


class Count(Strict):
    """A counting filter of the tool («visited a page, in the past 7 days»), which the entity has as a column."""

    filter: Text = Field(description="The name of the filter in the tool.")
    within: Window | None = Field(default=None, description="The time frame that the tool's filter must have.")
    where: dict[Text, list[Text]] = Field(
        default_factory=dict, description="The other constraints that it must have: exactly these."
    )
    times: Text = Field(default="Min. Number of Times", description="The name of the constraint that says how often.")
    column: Name = Field(description="The canonical column that counts the same.")

    def as_field(self) -> ToolField:
        """The column, as if it were a field of the tool."""
        return ToolField(column=self.column)


class Variant(Strict):
    """A team's own version of a term. One file in `definitions/variants`."""

    variant: Name
    name: Text
    term: Name
    entity: Name
    team: Team
    stance: Literal["must_match", "accepted_difference", "to_be_retired"] = Field(
        description="What the teams agreed about it."
    )
    expect: Relation = Field(description="How it relates to the shared version today.")
    expires: date | None = Field(default=None, description="The last day on which a difference is accepted.")
    why: Text | None = Field(default=None, description="Why it differs, in the team's words.")
    source: Source
    fields: dict[Text, ToolField] = Field(default_factory=dict, description="The tool's fields, by the tool's names.")
    counts: list[Count] = Field(default_factory=list, description="The tool's counting filters.")
    implicit: dict[Name, Criterion] = Field(
        default_factory=dict,
        description="What the tool applies without saying so in the export, such as leaving out deleted records.",
    )
    criteria: dict[Name, Criterion] | None = Field(
        default=None, min_length=1, description="The conditions, where no importer can read the source."
    )

    @model_validator(mode="after")
    def _criteria_of_documents(self) -> Self:
        if (self.source.kind == "document") != (self.criteria is not None):
            raise ValueError("criteria are written for a document, and for nothing else: all other sources are read")
        return self

    @model_validator(mode="after")
    def _implicit_is_explained(self) -> Self:
        for name, criterion in self.implicit.items():
            if criterion.why is None:
                raise ValueError(f"`{name}` needs `why`: the export does not show it")
        return self

    @model_validator(mode="after")
    def _stance_fits(self) -> Self:
        if self.stance == "must_match":
            if self.expect != "equivalent":
                raise ValueError("what must match is expected to be equivalent")
            if self.expires is not None:
                raise ValueError("what must match does not expire")
        elif self.expires is None:
            raise ValueError(f"a variant that is {self.stance} needs `expires`")
        if self.stance == "accepted_difference" and self.why is None:
            raise ValueError("an accepted difference needs `why`")
        return self
