{#-
    CTEs that leave, in `standing`, the claims that no reviewed split takes back. Both relations hold pairs of record_key and
    other_record_key. Of a split pair the record that claims the other loses its claims; where neither does (something
    in between joins them), both lose theirs. The order in which a split names its records says nothing.
-#}
{% macro standing_claims(claims, splits) -%}
split_sides as (

    select record_key, other_record_key from {{ splits }}
    union all
    select other_record_key, record_key from {{ splits }}

),

direct_claims as (

    select distinct record_key, other_record_key from {{ claims }}

),

silenced as (

    select distinct split_sides.record_key
    from split_sides
    left join direct_claims as own_claims
        on split_sides.record_key = own_claims.record_key
            and split_sides.other_record_key = own_claims.other_record_key
    left join direct_claims as opposite_claims
        on split_sides.record_key = opposite_claims.other_record_key
            and split_sides.other_record_key = opposite_claims.record_key
    where own_claims.record_key is not null or opposite_claims.record_key is null

),

standing as (

    select
        {{ claims }}.record_key,
        {{ claims }}.other_record_key,
        {{ claims }}.evidence
    from {{ claims }}
    left join silenced on {{ claims }}.record_key = silenced.record_key
    where silenced.record_key is null

)
{%- endmacro %}
