"""Which commit of the project a run was built from."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Commit:
    """A commit, and whether tracked files differ from it; both unknown outside of a repository."""

    commit: str | None = None
    has_changes: bool | None = None


def read_commit(root: Path) -> Commit:
    """The commit that is checked out in the project folder."""
    commit = _git(root, "rev-parse", "--verify", "HEAD")
    if not commit:
        return Commit()
    changes = _git(root, "status", "--porcelain", "--untracked-files=no")
    return Commit(commit, None if changes is None else bool(changes))


def _git(root: Path, *arguments: str) -> str | None:
    try:
        process = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            text=True,
            timeout=20,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return process.stdout.strip() if process.returncode == 0 else None
