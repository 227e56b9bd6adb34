-- Customer success, from the dashboard
select p.id, p.job_title
from analytics.people as p
where p.score >= 65
  and (p.visits_7d > 2 or p.demos_30d > 0)
  and p."status" not in ('disqualified')
order by p.id
limit 100
