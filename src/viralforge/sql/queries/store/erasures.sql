-- name: request_erasure
-- One that is under way already is gone on with.
WITH known AS (
    SELECT id FROM viralforge.erasures
    WHERE kind = %(kind)s AND reference = %(reference)s AND done_at IS NULL ORDER BY id LIMIT 1
), made AS (
    INSERT INTO viralforge.erasures (kind, platform, key, reference, requested_at)
    SELECT %(kind)s, %(platform)s, %(subject)s, %(reference)s, viralforge.clock() WHERE NOT EXISTS (SELECT FROM known)
    RETURNING id
)
SELECT id FROM known UNION ALL SELECT id FROM made;

-- name: open_erasures
SELECT id FROM viralforge.erasures WHERE done_at IS NULL ORDER BY id;

-- name: subject_of
SELECT key FROM viralforge.erasures WHERE id = %(id)s AND done_at IS NULL;

-- name: remember
UPDATE viralforge.erasures SET key = %(subject)s WHERE id = %(id)s AND done_at IS NULL;

-- name: count_up
UPDATE viralforge.erasures AS erasure
SET stores = stores || (
    SELECT jsonb_object_agg(store, coalesce((stores ->> store)::bigint, 0) + rows::bigint)
    FROM jsonb_each_text(%(counts)s::jsonb) AS counted (store, rows))
WHERE id = %(id)s AND %(counts)s::jsonb <> '{}';

-- name: end_erasure
UPDATE viralforge.erasures SET key = NULL, done_at = viralforge.clock(), stores = %(zeros)s::jsonb || stores
WHERE id = %(id)s AND done_at IS NULL;

-- name: receipt
SELECT kind, reference, requested_at, done_at, stores,
       (SELECT secret FROM viralforge.secrets WHERE name = 'receipts') AS secret
FROM viralforge.erasures WHERE id = %(id)s;

-- name: receipts_secret
SELECT secret FROM viralforge.secrets WHERE name = 'receipts';

-- name: author_ids
-- Whose posts they are that this author is meant by: an id, else the ids of those who go by the name.
SELECT DISTINCT author_id FROM viralforge.scraped_posts
WHERE platform = %(platform)s AND author_id = %(author)s
UNION
SELECT DISTINCT author_id FROM viralforge.scraped_posts
WHERE platform = %(platform)s AND author_id IS NOT NULL
  AND lower(author) IN (SELECT lower(name) FROM unnest(%(names)s::text[]) AS name)
  AND NOT EXISTS (
      SELECT FROM viralforge.scraped_posts WHERE platform = %(platform)s AND author_id = %(author)s)
ORDER BY author_id LIMIT 10;

-- name: author_reference
SELECT viralforge.author_key(%(platform)s, %(author_id)s, NULL);

-- name: post_reference
SELECT viralforge.erased_key('post', %(post)s);

-- name: leave_author_tombstones
INSERT INTO viralforge.erased (kind, key_hash, erased_at)
SELECT 'author', key, viralforge.clock()
FROM (
    SELECT viralforge.author_key(%(platform)s, %(author_id)s, NULL) AS key
    UNION
    SELECT viralforge.author_key(%(platform)s, NULL, name) FROM unnest(%(names)s::text[]) AS name
) AS keys
ORDER BY key
ON CONFLICT DO NOTHING;

-- name: transactions
-- All that are under way in this database but our own. Each holds a lock on its virtual id from before it sees
-- anything until it ends; a transaction has a number of its own only once it has written.
SELECT coalesce(array_agg(virtualtransaction), '{}')
FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid)
WHERE locktype = 'virtualxid' AND granted AND mode = 'ExclusiveLock' AND pid <> pg_backend_pid()
  AND datid = (SELECT oid FROM pg_database WHERE datname = current_database());

-- name: posts_of_author
SELECT id, external_id, author FROM viralforge.scraped_posts
WHERE platform = %(platform)s AND erased_at IS NULL
  AND (author_id = %(author_id)s
       OR author_id IS NULL AND lower(author) IN (SELECT lower(name) FROM unnest(%(names)s::text[]) AS name));

-- name: post
SELECT id, platform, external_id, author FROM viralforge.scraped_posts WHERE id = %(id)s;

-- name: claim_post
-- Who saves the post in this moment waits for us, or we for them.
INSERT INTO viralforge.scraped_posts (id, platform, scraped_at, last_scraped_at, sightings, erased_at)
VALUES (%(id)s, %(platform)s, viralforge.clock(), viralforge.clock(), 0, viralforge.clock())
ON CONFLICT DO NOTHING;

-- name: hold_posts
-- From now on nobody writes to these posts; what was written before is seen by the statements that follow.
SELECT FROM viralforge.scraped_posts WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE;

-- name: uncount_posts
INSERT INTO viralforge.post_deltas
    (scraped_post_id, platform, scraped_at, change, was_hashtags, was_views, was_engagement_rate)
