-- name: one_snapshot
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;

-- name: profile
SELECT to_json(users)::text FROM viralforge.users WHERE id = %(user)s;

-- name: events
SELECT (to_jsonb(event) - 'ip_hash' || jsonb_build_object('ip_hash', encode(ip_hash, 'hex')))::text
FROM viralforge.v_app_events AS event WHERE user_id = %(user)s ORDER BY created_at, event_id;

-- name: executions
SELECT (to_jsonb(run) || jsonb_build_object('calls', (
    SELECT coalesce(jsonb_agg(call ORDER BY id), '[]') FROM viralforge.crew_calls AS call
    WHERE crew_execution_id = run.id)))::text
FROM viralforge.crew_executions AS run WHERE user_id = %(user)s ORDER BY id;

-- name: funnel
SELECT to_json(reached)::text FROM viralforge.v_user_engagement_funnel AS reached WHERE user_id = %(user)s;

-- name: funnel_sessions
SELECT to_json(kept)::text FROM viralforge.funnel_sessions AS kept WHERE user_id = %(user)s
ORDER BY event_name, session_id;

-- name: funnel_users
SELECT to_json(kept)::text FROM viralforge.funnel_users AS kept WHERE user_id = %(user)s ORDER BY event_name, platform;

-- name: sealed_funnel
SELECT to_json(kept)::text FROM viralforge.sealed_funnel AS kept WHERE user_id = %(user)s ORDER BY created_at;

-- name: outbox
SELECT to_json(waiting)::text
FROM viralforge.posthog_outbox AS waiting JOIN viralforge.app_events AS event USING (created_at, event_id)
WHERE user_id = %(user)s ORDER BY waiting.id;

-- name: posts
SELECT (to_jsonb(post) - ARRAY['search', 'prev_views', 'prev_engagement_rate', 'prev_hashtags', 'prev_last_scraped_at',
                               'prev_reach', 'prev_reach_is_views', 'last_reach', 'last_reach_is_views']
        || jsonb_build_object('history', (
            SELECT coalesce(jsonb_agg(to_jsonb(seen) - 'scraped_post_id' ORDER BY recorded_at), '[]')
            FROM viralforge.post_metrics_history AS seen WHERE scraped_post_id = post.id)))::text
FROM viralforge.scraped_posts AS post
WHERE platform = %(platform)s
  AND (author_id = %(author_id)s
       OR author_id IS NULL AND lower(author) IN (SELECT lower(name) FROM unnest(%(names)s::text[]) AS name))
ORDER BY scraped_at, id;

-- name: runs_of_user
SELECT id FROM viralforge.crew_executions WHERE user_id = %(user)s;

-- name: posts_of_author
SELECT id::text FROM viralforge.scraped_posts
WHERE platform = %(platform)s
  AND (author_id = %(author_id)s
       OR author_id IS NULL AND lower(author) IN (SELECT lower(name) FROM unnest(%(names)s::text[]) AS name));
