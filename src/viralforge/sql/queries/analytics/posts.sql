-- name: get
SELECT id, platform, external_id, url, title, description, author, author_id, published_at, content_type,
       language, views, likes, comments, shares, retweets, saves,
       viralforge.reach(views, likes, comments, shares) AS reach, engagement_rate,
       viralforge.velocity(prev_reach, prev_reach_is_views, prev_last_scraped_at, last_reach, last_reach_is_views,
                           last_scraped_at) AS velocity_score,
       thumbnail_url, video_url, media_urls, hashtags, mentions, keywords, duration_seconds, category, niche,
       detected_topics, scraped_at, last_scraped_at, sightings, scrape_source, scrape_job_id, fetched_via,
       archived_at, erased_at, raw_json
FROM viralforge.scraped_posts
WHERE id = %(id)s;

-- name: top
-- In the view's own order: sorted once more, PostgreSQL could not stop at the limit.
SELECT id, platform, external_id, url, title, author, views, likes, comments, shares, engagement_rate,
       hashtags, published_at, scraped_at
FROM viralforge.v_top_posts_by_platform
WHERE %(platform)s::text IS NULL OR platform = %(platform)s
LIMIT %(limit)s;

-- name: top_by_reach
SELECT id, platform, external_id, url, title, author, reach, views, likes, comments, shares, engagement_rate,
       hashtags, published_at, scraped_at
FROM viralforge.scraped_posts, LATERAL (SELECT viralforge.reach(views, likes, comments, shares)) AS known (reach)
WHERE reach IS NOT NULL
  AND (%(platform)s::text IS NULL OR platform = %(platform)s)
  AND (%(window)s::interval IS NULL OR scraped_at > viralforge.clock() - %(window)s::interval)
ORDER BY reach DESC, id
LIMIT %(limit)s;

-- name: popular
SELECT id, platform, title, author, external_id, url, thumbnail_url, views, likes, comments, shares,
       hashtags, category, engagement_rate, published_at, scraped_at
FROM viralforge.mv_popular_content_24h
WHERE (%(platform)s::text IS NULL OR platform = %(platform)s)
  AND (%(min_rate)s::numeric IS NULL OR engagement_rate >= %(min_rate)s::numeric)
ORDER BY engagement_rate DESC, id
LIMIT %(limit)s;

-- name: popular_by_reach
SELECT id, platform, title, author, external_id, url, thumbnail_url, reach, views, likes, comments, shares,
       hashtags, category, engagement_rate, published_at, scraped_at
FROM viralforge.scraped_posts, LATERAL (SELECT viralforge.reach(views, likes, comments, shares)) AS known (reach)
WHERE reach IS NOT NULL
  AND scraped_at > viralforge.clock() - interval '24 hours'
  AND (%(platform)s::text IS NULL OR platform = %(platform)s)
ORDER BY reach DESC, id
LIMIT %(limit)s;

-- name: history
SELECT recorded_at, views, likes, comments, shares, retweets, saves,
       viralforge.reach(views, likes, comments, shares) AS reach, engagement_rate, velocity_score
FROM viralforge.post_metrics_history
WHERE scraped_post_id = %(id)s
ORDER BY recorded_at;

-- name: latest_readings
SELECT recorded_at, views, likes, comments, shares, retweets, saves,
       viralforge.reach(views, likes, comments, shares) AS reach, engagement_rate, velocity_score
FROM (SELECT * FROM viralforge.post_metrics_history
      WHERE scraped_post_id = %(id)s
      ORDER BY recorded_at DESC
      LIMIT %(limit)s) AS latest
ORDER BY recorded_at;

-- name: gained
-- Both reaches on one basis, the one of the post's numbers now; a sighting that lacks it is passed over. Only a
-- post whose growth span holds the window's start, or that was written since the spans were, can be meant.
WITH since AS (SELECT viralforge.clock() - %(window)s::interval AS start),
candidates AS (
    SELECT scraped_post_id AS id FROM viralforge.growth_spans
    WHERE level = 10 AND span @> (SELECT start FROM since) AND %(times)s::numeric >= 10
    UNION
    SELECT scraped_post_id FROM viralforge.growth_spans
    WHERE level = 2 AND span @> (SELECT start FROM since) AND %(times)s::numeric >= 2 AND %(times)s::numeric < 10
    UNION
    SELECT id FROM viralforge.scraped_posts
    WHERE last_scraped_at > (SELECT start FROM since) AND %(times)s::numeric < 2
    UNION
    SELECT scraped_post_id FROM viralforge.post_deltas
)
SELECT id, platform, external_id, url, title, author, published_at, before.recorded_at AS seen_before_at,
       before.reach AS reach_before, now.reach, round(now.reach::numeric / before.reach, 3) AS times
FROM candidates
JOIN viralforge.scraped_posts AS post USING (id)
CROSS JOIN LATERAL (SELECT viralforge.reach(views, likes, comments, shares)) AS now (reach)
CROSS JOIN LATERAL viralforge.reading_by(id, views IS NOT NULL, (SELECT start FROM since)) AS before
WHERE last_scraped_at > (SELECT start FROM since)
  AND (%(platform)s::text IS NULL OR platform = %(platform)s)
  AND before.reach > 0 AND now.reach >= %(times)s::numeric * before.reach
ORDER BY now.reach::numeric / before.reach DESC, id
LIMIT %(limit)s;

