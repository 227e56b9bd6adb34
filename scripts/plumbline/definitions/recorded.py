"""What is on record of every version: `definitions/meanings/<term>.json`, read. `proving.ledger` writes it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plumbline.definitions.problems import DefinitionsError, Problem

FOLDER = "definitions/meanings"


@dataclass(frozen=True)
class Recorded:
    """A version's meaning, what it said then, who signed it, and the meanings proved to be the same (by what)."""

    meaning: str
    says: Mapping[str, Any]
    signed: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def meanings(self) -> frozenset[str]:
        """The meaning, and all that were proved to be the same."""
        return frozenset({self.meaning, *self.also})


def recorded_terms(root: Path) -> set[str]:
    """The terms of which anything is on record."""
    return {path.stem for path in (root / FOLDER).glob("*.json")}


def read_record(root: Path, term: str) -> dict[int, Recorded]:
    """The record of one term by version; nothing where there is none. Raises DefinitionsError when it is broken."""
    shown = f"{FOLDER}/{term}.json"
    path = root / shown
    if not path.is_file():
        return {}
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {int(number): _recorded(entry) for number, entry in found["versions"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = "The record of meanings cannot be read."
        mending = "Take it from git again; `plumbline definitions build` alone writes it."
        raise DefinitionsError([Problem(shown, 1, "unreadable-record", message, mending)]) from error


def _recorded(entry: Mapping[str, Any]) -> Recorded:
    also = {str(key): str(value) for key, value in entry["also"].items()}
    says = {key: dict(entry["says"][key]) for key in ("conditions", "numbers", "rest")}
    return Recorded(str(entry["meaning"]), says, tuple(entry["signed"]), also)
