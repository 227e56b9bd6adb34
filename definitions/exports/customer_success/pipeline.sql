-- Sheet "Base", tab "Open"
SELECT * FROM opportunities
WHERE stage_category = 'open'
  AND is_deleted = FALSE
  AND opportunity_type IN ('renewal', 'expansion')
