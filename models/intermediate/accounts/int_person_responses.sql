{{ config(materialized="view") }}

-- When a person first responded to us, and each time that somebody asked for a demo. Which types of touch are a response says
-- `engagement_types`, which forms ask for a demo says `form_purposes`.
with

engagements as (

    select * from {{ ref("int_engagements_classified") }} where exclusion_reason is null and person_key is not null

),

types as (

    select * from {{ ref("engagement_types") }} where is_response

),

forms as (

    select
        source_instance,
        activity_id,
        lower(asset_name) as form_name
    from {{ ref("stg_marketo__activity_form_fills") }}

),

form_names as (

    select distinct form_name from forms

),

demo_forms as (

    select distinct form_names.form_name
    from form_names
    inner join {{ ref("form_purposes") }} as form_purposes
        on form_names.form_name like form_purposes.form_pattern
    where form_purposes.purpose = 'demo_request'

)

select
    ---------- ids
    engagements.person_key,

    ---------- strings
    'responded' as response,

    ---------- timestamps
    min(engagements.occurred_at) as responded_at
from engagements
inner join types on engagements.engagement_type = types.engagement_type
group by engagements.person_key

union all

select distinct
    engagements.person_key,
    'demo_requested' as response,
    engagements.occurred_at as responded_at
from engagements
inner join forms
    on engagements.source_instance = forms.source_instance
        and engagements.source_record_id = forms.activity_id
inner join demo_forms on forms.form_name = demo_forms.form_name
where engagements.source_object = 'activity_fill_out_form'
