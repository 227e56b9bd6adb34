"""A small project of definitions, and a way to ask dbt what a generated macro says."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner, dbtRunnerResult

from plumbline.definitions import build, load_library

ROOT = Path(__file__).parents[3]

ENTITY = """
entity: deal
name: Deal
description: A deal.
columns:
  stage: {label: Stage, description: Where., type: text, accepted_values: [open, won, lost], typical: open}
  size: {label: Size, description: How large it is., type: decimal, min: 0, typical: 10}
  seats: {label: Seats, description: How many., type: integer, typical: 5}
  is_gone: {label: Gone, description: Whether it was deleted., type: boolean, typical: false}
  is_key: {label: Key, description: Whether it matters., type: boolean, typical: true}
  due_date: {label: Due, description: When it is due., type: date, typical: 2026-03-01}
  made_at: {label: Made, description: When it was made., type: timestamp, typical: 2026-01-01T08:00:00}
"""

TERM = """
term: big
name: Big deal
entity: deal
kind: predicate
grain: one row per deal
owner: {team: sales, role: head of sales operations}
required_sign_offs: [sales, marketing]
review: {every: 3 months}
versions:
  - version: 1
    effective_from: 2024-01-01
    statement: A deal of ten or more.
    criteria:
      size: {sql: "size >= 10", why: small ones are not worth a word}
    examples:
      - {size: 10, expect: true}
      - {size: 9.99, expect: false}
    sign_off: []
  - version: 2
    effective_from: 2025-07-01
    statement: A deal of twenty or more that is still there.
    criteria:
      size: {sql: "size >= 20"}
      kept: {sql: "is_gone IS NOT TRUE"}
    examples:
      - {size: 20, expect: true}
      - {size: 20, is_gone: true, expect: false}
    sign_off: []
  - version: 3
    effective_from: 2026-02-01
    statement: An open deal.
    criteria:
      open: {sql: "stage = 'open' OR NOT stage IN ('won', 'lost')"}
    examples:
      - {stage: open, expect: true}
      - {size: 100, expect: false}
    sign_off: []
waits_for: [fct_deals]
"""

MEASURE = """
term: rate
name: Share won
entity: deal
kind: measure
grain: one number per day
owner: {team: sales, role: head of sales operations}
required_sign_offs: [sales, marketing]
review: {every: 3 months}
waits_for: [agg_deals]
versions:
  - version: 1
    effective_from: 2024-01-01
    statement: What open deals of ten or more are per seat.
    cohort:
      large: {sql: "size >= 10"}
      open: {sql: "stage = 'open'"}
    numerator: {sql: size}
    denominator: {sql: seats}
    as_of: due_date
    identities:
      has_a_size: {sql: "size >= 10"}
    examples:
      - rows:
          - {stage: open, size: 10, seats: 3}
          - {stage: open, size: 20, seats: 1}
          - {stage: won, size: 99, seats: 1}
        expect: 7.5
      - {rows: [{stage: open, size: 10, seats: 3}], expect: 3.33}
      - {rows: [{stage: open, size: 9, seats: 3}], expect: null}
      - {rows: [{stage: open, size: 10, seats: 0}], expect: null}
    sign_off: []
"""

DBT_PROJECT = """
name: plumbline
version: "1.0.0"
config-version: 2
profile: small
flags: {send_anonymous_usage_stats: false}
seeds: {+quote_columns: false}
"""

PROFILE = """
small:
  target: dev
  outputs:
    dev: {type: duckdb, path: ":memory:", threads: 1}
"""


def write_definitions(root: Path, term: str = TERM, entity: str = ENTITY) -> Path:
    """A folder `definitions/` below `root` with one entity and one term."""
    for folder, text in (("entities", entity), ("terms", term)):
        # The first line names the file, whatever is wrong with the rest.
        name = text.split(":", 1)[1].split("\n", 1)[0].strip(" [")
        path = root / "definitions" / folder / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


class SmallDbt:
    """A dbt project around generated macros: no models, only what the definitions give."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "dbt_project.yml").write_text(DBT_PROJECT, encoding="utf-8")
        (root / "profiles.yml").write_text(PROFILE, encoding="utf-8")
        for name in ("definition_columns.sql", "definition_in_force.sql"):
            target = root / "macros" / "definitions" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / "macros" / "definitions" / name, target)

    def build(self) -> None:
        """Generate everything from the definitions."""
        build(load_library(self.root))

    def run(self, *arguments: str) -> dbtRunnerResult:
        """Run dbt within this process (its import is paid for once)."""
        here = ("--project-dir", str(self.root), "--profiles-dir", str(self.root))
        away = ("--target-path", str(self.root / "target"), "--log-path", str(self.root / "logs"))
        return dbtRunner().invoke(["--quiet", *arguments, *here, *away])

    def render(self, calls: Sequence[str]) -> list[str]:
        """The SQL that each macro call becomes."""
        mark = "/*next*/"
        done = self.run("compile", "--inline", mark.join("{{ " + call + " }}" for call in calls))
        assert done.success, done.exception
        assert isinstance(done.result, RunExecutionResult)
        return [part.strip() for part in done.result.results[0].node.compiled_code.split(mark)]
