"""Keys that dbt passes over in silence are found, with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.quality.checks.catalogue import BY_CODE
from quality.checks.planted import found, project


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("        data_test: [unique]", "('data_test' was unexpected)"),
        ("        relationship: {to: ref('b'), field: id}", "('relationship' was unexpected)"),
        ("    contarct: {enforced: true}", "('contarct' was unexpected)"),
        ("      - {name: amount, description: NULL is unknown, not zero.}", "('not zero.' was unexpected)"),
        ("    description: twice", None),
        ("      - {name: amount, description: 'NULL is unknown, not zero.', data_tests: [unique]}", None),
    ],
)
def test_a_misspelt_key_is_found_with_its_line(tmp_path: Path, line: str, what: str | None) -> None:
    folder = tmp_path / "models" / "marts"
    folder.mkdir(parents=True)
    head = ["version: 2", "models:", "  - name: a", "    columns:", "      - name: id"]
    text = (
        [*head, "        description: An id.", line] if not line.startswith("    c") else [*head[:3], line, *head[3:]]
    )
    (folder / "_a.yml").write_text("\n".join(text) + "\n")
    texts = found(BY_CODE["PB401"], project(root=tmp_path))
    assert [what in text and "models/marts/_a.yml line" in text for text in texts if what] == ([True] if what else [])
    assert bool(texts) is bool(what)


def test_a_file_that_is_no_yaml_is_found(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "_s.yml").write_text("seeds: [\n")
    assert "not valid YAML" in found(BY_CODE["PB401"], project(root=tmp_path))[0]
