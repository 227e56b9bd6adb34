"""Lint: the models of the project, or queries over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plumbline.definitions.library import Library
from plumbline.definitions.linting.conditions import ConditionRules
from plumbline.definitions.linting.findings import Finding
from plumbline.definitions.linting.judging import Judge
from plumbline.definitions.linting.names import NameRule
from plumbline.definitions.linting.places import SqlFile, without_allowed
from plumbline.definitions.linting.sources import MarkedModels, Source, of_models, of_queries
from plumbline.definitions.proving.lineage import UntraceableError


@dataclass(frozen=True)
class Linted:
    """What was found, by file and line, the files that were looked at, and what could not be looked into."""

    findings: tuple[Finding, ...]
    files: frozenset[str]
    strange_tables: tuple[tuple[str, str], ...]
    """Each query with a table that it reads which is no model of the project."""


def lint_models(library: Library, manifest: Mapping[str, Any]) -> Linted:
    """What the compiled models of the project spell by hand."""
    models = MarkedModels(library, manifest)
    return _linted(library, models, of_models(models, library.root))


def lint_queries(library: Library, manifest: Mapping[str, Any], path: Path, dialect: str) -> Linted:
    """What queries in files spell by hand; the manifest tells what the models that they read are made of."""
    models = MarkedModels(library, manifest)
    return _linted(library, models, list(of_queries(models, library.root, path, dialect)))


def _linted(library: Library, models: MarkedModels, sources: Iterable[Source]) -> Linted:
    files: dict[str, SqlFile] = {}
    found: dict[str, dict[tuple[int, str, str | None, str], Finding]] = {}
    with Judge(library) as judge:
        rules = (ConditionRules(library, models, judge), NameRule(library, models, judge))
        for source in sources:
            path = source.file.path
            files.setdefault(path, source.file)
            for finding in _of_source(source, rules):
                # a loop of a template writes the same line many times
                found.setdefault(path, {}).setdefault((finding.line, finding.code, finding.term, finding.text), finding)
    left = [item for path, file in files.items() for item in without_allowed(file, found.get(path, {}).values())]
    ordered = sorted(left, key=lambda item: (item.path, item.line, item.code, item.text))
    return Linted(tuple(ordered), frozenset(files), tuple(models.strange_tables()))


def _of_source(source: Source, rules: tuple[ConditionRules, NameRule]) -> Iterable[Finding]:
    broken = source.broken
    if broken is None:
        try:
            return [finding for rule in rules for finding in rule.find(source)]
        except UntraceableError as error:
            broken = str(error)
        except RecursionError:
            broken = "it is nested too deeply, or reads itself"
    mending = "Mend it, or name its dialect with --dialect."
    return [
        Finding(
            source.file.path, 1, "unreadable", None, source.name, f"{source.name} cannot be read: {broken}.", mending
        )
    ]
