"""What a check is, what it looks at, and what it returns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp

Node = dict[str, Any]
LAYERS = ("staging", "utilities", "intermediate", "marts")


@dataclass(frozen=True)
class Violation:
    """One place that breaks a convention."""

    where: str
    what: str


@dataclass(frozen=True)
class Published:
    """A published version, and planted personal values that must not be in it."""

    folder: Path
    canaries: list[str]


@dataclass(frozen=True)
class Project:
    """What the checks look at: the project's files, dbt's manifest with compiled SQL, a build of the sample."""

    root: Path
    manifest: dict[str, Any]
    term_values: frozenset[tuple[str, str]] = frozenset()
    """Each canonical column with a value that decides a business term."""
    published: Published | None = None
    trees: dict[str, exp.Expression] = field(default_factory=dict, compare=False)

    @cached_property
    def models(self) -> list[Node]:
        """All models, in the order of their names."""
        nodes = self.manifest["nodes"].values()
        return sorted((node for node in nodes if node["resource_type"] == "model"), key=lambda node: str(node["name"]))

    def owns(self, item: Node) -> bool:
        """Whether a macro is the project's own."""
        return bool(item["package_name"] == self.manifest["metadata"]["project_name"])

    def in_layer(self, *layers: str) -> list[Node]:
        """The models of some layers: staging, utilities, intermediate, marts."""
        return [node for node in self.models if layer_of(node) in layers]

    def tree(self, node: Node) -> exp.Expression:
        """The compiled SQL of a model, parsed once."""
        name = str(node["unique_id"])
        if name not in self.trees:
            self.trees[name] = sqlglot.parse_one(node["compiled_code"], read="duckdb")
        return self.trees[name]


@dataclass(frozen=True)
class Check:
    """A convention: what it asks, why, and how to mend what breaks it."""

    code: str
    name: str
    rationale: str
    wrong: str
    """An example that breaks it."""
    right: str
    """The same, mended."""
    find: Callable[[Project], Iterator[Violation]]
    needs_published: bool = False


def layer_of(node: Node) -> str:
    """The layer of a model: the first folder below `models`."""
    return str(node["original_file_path"]).split("/")[1]


def sql_of(node: Node) -> str:
    """A model's own SQL without comments."""
    text = re.sub(r"\{#.*?#\}", "", str(node["raw_code"]), flags=re.DOTALL)
    return re.sub(r"--[^\n]*", "", text)
