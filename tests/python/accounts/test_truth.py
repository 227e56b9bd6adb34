"""Who is who, against the truth of a sample company with fifty cases and more of all that is planted."""

from __future__ import annotations

from typing import Any

import pytest

STRATA = (
    "shared_domain",
    "reseller",
    "rebrand",
    "job_change",
    "subsidiary",
    "merge_chain",
    "conversion",
    "free_mail",
)
LEAST_CASES = 50
LEAST_SHARE = 0.99

# A participant's id in the map is `call:participant`; the truth has the participant alone. Who was on a deleted call
# has no record in the map.
_PEOPLE = """
    people as (
        select
            source_system,
            source_object,
            case
                when source_object = 'participant' then split_part(source_record_id, ':', 2)
                else source_record_id
            end as source_record_id,
            record_key,
            person_key
        from marts.main.map_people
    ),
    of_deleted_calls as (
        select participants.id from raw.gong.call_participant as participants
        inner join raw.gong.call as calls on participants.call_id = calls.id
        where calls._fivetran_deleted
    )
"""


def _rows(truth_build: Any, sql: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = truth_build.connection.execute(sql).fetchall()
    return rows


def test_no_two_companies_are_one_account(truth_build: Any) -> None:
    wrong = _rows(
        truth_build,
        """
        select maps.account_key, count(distinct truth.company_id), string_agg(distinct truth.stratum)
        from truth.truth_account_records as truth
        inner join marts.main.map_accounts as maps using (source_system, source_instance, source_record_id)
        group by maps.account_key having count(distinct truth.company_id) > 1
        """,
    )
    assert wrong == []


def test_no_two_people_are_one_person(truth_build: Any) -> None:
    wrong = _rows(
        truth_build,
        f"""
        with {_PEOPLE}
        select people.person_key, count(distinct truth.person_id), string_agg(distinct truth.stratum)
        from truth.truth_person_records as truth
        inner join people using (source_system, source_object, source_record_id)
        group by people.person_key having count(distinct truth.person_id) > 1
        """,
    )
    assert wrong == []


@pytest.mark.parametrize("stratum", STRATA)
def test_what_the_evidence_supports_is_linked(truth_build: Any, stratum: str) -> None:
    """Links between records, and of people to their accounts."""
    accounts = _rows(
        truth_build,
        f"""
        select links.evidence = 'parent', lefts.account_key = rights.account_key
        from truth.truth_account_links as links
        left join marts.main.map_accounts as lefts on links.record_a = lefts.source_record_id
        left join marts.main.map_accounts as rights on links.record_b = rights.source_record_id
        where links.decidable and links.same_company and links.stratum = '{stratum}'
        """,
    )
    people = _rows(
        truth_build,
        f"""
        with {_PEOPLE}
        select false, lefts.person_key = rights.person_key
        from truth.truth_person_links as links
        left join people as lefts on links.system_a = lefts.source_system
            and links.object_a = lefts.source_object and links.record_a = lefts.source_record_id
        left join people as rights on links.system_b = rights.source_system
            and links.object_b = rights.source_object and links.record_b = rights.source_record_id
        where links.decidable and links.same_person and links.stratum = '{stratum}'
            and links.record_a not in (from of_deleted_calls) and links.record_b not in (from of_deleted_calls)
        """,
    )
    filed = _rows(
        truth_build,
        f"""
        with {_PEOPLE}
        select false, dims.account_key = maps.account_key
        from truth.truth_person_records as truth
        inner join people using (source_system, source_object, source_record_id)
        inner join marts.main.dim_people as dims on people.person_key = dims.person_key
        left join marts.main.map_accounts as maps on truth.account_record_id = maps.source_record_id
        where truth.account_decidable and truth.stratum = '{stratum}'
        """,
    )
    links = [is_linked for _, is_linked in accounts + people + filed]
    assert len(links) >= LEAST_CASES
    assert sum(map(bool, links)) / len(links) >= LEAST_SHARE


@pytest.mark.parametrize("stratum", STRATA)
def test_each_stratum_has_its_cases(truth_build: Any, stratum: str) -> None:
    ((companies, people),) = _rows(
        truth_build,
        f"""
        select
            (select count(*) from truth.truth_account_records where stratum = '{stratum}'),
            (select count(distinct person_id) from truth.truth_person_records where stratum = '{stratum}')
        """,
    )
    assert max(companies, people) >= LEAST_CASES


def test_undecided_accounts_are_shown_as_conflicts(truth_build: Any) -> None:
    """Two living records with one domain: one company or two, nobody can tell, and each pair is shown."""
    rows = _rows(
        truth_build,
        """
        with shown as (
            select left_account_key, right_account_key from marts.main.fct_account_match_conflicts
            where conflict_type = 'shared_domain'
        )
        select lefts.account_key <> rights.account_key, exists (
            select 1 from shown
            where least(left_account_key, right_account_key) = least(lefts.account_key, rights.account_key)
                and greatest(left_account_key, right_account_key)
                    = greatest(lefts.account_key, rights.account_key)
        )
        from truth.truth_account_links as links
        inner join marts.main.map_accounts as lefts on links.record_a = lefts.source_record_id
        inner join marts.main.map_accounts as rights on links.record_b = rights.source_record_id
        where links.evidence = 'domain' and not links.decidable
        """,
    )
    assert len(rows) >= LEAST_CASES
    assert all(is_separate and is_shown for is_separate, is_shown in rows)


def test_undecided_people_are_shown_as_conflicts(truth_build: Any) -> None:
    """Several contacts behind one personal address stay apart and are shown."""
    rows = _rows(
        truth_build,
        f"""
        with {_PEOPLE}, shown as (
            select left_person_key, right_person_key from marts.main.fct_account_match_conflicts
            where conflict_type = 'shared_address'
        )
        select lefts.person_key <> rights.person_key, exists (
            select 1 from shown
            where least(left_person_key, right_person_key) = least(lefts.person_key, rights.person_key)
                and greatest(left_person_key, right_person_key)
                    = greatest(lefts.person_key, rights.person_key)
        )
        from truth.truth_person_links as links
        inner join people as lefts on links.system_a = lefts.source_system
            and links.object_a = lefts.source_object and links.record_a = lefts.source_record_id
        inner join people as rights on links.system_b = rights.source_system
            and links.object_b = rights.source_object and links.record_b = rights.source_record_id
        where links.evidence = 'email' and not links.decidable
            and links.stratum in ('twin_contacts', 'recycled_address', 'job_change')
        """,
    )
    assert len(rows) >= LEAST_CASES
    assert all(is_separate and is_shown for is_separate, is_shown in rows)


def test_people_of_a_shared_domain_get_no_account_and_are_shown(truth_build: Any) -> None:
    rows = _rows(
        truth_build,
        f"""
        with {_PEOPLE}
        select distinct dims.person_key, dims.account_key is null and dims.is_account_ambiguous, exists (
            select 1 from marts.main.fct_account_match_conflicts as conflicts
            where conflicts.left_person_key = dims.person_key and conflicts.conflict_type = 'ambiguous_domain'
        )
        from truth.truth_person_records as truth
        inner join people using (source_system, source_object, source_record_id)
        inner join marts.main.dim_people as dims on people.person_key = dims.person_key
        where truth.stratum = 'shared_domain' and truth.account_evidence = 'domain'
            and not truth.account_decidable
        """,
    )
    assert len(rows) >= LEAST_CASES
    assert all(is_open and is_shown for _, is_open, is_shown in rows)


def test_resellers_filed_at_a_customer_are_shown(truth_build: Any) -> None:
    rows = _rows(
        truth_build,
        f"""
        with {_PEOPLE}
        select distinct dims.person_key, exists (
            select 1 from marts.main.fct_account_match_conflicts as conflicts
            where conflicts.left_person_key = dims.person_key and conflicts.conflict_type = 'filed_elsewhere'
        )
        from truth.truth_person_records as truth
        inner join people using (source_system, source_object, source_record_id)
        inner join marts.main.dim_people as dims on people.person_key = dims.person_key
        inner join truth.truth_companies as companies on truth.company_id = companies.company_id
        inner join raw.salesforce.contact as contacts
            on truth.source_object = 'contact' and truth.source_record_id[:15] = contacts.id[:15]
        where truth.stratum = 'reseller' and not truth.account_decidable and contacts.email is not null
            and contacts.email like '%.example'
        """,
    )
    assert rows and all(is_shown for _, is_shown in rows)


def test_subsidiaries_stay_separate_and_point_to_their_parents(truth_build: Any) -> None:
    rows = _rows(
        truth_build,
        """
        select children.account_key <> parents.account_key, dims.parent_account_key = parents.account_key
        from truth.truth_account_links as links
        inner join marts.main.map_accounts as children on links.record_a = children.source_record_id
        inner join marts.main.map_accounts as parents on links.record_b = parents.source_record_id
        inner join marts.main.dim_accounts as dims on children.account_key = dims.account_key
        where links.evidence = 'parent'
        """,
    )
    assert len(rows) >= LEAST_CASES
    assert all(is_separate and points for is_separate, points in rows)