SELECT id, platform, scraped_at, -1, hashtags, views, engagement_rate
FROM viralforge.scraped_posts WHERE id = ANY(%(ids)s::uuid[]) AND erased_at IS NULL;

-- name: delete_post_metrics_history
DELETE FROM viralforge.post_metrics_history WHERE scraped_post_id = ANY(%(ids)s::uuid[]);

-- name: delete_trend_sources
DELETE FROM viralforge.trend_sources WHERE scraped_post_id = ANY(%(ids)s::uuid[]);

-- name: delete_undated_payloads
DELETE FROM viralforge.undated_payloads WHERE scraped_post_id = ANY(%(ids)s::uuid[]);

-- name: delete_scrape_job_posts
DELETE FROM viralforge.scrape_job_posts WHERE scraped_post_id = ANY(%(ids)s::uuid[]);

-- name: delete_kept_answers
-- Any of them may name whom it must not.
DELETE FROM viralforge.kept_answers;

-- name: blank_posts
UPDATE viralforge.scraped_posts SET
    external_id = NULL, url = NULL, title = NULL, description = NULL, author = NULL, author_id = NULL,
    published_at = NULL, content_type = NULL, language = NULL, views = NULL, likes = NULL, comments = NULL,
    shares = NULL, retweets = NULL, saves = NULL, thumbnail_url = NULL, video_url = NULL, media_urls = NULL,
    hashtags = NULL, mentions = NULL, keywords = NULL, duration_seconds = NULL, category = NULL, niche = NULL,
    detected_topics = NULL, raw_json = NULL, sightings = 0, scrape_source = NULL, scrape_job_id = NULL,
    fetched_via = NULL, last_reach = NULL, last_reach_is_views = NULL, prev_views = NULL, prev_engagement_rate = NULL,
    prev_hashtags = NULL, prev_last_scraped_at = NULL, prev_reach = NULL, prev_reach_is_views = NULL,
    archived_at = NULL, erased_at = viralforge.clock()
WHERE id = ANY(%(ids)s::uuid[]) AND erased_at IS NULL;

-- name: some_rejections
SELECT id::text, concat_ws(' ', detail, origin, payload::text) FROM viralforge.rejections
WHERE id > %(after)s::bigint AND (%(reason)s::text IS NULL OR reason = %(reason)s) ORDER BY id LIMIT 50;

-- name: delete_rejections
DELETE FROM viralforge.rejections WHERE id = ANY(%(keys)s::bigint[]);

-- name: some_cached_answers
SELECT encode(hash, 'hex'), answer FROM viralforge.cached_answers
WHERE hash > decode(%(after)s, 'hex') ORDER BY hash LIMIT 50;

-- name: delete_response_cache
DELETE FROM viralforge.response_cache
WHERE answer_hash IN (SELECT decode(key, 'hex') FROM unnest(%(keys)s::text[]) AS key);

-- name: delete_cached_answers
DELETE FROM viralforge.cached_answers WHERE hash IN (SELECT decode(key, 'hex') FROM unnest(%(keys)s::text[]) AS key);

-- name: some_cached_errors
SELECT key, error FROM viralforge.response_cache
WHERE key > %(after)s AND error IS NOT NULL ORDER BY key LIMIT 1000;

-- name: delete_cached_errors
DELETE FROM viralforge.response_cache WHERE key = ANY(%(keys)s::text[]) AND error IS NOT NULL;

-- name: some_executions
SELECT id::text, concat_ws(' ', output_data::text, error_message) FROM viralforge.crew_executions
WHERE id > %(after)s::bigint AND (output_data IS NOT NULL OR error_message IS NOT NULL) ORDER BY id LIMIT 100;

-- name: blank_executions
UPDATE viralforge.crew_executions SET output_data = NULL, error_message = NULL WHERE id = ANY(%(keys)s::bigint[]);

-- name: some_calls
SELECT concat(crew_execution_id, '/', id), error FROM viralforge.crew_calls
WHERE (crew_execution_id, id) > (split_part(%(after)s, '/', 1)::bigint, split_part(%(after)s, '/', 2)::bigint)
  AND error IS NOT NULL
ORDER BY crew_execution_id, id LIMIT 1000;

-- name: blank_calls
UPDATE viralforge.crew_calls SET error = NULL
WHERE (crew_execution_id, id) IN (
    SELECT split_part(key, '/', 1)::bigint, split_part(key, '/', 2)::bigint FROM unnest(%(keys)s::text[]) AS key);

-- name: some_jobs
SELECT id::text, query FROM viralforge.scrape_jobs
WHERE id > %(after)s::bigint AND query IS NOT NULL ORDER BY id LIMIT 1000;

-- name: blank_jobs
UPDATE viralforge.scrape_jobs SET query = NULL WHERE id = ANY(%(keys)s::bigint[]);
