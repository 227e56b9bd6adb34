"""Raw tables that fall behind, and instances that are renamed or gone: small worlds, judged without a build."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pytest

from plumbline.quality.gate.catalogue import Catalogue
from plumbline.quality.gate.gate import Case, Verdict, judge, require_no_finding
from plumbline.quality.gate.history import GateRun, History
from plumbline.quality.gate.results import CheckResult
from plumbline.quality.gate.suites import KINDS, Check, Suite
from support.answers import answers, answers_from

COUNTS = "candidate.staging.stg_crm__row_counts"
FIRST = datetime(2026, 3, 1, 2)
ALWAYS, MONTHLY, YEARLY = timedelta(hours=1), timedelta(days=30), timedelta(days=365)


def check(expect: str, **settings: object) -> Check:
    return KINDS[expect].model_validate(
        {"name": "planted", "expect": expect, "why": "To see.", "mending": "Mend it.", **settings}
    )


@dataclass
class Nights:
    """Nights of a loader, one a day, judged one after the other; what is not blocked becomes history."""

    folder: Path
    check: Check
    runs: list[GateRun] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    connection: duckdb.DuckDBPyConnection = field(default_factory=lambda: duckdb.connect(":memory:"))

    def __post_init__(self) -> None:
        self.connection.execute("attach ':memory:' as candidate; create schema candidate.staging")

    def judge(self, loads: dict[str, datetime], now: datetime) -> Verdict:
        """The verdict on tables that were last loaded then."""
        self.connection.execute(
            f"create or replace table {COUNTS} (source_system text, source_instance text, "
            "source_table text, newest_loaded_at timestamp)"
        )
        for table, moment in loads.items():
            self.connection.execute(f"insert into {COUNTS} values ('crm', 'main', ?, ?)", [table, moment])
        history = History(self.runs, self.published, 7)
        case = Case(self.folder, spill=self.folder, published=None, history=history, moment=now)
        model = COUNTS.removeprefix("candidate.")
        tables = [(model, "crm", "main", table) for table in sorted(loads)]
        known = Catalogue({("staging", model.removeprefix("staging.")): {}}, {}, loaded_tables=tables)
        # A file a night would cost more than all else here.
        with patch("plumbline.quality.gate.gate.read_catalogue", return_value=known):
            verdict = judge([Suite("sources", [self.check])], case, self._answers)
        run_id = str(len(self.runs))
        self.runs.append(GateRun(run_id, now.isoformat(), [result.as_line() for result in verdict.results]))
        if not verdict.blocking:
            self.published.append(run_id)
        return verdict

    def _answers(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        return answers_from(self.connection, request["items"])

    def pass_by(self, days: int, stuck: dict[str, int] | None = None) -> list[list[CheckResult]]:
        """What was found on each of so many days, when tables stood still from a day on."""
        found = []
        for day in range(days):
            now = FIRST + timedelta(days=day)
            loads = {"deal": now - timedelta(hours=1)}
            for table, rhythm in (("account", ALWAYS), ("rate", MONTHLY), ("stage", YEARLY)):
                end = min(now, FIRST + timedelta(days=(stuck or {}).get(table, days)))
                # The first load takes everything at once, however seldom it changes.
                loads[table] = FIRST - timedelta(hours=2) + rhythm * ((end - FIRST) // rhythm)
            found.append([result for result in self.judge(loads, now).results if result.status != "passed"])
        return found


def test_a_table_that_stands_still_blocks_after_a_day_and_until_it_is_loaded_again(tmp_path: Path) -> None:
    nights = Nights(tmp_path, check("lag"))
    found = nights.pass_by(31, stuck={"account": 20})
    assert [result.check for results in found[:7] for result in results if result.severity == "error"] == []
    assert found[7:21] == [[]] * 14
    for day in range(21, 31):
        assert [result.check for result in found[day]] == ["planted.crm.main.account"], day
    assert found[21][0].sentence == (
        "planted.crm.main.account (expect_query_value_to_be_between) on crm.account: seen 25 hours behind, "
        "wanted at most 24 hours behind; at most 1 hours behind on 7 days before"
    )
    assert found[30][0].blocks and nights.published == [str(day) for day in range(21)]


def test_where_a_finding_only_warns_it_does_not_become_usual(tmp_path: Path) -> None:
    found = Nights(tmp_path, check("lag", severity="warning")).pass_by(24, stuck={"account": 10})
    assert all([result.check for result in results] == ["planted.crm.main.account"] for results in found[11:])
    assert not any(result.blocks for results in found for result in results)


def test_tables_that_rarely_change_are_no_finding_once_their_rhythm_is_known(tmp_path: Path) -> None:
    found = Nights(tmp_path, check("lag")).pass_by(45)
    # After the first load all look equally busy; a day later that can only be wrong, so it only warns.
    early = {(result.check, result.severity) for results in found[:7] for result in results}
    assert early <= {("planted.crm.main.rate", "warning"), ("planted.crm.main.stage", "warning")}
    assert [len(results) for results in found[:7]] == [0, 2, 0, 0, 0, 0, 0]
    assert found[7:] == [[]] * 38


def test_without_history_nothing_is_said_of_a_table_that_is_behind(tmp_path: Path) -> None:
    loads = {"deal": FIRST, "stage": FIRST - timedelta(days=900)}
    (_, stage) = Nights(tmp_path, check("lag")).judge(loads, FIRST).results
    assert (stage.status, stage.seen, stage.note) == ("passed", 900 * 24, "no history yet")


def test_several_runs_on_one_day_teach_no_more_than_one(tmp_path: Path) -> None:
    nights = Nights(tmp_path, check("lag"))
    for _ in range(10):
        nights.judge({"deal": FIRST, "stage": FIRST}, FIRST)
    later = FIRST + timedelta(days=3)
    verdict = nights.judge({"deal": later, "stage": FIRST}, later)
    (result,) = verdict.shown
    assert (result.severity, result.versions) == ("warning", 1)
    assert result.sentence.endswith("at most 0 hours behind on 1 day before; 7 days are needed to judge")


def test_a_load_time_from_the_future_does_not_age_the_other_tables(tmp_path: Path) -> None:
    nights = Nights(tmp_path, check("lag"))
    nights.pass_by(10)
    now = FIRST + timedelta(days=10)
    loads = {"deal": now + timedelta(days=400), "account": now - timedelta(hours=2)}
    assert [result.seen for result in nights.judge(loads, now).results] == [2.0, 0.0]


@pytest.mark.parametrize(
    ("settings", "seen"),
    [({"tables": ["crm.rate"]}, ["rate"]), ({"slow_tables": ["crm.rate", "crm.stage"]}, ["account", "deal"])],
)
def test_settings_name_the_tables_to_look_at(tmp_path: Path, settings: dict[str, object], seen: list[str]) -> None:
    loads = dict.fromkeys(("account", "deal", "rate", "stage"), FIRST)
    results = Nights(tmp_path, check("lag", **settings)).judge(loads, FIRST).results
    assert [result.check.rsplit(".", 1)[1] for result in results] == seen


INSTANCES = check("instances", tables=["map_accounts"], record="record_key")
CHURN = check("key_churn", table="map_accounts", record="record_key", key="account_key", max_share=0.02, slack=0)
VOLUME = check("raw_volume").model_copy(update={"name": "volume", "slack": 0})
TWO = {("crm", "main"): 1000, ("crm", "east"): 60, ("calls", "main"): 0}


def world(path: Path, instances: dict[tuple[str, str], int], first: int = 0, moved: str = "") -> Path:
    """Marts of instances with so many records; keys are made from system, instance and id, as ours are."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table map_accounts (record_key text, account_key text, source_system text, source_instance text)"
        )
        connection.execute(
            "create table fct_source_reconciliation "
            "(source_system text, source_instance text, source_table text, row_count bigint)"
        )
        for (system, instance), rows in instances.items():
            connection.execute(
                "insert into map_accounts select concat_ws('|', $1, $2, i), concat($2, i, $5), $1, $2 "
                "from range($3, $3 + $4) ids(i)",
                [system, instance, first, rows, "moved" if moved == instance else ""],
            )
            counted = [system, instance, "account", rows]
            connection.execute("insert into fct_source_reconciliation values (?, ?, ?, ?)", counted)
    return path


