"""What people read about models and columns: descriptions, grains and their proof, comments of data tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from plumbline.project.dbt_runner import first_comment
from plumbline.quality.checks.model import Node, Project, Violation

DEFINED = "models/utilities/definitions.md"
SHORTEST = 8
SHORTEST_COMMENT = 20


def grains_stated(project: Project) -> Iterator[Violation]:
    """Models whose description does not end with the grain, or that have no `meta.grain`."""
    for node in project.models:
        if not re.search(r"Grain: one row\b.*\.\s*$", node["description"].strip(), re.DOTALL):
            yield Violation(str(node["name"]), "its description does not end with 'Grain: one row …'")
        if node["config"]["meta"].get("grain") is None:
            yield Violation(str(node["name"]), "has no config.meta.grain")


def columns_described(project: Project) -> Iterator[Violation]:
    """Columns without a description, marts' columns without a type, models without columns."""
    nodes = project.manifest["nodes"].values()
    seeds = [node for node in nodes if node["resource_type"] == "seed"]
    for node in [*project.models, *seeds, *project.manifest["sources"].values()]:
        if not node["columns"] and node["resource_type"] != "seed":
            yield Violation(str(node["name"]), "describes no column")
        for column in node["columns"].values():
            if len(column["description"].strip()) < (SHORTEST if node in project.in_layer("marts") else 1):
                yield Violation(f"{node['name']}.{column['name']}", "is not described")
    for node in project.in_layer("marts"):
        for column in node["columns"].values():
            if not column["data_type"]:
                yield Violation(f"{node['name']}.{column['name']}", "has no data_type")


def grains_tested(project: Project) -> Iterator[Violation]:
    """Marts whose grain neither a primary key nor a test of uniqueness enforces."""
    tested = {
        parent
        for node in project.manifest["nodes"].values()
        if node["resource_type"] == "test" and ("grain" in node["name"] or node["name"].startswith("unique_"))
        for parent in node["depends_on"]["nodes"]
    }
    for node in project.in_layer("marts"):
        grain = set(node["config"]["meta"].get("grain") or [])
        if grain not in list(_primary_keys(node)) and node["unique_id"] not in tested:
            yield Violation(str(node["name"]), f"nothing enforces its grain ({', '.join(sorted(grain))})")


def _primary_keys(node: Node) -> Iterator[set[str]]:
    for constraint in node["constraints"]:
        if constraint["type"] == "primary_key":
            yield set(constraint["columns"])
    for column in node["columns"].values():
        if any(constraint["type"] == "primary_key" for constraint in column["constraints"]):
            yield {column["name"]}


def terms_describe(project: Project) -> Iterator[Violation]:
    """Columns of marts that are named as a business term and described by hand: that would go stale."""
    terms = {
        doc["name"]: doc["block_contents"].strip()
        for doc in project.manifest["docs"].values()
        if doc["original_file_path"] == DEFINED
    }
    for node in project.in_layer("marts"):
        for name, column in node["columns"].items():
            if name in terms and column["description"].strip() != terms[name]:
                yield Violation(f"{node['name']}.{name}", "is named as a term, but not described by its definition")


def data_tests_explained(project: Project) -> Iterator[Violation]:
    """Data tests that do not begin with a comment that says what a row of them means."""
    for node in project.manifest["nodes"].values():
        if node["resource_type"] != "test" or not str(node["original_file_path"]).startswith("tests/data/"):
            continue
        if len(first_comment(_text(node))) < SHORTEST_COMMENT:
            yield Violation(str(node["name"]), "does not say first, in a comment, what it finds")


def _text(node: dict[str, Any]) -> str:
    return str(node["raw_code"])
