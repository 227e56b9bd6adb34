"""Conventions that hold for every data test in `tests/data`, read from dbt's manifest."""

from __future__ import annotations

from typing import Any

from plumbline.project.dbt_runner import first_comment


def test_every_data_test_says_first_what_it_finds(manifest: dict[str, Any]) -> None:
    """The night shows this comment beside the test's name to people who do not read SQL."""
    tests = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node["original_file_path"].startswith("tests/data/")
    ]
    assert len(tests) > 40
    assert not [node["name"] for node in tests if len(first_comment(node["raw_code"])) < 20]
