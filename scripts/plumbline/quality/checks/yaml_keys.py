"""YAML keys that dbt does not know: a misspelt `data_tests` passes in silence and never tests anything.

The schema is dbt's own, from the package that is installed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped]

from plumbline.project.errors import SettingsError
from plumbline.project.validation import place_of
from plumbline.project.yaml_lines import Document, read_document
from plumbline.quality.checks.model import Project, Violation

FOLDERS = ("models", "seeds", "macros", "tests/data")


def unknown_keys(project: Project) -> Iterator[Violation]:
    """Keys in the project's YAML that dbt's schema does not have, and keys that stand twice."""
    for folder in FOLDERS:
        for path in sorted((project.root / folder).rglob("*.yml")):
            where = str(path.relative_to(project.root))
            try:
                content = read_document(path, with_lines=False).content
            except SettingsError as error:
                yield Violation(where, error.what)
                continue
            problems = list(_validator().iter_errors(content))
            # Lines cost time; only what is wrong needs them.
            document = read_document(path) if problems else Document(path, content)
            for problem in problems:
                place = place_of(document, tuple(problem.absolute_path))
                yield Violation(f"{where.removesuffix(path.name)}{place}", problem.message)


@cache
def _validator() -> Any:
    text = files("dbt").joinpath("jsonschemas/resources/latest.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    return jsonschema.validators.validator_for(schema)(schema)
