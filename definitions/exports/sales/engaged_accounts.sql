-- Territory planning, list "Warm"
SELECT * FROM accounts
WHERE sales_touches_30d >= 1
  AND segment <> 'Small business'
