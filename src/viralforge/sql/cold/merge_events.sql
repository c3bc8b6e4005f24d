-- An event never changes; what was taken from the hot one since, such as its user, stays taken.
SELECT * EXCLUDE (is_hot)
FROM (SELECT *, true AS is_hot FROM hot UNION ALL SELECT *, false FROM cold)
QUALIFY row_number() OVER (PARTITION BY created_at, event_id ORDER BY is_hot DESC) = 1
ORDER BY created_at, event_id