def judged(tmp_path: Path, before: Path, candidate: Path, configured: set[tuple[str, str]], *checks: Check) -> Verdict:
    """The verdict on a candidate when one version of `before` is published and known."""
    seen = [{"check": f"volume.{s}.{i}.account", "seen": n, "status": "passed"} for (s, i), n in TWO.items()]
    seen.append({"check": "a.map_accounts", "seen": 5000, "status": "passed"})
    history = History([GateRun("r", "2026-03-01T00:00:00Z", seen)], ["r"], 7)
    case = Case(candidate, tmp_path, before, history, FIRST, configured=frozenset(configured))
    return judge([Suite("sources", list(checks) or [INSTANCES])], case, answers)


def test_where_all_instances_keep_their_records_nothing_is_found(tmp_path: Path) -> None:
    before, same = world(tmp_path / "a.duckdb", TWO), world(tmp_path / "b.duckdb", TWO)
    verdict = judged(tmp_path, before, same, set(TWO), INSTANCES, CHURN, VOLUME)
    assert verdict.counts == {"passed": 7}
    assert judged(tmp_path, before, world(tmp_path / "c.duckdb", TWO | {("crm", "west"): 5}), set(TWO)).shown == []


def test_an_instance_under_another_name_blocks_however_small_it_is(tmp_path: Path) -> None:
    renamed = {("crm", "main"): 1000, ("crm", "west"): 60, ("calls", "main"): 0}
    before, candidate = world(tmp_path / "a.duckdb", TWO), world(tmp_path / "b.duckdb", renamed)
    verdict = judged(tmp_path, before, candidate, set(renamed), INSTANCES, CHURN, VOLUME)
    # No record has another key: those of the instance are gone and others are there.
    assert [result.check for result in verdict.blocking] == ["planted.crm.east"]
    assert verdict.blocking[0].sentence == (
        "planted.crm.east (expect_query_value_to_be_between) on crm (east): seen 0.0%, wanted at least 50.0%; "
        "there is no instance 'east' any more, and a new one: west"
    )


