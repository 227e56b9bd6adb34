"""What `check` holds approvals against: who signed which meaning, on which day and by which evidence; reviews due.

The author of a change is never its only signer: every version needs two teams, and no role signs for both
(docs/decisions/0019-two-teams-two-roles.md).
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from plumbline.definitions.library import Governed, GovernedMeasure
from plumbline.definitions.problems import Problem
from plumbline.definitions.schemas import AnyVersion, SignOff
from plumbline.definitions.signing.history import unwitnessed
from plumbline.definitions.yaml_files import Location

Word = Governed | GovernedMeasure

# What people call a file: one word with a folder or an ending, or whatever ends like a document. No address of the web.
_LIKE_A_FILE = re.compile(
    r"(?!\w+://)(?:\S*/\S*|\S*\.[a-z]\w{1,4}|.*\.(?:pdf|md|txt|eml|msg|png|jpe?g|docx|odt|html))", re.IGNORECASE
)


def approval_problems(root: Path, word: Word, today: date, grace: timedelta) -> list[Problem]:
    """Every finding about the sign-offs and the review of a word."""
    problems = [*_one_team(word), *_missing(word, today, grace), *_overdue_review(word, today, grace)]
    for index, version in enumerate(word.term.versions):
        problems += _one_role(word, index, version)
        for number, sign_off in enumerate(version.sign_off):
            problems += _sign_off(root, word, (index, number), version, sign_off, today)
    return problems


def evidence_file(root: Path, evidence: str) -> tuple[Path, bool] | None:
    """The file that an evidence names and whether it is there; None where it is a text.

    Names are read from the project's root and from `definitions/`; what lies outside of the project nobody else finds.
    """
    if not _LIKE_A_FILE.fullmatch(evidence):
        return None
    places = [root / evidence, root / "definitions" / evidence]
    inside = root.resolve()
    found = next((place for place in places if is_file(place) and place.resolve().is_relative_to(inside)), None)
    return (places[0], False) if found is None else (found, True)


def is_file(path: Path) -> bool:
    """Whether there is such a file; what is too long for a name of one is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def same_role(first: str, second: str) -> bool:
    """Whether two sign-offs name one role, whatever its spelling."""
    return first.casefold().split() == second.casefold().split()


def _one_team(word: Word) -> Iterator[Problem]:
    if len(word.term.required_sign_offs) > 1:
        return
    team = word.term.required_sign_offs[0]
    yield Problem(
        word.document.path,
        word.document.line(("required_sign_offs",)),
        "one-signer",
        f"Only {team} has to sign {word.term.term}: whoever changes it could be the only one to agree.",
        "Add the team that reads the word, or lives with it.",
    )


def _one_role(word: Word, index: int, version: AnyVersion) -> Iterator[Problem]:
    valid = word.valid_sign_offs(version)
    for number, sign_off in enumerate(version.sign_off):
        before = [other for other in version.sign_off[:number] if other in valid and other.team != sign_off.team]
        twice = next((other for other in before if same_role(other.role, sign_off.role)), None)
        if twice is None or sign_off not in valid:
            continue
        yield Problem(
            word.document.path,
            word.document.line(("versions", index, "sign_off", number)),
            "one-role",
            f"The {sign_off.role} signed for {twice.team} and for {sign_off.team}: one voice is not two.",
            f"Let somebody else sign for one of them; who wrote version {version.version} may be that role.",
        )


def _sign_off(
    root: Path, word: Word, place: tuple[int, int], version: AnyVersion, sign_off: SignOff, today: date
) -> Iterator[Problem]:
    path, at = word.document.path, ("versions", place[0], "sign_off", place[1])
    line = word.document.line(at)
    if sign_off.meaning not in word.meanings(version):
        yield Problem(
            path,
            line,
            "sign-off-of-another-meaning",
            f"{sign_off.team} signed {sign_off.meaning}; version {version.version} now means {word.meaning(version)}.",
            "Put the change into a new version and let the teams sign that.",
        )
    else:
        yield from _unwitnessed(root, word, place, version, sign_off)
    if sign_off.on > today:
        message = f"{sign_off.team} signs on {sign_off.on}, which is yet to come."
        yield Problem(path, line, "sign-off-in-the-future", message, "Record it once it has happened.")
    found = evidence_file(root, sign_off.evidence)
    if found is not None and not found[1]:
        message = f"`{sign_off.evidence}`, by which {sign_off.team} signed, is not in the project."
        mending = "Put the file back, or name where it is now, from the project's root."
        yield Problem(path, word.document.line((*at, "evidence")), "evidence-missing", message, mending)


