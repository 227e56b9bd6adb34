"""Settings that nobody declared, that nothing reads, or that a unit test leaves open are found."""

from __future__ import annotations

from plumbline.project.settings import Settings
from plumbline.quality.checks.catalogue import BY_CODE
from quality.checks.planted import found, model, project

ALL = {"read": " ".join(f"var('{name}')" for name in Settings().dbt_variables())}


def test_a_setting_that_is_not_declared_or_not_read_is_found() -> None:
    assert found(BY_CODE["PB108"], project(macros=ALL)) == []
    planted = project(model("dim_a", "select '{{ var('week_begin') }}'"), macros=ALL)
    assert found(BY_CODE["PB108"], planted) == ["dim_a: reads the setting week_begin, which is not declared"]
    without = {"read": ALL["read"].replace("var('week_start')", "")}
    assert found(BY_CODE["PB108"], project(macros=without)) == [
        "plumbline.yml: declares the setting week_start, which nothing reads"
    ]


def test_a_unit_test_that_leaves_a_setting_open_is_found_through_macros() -> None:
    node = model("dim_a", "select {{ week() }}", depends_on={"nodes": [], "macros": ["week"]})
    planted = project(node, macros={"week": "{{ var('week_start') }}"})
    test = {"name": "weeks", "model": "dim_a", "overrides": None}
    planted.manifest["unit_tests"]["weeks"] = test
    assert found(BY_CODE["PB109"], planted) == ["unit test weeks: leaves week_start open"]
    test["overrides"] = {"vars": {"week_start": "monday"}}
    assert found(BY_CODE["PB109"], planted) == []
