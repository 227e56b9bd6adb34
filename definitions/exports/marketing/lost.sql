-- Dashboard "Why we lose", base query
SELECT o.opportunity_key
FROM opportunities AS o
WHERE o.stage_category NOT IN ('open', 'won')
  AND NOT COALESCE(o.is_deleted, FALSE)
