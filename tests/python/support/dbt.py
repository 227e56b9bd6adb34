"""Run dbt inside the test process: importing it takes seconds, an invocation after that tenths of one.

What bites, and what this does about it:
- dbt-duckdb keeps the database open after a run, so that the next `duckdb.connect` in this process fails with
  "different configuration", and other processes find the file locked. `close_all_connections` lets go of it.
- A changed environment variable or `--vars` makes dbt parse the whole project again, which takes as long as building
  a small company. The project is therefore parsed once for all tests, and again only for a variable that says
  something while parsing.
- dbt keeps settings in the process. Everything that matters is passed with each call.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
# An empty folder, so to say: nothing is attached.
NOWHERE = "nowhere"
# Models look these up while they run; what dbt parses is the same whatever they say, but for the database of the
# sources, which no model reads.
READ_WHILE_RUNNING = frozenset({"as_of_date", "raw_database", "raw_instances", "raw_column_names", "custom_columns"})

# Below its level dbt spells out each event all the same, and throws it away; at none there is nobody to spell for.
_QUIET = (
    *("--log-level", "none", "--log-level-file", "none", "--no-use-colors", "--no-send-anonymous-usage-stats"),
    # the manifest takes longer to write than most of these runs; `DbtRun.manifest` holds what tests read of it
    "--no-write-json",
)
_PARSED: dict[str, Any] = {}
parsed_folder = Path()
"""Where processes share what they parsed; conftest says where."""


@dataclass(frozen=True)
class DbtRun:
    """How an invocation ended: the status of each node by its name, and what went wrong."""

    success: bool
    statuses: dict[str, str]
    messages: dict[str, str]
    exception: BaseException | None
    manifest: dict[str, Any]
    """`nodes` that ran, with their compiled SQL, and `sources`, as dbt writes them into `manifest.json`."""

    def explain(self) -> str:
        """The failures in words."""
        failed = [
            f"{name}: {status}: {self.messages.get(name, '')}"
            for name, status in self.statuses.items()
            if status not in ("success", "pass", "warn", "skipped", "no-op")
        ]
        return "\n".join([*failed, *([repr(self.exception)] if self.exception else [])])


def run_dbt(
    arguments: Sequence[str],
    *,
    raw: Path | None,
    database: Path,
    target_path: Path,
    variables: Mapping[str, Any] | None = None,
    threads: int = 2,
    check: bool = True,
) -> DbtRun:
    """Run `dbt <arguments>` on a raw file or folder, building `database` (its stem has to be `marts`).

    Without either the raw schemas are in that database.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    assert database.name == "marts.duckdb", "views hold the name of the file they were built in"
    where = [
        *_where(target_path),
        *("--threads", str(threads)),
        *(("--vars", json.dumps(variables)) if variables else ()),
    ]
    with _environment(PLUMBLINE_RAW=str(raw or NOWHERE), PLUMBLINE_DEV_DATABASE=str(database)):
        parsed = _parsed(where, variables or {})
        try:
            result = dbtRunner(manifest=parsed).invoke([*_QUIET, *arguments, *where])
        finally:
            DuckDBConnectionManager.close_all_connections()
    results = getattr(result.result, "results", None) or []
    run = DbtRun(
        success=result.success,
        statuses={item.node.name: str(item.status) for item in results},
        messages={item.node.name: str(item.message or "") for item in results},
        exception=result.exception,
        manifest={
            "nodes": {item.node.unique_id: item.node.to_dict(omit_none=False) for item in results},
            "sources": {key: source.to_dict(omit_none=False) for key, source in parsed.sources.items()},
        },
    )
    assert run.success or not check, run.explain()
    return run


def manifest_of_project(folder: Path) -> dict[str, Any]:
    """What dbt writes as `manifest.json`, before anything is compiled."""
    with _environment(PLUMBLINE_RAW=NOWHERE, PLUMBLINE_DEV_DATABASE=str(folder / "marts.duckdb")):
        found: dict[str, Any] = _parsed(_where(folder / "target"), {}).writable_manifest().to_dict()
    return found


def save_parse(cache: Path, root: Path, raw: Path, database: Path, variables: Mapping[str, Any]) -> None:
    """Saves what was parsed as if a night of a copy of this project had done so: the next one parses what differs.

    What dbt does not take for its own it parses anew, which only costs time.
    """
    from dbt.config.runtime import RuntimeConfig
    from dbt.flags import set_from_args
    from dbt.parser.manifest import ManifestLoader, extended_mashumaro_encoder
    from dbt_common.context import set_invocation_context

    with _environment(PLUMBLINE_RAW=str(raw), PLUMBLINE_PROD_DATABASE=str(database)):
        manifest = _parsed(_where(cache.with_name("parse")), {})
        told = {"project_dir": str(root), "profiles_dir": str(root), "target": "prod", "vars": dict(variables)}
        arguments = argparse.Namespace(**told, profile=None, threads=None, partial_parse=False)
        set_invocation_context(os.environ)
        set_from_args(arguments, None)
        config = RuntimeConfig.from_args(arguments)
        manifest.state_check = ManifestLoader(config, config.load_dependencies(), None).manifest.state_check
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.write_bytes(manifest.to_msgpack(extended_mashumaro_encoder))


def _where(target_path: Path) -> list[str]:
    return [
        *("--project-dir", str(ROOT), "--profiles-dir", str(ROOT), "--target", "dev"),
        *("--target-path", str(target_path), "--log-path", str(target_path / "logs")),
    ]


def _parsed(where: Sequence[str], variables: Mapping[str, Any]) -> Any:
    """The parsed project: dbt's own `Manifest`, a fresh copy each time, since dbt writes into it as it runs."""
    from dbt.cli.main import dbtRunner

    said = sorted((name, value) for name, value in variables.items() if name not in READ_WHILE_RUNNING)
    if repr(said) not in _PARSED:
        kept = parsed_folder / f"parsed_{hashlib.sha256(repr(said).encode()).hexdigest()[:16]}.pickle"
        if not kept.exists():
            result = dbtRunner().invoke([*_QUIET, "parse", *where])
            assert result.success, result.exception
            # the other process may be reading
            with tempfile.NamedTemporaryFile(dir=parsed_folder, delete=False) as file:
                pickle.dump(result.result, file)
            Path(file.name).replace(kept)
        _PARSED[repr(said)] = pickle.loads(kept.read_bytes())
    return _PARSED[repr(said)].deepcopy()


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
