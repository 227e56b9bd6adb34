-- Shares lie between 0 and 1, counts and times are not negative. Returns conversations that break this.
select conversation_key
from {{ ref('fct_conversations') }}
where talk_ratio not between 0 and 1
    or duration_seconds < 0
    or company_people_count < 0
    or buyer_people_count < 0
