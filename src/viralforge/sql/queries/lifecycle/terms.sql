-- name: old_numbers
-- Posts under a rule that still have numbers, and were read last before an edge, some of them.
SELECT id FROM viralforge.scraped_posts
WHERE platform = %(platform)s AND fetched_via = %(fetched_via)s
  AND least(num_nonnulls(views, likes, comments, shares, retweets, saves), 1) = 1
  AND least(num_nonnulls(title, description, author, author_id, thumbnail_url, video_url, raw_json), 1) IN (0, 1)
  AND last_scraped_at < viralforge.clock() - make_interval(days => %(days)s::integer)
LIMIT %(limit)s;

-- name: old_content
-- The same of content.
SELECT id FROM viralforge.scraped_posts
WHERE platform = %(platform)s AND fetched_via = %(fetched_via)s
  AND least(num_nonnulls(views, likes, comments, shares, retweets, saves), 1) IN (0, 1)
  AND least(num_nonnulls(title, description, author, author_id, thumbnail_url, video_url, raw_json), 1) = 1
  AND last_scraped_at < viralforge.clock() - make_interval(days => %(days)s::integer)
LIMIT %(limit)s;

-- name: hold
-- Locks those of some posts that nobody has read since, in the order in which all writers lock.
SELECT id FROM viralforge.scraped_posts
WHERE id = ANY (%(ids)s::uuid[]) AND last_scraped_at < viralforge.clock() - make_interval(days => %(days)s::integer)
ORDER BY id FOR NO KEY UPDATE;

-- name: blank_numbers
-- Makes the numbers of posts that are locked unknown, with all that holds them: their readings, what was set aside of
-- the reading before, what they had reached when a trend was called, and the payload as it came.
WITH old AS MATERIALIZED (
    SELECT id, platform, scraped_at, hashtags, views, engagement_rate
    FROM viralforge.scraped_posts WHERE id = ANY (%(ids)s::uuid[])
), blanked AS (
    UPDATE viralforge.scraped_posts SET
        views = NULL, likes = NULL, comments = NULL, shares = NULL, retweets = NULL, saves = NULL, last_reach = NULL,
        last_reach_is_views = NULL, prev_views = NULL, prev_engagement_rate = NULL, prev_reach = NULL,
        prev_reach_is_views = NULL, raw_json = NULL
    WHERE id = ANY (%(ids)s::uuid[])
), readings AS (
    DELETE FROM viralforge.post_metrics_history WHERE scraped_post_id = ANY (%(ids)s::uuid[])
), sources AS (
    UPDATE viralforge.trend_sources SET reach_then = NULL
    WHERE scraped_post_id = ANY (%(ids)s::uuid[]) AND reach_then IS NOT NULL
), deltas AS (
    INSERT INTO viralforge.post_deltas
        (scraped_post_id, platform, scraped_at, change, hashtags, was_hashtags, was_views, was_engagement_rate)
    SELECT id, platform, scraped_at, 0, hashtags, hashtags, views, engagement_rate FROM old
)
SELECT count(*) FROM old;

-- name: blank_content
-- Makes unknown what posts say and who says it; ids and addresses, which lead back to the platform, stay, and so does
-- what was added here (niche).
WITH old AS MATERIALIZED (
    SELECT id, platform, scraped_at, hashtags, views, engagement_rate
    FROM viralforge.scraped_posts WHERE id = ANY (%(ids)s::uuid[])
), blanked AS (
    UPDATE viralforge.scraped_posts SET
        title = NULL, description = NULL, author = NULL, author_id = NULL, language = NULL, thumbnail_url = NULL,
        video_url = NULL, media_urls = NULL, hashtags = NULL, prev_hashtags = NULL, mentions = NULL, keywords = NULL,
        duration_seconds = NULL, category = NULL, detected_topics = NULL, raw_json = NULL
    WHERE id = ANY (%(ids)s::uuid[])
), deltas AS (
    INSERT INTO viralforge.post_deltas
        (scraped_post_id, platform, scraped_at, change, views, engagement_rate, was_hashtags, was_views,
         was_engagement_rate)
    SELECT id, platform, scraped_at, 0, views, engagement_rate, hashtags, views, engagement_rate FROM old
)
SELECT count(*) FROM old;