def _unwitnessed(
    root: Path, word: Word, place: tuple[int, int], version: AnyVersion, sign_off: SignOff
) -> Iterator[Problem]:
    """A line written by hand is held to what `sign` holds to: the day cannot lie before the words were in git.

    Where there is no git, nothing witnesses the day, and nothing speaks against it either.
    """
    path = word.document.path
    against = unwitnessed(root, path, word.term.term, version.version, sign_off.meaning, sign_off.on)
    if against is None or against.kind == "no-git":
        return
    line = word.document.line(("versions", place[0], "sign_off", place[1]))
    message = f"{sign_off.team} signed on {sign_off.on}: {against.what}"
    severity: Literal["error", "warning"] = "warning" if against.kind == "cut" else "error"
    yield Problem(path, line, "sign-off-before-the-version", message, against.mending, severity)


def _missing(word: Word, today: date, grace: timedelta) -> Iterator[Problem]:
    """Versions that need sign-offs and lack some.

    A word that nobody has signed yet is a draft as a whole, in use and shown as one. Once anybody signed a version,
    none that follows judges without its own; and what some have signed, the others sign within the days of grace.
    """
    signed = False
    for index, version in enumerate(word.term.versions):
        missing = word.unsigned(version)
        at: Location = ("versions", index)
        if missing and signed:
            yield _unsigned_successor(word, at, version, missing, today)
        elif missing and word.standing(version) == "partly_signed" and version == word.in_force(today):
            yield _half_signed(word, at, version, missing, today, grace)
        signed = signed or bool(word.valid_sign_offs(version))


def _unsigned_successor(word: Word, at: Location, version: AnyVersion, missing: list[str], today: date) -> Problem:
    line, teams = word.document.line(at), ", ".join(missing)
    packet = f"`plumbline definitions packet {word.term.term} --version {version.version}` is what they read"
    if version.effective_from > today:
        message = f"Version {version.version} takes effect on {version.effective_from} and waits for {teams}."
        mending = f"Let them sign it before: {packet}."
        return Problem(word.document.path, line, "sign-off-due", message, mending, "warning")
    message = f"Version {version.version} is in force since {version.effective_from} without {teams}."
    mending = f"Let them sign it, or let it begin later: {packet}."
    return Problem(word.document.path, line, "sign-off-missing", message, mending)


def _half_signed(
    word: Word, at: Location, version: AnyVersion, missing: list[str], today: date, grace: timedelta
) -> Problem:
    valid = word.valid_sign_offs(version)
    until = max(min(sign_off.on for sign_off in valid), version.effective_from) + grace
    late = today > until
    message = f"Version {version.version} is signed by {', '.join(str(item.team) for item in valid)}"
    message += f" and waits for {', '.join(missing)}."
    mending = f"Let them sign it, too: `plumbline definitions packet {word.term.term}` is what they read."
    mending += "" if late else f" From {until + timedelta(days=1)} on, this is an error."
    line = word.document.line(at)
    return Problem(word.document.path, line, "half-signed", message, mending, "error" if late else "warning")


def _overdue_review(word: Word, today: date, grace: timedelta) -> Iterator[Problem]:
    due = word.next_review
    if due is None or today <= due:
        return
    late = today > due + grace
    yield Problem(
        word.document.path,
        word.document.line(("review",)),
        "review-overdue",
        f"The review of {word.term.name.lower()} was due on {due}.",
        f"Let the {word.term.owner.role} review it and set `last:`."
        + ("" if late else f" From {due + grace + timedelta(days=1)} on, this is an error."),
        "error" if late else "warning",
    )
