"""Back up what no build can make again as one file, with the hash of all that is in it, and put it back."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from plumbline.nightly.clock import read_stamp, stamp, utc_now
from plumbline.nightly.journal import Journal
from plumbline.nightly.lock import RunLock
from plumbline.nightly.metric_results import read_results
from plumbline.nightly.versions import Versions
from plumbline.project.durable import sync_file, sync_folder
from plumbline.project.errors import StateError
from plumbline.project.paths import TargetPaths

MANIFEST = "manifest.json"
_FORM = 1


class KeptFile(BaseModel):
    """A file of a backup."""

    model_config = ConfigDict(frozen=True)

    bytes: int
    sha256: str


class Contents(BaseModel):
    """The manifest of a backup: what it holds, of which target, from when."""

    model_config = ConfigDict(frozen=True)

    form: int = Field(description="Form of the file.")
    target: str
    taken_at: str
    current_run: str | None = Field(description="The run that was published last.")
    files: dict[str, KeptFile]


@dataclass(frozen=True)
class StateFile:
    """A file of the state, for people."""

    name: str
    holds: str
    bytes: int
    lines: int


@dataclass(frozen=True)
class StateSeen:
    """What is in the state of a target."""

    folder: Path
    files: list[StateFile]
    published_runs: int
    current_run: str | None
    recorded_runs: int
    figures: int

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {**asdict(self), "folder": str(self.folder)}


@dataclass(frozen=True)
class Restored:
    """What a restore put back, and what a person should know about it."""

    contents: Contents
    notice: str | None


def read_state(paths: TargetPaths) -> StateSeen:
    """What is in `state/<target>/` and what it tells of what was published."""
    holds = _meanings(paths)
    lineage = Journal(paths.journal).lineage()
    results = read_results(paths.metric_results)
    files = []
    for path in _files(paths.state):
        content = path.read_bytes()
        files.append(StateFile(path.name, holds.get(path.name, "not ours"), len(content), content.count(b"\n")))
    return StateSeen(
        folder=paths.state,
        files=files,
        published_runs=len(lineage),
        current_run=lineage[-1] if lineage else None,
        recorded_runs=sum(run_id in results for run_id in lineage),
        figures=sum(len(results.get(run_id, [])) for run_id in lineage),
    )


def back_up(paths: TargetPaths, file: Path) -> Contents:
    """Write the state to one new file, while no run can change it. The file is there whole, or not at all."""
    if not _files(paths.state):
        raise StateError(f"{paths.state} is empty: there is nothing to back up", "Run 'plumbline nightly' first.")
    if file.exists():
        raise StateError(f"{file} is there already", "Name another file; a backup is never written over.")
    with RunLock(paths.lock, f"state backup {paths.target}"):
        kept = {path.name: path.read_bytes() for path in _files(paths.state)}
        lineage = Journal(paths.journal).lineage()
    contents = Contents(
        form=_FORM,
        target=paths.target,
        taken_at=stamp(utc_now()),
        current_run=lineage[-1] if lineage else None,
        files={name: KeptFile(bytes=len(content), sha256=_hash(content)) for name, content in kept.items()},
    )
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(temporary, "w:gz") as archive:
            manifest = json.dumps(contents.model_dump(mode="json"), indent=2) + "\n"
            _add(archive, MANIFEST, manifest.encode(), contents)
            for name, content in kept.items():
                _add(archive, name, content, contents)
        read_backup(temporary)
        sync_file(temporary)
        temporary.rename(file)
        sync_folder(file.parent)
    except OSError as error:
        raise StateError(
            f"the backup {file} could not be written: {error.strerror}", "Check free space and rights of that folder."
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
    return contents


def read_backup(file: Path) -> tuple[Contents, dict[str, bytes]]:
    """All of a backup, proven whole: every file that its manifest names, with its hash, and no other."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            found = {member.name: _content(archive, member) for member in archive}
        contents = Contents.model_validate(json.loads(found.pop(MANIFEST)))
    except FileNotFoundError as error:
        raise StateError(f"there is no file {file}", "Name a file that 'plumbline state backup' wrote.") from error
    except (OSError, EOFError, tarfile.TarError, KeyError, ValueError, ValidationError) as error:
        raise StateError(
            f"{file} is damaged, or no backup of ours: it cannot be read to its end", "Take another backup."
        ) from error
    if contents.form != _FORM:
        raise StateError(
            f"{file} has the form {contents.form}; this Plumbline reads {_FORM}", "Use the Plumbline that wrote it."
        )
    for name in sorted({*found, *contents.files}):
        if name not in found or name not in contents.files or contents.files[name].sha256 != _hash(found[name]):
            raise StateError(
                f"{file} is damaged: {name} is not what its manifest says", "Nothing was touched. Take another backup."
            )
    return contents, found


