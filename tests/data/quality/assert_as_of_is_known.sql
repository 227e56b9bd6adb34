-- The models look from one day. Where no raw table has a load time, set `models: as_of_date` in plumbline.yml.
select count(*) as day_count
from {{ ref("as_of") }}
where as_of_date is not null
having count(*) != 1
