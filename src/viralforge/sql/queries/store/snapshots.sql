-- name: due
-- When a post deserves a new reading: after as long as its reach will have grown by the tolerance if it goes on as it
-- did between the last two, at most twice as long as they lay apart; a post seen once after a quarter of its age.
-- Sources of a trend that rises or peaks are read hourly.
WITH young AS (
    SELECT id, platform, external_id, url, last_scraped_at, last_reach, prev_reach,
           extract(epoch FROM last_scraped_at - prev_last_scraped_at)::float8 / 3600 AS apart,
           extract(epoch FROM viralforge.clock() - coalesce(published_at, scraped_at))::float8 / 3600 AS age,
           last_reach_is_views IS NOT DISTINCT FROM prev_reach_is_views AS comparable
    FROM viralforge.scraped_posts
    WHERE scraped_at > viralforge.clock() - %(young)s::interval
      AND last_scraped_at < viralforge.clock() - interval '1 hour'
      AND erased_at IS NULL AND (archived_at IS NULL OR archived_at < last_scraped_at)
      AND (%(platform)s::text IS NULL OR platform = %(platform)s)
),
paced AS (
    SELECT *, CASE
        WHEN apart IS NULL OR apart <= 0 OR NOT comparable OR last_reach IS NULL THEN least(greatest(age / 4, 1), 24)
        WHEN last_reach <= prev_reach THEN least(greatest(2 * apart, 1), 168)
        ELSE least(greatest(%(tolerance)s::float8 * apart / ln((last_reach + 1.0::float8) / (prev_reach + 1)), 1),
                   greatest(2 * apart, 1), 168)
    END AS hours
    FROM young
),
asked AS (
    SELECT id, platform, external_id, url, last_scraped_at,
           CASE WHEN EXISTS (
               SELECT FROM viralforge.trend_sources AS source JOIN viralforge.trends AS trend ON trend.id = trend_id
               WHERE source.scraped_post_id = paced.id AND trend.status IN ('rising', 'peaking')
           ) THEN 1 ELSE hours END AS hours
    FROM paced
)
SELECT id, platform, external_id, url, last_scraped_at, last_scraped_at + make_interval(secs => hours * 3600) AS due_at
FROM asked
WHERE last_scraped_at + make_interval(secs => hours * 3600) <= viralforge.clock()
ORDER BY extract(epoch FROM viralforge.clock() - last_scraped_at) / hours DESC, id
LIMIT %(limit)s;
