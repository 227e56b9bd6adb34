"""Each true touch of the sample company is counted once, and belongs to whom it should."""

from __future__ import annotations

from engagement.builds import TruthBuild, fetch

# Rows of touches that stand in the fact through another row, or that reached nobody.
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

# A touch of the fact beside the truth about it.
TRUE_TOUCHES = """
    @.main.fct_engagements as engagements
    inner join truth.main.truth_touches as touches
        on engagements.source_system = touches.source_system
        and engagements.source_object = touches.source_table
        and engagements.source_record_id = touches.source_record_id
"""

# The source row of a touch, and the truth about the person record that it names.
TRUE_RECORDS = """
    inner join (
        select
            'marketo' as source_system, source_object, source_record_id,
            'lead' as person_object, lead_id as person_record_id
        from @.intermediate.int_marketo__activities
        union all
        select source_system, source_object, source_record_id, person_object, person_record_id
        from @.intermediate.int_salesforce__task_engagements
        union all
        select source_system, source_object, source_record_id, person_object, person_record_id
        from @.intermediate.int_salesforce__event_engagements
        union all
        select source_system, source_object, source_record_id, person_object, person_record_id
        from @.intermediate.int_salesforce__campaign_engagements
    ) as recorded
        on engagements.source_system = recorded.source_system
        and engagements.source_object = recorded.source_object
        and engagements.source_record_id = recorded.source_record_id
    {join} join truth.main.truth_person_records as records
        on recorded.source_system = records.source_system
        and recorded.person_object = records.source_object
        and recorded.person_record_id = records.source_record_id
"""

# The true person and company of each of our keys, where a key stands for one only.
TRUE_KEYS = """
    with person_keys as (
        select map_people.person_key, min(records.person_id) as person_id
        from @.main.map_people as map_people
        inner join truth.main.truth_person_records as records
            on map_people.source_system = records.source_system
            and map_people.source_object = records.source_object
            and split_part(map_people.source_record_id, ':', -1) = records.source_record_id
        group by map_people.person_key
        having count(distinct records.person_id) = 1
    ),
    account_keys as (
        select map_accounts.account_key, min(records.company_id) as company_id
        from @.main.map_accounts as map_accounts
        inner join truth.main.truth_account_records as records
            on map_accounts.source_system = records.source_system
            and map_accounts.source_record_id = records.source_record_id
        group by map_accounts.account_key
        having count(distinct records.company_id) = 1
    ),
    callers as (
        select source_system, person_id, bool_and(account_decidable) as account_decidable
        from truth.main.truth_person_records
        where source_system = 'gong'
        group by source_system, person_id
    )
"""


def true_kinds(build: TruthBuild) -> set[str]:
    """The kinds of touch that the sample company has, but for those that stand in the fact as their sending."""
    kinds = {kind for (kind,) in fetch(build, "select distinct kind from truth.main.truth_touches")}
    return kinds - {"email_delivered", "email_bounced"}


def test_every_true_touch_is_kept_once_or_counted_with_its_reason(truth_build: TruthBuild) -> None:
    [(touches, decisions, lost)] = fetch(
        truth_build,
        f"""
        select
            count(distinct touches.source_table || ' ' || touches.source_record_id),
            count(*),
            sum(case
                when classified.source_record_id is null then 1
                when classified.exclusion_reason is null and engagements.engagement_key is null then 1
                when classified.exclusion_reason not in {COUNTED_ELSEWHERE} then 1
                else 0
            end)
        from truth.main.truth_touches as touches
        left join @.intermediate.int_engagements_classified as classified
            on touches.source_system = classified.source_system
            and touches.source_table = classified.source_object
            and touches.source_record_id = classified.source_record_id
        left join @.main.fct_engagements as engagements
            on touches.source_system = engagements.source_system
            and touches.source_table = engagements.source_object
            and touches.source_record_id = engagements.source_record_id
        """,
    )
    assert touches > 1_000
    assert decisions == touches
    assert lost == 0


def test_what_is_no_touch_is_excluded_for_the_true_reason(truth_build: TruthBuild) -> None:
    decisions = fetch(
        truth_build,
        """
        select distinct exclusions.reason, classified.exclusion_reason
        from truth.main.truth_exclusions as exclusions
        left join @.intermediate.int_engagements_classified as classified
            on exclusions.source_system = classified.source_system
            and exclusions.source_table = classified.source_object
            and exclusions.source_record_id = classified.source_record_id
        """,
    )
    assert decisions
    wrong = [(true, ours) for true, ours in decisions if ours not in SAME_REASON.get(true, set())]
    assert not wrong


