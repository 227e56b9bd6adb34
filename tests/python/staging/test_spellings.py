# Raw rows read best on one line.
# ruff: noqa: E501
"""Columns and tables under any name that loaders and administrators give them, and where they are absent."""

from .raw import NOTHING, WIDE, RawInstance, Staged, raw_instance

OPPORTUNITY = ("id", "account_id", "amount", "close_date", "is_won")
EXPECTED = [("006000000000001AAA", "001000000000001AAA", "10.50", "2024-03-31", True)]


def opportunity(*names: str, table: str = "opportunity") -> str:
    values = ("'006000000000001AAA'", "'001000000000001AAA'", "'10.50'", "'2024-03-31'", "'true'")
    return f"create table {table} as select " + ", ".join(
        f'{value} as "{name}"' for value, name in zip(values, names, strict=True)
    )


def staged_opportunity(staged: Staged, instance: RawInstance) -> list[tuple[object, ...]]:
    return staged.rows(
        instance,
        "stg_salesforce__opportunities",
        "opportunity_id, account_id, cast(amount as varchar), cast(close_date as varchar), is_won",
    )


SNAKE = raw_instance("salesforce", "snake", opportunity(*OPPORTUNITY))
CAMEL = raw_instance("salesforce", "camel", opportunity("Id", "AccountId", "Amount", "CloseDate", "IsWon"))
LOWER = raw_instance("salesforce", "lower", opportunity("id", "accountid", "amount", "closedate", "iswon"))
UPPER = raw_instance(
    "salesforce",
    "upper",
    opportunity("ID", "ACCOUNT_ID", "AMOUNT", "CLOSE_DATE", "IS_WON", table="OPPORTUNITY"),
)
TABLE_NAMES = raw_instance(
    "salesforce",
    "table_names",
    """
    create table "Product2" as select '01t000000000001AAA' as id, 'Seats' as name;
    create table "OpportunityLineItem" as
        select '00k000000000001AAA' as id, '006000000000001AAA' as opportunity_id, '01t000000000001AAA' as product2_id
    """,
)
PRODUCT_2_ID = raw_instance(
    "salesforce",
    "product_2_id",
    """
    create table opportunity_line_item as
        select '00k000000000001AAA' as id, '006000000000001AAA' as opportunity_id, '01t000000000001AAA' as product_2_id
    """,
)
RESERVED = raw_instance(
    "gong",
    "reserved",
    """
    create table "Transcript" as select 'c1' as "Call_Id", '3' as "INDEX", '{"start": 1500, "end": 2500}' as sentence;
    create table users as select 'u1' as id, 'true' as "active"
    """,
)
SALESFORCE_RESERVED = raw_instance(
    "salesforce",
    "salesforce_reserved",
    """create table "user" as select '005000000000001AAA' as id, 'Ann' as name; create table "CASE" as select 1 as "select" """,
)
RENAMED = raw_instance(
    "salesforce",
    "renamed",
    """create table opportunity as select '006000000000001AAA' as id, 'Web' as "quelle__c", 'old' as lead_source""",
)
NOT_RENAMED = raw_instance(
    "salesforce",
    "not_renamed",
    "create table opportunity as select '006000000000001AAA' as id, 'Fair' as LeadSource",
)
SAME_SOUND = raw_instance(
    "salesforce",
    "same_sound",
    """
    create table opportunity as
        select '006000000000001AAA' as id, 'sounds alike' as "AccountId", '001000000000001AAA' as account_id;
    create table product2 as select '01t000000000009AAA' as id;
    create table product_2 as select '01t000000000001AAA' as id
    """,
)
ABSENT_COLUMNS = raw_instance(
    "salesforce", "absent_columns", "create table opportunity as select '006000000000001AAA' as id"
)
EMPTY_TABLE = raw_instance("salesforce", "empty_table", "create table opportunity (id varchar, amount double)")
OTHER_LOADER = raw_instance(
    "marketo",
    "other_loader",
    """create table "Lead" as select 1 as "Id", timestamptz '2024-05-01 10:00:00+02' as _airbyte_extracted_at""",
)
QUOTED = raw_instance(
    "marketo",
    "quoted",
    """create table lead as select '7' as "id", 'x' as "a ""quoted"" name", 'y' as "email" """,
)


def test_snake_case(staged: Staged) -> None:
    assert staged_opportunity(staged, SNAKE) == EXPECTED


def test_camel_case(staged: Staged) -> None:
    assert staged_opportunity(staged, CAMEL) == EXPECTED


