"""What an export is, by its shape: a Salesforce report, a Marketo smart list, or SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from plumbline.definitions.json_files import read_json
from plumbline.definitions.problems import DefinitionsError, Problem
from plumbline.definitions.variant_schemas import Kind

Tool = Literal["marketo", "salesforce", "sql"]
KINDS: Mapping[Tool, Kind] = {"marketo": "marketo_smart_list", "salesforce": "salesforce_report", "sql": "sql"}
_TABLES = {".csv", ".tsv", ".xlsx", ".xls", ".parquet", ".pdf"}
_ASK = (
    "Export the filter, not its records: of a Salesforce report the Reports API's description (reportMetadata), of a "
    "Marketo smart list the API's answer with includeRules=true, of anything else the SQL."
)


@dataclass(frozen=True)
class Export:
    """A file of a tool and what it is."""

    path: Path
    kind: Kind
    name: str | None


def read_export(path: Path, tool: Tool | None = None) -> Export:
    """What a file is, unless it was said. Raises DefinitionsError when it is no filter of a tool that is known."""
    shown = path.as_posix()
    if not path.is_file():
        raise _refused(shown, 1, "no-source", "There is no such file.", "Name the exported file.")
    if path.suffix.lower() in _TABLES:
        raise _refused(shown, 1, "not-a-filter", f"A {path.suffix.lower()[1:]} file holds records, not a filter.", _ASK)
    if tool == "sql" or (tool is None and not _looks_like_json(path)):
        return Export(path, "sql", None)
    data = read_json(path, shown).data
    found = _tool_of(data)
    if tool is None and found is None:
        keys = ", ".join(f"`{key}`" for key in sorted(data)[:6]) if isinstance(data, dict) else "a list"
        message = f"This is neither a Salesforce report nor a Marketo smart list: it holds {keys or 'nothing'}."
        raise _refused(shown, 1, "unknown-export", message, _ASK)
    return Export(path, KINDS[tool or found or "sql"], _name(data))


def _looks_like_json(path: Path) -> bool:
    first = path.read_bytes().removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return path.suffix.lower() == ".json" or first in (b"{", b"[")


def _tool_of(data: Any) -> Tool | None:
    """The tool whose exports have this shape."""
    if not isinstance(data, dict):
        return None
    if "reportMetadata" in data or "reportFilters" in data:
        return "salesforce"
    results = data.get("result")
    inner = results[0] if isinstance(results, list) and results and isinstance(results[0], dict) else data
    return "marketo" if "rules" in inner or "filterMatchType" in inner else None


def _name(data: Any) -> str | None:
    """What people call it in the tool."""
    for part in (data.get("reportMetadata"), *(data.get("result") or [])[:1], data):
        if isinstance(part, dict) and isinstance(part.get("name"), str) and part["name"].strip():
            return str(part["name"]).strip()
    return None


def _refused(shown: str, line: int, code: str, message: str, mending: str) -> DefinitionsError:
    return DefinitionsError([Problem(shown, line, code, message, mending)])
