"""What a change of the definitions does to their meaning, version by version, and what it needs."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.meaning import meaning
from plumbline.definitions.problems import Problem
from plumbline.definitions.prover import Verdict
from plumbline.definitions.proving.meanings import Said, differing, relation, said, versions_of
from plumbline.definitions.proving.objects import verdict_object
from plumbline.definitions.proving.sides import NamingError
from plumbline.definitions.proving.variants import Provers
from plumbline.definitions.schemas import AnyVersion, Entity

Word = Governed | GovernedMeasure
Kind = Literal["unchanged", "same meaning", "changed", "redrafted", "new term", "new version", "removed"]


@dataclass(frozen=True)
class Change:
    """What became of one version: `verdict` relates it to what it said before, of a new version to the one before it.

    `others`: what besides the SQL is not what it was. `needs`: what people have to do before it may be merged;
    `waits_for`: teams whose sign-off a draft still lacks.
    """

    term: str
    version: int
    kind: Kind
    entity: Entity
    verdict: Verdict | None = None
    others: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    place: tuple[str, int] = ("", 1)


def changes(base: Library, head: Library) -> list[Change]:
    """Every version of either side, in the order of terms and versions."""
    before = {word.term.term: word for word in base.words}
    after = {word.term.term: word for word in head.words}
    found: list[Change] = []
    with Provers() as provers:
        for name in sorted({*before, *after}):
            if name not in after:
                found += _removed(before[name])
            else:
                found += _of_word(before.get(name), after[name], provers)
    return found


def _removed(word: Word) -> Iterator[Change]:
    """The versions of a term that is no more: those that were signed have to stay."""
    for version in versions_of(word):
        signed = bool(word.valid_sign_offs(version))
        needs = (_stays(version),) if signed else ()
        yield Change(word.term.term, version.version, "removed", word.entity, needs=needs)


def _stays(version: AnyVersion) -> str:
    return f"version {version.version} back: it judges the days from {version.effective_from} on"


def _of_word(before: Word | None, after: Word, provers: Provers) -> Iterator[Change]:
    old = {} if before is None else {version.version: version for version in versions_of(before)}
    was_signed = before is not None and any(before.valid_sign_offs(version) for version in old.values())
    versions = versions_of(after)
    for index, version in enumerate(versions):
        known = old.get(version.version)
        place = (after.document.path, after.document.line(("versions", index)))
        waits_for = tuple(after.unsigned(version))
        if before is not None and known is not None:
            yield _changed(before, known, after, version, provers, waits_for, place)
            continue
        previous = versions[index - 1] if index else None
        verdict = None if previous is None else _relation(provers, after, said(after.term, previous), version)
        kind: Kind = "new term" if before is None else "new version"
        needs = tuple(f"the sign-off of {team}" for team in waits_for) if was_signed else ()
        yield Change(
            after.term.term, version.version, kind, after.entity, verdict, (), needs, () if needs else waits_for, place
        )
    for number in sorted(set(old) - {version.version for version in versions}):
        forgotten = number not in after.recorded and not (before and before.valid_sign_offs(old[number]))
        needs = () if forgotten else (_stays(old[number]),)
        place = (after.document.path, after.document.line(("versions",)))
        yield Change(after.term.term, number, "removed", after.entity, needs=needs, place=place)


def _changed(
    before: Word,
    known: AnyVersion,
    after: Word,
    version: AnyVersion,
    provers: Provers,
    waits_for: tuple[str, ...],
    place: tuple[str, int],
) -> Change:
    term, number = after.term.term, version.version
    given_back = tuple(_given_back(before, known, after, version))
    if meaning(before.term, known) == meaning(after.term, version):
        return Change(term, number, "unchanged", after.entity, needs=given_back, waits_for=waits_for, place=place)
    then = said(before.term, known)
    others = differing(then, said(after.term, version))
    verdict = _relation(provers, after, then, version)
    if verdict.verdict == "equivalent" and not others:
        return Change(term, number, "same meaning", after.entity, verdict, (), given_back, waits_for, place)
    recorded = after.recorded.get(number)
    anew = recorded is not None and recorded.meaning == meaning(after.term, version)
    if anew and not before.valid_sign_offs(known):
        return Change(term, number, "redrafted", after.entity, verdict, others, (), waits_for, place)
    teams = ", ".join(after.term.required_sign_offs)
    needs = [f"version {after.newest.version + 1} with its own effective_from, instead of another version {number}"]
    if before.valid_sign_offs(known):
        needs.append(f"the sign-offs of {teams}")
    return Change(term, number, "changed", after.entity, verdict, others, tuple(needs), (), place)


def _given_back(before: Word, known: AnyVersion, after: Word, version: AnyVersion) -> Iterator[str]:
    """Agreement that is gone: sign-offs that were given, and, once anybody signed, those who were asked as well."""
    given = {sign_off.team for sign_off in before.valid_sign_offs(known)}
    kept = {sign_off.team for sign_off in after.valid_sign_offs(version)}
    yield from (f"the sign-off of {team} back, which was given" for team in sorted(given - kept))
    dropped = set(before.term.required_sign_offs) - set(after.term.required_sign_offs) - kept
    if given:
        yield from (f"{team} among the required_sign_offs: it was asked, and did not sign" for team in sorted(dropped))


def _relation(provers: Provers, word: Word, then: Said, version: AnyVersion) -> Verdict:
    return relation(provers.of(word.entity), then, said(word.term, version))


def change_problems(found: list[Change]) -> list[Problem]:
    """What is missing before the change may be merged."""
    return sorted(
        Problem(
            change.place[0] or f"definitions/terms/{change.term}.yml",
            change.place[1],
            "bump-missing" if change.kind in ("changed", "removed") else "sign-off-missing",
            f"{change.term}@{change.version} is {in_words(change)}.",
            f"It needs {'; '.join(change.needs)}.",
        )
        for change in found
        if change.needs
    )


def in_words(change: Change) -> str:
    """What became of a version, in a few words."""
    if change.kind == "same meaning":
        return "worded otherwise, proved to mean the same"
    parts = []
    edited = change.kind in ("changed", "redrafted")
    if change.verdict is not None and not (edited and change.verdict.verdict == "equivalent"):
        said_ = "not proved to be the same" if change.verdict.verdict == "unknown" else change.verdict.verdict
        parts.append(said_ if edited else f"{said_} (against the version before)")
    if change.others:
        parts.append("other " + ", ".join(change.others))
    return ": ".join([change.kind, "; ".join(parts)]) if parts else change.kind


def change_object(change: Change) -> dict[str, Any]:
    """A change for machines."""
    return {
        "term": change.term,
        "version": change.version,
        "kind": change.kind,
        "others": list(change.others),
        "needs": list(change.needs),
        "waits_for": list(change.waits_for),
        "relation": None if change.verdict is None else verdict_object(change.verdict),
    }


# Another state of the files ---------------------------------------------------------------------------------


def unpack(root: Path, reference: str, folder: Path) -> Path:
    """The definitions as they are in a commit, below `folder`. Raises NamingError."""
    command = ["git", "-C", str(root), "archive", "--format=tar", reference, "--", "definitions"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        raise NamingError("git is not installed.", "`diff` reads what was committed: install git.") from None
    if done.returncode != 0:
        said_by_git = done.stderr.decode(errors="replace").strip().splitlines()
        what = said_by_git[0].removeprefix("fatal: ") if said_by_git else "git does not say why"
        raise NamingError(
            f"There are no definitions at `{reference}`: {what}.", "Name a commit, tag or branch that has them."
        )
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder
