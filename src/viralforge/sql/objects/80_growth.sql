-- The last reading of a post at or before a moment that tells its reach, on the basis of the numbers that the post has
-- now; no row where none does. These functions are plain enough that PostgreSQL plans them as part of the query.
CREATE FUNCTION viralforge.reading_by(post_id uuid, by_views boolean, moment timestamptz)
RETURNS TABLE (recorded_at timestamptz, reach bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
    SELECT seen.recorded_at, known.reach
    FROM viralforge.post_metrics_history AS seen,
         LATERAL (SELECT CASE WHEN by_views THEN seen.views
                              ELSE viralforge.interactions(seen.likes, seen.comments, seen.shares) END) AS known (reach)
    WHERE seen.scraped_post_id = post_id AND known.reach IS NOT NULL AND seen.recorded_at <= moment
    ORDER BY seen.recorded_at DESC LIMIT 1;
END;

-- The reach that a post with this reach gained since a moment: since the last reading at or before it, else since
-- publication if that was later, else since the first reading; NULL where no reading tells.
CREATE FUNCTION viralforge.growth_since(
    moment timestamptz, post_id uuid, by_views boolean, reach bigint, published_at timestamptz)
RETURNS TABLE (growth bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
    SELECT growth_since.reach - CASE
        WHEN before.reach IS NOT NULL THEN before.reach
        WHEN published_at > moment THEN 0
        ELSE (
            SELECT known.reach
            FROM viralforge.post_metrics_history AS seen,
                 LATERAL (SELECT CASE WHEN by_views THEN seen.views
                                      ELSE viralforge.interactions(seen.likes, seen.comments, seen.shares) END
                 ) AS known (reach)
            WHERE seen.scraped_post_id = post_id AND known.reach IS NOT NULL
            ORDER BY seen.recorded_at LIMIT 1) END
    FROM (SELECT) AS one LEFT JOIN LATERAL viralforge.reading_by(post_id, by_views, moment) AS before ON true;
END;

-- How a source grew since its trend was called: its reach then (NULL: not known), its reach now, and the latter as a
-- multiple. `kept` is what was kept of the reading of then when that left the hot tables.
CREATE FUNCTION viralforge.source_growth(post_id uuid, called_at timestamptz, kept bigint)
RETURNS TABLE (reach_then bigint, reach bigint, growth double precision)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
    SELECT coalesce(kept, seen.reach), now.reach,
           now.reach::double precision / nullif(coalesce(kept, seen.reach), 0)
    FROM viralforge.scraped_posts AS post
    CROSS JOIN LATERAL (
        SELECT viralforge.reach(post.views, post.likes, post.comments, post.shares)
    ) AS now (reach)
    LEFT JOIN LATERAL viralforge.reading_by(post.id, post.views IS NOT NULL, called_at) AS seen ON true
    WHERE post.id = post_id;
END;
