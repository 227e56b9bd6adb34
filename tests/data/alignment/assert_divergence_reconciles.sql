-- Months in which the four cells of two sides do not add up to the records that stood at its end, or in which the
-- cells of one side depend on the side it is compared with. Report the month and the term: a total would not be one.
with

divergence as (

    select * from {{ ref('agg_definition_divergence_monthly') }}

),

periods as (

    select period_key, ends_at from {{ ref('dim_periods') }} where period_type = 'month' and (is_past or is_current)

),

stood as (

    select 'opportunity' as entity, periods.period_key, count(*) as record_count
    from {{ ref('fct_opportunity_versions') }} as versions
    inner join periods
        on versions.valid_from_at < periods.ends_at
        and (versions.valid_to_at is null or versions.valid_to_at >= periods.ends_at)
    group by periods.period_key

    union all

    select 'person' as entity, periods.period_key, count(*) as record_count
    from {{ ref('fct_person_versions') }} as versions
    inner join periods
        on versions.valid_from_at < periods.ends_at
        and (versions.valid_to_at is null or versions.valid_to_at >= periods.ends_at)
    where not versions.is_deleted
    group by periods.period_key

),

meant as (

    select period_key, term, first_side as side, both_count + only_first_count as meant_count from divergence
    union all
    select period_key, term, second_side as side, both_count + only_second_count as meant_count from divergence

)

select divergence.period_key, divergence.term, 'cells do not add up' as finding
from divergence
left join stood
    on divergence.entity = stood.entity
    and divergence.period_key = stood.period_key
where divergence.record_count + divergence.unknown_count <> coalesce(stood.record_count, 0)

union all

select period_key, term, 'a side means several numbers of records' as finding
from meant
group by period_key, term, side
having min(meant_count) <> max(meant_count)
