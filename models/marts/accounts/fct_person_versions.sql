with

versions as (

    select * from {{ ref("int_person_versions") }}

),

windows as (

    select * from {{ ref("int_person_activity_windows") }}

),

states as (

    select * from {{ ref("int_person_states") }}

),

person_accounts as (

    select * from {{ ref("int_person_accounts") }}

),

accounts as (

    select * from {{ ref("int_accounts_attributed") }}

),

users as (

    select * from {{ ref("dim_users") }}

),

placed as (

    select
        versions.person_key,
        versions.version_number,
        person_accounts.account_key,
        versions.owner_user_key,
        versions.lead_status,
        versions.lifecycle_stage,
        -- the status is sales' own word; the stage is what marketing automation makes of it
        coalesce(
            status_map.sales_response,
            stage_map.sales_response,
            case when versions.lead_status is not null or versions.lifecycle_stage is not null then 'unmapped' end
        ) as sales_response,
        case
            when coalesce(status_map.sales_response, stage_map.sales_response) = 'rejected'
                then coalesce(versions.rejection_reason, status_map.rejection_reason, stage_map.rejection_reason)
        end as rejection_reason,
        users.team as owner_team,
        accounts.segment,
        coalesce(accounts.industry, states.industry) as industry,
        coalesce(accounts.country_code, states.country_code) as country_code,
        versions.evidence,
        versions.owner_evidence,
        versions.lead_score,
        coalesce(accounts.employee_count, states.employee_count) as employee_count,
        coalesce(windows.visits_7d, 0) as visits_7d,
        coalesce(windows.form_fills_30d, 0) as form_fills_30d,
        versions.is_opted_out,
        versions.is_converted,
        versions.is_deleted,
        accounts.is_competitor,
        states.has_free_mail_address,
        versions.valid_from_at,
        versions.valid_to_at,
        versions.history_known_from,
        versions.became_known_at,
        versions.first_responded_at,
        versions.demo_requested_at
    from versions
    left join windows
        on versions.person_key = windows.person_key
            and versions.version_number = windows.version_number
    left join states on versions.person_key = states.person_key
    left join person_accounts on versions.person_key = person_accounts.person_key
    left join accounts on person_accounts.account_key = accounts.account_key
    left join users on versions.owner_user_key = users.user_key
    left join {{ ref("lead_response_map") }} as status_map
        on lower(versions.lead_status) = status_map.stated and status_map.stated_in = 'lead_status'
    left join {{ ref("lead_response_map") }} as stage_map
        on lower(versions.lifecycle_stage) = stage_map.stated and stage_map.stated_in = 'lifecycle_stage'

)

select
    ---------- ids
    placed.person_key,
    cast(placed.version_number as {{ dbt.type_int() }}) as version_number,
    placed.account_key,
    placed.owner_user_key,

    ---------- strings
    placed.lead_status,
    placed.lifecycle_stage,
    placed.sales_response,
    placed.rejection_reason,
    placed.owner_team,
    placed.segment,
    placed.industry,
    placed.country_code,
    placed.evidence,
    placed.owner_evidence,

    ---------- numerics
    placed.lead_score,
    placed.employee_count,
    placed.visits_7d,
    placed.form_fills_30d,

    ---------- booleans
    placed.is_opted_out,
    placed.is_converted,
    placed.is_deleted,
    placed.is_competitor,
    placed.has_free_mail_address,
    placed.valid_to_at is null as is_current,
    {{ is_inquiry('placed', as_of='placed.valid_from_at') }} as is_inquiry,
    {{ is_mql('placed', as_of='placed.valid_from_at') }} as is_mql,
    {{ is_sal('placed', as_of='placed.valid_from_at') }} as is_sal,
    {{ is_sql_lead('placed', as_of='placed.valid_from_at') }} as is_sql_lead,

    ---------- timestamps
    placed.valid_from_at,
    placed.valid_to_at,
    placed.history_known_from,
    placed.became_known_at,
    placed.first_responded_at,
    placed.demo_requested_at
from placed
