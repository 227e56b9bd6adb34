"""Rare cases that the sample company holds on purpose come out of the night as the truth says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import BuiltProject


def rows(built_project: BuiltProject, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query against the build, the raw data and the truth."""
    with built_project.connect() as connection:
        return connection.execute(sql).fetchall()


def test_what_does_not_parse_is_shown_once_for_each_record(built_project: BuiltProject) -> None:
    columns = "source_system, source_table, source_record_id, column_name, reason"
    shown = rows(
        built_project, f"select {columns}, row_count from built.main.fct_rejected_values where reason <> 'no_key'"
    )
    planted = rows(built_project, f"select {columns}, 1 from truth.truth_rejected_values where reason <> 'no_key'")
    assert {reason for *_, reason, _ in planted} == {"not_a_number", "not_a_date", "not_a_timestamp"}
    assert sorted(shown) == sorted(planted)


def test_a_value_that_does_not_parse_is_empty_and_its_record_is_kept(built_project: BuiltProject) -> None:
    lost = rows(
        built_project,
        """
        select truth.source_table, truth.source_record_id, lines.service_date
        from truth.truth_rejected_values as truth
        left join built.main.fct_opportunity_lines as lines
            on truth.source_table = 'opportunity_line_item' and truth.source_record_id = lines.source_record_id
        left join built.main.map_people as people
            on truth.source_table = 'lead' and truth.source_system = people.source_system
            and truth.source_record_id = people.source_record_id
        where truth.source_table in ('opportunity_line_item', 'lead')
            and (lines.service_date is not null
                or coalesce(lines.source_record_id, people.source_record_id) is null)
        """,
    )
    assert lost == []


def test_rows_without_a_key_are_rejected_and_counted(built_project: BuiltProject) -> None:
    planted = rows(
        built_project,
        """
        select source_system, source_table, count(*) from truth.truth_rejected_values
        where reason = 'no_key' group by all
        """,
    )
    assert len(planted) >= 4
    for mart, where in (
        ("fct_rejected_values", "reason = 'no_key' and source_record_id is null"),
        ("fct_source_reconciliation", "outcome = 'rejected' and reason = 'no_key'"),
    ):
        shown = rows(
            built_project,
            f"select source_system, source_table, sum(row_count) from built.main.{mart} where {where} group by all",
        )
        assert sorted(shown) == sorted(planted), mart


def test_a_ring_of_parents_is_broken_at_one_account(built_project: BuiltProject) -> None:
    """All others of the ring keep the parent that the CRM states."""
    rings = rows(
        built_project,
        """
        select
            dims.account_key,
            parents.account_key,
            dims.parent_account_key,
            dims.is_hierarchy_cycle_broken
        from truth.truth_account_links as links
        inner join built.main.map_accounts as children on links.record_a = children.source_record_id
        inner join built.main.map_accounts as parents on links.record_b = parents.source_record_id
        inner join built.main.dim_accounts as dims on children.account_key = dims.account_key
        where links.evidence = 'parent_ring'
        """,
    )
    assert len(rings) >= 2
    broken = {account for account, *_, is_broken in rings if is_broken}
    assert broken == {account for account, _, parent, _ in rings if parent is None}
    assert all(parent == stated for account, stated, parent, _ in rings if account not in broken)
    above = {account: stated for account, stated, *_ in rings}
    for account in above:
        ring = {account}
        while above[account] not in ring:
            account = above[account]
            ring.add(account)
        assert broken & ring == {min(ring)}
    assert rows(
        built_project, "select account_key from built.main.dim_accounts where is_hierarchy_cycle_broken order by 1"
    ) == [(account,) for account in sorted(broken)]


def test_contacts_merged_in_a_ring_are_one_person(built_project: BuiltProject) -> None:
    people = rows(
        built_project,
        """
        select truth.person_id, count(*), count(distinct maps.person_key), count(dims.person_key)
        from truth.truth_person_records as truth
        left join built.main.map_people as maps using (source_system, source_object, source_record_id)
        left join built.main.dim_people as dims on maps.person_key = dims.person_key
        where truth.stratum = 'merge_ring' and truth.source_object = 'contact'
        group by truth.person_id
        """,
    )
    assert people
    assert {tuple(counts) for _, *counts in people} == {(2, 1, 2)}


def test_a_person_account_bears_no_name(built_project: BuiltProject) -> None:
    people = rows(
        built_project,
        """
        select dims.account_name, people.account_key = dims.account_key, accounts.name
        from truth.truth_account_records as truth
        inner join built.main.map_accounts as maps using (source_system, source_instance, source_record_id)
        inner join built.main.dim_accounts as dims on maps.account_key = dims.account_key
        inner join truth.truth_person_records as records
            on truth.company_id = records.company_id and records.source_object = 'contact'
        inner join built.main.map_people as contacts on records.source_record_id = contacts.source_record_id
        inner join built.main.dim_people as people on contacts.person_key = people.person_key
        inner join raw.salesforce.account as accounts
            on truth.source_record_id[:15] = accounts.id[:15] and accounts.is_person_account
        where truth.stratum = 'person_account'
        """,
    )
    assert people
    assert all(shown is None and is_theirs and name for shown, is_theirs, name in people)


def test_an_event_of_a_whole_day_is_a_touch_of_its_date(built_project: BuiltProject) -> None:
    days = rows(
        built_project,
        """
        select distinct touches.source_record_id, engagements.has_time_of_day,
            engagements.occurred_date = cast(touches.occurred_at as date), engagements.person_key is not null
        from raw.salesforce.event as events
        inner join truth.truth_touches as touches
            on events.id[:15] = touches.source_record_id[:15] and touches.source_table = 'event'
        left join built.main.fct_engagements as engagements
            on touches.source_table = engagements.source_object
            and touches.source_record_id = engagements.source_record_id
        where events.is_all_day_event
        """,
    )
    assert days
    assert {tuple(facts) for _, *facts in days} == {(False, True, True)}
