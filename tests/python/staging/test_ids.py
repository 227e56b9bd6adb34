# Raw rows read best on one line.
# ruff: noqa: E501
"""Ids: Salesforce's 15 and 18 characters against an independent checksum, and ids that exceed 32 bits."""

import random
import string

from .raw import Staged, raw_instance

RANDOM = random.Random(18)
SHORT_IDS = ["001" + "".join(RANDOM.choices(string.ascii_letters + string.digits, k=12)) for _ in range(500)]


def with_suffix(short_id: str) -> str:
    """The 18 characters of an id, by Salesforce's description of the suffix."""
    alphabet = string.ascii_uppercase + "012345"
    suffix = ""
    for start in (0, 5, 10):
        bits = [character in string.ascii_uppercase for character in short_id[start : start + 5]]
        suffix += alphabet[int("".join("1" if bit else "0" for bit in reversed(bits)), 2)]
    return short_id + suffix


SHORT = raw_instance(
    "salesforce",
    "short_ids",
    "create table account as select * from (values "
    + ", ".join(f"('{short_id}', '{with_suffix(short_id)}', '{short_id}')" for short_id in SHORT_IDS)
    + ") as t(id, parent_id, name)",
)
LONG = with_suffix("0013000000Ch1yS")
MIXED = raw_instance(
    "salesforce",
    "mixed_ids",
    f"""
    create table account as select * from (values
        ('0013000000Ch1yS', ' 0013000000Ch1yS '), ('0013000000ch1yS', ''), ('7', null)) as t(id, parent_id);
    create table opportunity as select '006300000000001' as id, '{LONG}' as account_id
    """,
)
BIG = raw_instance(
    "gong",
    "big_ids",
    "create table call as select 7782342274025937895 as id, 9007199254740993 as primary_user_id, '2024-01-01' as started",
)


def test_short_ids_get_the_suffix_that_python_computes(staged: Staged) -> None:
    assert staged.rows(
        SHORT, "stg_salesforce__accounts", "count(*), count(*) filter (account_id = parent_account_id)", "1"
    ) == [(500, 500)]
    assert dict(staged.rows(SHORT, "stg_salesforce__accounts", "account_name, account_id")) == {
        short_id: with_suffix(short_id) for short_id in SHORT_IDS
    }


def test_ids_that_differ_in_case_are_different_and_others_stay(staged: Staged) -> None:
    assert staged.rows(MIXED, "stg_salesforce__accounts", "account_id, parent_account_id") == sorted(
        [
            (LONG, LONG),
            (with_suffix("0013000000ch1yS"), None),
            ("7", None),
        ]
    )
    assert with_suffix("001A0000006Vm9u") == "001A0000006Vm9uIAC"


def test_short_and_long_ids_join(staged: Staged) -> None:
    assert staged.query(
        MIXED.file,
        """
        select opportunities.opportunity_id from staging.stg_salesforce__opportunities as opportunities
        inner join staging.stg_salesforce__accounts as accounts
            on opportunities.account_id = accounts.account_id and opportunities.source_instance = accounts.source_instance
        where accounts.source_instance = 'mixed_ids'
        """,
    ) == [("006300000000001AAA",)]


def test_ids_beyond_32_bits_stay_whole(staged: Staged) -> None:
    assert staged.rows(BIG, "stg_gong__calls", "call_id, primary_user_id") == [
        ("7782342274025937895", "9007199254740993")
    ]
