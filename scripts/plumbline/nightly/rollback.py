"""Go back to an earlier published version: proven whole first, made current in one step, recorded."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from plumbline.nightly import journal as events
from plumbline.nightly.export import OnStep
from plumbline.nightly.journal import Journal
from plumbline.nightly.lock import RunLock
from plumbline.nightly.manifest import Manifest, read_manifest
from plumbline.nightly.signals import Interrupts, Stopped
from plumbline.nightly.verify import verify_in_fresh_process
from plumbline.nightly.versions import Versions
from plumbline.project.errors import InterruptedRunError, NoVersionError, PublishError
from plumbline.project.paths import TargetPaths


@dataclass(frozen=True)
class RolledBack:
    """From which version to which."""

    before: str
    now: Manifest
    notice: str | None


def roll_back(paths: TargetPaths, wanted: str | None, on_step: OnStep = lambda step: None) -> RolledBack:
    """Make an earlier version current: the one wanted, or the newest that is older than the current one."""
    versions, journal = Versions(paths.published), Journal(paths.journal)
    with Interrupts() as interrupts:
        try:
            with RunLock(paths.lock, f"rollback {paths.target}"):
                current, version = _choose(versions, wanted)
                on_step("chosen")
                verify_in_fresh_process(versions.path(version))
                manifest = read_manifest(versions.path(version))
                on_step("verified")
                with interrupts.shielded():
                    notice = _flip(versions, version)
                    on_step("flipped")
                    journal.append(
                        events.ROLLED_BACK,
                        version,
                        before=current,
                        as_of_date=manifest.as_of_date,
                        exit_code=0,
                    )
                on_step("recorded")
                interrupts.check()
        except Stopped as stopped:
            raise InterruptedRunError(
                stopped.signal_number,
                f"stopped by {stopped.args[0]}",
                "'plumbline status' shows which version is current.",
            ) from None
    return RolledBack(current, manifest, notice)


def _flip(versions: Versions, version: str) -> str | None:
    try:
        return versions.flip(version)
    except OSError as error:
        raise PublishError(
            f"version {version} could not be made current in {versions.published}: {error.strerror}",
            "The current version stays. Check free space and rights of that folder.",
        ) from error


def _choose(versions: Versions, wanted: str | None) -> tuple[str, str]:
    current = versions.current()
    if current is None:
        raise NoVersionError(
            f"nothing is published in {versions.published}: there is nothing to roll back from",
            "Run 'plumbline nightly' first.",
        )
    if wanted is None:
        return current, versions.before(current)
    kept = versions.all()
    if wanted == current:
        raise NoVersionError(f"version {wanted} is the current one already", f"Kept versions: {', '.join(kept)}.")
    if wanted not in kept:
        close = difflib.get_close_matches(wanted, kept, n=1)
        raise NoVersionError(
            f"there is no version '{wanted}' in {versions.folder}",
            (f"Did you mean {close[0]}? " if close else "") + f"Kept versions: {', '.join(kept)}.",
        )
    return current, wanted
