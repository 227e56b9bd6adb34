-- Dashboard "Marketing impact", tile "Qualified pipeline"
SELECT o.opportunity_key, o.amount
FROM opportunities AS o
WHERE o.stage_category = 'open'
  AND NOT o.is_deleted
  AND o.amount > 0
  AND o.probability >= 0.1
  AND o.close_date IS NOT NULL
