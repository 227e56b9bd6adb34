"""`plumbline definitions sign`: one team's agreement to one exact meaning, refused wherever it would not be honest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

from plumbline.definitions.approvals import evidence_file, is_file, same_role
from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.meaning import meaning
from plumbline.definitions.problems import shown_path
from plumbline.definitions.proving.meanings import versions_of
from plumbline.definitions.schemas import AnyVersion, SignOff
from plumbline.definitions.signing.codes import fits, is_code, short_code
from plumbline.definitions.signing.history import is_ignored, unwitnessed
from plumbline.definitions.signing.writing import UnwritableError, with_sign_off
from plumbline.definitions.yaml_files import read_yaml
from plumbline.project.durable import write_text
from plumbline.project.errors import PlumblineError
from plumbline.project.exit_codes import ExitCode

Word = Governed | GovernedMeasure
MINUTES = "definitions/minutes"


class SigningError(PlumblineError):
    """The sign-off cannot be recorded as it was given."""

    exit_code = ExitCode.USAGE


class NothingToSignError(PlumblineError):
    """Whoever is asked has agreed already."""

    exit_code = ExitCode.FINDINGS


@dataclass(frozen=True)
class Agreement:
    """What a team hands in. Without `version` it is the one that `code` names, else the only one not signed yet."""

    team: str
    role: str
    on: date
    evidence: str
    version: int | None = None
    code: str | None = None


@dataclass(frozen=True)
class Signed:
    """What was recorded, where, and the teams that the version still waits for."""

    term: str
    version: int
    sign_off: SignOff
    path: str
    line: int
    waits_for: tuple[str, ...]


def in_question(word: Word, today: date) -> list[AnyVersion]:
    """The versions that people may be asked about: the one in force, and those to come."""
    present = word.in_force(today)
    return [version for version in versions_of(word) if version.version >= present.version]


def to_sign(word: Word, number: int | None, today: date) -> AnyVersion:
    """The version that people are to read: the one they name, else the newest that lacks a sign-off.

    Raises NothingToSignError when every required team has signed.
    """
    asked = in_question(word, today) if number is None else [numbered(word, number)]
    unsigned = [version for version in asked if word.unsigned(version)]
    if unsigned:
        return unsigned[-1]
    told = ", ".join(str(version.version) for version in asked)
    raise NothingToSignError(
        f"There is nothing to sign: every required team has agreed to what version {told} of {word.term.term} means.",
        "A change of meaning is a new version, with sign-offs of its own.",
    )


def numbered(word: Word, number: int) -> AnyVersion:
    """A version by its number. Raises SigningError."""
    for version in versions_of(word):
        if version.version == number:
            return version
    last = word.newest.version
    mending = "It has version 1 only." if last == 1 else f"It has versions 1 to {last}."
    raise SigningError(f"`{word.term.term}` has no version {number}.", mending)


def sign(library: Library, word: Word, given: Agreement, today: date) -> Signed:
    """Record a sign-off in the term's file. Raises SigningError and NothingToSignError; then nothing is written."""
    _required(word, given.team)
    for name, text in (("role", given.role), ("evidence", given.evidence)):
        if not text.strip():
            raise SigningError(f"The {name} is empty.", f"Say it: --{name}.")
        if "@" in text:
            raise SigningError(f"The {name} holds a person's address.", "Name the role or the file, never a person.")
    version = _version(word, given, today)
    _code(word, version, given.code)
    _other_voices(word, version, given)
    _day(library.root, word, version, given.on, today)
    evidence = _evidence(library.root, given.evidence)
    sign_off = SignOff.model_validate(
        {
            "team": given.team,
            "role": " ".join(given.role.split()),
            "on": given.on,
            "meaning": word.meaning(version),
            "evidence": evidence,
        }
    )
    return _written(library.root, word, version, sign_off)


def _required(word: Word, team: str) -> None:
    teams = word.term.required_sign_offs
    if team not in teams:
        nearest_first = sorted(teams, key=lambda name: -SequenceMatcher(None, team.lower(), name).ratio())
        raise SigningError(
            f"`{team}` does not sign {word.term.term}.", f"Those who do: {', '.join(nearest_first)} (--team)."
        )


