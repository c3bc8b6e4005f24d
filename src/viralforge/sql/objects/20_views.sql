CREATE VIEW viralforge.v_top_posts_by_platform AS
SELECT id, platform, external_id, url, title, author, views, likes, comments, shares, engagement_rate,
       hashtags, published_at, scraped_at
FROM viralforge.scraped_posts
WHERE engagement_rate IS NOT NULL
ORDER BY engagement_rate DESC NULLS LAST, id;

CREATE VIEW viralforge.v_trending_hashtags AS
SELECT hashtag, platform, count(*) AS post_count, sum(views) AS total_views,
       avg(engagement_rate) AS avg_engagement_rate
FROM viralforge.scraped_posts, unnest(hashtags) AS hashtag
WHERE scraped_at > viralforge.clock() - interval '7 days'
GROUP BY hashtag, platform
ORDER BY post_count DESC, hashtag, platform;

CREATE VIEW viralforge.v_daily_scraping_stats AS
SELECT day AS date, platform, sum(posts)::bigint AS posts_scraped,
       CASE WHEN sum(views_known) > 0 THEN sum(views) END AS total_views,
       sum(views) / nullif(sum(views_known), 0) AS avg_views,
       sum(rate) / nullif(sum(rates_known), 0) AS avg_engagement_rate
FROM (SELECT * FROM viralforge.daily_rollup UNION ALL SELECT * FROM viralforge.daily_deltas) AS parts
GROUP BY day, platform
HAVING sum(posts) > 0;

CREATE VIEW viralforge.v_user_engagement_funnel AS
SELECT user_id,
       count(DISTINCT session_id) FILTER (WHERE event_name = 'trend_discovery') AS discoveries,
       count(DISTINCT session_id) FILTER (WHERE event_name = 'trend_action') AS interactions,
       count(DISTINCT session_id) FILTER (WHERE event_name = 'content_analysis') AS analyses,
       count(DISTINCT session_id) FILTER (WHERE event_name = 'clip_generation') AS generations
FROM viralforge.app_events
WHERE user_id IS NOT NULL
  AND event_name IN ('trend_discovery', 'trend_action', 'content_analysis', 'clip_generation')
GROUP BY user_id;

CREATE MATERIALIZED VIEW viralforge.mv_popular_content_24h AS
SELECT id, platform, title, author, external_id, url, thumbnail_url, views, likes, comments, shares,
       hashtags, category, engagement_rate, published_at, scraped_at
FROM viralforge.scraped_posts
WHERE scraped_at > viralforge.clock() - interval '24 hours' AND views > 1000 AND engagement_rate IS NOT NULL
ORDER BY engagement_rate DESC, id
LIMIT 1000;

CREATE UNIQUE INDEX mv_popular_content_24h_id_idx ON viralforge.mv_popular_content_24h (id);
