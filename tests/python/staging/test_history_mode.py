# Raw rows read best on one line; staged timestamps are UTC without a zone.
"""Tables of which the loader keeps versions, native histories beside them, and deletes of every kind."""

from datetime import datetime

from .raw import Staged, raw_instance

VERSIONS = """
    create table {table} as select * from (values
        ('006000000000001AAA', 'Prospecting', 100, false, '2024-01-01', '2024-01-31 23:59:59.999'),
        ('006000000000001AAA', 'Proposal', 150, true, '2024-02-01', '9999-12-31 23:59:59.999'),
        ('006000000000002AAA', 'Won', 70, {true_or_null}, '2024-01-15', '9999-12-31 23:59:59.999'))
        as t(id, stage_name, amount, _fivetran_active, _fivetran_start, _fivetran_end)
"""
OPPORTUNITY = raw_instance("salesforce", "versions", VERSIONS.format(table="opportunity", true_or_null="true"))
INACTIVE = raw_instance("salesforce", "inactive", VERSIONS.format(table="opportunity", true_or_null="null"))
OPPORTUNITY_HISTORY = raw_instance(
    "salesforce", "versions_as_history", VERSIONS.format(table="opportunity_history", true_or_null="true")
)
NATIVE_HISTORY = raw_instance(
    "salesforce",
    "native_history",
    """
    create table opportunity_history as select * from (values
        ('008000000000001AAA', '006000000000001AAA', 'Prospecting', '2024-01-01 10:00:00'),
        ('008000000000002AAA', '006000000000001AAA', 'Proposal', '2024-02-01 10:00:00'))
        as t(id, opportunity_id, stage_name, created_date)
    """,
)
NATIVE_IN_HISTORY_MODE = raw_instance(
    "salesforce",
    "native_in_history_mode",
    """
    create table opportunity_history as select * from (values
        ('008000000000001AAA', '006000000000001AAA', 'Prospecting', '2024-01-01 10:00:00', false, '2024-01-01'),
        ('008000000000001AAA', '006000000000001AAA', 'Qualified', '2024-01-01 10:00:00', true, '2024-01-02'))
        as t(id, opportunity_id, stage_name, created_date, _fivetran_active, _fivetran_start);
    create table account_history as select '017000000000001AAA' as id, '001000000000001AAA' as account_id,
        'Industry' as field, true as _fivetran_active, '2024-01-01' as _fivetran_start
    """,
)
ACCOUNT_VERSIONS = raw_instance(
    "salesforce",
    "account_versions",
    """
    create table account_history as select '001000000000001AAA' as id, 'Acme' as name,
        true as _fivetran_active, '2024-01-01' as _fivetran_start from range(3)
    """,
)
DELETED = raw_instance(
    "salesforce",
    "deleted",
    """
    create table contact as select * from (values
        ('003000000000001AAA', 'false', 'true'), ('003000000000002AAA', 'true', 'false'),
        ('003000000000003AAA', 'false', null), ('003000000000004AAA', null, null), ('003000000000005AAA', '', '1'))
        as t(id, is_deleted, _fivetran_deleted)
    """,
)


def test_the_active_version_is_the_record_and_the_others_are_counted(staged: Staged) -> None:
    assert staged.rows(OPPORTUNITY, "stg_salesforce__opportunities", "opportunity_id, stage_name") == [
        ("006000000000001AAA", "Proposal"),
        ("006000000000002AAA", "Won"),
    ]
    assert staged.outcomes(OPPORTUNITY) == {
        ("opportunity", "kept", "newest_version"): 2,
        ("opportunity", "excluded", "not_current_version"): 1,
    }


def test_a_version_of_unknown_standing_is_not_current(staged: Staged) -> None:
    assert staged.outcomes(INACTIVE)[("opportunity", "excluded", "not_current_version")] == 2


def test_versions_under_the_name_of_the_history_are_versions_of_the_opportunity(staged: Staged) -> None:
    assert staged.rows(
        OPPORTUNITY_HISTORY, "stg_salesforce__opportunity_history", "opportunity_id, stage_name, changed_at"
    ) == [
        ("006000000000001AAA", "Proposal", datetime(2024, 2, 1)),
        ("006000000000001AAA", "Prospecting", datetime(2024, 1, 1)),
        ("006000000000002AAA", "Won", datetime(2024, 1, 15)),
    ]
    assert staged.outcomes(OPPORTUNITY_HISTORY) == {("opportunity_history", "kept", "newest_version"): 3}


def test_a_native_stage_history_keeps_its_own_ids(staged: Staged) -> None:
    assert staged.rows(
        NATIVE_HISTORY,
        "stg_salesforce__opportunity_history",
        "opportunity_history_id, opportunity_id, changed_at",
    ) == [
        ("008000000000001AAA", "006000000000001AAA", datetime(2024, 1, 1, 10)),
        ("008000000000002AAA", "006000000000001AAA", datetime(2024, 2, 1, 10)),
    ]


def test_a_native_history_in_history_mode_gives_its_current_rows(staged: Staged) -> None:
    assert staged.rows(
        NATIVE_IN_HISTORY_MODE,
        "stg_salesforce__opportunity_history",
        "opportunity_history_id, opportunity_id, stage_name",
    ) == [("008000000000001AAA", "006000000000001AAA", "Qualified")]
    assert staged.rows(NATIVE_IN_HISTORY_MODE, "stg_salesforce__account_field_changes", "account_id, field_name") == [
        ("001000000000001AAA", "Industry")
    ]


def test_versions_under_the_name_of_a_field_history_are_counted_and_never_read(staged: Staged) -> None:
    assert staged.rows(ACCOUNT_VERSIONS, "stg_salesforce__account_field_changes", "field_change_id") == []
    assert staged.outcomes(ACCOUNT_VERSIONS) == {("account_history", "excluded", "record_version"): 3}


def test_a_delete_by_the_source_or_by_the_loader_is_a_delete(staged: Staged) -> None:
    assert staged.rows(DELETED, "stg_salesforce__contacts", "contact_id, is_deleted") == [
        ("003000000000001AAA", True),
        ("003000000000002AAA", True),
        ("003000000000003AAA", False),
        ("003000000000004AAA", False),
        ("003000000000005AAA", True),
    ]
