-- A world of any size, made in the database: the fixtures of the benches that ask how things grow.

-- name: draw
-- From 0 to 1, always the same for the same two numbers.
CREATE OR REPLACE FUNCTION pg_temp.draw(number bigint, what integer) RETURNS double precision
LANGUAGE sql IMMUTABLE AS 'SELECT (hashint8extended(number, what) & 1048575) / 1048576.0';

-- name: posts
-- Those from number `recent` on were first seen in the last 7 days, the others in the year before.
INSERT INTO viralforge.scraped_posts (
    id, platform, external_id, url, title, description, author, author_id, published_at, content_type,
    views, likes, comments, shares, hashtags, category, scrape_source, fetched_via, raw_json,
    last_reach, last_reach_is_views, scraped_at, last_scraped_at, sightings)
SELECT viralforge.post_id(platform, external_id), platform, external_id, 'https://example.com/' || external_id,
       'post number ' || number || ' about soup and bread', 'A description of some length, as most posts have one, '
       'number ' || number, 'author ' || author, 'UC' || author, seen - pg_temp.draw(number, 5) * interval '48 hours',
       'video', views, likes, likes / 10, CASE WHEN platform <> 'youtube' THEN likes / 20 END, hashtags,
       'category ' || number %% 20, 'api', 'official_api',
       jsonb_build_object('id', external_id, 'kind', 'post', 'filler', repeat('text ', 40)),
       coalesce(views, likes + likes / 10 + likes / 20), views IS NOT NULL, seen,
       CASE sightings WHEN 3 THEN seen + interval '26 hours' WHEN 1 THEN seen
            ELSE CASE WHEN number >= %(recent)s THEN seen + interval '5 hours' ELSE again END END, sightings
FROM (
    SELECT number, lpad(to_hex(number), 11, '0') AS external_id, platform, seen, again,
           CASE WHEN platform <> 'reddit' THEN reach END AS views,
           (reach * (0.01 + 0.1 * pg_temp.draw(number, 4)))::bigint AS likes,
           exp(pg_temp.draw(number, 3) * ln(100000))::bigint AS author,
           ARRAY(SELECT DISTINCT 'tag' || exp(pg_temp.draw(number, 20 + place) * ln(200000))::bigint
                 FROM generate_series(1, (pg_temp.draw(number, 6) * 7)::integer) AS place) AS hashtags,
           CASE WHEN number >= %(recent)s
                THEN 1 + (seen + interval '5 hours' < now())::integer + (seen + interval '26 hours' < now())::integer
                ELSE 1 + (number %% 10 = 0)::integer END AS sightings
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS number,
         LATERAL (SELECT (ARRAY['youtube', 'youtube', 'youtube', 'tiktok', 'tiktok', 'instagram', 'instagram',
                                'twitter', 'twitter', 'reddit'])[1 + floor(pg_temp.draw(number, 1) * 10)::integer],
                         exp(3 + 10 * (pg_temp.draw(number, 7) + pg_temp.draw(number, 8)) / 2)::bigint,
                         CASE WHEN number >= %(recent)s THEN now() - pg_temp.draw(number, 2) * interval '7 days'
                              ELSE now() - interval '7 days' - pg_temp.draw(number, 2) * interval '358 days' END,
                         now() - pg_temp.draw(number, 9) * interval '7 days') AS drawn (platform, reach, seen, again)
) AS made;

-- name: history
-- One post in fifty has grown thirtyfold, the others to twice of what they had.
INSERT INTO viralforge.post_metrics_history
    (scraped_post_id, recorded_at, views, likes, comments, shares, velocity_score)
SELECT id, CASE reading WHEN 1 THEN scraped_at WHEN sightings THEN last_scraped_at
                ELSE scraped_at + interval '5 hours' END,
       (views * share)::bigint, (likes * share)::bigint, (comments * share)::bigint, (shares * share)::bigint,
       CASE WHEN reading > 1 THEN 0.1 * share END
