-- name: make_posts_stage
CREATE TEMP TABLE IF NOT EXISTS restored_posts (
    id uuid, platform text, external_id text, url text, title text, description text, author text, author_id text,
    published_at timestamptz, content_type text, language text, views bigint, likes bigint, comments bigint,
    shares bigint, retweets bigint, saves bigint, thumbnail_url text, video_url text, media_urls text[],
    hashtags text[], mentions text[], keywords text[], duration_seconds real, category text, niche text,
    detected_topics text[], raw_json jsonb, scraped_at timestamptz, last_scraped_at timestamptz, sightings bigint,
    scrape_source text, scrape_job_id bigint, fetched_via text
) ON COMMIT DELETE ROWS;

-- name: make_history_stage
CREATE TEMP TABLE IF NOT EXISTS restored_history (
    scraped_post_id uuid, recorded_at timestamptz, views bigint, likes bigint, comments bigint, shares bigint,
    retweets bigint, saves bigint, velocity_score double precision
) ON COMMIT DELETE ROWS;

-- name: make_events_stage
CREATE TEMP TABLE IF NOT EXISTS restored_events (
    created_at timestamptz, event_id uuid, received_at timestamptz, user_agent text, user_id text, session_id text,
    event_name text, event_type text, platform text, country text, properties jsonb
) ON COMMIT DELETE ROWS;

-- name: make_calls_stage
CREATE TEMP TABLE IF NOT EXISTS restored_calls (
    crew_execution_id bigint, id bigint, started_at timestamptz, kind text, name text, crew text, agent text, task text,
    provider text, model text, duration_ms bigint, tokens_in bigint, tokens_out bigint, tokens_cached bigint,
    tokens_cache_write bigint, tokens_reasoning bigint, cost_usd numeric, price_source text, from_cache boolean,
    ok boolean, error text, call_key uuid
) ON COMMIT DELETE ROWS;

-- name: fill_posts_stage
COPY pg_temp.restored_posts FROM STDIN;

-- name: fill_history_stage
COPY pg_temp.restored_history FROM STDIN;

-- name: fill_events_stage
COPY pg_temp.restored_events FROM STDIN;

-- name: fill_calls_stage
COPY pg_temp.restored_calls FROM STDIN;

-- name: restore_posts
-- What a stub gave up, from the newest sighting that knew it; what it has again since is newer. A post that was deleted
-- or erased does not come back.
UPDATE viralforge.scraped_posts AS post
SET raw_json = coalesce(post.raw_json, kept.raw_json), description = coalesce(post.description, kept.description),
    video_url = coalesce(post.video_url, kept.video_url),
    media_urls = CASE WHEN kept.media_urls IS NULL OR post.media_urls IS NOT NULL THEN post.media_urls
                      ELSE ARRAY(SELECT jsonb_array_elements_text(kept.media_urls)) END
FROM (
    SELECT id, (array_agg(raw_json ORDER BY newness DESC) FILTER (WHERE raw_json IS NOT NULL))[1] AS raw_json,
           (array_agg(description ORDER BY newness DESC) FILTER (WHERE description IS NOT NULL))[1] AS description,
           (array_agg(video_url ORDER BY newness DESC) FILTER (WHERE video_url IS NOT NULL))[1] AS video_url,
           (array_agg(to_jsonb(media_urls) ORDER BY newness DESC) FILTER (WHERE media_urls IS NOT NULL))[1] AS media_urls
    FROM (
        SELECT *, (last_scraped_at, views IS NOT NULL,
                   coalesce(views, viralforge.interactions(likes, comments, shares), -1)) AS newness
        FROM pg_temp.restored_posts
    ) AS sightings
    GROUP BY id
) AS kept
WHERE post.id = kept.id AND post.archived_at IS NOT NULL AND post.erased_at IS NULL;

-- name: restore_history
-- Of posts that are still there; who would erase one waits until its readings can be seen.
INSERT INTO viralforge.post_metrics_history
    (scraped_post_id, recorded_at, views, likes, comments, shares, retweets, saves, velocity_score)
SELECT scraped_post_id, recorded_at, seen.views, seen.likes, seen.comments, seen.shares, seen.retweets, seen.saves,
       velocity_score
FROM pg_temp.restored_history AS seen JOIN viralforge.scraped_posts AS post ON post.id = scraped_post_id
WHERE post.erased_at IS NULL
ORDER BY scraped_post_id, recorded_at
FOR KEY SHARE OF post
ON CONFLICT DO NOTHING;

-- name: restore_events
-- Not those of users who were deleted since. What trends brought is what these events say, no more what was sealed.
WITH back AS (
    INSERT INTO viralforge.app_events
        (created_at, received_at, event_id, user_agent_id, user_id, session_id, event_name, event_type, platform,
         country, properties)
    SELECT event.created_at, received_at, event_id, agent.id, event.user_id, session_id, event_name, event_type,
           platform, country, properties
    FROM pg_temp.restored_events AS event
    LEFT JOIN viralforge.users AS known ON known.id = event.user_id
    LEFT JOIN viralforge.user_agents AS agent ON agent.user_agent = event.user_agent
    WHERE event.user_id IS NULL OR known.id IS NOT NULL
    ORDER BY event.created_at, event_id
    ON CONFLICT DO NOTHING
    RETURNING event_name, properties
), changed AS (
    INSERT INTO viralforge.traced_deltas (trend_id, event_name, events)
    SELECT trend_id, event_name, sum(events)
    FROM (
        SELECT (properties ->> 'trend_id')::bigint, event_name, 1 FROM back
        WHERE properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$'
        UNION ALL
        SELECT trend_id, event_name, -events FROM viralforge.sealed_traced
        WHERE month = (%(first)s::timestamptz AT TIME ZONE 'UTC')::date
    ) AS parts (trend_id, event_name, events)
    GROUP BY trend_id, event_name HAVING sum(events) <> 0
)
SELECT count(*) FROM back;

-- name: restore_calls
INSERT INTO viralforge.crew_calls
    (crew_execution_id, id, started_at, kind, name, crew, agent, task, provider, model, duration_ms, tokens_in,
     tokens_out, tokens_cached, tokens_cache_write, tokens_reasoning, cost_usd, price_source, from_cache, ok, error,
     call_key)
SELECT crew_execution_id, call.id, started_at, kind, name, crew, agent, task, provider, model, call.duration_ms,
       call.tokens_in, call.tokens_out, call.tokens_cached, tokens_cache_write, call.tokens_reasoning, call.cost_usd,
       price_source, from_cache, ok, error, call_key
FROM pg_temp.restored_calls AS call JOIN viralforge.crew_executions AS run ON run.id = crew_execution_id
ON CONFLICT DO NOTHING;

-- name: reckon_growth
INSERT INTO viralforge.post_deltas (scraped_post_id, platform, scraped_at, change)
SELECT id, platform, scraped_at, 0 FROM viralforge.scraped_posts
WHERE id IN (SELECT scraped_post_id FROM pg_temp.restored_history);

-- name: unseal_funnel
-- The events themselves are counted again.
DELETE FROM viralforge.sealed_funnel WHERE month = (%(first)s::timestamptz AT TIME ZONE 'UTC')::date;

-- name: unseal_traced
DELETE FROM viralforge.sealed_traced WHERE month = (%(first)s::timestamptz AT TIME ZONE 'UTC')::date;

-- name: note_restored
UPDATE viralforge.archive_steps SET state = 'restored', changed_at = viralforge.clock()
WHERE id = (
    SELECT max(id) FROM viralforge.archive_steps
    WHERE table_name = %(table)s AND month = %(month)s AND state IN ('done', 'restored'));