-- name: forget_answers
-- Answers kept so far may hold what was removed.
DELETE FROM viralforge.kept_answers;

-- name: standing
-- How the posts under a rule stand that have numbers or content left. `oldest` is when that was read which has waited
-- longest.
WITH edges AS (
    SELECT viralforge.clock() - make_interval(days => %(statistics_days)s::integer) AS numbers,
           viralforge.clock() - make_interval(days => %(content_days)s::integer) AS content,
           make_interval(days => %(margin)s::integer) AS margin
), posts AS (
    SELECT last_scraped_at,
           (has_numbers AND last_scraped_at < numbers + margin OR has_content AND last_scraped_at < content + margin)
               IS TRUE AS due,
           (has_numbers AND last_scraped_at < numbers OR has_content AND last_scraped_at < content) IS TRUE AS overdue
    FROM edges, viralforge.scraped_posts, LATERAL (
        SELECT num_nonnulls(views, likes, comments, shares, retweets, saves) > 0,
               num_nonnulls(title, description, author, author_id, thumbnail_url, video_url, raw_json) > 0
    ) AS kept (has_numbers, has_content)
    WHERE platform = %(platform)s AND fetched_via = %(fetched_via)s AND (has_numbers OR has_content)
)
SELECT count(*) AS posts, count(*) FILTER (WHERE due AND NOT overdue) AS due_soon,
       count(*) FILTER (WHERE overdue) AS overdue, min(last_scraped_at) AS oldest
FROM posts;

-- name: due_for_refresh
-- Posts under a rule with numbers, or content, whose limit comes within a few days or has passed.
SELECT id, platform, external_id, url, last_scraped_at, min(due_at) AS due_at
FROM (
    SELECT id, platform, external_id, url, last_scraped_at, erased_at,
           last_scraped_at + make_interval(days => %(statistics_days)s::integer - %(margin)s::integer) AS due_at
    FROM viralforge.scraped_posts
    WHERE platform = %(platform)s AND fetched_via = %(fetched_via)s
      AND least(num_nonnulls(views, likes, comments, shares, retweets, saves), 1) = 1
      AND least(num_nonnulls(title, description, author, author_id, thumbnail_url, video_url, raw_json), 1) IN (0, 1)
      AND last_scraped_at < viralforge.clock() - make_interval(days => %(statistics_days)s::integer - %(margin)s::integer)
    UNION ALL
    SELECT id, platform, external_id, url, last_scraped_at, erased_at,
           last_scraped_at + make_interval(days => %(content_days)s::integer - %(margin)s::integer)
    FROM viralforge.scraped_posts
    WHERE platform = %(platform)s AND fetched_via = %(fetched_via)s
      AND least(num_nonnulls(views, likes, comments, shares, retweets, saves), 1) IN (0, 1)
      AND least(num_nonnulls(title, description, author, author_id, thumbnail_url, video_url, raw_json), 1) = 1
      AND last_scraped_at < viralforge.clock() - make_interval(days => %(content_days)s::integer - %(margin)s::integer)
) AS posts
WHERE erased_at IS NULL
GROUP BY id, platform, external_id, url, last_scraped_at
ORDER BY due_at, id
LIMIT %(limit)s;

-- name: ruled
-- Which of some posts came in such a way.
SELECT id FROM viralforge.scraped_posts
WHERE id = ANY (%(ids)s::uuid[]) AND fetched_via = ANY (%(ways)s::text[]) ORDER BY id;

-- name: owe
-- Noted with what it follows from, so that the archive is never forgotten.
INSERT INTO viralforge.archive_debts (what, post_ids) VALUES (%(what)s, %(ids)s::uuid[]);
