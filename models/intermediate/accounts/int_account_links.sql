-- What says that two account records are one company, apart from their domains: merges in the CRM and reviewed
-- decisions. A reviewed split takes back what the record of its pair that claims the other says, see `standing_claims`.
with

accounts as (

    select * from {{ ref("int_accounts_unioned") }}

),

overrides as (

    select * from {{ ref("int_match_overrides") }} where entity = 'account'

),

splits as (

    select distinct record_key, other_record_key
    from overrides
    where action = 'split'

),

claims as (

    -- A survivor that is not landed still joins the records that were merged into it.
    select
        record_key,
        survivor_record_key as other_record_key,
        'merge' as evidence
    from accounts
    where survivor_record_key is not null and survivor_record_key <> record_key

),

{{ standing_claims("claims", "splits") }}

select
    ---------- ids
    record_key,
    other_record_key,

    ---------- strings
    evidence
from standing
union all
select distinct
    record_key,
    other_record_key,
    'override' as evidence
from overrides
where action = 'merge'
