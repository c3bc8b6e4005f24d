-- name: make_stubs_stage
CREATE TEMP TABLE IF NOT EXISTS archived_posts (id uuid, last_scraped_at timestamptz, content text) ON COMMIT DELETE ROWS;

-- name: fill_stubs_stage
COPY pg_temp.archived_posts FROM STDIN;

-- name: hold_posts
-- In the order in which all writers lock.
SELECT FROM viralforge.scraped_posts WHERE id IN (SELECT id FROM pg_temp.archived_posts) ORDER BY id FOR NO KEY UPDATE;

-- name: make_stubs
-- A post that was seen again meanwhile, if at the same moment, stays whole unless it says what is in the archive. What
-- it keeps is what lists, views and lineage need.
UPDATE viralforge.scraped_posts AS post
SET raw_json = NULL, description = NULL, video_url = NULL, media_urls = NULL,
    archived_at = post.last_scraped_at
FROM pg_temp.archived_posts AS archived
WHERE post.id = archived.id AND post.last_scraped_at = archived.last_scraped_at AND post.erased_at IS NULL
  AND (post.archived_at IS NULL OR post.archived_at < post.last_scraped_at)
  AND md5(concat(raw_json::text, chr(31), description, chr(31), video_url, chr(31),
                 array_to_string(media_urls, chr(31)))) = content;

-- name: make_calls_stage
CREATE TEMP TABLE IF NOT EXISTS archived_calls (crew_execution_id bigint, id bigint, cost_usd numeric) ON COMMIT DELETE ROWS;

-- name: fill_calls_stage
COPY pg_temp.archived_calls FROM STDIN;

-- name: seal_calls
-- Their figures are those of calls that go: nobody counts these runs again.
UPDATE viralforge.crew_executions SET calls_archived_at = viralforge.clock()
WHERE id IN (SELECT crew_execution_id FROM pg_temp.archived_calls) AND calls_archived_at IS NULL;

-- name: delete_calls
-- A call that was priced anew meanwhile stays, and goes the next time.
DELETE FROM viralforge.crew_calls AS call USING pg_temp.archived_calls AS archived
WHERE (call.crew_execution_id, call.id) = (archived.crew_execution_id, archived.id)
  AND call.cost_usd IS NOT DISTINCT FROM archived.cost_usd;

-- name: be_patient
-- The month is read again meanwhile, on another connection.
SELECT set_config('idle_in_transaction_session_timeout', '0', true), set_config('statement_timeout', '0', true);

-- name: seal_funnel
INSERT INTO viralforge.sealed_funnel AS sealed (month, user_id, session_id, event_name, platform, created_at)
SELECT %(first)s::date, user_id, session_id, event_name, platform, max(created_at) FROM viralforge.app_events
WHERE created_at >= %(first)s AND created_at < %(last)s AND user_id IS NOT NULL
  AND event_name IN ('trend_discovery', 'trend_action', 'content_analysis', 'clip_generation')
GROUP BY user_id, session_id, event_name, platform
ON CONFLICT ON CONSTRAINT sealed_funnel_key
    DO UPDATE SET created_at = greatest(sealed.created_at, excluded.created_at);

-- name: seal_traced
INSERT INTO viralforge.sealed_traced AS sealed (month, trend_id, event_name, events)
SELECT %(first)s::date, (properties ->> 'trend_id')::bigint, event_name, count(*) FROM viralforge.app_events
WHERE created_at >= %(first)s AND created_at < %(last)s AND properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$'
GROUP BY 2, 3
ON CONFLICT (month, trend_id, event_name) DO UPDATE SET events = sealed.events + excluded.events;

-- name: reckon_growth
-- Posts whose spans stand on readings that go: the fold finds them anew from what stays.
INSERT INTO viralforge.post_deltas (scraped_post_id, platform, scraped_at, change)
SELECT id, platform, scraped_at, 0 FROM viralforge.scraped_posts
WHERE id IN (
    SELECT span.scraped_post_id FROM viralforge.growth_spans AS span
    JOIN viralforge.post_metrics_history AS seen USING (scraped_post_id)
    WHERE recorded_at >= %(first)s AND recorded_at < %(last)s);

-- name: daily
-- Of each UTC day the last reading.
SELECT DISTINCT ON (scraped_post_id, date_trunc('day', recorded_at, 'UTC'))
       scraped_post_id, recorded_at, views, likes, comments, shares, retweets, saves, velocity_score
FROM viralforge.post_metrics_history WHERE recorded_at >= %(first)s AND recorded_at < %(last)s
ORDER BY scraped_post_id, date_trunc('day', recorded_at, 'UTC'), recorded_at DESC;
