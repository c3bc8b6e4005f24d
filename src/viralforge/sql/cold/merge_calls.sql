SELECT * EXCLUDE (is_hot)
FROM (SELECT *, true AS is_hot FROM hot UNION ALL SELECT *, false FROM cold)
QUALIFY row_number() OVER (PARTITION BY crew_execution_id, id ORDER BY is_hot DESC) = 1
ORDER BY crew_execution_id, id
