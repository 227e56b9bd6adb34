"""What git knows: since when a version means something, and which files it leaves out."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from plumbline.definitions.recorded import FOLDER


@dataclass(frozen=True)
class Known:
    """The day (UTC) of the first commit that records a meaning, if any; `whole`: history goes back to its start."""

    since: date | None
    whole: bool = True


def known_since(root: Path, term: str, meaning: str) -> Known | None:
    """When a meaning came on record; None where there is no git.

    The record is asked, not the term's file: a hash stands for exactly what is signed, however it is worded.
    """
    shallow = _git(root, "rev-parse", "--is-shallow-repository")
    if shallow is None:
        return None
    days = ("--format=%ad", "--date=format-local:%Y-%m-%d")
    found = _git(root, "log", "--reverse", *days, f"-S{meaning}", "--", f"{FOLDER}/{term}.json") or ""
    known = found.split()
    return Known(date.fromisoformat(known[0]) if known else None, whole=shallow != "true")


def is_ignored(root: Path, file: str) -> bool:
    """Whether git is told to leave a file out, which then nobody else has."""
    return _git(root, "check-ignore", "--quiet", "--", file) is not None


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "TZ": "UTC"},
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
