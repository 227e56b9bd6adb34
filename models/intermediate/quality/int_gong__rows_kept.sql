{#- Which staging model reads which raw table. -#}
{%- set staging_models = {
    "call": "stg_gong__calls",
    "call_participant": "stg_gong__call_participants",
    "call_participant_integration": "stg_gong__participant_crm_links",
    "call_context_integration": "stg_gong__call_crm_links",
    "call_speaker": "stg_gong__call_speakers",
    "call_tracker": "stg_gong__call_trackers",
    "tracker": "stg_gong__trackers",
    "call_topic": "stg_gong__call_topics",
    "call_interaction": "stg_gong__call_interactions",
    "transcript": "stg_gong__transcript_sentences",
    "scorecard": "stg_gong__scorecards",
    "scorecard_question": "stg_gong__scorecard_questions",
    "answered_scorecard": "stg_gong__answered_scorecards",
    "answered_scorecard_answer": "stg_gong__scorecard_answers",
    "users": "stg_gong__users",
} -%}

with

counted as (

    {{ rows_kept(staging_models) }}

)

select
    ---------- strings
    source_table,

    ---------- numerics
    cast(row_count as {{ dbt.type_bigint() }}) as row_count,

    ---------- metadata
    'gong' as source_system,
    source_instance
from counted
