"""Find the raw data of a run, a file or folder; make the sample company's when none is configured and none is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from plumbline.nightly.progress import Progress
from plumbline.project.errors import RawDataError
from plumbline.project.settings import (
    RAW_FILE_ENDINGS,
    RAW_VARIABLE,
    SETTINGS_FILE,
    SampleSettings,
    Settings,
    raw_place,
)

MakeSample = Callable[[Path, SampleSettings, Progress], None]


@dataclass(frozen=True)
class RawData:
    """The file or folder with the raw tables, and where it comes from."""

    path: Path
    is_configured: bool
    was_made: bool


def raw_at_hand(root: Path, settings: Settings) -> RawData | None:
    """The raw data of this project; none where nothing is configured and nothing is there."""
    path, is_configured = raw_place(root, settings)
    if path.exists():
        _require_plain(path)
        return RawData(path, is_configured, was_made=False)
    if settings.reads_target_database:
        raise RawDataError(
            f"the database {path} does not exist, where raw tables are by 'models.raw_database' in {SETTINGS_FILE}",
            "Have the loader write its schemas into that file: the night reads raw tables of the target database from "
            "the file of target dev, since it builds in one that it throws away.",
        )
    if is_configured:
        raise RawDataError(
            f"the raw data {path} does not exist",
            f"Correct 'raw' in {SETTINGS_FILE} (or the environment variable {RAW_VARIABLE}), or have the "
            "loader write it; without either setting the sample company is used.",
        )
    return None


def find_raw(root: Path, settings: Settings, progress: Progress, make_sample: MakeSample) -> RawData:
    """The raw data of this project, made now if the sample company has to stand in."""
    if (raw := raw_at_hand(root, settings)) is not None:
        return raw
    path, _ = raw_place(root, settings)
    scale, seed = settings.sample.scale, settings.sample.seed
    progress.note(f"No raw data is configured: making the sample company (scale {scale:g}, seed {seed}) in {path}")
    path.parent.mkdir(parents=True, exist_ok=True)
    make_sample(path, settings.sample, progress)
    return RawData(path, is_configured=False, was_made=True)


def _require_plain(path: Path) -> None:
    """Refuse what profiles.yml, which has only the name to go by, would take for something else."""
    listed = " or ".join(RAW_FILE_ENDINGS)
    if path.is_file() and not path.name.endswith(RAW_FILE_ENDINGS):
        raise RawDataError(
            f"the raw data {path} is a file, but its name does not end in {listed}",
            "Rename the DuckDB file. Files of other formats belong in a folder: docs/raw-data.md.",
        )
    if path.is_dir() and path.name.endswith(RAW_FILE_ENDINGS):
        raise RawDataError(f"the raw data {path} is a folder with the name of a DuckDB file", "Rename the folder.")
    if path.is_dir() and set(str(path)) & set("*?["):
        raise RawDataError(f"the raw folder {path} has *, ? or [ in its path", "Rename it: they make it a pattern.")


def make_sample_company(path: Path, sample: SampleSettings, progress: Progress) -> None:
    """Write the sample company's raw tables, and the truth about them beside."""
    from plumbline.sample import generate

    def show(done: int, blocks: int, rows: int) -> None:
        progress.note(f"{rows:,} rows, {done} of {blocks} parts of the company")

    generate(path, path.with_name("truth.duckdb"), sample.scale, sample.seed, show, force=True)
