-- Records on which a team and the shared version part, although the proof says that none can: a narrower version never
-- says yes alone, a wider one never says no alone, an equivalent one never differs. A row here is a wrong proof, a wrong
-- macro, or a column that does not keep what its entity declares. Run `plumbline definitions build`; if it stays,
-- report the term and the variant.
with

disagreements as (

    select term, version, second_side as variant, yes_side
    from {{ ref('fct_definition_disagreements') }}
    where first_side = 'shared'

),

verdicts as (

    select * from {{ ref('fct_definition_verdicts') }}

)

select
    disagreements.term,
    disagreements.variant,
    disagreements.yes_side,
    verdicts.verdict,
    count(*) as record_count
from disagreements
inner join verdicts
    on disagreements.variant = verdicts.variant
    and disagreements.version = verdicts.version
where verdicts.verdict = 'equivalent'
    or (verdicts.verdict = 'narrower' and disagreements.yes_side = disagreements.variant)
    or (verdicts.verdict = 'wider' and disagreements.yes_side = 'shared')
group by disagreements.term, disagreements.variant, disagreements.yes_side, verdicts.verdict
