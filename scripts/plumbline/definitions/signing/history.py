"""What git knows: since when a version means something, whether a sign-off fits that, and which files it leaves out."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

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


@dataclass(frozen=True)
class Unwitnessed:
    """Why git does not bear out that a version was signed on a day; `cut` and `no-git` tell that it cannot."""

    kind: Literal["no-git", "cut", "not-committed", "too-early"]
    what: str
    mending: str


def unwitnessed(root: Path, path: str, term: str, version: int, meaning: str, on: date) -> Unwitnessed | None:
    """What speaks against a sign-off of a version's meaning on a day: nobody signs what is not in git yet.

    `path` is the file of the term. What `sign` refuses, and what `check` finds of lines written by hand.
    """
    known = known_since(root, term, meaning)
    if known is None:
        return Unwitnessed(
            "no-git",
            "The definitions are not in git, which tells since when there is something to sign.",
            "Sign in the project's repository.",
        )
    name = f"Version {version} of {term}"
    if known.since is None:
        return Unwitnessed(
            "not-committed",
            f"{name} is not committed yet: nobody can find again what was signed.",
            f"Commit definitions/ first, {path} and its record in definitions/meanings/.",
        )
    if on >= known.since:
        return None
    what = f"{name} is in git since {known.since}; nobody can have signed it on {on}."
    if known.whole:
        return Unwitnessed("too-early", what, "Give the day on which it was signed.")
    what = f"{name} is in this clone since {known.since}, which does not tell whether it was there on {on}."
    return Unwitnessed("cut", what, "This clone knows the last commits only: `git fetch --unshallow`.")


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
