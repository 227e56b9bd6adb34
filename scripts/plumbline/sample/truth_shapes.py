"""Columns of the truth tables, which only tests read.

Ids of Salesforce records are always in the 18-character form here. `valid_to` is exclusive and NULL when
the state still holds. A pair or link is `decidable` when the evidence planted in the raw rows supports it
by the rules that `README.md` in this folder writes down; a link that is not decidable may be left open by
the models, and a pair with `same_…` false must never be merged, decidable or not.
"""

from __future__ import annotations

from plumbline.sample.shapes import parse_columns

_RECORD = "source_system source_instance source_object source_record_id"

TRUTH: dict[str, dict[str, str]] = {
    f"main.{name}": parse_columns(line)
    for name, line in {
        # One row per Salesforce account record.
        "truth_account_records": """source_system source_instance source_object source_record_id
            company_id stratum survivor_record_id own_domain is_live:bool is_merged_away:bool
            parent_company_id created_at:ts""",
        # Pairs of account records, by the shortest evidence between them.
        "truth_account_links": "record_a record_b same_company:bool evidence decidable:bool stratum",
        # One row per company that exists, with or without an account record.
        "truth_companies": """company_id name former_name domain former_domain rebranded_at:ts
            parent_company_id kind stratum hidden_need:float hidden_fit:float""",
        # One row per person record of any system (Gong: one per participant of a call).
        "truth_person_records": f"""{_RECORD} person_id company_id stratum evidence decidable:bool
            cluster_id is_present:bool is_deleted:bool account_record_id account_evidence
            account_decidable:bool created_at:ts""",
        # Pairs of person records (`object:id` of each).
        "truth_person_links": """system_a object_a record_a system_b object_b record_b same_person:bool
            evidence decidable:bool stratum""",
        # What a record of a person said of an attribute from an instant on, until its next row, tracked or not.
        "truth_person_changes": """source_system source_object source_record_id attribute
            changed_at:ts value""",
        # Every state an opportunity was in, from its creation on, tracked or not.
        "truth_opportunity_states": """opportunity_id state_number:int valid_from:ts valid_to:ts
            stage_name stage_category is_listed_stage:bool amount:cents currency_code close_date:date
            forecast_category probability:float owner_id account_record_id company_id is_deleted:bool""",
        # One row per opportunity: hidden causes and what happened.
        "truth_opportunities": """opportunity_id company_id opportunity_type created_at:ts deleted_at:ts
            outcome win_probability:float need:float champion:float competitor:float timing:float
            rep_skill:float was_reopened:bool slips:int has_snapshots:bool""",
        # Since when history can be known: per opportunity and attribute group.
        "truth_history_known_from": """opportunity_id stage_known_from:ts owner_known_from:ts
            account_known_from:ts first_history_at:ts""",
        # Open pipeline at the end of each UTC day, from the states of all deals in the raw data.
        "truth_pipeline_daily": """date:date currency_code open_amount:cents open_count:int
            unlisted_amount:cents unlisted_count:int""",
        # Every touch, once, however often its row was landed. One occasion can be seen by two systems.
        "truth_touches": """source_system source_table source_record_id kind occurred_at:ts person_id
            company_id opportunity_id occasion_id""",
        # Raw rows of touch tables that are no touch, with the reason.
        "truth_exclusions": "source_system source_table source_record_id reason",
        # Records landed more than once.
        "truth_duplicates": "source_system source_table source_record_id kind",
        # Values that do not parse and rows without a key: what is wrong with which column of which record.
        "truth_rejected_values": "source_system source_table source_record_id column_name reason",
        # Strings that must never be found in anything published.
        "truth_canaries": "kind value person_id",
        "truth_parameters": "name value",
    }.items()
}
