-- The models look from one day. Where no raw table has a load time, set `as_of_date` in dbt_project.yml.
select count(*) as day_count
from {{ ref("as_of") }}
where as_of_date is not null
having count(*) != 1
