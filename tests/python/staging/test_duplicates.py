# Raw rows read best on one line.
# ruff: noqa: E501
"""Records that landed more than once: the newest version wins, the same one in any order of the rows."""

import itertools
import random
from collections.abc import Iterable

from .raw import WIDE, Staged, raw_instance

ID = "001000000000001AAA"
VERSIONS = [
    # (source update time, load time, name): the third is the newest, by source time, whatever came in later
    ("2024-01-01 00:00:00", "2024-01-09 00:00:00", "late load of an old version"),
    ("2024-01-02 00:00:00", "2024-01-02 00:00:00", "first load"),
    ("2024-01-02 00:00:00", "2024-01-03 00:00:00", "newest"),
    (None, "2024-01-10 00:00:00", "no source time"),
]
SAME_TIMES = [("2024-01-01 00:00:00", "2024-01-01 00:00:00", name) for name in ("b", "a", "c")]


Version = tuple[str | None, str | None, str | None]


def accounts(rows: Iterable[Version], account_ids: Iterable[str] | None = None) -> str:
    def literal(value: str | None) -> str:
        return "null" if value is None else f"'{value}'"

    values = ", ".join(
        f"('{account_id}', {literal(u)}, {literal(s)}, {literal(n)})"
        for account_id, (u, s, n) in zip(account_ids or itertools.repeat(ID), rows, strict=False)
    )
    return f"create table account as select * from (values {values}) as t(id, system_modstamp, _fivetran_synced, name)"


PERMUTED = [
    raw_instance("salesforce", f"permuted_{number}", accounts(rows))
    for number, rows in enumerate(itertools.permutations(VERSIONS))
    if number % 8 == 0
]
TIED = [
    raw_instance("salesforce", f"tied_{number}", accounts(rows))
    for number, rows in enumerate(itertools.permutations(SAME_TIMES))
]
RANDOM = random.Random(20240331)
MOMENTS = [None, "2024-01-01 00:00:00", "2024-01-02 00:00:00", "2024-01-03 00:00:00"]
RANDOM_VERSIONS = {
    f"001{number:012d}AAA": [
        (RANDOM.choice(MOMENTS), RANDOM.choice(MOMENTS), RANDOM.choice(["a", "b", None]))
        for _ in range(RANDOM.randint(1, 6))
    ]
    for number in range(400)
}


def shuffled(seed: int) -> str:
    rows = [(account_id, version) for account_id, versions in RANDOM_VERSIONS.items() for version in versions]
    random.Random(seed).shuffle(rows)
    return accounts([version for _, version in rows], [account_id for account_id, _ in rows])


SHUFFLED = [raw_instance("salesforce", f"shuffled_{seed}", shuffled(seed)) for seed in (1, 2)]
LOADED_TWICE = raw_instance(
    "marketo",
    "loaded_twice",
    """
    create table lead as select cast(i % 50 as bigint) + 5000000000 as id, 'p' || (i % 50) || '@x.example' as email,
        timestamp '2024-01-01' as updated_at from range(100) r(i);
    create table program_membership as select * from (values
        ('1', '10', 'Member', '2024-01-01'), ('1', '11', 'Member', '2024-01-01'), ('2', '10', 'Member', '2024-01-01'),
        ('1', '10', 'Attended', '2024-01-02'), (null, '10', 'Nobody', '2024-01-02'), (' ', '10', 'Blank', '2024-01-02'),
        ('1', '', 'Nothing', '2024-01-02'))
        as t(id, program_id, progression_status, _fivetran_synced)
    """,
)
LINKS = raw_instance(
    "gong",
    "links",
    """
    create table call_context_integration as select * from (values
        ('c1', '006000000000001', 'Opportunity', 'Name'), ('c1', '006000000000001AAA', 'Opportunity', 'StageName'),
        ('c1', '001000000000001AAA', 'Account', 'Name'), ('c2', '006000000000001AAA', 'Opportunity', 'Name'),
        ('c2', null, 'Opportunity', 'Name'), ('c2', '006000000000001AAA', null, 'Name'))
        as t(call_id, object_id, object_type, name);
    create table transcript as select * from (values ('c1', 1, '{}'), ('c1', 1, '{}'), ('c1', 2, '{}'), ('c1', null, '{}'))
        as t(call_id, "index", sentence)
    """,
)


def test_the_newest_source_time_wins_then_the_newest_load_in_any_row_order(staged: Staged) -> None:
    for instance in PERMUTED:
        assert staged.rows(instance, "stg_salesforce__accounts", "account_name") == [("newest",)]
        assert staged.outcomes(instance) == {
            ("account", "kept", "newest_version"): 1,
            ("account", "superseded", "older_or_duplicate_version"): 3,
        }


def test_equal_times_are_settled_by_content_in_any_row_order(staged: Staged) -> None:
    winners = {row for instance in TIED for row in staged.rows(instance, "stg_salesforce__accounts", "account_name")}
    assert winners == {("c",)}


def test_a_table_loaded_twice_is_the_same_as_once(staged: Staged) -> None:
    assert staged.rows(LOADED_TWICE, "stg_marketo__leads", "count(*), count(distinct lead_id), min(lead_id)", "1") == [
        (50, 50, "5000000000")
    ]
    assert staged.outcomes(LOADED_TWICE)[("lead", "superseded", "older_or_duplicate_version")] == 50


def test_keys_of_several_parts_repeat_only_as_a_whole_and_rows_without_one_are_rejected(
    staged: Staged,
) -> None:
    assert staged.rows(LOADED_TWICE, "stg_marketo__program_memberships", "lead_id, program_id, member_status") == [
        ("1", "10", "Attended"),
        ("1", "11", "Member"),
        ("2", "10", "Member"),
    ]
    outcomes = staged.outcomes(LOADED_TWICE)
    assert outcomes[("program_membership", "superseded", "older_or_duplicate_version")] == 1
    assert outcomes[("program_membership", "rejected", "no_key")] == 3
    assert ("program_membership", None, "id, program_id", "no_key", 3) in staged.rejected(LOADED_TWICE)


def test_a_call_has_one_link_per_crm_record_whatever_the_form_of_its_id(staged: Staged) -> None:
    assert staged.rows(LINKS, "stg_gong__call_crm_links", "call_id, object_id, object_type, field_name") == [
        ("c1", "001000000000001AAA", "Account", "Name"),
        ("c1", "006000000000001AAA", "Opportunity", "StageName"),
        ("c2", "006000000000001AAA", "Opportunity", "Name"),
    ]
    assert staged.outcomes(LINKS) == {
        ("call_context_integration", "kept", "newest_version"): 3,
        ("call_context_integration", "superseded", "older_or_duplicate_version"): 1,
        ("call_context_integration", "rejected", "no_key"): 2,
        ("transcript", "kept", "newest_version"): 2,
        ("transcript", "superseded", "older_or_duplicate_version"): 1,
        ("transcript", "rejected", "no_key"): 1,
    }


def test_every_row_of_every_instance_is_accounted_for(staged: Staged) -> None:
    assert staged.run(WIDE).statuses["assert_every_raw_row_is_staged_or_counted"] == "pass"


def test_the_winner_of_random_versions_is_that_of_a_sort_in_python(staged: Staged) -> None:
    def rank(version: Version) -> tuple[tuple[bool, str], ...]:
        return tuple((value is not None, value or "") for value in version)

    expected = [(account_id, max(versions, key=rank)[2]) for account_id, versions in RANDOM_VERSIONS.items()]
    for instance in SHUFFLED:
        assert staged.rows(instance, "stg_salesforce__accounts", "account_id, account_name") == expected
