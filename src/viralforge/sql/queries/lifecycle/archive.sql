-- name: make_lake
-- The catalog of the archive's tables, which Iceberg makes itself.
CREATE SCHEMA IF NOT EXISTS viralforge_lake;

-- name: lake_owner
-- In whose name the catalog is made: of all admins, where there are such and this is one of them; no row where the
-- schema is missing.
SELECT CASE WHEN pg_get_userbyid(nspowner) <> current_user AND pg_has_role(nspowner, 'MEMBER')
            THEN pg_get_userbyid(nspowner) END
FROM pg_namespace WHERE nspname = 'viralforge_lake';

-- name: lake_exists
-- Whether there is a catalog that this user may read.
SELECT EXISTS (
    SELECT FROM pg_class AS catalog JOIN pg_namespace AS lake ON lake.oid = relnamespace
    WHERE nspname = 'viralforge_lake' AND relname = 'iceberg_tables'
      AND has_schema_privilege(lake.oid, 'USAGE') AND has_table_privilege(catalog.oid, 'SELECT'));

-- name: lake_hidden
-- Whether there is a catalog that this user may not read.
SELECT EXISTS (
    SELECT FROM pg_class AS catalog JOIN pg_namespace AS lake ON lake.oid = relnamespace
    WHERE nspname = 'viralforge_lake' AND relname = 'iceberg_tables'
      AND NOT (has_schema_privilege(lake.oid, 'USAGE') AND has_table_privilege(catalog.oid, 'SELECT')));

-- name: lake_tables
SELECT metadata_location FROM viralforge_lake.iceberg_tables WHERE metadata_location IS NOT NULL ORDER BY 1;

-- name: mark_copy
-- A warehouse that was restored while its archive was there, where the one it is a copy of may still be at work.
INSERT INTO viralforge_lake.iceberg_namespace_properties (catalog_name, namespace, property_key, property_value)
VALUES ('viralforge', 'viralforge', 'restored-copy', 'true') ON CONFLICT DO NOTHING;

-- name: has_properties
SELECT to_regclass('viralforge_lake.iceberg_namespace_properties') IS NOT NULL;

-- name: read_posts
-- The content of the next posts that were not seen since, and were not archived since they were seen last.
SELECT id::text, platform, external_id, url, title, description, author, author_id, published_at, content_type,
       language, views, likes, comments, shares, retweets, saves, thumbnail_url, video_url, media_urls, hashtags,
       mentions, keywords, duration_seconds, category, niche, detected_topics, raw_json::text, scraped_at,
       last_scraped_at, sightings, scrape_source, scrape_job_id, fetched_via
FROM (
    SELECT * FROM viralforge.scraped_posts
    WHERE last_scraped_at < %(until)s AND (archived_at IS NULL OR archived_at < last_scraped_at) AND erased_at IS NULL
    ORDER BY last_scraped_at LIMIT %(rows)s
) AS post
ORDER BY date_trunc('month', scraped_at, 'UTC'), id;

-- name: read_history
SELECT scraped_post_id::text, recorded_at, views, likes, comments, shares, retweets, saves, velocity_score
FROM viralforge.post_metrics_history
WHERE recorded_at >= %(first)s AND recorded_at < %(last)s
ORDER BY scraped_post_id, recorded_at;

-- name: read_events
SELECT created_at, event_id::text, received_at, user_agent, user_id, session_id, event_name, event_type, platform,
       country, properties::text
FROM viralforge.app_events AS event LEFT JOIN viralforge.user_agents AS agent ON agent.id = event.user_agent_id
WHERE created_at >= %(first)s AND created_at < %(last)s
ORDER BY created_at, event_id;

-- name: read_calls
-- Of runs that have ended.
SELECT crew_execution_id, call.id, call.started_at, kind, name, crew, agent, task, provider, model, call.duration_ms,
       call.tokens_in, call.tokens_out, call.tokens_cached, call.tokens_cache_write, call.tokens_reasoning,
       call.cost_usd, price_source, from_cache, ok, error, call_key::text
FROM viralforge.crew_calls AS call JOIN viralforge.crew_executions AS run ON run.id = crew_execution_id
WHERE started_at >= %(first)s AND started_at < %(last)s AND run.status <> 'running'
ORDER BY crew_execution_id, call.id;

-- name: plan_step
INSERT INTO viralforge.archive_steps (table_name, month, until, leaves, planned_at, changed_at)
VALUES (%(table)s, %(month)s, %(until)s, %(leaves)s, viralforge.clock(), viralforge.clock())
ON CONFLICT DO NOTHING;

-- name: steps
SELECT id, table_name, month, until, state, leaves, rows, bytes, hot_bytes, error, planned_at, changed_at
FROM viralforge.archive_steps
ORDER BY id DESC LIMIT %(limit)s;

-- name: next_step
-- What was begun goes on first.
SELECT id, table_name, month, until, state, leaves, attempt, files, checks
FROM viralforge.archive_steps
WHERE state NOT IN ('done', 'restored') AND id > %(after)s
ORDER BY id LIMIT 1;

-- name: latest_step
SELECT max(id) FROM viralforge.archive_steps;

-- name: plan_anew
UPDATE viralforge.archive_steps SET state = 'planned', changed_at = viralforge.clock()
WHERE state IN ('exporting', 'uploaded');

-- name: move_step
UPDATE viralforge.archive_steps
SET state = %(state)s, attempt = coalesce(%(attempt)s, attempt), files = coalesce(%(files)s, files),
    checks = coalesce(%(checks)s, checks), rows = coalesce(%(rows)s, rows), bytes = coalesce(%(bytes)s, bytes),
    hot_bytes = coalesce(%(hot_bytes)s, hot_bytes), error = %(error)s, changed_at = viralforge.clock()
WHERE id = %(id)s AND state = %(was)s AND attempt IS NOT DISTINCT FROM %(held)s;
