-- Sheet "Base", tab "Customers"
SELECT * FROM accounts
WHERE won_opportunity_count >= 1
  AND (has_active_contract OR (has_active_contract IS NULL AND days_since_last_won <= 365))
