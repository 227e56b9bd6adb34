"""The pages about definitions that are published beside the marts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from plumbline.project.errors import BuildError

_MARTS = {
    "agg_definition_divergence_monthly",
    "bridge_opportunity_people",
    "dim_accounts",
    "fct_definition_disagreements",
    "fct_definition_verdicts",
    "fct_metric_results",
    "fct_opportunities",
    "fct_person_versions",
    "fct_reported_metric_gaps",
}


INDEX = "definitions.html"


@dataclass(frozen=True)
class DefinitionPages:
    """File name and text of each page, and the share of open pipeline in dispute in words."""

    pages: dict[str, str] = field(default_factory=dict)
    dispute: str | None = None


def definition_pages(root: Path, database: Path, as_of_date: str | None) -> DefinitionPages:
    """The pages; none where a project has no definitions, or builds no marts about them."""
    if as_of_date is None or not (root / "definitions" / "terms").is_dir():
        return DefinitionPages()
    # these bring sqlglot with them, which a project without definitions need not wait for
    from plumbline.definitions import DefinitionsError, load_library
    from plumbline.definitions.reporting.pages import render_pages
    from plumbline.definitions.reporting.words import dispute_sentence

    with duckdb.connect(str(database), read_only=True) as connection:
        there = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        if not there >= _MARTS:
            return DefinitionPages()
        try:
            made = render_pages(load_library(root), connection, date.fromisoformat(as_of_date))
            return DefinitionPages(made.pages, dispute_sentence(made.headline))
        except DefinitionsError as error:
            told = "; ".join(str(problem) for problem in error.problems)
            raise BuildError(
                f"the definitions cannot be shown: {told}", "Run `plumbline definitions check`."
            ) from error
