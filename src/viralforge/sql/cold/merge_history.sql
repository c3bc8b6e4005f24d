-- Of two readings of one moment the larger reach wins, as it does in the hot tables.
SELECT * EXCLUDE (is_hot)
FROM (SELECT *, true AS is_hot FROM hot UNION ALL SELECT *, false FROM cold)
QUALIFY row_number() OVER (
    PARTITION BY scraped_post_id, recorded_at
    ORDER BY (views IS NOT NULL) DESC,
             coalesce(views, CASE WHEN coalesce(likes, comments, shares) IS NULL THEN -1
                                  ELSE coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0) END) DESC,
             is_hot DESC
) = 1
ORDER BY scraped_post_id, recorded_at
