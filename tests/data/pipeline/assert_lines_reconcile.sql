-- Lines of the mart are the staged lines of opportunities that exist; they sum to what their opportunity says of them.
with

lines as (

    select * from {{ ref('fct_opportunity_lines') }}

),

opportunities as (

    select * from {{ ref('fct_opportunities') }}

),

staged as (

    select staged_lines.source_instance, staged_lines.opportunity_line_item_id, staged_lines.total_price_amount
    from {{ ref('stg_salesforce__opportunity_line_items') }} as staged_lines
    inner join {{ ref('stg_salesforce__opportunities') }} as staged_opportunities
        on staged_lines.source_instance = staged_opportunities.source_instance
        and staged_lines.opportunity_id = staged_opportunities.opportunity_id
    where not staged_lines.is_deleted
        and not staged_opportunities.is_deleted

),

summed as (

    select opportunity_key, count(*) as line_count, sum(total_price_amount) as lines_amount
    from lines
    group by opportunity_key

)

select 'line' as part, coalesce(staged.opportunity_line_item_id, lines.source_record_id) as record_id
from staged
full join lines
    on staged.source_instance = lines.source_instance
    and staged.opportunity_line_item_id = lines.source_record_id
where staged.opportunity_line_item_id is null
    or lines.source_record_id is null
    or staged.total_price_amount is distinct from lines.total_price_amount
union all
select 'sum' as part, opportunities.opportunity_id as record_id
from opportunities
left join summed
    on opportunities.opportunity_key = summed.opportunity_key
where opportunities.line_count <> coalesce(summed.line_count, 0)
    or opportunities.lines_amount is distinct from summed.lines_amount
