-- A campaign, conversation or participant named by one mart is found in the other. Returns what leads nowhere.
select
    'campaign of a touch' as fault,
    engagements.campaign_key as missing_key
from {{ ref('fct_engagements') }} as engagements
left join {{ ref('dim_campaigns') }} as campaigns
    on engagements.campaign_key = campaigns.campaign_key
where engagements.campaign_key is not null
    and campaigns.campaign_key is null
union all
select
    'campaign of a member' as fault,
    members.campaign_key as missing_key
from {{ ref('fct_campaign_members') }} as members
left join {{ ref('dim_campaigns') }} as campaigns
    on members.campaign_key = campaigns.campaign_key
where campaigns.campaign_key is null
union all
select
    'root of a campaign' as fault,
    campaigns.root_campaign_key as missing_key
from {{ ref('dim_campaigns') }} as campaigns
left join {{ ref('dim_campaigns') }} as roots
    on campaigns.root_campaign_key = roots.campaign_key
where roots.campaign_key is null
    or roots.root_campaign_key <> roots.campaign_key
union all
select
    'recorded touch without conversation' as fault,
    engagements.engagement_key as missing_key
from {{ ref('fct_engagements') }} as engagements
left join {{ ref('fct_conversations') }} as conversations
    on engagements.engagement_key = conversations.conversation_key
where engagements.engagement_type = 'conversation_recorded'
    and conversations.conversation_key is null
union all
select
    'touch with two primary people' as fault,
    engagement_key as missing_key
from {{ ref('bridge_engagement_people') }}
where is_primary
group by engagement_key
having count(*) > 1
