"""The difficult cases of identity are planted, and the truth about them is consistent."""

from __future__ import annotations

import duckdb
import pytest

STRATA = {
    # stratum: what counts as a case, in which truth table, and which rows
    "shared_domain": ("*", "account_links", "true"),
    "reseller": ("distinct person_id", "person_records", "true"),
    "rebrand": ("*", "companies", "true"),
    "job_change": ("distinct person_id", "person_records", "true"),
    "subsidiary": ("*", "companies", "parent_company_id is not null"),
    "merge_chain": ("distinct company_id", "account_records", "true"),
    "conversion": ("*", "person_links", "evidence = 'conversion'"),
    "free_mail": ("distinct person_id", "person_records", "true"),
}
PER_BLOCK = 2.5  # so that scale 20 has at least 50 cases of each
SCALE = 0.4  # of the company that these tests read


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("stratum", sorted(STRATA))
def test_each_stratum_has_its_cases(sample: duckdb.DuckDBPyConnection, stratum: str) -> None:
    case, table, where = STRATA[stratum]
    query = f"select count({case}) from truth.truth_{table} where stratum = '{stratum}' and {where}"
    assert _count(sample, query) >= PER_BLOCK * SCALE


def test_a_cluster_is_one_person(sample: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(*) from (
            select cluster_id from truth.truth_person_records group by cluster_id
            having count(distinct person_id) > 1
        )
    """
    assert _count(sample, query) == 0


def test_decidable_links_lie_within_a_cluster_and_others_do_not_join(
    sample: duckdb.DuckDBPyConnection,
) -> None:
    query = """
        select count(*) from truth.truth_person_links as links
        join truth.truth_person_records as a on a.source_system = system_a and a.source_object = object_a
            and a.source_record_id = record_a
        join truth.truth_person_records as b on b.source_system = system_b and b.source_object = object_b
            and b.source_record_id = record_b
        where same_person <> (a.person_id = b.person_id) or (links.decidable and a.cluster_id <> b.cluster_id)
            or (links.decidable and not same_person)
    """
    assert _count(sample, query) == 0


def test_accounts_that_are_decidable_are_true_and_live(sample: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(*) from truth.truth_person_records as people
        left join truth.truth_account_records as accounts on accounts.source_record_id = account_record_id
        where account_decidable and (not accounts.is_live or accounts.company_id <> people.company_id
            or accounts.company_id is null)
    """
    assert _count(sample, query) == 0


def test_a_domain_that_decides_has_one_live_account(sample: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(*) from truth.truth_person_records as people
        where account_decidable and account_evidence = 'domain' and 1 <> (
            select count(*) from truth.truth_account_records as accounts
            where is_live and own_domain = (
                select own_domain from truth.truth_account_records as own
                where own.source_record_id = people.account_record_id
            )
        )
    """
    assert _count(sample, query) == 0


def test_explicit_ids_in_the_raw_rows_lead_to_the_same_person(sample: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(*), count(*) filter (mine.cluster_id = theirs.cluster_id) from raw.marketo.lead as leads
        join truth.truth_person_records as mine on mine.source_system = 'marketo'
            and mine.source_record_id = cast(leads.id as varchar)
        join truth.truth_person_records as theirs on theirs.source_object = 'contact'
            and left(theirs.source_record_id, 15) = left(leads.sfdc_contact_id, 15)
    """
    row = sample.execute(query).fetchone()
    assert row is not None
    assert row[0] == row[1] > 50


def test_every_raw_person_and_account_is_in_the_truth(sample: duckdb.DuckDBPyConnection) -> None:
    for system, table, kind in (
        ("salesforce", "contact", "contact"),
        ("salesforce", "lead", "lead"),
        ("marketo", "lead", "lead"),
        ("gong", "call_participant", "participant"),
    ):
        where = "where affiliation <> 'Internal'" if system == "gong" else ""
        width = 15 if system == "salesforce" else 40
        query = f"""
            select count(*) from (select distinct left(cast(id as varchar), {width}) as id
                from raw.{system}.{table} {where}) as rows
            full join (select left(source_record_id, {width}) as id from truth.truth_person_records
                where source_system = '{system}' and source_object = '{kind}' and is_present) as known
                using (id)
            where rows.id is null or known.id is null
        """
        assert _count(sample, query) == 0, table
    query = """
        select count(*) from (select distinct left(id, 15) as id from raw.salesforce.account) as rows
        full join (
            select left(source_record_id, 15) as id from truth.truth_account_records
        ) as known using (id)
        where rows.id is null or known.id is null
    """
    assert _count(sample, query) == 0


def test_merged_accounts_point_to_their_survivor(sample: duckdb.DuckDBPyConnection) -> None:
    query = """
        with recursive steps as (
            select distinct left(id, 15) as id, left(master_record_id, 15) as next from raw.salesforce.account
        ), walked as (
            select id, id as at from steps union all
            select walked.id, steps.next from walked join steps on steps.id = walked.at
            where steps.next is not null
        ), ends as (
            select walked.id, walked.at from walked join steps on steps.id = walked.at
            where steps.next is null
        )
        select count(*) from truth.truth_account_records as records
        left join ends on ends.id = left(source_record_id, 15)
        where ends.at is distinct from left(survivor_record_id, 15)
    """
    assert _count(sample, query) == 0


def test_canaries_are_in_the_raw_rows(sample: duckdb.DuckDBPyConnection) -> None:
    kinds = dict(sample.execute("select kind, min(value) from truth.truth_canaries group by kind").fetchall())
    places = {
        "full_name": "select count(*) from raw.salesforce.contact where name = $1",
        "last_name": "select count(*) from raw.marketo.lead where last_name = $1",
        "email": "select count(*) from raw.salesforce.lead where lower(trim(email)) = $1",
        "phone": "select count(*) from raw.salesforce.contact where phone = $1",
        "spoken_text": "select count(*) from raw.gong.transcript where contains(sentence::varchar, $1)",
        "note": "select count(*) from raw.salesforce.task where description = $1",
    }
    assert kinds.keys() == places.keys()
    for kind, query in places.items():
        row = sample.execute(query, [kinds[kind]]).fetchone()
        assert row is not None, kind
        assert row[0] > 0, kind
