"""The published versions of a target: a folder each, and the one that `current` points to."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from plumbline.nightly.run_ids import is_run_id
from plumbline.project.durable import sync_folder, write_text
from plumbline.project.errors import NoVersionError

LINK = "current"
POINTER = "current.txt"
MANIFEST = "manifest.json"
_LEFTOVERS = (".staging-*", ".trash-*", ".current-*", f".{POINTER}.*")
_NO_SYMLINKS = frozenset({errno.EPERM, errno.EACCES, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK})


class Versions:
    """The folder that a target publishes to. Whoever changes it holds the target's lock."""

    def __init__(self, published: Path) -> None:
        """The versions below `published`."""
        self.published = published
        self.folder = published / "versions"
        self.link = published / LINK
        self.pointer = published / POINTER

    def all(self) -> list[str]:
        """The ids of all whole versions, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(
            child.name for child in self.folder.iterdir() if is_run_id(child.name) and (child / MANIFEST).is_file()
        )

    def path(self, version: str) -> Path:
        """The folder of a version."""
        return self.folder / version

    def current(self) -> str | None:
        """The version that readers get, if there is one."""
        try:
            name = self.link.readlink().name
        except OSError:
            try:
                name = Path(self.pointer.read_text(encoding="utf-8").strip()).name
            except OSError:
                return None
        return name if (self.folder / name / MANIFEST).is_file() else None

    def flip(self, version: str) -> str | None:
        """Make a version current in one step. Returns a notice where a pointer file had to stand in."""
        temporary = self.published / f".{LINK}-{version}"
        temporary.unlink(missing_ok=True)
        target = f"versions/{version}"
        try:
            temporary.symlink_to(target, target_is_directory=True)
            temporary.replace(self.link)
        except OSError as error:
            if error.errno not in _NO_SYMLINKS:
                temporary.unlink(missing_ok=True)
                raise
            temporary.unlink(missing_ok=True)
            return self._point(target, error)
        self.pointer.unlink(missing_ok=True)
        sync_folder(self.published)
        return None

    def _point(self, target: str, error: OSError) -> str:
        write_text(self.pointer, f"{target}\n")
        if self.link.is_symlink():
            self.link.unlink()
        sync_folder(self.published)
        return (
            f"This file system makes no symbolic links ({error.strerror}): {self.pointer} names the current "
            f"version instead. Readers take the folder that it names."
        )

    def before(self, version: str) -> str:
        """The newest version older than the given one."""
        older = [name for name in self.all() if name < version]
        if not older:
            raise NoVersionError(
                f"there is no version older than {version} in {self.folder} to roll back to",
                "Versions are kept by the setting 'publish.keep'; 'plumbline status' lists them.",
            )
        return older[-1]

    def remove(self, version: str) -> None:
        """Delete a version: it leaves the list in one step, then its files go."""
        trash = self.published / f".trash-{version}"
        if trash.exists():
            shutil.rmtree(trash)
        self.path(version).rename(trash)
        shutil.rmtree(trash)

    def prune(self, keep: int) -> list[str]:
        """Delete all but the newest `keep` versions; the current one always stays."""
        current = self.current()
        others = [name for name in self.all() if name != current]
        room = keep - (1 if current else 0)
        doomed = others[: max(0, len(others) - room)]
        for version in doomed:
            self.remove(version)
        return doomed

    def sweep(self) -> list[str]:
        """Delete what killed runs left behind; none of it was ever published."""
        swept: list[str] = []
        for pattern in _LEFTOVERS:
            for leftover in sorted(self.published.glob(pattern)):
                if leftover.is_dir() and not leftover.is_symlink():
                    shutil.rmtree(leftover)
                else:
                    leftover.unlink()
                swept.append(leftover.name)
        return swept
