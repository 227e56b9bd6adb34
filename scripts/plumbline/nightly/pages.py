"""The pages about definitions that are published beside the marts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from plumbline.project.errors import BuildError

_MARTS = {
    "agg_definition_divergence_monthly",
    "dim_accounts",
    "fct_definition_disagreements",
    "fct_definition_verdicts",
    "fct_opportunities",
}


def definition_pages(root: Path, database: Path, as_of_date: str | None) -> dict[str, str]:
    """File name and text of each page; none where a project has no definitions, or builds no marts about them."""
    if as_of_date is None or not (root / "definitions" / "terms").is_dir():
        return {}
    # these bring sqlglot with them, which a project without definitions need not wait for
    from plumbline.definitions import DefinitionsError, load_library
    from plumbline.definitions.reporting.pages import render_pages

    with duckdb.connect(str(database), read_only=True) as connection:
        there = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        if not there >= _MARTS:
            return {}
        try:
            return render_pages(load_library(root), connection, date.fromisoformat(as_of_date))
        except DefinitionsError as error:
            told = "; ".join(str(problem) for problem in error.problems)
            raise BuildError(
                f"the definitions cannot be shown: {told}", "Run `plumbline definitions check`."
            ) from error
