"""All models over raw tables that hold nothing but text, prepared once for all who fill these, or what is staged."""

from __future__ import annotations

from plumbline.project.yaml_lines import read_document
from support.dbt import ROOT
from support.graph import Graph

from .raw import EVERYTHING, NOTHING, Staged, raw_instance

SYSTEMS = ("salesforce", "marketo", "gong")
INSTANCES = {system: f"every_{system}" for system in SYSTEMS}


def every_table(system: str) -> str:
    """All declared tables of a system, empty, each with all its columns but the marks of kept versions."""
    path = ROOT / "models" / "staging" / system / f"_{system}__sources.yml"
    tables = read_document(path, with_lines=False).content["sources"][0]["tables"]
    return ";".join(
        f'create table "{table["name"]}" ('
        + ", ".join(
            f'"{column["name"]}" varchar'
            for column in table["columns"]
            if column["name"] not in ("_fivetran_active", "_fivetran_start")
        )
        + ")"
        for table in tables
    )


for name, schema in INSTANCES.items():
    raw_instance(name, schema, every_table(name), file=EVERYTHING)


def prepared(staged: Staged) -> Graph:
    """Every model, where its raw table is there and where it is not."""
    nothing = staged.run(NOTHING).manifest["nodes"].values()
    without = {
        node["name"]: node["compiled_code"]
        for node in nothing
        if node["resource_type"] == "model" and node["name"].startswith("stg_")
    }
    return Graph(staged.run(EVERYTHING).manifest, without, INSTANCES)
