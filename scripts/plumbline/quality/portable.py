"""Compile every model for the other engines without a connection, and read each with a parser of that engine.

`make portable` runs it. dbt and its adapters stand in an environment of their own (`.venv-portable`); the
parser is sqlglot. A function that the parser does not know for an engine is a finding too, unless it is
listed here as reviewed: that is how a DuckDB-only function shows.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

ENGINES = ("postgres", "snowflake", "bigquery", "databricks")

KNOWN_FUNCTIONS: dict[str, frozenset[str]] = {
    "postgres": frozenset({"jsonb_array_elements", "jsonb_typeof"}),
    "snowflake": frozenset(),
    "bigquery": frozenset(),
    "databricks": frozenset({"conv", "get"}),
}
"""Functions that an engine has and sqlglot does not model, looked up in its manual, lower case."""

ABSENT: dict[str, dict[type[exp.Expression], str]] = {
    "postgres": {exp.TryCast: "try_cast", exp.Qualify: "qualify", exp.DateDiff: "datediff"},
    "snowflake": {exp.Filter: "filter (where …)"},
    "bigquery": {exp.Filter: "filter (where …)"},
    "databricks": {},
}
"""What sqlglot reads in an engine's dialect although the engine does not have it."""


@dataclass(frozen=True)
class Problem:
    """One thing that would not run on an engine."""

    engine: str
    file: str
    what: str


@dataclass
class EngineReport:
    """What compiling and reading gave for one engine."""

    engine: str
    files: int = 0
    problems: list[Problem] = field(default_factory=list)


def problems_of(engine: str, file: str, sql: str) -> Iterator[Problem]:
    """What a compiled file holds that its engine cannot run."""
    try:
        statements = sqlglot.parse(sql, read=engine, error_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        yield Problem(engine, file, "does not parse: " + str(error).splitlines()[0])
        return
    if not any(statements):
        yield Problem(engine, file, "is empty")
    for statement in statements:
        if statement is None:
            continue
        for node in statement.walk():
            if isinstance(node, exp.Anonymous) and node.name.lower() not in KNOWN_FUNCTIONS[engine]:
                yield Problem(engine, file, f"calls {node.name}(), which is not known to exist there")
            for kind, name in ABSENT[engine].items():
                if isinstance(node, kind):
                    yield Problem(engine, file, f"uses {name}, which does not exist there")


def check_engine(root: Path, dbt: Path, engine: str, folder: Path) -> EngineReport:
    """Compile all models and tests for an engine, then read what was compiled."""
    report = EngineReport(engine)
    target_path = folder / engine
    process = subprocess.run(
        [
            *(str(dbt), "--quiet", "--no-use-colors", "--no-send-anonymous-usage-stats"),
            *("--log-level-file", "none", "compile", "--no-introspect", "--no-populate-cache"),
            *("--target", engine, "--threads", "2", "--target-path", str(target_path)),
            *("--project-dir", str(root), "--profiles-dir", str(root / "portable")),
        ],
        env={name: value for name, value in os.environ.items() if name != "DBT_TARGET_PATH"},
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode != 0:
        report.problems.append(Problem(engine, "dbt compile", (process.stdout + process.stderr).strip()))
    compiled = target_path / "compiled" / "plumbline"
    for path in sorted(compiled.rglob("*.sql")):
        report.files += 1
        file = str(path.relative_to(compiled))
        report.problems += problems_of(engine, file, path.read_text(encoding="utf-8"))
    if report.files == 0 and not report.problems:
        report.problems.append(Problem(engine, "dbt compile", "compiled nothing"))
    return report


def main(root: Path, dbt: Path, engines: tuple[str, ...] = ENGINES) -> int:
    """Check all engines, print a line for each and every problem; 1 if there is one."""
    if not dbt.exists():
        print(f"{dbt} is not there: run `make portable`, which installs the other engines' adapters", file=sys.stderr)
        return 1
    with ThreadPoolExecutor(max_workers=2) as pool:
        reports = list(pool.map(lambda engine: check_engine(root, dbt, engine, root / "build" / "portable"), engines))
    print(f"{'engine':<12}{'files':>7}{'problems':>10}")
    for report in reports:
        print(f"{report.engine:<12}{report.files:>7}{len(report.problems):>10}")
    for report in reports:
        for problem in dict.fromkeys(report.problems):
            print(f"\n{problem.engine}: {problem.file}\n  {problem.what}")
    return 1 if any(report.problems for report in reports) else 0


if __name__ == "__main__":
    here = Path(__file__).resolve().parents[3]
    sys.exit(main(here, here / ".venv-portable" / "bin" / "dbt", tuple(sys.argv[1:]) or ENGINES))
