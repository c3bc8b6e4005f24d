-- Years of a warehouse: posts of the last two years, each read ten times within three weeks, and events.

-- name: draw
CREATE OR REPLACE FUNCTION pg_temp.draw(number bigint, what integer) RETURNS double precision
LANGUAGE sql IMMUTABLE AS 'SELECT (hashint8extended(number, what) & 1048575) / 1048576.0';

-- name: posts
INSERT INTO viralforge.scraped_posts (
    id, platform, external_id, url, title, description, author, author_id, published_at, content_type, views, likes,
    comments, hashtags, category, scrape_source, fetched_via, raw_json, last_reach, last_reach_is_views, scraped_at,
    last_scraped_at, sightings)
SELECT viralforge.post_id('youtube', external_id), 'youtube', external_id, 'https://example.com/' || external_id,
       'post number ' || number || ' about soup and bread',
       (SELECT string_agg(md5(number || '-' || part), ' ') FROM generate_series(1, 6) AS part), 'author ' || number %% 5000,
       'UC' || number %% 5000, seen, 'video', reach, reach / 20, reach / 200, ARRAY['tag' || number %% 1000],
       'category ' || number %% 20, 'api', 'scraper',
       jsonb_build_object('id', external_id, 'channel', md5(external_id), 'statistics',
                          jsonb_build_object('views', reach, 'likes', reach / 20),
                          'text', (SELECT string_agg(md5(number || '+' || part), ' ') FROM generate_series(1, 12) AS part)),
       reach, true, seen, seen + interval '21 days', 10
FROM (
    SELECT number, lpad(to_hex(number), 11, '0') AS external_id, (1000 + 100000 * pg_temp.draw(number, 3))::bigint AS reach,
           now() - interval '22 days' - pg_temp.draw(number, 2) * interval '700 days' AS seen
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS number
) AS drawn;

-- name: history
INSERT INTO viralforge.post_metrics_history (scraped_post_id, recorded_at, views, likes, comments, velocity_score)
SELECT id, scraped_at + (reading - 1) * interval '56 hours', views * reading / 10, likes * reading / 10,
       comments * reading / 10, CASE WHEN reading > 1 THEN 0.01 / reading END
FROM viralforge.scraped_posts, generate_series(1, 10) AS reading;

-- name: users
INSERT INTO viralforge.users (id) SELECT 'user-' || number FROM generate_series(0, 19999) AS number;

-- name: events
INSERT INTO viralforge.app_events
    (event_id, user_id, session_id, event_name, event_type, platform, properties, created_at)
SELECT gen_random_uuid(), 'user-' || number %% 20000, 'session-' || number %% 300000,
       (ARRAY['page_viewed', 'trend_discovery', 'trend_action', 'content_analysis'])[1 + number %% 4], 'interaction', 'web',
       jsonb_build_object('trend_id', 1 + number %% 2000, 'screen', 'discover'),
       now() - pg_temp.draw(number, 2) * interval '720 days'
FROM generate_series(1, %(events)s::bigint) AS number;

-- name: relation_bytes
SELECT sum(pg_total_relation_size(part.oid))::bigint
FROM pg_class AS whole LEFT JOIN pg_inherits ON inhparent = whole.oid
JOIN pg_class AS part ON part.oid = coalesce(inhrelid, whole.oid)
WHERE whole.oid = %(table)s::regclass;

-- name: copy_history
COPY (SELECT * FROM viralforge.post_metrics_history WHERE recorded_at < now() - interval '1 year') TO STDOUT (FORMAT binary);

-- name: count_history
SELECT count(*) FROM viralforge.post_metrics_history WHERE recorded_at < now() - interval '1 year';

-- name: cold_month
SELECT count(*), sum(views) FROM cold_history WHERE recorded_at >= $1::DATE AND recorded_at < $1::DATE + 30;

-- name: cold_all
SELECT date_trunc('month', recorded_at), count(*), sum(views) FROM cold_history GROUP BY 1;
