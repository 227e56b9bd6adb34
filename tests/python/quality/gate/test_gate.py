"""What the gate makes of broken checks, warnings and accepted findings, and that no value of a row leaves it."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from plumbline.project.errors import ChecksBrokenError, ChecksFailedError
from plumbline.quality.gate.accepted import Accepted
from plumbline.quality.gate.evaluation import GreatExpectations
from plumbline.quality.gate.gate import Case, judge, require_no_finding
from plumbline.quality.gate.history import record
from plumbline.quality.gate.page import render_page
from plumbline.quality.gate.suites import KINDS, Check
from quality.gate.conftest import NOW, ROOT
from support.answers import answers

if TYPE_CHECKING:
    from conftest import BuiltProject
    from quality.gate.conftest import Bench

CANARY = "zacharias.quennell@planted.example"


def check(expect: str, name: str = "planted", **settings: Any) -> Check:
    """A check with a name, a reason and a mending."""
    return KINDS[expect].model_validate(
        {"name": name, "expect": expect, "why": "To see.", "mending": "Mend it.", **settings}
    )


def test_a_check_that_raises_is_broken_and_blocks_without_being_bad_data(bench: Bench) -> None:
    verdict = bench.judge(check("metric", table="dim_accounts", value="sum(no_such_column)", min=0))
    (result,) = verdict.results
    assert (result.status, result.seen, result.blocks) == ("broken", None, True)
    with pytest.raises(ChecksBrokenError, match=r"1 check is broken:\n- planted .* could not run: ") as caught:
        require_no_finding(verdict, "checks.html")
    assert caught.value.exit_code == 11
    assert "no_such_column" in caught.value.what and "Mend it." in caught.value.mending


@pytest.mark.parametrize(
    "wrong",
    [
        check("mean", table="dim_accounts", column="no_such_column"),
        check("null_share", tables=["dim_acounts"]),
        check("volume", tables=["dim_acounts"]),
        check("reference", table="dim_people", column="account_key", to_table="no_such_table", to_column="x"),
        check("metric", table="dim_accounts", value="account_key", min=0),
    ],
    ids=lambda each: str(each.expect),
)
def test_whatever_a_suite_gets_wrong_is_broken_and_never_passes(bench: Bench, wrong: Check) -> None:
    verdict = bench.judge(wrong)
    assert [result.status for result in verdict.results] == ["broken"]
    if "dim_acounts" in str(wrong):
        assert "did you mean dim_accounts?" in verdict.results[0].sentence


def test_a_broken_check_does_not_take_others_of_its_table_with_it(bench: Bench) -> None:
    broken = check("mean", table="dim_accounts", column="no_such_column")
    verdict = bench.judge(broken, bench.check("active_customer_share"))
    assert {result.check: result.status for result in verdict.results} == {
        "planted": "broken",
        "active_customer_share": "passed",
    }


def test_an_empty_table_is_one_finding_and_not_one_of_each_of_its_columns(bench: Bench) -> None:
    bench.run("delete from fct_conversations")
    wanted = [bench.check("engagement_null_share"), bench.check("engagement_volume")]
    verdict = bench.judge(*(each.model_copy(update={"tables": ["fct_conversations"]}) for each in wanted))
    assert [(result.check, result.status, result.note) for result in verdict.results] == [
        ("engagement_null_share.fct_conversations", "passed", "the table has no rows"),
        ("engagement_volume.fct_conversations", "failed", None),
    ]


def test_an_accepted_finding_passes_and_another_or_a_broken_one_does_not(bench: Bench) -> None:
    bench.run("delete from dim_users")
    wanted = [bench.check(name) for name in ("opportunities_owners_exist", "accounts_owners_exist")]
    through = Accepted("2026-06-30T00:00:00Z", "opportunities_owners_exist", "being loaded", "2026-07-02", "data team")
    verdict = bench.judge(*wanted, accepted=[through])
    assert [result.check for result in verdict.blocking] == ["accounts_owners_exist"]
    assert [result.check for result in verdict.shown] == ["opportunities_owners_exist"]
    with pytest.raises(ChecksFailedError) as caught:
        require_no_finding(verdict, "checks.html")
    assert "opportunities_owners_exist" not in caught.value.what
    assert "plumbline accept accounts_owners_exist --reason" in caught.value.mending

    broken = check("metric", table="dim_accounts", value="sum(no_such_column)", min=0)
    planted = Accepted("2026-06-30T00:00:00Z", "planted", "known", "2026-07-02", "data team")
    assert bench.judge(broken, accepted=[planted]).blocking


def plant(bench: Bench) -> None:
    """An address in every text column of accounts, and numbers that no other row has."""
    bench.run(
        f"update dim_accounts set account_name = '{CANARY}', domain = '{CANARY}', segment = '{CANARY}', "
        f"industry = '{CANARY}', customer_state = '{CANARY}', employee_count = 987654321; "
        f"update map_accounts set evidence = '{CANARY}', account_key = account_key + 1"
    )


def test_no_value_of_a_row_reaches_answers_state_or_page(bench: Bench, tmp_path: Path) -> None:
    plant(bench)
    settings = {"table": "dim_accounts"}
    verdict = bench.judge(
        bench.check("accounts_null_share").model_copy(update={"tables": ["dim_accounts"]}),
        bench.check("accounts_key_churn"),
        bench.check("accounts_segments"),
        check("metric", "raising", value="sum(cast(account_name as integer))", min=0, **settings),
        check("metric", "maximum", value="max(account_name)", min=0, **settings),
        check("freshness", "future", column="created_at", max_ahead_hours=0, label="account_name", **settings),
        check("distribution", "states", column="customer_state", values=["customer"], **settings),
    )
    states = {result.check: result.status for result in verdict.results}
    # What could tell a value has run: what failed with evidence, and what raised on a value.
    assert states["accounts_key_churn"] == "failed" and states["maximum"] == states["raising"] == "broken"
    record(tmp_path / "checks.jsonl", "r", "2026-07-01T00:00:00Z", verdict.results)
    written = (tmp_path / "checks.jsonl").read_text() + render_page(verdict, "r", "2026-06-30")
    with pytest.raises(ChecksFailedError) as caught:
        require_no_finding(verdict, "checks.html")
    for text in (written, str(caught.value)):
        assert "zacharias" not in text and "planted.example" not in text and "987654321" not in text
    assert "other 61" in written


def test_a_night_takes_the_room_in_state_that_the_decision_says(
    bench: Bench, built_project: BuiltProject, tmp_path: Path
) -> None:
    # The real candidate: columns that are never NULL are not looked at, and its copies have lost that.
    case = Case(built_project.database, tmp_path, built_project.published / "marts.duckdb", bench.week, NOW)
    results = judge(bench.suites, case, answers).results
    record(tmp_path / "checks.jsonl", "20260701T000000Z-abcdef", "2026-07-01T00:00:00Z", results)
    decision = (ROOT / "docs" / "decisions" / "0012-what-is-kept-in-state.md").read_text()
    (said,) = re.findall(r"about (\d+) KB for some (\d+) expectations", decision)
    assert len(results) == pytest.approx(int(said[1]), rel=0.15)
    assert (tmp_path / "checks.jsonl").stat().st_size / 1000 == pytest.approx(int(said[0]), rel=0.15)


def test_what_a_suite_may_read_is_the_candidate_and_the_published_version(bench: Bench) -> None:
    outside = check("metric", table="dim_accounts", value="(select count(*) from read_text('/etc/hostname'))", min=0)
    (result,) = bench.judge(outside).results
    assert result.status == "broken" and "disabled by configuration" in str(result.note)


def test_the_page_asks_nothing_of_the_network(bench: Bench) -> None:
    bench.run("delete from dim_people")
    hostile = bench.check("people_on_opportunities_exist").model_copy(
        update={"mending": "<script src='https://evil.example/x.js'></script>"}
    )
    page = render_page(bench.judge(hostile), "20260701T000000Z-abcdef", "2026-06-30")
    assert "people_on_opportunities_exist" in page and "&lt;script" in page
    for request in ("<script", "<link", "<img", "<iframe", "@import", "url(", " src=", " href="):
        assert request not in page.replace("src=&#39;", ""), request
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


@pytest.mark.skipif(shutil.which("unshare") is None, reason="no unshare on this machine")
def test_great_expectations_runs_without_a_network_and_with_its_analytics_off(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if subprocess.run(["unshare", "--map-root-user", "--net", "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody make a network namespace")
    alone = tmp_path / "python"
    alone.write_text(f'#!/bin/sh\nexec unshare --map-root-user --net "{sys.executable}" "$@"\n')
    alone.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GX_ANALYTICS_ENABLED", "true")
    monkeypatch.setattr(sys, "executable", str(alone))
    item = {
        "check": "rows",
        "expectation": "expect_table_row_count_to_be_between",
        "severity": "error",
        "schema": "main",
        "table": "dim_accounts",
        "arguments": {},
        "minimum": 1,
        "maximum": 1000,
        "detail_query": None,
    }
    request = {"attach": {"candidate": str(bench.candidate)}, "spill": str(tmp_path / "spill"), "items": [item]}
    with GreatExpectations() as evaluate:
        assert evaluate(request) == [{"check": "rows", "success": True, "seen": 57.0, "error": None, "detail": None}]
    assert list(home.rglob("*")) == []


def test_a_table_of_any_schema_is_found_without_what_great_expectations_has_deprecated(bench: Bench) -> None:
    stale = bench.check("salesforce_is_fresh")
    rows = check("mean", table="staging.stg_gong__row_counts", column="rows_in")
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*schema_name.*")
        verdict = bench.judge(stale, rows, bench.check("active_customer_share"))
    assert verdict.counts == {"passed": 3}


def test_analytics_are_off_where_great_expectations_is_imported() -> None:
    from plumbline.quality.gate import child

    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
    context = child.gx.get_context(mode="ephemeral")
    assert not json.loads(json.dumps(context.variables.config.analytics_enabled or False))


def test_a_process_that_dies_is_a_broken_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ChecksBrokenError, match="the quality gate could not run"), GreatExpectations() as evaluate:
        evaluate({"items": []})


def test_what_great_expectations_goes_without_is_there_for_everybody_else() -> None:
    from plumbline.quality.gate.child import UNUSED, absent

    with absent(("json", "plumbline_has_no_such_module", "plumbline_has_no_such_module.part")):
        assert importlib.import_module("json").loads("1") == 1
        assert not hasattr(importlib.import_module("plumbline_has_no_such_module.part"), "__file__")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("plumbline_has_no_such_module")
    assert all(importlib.util.find_spec(name) for name in UNUSED), "nothing is left out that would not be there"
    assert all(getattr(sys.modules.get(name, sys), "__spec__", None) for name in UNUSED)
