"""Suites are refused by file, line and nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.project.errors import SettingsError
from plumbline.quality.gate.suites import KINDS, load_suites

ROOT = Path(__file__).resolve().parents[4]
GOOD = """checks:
  - name: rows
    expect: volume
    tables: [dim_a]
    why: w
    mending: m
"""


def load(tmp_path: Path, text: str, file: str = "accounts.yml") -> None:
    (tmp_path / file).write_text(text)
    load_suites(tmp_path)


def test_the_projects_suites_are_valid_and_use_every_kind() -> None:
    suites = load_suites(ROOT / "quality")
    assert [suite.name for suite in suites] == ["accounts", "engagement", "pipeline", "sources"]
    assert {type(check) for suite in suites for check in suite.checks} == set(KINDS.values())


def test_without_a_folder_there_are_no_suites(tmp_path: Path) -> None:
    assert load_suites(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("checks: []", "accounts.yml line 1: setting 'checks' is wrong"),
        ("check: []", "accounts.yml line 1: unknown setting 'check'\naccounts.yml: setting 'checks' is wrong"),
        (
            GOOD.replace("volume", "volumes"),
            "accounts.yml line 3: there is no expectation 'volumes'\nDid you mean 'volume'? Valid: volume, raw_volume",
        ),
        (
            GOOD + "    max_dorp: 0.1\n",
            "accounts.yml line 7: unknown volume setting 'max_dorp'\nDid you mean 'max_drop'?",
        ),
        (GOOD + "    max_drop: 30\n", "accounts.yml line 7: volume setting 'max_drop' is wrong: input should be less"),
        (GOOD.replace("    tables: [dim_a]\n", ""), "accounts.yml line 2: volume setting 'tables' is wrong: field req"),
        (GOOD.replace("dim_a", "dim_a; drop table x"), "accounts.yml line 4: volume setting 'tables.0' is wrong"),
        (GOOD + "    severity: fatal\n", "line 7: volume setting 'severity' is wrong: input should be 'error' or 'war"),
        (GOOD + GOOD.removeprefix("checks:\n"), "line 7: check 'rows' is there twice (first in accounts.yml line 2)"),
        (
            GOOD.replace("volume", "metric").replace("tables: [dim_a]", "{table: a, value: b}"),
            "accounts.yml line",
        ),
    ],
)
def test_a_wrong_suite_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    assert message in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_metric_without_a_bound_and_a_freshness_with_two_are_refused(tmp_path: Path) -> None:
    metric = GOOD.replace("volume", "metric").replace("tables: [dim_a]", "table: dim_a\n    value: count(*)")
    with pytest.raises(SettingsError, match="needs max_change, max_shift, min or max"):
        load(tmp_path, metric)
    fresh = GOOD.replace("volume", "freshness").replace("tables: [dim_a]", "table: dim_a\n    column: at")
    with pytest.raises(SettingsError, match="takes one of max_age_hours and max_ahead_hours"):
        load(tmp_path, fresh + "    max_age_hours: 4\n    max_ahead_hours: 4\n")


def test_names_are_unique_among_all_files(tmp_path: Path) -> None:
    load(tmp_path, GOOD, "a.yml")
    with pytest.raises(SettingsError, match=r"b\.yml line 2: check 'rows' is there twice \(first in a\.yml line 2\)"):
        load(tmp_path, GOOD, "b.yml")
