-- A finance workbook's tab "Bookings"
SELECT o.opportunity_key, o.amount
FROM opportunities AS o
WHERE o.stage_category = 'won'
  AND o.amount > 0
