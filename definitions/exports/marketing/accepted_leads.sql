-- Dashboard "Hand-off", tile "Accepted by sales"
SELECT p.person_key
FROM people AS p
WHERE p.sales_response <> 'rejected'
  AND p.sales_response <> 'waiting'
  AND NOT p.is_deleted
