"""The record of what every version means: `definitions/meanings/<term>.json`, checked in.

A version that says something else than what is on record is a finding, unless the prover shows that it means the same:
then both hashes and the prover are recorded. Nothing overwrites a record silently; of a version that nobody signed it
can be done on purpose.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from plumbline.definitions.build import StaleFile
from plumbline.definitions.library import Governed, GovernedMeasure, Library
from plumbline.definitions.meaning import meaning
from plumbline.definitions.problems import Problem
from plumbline.definitions.prover import Verdict
from plumbline.definitions.proving.meanings import Said, differing, proved_by, relation, said, versions_of
from plumbline.definitions.proving.variants import Provers
from plumbline.definitions.recorded import FOLDER, Recorded, read_record
from plumbline.definitions.schemas import AnyVersion
from plumbline.definitions.yaml_files import Location

_NOTE = "Written by `plumbline definitions build`; do not edit. What each version means."
Word = Governed | GovernedMeasure


@dataclass(frozen=True)
class Looked:
    """What the record has to become, and what does not fit to it."""

    files: dict[str, str]
    problems: list[Problem]


def look(library: Library, redraft: Collection[str] = ()) -> Looked:
    """Hold every version against its record; `redraft` are terms whose unsigned versions may be recorded anew."""
    files: dict[str, str] = {}
    problems: list[Problem] = []
    with Provers() as provers:
        for word in library.words:
            name = word.term.term
            before = word.recorded
            after: dict[int, Recorded] = {}
            for index, version in enumerate(versions_of(word)):
                known = before.get(version.version)
                after[version.version], found = _held(word, index, version, known, provers, name in redraft)
                problems += found
            problems += _gone(word, before, after, name in redraft)
            files[f"{FOLDER}/{name}.json"] = _written(name, after)
    problems += _forgotten(library, redraft)
    return Looked(dict(sorted(files.items())), sorted(problems))


def _held(
    word: Word, index: int, version: AnyVersion, known: Recorded | None, provers: Provers, redraft: bool
) -> tuple[Recorded, list[Problem]]:
    """What is recorded of a version from now on, and a finding when it means something else than before."""
    present, now = meaning(word.term, version), said(word.term, version)
    teams = {str(sign_off.team) for sign_off in word.valid_sign_offs(version)}
    if known is None:
        return Recorded(present, now.as_object(), tuple(sorted(teams))), []
    signed = tuple(sorted(teams | set(known.signed)))
    if present in known.meanings:
        return replace(known, signed=signed), []
    before = Said.of_object(known.says)
    changed = differing(before, now)
    verdict = Verdict("equivalent") if now == before else relation(provers.of(word.entity), before, now)
    if verdict.verdict == "equivalent" and not changed:
        proof = "; assuming ".join([proved_by(), *verdict.assumptions])
        return replace(known, signed=signed, also={**known.also, present: proof}), []
    if redraft and not known.signed:
        return Recorded(present, now.as_object(), tuple(sorted(teams))), []
    return known, [_changed(word, index, version, known, verdict, changed)]


def _changed(
    word: Word, index: int, version: AnyVersion, known: Recorded, verdict: Verdict, changed: tuple[str, ...]
) -> Problem:
    at: Location = ("versions", index)
    parts = [] if verdict.verdict == "equivalent" else [_in_words(verdict)]
    if changed:
        parts.append("other " + ", ".join(changed))
    message = f"Version {version.version} of {word.term.term} does not mean what it did: {'; '.join(parts)}."
    mending = (
        f"Put back what it said, and add version {word.newest.version + 1} with its own effective_from and sign-offs."
    )
    if not known.signed:
        mending += (
            f" Nobody has signed it yet: `plumbline definitions build --redraft {word.term.term}` records it anew."
        )
    return Problem(word.document.path, word.document.line(at), "meaning-changed", message, mending)


def _in_words(verdict: Verdict) -> str:
    if verdict.verdict == "unknown":
        return f"that it is the same cannot be proved ({verdict.reason})"
    rows = [", ".join(f"{name}: {value}" for name, value in row.row.items()) for row in verdict.counterexamples[:1]]
    return f"it is {verdict.verdict}" + (f", as {{{rows[0]}}} shows" if rows else "")


def _gone(word: Word, before: Mapping[int, Recorded], after: dict[int, Recorded], redraft: bool) -> Iterator[Problem]:
    for number in sorted(set(before) - set(after)):
        if redraft and not before[number].signed:
            continue
        after[number] = before[number]
        message = (
            f"Version {number} of {word.term.term} was recorded and is gone: what it judged is judged otherwise now."
        )
        mending = "Put it back; a version ends where the next begins."
        if not before[number].signed:
            mending += f" Nobody has signed it: `plumbline definitions build --redraft {word.term.term}` forgets it."
        yield Problem(word.document.path, word.document.line(("versions",)), "version-gone", message, mending)


def _forgotten(library: Library, redraft: Collection[str]) -> Iterator[Problem]:
    """Records of terms that are no more."""
    names = {word.term.term for word in library.words}
    for path in sorted((library.root / FOLDER).glob("*.json")):
        if path.stem in names:
            continue
        shown = f"{FOLDER}/{path.name}"
        signed = any(recorded.signed for recorded in read_record(library.root, path.stem).values())
        if path.stem in redraft and not signed:
            continue
        message = f"The term `{path.stem}` is recorded and has no file any more."
        mending = f"Put definitions/terms/{path.stem}.yml back"
        mending += "." if signed else f", or forget it: `plumbline definitions build --redraft {path.stem}`."
        yield Problem(shown, 1, "term-gone", message, mending)


# Files ------------------------------------------------------------------------------------------------------


def stale(library: Library, looked: Looked) -> list[StaleFile]:
    """The records that a build would write or remove."""
    changed = []
    for name, text in looked.files.items():
        path = library.root / name
        if not path.is_file():
            changed.append(StaleFile(name, "missing"))
        elif path.read_text(encoding="utf-8") != text:
            changed.append(StaleFile(name, "differs"))
    kept = {*looked.files, *(problem.path for problem in looked.problems)}
    for path in sorted((library.root / FOLDER).glob("*.json")):
        if f"{FOLDER}/{path.name}" not in kept:
            changed.append(StaleFile(f"{FOLDER}/{path.name}", "left over"))
    return sorted(changed, key=lambda file: file.path)


def record(library: Library, looked: Looked) -> list[StaleFile]:
    """Write what is stale; what was written or removed is returned."""
    changed = stale(library, looked)
    for file in changed:
        path = library.root / file.path
        if file.why == "left over":
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(looked.files[file.path], encoding="utf-8")
    return changed


def _written(name: str, versions: dict[int, Recorded]) -> str:
    found = {
        "note": _NOTE,
        "term": name,
        "versions": {
            str(number): {
                "meaning": recorded.meaning,
                "signed": list(recorded.signed),
                "says": dict(recorded.says),
                "also": dict(recorded.also),
            }
            for number, recorded in sorted(versions.items())
        },
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