def test_the_fact_holds_nothing_that_is_no_touch(truth_build: TruthBuild) -> None:
    invented = fetch(
        truth_build,
        f"""
        select engagements.source_object, engagements.source_record_id
        from {TRUE_TOUCHES.replace("inner join", "left join")}
        where touches.source_record_id is null
        """,
    )
    assert not invented


def test_activities_and_exposures_are_told_apart(truth_build: TruthBuild) -> None:
    classes: dict[str, set[str]] = {}
    for kind, group in fetch(
        truth_build, f"select distinct touches.kind, engagements.engagement_class from {TRUE_TOUCHES}"
    ):
        classes.setdefault(kind, set()).add(group)
    # a call is an activity where somebody was reached
    assert classes.pop("call_outbound") == {"activity", "exposure"}
    exposures = {"send_email", "email_outbound"}
    assert exposures <= classes.keys()
    assert {kind: groups for kind, groups in classes.items() if groups != {"activity"}} == {
        kind: {"exposure"} for kind in exposures
    }


def test_moments_are_the_true_ones(truth_build: TruthBuild) -> None:
    late = fetch(
        truth_build,
        f"""
        select engagements.source_record_id, engagements.occurred_at, touches.occurred_at
        from {TRUE_TOUCHES}
        where case
            when engagements.has_time_of_day then engagements.occurred_at <> touches.occurred_at
            else engagements.occurred_date <> cast(touches.occurred_at as date)
        end
        """,
    )
    assert not late


def test_touches_of_each_kind_belong_to_the_true_person(truth_build: TruthBuild) -> None:
    """A conversation has several people: whoever is first must have been on that call, or at the same meeting as
    the CRM logged it.
    """
    kinds = fetch(
        truth_build,
        TRUE_KEYS
        + f""",
        on_call as (
            select distinct participants.call_id, records.person_id
            from raw.gong.call_participant as participants
            inner join truth.main.truth_person_records as records
                on records.source_system = 'gong' and participants.id = records.source_record_id
            union
            select recorded.source_record_id, logged.person_id
            from truth.main.truth_touches as recorded
            inner join truth.main.truth_touches as logged using (occasion_id)
            where recorded.source_system = 'gong'
        )
        select
            touches.kind,
            count(*),
            count(person_keys.person_id),
            sum(case
                when engagements.source_system = 'gong' and on_call.person_id is null then 1
                when engagements.source_system <> 'gong' and person_keys.person_id <> touches.person_id then 1
                else 0
            end) filter (person_keys.person_id is not null)
        from {TRUE_TOUCHES}
        left join person_keys on engagements.person_key = person_keys.person_key
        left join on_call
            on touches.source_record_id = on_call.call_id
            and person_keys.person_id = on_call.person_id
        where touches.person_id is not null
        group by touches.kind
        """,
    )
    assert {kind for kind, *_ in kinds} == true_kinds(truth_build)
    assert sum(known for _, _, known, _ in kinds) > 1_000
    assert {kind: wrong for kind, _, _, wrong in kinds if wrong} == {}
    # somebody on a call whom neither an address nor a CRM object names stays unknown
    least = {"conversation": 0.93}
    assert {kind: known / count for kind, count, known, _ in kinds if known / count < least.get(kind, 0.99)} == {}


def test_touches_belong_to_the_true_company(truth_build: TruthBuild) -> None:
    """The company of the person, or the one at which the deal that the touch is about was filed then:
    a reseller's people work on customers' deals.

    Left out are records of which the planted evidence cannot tell the company, such as a subsidiary's lead
    with an address of the parent's domain.
    """
    [(known, wrong)] = fetch(
        truth_build,
        TRUE_KEYS
        + f""",
        filed as (
            select states.opportunity_id, states.valid_from, states.valid_to, records.company_id
            from truth.main.truth_opportunity_states as states
            inner join truth.main.truth_account_records as records
                on states.account_record_id = records.source_record_id
        ),
        compared as materialized (
            select
                engagements.engagement_key,
                account_keys.company_id as our_company_id,
                touches.company_id,
                touches.opportunity_id,
                touches.occurred_at
            from {TRUE_TOUCHES}
            {TRUE_RECORDS.format(join="left")}
            inner join account_keys on engagements.account_key = account_keys.account_key
            left join callers
                on engagements.source_system = callers.source_system
                and touches.person_id = callers.person_id
            where touches.company_id is not null
                and coalesce(records.account_decidable, callers.account_decidable, true)
        ),
        at_the_deals_company as (
            select distinct compared.engagement_key
            from compared
            inner join filed
                on compared.opportunity_id = filed.opportunity_id
                and compared.our_company_id = filed.company_id
                and compared.occurred_at >= filed.valid_from
                and compared.occurred_at < coalesce(filed.valid_to, timestamp '9999-12-31')
            where compared.our_company_id <> compared.company_id
        )
        select
            (select count(*) from compared),
            (select count(*) from compared where our_company_id <> company_id)
                - (select count(*) from at_the_deals_company)
        """,
    )
    assert known > 1_000
    assert wrong == 0


