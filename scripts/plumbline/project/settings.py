"""The settings of the command line: `plumbline.yml`, checked key by key.

An unknown or wrong setting is refused with its file, line, name and the nearest valid name. The variables of
`dbt_project.yml` that describe the raw data are read here too, since dbt and the command line share them.
"""

from __future__ import annotations

import difflib
import os
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from plumbline.project.errors import SettingsError
from plumbline.project.yaml_lines import Document, Location, read_document

SETTINGS_FILE = "plumbline.yml"
RAW_VARIABLE = "PLUMBLINE_RAW"
DEFAULT_RAW = "data/raw.duckdb"
Target = Literal["dev", "prod"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class PublishFolders(_Strict):
    """Where each target publishes. They must differ and not lie inside each other."""

    prod: Path = Field(default=Path("published"), description="Where target prod publishes.")
    dev: Path = Field(default=Path("build/dev/published"), description="Where target dev publishes.")

    @model_validator(mode="after")
    def _apart(self) -> PublishFolders:
        prod, dev = Path(os.path.normpath(self.prod)), Path(os.path.normpath(self.dev))
        if prod == dev or prod in dev.parents or dev in prod.parents:
            raise ValueError("prod and dev must publish to folders of their own, neither inside the other")
        return self


class PublishSettings(_Strict):
    """How versions are published."""

    folder: PublishFolders = PublishFolders()
    keep: int = Field(default=7, ge=2, le=1000, description="Versions to keep, the current one among them.")


class SampleSettings(_Strict):
    """The sample company that stands in when no raw data is configured."""

    scale: float = Field(default=1.0, gt=0, le=1000, description="Size: 1 is about 300 accounts.")
    seed: int = Field(default=1, ge=0, description="Same seed, same company.")


class Settings(_Strict):
    """All settings of `plumbline.yml`."""

    raw: Path | None = Field(default=None, description=f"DuckDB file with the raw tables; {DEFAULT_RAW} when not set.")
    target: Target = Field(default="prod", description="The dbt target that the night builds and publishes.")
    publish: PublishSettings = PublishSettings()
    sample: SampleSettings = SampleSettings()

    @field_validator("raw")
    @classmethod
    def _not_blank(cls, value: Path | None) -> Path | None:
        return None if value is None or str(value) in ("", ".") else value


class RawInstance(_Strict):
    """One instance of a source system: a name and the schema that holds its tables."""

    name: str = Field(min_length=1)
    schema_name: Annotated[str, Field(alias="schema", min_length=1)]
    database: str | None = None


class ModelVariables(BaseModel):
    """The variables of `dbt_project.yml` that the command line checks before dbt starts."""

    model_config = ConfigDict(extra="allow", frozen=True)

    raw_database: str = "raw"
    raw_instances: dict[str, list[RawInstance]] = Field(default_factory=dict)
    raw_column_names: dict[str, dict[str, dict[str, str]]] = Field(default_factory=dict)
    as_of_date: str = ""
    business_time_zone: str = "UTC"
    fiscal_year_start_month: int = Field(default=1, ge=1, le=12)
    fiscal_calendar: Literal["monthly", "4-4-5"] = "monthly"
    week_start: Literal["monday", "sunday", "saturday"] = "monday"
    corporate_currency: str = Field(default="", pattern=r"^([A-Z]{3})?$")
    exchange_rate_carry_days: int = Field(default=7, ge=0, le=366)
    calendar_years_back: int = Field(default=15, ge=1, le=100)
    calendar_years_ahead: int = Field(default=6, ge=1, le=100)

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


Model = TypeVar("Model", bound=BaseModel)


def load_settings(root: Path) -> Settings:
    """Read and check `plumbline.yml` of the project folder; without the file all defaults apply."""
    path = root / SETTINGS_FILE
    if not path.exists():
        return Settings()
    return _validated(Settings, read_document(path), (), "setting")


def load_variables(root: Path) -> ModelVariables:
    """Read and check the `vars` of `dbt_project.yml`."""
    document = read_document(root / "dbt_project.yml")
    variables = _validated(ModelVariables, document, ("vars",), "variable")
    known = list(ModelVariables.model_fields)
    for name in variables.model_extra or {}:
        if close := difflib.get_close_matches(name, known, n=1, cutoff=0.85):
            raise SettingsError(
                f"{_place(document, ('vars', name))}: unknown variable '{name}'",
                f"Did you mean '{close[0]}'?",
            )
    return variables


def raw_file(root: Path, settings: Settings) -> tuple[Path, bool]:
    """The file with the raw tables, and whether somebody configured it (environment before settings)."""
    from_environment = os.environ.get(RAW_VARIABLE, "")
    if from_environment:
        return _absolute(root, Path(from_environment)), True
    if settings.raw is not None:
        return _absolute(root, settings.raw), True
    return root / DEFAULT_RAW, False


def _absolute(root: Path, path: Path) -> Path:
    path = path.expanduser()
    return path if path.is_absolute() else root / path


def _validated(model: type[Model], document: Document, under: Location, noun: str) -> Model:
    content: Any = document.content
    for key in under:
        content = (content or {}).get(key) if isinstance(content, dict) else content
    if content is None:
        content = {}
    if not isinstance(content, dict):
        raise SettingsError(
            f"{document.path.name}: holds {type(content).__name__} where settings by name are expected",
            "Write one 'name: value' a line.",
        )
    try:
        return model.model_validate(content)
    except ValidationError as error:
        # A misspelt name explains the missing one: unknown names first.
        problems = sorted(error.errors(include_url=False), key=lambda item: item["type"] != "extra_forbidden")
        texts = [_explain(model, document, under, noun, dict(problem)) for problem in problems]
        mendings = dict.fromkeys(mending for _, mending in texts)
        raise SettingsError("\n".join(text for text, _ in texts), "\n".join(mendings)) from error


def _explain(
    model: type[BaseModel], document: Document, under: Location, noun: str, problem: dict[str, Any]
) -> tuple[str, str]:
    location: Location = tuple(problem["loc"])
    place = _place(document, (*under, *location))
    dotted = ".".join(str(part) for part in location)
    if problem["type"] == "extra_forbidden":
        valid = _fields_at(model, location[:-1])
        close = difflib.get_close_matches(str(location[-1]), valid, n=1, cutoff=0.5)
        mending = f"Did you mean '{close[0]}'? " if close else ""
        return f"{place}: unknown {noun} '{dotted}'", f"{mending}Valid here: {', '.join(valid)}."
    message = str(problem["msg"]).removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    given = problem.get("input")
    shown = f" (it is {given!r})" if isinstance(given, (str, int, float, bool)) else ""
    return (
        f"{place}: {noun} '{dotted}' is wrong: {message}{shown}",
        f"Correct '{dotted}' in {document.path.name}.",
    )


def _place(document: Document, location: Location) -> str:
    line = document.line_of(location)
    return f"{document.path.name} line {line}" if line is not None else document.path.name


def _fields_at(model: type[BaseModel], location: Location) -> list[str]:
    current: Any = model
    for part in location:
        if isinstance(part, int):
            continue
        field = current.model_fields.get(part) if hasattr(current, "model_fields") else None
        current = None if field is None else field.annotation
    fields = getattr(current, "model_fields", {}) or RawInstance.model_fields
    return sorted(str(field.alias or name) for name, field in fields.items())
