"""What `plumbline doctor` finds, as data: `--json` prints it, and its shape changes only with `diagnosis_version`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Seen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MissingColumn(_Seen):
    """A column that the sources file declares and the landed table does not have."""

    name: str
    is_required: bool = Field(description="Without it the night refuses to build; others become NULL.")
    did_you_mean: str | None = Field(description="A landed column with a near name that nothing is read from.")


class TableState(_Seen):
    """One declared raw table in one instance."""

    table: str = Field(description="Name in the sources file.")
    landed_as: str | None = None
    status: Literal["ready", "empty", "absent", "refused"]
    is_required: bool = Field(description="Whether the night needs rows of it.")
    rows: int | None = None
    newest_load_at: str | None = Field(default=None, description="Newest load time, UTC.")
    newest_load_age_hours: int | None = None
    history_from: str | None = Field(default=None, description="First day of which the table holds history.")
    columns_mapped: dict[str, str] = Field(default={}, description="Landed column by declared column.")
    missing: list[MissingColumn] = []
    unknown: list[str] = Field(default=[], description="Landed columns that no model reads, without the loader's own.")
    changes: list[str] = Field(default=[], description="What differs from the last published night.")
    what_to_do: list[str] = []


class UnreadTable(_Seen):
    """A landed table that no model reads."""

    landed_as: str
    rows: int
    did_you_mean: str | None = Field(description="A declared table with a near name that is absent.")
    changes: list[str]


class InstanceState(_Seen):
    """One instance of a source system."""

    system: str
    instance: str
    location: str = Field(description="Schema or folder of its tables.")
    status: Literal["connected", "not connected", "elsewhere"]
    loader: str | None = Field(default=None, description="The loader that the columns give away.")
    newest_load_at: str | None = None
    history_from: dict[str, str] = Field(default={}, description="First day of history, by table that keeps history.")
    tables: list[TableState] = []
    unread_tables: list[UnreadTable] = []
    gone_tables: list[str] = Field(
        default=[], description="Tables of the last published night that are not there any more."
    )


class Problem(_Seen):
    """Why the night would refuse, in its own words, and how to mend it."""

    what: str
    mending: str


class Diagnosis(_Seen):
    """All that `plumbline doctor` found."""

    diagnosis_version: int = 1
    raw: str | None = Field(description="Where the raw data is; nothing where there is none yet.")
    looked_at: str
    compared_with: str | None = Field(description="The run whose raw data the changes are told against.")
    instances: list[InstanceState]
    problem: Problem | None
    verdict: str
    exit_code: int