FROM viralforge.scraped_posts, generate_series(1, sightings) AS reading,
     LATERAL (SELECT CASE WHEN reading = sightings THEN 1.0
                          WHEN hashtext(external_id) %% 50 = 0 THEN CASE reading WHEN 1 THEN 0.03 ELSE 0.3 END
                          ELSE CASE reading WHEN 1 THEN 0.5 ELSE 0.8 END END) AS grown (share);

-- name: users
INSERT INTO viralforge.users (id) SELECT 'user-' || number FROM generate_series(0, 19999) AS number;

-- name: events
INSERT INTO viralforge.app_events
    (event_id, user_id, session_id, event_name, event_type, platform, properties, created_at)
SELECT gen_random_uuid(), 'user-' || who, 'session-' || who || '-' || extract(day FROM at) || '-' || number %% 3,
       CASE WHEN what < 0.6 THEN 'page_viewed' WHEN what < 0.78 THEN 'trend_discovery' WHEN what < 0.9 THEN 'trend_action'
            WHEN what < 0.97 THEN 'content_analysis' ELSE 'clip_generation' END, 'interaction',
       (ARRAY['web', 'ios', 'android'])[1 + number %% 3],
       CASE WHEN what >= 0.6 THEN jsonb_build_object('trend_id', 1 + number %% 2000, 'screen', 'discover') END, at
FROM generate_series(1, %(events)s::bigint) AS number,
     LATERAL (SELECT floor(20000 * pg_temp.draw(number, 1) ^ 2)::integer,
                     now() - pg_temp.draw(number, 2) * interval '30 days', pg_temp.draw(number, 3)) AS drawn (who, at, what);

-- name: executions
INSERT INTO viralforge.crew_executions
    (crew_type, status, start_time, end_time, duration_ms, tokens_used, cost_usd, trends_discovered, posts_scraped)
SELECT (ARRAY['discovery', 'creation', 'publication'])[1 + number %% 3],
       CASE WHEN number %% 12 = 0 THEN 'failed' ELSE 'completed' END, at, at + interval '45 seconds', 45000,
       15000, 0.045, 1, 500
FROM generate_series(1, 2000) AS number,
     LATERAL (SELECT now() - pg_temp.draw(number, 1) * interval '30 days') AS drawn (at);

-- name: calls
INSERT INTO viralforge.crew_calls
    (crew_execution_id, agent, kind, name, model, started_at, duration_ms, tokens_in, tokens_out, cost_usd)
SELECT id, 'agent ' || number %% 5, CASE WHEN number %% 2 = 0 THEN 'llm' ELSE 'tool' END, 'search', 'gpt',
       start_time, 900, 1000, 200, 0.001
FROM viralforge.crew_executions, generate_series(1, 30) AS number;

-- name: trends
INSERT INTO viralforge.trends (title, platform, hashtags, crew_execution_id, created_at)
SELECT 'trend ' || id, 'youtube', ARRAY['tag' || id], id, end_time FROM viralforge.crew_executions ORDER BY id;

-- name: sources
INSERT INTO viralforge.trend_sources (trend_id, scraped_post_id, relevance_score)
SELECT 1 + (row_number() OVER () - 1) / 20, id, 0.5
FROM (SELECT id FROM viralforge.scraped_posts WHERE scraped_at > now() - interval '7 days' LIMIT 40000) AS recent;

-- name: jobs
INSERT INTO viralforge.scrape_jobs (platform, operation, requests, errors, found, new, cost_usd, started_at, ended_at)
SELECT (ARRAY['youtube', 'tiktok', 'instagram'])[1 + number %% 3], 'search', 10, number %% 7 / 6, 500, 400, 0.02, at, at
FROM generate_series(1, 10000) AS number,
     LATERAL (SELECT now() - pg_temp.draw(number, 1) * interval '30 days') AS drawn (at);

-- name: secondary_indexes
-- All but keys, with what makes them again.
SELECT format('viralforge.%%I', relname), pg_get_indexdef(indexrelid)
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE indrelid = 'viralforge.scraped_posts'::regclass AND NOT indisunique;
