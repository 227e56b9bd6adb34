"""Run what dbt compiled: a third of what dbt takes to build so few rows."""

from __future__ import annotations

import graphlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from .dbt import DbtRun


def run_compiled(manifest: Mapping[str, Any], run: DbtRun, raw: Path, database: Path) -> None:
    """Makes a table of each model that `run` compiled, then asks the data tests that it compiled, as dbt does."""
    nodes = {key: node for key, node in manifest["nodes"].items() if node["name"] in run.statuses}
    order = graphlib.TopologicalSorter({key: node["depends_on"]["nodes"] for key, node in nodes.items()})
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach '{raw}' as raw (read_only); set TimeZone = 'UTC'")
        # so little is read that finding the best plan takes longer than any plan
        connection.execute("set threads = 1; pragma disable_optimizer")
        for node in (nodes[key] for key in order.static_order() if key in nodes):
            if node["resource_type"] == "model":
                connection.execute(f"create schema if not exists {node['schema']}")
                connection.execute(f"create table {node['relation_name']} as {node['compiled_code']}")
            elif node["config"]["severity"].lower() == "error":
                verdict = f"{node['config']['fail_calc']} {node['config']['error_if']}"
                asked = connection.execute(f"select {verdict} from ({node['compiled_code']})").fetchone()
                assert asked == (False,), node["name"]
                run.statuses[node["name"]] = "pass"
