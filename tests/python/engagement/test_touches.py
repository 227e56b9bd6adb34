"""Each true touch of the sample company is counted once, and belongs to whom it should."""

from __future__ import annotations

from typing import Any

import pytest

# Rows of touches that stand in the fact through another row, or that reached nobody: counted there under this reason.
COUNTED_ELSEWHERE = ("counted_as_sending", "counted_as_conversation", "counted_as_program_status", "bounced")

# What the truth calls a row that is no touch, and what the models call it.
SAME_REASON = {
    "deleted": {"deleted"},
    "not_done": {"not_done"},
    "not_yet": {"in_the_future"},
    "internal": {"internal"},
    "private": {"private"},
    "colleagues_copy": {"copy_for_invitee"},
    "no_response": {"not_a_response"},
    "no_success": {"not_a_response", "no_show"},
}


@pytest.fixture(scope="module")
def outcomes(truth_build: Any) -> dict[tuple[str, str, str], tuple[str | None, str | None]]:
    """Source row to (type, reason for exclusion), as the models decided."""
    rows = truth_build.connection.execute(
        "select source_system, source_object, source_record_id, engagement_type, exclusion_reason "
        "from marts.intermediate.int_engagements_classified"
    ).fetchall()
    found = {(system, table, record): (kind, reason) for system, table, record, kind, reason in rows}
    assert len(found) == len(rows), "a source row was classified twice"
    return found


def _true_touches(truth_build: Any) -> list[tuple[str, str, str, str]]:
    rows: list[tuple[str, str, str, str]] = truth_build.connection.execute(
        "select source_system, source_table, source_record_id, kind from truth.main.truth_touches"
    ).fetchall()
    assert len(rows) > 10_000
    return rows


def test_every_true_touch_is_kept_once_or_counted_with_its_reason(
    truth_build: Any, outcomes: dict[tuple[str, str, str], tuple[str | None, str | None]]
) -> None:
    lost = [
        (touch, outcomes.get(touch[:3]))
        for touch in _true_touches(truth_build)
        if touch[:3] not in outcomes or outcomes[touch[:3]][1] not in (None, *COUNTED_ELSEWHERE)
    ]
    assert not lost


def test_what_is_no_touch_is_excluded_for_the_true_reason(
    truth_build: Any, outcomes: dict[tuple[str, str, str], tuple[str | None, str | None]]
) -> None:
    rows = truth_build.connection.execute(
        "select source_system, source_table, source_record_id, reason from truth.main.truth_exclusions"
    ).fetchall()
    assert rows
    assert {reason for *_, reason in rows} <= SAME_REASON.keys()
    wrong = [row for row in rows if outcomes[row[0], row[1], row[2]][1] not in SAME_REASON[row[3]]]
    assert not wrong


def test_the_fact_holds_nothing_that_is_no_touch(truth_build: Any) -> None:
    invented = truth_build.connection.execute(
        """
        select engagements.source_object, engagements.source_record_id
        from marts.marts.fct_engagements as engagements
        left join truth.main.truth_touches as touches
            on engagements.source_system = touches.source_system
            and engagements.source_object = touches.source_table
            and engagements.source_record_id = touches.source_record_id
        where touches.source_record_id is null
        """
    ).fetchall()
    assert not invented


def test_activities_and_exposures_are_told_apart(truth_build: Any) -> None:
    classes = dict(
        truth_build.connection.execute(
            """
            select touches.kind, string_agg(distinct engagements.engagement_class, ',')
            from marts.marts.fct_engagements as engagements
            inner join truth.main.truth_touches as touches
                on engagements.source_system = touches.source_system
                and engagements.source_object = touches.source_table
                and engagements.source_record_id = touches.source_record_id
            group by touches.kind
            """
        ).fetchall()
    )
    assert classes.pop("call_outbound") in ("activity,exposure", "exposure,activity")
    exposures = {"send_email", "email_delivered", "email_outbound"}
    assert {kind for kind, group in classes.items() if group == "exposure"} <= exposures
    assert {kind for kind, group in classes.items() if group == "activity"} == classes.keys() - exposures


def test_moments_are_the_true_ones(truth_build: Any) -> None:
    late = truth_build.connection.execute(
        """
        select engagements.source_object, engagements.source_record_id, engagements.occurred_at, touches.occurred_at
        from marts.marts.fct_engagements as engagements
        inner join truth.main.truth_touches as touches
            on engagements.source_system = touches.source_system
            and engagements.source_object = touches.source_table
            and engagements.source_record_id = touches.source_record_id
        where case
            when engagements.has_time_of_day then engagements.occurred_at <> touches.occurred_at
            else engagements.occurred_date <> cast(touches.occurred_at as date)
        end
        """
    ).fetchall()
    assert not late


