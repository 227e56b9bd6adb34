-- Dashboard "Marketing impact", filter "New business"
WHERE (opportunity_type <> 'renewal' OR opportunity_type IS NULL)
  AND is_deleted IS NOT TRUE
