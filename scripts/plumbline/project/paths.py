"""Where things are: the project folder, and the files of each target, which targets never share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from plumbline.project.errors import SettingsError
from plumbline.project.settings import Settings, Target

DATABASE_NAME = "marts.duckdb"


def find_project(start: Path | None = None) -> Path:
    """The project folder: the given one, or the nearest one at or above with a dbt_project.yml."""
    if start is not None:
        folder = start.expanduser().resolve()
        if not (folder / "dbt_project.yml").is_file():
            raise SettingsError(
                f"--project {start}: there is no dbt_project.yml in this folder",
                "Name the folder of the project.",
            )
        return folder
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / "dbt_project.yml").is_file():
            return folder
    raise SettingsError(
        f"{here} is not inside a Plumbline project: no dbt_project.yml here or above",
        "Change into the project's folder, or name it with --project.",
    )


@dataclass(frozen=True)
class TargetPaths:
    """All files and folders that belong to one target."""

    root: Path
    target: Target
    published: Path

    @classmethod
    def of(cls, root: Path, settings: Settings, target: Target) -> TargetPaths:
        """The paths of a target in a project folder."""
        folder = settings.publish.folder.prod if target == "prod" else settings.publish.folder.dev
        folder = folder.expanduser()
        return cls(root, target, folder if folder.is_absolute() else root / folder)

    @property
    def work_file(self) -> Path:
        """The disposable database of a night; the same path each night keeps dbt's parse valid."""
        return self.root / "build" / self.target / "night" / DATABASE_NAME

    @property
    def parse_cache(self) -> Path:
        """dbt's parse of the last night, with which the next one starts."""
        return self.root / "build" / self.target / "night" / "partial_parse.msgpack"

    @property
    def runs(self) -> Path:
        """A folder per run: dbt's target path and log."""
        return self.root / "build" / self.target / "runs"

    @property
    def state(self) -> Path:
        """What must not be lost: the journal of runs, what the gate saw, what was accepted, what was published."""
        return self.root / "state" / self.target

    @property
    def lock(self) -> Path:
        """The file whose lock one run at a time holds."""
        return self.state / "lock"

    @property
    def journal(self) -> Path:
        """The append-only history of runs and rollbacks."""
        return self.state / "runs.jsonl"

    @property
    def checks(self) -> Path:
        """The append-only history of what the quality gate saw: a line for each check of each run."""
        return self.state / "checks.jsonl"

    @property
    def metric_results(self) -> Path:
        """The append-only record of what was published of every metric: a line for each published run."""
        return self.state / "metric_results.jsonl"

    @property
    def accepted(self) -> Path:
        """The append-only list of findings that somebody let through."""
        return self.state / "accepted.jsonl"

    @property
    def raw_snapshot(self) -> Path:
        """The shape of the raw data that the last night published from."""
        return self.state / "raw.json"

    @property
    def versions(self) -> Path:
        """The published versions, a folder each."""
        return self.published / "versions"
