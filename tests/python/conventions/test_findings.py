"""Findings warn up to their ceiling and block the publish above it; the ceilings are settings.

dbt asks a data test's `fail_calc` and `error_if` of the rows that it returned: so does this, over made-up rows.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from plumbline.project.settings import FindingCeilings

CEILINGS = {name: share for name, share in FindingCeilings() if name not in ("fewest_that_block", "rejected_values")}
TESTS = {name: f"finding_{name}" for name in CEILINGS} | {"unmapped_source_types": "source_types_are_mapped"}


def blocks(test: dict[str, Any], found: int, population: int) -> bool:
    """Whether dbt would call the test an error, as its own query does."""
    config = test["config"]
    [(failures, error)] = duckdb.execute(
        f"select {config['fail_calc']}, {config['fail_calc']} {config['error_if']} from ("
        f"select {population} as population, 1 as version_count, 1 as touch_count from range({found}))"
    ).fetchall()
    assert failures == found
    return bool(error)


@pytest.mark.parametrize("name", CEILINGS)
def test_a_finding_warns_up_to_its_ceiling_and_blocks_above(manifest: dict[str, Any], name: str) -> None:
    [test] = [n for n in manifest["nodes"].values() if n["name"] == TESTS[name]]
    assert (test["config"]["severity"].lower(), test["config"]["warn_if"]) == ("error", "!= 0")
    most = round(CEILINGS[name] * 1000)
    assert not blocks(test, 0, 1000)
    assert not blocks(test, most, 1000)
    assert blocks(test, most + 1, 1000)
    assert not blocks(test, 9, 9), "a handful never blocks"
    assert blocks(test, 10, 10)


def test_every_finding_has_a_ceiling(manifest: dict[str, Any]) -> None:
    found = {n["name"] for n in manifest["nodes"].values() if n["resource_type"] == "test"}
    assert {name for name in found if name.startswith("finding_")} == set(TESTS.values()) - {"source_types_are_mapped"}