def test_lower_case_without_underscores(staged: Staged) -> None:
    assert staged_opportunity(staged, LOWER) == EXPECTED


def test_upper_case(staged: Staged) -> None:
    assert staged_opportunity(staged, UPPER) == EXPECTED


def test_tables_are_found_in_any_spelling(staged: Staged) -> None:
    assert staged.rows(TABLE_NAMES, "stg_salesforce__products", "product_id, product_name") == [
        ("01t000000000001AAA", "Seats")
    ]


def test_product2_id_is_product_2_id(staged: Staged) -> None:
    for instance in (TABLE_NAMES, PRODUCT_2_ID):
        assert staged.rows(instance, "stg_salesforce__opportunity_line_items", "product_id") == [
            ("01t000000000001AAA",)
        ]


def test_reserved_words_are_quoted(staged: Staged) -> None:
    assert staged.rows(
        RESERVED,
        "stg_gong__transcript_sentences",
        "call_id, sentence_number, start_milliseconds, end_milliseconds",
    ) == [("c1", 3, 1500, 2500)]
    assert staged.rows(SALESFORCE_RESERVED, "stg_salesforce__users", "user_id") == [("005000000000001AAA",)]


def test_an_administrators_name_goes_before_the_own_one_where_it_is_there(staged: Staged) -> None:
    assert staged.rows(RENAMED, "stg_salesforce__opportunities", "lead_source") == [("Web",)]
    assert staged.rows(NOT_RENAMED, "stg_salesforce__opportunities", "lead_source") == [("Fair",)]


def test_the_declared_name_goes_before_one_that_sounds_alike(staged: Staged) -> None:
    assert staged.rows(SAME_SOUND, "stg_salesforce__opportunities", "account_id") == [("001000000000001AAA",)]
    assert staged.rows(SAME_SOUND, "stg_salesforce__products", "product_id") == [("01t000000000001AAA",)]
    assert staged.outcomes(SAME_SOUND)[("product2", "excluded", "table_not_used")] == 1


def test_an_absent_column_is_null(staged: Staged) -> None:
    assert staged.rows(
        ABSENT_COLUMNS,
        "stg_salesforce__opportunities",
        "opportunity_id, amount, close_date, is_won, is_deleted, loaded_at",
    ) == [("006000000000001AAA", None, None, None, False, None)]


def test_an_empty_table_gives_no_rows(staged: Staged) -> None:
    assert staged.rows(EMPTY_TABLE, "stg_salesforce__opportunities", "opportunity_id") == []
    assert staged.rows(EMPTY_TABLE, "stg_salesforce__row_counts", "source_table, rows_in") == [("opportunity", 0)]


def test_an_absent_table_gives_no_rows(staged: Staged) -> None:
    assert staged.rows(SNAKE, "stg_salesforce__accounts", "account_id") == []


def test_a_table_that_no_model_reads_is_counted(staged: Staged) -> None:
    assert staged.outcomes(SALESFORCE_RESERVED)[("CASE", "excluded", "table_not_used")] == 1


def test_another_loaders_load_time_is_found(staged: Staged) -> None:
    assert staged.rows(OTHER_LOADER, "stg_marketo__leads", "lead_id, cast(loaded_at as varchar)") == [
        ("1", "2024-05-01 08:00:00")
    ]


def test_columns_with_quotes_in_their_names_do_no_harm(staged: Staged) -> None:
    assert staged.rows(QUOTED, "stg_marketo__leads", "lead_id, email_address") == [("7", "y")]


def test_instances_stand_side_by_side(staged: Staged) -> None:
    found = staged.query(
        WIDE,
        "select source_instance from staging.stg_salesforce__opportunities where opportunity_id = '006000000000001AAA'",
    )
    assert {"snake", "camel", "lower", "upper", "renamed"} <= {row[0] for row in found}


def test_nothing_at_all_gives_typed_empty_models(staged: Staged) -> None:
    run = staged.run(NOTHING)
    assert set(run.statuses.values()) == {"success", "pass"}
    for table, columns in {
        "stg_salesforce__opportunities": "amount, close_date",
        "stg_gong__calls": "started_at, duration_seconds",
    }.items():
        types = [row[1] for row in staged.query(NOTHING, f"describe select {columns} from staging.{table}")]
        assert "VARCHAR" not in types
        assert staged.query(NOTHING, f"select count(*) from staging.{table}") == [(0,)]
    assert staged.query(NOTHING, "select as_of_date from intermediate.as_of") == [(None,)]