def test_an_instance_whose_ids_are_all_others_blocks(tmp_path: Path) -> None:
    before, candidate = world(tmp_path / "a.duckdb", TWO), world(tmp_path / "b.duckdb", TWO, first=2000)
    verdict = judged(tmp_path, before, candidate, set(TWO))
    assert [result.check for result in verdict.blocking] == ["planted.crm.east", "planted.crm.main"]


def test_key_churn_counts_the_records_of_every_instance(tmp_path: Path) -> None:
    before, candidate = world(tmp_path / "a.duckdb", TWO), world(tmp_path / "b.duckdb", TWO, moved="east")
    verdict = judged(tmp_path, before, candidate, set(TWO), INSTANCES, CHURN.model_copy(update={"name": "churn"}))
    assert [(result.check, result.seen, result.maximum) for result in verdict.blocking] == [("churn", 60, 21)]


@pytest.mark.parametrize("gone", [("crm", "east"), ("calls", "main")])
def test_an_instance_that_is_gone_is_one_finding_that_comes_first(tmp_path: Path, gone: tuple[str, str]) -> None:
    left = {instance: rows for instance, rows in TWO.items() if instance != gone}
    before, candidate = world(tmp_path / "a.duckdb", TWO), world(tmp_path / "b.duckdb", left)
    follows = check("volume", tables=["map_accounts"]).model_copy(update={"name": "a", "slack": 0, "max_drop": 0})
    verdict = judged(tmp_path, before, candidate, set(TWO), follows, INSTANCES, VOLUME)
    assert [result.check for result in verdict.blocking] == [f"planted.{'.'.join(gone)}", "a.map_accounts"]
    assert [result.check for result in verdict.results if result.check.startswith(f"volume.{'.'.join(gone)}")] == []
    assert "none of its raw tables is there" in verdict.blocking[0].sentence
    with pytest.raises(Exception, match="Mend it"):
        require_no_finding(verdict, "checks.html")


def test_an_instance_that_the_settings_name_no_more_may_go(tmp_path: Path) -> None:
    left = {instance: rows for instance, rows in TWO.items() if instance != ("calls", "main")}
    before, candidate = world(tmp_path / "a.duckdb", TWO), world(tmp_path / "b.duckdb", left)
    verdict = judged(tmp_path, before, candidate, set(left), INSTANCES, VOLUME)
    assert verdict.blocking == []
    assert "taken out of raw_instances" in [result.note for result in verdict.results]


def test_without_a_published_version_there_is_nothing_to_keep(tmp_path: Path) -> None:
    case = Case(world(tmp_path / "a.duckdb", TWO), tmp_path, None, History([], [], 7), FIRST)
    assert judge([Suite("sources", [INSTANCES])], case, answers).results == []
