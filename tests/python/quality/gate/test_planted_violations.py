"""One planted violation for each check of the project: it blocks (or warns) by its name, and nothing else does it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plumbline.project.errors import ChecksFailedError
from plumbline.quality.gate.gate import require_no_finding
from plumbline.quality.gate.suites import Lag, NullShare, Volume, load_suites

if TYPE_CHECKING:
    from conftest import BuiltProject
    from quality.gate.conftest import Bench

ROOT = Path(__file__).resolve().parents[4]
FUTURE = "update staging.stg_{0}__row_counts set newest_loaded_at = timestamp '2027-08-05'"
STALE = "update staging.stg_{0}__row_counts set newest_loaded_at = timestamp '2026-06-01'"
LEFT_BEHIND = (
    "update staging.stg_salesforce__row_counts set newest_loaded_at = newest_loaded_at - interval 4 day "
    "where source_table = '{0}'"
)

# By the name of the finding: what is done to the candidate, and the pattern of what the message says of it.
VIOLATIONS: dict[str, tuple[str, str]] = {
    "accounts_volume.dim_people": (
        "delete from dim_people where person_key % 2 = 0",
        r"on dim_people: seen \d+ rows, wanted \d+ rows to \d+ rows; usual is \d+ rows",
    ),
    "accounts_null_share.dim_accounts.industry": (
        "update dim_accounts set industry = null",
        r"on dim_accounts\.industry: seen 100\.0%, wanted at most",
    ),
    "accounts_key_churn": (
        "update map_accounts set account_key = 1",
        r"on map_accounts\.account_key: seen \d+ records with another key, wanted at most 10",
    ),
    "people_key_churn": (
        "update map_people set person_key = 1 where person_key % 3 = 0",
        r"wanted at most \d+ records with another key; \d+ rows are published, foreign_id \d+, own_record \d+",
    ),
    "accounts_delete_wave": (
        "update dim_accounts set is_deleted = true where account_key % 2 = 0",
        r"on dim_accounts\.account_key: seen \d+ entities gone or deleted",
    ),
    "people_delete_wave": ("delete from dim_people where person_key % 4 = 0", "entities gone or deleted"),
    "accounts_segments.Enterprise": (
        "update dim_accounts set segment = 'Enterprise'",
        r"on dim_accounts\.segment: seen 100\.0%, wanted \d+\.\d% to \d+\.\d%; usual",
    ),
    "active_customer_share": (
        "update dim_accounts set is_active_customer = true",
        r"on dim_accounts: seen 1, wanted 0\.\d+ to 0\.\d+",
    ),
    "mql_share": ("update dim_people set is_mql = not is_mql", r"on dim_people: seen 0\.\d+, wanted"),
    "people_belong_to_accounts": (
        "update dim_people set account_key = 1 where person_key in (select person_key from dim_people limit 3)",
        r"on dim_people\.account_key: seen 3 rows without a match, wanted at most 0",
    ),
    "accounts_owners_exist": (
        "delete from dim_users",
        r"on dim_accounts\.owner_user_key: seen \d+ rows without a match",
    ),
    "account_records_agree": (
        "delete from map_accounts where record_key = (select min(record_key) from map_accounts)",
        "on dim_accounts: seen 1 apart, wanted 0 apart; compared with map_accounts",
    ),
    "account_people_agree": (
        "update dim_accounts set person_count = person_count + 1",
        r"seen \d+ apart, wanted 0 apart; compared with dim_people",
    ),
    "pipeline_volume.fct_opportunities": (
        "insert into fct_opportunities from fct_opportunities; insert into fct_opportunities from fct_opportunities",
        r"on fct_opportunities: seen \d+ rows, wanted \d+ rows to \d+ rows; usual is \d+ rows \(the published",
    ),
    "pipeline_null_share.fct_opportunities.amount": (
        "update fct_opportunities set amount = null",
        r"on fct_opportunities\.amount: seen 100\.0%, wanted at most",
    ),
    "opportunities_delete_wave": (
        "update fct_opportunities set is_deleted = true where opportunity_key % 5 = 0",
        r"wanted at most \d+ entities gone or deleted",
    ),
    "opportunities_stages.won": (
        "update fct_opportunities set stage_category = 'won' where stage_category = 'lost'",
        r"on fct_opportunities\.stage_category: seen \d+\.\d%",
    ),
    "opportunities_mean_amount": (
        "update fct_opportunities set corporate_amount = corporate_amount * 100",
        r"\(expect_column_mean_to_be_between\) on fct_opportunities\.corporate_amount: seen",
    ),
    "win_rate": ("update fct_opportunities set is_won = true where is_lost", "on fct_opportunities: seen 1, wanted"),
    "pipeline_amount": (
        "update fct_opportunities set corporate_amount = 3 * corporate_amount where is_pipeline",
        "on fct_opportunities: seen",
    ),
    "won_amount": (
        "update fct_opportunities set corporate_amount = 2 * corporate_amount where is_won",
        "on fct_opportunities: seen",
    ),
    "sales_cycle_days": (
        "update fct_opportunities set sales_cycle_days = -sales_cycle_days",
        r"on fct_opportunities\.sales_cycle_days: seen -\d",
    ),
    "opportunities_have_accounts": ("delete from dim_accounts where account_key % 2 = 0", "leads to dim_accounts"),
    "opportunities_owners_exist": ("delete from dim_users", r"on fct_opportunities\.owner_user_key: seen \d+ rows"),
    "lines_have_opportunities": ("delete from fct_opportunities where is_won", "on fct_opportunity_lines"),
    "people_on_opportunities_exist": (
        "delete from dim_people",
        r"on bridge_opportunity_people\.person_key: seen \d+ rows",
    ),
    "opportunities_agree_with_versions": (
        "update fct_opportunities set amount = amount + 0.01 where opportunity_key = "
        "(select min(opportunity_key) from fct_opportunities where amount is not null)",
        "seen 0.01 apart, wanted 0 apart; compared with fct_opportunity_versions",
    ),
    "lines_agree_with_opportunities": (
        "delete from fct_opportunity_lines where product_key % 2 = 0",
        "compared with fct_opportunity_lines",
    ),
    "won_opportunities_agree_with_accounts": (
        "update dim_accounts set won_opportunity_count = 0",
        r"seen -\d+ apart, wanted 0 apart; compared with fct_opportunities",
    ),
    "engagement_volume.fct_engagements": (
        "delete from fct_engagements where source_system = 'marketo'",
        "on fct_engagements: seen",
    ),
    "engagement_null_share.fct_engagements.account_key": (
        "update fct_engagements set account_key = null",
        r"on fct_engagements\.account_key: seen 100\.0%",
    ),
    "engagement_types.email_sent": (
        "update fct_engagements set engagement_type = 'email_opened' where engagement_type = 'email_sent'",
        r"on fct_engagements\.engagement_type: seen 0\.0%, wanted \d+\.\d% to",
    ),
    "engagement_teams.other": (
        "update fct_engagements set team = 'other' where team = 'sales'",
        r"on fct_engagements\.team: seen \d+\.\d%, wanted 0\.0% to 10\.0%",
    ),
    "engagement_with_account_share": (
        "update fct_engagements set account_key = null where engagement_key % 2 = 0",
        "on fct_engagements: seen 0.3",
    ),
    "weekly_engagement_score": (
        "update agg_account_engagement_weekly set engagement_score = 2 * engagement_score",
        "on agg_account_engagement_weekly: seen",
    ),
    "engagements_have_accounts": (
        "delete from dim_accounts",
        r"on fct_engagements\.account_key: seen [\d,]+ rows without",
    ),
    "engagements_have_people": ("delete from dim_people", "on fct_engagements.person_key"),
    "engagements_have_opportunities": ("delete from fct_opportunities", "on fct_engagements.opportunity_key"),
    "members_have_campaigns": ("delete from dim_campaigns", r"on fct_campaign_members\.campaign_key: seen \d+ rows"),
    "conversations_agree": (
        "delete from fct_conversations where conversation_key = (select min(conversation_key) from fct_conversations)",
        "seen -1 apart, wanted 0 apart; compared with fct_engagements",
    ),
    "weekly_engagement_agrees": (
        "update agg_account_engagement_weekly set touch_count = touch_count + 1",
        r"seen [\d,]+ apart, wanted 0 apart; compared with fct_engagements",
    ),
    "raw_volume.salesforce.main.contact": (
        "update fct_source_reconciliation set row_count = row_count // 3 where source_table = 'contact'",
        r"on salesforce\.contact: seen \d+ rows, wanted",
    ),
    "sources_stay_connected.gong.main": (
        "delete from fct_source_reconciliation where source_system = 'gong'; "
        "delete from map_people where source_system = 'gong'",
        r"on gong \(main\): seen 0\.0%, wanted at least 50\.0%; none of its raw tables is there",
    ),
    "raw_tables_keep_up.salesforce.main.contact": (
        LEFT_BEHIND.format("contact"),
        r"on salesforce\.contact: seen [\d.]+ hours behind, wanted at most 24 hours behind; at most [\d.]+ hours",
    ),
    "core_tables_keep_up.salesforce.main.account": (
        LEFT_BEHIND.format("account"),
        "on salesforce.account: seen 96 hours behind, wanted at most 72 hours behind; at most 0 hours behind on 7 days",
    ),
    "salesforce_is_fresh": (STALE.format("salesforce"), "wanted at most 48 hours old"),
    "marketo_is_fresh": (STALE.format("marketo"), "wanted at most 48 hours old"),
    "gong_is_fresh": (STALE.format("gong"), "seen 720 hours old"),
    "salesforce_not_from_the_future": (FUTURE.format("salesforce"), "seen 9,600 hours in the future, wanted at most"),
    "marketo_not_from_the_future": (
        FUTURE.format("marketo") + " where source_table = 'lead'",
        "in the future; lead 1",
    ),
    "gong_not_from_the_future": (FUTURE.format("gong"), "hours in the future, wanted at most 24"),
}


def test_every_check_has_a_planted_violation() -> None:
    checks = {check.name for suite in load_suites(ROOT / "quality") for check in suite.checks}
    assert checks == {name.split(".")[0] for name in VIOLATIONS}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_planted_violation_is_found_by_its_name(bench: Bench, name: str) -> None:
    sql, message = VIOLATIONS[name]
    check = bench.check(name.split(".")[0])
    if isinstance(check, (Volume, NullShare)):
        check = check.model_copy(update={"tables": [name.split(".")[1]]})
    bench.run(sql)
    verdict = bench.judge(check, history=bench.week if isinstance(check, Lag) else None)
    found = [result for result in verdict.results if result.status != "passed"]
    assert [result.status for result in found if result.check == name] == ["failed"]
    sentence = next(result.sentence for result in found if result.check == name)
    assert re.search(message, sentence), sentence
    if check.severity == "warning":
        assert verdict.blocking == [] and name in [result.check for result in verdict.shown]
        require_no_finding(verdict, "checks.html")
        return
    with pytest.raises(ChecksFailedError) as caught:
        require_no_finding(verdict, "checks.html")
    assert caught.value.exit_code == 10
    assert sentence in caught.value.what and check.mending in caught.value.mending


def test_without_a_violation_everything_holds_and_is_compared(bench: Bench) -> None:
    verdict = bench.judge(*(check for suite in bench.suites for check in suite.checks))
    unsettled = [result.sentence for result in verdict.results if result.status != "passed"]
    # The last call of the small company was two weeks before its last day.
    assert all(sentence.startswith("gong_is_fresh") for sentence in unsettled), unsettled
    assert verdict.blocking == [] and len(verdict.results) > 250
    compared = [result for result in verdict.results if result.versions]
    assert len(compared) > 200


def test_the_first_night_passes_and_says_that_there_is_no_history(built_project: BuiltProject) -> None:
    verdict = built_project.report.verdict
    assert verdict.blocking == [] and verdict.counts["broken"] == 0
    silent = {result.check for result in verdict.results if result.note == "no history yet"}
    assert {"accounts_volume.dim_accounts", "win_rate", "accounts_key_churn", "opportunities_delete_wave"} <= silent
    assert verdict.without_history == len(silent) > 200