-- name: went_viral
-- Growth is never more than reach. So the growth that puts a post among the fastest of its platform, found among those
-- of the largest reach, tells which of the others can be among them at all: of the rest no reading is looked up.
WITH since AS (SELECT viralforge.clock() - %(window)s::interval AS start, 1 - %(percentile)s::numeric AS share),
seen AS MATERIALIZED (
    -- `is_told`: its growth is known without a look, since readings stay for a month and the latest tells its reach.
    SELECT id, platform, coalesce(author_id, author) AS author_key, published_at, views IS NOT NULL AS by_views, reach,
           (published_at > start
            OR last_scraped_at > viralforge.clock() - interval '31 days'
               AND last_reach IS NOT NULL AND last_reach_is_views = (views IS NOT NULL)) IS TRUE AS is_told
    FROM since, viralforge.scraped_posts, LATERAL (SELECT viralforge.reach(views, likes, comments, shares)) AS known (reach)
    WHERE last_scraped_at > start AND reach IS NOT NULL AND (%(platform)s::text IS NULL OR platform = %(platform)s)
),
platforms AS MATERIALIZED (
    SELECT platform, count(*) FILTER (WHERE is_told OR (SELECT growth IS NOT NULL FROM since,
               viralforge.growth_since(start, id, by_views, reach, published_at))) AS posts,
           percentile_disc((SELECT greatest(0, 1 - 4 * share)::double precision FROM since))
               WITHIN GROUP (ORDER BY reach) AS much
    FROM seen GROUP BY platform
),
likely AS MATERIALIZED (
    SELECT id, platform, author_key, seen.reach, growth
    FROM since, seen JOIN platforms USING (platform),
         LATERAL viralforge.growth_since(start, id, by_views, reach, published_at)
    WHERE seen.reach >= much
),
least AS (
    SELECT platform, growth AS least
    FROM since, platforms JOIN (
        SELECT platform, growth, row_number() OVER (PARTITION BY platform ORDER BY growth DESC) AS place
        FROM likely WHERE growth IS NOT NULL
    ) AS placed USING (platform)
    WHERE place = ceil(posts * share)
),
rest AS MATERIALIZED (
    SELECT seen.* FROM seen JOIN platforms USING (platform) LEFT JOIN least USING (platform)
    WHERE reach < much AND reach >= greatest(least, 1)
),
others AS (
    SELECT id, platform, author_key, rest.reach, growth
    FROM since, rest, LATERAL viralforge.growth_since(start, id, by_views, reach, published_at)
),
ranked AS (
    SELECT id, platform, author_key, reach, growth, posts,
           rank() OVER (PARTITION BY platform ORDER BY growth DESC) - 1 AS ahead
    FROM (SELECT * FROM likely UNION ALL SELECT * FROM others) AS grown JOIN platforms USING (platform)
    WHERE growth > 0
),
fastest AS MATERIALIZED (
    SELECT id, platform, author_key, reach, growth FROM ranked WHERE ahead < posts * (SELECT share FROM since)
),
authors AS (
    SELECT platform, coalesce(author_id, author) AS author_key, count(*) AS author_posts,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY viralforge.reach(views, likes, comments, shares))::numeric
               AS author_median
    FROM viralforge.scraped_posts
    WHERE (platform, coalesce(author_id, author)) IN (SELECT platform, author_key FROM fastest)
      AND viralforge.reach(views, likes, comments, shares) IS NOT NULL
    GROUP BY 1, 2
)
SELECT id, platform, external_id, url, title, author, published_at, fastest.reach, growth, author_posts,
       author_median, round(fastest.reach / nullif(author_median, 0), 3) AS author_times
FROM fastest
JOIN authors USING (platform, author_key)
JOIN viralforge.scraped_posts USING (id, platform)
WHERE author_posts >= %(author_posts)s AND fastest.reach >= %(author_multiple)s::numeric * author_median
ORDER BY growth DESC, id
LIMIT %(limit)s;

-- name: posting_times
-- The zone is applied to now as well, so that a wrong one is refused where there are no posts too.
SELECT extract(isodow FROM local)::integer AS weekday, extract(hour FROM local)::integer AS hour,
       count(*) AS posts, avg(engagement_rate) AS avg_engagement_rate,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY viralforge.reach(views, likes, comments, shares)) AS median_reach
FROM viralforge.scraped_posts, LATERAL (SELECT timezone(%(zone)s, published_at)) AS there (local)
WHERE published_at IS NOT NULL AND timezone(%(zone)s, viralforge.clock()) IS NOT NULL
  AND (%(platform)s::text IS NULL OR platform = %(platform)s)
GROUP BY 1, 2
ORDER BY 1, 2;

-- name: performance
SELECT ages[age] AS from_hours, ages[age + 1] AS to_hours, count(*) AS readings,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY share) AS median_share,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY velocity_score) AS median_velocity
FROM (
    SELECT ages, width_bucket(floor(date_part('epoch', recorded_at - published_at) / 3600)::integer, ages) AS age,
           CASE WHEN post.views IS NULL THEN viralforge.interactions(seen.likes, seen.comments, seen.shares)
                ELSE seen.views END::double precision
           / nullif(viralforge.reach(post.views, post.likes, post.comments, post.shares), 0) AS share,
           velocity_score
    FROM viralforge.scraped_posts AS post
    JOIN viralforge.post_metrics_history AS seen ON scraped_post_id = id
    CROSS JOIN (VALUES (ARRAY[0, 1, 3, 6, 12, 24, 48, 96, 168, 336, 720])) AS bounds (ages)
    WHERE sightings > 1 AND published_at <= recorded_at
      AND (%(window)s::interval IS NULL OR published_at > viralforge.clock() - %(window)s::interval)
      AND (%(platform)s::text IS NULL OR platform = %(platform)s)
) AS readings
GROUP BY age, ages
ORDER BY age;