_TRUE_PEOPLE = """
    -- the true person and company of each of our keys, where a key stands for one only
    with person_keys as (
        select map_people.person_key, min(records.person_id) as person_id
        from marts.marts.map_people as map_people
        inner join truth.main.truth_person_records as records
            on map_people.source_system = records.source_system
            and map_people.source_object = records.source_object
            and split_part(map_people.source_record_id, ':', -1) = records.source_record_id
        group by map_people.person_key
        having count(distinct records.person_id) = 1
    ),
    account_keys as (
        select map_accounts.account_key, min(records.company_id) as company_id
        from marts.marts.map_accounts as map_accounts
        inner join truth.main.truth_account_records as records
            on map_accounts.source_system = records.source_system
            and map_accounts.source_record_id = records.source_record_id
        group by map_accounts.account_key
        having count(distinct records.company_id) = 1
    )
"""


def test_touches_belong_to_the_true_person(truth_build: Any) -> None:
    """A person of one touch is the true one; a conversation has several, any of whom may be first."""
    known, wrong = truth_build.connection.execute(
        _TRUE_PEOPLE
        + """
        select count(*), sum(case when person_keys.person_id <> touches.person_id then 1 else 0 end)
        from marts.marts.fct_engagements as engagements
        inner join truth.main.truth_touches as touches
            on engagements.source_system = touches.source_system
            and engagements.source_object = touches.source_table
            and engagements.source_record_id = touches.source_record_id
        inner join person_keys on engagements.person_key = person_keys.person_key
        where touches.person_id is not null
            and engagements.source_system <> 'gong'
        """
    ).fetchone()
    assert known > 10_000
    assert wrong == 0


def test_touches_belong_to_the_true_company(truth_build: Any) -> None:
    """The company of the person, or of the deal that the touch is about (a reseller's people work on a customer's deal).

    Left out are records of which the planted evidence cannot tell the company, such as a subsidiary's lead with an
    address of the parent's domain.
    """
    known, wrong = truth_build.connection.execute(
        _TRUE_PEOPLE
        + """,
        touches as (
            select touches.*, deals.company_id as deal_company_id
            from truth.main.truth_touches as touches
            left join truth.main.truth_opportunities as deals on touches.opportunity_id = deals.opportunity_id
        ),
        callers as (
            select person_id, bool_and(account_decidable) as account_decidable
            from truth.main.truth_person_records
            where source_system = 'gong'
            group by person_id
        )
        select
            count(*),
            sum(case when account_keys.company_id not in (touches.company_id, coalesce(touches.deal_company_id, '')) then 1 else 0 end)
        from marts.marts.fct_engagements as engagements
        inner join touches
            on engagements.source_system = touches.source_system
            and engagements.source_object = touches.source_table
            and engagements.source_record_id = touches.source_record_id
        inner join account_keys on engagements.account_key = account_keys.account_key
        inner join marts.intermediate.int_engagements_classified as classified
            on engagements.source_system = classified.source_system
            and engagements.source_object = classified.source_object
            and engagements.source_record_id = classified.source_record_id
        left join truth.main.truth_person_records as records
            on classified.source_system = records.source_system
            and classified.person_object = records.source_object
            and classified.person_record_id = records.source_record_id
        left join callers
            on engagements.source_system = 'gong'
            and touches.person_id = callers.person_id
        where touches.company_id is not null
            and coalesce(records.account_decidable, callers.account_decidable, true)
        """
    ).fetchone()
    assert known > 5_000
    assert wrong == 0


def test_what_evidence_can_tell_is_not_left_open(truth_build: Any) -> None:
    """Touches of records whose person and company the planted evidence tells have both."""
    count, without_person, without_account = truth_build.connection.execute(
        """
        select
            count(*),
            sum(case when engagements.person_key is null then 1 else 0 end),
            sum(case when records.account_decidable and engagements.account_key is null then 1 else 0 end)
        from marts.marts.fct_engagements as engagements
        inner join marts.intermediate.int_engagements_classified as classified
            on engagements.source_system = classified.source_system
            and engagements.source_object = classified.source_object
            and engagements.source_record_id = classified.source_record_id
        inner join truth.main.truth_person_records as records
            on classified.source_system = records.source_system
            and classified.person_object = records.source_object
            and classified.person_record_id = records.source_record_id
        where records.is_present
        """
    ).fetchone()
    assert count > 10_000
    assert without_person == 0
    assert without_account / count < 0.01


def test_opportunities_are_the_true_ones(truth_build: Any) -> None:
    known, wrong = truth_build.connection.execute(
        """
        select count(*), sum(case when opportunities.opportunity_id <> touches.opportunity_id then 1 else 0 end)
        from marts.marts.fct_engagements as engagements
        inner join marts.intermediate.int_opportunities_resolved as opportunities
            on engagements.opportunity_key = opportunities.opportunity_key
        inner join truth.main.truth_touches as touches
            on engagements.source_system = touches.source_system
            and engagements.source_object = touches.source_table
            and engagements.source_record_id = touches.source_record_id
        """
    ).fetchone()
    assert known > 500
    assert wrong == 0
