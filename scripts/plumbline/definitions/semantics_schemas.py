"""The shape of vendor semantics: what a tool's filter operators mean, each rule with its source."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from plumbline.definitions.schemas import Name, Strict, Text

Test = Literal[
    "equals", "starts_with", "contains", "less", "at_most", "greater", "at_least", "between", "is_empty", "count"
]
# Families of column types; `date` is for timestamps too, `activity` for filters that count what somebody did.
Family = Literal["text", "number", "boolean", "date", "activity"]
Empty = Literal["matches", "does_not_match", "as_zero", "as_false", "unstated"]


class SourceOfRules(Strict):
    """A page that says how the tool behaves."""

    title: Text
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
    read: date = Field(description="The day on which it was read.")


class Operator(Strict):
    """One operator on one type of column."""

    test: Test
    negated: bool = Field(default=False, description="Whether the operator is true where the test is not.")
    case: Literal["ignored", "minded", "unstated"] | None = Field(
        default=None, description="How it compares capitals; texts only."
    )
    empty: Empty = Field(
        default="unstated",
        description="What it says of a record without a value; `as_zero` and `as_false` compare it as 0 or false.",
    )
    several: bool = Field(default=False, description="Whether it takes several values: any of them, negated none.")
    blank: bool = Field(default=False, description="Whether an empty value asks for records without a value.")
    says: Text = Field(description="The rule, for people.")
    sources: list[Name] = Field(min_length=1)


class Refusal(Strict):
    """An operator that exists and cannot be imported."""

    why: Text
    sources: list[Name] = Field(min_length=1)


class Note(Strict):
    """A rule about the tool as a whole."""

    says: Text
    sources: list[Name] = Field(min_length=1)


class EmptyText(Note):
    """Whether a text of no characters is a missing value in the tool."""

    is_missing: bool


class Semantics(Strict):
    """The filter operators of one tool. One file in `definitions/semantics`."""

    vendor: Name
    name: Text
    sources: dict[Name, SourceOfRules] = Field(min_length=1)
    empty_text: EmptyText
    notes: dict[Name, Note] = Field(default_factory=dict)
    operators: dict[Family, dict[Text, Operator]] = Field(
        min_length=1, description="By type of column, then by the tool's own name of the operator."
    )
    refused: dict[Text, Refusal] = Field(default_factory=dict)
