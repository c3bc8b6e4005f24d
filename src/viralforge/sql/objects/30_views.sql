CREATE VIEW viralforge.v_top_posts_by_platform AS
SELECT id, platform, external_id, url, title, author, views, likes, comments, shares, engagement_rate,
       hashtags, published_at, scraped_at
FROM viralforge.scraped_posts
WHERE engagement_rate IS NOT NULL
ORDER BY engagement_rate DESC NULLS LAST, id;

-- Every post as lists show it. Growth and velocity are those since the sighting before the latest.
CREATE VIEW viralforge.v_posts AS
SELECT id, platform, external_id, url, title, author, author_id, content_type, category, niche, language, hashtags,
       thumbnail_url, views, likes, comments, shares, viralforge.reach(views, likes, comments, shares) AS reach,
       engagement_rate,
       viralforge.velocity(prev_reach, prev_reach_is_views, prev_last_scraped_at, last_reach, last_reach_is_views,
                           last_scraped_at) AS velocity_score,
       CASE WHEN prev_reach_is_views = last_reach_is_views THEN last_reach - prev_reach END AS growth,
       published_at, scraped_at, last_scraped_at, sightings, search
FROM viralforge.scraped_posts
WHERE erased_at IS NULL;

-- What is kept is in order already, and what changed is little: both are merged as far as somebody reads.
CREATE VIEW viralforge.v_trending_hashtags AS
WITH changes AS MATERIALIZED (SELECT * FROM viralforge.hashtag_changes())
SELECT hashtag, platform, posts AS post_count, CASE WHEN views_known > 0 THEN views END AS total_views,
       rate / nullif(rates_known, 0) AS avg_engagement_rate
FROM (
    (SELECT hashtag, platform, posts, views, views_known, rate, rates_known
     FROM viralforge.hashtag_rollup
     WHERE posts > 0 AND (hashtag, platform) NOT IN (SELECT hashtag, platform FROM changes)
     ORDER BY posts DESC, hashtag, platform)
    UNION ALL
    (SELECT hashtag, platform, coalesce(kept.posts, 0) + changes.posts AS posts,
            coalesce(kept.views, 0) + changes.views, coalesce(kept.views_known, 0) + changes.views_known,
            coalesce(kept.rate, 0) + changes.rate, coalesce(kept.rates_known, 0) + changes.rates_known
     FROM changes LEFT JOIN viralforge.hashtag_rollup AS kept USING (hashtag, platform)
     WHERE coalesce(kept.posts, 0) + changes.posts > 0
     ORDER BY posts DESC, hashtag, platform)
) AS counted
ORDER BY post_count DESC, hashtag, platform;

CREATE VIEW viralforge.v_daily_scraping_stats AS
SELECT day AS date, platform, sum(posts)::bigint AS posts_scraped,
       CASE WHEN sum(views_known) > 0 THEN sum(views) END AS total_views,
       sum(views) / nullif(sum(views_known), 0) AS avg_views,
       sum(rate) / nullif(sum(rates_known), 0) AS avg_engagement_rate
FROM (SELECT * FROM viralforge.daily_rollup UNION ALL SELECT * FROM viralforge.daily_changes) AS parts
GROUP BY day, platform
HAVING sum(posts) > 0;

CREATE VIEW viralforge.v_user_engagement_funnel AS
WITH changes AS MATERIALIZED (SELECT * FROM viralforge.funnel_changes())
SELECT user_id, discoveries, interactions, analyses, generations
FROM (
    (SELECT user_id, discoveries, interactions, analyses, generations
     FROM viralforge.funnel_rollup
     WHERE user_id NOT IN (SELECT user_id FROM changes)
     ORDER BY generations DESC, analyses DESC, interactions DESC, discoveries DESC, user_id)
    UNION ALL
    (SELECT user_id, coalesce(kept.discoveries, 0) + changes.discoveries AS discoveries,
            coalesce(kept.interactions, 0) + changes.interactions AS interactions,
            coalesce(kept.analyses, 0) + changes.analyses AS analyses,
            coalesce(kept.generations, 0) + changes.generations AS generations
     FROM changes LEFT JOIN viralforge.funnel_rollup AS kept USING (user_id)
     ORDER BY generations DESC, analyses DESC, interactions DESC, discoveries DESC, user_id)
) AS reached
ORDER BY generations DESC, analyses DESC, interactions DESC, discoveries DESC, user_id;

-- The day's posts are looked at first: in the order of rates PostgreSQL would go through those of all time.
CREATE MATERIALIZED VIEW viralforge.mv_popular_content_24h AS
WITH day AS MATERIALIZED (
    SELECT id, engagement_rate FROM viralforge.scraped_posts
    WHERE scraped_at > viralforge.clock() - interval '24 hours' AND views > 1000 AND engagement_rate IS NOT NULL
), best AS MATERIALIZED (
    SELECT id FROM day ORDER BY engagement_rate DESC, id LIMIT 1000
)
SELECT id, platform, title, author, external_id, url, thumbnail_url, views, likes, comments, shares,
       hashtags, category, engagement_rate, published_at, scraped_at
FROM best JOIN viralforge.scraped_posts USING (id)
ORDER BY engagement_rate DESC, id;

CREATE UNIQUE INDEX mv_popular_content_24h_id_idx ON viralforge.mv_popular_content_24h (id);

-- Events with every documented column, the user agent as its text.
CREATE VIEW viralforge.v_app_events AS
SELECT event_id, user_id, session_id, event_name, event_type, platform, properties, user_agent, ip_hash, country,
       created_at, received_at
FROM viralforge.app_events AS event LEFT JOIN viralforge.user_agents AS agent ON agent.id = event.user_agent_id;
