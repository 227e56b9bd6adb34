# Raw rows read best on one line; staged timestamps are UTC without a zone.
# ruff: noqa: E501
"""Values in any type they land in: what parses, what does not and is counted, and what must never shift."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from .raw import TYPED, Staged, raw_instance

AMOUNTS = {
    "'12.5'": Decimal("12.50"), "' 12 '": Decimal("12.00"), "'-3'": Decimal("-3.00"), "'1e3'": Decimal("1000.00"),
    "'999999999999.99'": Decimal("999999999999.99"), "'999999999999999.99'": "out_of_range", "''": None, "null": None,
    "'1,234.50'": "rejected", "'EUR 5'": "rejected", "'abc'": "rejected", "'NaN'": "rejected", "'1e30'": "rejected",
}  # fmt: skip
INTEGERS = {"'12.0'": 12, "'12'": 12, "'0'": 0, "'2147483648'": 2147483648, "'twelve'": "rejected"}
BOOLEANS = {
    "'TRUE'": True, "'true'": True, "' True '": True, "'1'": True, "'t'": True, "'yes'": True,
    "'FALSE'": False, "'0'": False, "'no'": False, "''": None, "'maybe'": "rejected", "'2'": "rejected",
}  # fmt: skip
TIMESTAMPS = {
    "'2024-03-31 23:30:00'": datetime(2024, 3, 31, 23, 30), "'2024-03-31T23:30:00Z'": datetime(2024, 3, 31, 23, 30),
    "'2024-03-31T23:30:00.000+0000'": datetime(2024, 3, 31, 23, 30), "'2024-03-31 23:30:00 UTC'": datetime(2024, 3, 31, 23, 30),
    "'2024-03-31T23:30:00-08:00'": datetime(2024, 4, 1, 7, 30), "'2024-03-31 23:30:00 +0530'": datetime(2024, 3, 31, 18, 0),
    "'2024-03-31T23:30:00.123456Z'": datetime(2024, 3, 31, 23, 30, 0, 123456), "'2024-03-31'": datetime(2024, 3, 31),
    "' 2024-03-31 23:30:00 '": datetime(2024, 3, 31, 23, 30), "''": None,
    "'31.03.2024'": "rejected", "'2024-02-30 10:00:00'": "rejected", "'0000-00-00 00:00:00'": "rejected",
    "'10000-01-01 00:00:00'": "rejected", "'infinity'": "rejected", "'1711927800'": "rejected",
}  # fmt: skip
DATES = {
    "'2024-03-31'": date(2024, 3, 31), "'2024-03-31T00:00:00Z'": date(2024, 3, 31), "'2024-03-31T23:30:00-08:00'": date(2024, 3, 31),
    "'2024-03-31 00:30:00+13:00'": date(2024, 3, 31), "'9999-12-31'": date(9999, 12, 31), "'1900-01-01'": date(1900, 1, 1),
    "'2023-02-30'": "rejected", "'0000-00-00'": "rejected", "'10000-01-01'": "rejected", "'31/03/2024'": "rejected", "''": None,
}  # fmt: skip
COLUMNS = {
    "amount": ("amount", AMOUNTS, "not_a_number"),
    "push_count": ("push_count", INTEGERS, "not_a_number"),
    "is_won": ("is_won", BOOLEANS, "not_a_boolean"),
    "created_date": ("created_at", TIMESTAMPS, "not_a_timestamp"),
    "close_date": ("close_date", DATES, "not_a_date"),
}


def record(number: int) -> str:
    return f"006{number:012d}AAA"


def text_rows() -> str:
    selects = []
    for column, (_, values, _) in COLUMNS.items():
        for number, value in enumerate(values, start=1 + 100 * list(COLUMNS).index(column)):
            others = ", ".join(f"{value if name == column else 'null'} as {name}" for name in COLUMNS)
            selects.append(f"select '{record(number)}' as id, {others}")
    return "create table opportunity as " + " union all ".join(selects)


TEXT = raw_instance("salesforce", "text_values", text_rows())
CUSTOM = raw_instance(
    "salesforce",
    "custom_column",
    "create table opportunity as select '006000000000001AAA' as id, 'soon' as review_day_c "
    "union all select '006000000000002AAA', '2024-03-31' union all select '006000000000003AAA', ''",
)
NATIVE = raw_instance(
    "marketo",
    "native",
    """
    create table lead as select
        9007199254740993 as id, 42 as lead_score, 100.0::double as number_of_employees, true as unsubscribed,
        timestamp '2024-03-31 23:30:00' as created_at, timestamptz '2024-03-31 23:30:00-08:00' as updated_at,
        timestamptz '2024-04-02 01:00:00+00' as _fivetran_synced;
    create table program as select 1 as id, timestamp '2024-03-31 00:00:00' as start_date, date '2024-04-01' as end_date
    """,
    file=TYPED,
)
NATIVE_SALESFORCE = raw_instance(
    "salesforce",
    "native_salesforce",
    """
    create table opportunity as
        select '006000000000001AAA' as id, 12.345::double as amount, 1 as is_won, date '2024-03-31' as created_date,
            timestamp '2024-03-31 00:00:00' as close_date, true as push_count
        union all select '006000000000002AAA', 'infinity'::double, 0, date '2024-03-30', timestamp '2024-03-30 00:00:00', false
        union all select '006000000000003AAA', 1e17::double, 2, null, null, null;
    create table account as select '001000000000001AAA' as id, 1711927800 as created_date, true as last_modified_date
    """,
    file=TYPED,
)

PROBABILITIES = raw_instance(
    "salesforce",
    "probabilities",
    """
    create table opportunity as
        select '006000000000001AAA' as id, 100.0::double as probability union all select '006000000000002AAA', 100.5
        union all select '006000000000003AAA', 0 union all select '006000000000004AAA', -1 union all select '006000000000005AAA', null
    """,
)


@pytest.mark.parametrize("column", COLUMNS)
def test_text_is_parsed_or_counted(staged: Staged, column: str) -> None:
    staged_column, values, reason = COLUMNS[column]
    found = dict(staged.rows(TEXT, "stg_salesforce__opportunities", f"opportunity_id, {staged_column}"))
    rejected = {row for row in staged.rejected(TEXT) if row[2] == column}
    expected_rejected = set()
    for number, (value, expected) in enumerate(values.items(), start=1 + 100 * list(COLUMNS).index(column)):
        if expected in ("rejected", "out_of_range"):
            why = reason if expected == "rejected" else expected
            expected_rejected.add(("opportunity", record(number), column, why, 1))
            expected = None
        assert found[record(number)] == expected, value
    assert rejected == expected_rejected


def test_native_types_need_no_detour(staged: Staged) -> None:
    assert staged.rows(
        NATIVE,
        "stg_marketo__leads",
        "lead_id, lead_score, employee_count, is_opted_out, created_at, source_updated_at, loaded_at",
    ) == [
        (
            "9007199254740993",
            42,
            100,
            True,
            datetime(2024, 3, 31, 23, 30),
            datetime(2024, 4, 1, 7, 30),
            datetime(2024, 4, 2, 1),
        )
    ]


def test_dates_that_land_as_timestamps_are_not_shifted(staged: Staged) -> None:
    assert staged.rows(NATIVE, "stg_marketo__programs", "start_date, end_date") == [
        (date(2024, 3, 31), date(2024, 4, 1))
    ]


def test_types_of_another_kind_are_tried_and_counted(staged: Staged) -> None:
    assert staged.rows(
        NATIVE_SALESFORCE,
        "stg_salesforce__opportunities",
        "amount, is_won, created_at, close_date",
        "opportunity_id",
    ) == [
        (Decimal("12.35"), True, datetime(2024, 3, 31), date(2024, 3, 31)),
        (None, False, datetime(2024, 3, 30), date(2024, 3, 30)),
        (None, None, None, None),
    ]
    assert {row[1:4] for row in staged.rejected(NATIVE_SALESFORCE)} == {
        ("006000000000002AAA", "amount", "not_a_number"),
        ("006000000000003AAA", "amount", "not_a_number"),
        ("006000000000003AAA", "is_won", "not_a_boolean"),
        ("006000000000001AAA", "push_count", "not_a_number"),
        ("006000000000002AAA", "push_count", "not_a_number"),
        ("001000000000001AAA", "created_date", "not_a_timestamp"),
        ("001000000000001AAA", "last_modified_date", "not_a_timestamp"),
    }


def test_a_number_outside_its_range_is_counted(staged: Staged) -> None:
    assert staged.rejected(PROBABILITIES) == {
        ("opportunity", "006000000000002AAA", "probability", "out_of_range", 1),
        ("opportunity", "006000000000004AAA", "probability", "out_of_range", 1),
    }


def test_values_of_custom_columns_that_do_not_parse_are_counted(staged: Staged) -> None:
    assert {row for row in staged.rejected(CUSTOM) if row[2] == "Review_Day__c"} == {
        ("opportunity", "006000000000001AAA", "Review_Day__c", "not_a_date", 1)
    }


def test_the_as_of_day_is_the_newest_load_day_in_utc(staged: Staged) -> None:
    assert staged.query(TYPED, "select as_of_date, newest_loaded_at from intermediate.as_of") == [
        (date(2024, 4, 2), datetime(2024, 4, 2, 1))
    ]
