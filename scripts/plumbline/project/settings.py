"""All settings: `plumbline.yml`, checked key by key.

An unknown or wrong setting is refused with its file, line, name and the nearest valid name. What stands under
`models` are variables of dbt: `plumbline config apply` writes them into dbt_project.yml, where plain dbt reads them.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from plumbline.project.custom_columns import CustomColumns, named_once
from plumbline.project.errors import SettingsError
from plumbline.project.validation import Strict, validated
from plumbline.project.yaml_lines import read_document

SETTINGS_FILE = "plumbline.yml"
RAW_VARIABLE = "PLUMBLINE_RAW"
RUN_VARIABLE = "PLUMBLINE_RUN"
DEV_DATABASE_VARIABLE = "PLUMBLINE_DEV_DATABASE"
DEFAULT_RAW = "data/raw.duckdb"
DEFAULT_DEV_DATABASE = "build/dev/marts.duckdb"
# The name under which profiles.yml attaches raw data.
ATTACHED_RAW = "raw"
# What makes a path a database and no folder: profiles.yml, which cannot look at files, goes by it too.
RAW_FILE_ENDINGS = (".duckdb", ".db")
# Names of the target's own database, as a setting or as DuckDB calls it.
TARGET_DATABASE = ("", "marts")
Target = Literal["dev", "prod"]


class PublishFolders(Strict):
    """Where each target publishes. They must differ and not lie inside each other."""

    prod: Path = Field(default=Path("published"), description="Where target prod publishes.")
    dev: Path = Field(default=Path("build/dev/published"), description="Where target dev publishes.")

    @model_validator(mode="after")
    def _apart(self) -> PublishFolders:
        prod, dev = Path(os.path.normpath(self.prod)), Path(os.path.normpath(self.dev))
        if prod == dev or prod in dev.parents or dev in prod.parents:
            raise ValueError("prod and dev must publish to folders of their own, neither inside the other")
        return self


class PublishSettings(Strict):
    """How versions are published."""

    folder: PublishFolders = PublishFolders()
    keep: int = Field(default=7, ge=2, le=1000, description="Versions to keep, the current one among them.")


class QualitySettings(Strict):
    """The checks that judge a candidate before it is published."""

    suites: Path = Field(default=Path("quality"), description="The folder of the suites, a YAML file per concept.")
    history: int = Field(
        default=7, ge=1, le=365, description="Published versions to compare with: what is usual is their median."
    )


class DefinitionSettings(Strict):
    """How strictly business terms are held to their promises."""

    grace_days: int = Field(
        default=30,
        ge=0,
        le=366,
        description="For how many days an overdue review, or a version that some have signed, warns before it fails.",
    )


class SampleSettings(Strict):
    """The sample company that stands in when no raw data is configured."""

    scale: float = Field(default=1.0, gt=0, le=1000, description="Size: 1 is about 300 accounts.")
    seed: int = Field(default=1, ge=0, description="Same seed, same company.")


class RawInstance(Strict):
    """One instance of a source system: a name and the schema that holds its tables."""

    name: str = Field(
        pattern=r"^\w[\w .-]*$",
        description="Name of the instance; it stands in `source_instance` and is part of every key. Give a CRM, and "
        "the marketing automation and recorder that read it, one name.",
    )
    schema_name: Annotated[str, Field(alias="schema", min_length=1, description="Schema (or folder) of its tables.")]
    database: str | None = Field(default=None, description="Its database, where it is not `raw_database`.")

    @classmethod
    def alone(cls, system: str) -> RawInstance:
        """The only instance of a system, in the schema that is named like the system."""
        return cls.model_validate({"name": "main", "schema": system})


class FindingCeilings(Strict):
    """From which share of the records on a finding blocks the publish; below, it warns."""

    fewest_that_block: int = Field(
        default=10, ge=0, description="Fewer findings of a kind than these only warn, whatever their share."
    )
    hierarchy_cycles: float = Field(
        default=0.02, ge=0, le=1, description="Share of accounts whose parents run in a ring."
    )
    history_gaps: float = Field(
        default=0.2, ge=0, le=1, description="Share of opportunities whose history ends elsewhere."
    )
    merge_cycles: float = Field(
        default=0.1, ge=0, le=1, description="Share of joined records whose merges run in a ring."
    )
    missing_exchange_rates: float = Field(
        default=0.1, ge=0, le=1, description="Share of amounts without an exchange rate."
    )
    missing_survivors: float = Field(
        default=0.2, ge=0, le=1, description="Share of merged accounts whose survivor is absent."
    )
    negative_sales_cycles: float = Field(
        default=0.1, ge=0, le=1, description="Share of sales that were won before they began."
    )
    rejected_values: float = Field(default=0.05, ge=0, le=1, description="Share of rows, per raw column and reason.")
    unmapped_source_types: float = Field(
        default=0.1, ge=0, le=1, description="Share of touches whose type is not mapped."
    )
    unmapped_stages: float = Field(
        default=0.2, ge=0, le=1, description="Share of opportunity versions in unmapped stages."
    )


class ModelVariables(Strict):
    """What the models look at. Each setting is the dbt variable of the same name."""

    raw_database: str = Field(
        default=ATTACHED_RAW,
        description="Database (DuckDB: attached file or folder) that holds the raw schemas. Empty: the target database "
        "itself holds them, beside the models.",
    )
    raw_instances: dict[str, list[RawInstance]] = Field(
        default_factory=lambda: {system: [RawInstance.alone(system)] for system in ("salesforce", "marketo", "gong")},
        description="Where each system's tables are: one entry per instance, so that two of one system can be read "
        "side by side. An instance whose schema is absent is not connected, which is fine.",
    )
    raw_column_names: dict[str, dict[str, dict[str, str]]] = Field(
        default_factory=dict,
        description="Columns that an administrator renamed: {system: {table: {our column: their column}}}.",
    )
    custom_columns: CustomColumns = Field(
        default_factory=dict,
        description="Columns of your own that marts of custom fields hand on: {salesforce: {account: [{column: "
        "Health_Tier__c, name: health_tier, type: string, description: …}]}}; also of contact, lead and opportunity.",
    )
    as_of_date: str = Field(
        default="",
        description="The day all models look from (YYYY-MM-DD). Empty: the UTC date of the newest load time in the raw "
        "data. An earlier day is refused: current rows are those of the load; fct_opportunity_versions has the past.",
    )
    business_time_zone: str = Field(default="UTC", description="Time zone in which a moment becomes a business day.")
    fiscal_year_start_month: int = Field(default=1, ge=1, le=12, description="Month in which the fiscal year starts.")
    fiscal_calendar: Literal["monthly", "4-4-5"] = Field(
        default="monthly", description="Fiscal periods: calendar months, or quarters of 4, 4 and 5 weeks."
    )
    week_start: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = Field(
        default="monday", description="First day of a week."
    )
    corporate_currency: str = Field(
        default="",
        description="Currency of corporate amounts, such as EUR. Empty: the one that the CRM marks as corporate.",
    )
    exchange_rate_carry_days: int = Field(
        default=7,
        ge=0,
        le=366,
        description="How long the last exchange rate stands in where rates have a gap; after that, NULL and a finding.",
    )
    calendar_years_back: int = Field(
        default=15, ge=1, le=100, description="How many years the calendar reaches back from the as-of date."
    )
    calendar_years_ahead: int = Field(
        default=6, ge=1, le=100, description="How many years the calendar reaches ahead of the as-of date."
    )
    later_outcome_days: int = Field(
        default=180,
        ge=1,
        le=3660,
        description="How many days after a month it is looked at what became of records on which teams agreed or not.",
    )
    state_schema: str = Field(
        default="state",
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        description="Schema in which the models find what earlier runs published. The night fills it; on another "
        "engine whoever runs dbt keeps it there.",
    )
    finding_ceilings: FindingCeilings = Field(
        default=FindingCeilings(),
        description="From which share of the records on a finding blocks the publish; below, it warns.",
    )

    @property
    def raw_schemas(self) -> list[str]:
        """The schemas (or folders) of all instances."""
        return [instance.schema_name for instances in self.raw_instances.values() for instance in instances]

    @property
    def configured_instances(self) -> frozenset[tuple[str, str]]:
        """Each system with the name of each of its instances."""
        return frozenset((system, item.name) for system, items in self.raw_instances.items() for item in items)

    def custom_names(self, system: str, table: str) -> list[str]:
        """The raw columns of a table that custom columns are read from."""
        tables = {str(name): found for name, found in self.custom_columns.items()}.get(system, {})
        return [column.column for name, columns in tables.items() if name == table for column in columns]

    @field_validator("raw_instances")
    @classmethod
    def _apart(cls, value: dict[str, list[RawInstance]]) -> dict[str, list[RawInstance]]:
        """Two of one name would be one: a record of either would supersede the other's with the same id."""
        for system, instances in value.items():
            names = [instance.name for instance in instances]
            places = [(instance.database, instance.schema_name.lower()) for instance in instances]
            if len(set(names)) < len(names):
                raise ValueError(f"two instances of {system} have one name")
            if len(set(places)) < len(places):
                raise ValueError(f"two instances of {system} have one schema")
        return value

    @field_validator("custom_columns")
    @classmethod
    def _named_once(cls, value: CustomColumns) -> CustomColumns:
        return named_once(value)

    @field_validator("as_of_date", mode="before")
    @classmethod
    def _day(cls, value: object) -> str:
        text = value.isoformat() if isinstance(value, date) else str(value or "")
        if text:
            try:
                date.fromisoformat(text)
            except ValueError as error:
                raise ValueError("must be a day like 2026-01-31, or empty") from error
        return text

    @field_validator("corporate_currency")
    @classmethod
    def _currency(cls, value: str) -> str:
        if not re.fullmatch("([A-Z]{3})?", value):
            raise ValueError("must be three capital letters, such as EUR, or empty")
        return value

    @field_validator("business_time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError) as error:
            if not available_timezones():
                return value  # this machine has no list of zones; DuckDB has its own
            raise ValueError("must be a time zone of the IANA list, such as Europe/Paris") from error
        return value


class Settings(Strict):
    """All settings of `plumbline.yml`."""

    raw: Path | None = Field(
        default=None,
        description="Where the raw tables are: a DuckDB file (named *.duckdb or *.db, one schema per system) or a "
        "folder (one folder per system, with Parquet, CSV or JSON lines files). "
        f"Empty: {DEFAULT_RAW}; if that is absent, the night makes the sample company there.",
    )
    target: Target = Field(default="prod", description="The dbt target that the night builds and publishes.")
    publish: PublishSettings = PublishSettings()
    quality: QualitySettings = QualitySettings()
    definitions: DefinitionSettings = DefinitionSettings()
    sample: SampleSettings = SampleSettings()
    models: ModelVariables = ModelVariables()

    @field_validator("raw", mode="before")
    @classmethod
    def _path(cls, value: object) -> object:
        if value in (None, "", "."):
            return None
        if "://" in str(value):
            # Not quoted: an address may hold a password.
            raise PydanticCustomError("raw_address", "must be a path, not an address")
        return value

    @model_validator(mode="after")
    def _one_place(self) -> Settings:
        if self.raw is not None and self.reads_target_database:
            raise ValueError(
                "'raw' and an empty 'models.raw_database' contradict: raw tables are either in a place of their own "
                "or in the target database"
            )
        return self

    @property
    def reads_target_database(self) -> bool:
        """Whether the raw schemas are in the target database itself."""
        return self.models.raw_database in TARGET_DATABASE

    @property
    def raw_location(self) -> str:
        """Where raw tables are when the environment does not say; empty: in the target database."""
        return "" if self.reads_target_database else str(self.raw or DEFAULT_RAW)

    def dbt_variables(self) -> dict[str, Any]:
        """The variables that dbt gets: those under `models`, and where the raw tables are."""
        values: dict[str, Any] = self.models.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {"raw_location": self.raw_location, **values}


def load_settings(root: Path) -> Settings:
    """Read and check `plumbline.yml` of the project folder; without the file all defaults apply."""
    path = root / SETTINGS_FILE
    if not path.exists():
        return Settings()
    return validated(Settings, read_document(path), "setting")


def raw_place(root: Path, settings: Settings) -> tuple[Path, bool]:
    """Where the raw tables are, file or folder, and whether somebody configured it (environment before settings).

    A night builds in a file that it throws away; raw schemas of the target database are read from that of dev.
    """
    from_environment = os.environ.get(RAW_VARIABLE, "")
    if settings.reads_target_database:
        if from_environment:
            raise SettingsError(
                f"environment variable {RAW_VARIABLE} is set, but {SETTINGS_FILE} says that the raw tables are in the "
                "target database ('models.raw_database' is empty)",
                f"Unset {RAW_VARIABLE}, or set 'models.raw_database' to raw.",
            )
        return _absolute(root, Path(os.environ.get(DEV_DATABASE_VARIABLE) or DEFAULT_DEV_DATABASE)), True
    if from_environment:
        return _absolute(root, Path(from_environment)), True
    return _absolute(root, Path(settings.raw_location)), settings.raw is not None


def _absolute(root: Path, path: Path) -> Path:
    path = path.expanduser()
    return path if path.is_absolute() else root / path
