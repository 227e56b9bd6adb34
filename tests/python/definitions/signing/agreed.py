"""The small project in git, its meanings on record."""

import os
import subprocess
from datetime import date
from pathlib import Path

from plumbline.definitions import load_library
from plumbline.definitions.proving.ledger import look, record
from plumbline.definitions.signing.sign import Agreement, Signed, sign

SINCE = date(2026, 1, 10)
TODAY = date(2026, 3, 1)
MINUTES = "definitions/minutes/2026-01-20.md"


def git(root: Path, *arguments: str, day: date = SINCE, moment: str | None = None) -> None:
    """A git command of somebody, at noon of a day or at a moment."""
    who = ("-c", "user.name=Tester", "-c", "user.email=tester@example.com")
    when = moment or f"{day}T12:00:00+0000"
    dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    subprocess.run(["git", "-C", str(root), *who, *arguments], check=True, env={**os.environ, **dates})


def commit(root: Path, day: date = SINCE, moment: str | None = None) -> Path:
    """Record what every version means, and commit all that is there."""
    library = load_library(root)
    record(library, look(library))
    if not (root / ".git").exists():
        git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Say what is meant", day=day, moment=moment)
    return root


def agreement(
    team: str = "sales",
    role: str | None = None,
    on: date = date(2026, 1, 20),
    evidence: str = "said in the room",
    version: int | None = 3,
    code: str | None = None,
) -> Agreement:
    """What a team hands in."""
    return Agreement(team, role or f"head of {team}", on, evidence, version, code)


def signed(root: Path, given: Agreement, today: date = TODAY) -> Signed:
    """The sign-off, recorded."""
    library = load_library(root)
    return sign(library, library.terms["big"], given, today)