def _version(word: Word, given: Agreement, today: date) -> AnyVersion:
    if given.version is not None:
        return numbered(word, given.version)
    asked = in_question(word, today)
    if given.code is not None:
        named = [version for version in asked if any(fits(given.code, known) for known in word.meanings(version))]
        if named:
            return named[0]
    lacking = [version for version in asked if given.team in word.unsigned(version)]
    if len(lacking) > 1:
        told = " and ".join(str(version.version) for version in lacking)
        raise SigningError(
            f"{given.team} has not signed versions {told} of {word.term.term} yet.",
            "Say which one was read: --version, or --meaning with the code on the packet.",
        )
    return lacking[0] if lacking else asked[-1]


def _code(word: Word, version: AnyVersion, code: str | None) -> None:
    """What was read has to be what is signed."""
    name = f"version {version.version} of {word.term.term}"
    packet = f"`plumbline definitions packet {word.term.term} --version {version.version}`"
    recorded = word.recorded.get(version.version)
    if recorded is None or meaning(word.term, version) not in recorded.meanings:
        raise SigningError(
            f"What {name} means now is not on record.",
            f"Run `plumbline definitions build` and commit, then let people read {packet}.",
        )
    if code is None or any(fits(code, known) for known in word.meanings(version)):
        return
    if not is_code(code):
        raise SigningError(f"`{code}` is no code of a meaning.", f"Copy the one on the packet, as {packet} shows it.")
    other = [v for v in versions_of(word) if any(fits(code, known) for known in word.meanings(v))]
    whose = f"that is version {other[0].version}" if other else f"{name} means something else now"
    raise SigningError(
        f"What was read has the code {code}; {whose}.",
        f"Its code is {short_code(word.meaning(version))}: let people read {packet}, and sign that.",
    )


def _other_voices(word: Word, version: AnyVersion, given: Agreement) -> None:
    for sign_off in word.valid_sign_offs(version):
        name = f"version {version.version} of {word.term.term}"
        if sign_off.team == given.team:
            raise NothingToSignError(
                f"{given.team} has signed {name} already: the {sign_off.role}, on {sign_off.on}.",
                f"Waits for: {', '.join(word.unsigned(version)) or 'nobody'}.",
            )
        if same_role(sign_off.role, given.role):
            raise SigningError(
                f"The {sign_off.role} has signed {name} for {sign_off.team}: one voice is not two.",
                f"Let somebody else sign for {given.team}.",
            )


def _day(root: Path, word: Word, version: AnyVersion, on: date, today: date) -> None:
    if on > today:
        raise SigningError(f"{on} is yet to come: today is {today} (UTC).", "Record a sign-off once it has happened.")
    against = unwitnessed(root, word.document.path, word.term.term, version.version, word.meaning(version), on)
    if against is not None:
        raise SigningError(against.what, against.mending)


def _evidence(root: Path, text: str) -> str:
    """The evidence as it is recorded: a text, or a file by its name from the project's root."""
    given = Path(text).expanduser()
    if is_file(given):
        name = shown_path(given, root)
        if Path(name).is_absolute() or name.startswith(".."):
            raise SigningError(
                f"{text} lies outside the project, where nobody else finds it.", f"Copy it to {MINUTES}/ and name that."
            )
        return _in_git(root, name)
    found = evidence_file(root, text)
    if found is not None and not found[1]:
        raise SigningError(
            f"There is no file `{text}`.",
            f"Put the signed packet into {MINUTES}/ and name it, or say in words where the agreement is kept.",
        )
    return " ".join(text.split()) if found is None else _in_git(root, shown_path(found[0], root))


def _in_git(root: Path, name: str) -> str:
    if is_ignored(root, name):
        raise SigningError(
            f"git is told to ignore {name}: nobody else gets it, and `make clean` may remove it.",
            f"Copy it to {MINUTES}/ and name that.",
        )
    return name


def _written(root: Path, word: Word, version: AnyVersion, sign_off: SignOff) -> Signed:
    shown = word.document.path
    path = root / shown
    index = versions_of(word).index(version)
    text = path.read_bytes().decode("utf-8")
    try:
        changed = with_sign_off(text, index, sign_off)
    except UnwritableError:
        raise SigningError(
            f"{shown}:{word.document.line(('versions', index, 'sign_off'))}: the sign-off cannot be added here without "
            "touching other lines.",
            "Write `sign_off: []` on a line of its own, and sign again.",
        ) from None
    write_text(path, changed)
    count = len(version.sign_off)
    line = read_yaml(path, shown).line(("versions", index, "sign_off", count))
    waits = tuple(team for team in word.unsigned(version) if team != sign_off.team)
    return Signed(word.term.term, version.version, sign_off, shown, line, waits)
