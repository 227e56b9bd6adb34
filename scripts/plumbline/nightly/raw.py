"""Find the raw data of a run; make the sample company's when nothing is configured and nothing is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from plumbline.nightly.progress import Progress
from plumbline.project.errors import RawDataError
from plumbline.project.settings import RAW_VARIABLE, SETTINGS_FILE, SampleSettings, Settings, raw_place

MakeSample = Callable[[Path, SampleSettings, Progress], None]


@dataclass(frozen=True)
class RawData:
    """The file with the raw tables, and where it comes from."""

    path: Path
    is_configured: bool
    was_made: bool


def raw_at_hand(root: Path, settings: Settings) -> RawData | None:
    """The raw file of this project; none where nothing is configured and nothing is there."""
    path, is_configured = raw_place(root, settings)
    if path.is_file():
        return RawData(path, is_configured, was_made=False)
    if is_configured:
        raise RawDataError(
            f"the raw data file {path} does not exist",
            f"Correct 'raw' in {SETTINGS_FILE} (or the environment variable {RAW_VARIABLE}), or have the "
            "loader write it; without either setting the sample company is used.",
        )
    return None


def find_raw(root: Path, settings: Settings, progress: Progress, make_sample: MakeSample) -> RawData:
    """The raw file of this project, made now if the sample company has to stand in."""
    if (raw := raw_at_hand(root, settings)) is not None:
        return raw
    path, _ = raw_place(root, settings)
    scale, seed = settings.sample.scale, settings.sample.seed
    progress.note(f"No raw data is configured: making the sample company (scale {scale:g}, seed {seed}) in {path}")
    path.parent.mkdir(parents=True, exist_ok=True)
    make_sample(path, settings.sample, progress)
    return RawData(path, is_configured=False, was_made=True)


def make_sample_company(path: Path, sample: SampleSettings, progress: Progress) -> None:
    """Write the sample company's raw tables, and the truth about them beside."""
    from plumbline.sample import generate

    def show(done: int, blocks: int, rows: int) -> None:
        progress.note(f"{rows:,} rows, {done} of {blocks} parts of the company")

    generate(path, path.with_name("truth.duckdb"), sample.scale, sample.seed, show, force=True)