def test_what_evidence_can_tell_is_not_left_open_in_any_kind(truth_build: TruthBuild) -> None:
    """Touches of records whose person and company the planted evidence tells have both."""
    kinds = fetch(
        truth_build,
        f"""
        select
            touches.kind,
            sum(case when engagements.person_key is null then 1 else 0 end),
            count(*) filter (records.account_decidable),
            count(engagements.account_key) filter (records.account_decidable)
        from {TRUE_TOUCHES}
        {TRUE_RECORDS.format(join="inner")}
        where records.is_present
        group by touches.kind
        """,
    )
    assert {kind for kind, *_ in kinds} == true_kinds(truth_build) - {"conversation"}
    assert {kind: missing for kind, missing, *_ in kinds if missing} == {}
    assert {kind: found / told for kind, _, told, found in kinds if found < 0.99 * told} == {}


def test_conversations_have_their_company_and_their_deal(truth_build: TruthBuild) -> None:
    """Those to which the recorder attached the deal have it; the others have what their people tell."""
    [(count, with_account, attached, with_opportunity)] = fetch(
        truth_build,
        f"""
        select
            count(*),
            count(engagements.account_key),
            count(contexts.call_id),
            count(engagements.opportunity_key) filter (contexts.call_id is not null)
        from {TRUE_TOUCHES}
        left join (
            select distinct call_id
            from raw.gong.call_context_integration
            inner join truth.main.truth_opportunities on left(object_id, 15) = left(opportunity_id, 15)
            where object_type = 'Opportunity' and deleted_at is null
        ) as contexts
            on touches.source_record_id = contexts.call_id
        where touches.kind = 'conversation'
        """,
    )
    assert count > 100
    assert with_account >= 0.98 * count
    assert with_opportunity == attached > 0


def test_a_meeting_that_was_recorded_is_counted_once(truth_build: TruthBuild) -> None:
    """By the invitation, however late the call began; a meeting whose call does not count counts itself."""
    occasions = fetch(
        truth_build,
        """
        with invited as (
            select distinct id from raw.gong.call where calendar_event_id like '00U%'
        )
        select
            count(invited.id) > 0,
            count(*),
            count(engagements.engagement_key),
            min(case when touches.source_system = 'gong' and engagements.engagement_key is null then 'lost' end)
        from truth.main.truth_touches as touches
        left join @.main.fct_engagements as engagements
            on touches.source_system = engagements.source_system
            and touches.source_table = engagements.source_object
            and touches.source_record_id = engagements.source_record_id
        left join invited on touches.source_system = 'gong' and touches.source_record_id = invited.id
        where touches.occasion_id is not null
        group by touches.occasion_id
        """,
    )
    assert all(lost is None for *_, lost in occasions)
    by_invitation = [counted for invited, seen, counted, _ in occasions if invited and seen == 2]
    assert len(by_invitation) >= 10
    assert set(by_invitation) == {1}
    # nothing says that a call and a meeting of one colleague, one account and one moment are two, as a few here are
    alone = [counted for _, seen, counted, _ in occasions if seen == 1]
    assert set(alone) <= {0, 1}
    assert sum(alone) >= 0.995 * len(alone)
    by_time = [counted for invited, seen, counted, _ in occasions if not invited and seen == 2]
    assert set(by_time) <= {1, 2}
    assert sum(counted == 1 for counted in by_time) >= 0.95 * len(by_time)


def test_opportunities_are_the_true_ones(truth_build: TruthBuild) -> None:
    [(known, wrong)] = fetch(
        truth_build,
        f"""
        select
            count(*),
            sum(case when opportunities.opportunity_id <> touches.opportunity_id then 1 else 0 end)
        from {TRUE_TOUCHES}
        inner join @.intermediate.int_opportunities_resolved as opportunities
            on engagements.opportunity_key = opportunities.opportunity_key
        """,
    )
    assert known > 100
    assert wrong == 0
