-- Sheet "Base", tab "Won"
SELECT * FROM opportunities
WHERE stage_category = 'won'
  AND is_deleted IS NOT TRUE
  AND amount > 0
