"""The components macro as SQL, rendered without dbt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

ROOT = Path(__file__).resolve().parents[3]


class _Adapter:
    """Dispatches to DuckDB's flavour, as dbt would."""

    def __init__(self) -> None:
        self.module: Any = None

    def dispatch(self, name: str, _package: str) -> Any:
        return getattr(self.module, f"duckdb__{name}")


def components_query(links: str, rounds: int | None = None) -> str:
    """The query over a table with left_key and right_key, giving node_key and component_key."""
    adapter = _Adapter()
    environment = Environment(loader=FileSystemLoader(ROOT / "macros" / "identity"))
    environment.globals.update({"adapter": adapter, "return": lambda value: value})
    adapter.module = environment.get_template("connected_components.sql").module
    arguments = {} if rounds is None else {"rounds": rounds}
    ctes = adapter.module.connected_components(links, "left_key", "right_key", **arguments)
    return f"with {ctes} select node_key, component_key from components"
