"""The baseline: findings that were there when a project took lint up. They are told no more; new ones are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from plumbline.definitions.linting.findings import Finding
from plumbline.definitions.linting.lint import Linted
from plumbline.definitions.proving.sides import NamingError

BASELINE = "definitions/lint_baseline.yml"
_HEADER = (
    "# Written by `plumbline definitions lint --write-baseline`: what was found when lint was taken up.\n"
    "# Take entries out as the places are mended; what is not here fails.\n"
)
Key = tuple[str, str, str, str]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    path: str
    code: str
    term: str = ""
    text: str
    times: int = Field(default=1, ge=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    findings: list[_Entry]


def read_baseline(root: Path) -> Counter[Key]:
    """How often each finding is known. Raises NamingError when the file cannot be read."""
    path = root / BASELINE
    if not path.is_file():
        return Counter()
    try:
        entries = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).findings
    except (yaml.YAMLError, ValidationError) as error:
        what = str(error).splitlines()[0].rstrip(".:")
        raise NamingError(f"{BASELINE} is no baseline: {what}.", "Write it anew with --write-baseline.") from error
    found: Counter[Key] = Counter()
    for entry in entries:
        found[(entry.path, entry.code, entry.term, entry.text)] += entry.times
    return found


def write_baseline(root: Path, linted: Linted) -> int:
    """Writes what is found as known, beside what is known of other files that exist. Returns how many it holds.

    Comments that allow something wrongly are never known: they are mended on the spot.
    """
    counted = Counter(_key(finding) for finding in linted.findings if _may_be_known(finding))
    for key, times in read_baseline(root).items():
        if key[0] not in linted.files and (root / key[0]).is_file():
            counted[key] += times
    entries = []
    for (path, code, term, text), times in sorted(counted.items()):
        entry = _Entry(path=path, code=code, term=term, text=text, times=times)
        entries.append(entry.model_dump(exclude_defaults=True))
    text = yaml.safe_dump({"findings": entries}, sort_keys=False, allow_unicode=True, width=200)
    (root / BASELINE).write_text(_HEADER + text, encoding="utf-8")
    return sum(counted.values())


@dataclass(frozen=True)
class Held:
    """Findings held against the baseline: new ones, known ones, and entries of the baseline that no longer occur."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    gone: tuple[Key, ...]


def hold(root: Path, linted: Linted, baseline: Counter[Key]) -> Held:
    """What of the findings is new. An entry is gone where its file was looked at, or is no more."""
    left = Counter(baseline)
    new, known = list[Finding](), list[Finding]()
    for finding in linted.findings:
        key = _key(finding)
        if _may_be_known(finding) and left[key] > 0:
            left[key] -= 1
            known.append(finding)
        else:
            new.append(finding)
    gone = [key for key in (+left).elements() if key[0] in linted.files or not (root / key[0]).is_file()]
    return Held(tuple(new), tuple(known), tuple(sorted(gone)))


def _key(finding: Finding) -> Key:
    return finding.path, finding.code, finding.term or "", finding.text


def _may_be_known(finding: Finding) -> bool:
    return not finding.code.startswith("S")
