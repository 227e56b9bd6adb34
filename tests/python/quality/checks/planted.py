"""Small projects with one violation each, in the shape of dbt's manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from plumbline.quality.checks.model import Check, Project, Published, Violation

Node = dict[str, Any]


def column(name: str, data_type: str = "varchar", description: str = "What it says.", key: bool = False) -> Node:
    """A column as the manifest has it."""
    constraints = [{"type": "primary_key"}] if key else []
    return {"name": name, "data_type": data_type, "description": description, "constraints": constraints}


def model(name: str, sql: str = "select 1 as id", layer: str = "marts", **changes: Any) -> Node:
    """A model that breaks no convention, but for what is changed."""
    is_mart = layer == "marts"
    node: Node = {
        "resource_type": "model",
        "unique_id": f"model.plumbline.{name}",
        "name": name,
        "original_file_path": f"models/{layer}/accounts/{name}.sql",
        "raw_code": sql,
        "compiled_code": sql,
        "description": "Things. Grain: one row per thing.",
        "columns": {"id": column("id", "bigint", key=True)},
        "config": {"meta": {"grain": ["id"]}},
        "constraints": [],
        "contract": {"enforced": is_mart},
        "access": "public" if is_mart else "protected",
        "group": "accounts" if is_mart else None,
        "depends_on": {"nodes": []},
    }
    return {**node, **changes}


def project(
    *nodes: Node,
    root: Path = Path("nowhere"),
    macros: dict[str, str] | None = None,
    term_values: frozenset[tuple[str, str]] = frozenset(),
    published: Published | None = None,
) -> Project:
    """A project of these nodes."""
    manifest = {
        "metadata": {"project_name": "plumbline"},
        "nodes": {node["unique_id"]: node for node in nodes},
        "sources": {},
        "unit_tests": {},
        "docs": {},
        "groups": {"group.plumbline.accounts": {"name": "accounts", "owner": {"name": "RevOps"}}},
        "macros": {
            name: {"name": name, "package_name": "plumbline", "macro_sql": sql, "depends_on": {"macros": []}}
            for name, sql in (macros or {}).items()
        },
    }
    return Project(root, manifest, term_values, published)


def found(check: Check, planted: Project) -> list[str]:
    """What a check finds, as text."""
    return [_text(violation) for violation in check.find(planted)]


def _text(violation: Violation) -> str:
    return f"{violation.where}: {violation.what}"