def restore(paths: TargetPaths, file: Path, *, replace: bool = False) -> Restored:
    """Put a backup back. Refuses to write over a state, unless it is told to; then that state is gone."""
    contents, found = read_backup(file)
    if contents.target != paths.target:
        raise StateError(
            f"{file} is a backup of target {contents.target}, not of {paths.target}",
            f"Restore it with --target {contents.target}: targets share nothing.",
        )
    with RunLock(paths.lock, f"state restore {paths.target}"):
        there = _files(paths.state)
        if there and not replace:
            raise StateError(
                f"{paths.state} is not empty: {', '.join(path.name for path in there)}",
                "Take a backup of it, then restore with --replace: what is there now will be gone.",
            )
        try:
            _put(paths, found, there)
        except OSError as error:
            raise StateError(
                f"the state could not be written to {paths.state}: {error.strerror}",
                "Check free space and rights of that folder, then restore again with --replace.",
            ) from error
    return Restored(contents, _notice(paths))


def _put(paths: TargetPaths, found: dict[str, bytes], there: list[Path]) -> None:
    """All beside the old first, then one rename each: the journal last, since all else is judged by it."""
    written = []
    for name, content in sorted(found.items(), key=lambda item: item[0] == paths.journal.name):
        temporary = paths.state / f".{name}.restored"
        temporary.write_bytes(content)
        sync_file(temporary)
        written.append((temporary, paths.state / name))
    for path in there:
        if path.name not in found:
            path.unlink()
    for temporary, path in written:
        temporary.replace(path)
    sync_folder(paths.state)


def _notice(paths: TargetPaths) -> str | None:
    """Whether what is published is what the restored journal says was published last."""
    lineage, current = Journal(paths.journal).lineage(), Versions(paths.published).current()
    known = lineage[-1] if lineage else None
    if current == known:
        return None
    if current is None:
        return "Nothing is published here: the next night publishes, and knows what was published before."
    return (
        f"Published is {current}, but by this state {known or 'nothing'} was published last: what came after the "
        "backup is not in it. The next night starts from what the state knows."
    )


def _files(folder: Path) -> list[Path]:
    """What is to be kept: not the lock, and nothing that a killed writer left."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name != "lock" and path.name[0] != ".")


def _meanings(paths: TargetPaths) -> dict[str, str]:
    return {
        paths.journal.name: "runs, publishes, rollbacks",
        paths.metric_results.name: "what was published of every metric",
        paths.checks.name: "what the quality gate saw",
        paths.accepted.name: "findings that were let through",
        paths.raw_snapshot.name: "shape of the raw tables of the last night; made anew by each",
    }


def _add(archive: tarfile.TarFile, name: str, content: bytes, contents: Contents) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime = len(content), int(read_stamp(contents.taken_at).timestamp())
    archive.addfile(member, io.BytesIO(content))


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    """A member's bytes. Nothing is unpacked by its own name: a name that leads elsewhere is damage."""
    handle = archive.extractfile(member)
    if handle is None or member.name != Path(member.name).name or member.name.startswith("."):
        raise ValueError(member.name)
    return handle.read()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def summary(seen: StateSeen) -> Iterator[str]:
    """What is in the state, in words."""
    yield f"State in {seen.folder}"
    for file in seen.files:
        yield f"  {file.name:<22} {file.lines:>7,} lines  {file.bytes / 1024:>9,.0f} KB  {file.holds}"
    if not seen.files:
        yield "  nothing yet"
    yield f"Published runs that led to the current version: {seen.published_runs}, last {seen.current_run or 'none'}"
    yield f"What was published of metrics: {seen.figures:,} figures of {seen.recorded_runs} runs"
