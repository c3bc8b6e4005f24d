-- name: create_trend
INSERT INTO viralforge.trends
    (title, description, category, platform, hashtags, hotness, status, crew_execution_id, created_at)
VALUES (%(title)s, %(description)s, %(category)s, %(platform)s, %(hashtags)s, %(hotness)s, %(status)s,
        %(crew_execution_id)s, coalesce(%(created_at)s, viralforge.clock()))
RETURNING id;

-- name: unknown_posts
SELECT id FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS given (id, place)
WHERE NOT EXISTS (SELECT FROM viralforge.scraped_posts AS post WHERE post.id = given.id AND erased_at IS NULL)
ORDER BY place;

-- name: link
-- A link that is there takes over a score that is given; one that is not leaves what is known.
INSERT INTO viralforge.trend_sources AS source (trend_id, scraped_post_id, relevance_score, created_at)
SELECT %(trend_id)s, id, score, viralforge.clock()
FROM unnest(%(ids)s::uuid[], %(scores)s::real[]) AS given (id, score) ORDER BY id
ON CONFLICT (trend_id, scraped_post_id) DO UPDATE SET relevance_score = excluded.relevance_score
WHERE excluded.relevance_score IS NOT NULL AND excluded.relevance_score IS DISTINCT FROM source.relevance_score;

-- name: delete_trend
DELETE FROM viralforge.trends WHERE id = %(trend_id)s;

-- name: hold_discoveries
SELECT pg_advisory_xact_lock(%(lock)s, hashint8(%(crew_execution_id)s::bigint));

-- name: renew_trend
-- What is given of a trend that this execution discovered already; what is not given stays.
UPDATE viralforge.trends
SET description = coalesce(%(description)s, description), category = coalesce(%(category)s, category),
    platform = coalesce(%(platform)s, platform),
    hashtags = CASE WHEN cardinality(%(hashtags)s::text[]) > 0 THEN %(hashtags)s::text[] ELSE hashtags END,
    hotness = coalesce(%(hotness)s, hotness), status = %(status)s
WHERE crew_execution_id = %(crew_execution_id)s AND title = %(title)s
RETURNING id;

-- name: keep_reach_then
-- Keeps what sources had reached when their trends were called, where the reading of then lies in a range that is about
-- to leave the hot tables.
UPDATE viralforge.trend_sources AS source
SET reach_then = seen.reach
FROM viralforge.trends AS trend, viralforge.scraped_posts AS post,
     LATERAL viralforge.reading_by(post.id, post.views IS NOT NULL, trend.created_at) AS seen
WHERE trend.id = source.trend_id AND post.id = source.scraped_post_id AND source.reach_then IS NULL
  AND seen.recorded_at >= %(first)s AND seen.recorded_at < %(last)s;
