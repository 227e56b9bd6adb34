"""The publish protocol: write beside, prove, rename, flip. Readers see the old version or the new, whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb

from plumbline.nightly.clock import stamp, utc_now
from plumbline.nightly.export import (
    PARQUET,
    STORAGE_VERSION,
    Descriptions,
    ExportedTable,
    OnStep,
    export_marts,
)
from plumbline.nightly.git import Commit
from plumbline.nightly.manifest import Manifest, ManifestColumn, ManifestTable, schema_version
from plumbline.nightly.signals import Interrupts
from plumbline.nightly.tables import file_hash
from plumbline.nightly.verify import verify_in_fresh_process
from plumbline.nightly.versions import Versions
from plumbline.project.durable import sync_folder, sync_tree, write_text
from plumbline.project.errors import PublishError
from plumbline.project.paths import DATABASE_NAME
from plumbline.project.redact import redacted

Verifier = Callable[[Path], None]


@dataclass(frozen=True)
class Candidate:
    """What is to be published, and what its manifest says about where it comes from."""

    run_id: str
    target: str
    work_file: Path
    spill: Path
    as_of_date: str | None
    commit: Commit
    started_at: str
    descriptions: Descriptions
    pages: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    """A version that is current now."""

    manifest: Manifest
    folder: Path
    notice: str | None


def publish(
    candidate: Candidate,
    versions: Versions,
    interrupts: Interrupts,
    on_step: OnStep,
    on_published: Callable[[Manifest], None],
    verify: Verifier = verify_in_fresh_process,
) -> Published:
    """Publish a tested work file. `on_published` records it in the same breath as the flip.

    Whatever fails before the flip leaves the current version as it was and nothing new behind.
    """
    staging = versions.published / f".staging-{candidate.run_id}"
    try:
        versions.folder.mkdir(parents=True, exist_ok=True)
        staging.mkdir()
        on_step("staging folder")
        exported = export_marts(candidate.work_file, staging, candidate.spill, candidate.descriptions, on_step)
        on_step("database and parquet")
        for name, text in candidate.pages.items():
            write_text(staging / name, text)
        manifest = _manifest(candidate, staging, exported)
        manifest.write(staging)
        on_step("manifest")
        verify(staging)
        on_step("verified")
        sync_tree(staging)
        on_step("on disk")
        with interrupts.shielded():
            notice = _commit(candidate.run_id, staging, versions, on_step)
            on_published(manifest)
    except (OSError, duckdb.Error) as error:
        _clean(staging, versions, candidate.run_id)
        raise PublishError(
            f"version {candidate.run_id} could not be written to {versions.published}: {reason_of(error)}",
            "The current version stays. Check free space and rights of that folder, then run again.",
        ) from error
    except BaseException:
        _clean(staging, versions, candidate.run_id)
        raise
    on_step("recorded")
    return Published(manifest, versions.path(candidate.run_id), notice)


def _commit(run_id: str, staging: Path, versions: Versions, on_step: OnStep) -> str | None:
    staging.rename(versions.path(run_id))
    sync_folder(versions.folder)
    sync_folder(versions.published)
    on_step("renamed")
    notice = versions.flip(run_id)
    on_step("flipped")
    return notice


def _clean(staging: Path, versions: Versions, run_id: str) -> None:
    """Remove what is not current; a disk that fails here too must not hide the first error."""
    shutil.rmtree(staging, ignore_errors=True)
    if versions.path(run_id).exists() and versions.current() != run_id:
        shutil.rmtree(versions.path(run_id), ignore_errors=True)


def reason_of(error: Exception) -> str:
    """What an operating system or database error says, in one line, without values of the data."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror if error.filename is None else f"{error.strerror} ({Path(error.filename).name})"
    return redacted(str(error).splitlines()[0])


def _manifest(candidate: Candidate, folder: Path, exported: list[ExportedTable]) -> Manifest:
    columns = {
        table.name: [ManifestColumn(name=column.name, type=column.type) for column in table.columns]
        for table in exported
    }
    database = folder / DATABASE_NAME
    return Manifest(
        manifest_version=1,
        run_id=candidate.run_id,
        target=candidate.target,
        as_of_date=candidate.as_of_date,
        git_commit=candidate.commit.commit,
        git_has_changes=candidate.commit.has_changes,
        started_at=candidate.started_at,
        finished_at=stamp(utc_now()),
        plumbline_version=_version(),
        duckdb_version=duckdb.__version__,
        storage_version=STORAGE_VERSION,
        schema_version=schema_version(columns),
        database_file=DATABASE_NAME,
        database_bytes=database.stat().st_size,
        database_sha256=file_hash(database),
        tables={
            table.name: ManifestTable(
                rows=table.rows,
                content_hash=table.content_hash,
                columns=columns[table.name],
                parquet_file=f"{PARQUET}/{table.name}.parquet",
                parquet_bytes=table.parquet_bytes,
                parquet_sha256=table.parquet_sha256,
            )
            for table in exported
        },
        pages={name: file_hash(folder / name) for name in candidate.pages},
    )


def _version() -> str:
    try:
        return version("plumbline")
    except PackageNotFoundError:
        return "unknown"
