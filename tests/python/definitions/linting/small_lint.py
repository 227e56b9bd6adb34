"""A few models and queries over the entity `deal`, of which `big` and `live` are terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from plumbline.definitions import load_library
from plumbline.definitions.generate.macros import macro_text
from plumbline.definitions.library import Library
from plumbline.definitions.linting.findings import Finding
from plumbline.definitions.linting.lint import Linted, lint_models, lint_queries

from ..proving.test_verifying import BIG, DRIVES, SUPPLIERS, manifest
from ..small_project import ENTITY, write_definitions

LIVE = (
    BIG.replace("term: big", "term: live")
    .replace('size: {sql: "size >= 20"}', "undecided: {sql: \"stage = 'open'\"}")
    .replace("{size: 20, expect: true}", "{stage: open, expect: true}")
    .replace("{size: 20, is_gone: true, expect: false}", "{stage: open, is_gone: true, expect: false}")
    .replace("versions:", "drives:\n  - {model: fct_deals, column: is_live}\nversions:", 1)
)
WITHOUT_WAITING = "waits_for: [fct_deals]\n"
BIG_MACRO = "macro.small.is_big"
# What the macros write for a relation `d`.
IS_BIG = "coalesce(\n (d.size >= 20)\n and (not coalesce(d.is_gone, false))\n , false)"
IS_LIVE = "coalesce(\n (d.stage = 'open')\n and (not coalesce(d.is_gone, false))\n , false)"


def small_library(root: Path) -> Library:
    """The definitions, written to a folder."""
    write_definitions(root, DRIVES.replace(WITHOUT_WAITING, ""), ENTITY + SUPPLIERS)
    (root / "definitions" / "terms" / "live.yml").write_text(LIVE.replace(WITHOUT_WAITING, ""), encoding="utf-8")
    return load_library(root)


def small_manifest(library: Library, **models: str) -> dict[str, Any]:
    """Compiled models; a model calls the macros that stand in a comment `calls …` of its SQL."""
    made = manifest(deals="select 1 as size", **models)
    made["macros"] = {
        f"macro.small.{governed.term.macro}": {
            "name": governed.term.macro,
            "original_file_path": f"macros/definitions/{governed.term.macro}.sql",
            "macro_sql": macro_text(governed),
            "depends_on": {"macros": []},
        }
        for governed in library.terms.values()
    }
    for node in made["nodes"].values():
        called = [key for key in made["macros"] if f"/* calls {key.rsplit('.', 1)[-1]} */" in node["compiled_code"]]
        node["depends_on"] = {"macros": called, "nodes": [] if node["name"] == "deals" else ["model.small.deals"]}
        node["columns"] = {}
    return made


def linted(root: Path, code: str, **models: str) -> tuple[Finding, ...]:
    """What is found in a model `work`, whose file holds the compiled SQL."""
    library = small_library(root)
    return lint_models(library, small_manifest(library, work=code, **models)).findings


def linted_queries(root: Path, dialect: str = "duckdb", **queries: str) -> Linted:
    """What is found in queries that read the mart `fct_deals`, which leaves out what is gone."""
    library = small_library(root)
    mart = f"/* calls is_big */ select d.*, {IS_BIG} as is_big from marts.main.deals d where not d.is_gone"
    folder = root / "queries"
    folder.mkdir(exist_ok=True)
    for name, text in queries.items():
        (folder / f"{name}.sql").write_text(text, encoding="utf-8")
    return lint_queries(library, small_manifest(library, fct_deals=mart), folder, dialect)


def told(found: tuple[Finding, ...]) -> list[tuple[str, str | None, int]]:
    """Code, term and line."""
    return [(finding.code, finding.term, finding.line) for finding in found]
