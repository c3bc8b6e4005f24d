-- name: clock
SELECT viralforge.clock();

-- name: make_stage
CREATE TEMP TABLE IF NOT EXISTS stage (
    id uuid, platform text, external_id text, url text, title text, description text, author text, author_id text,
    published_at timestamptz, content_type text, language text,
    views bigint, likes bigint, comments bigint, shares bigint, retweets bigint, saves bigint,
    thumbnail_url text, video_url text, media_urls text[], hashtags text[], mentions text[], keywords text[],
    duration_seconds real, category text, niche text, detected_topics text[],
    scrape_source text, scrape_job_id bigint, fetched_via text, raw_json jsonb,
    reach bigint, reach_is_views boolean, scraped_at timestamptz, observed_at timestamptz,
    whole boolean, is_sighting boolean, sightings bigint, is_new boolean,
    before_at timestamptz, before_reach bigint, before_is_views boolean
) ON COMMIT DELETE ROWS;

-- name: room_for_stage
-- A stage of a full batch is sorted and joined in memory.
SET LOCAL work_mem = '64MB';

-- name: fill_stage
COPY pg_temp.stage FROM STDIN;

-- name: from_copy
-- What is staged: one `whole` row a post, with its content, which may be a sighting too; `sightings` is how
-- many the row adds to those of its post once it is written, `is_new` whether it holds only if the post is new, and
-- `before_…` tell of the sighting before it if that is in the batch too.
SELECT * FROM pg_temp.stage;

-- name: from_json
-- The same from one JSON array, for a few posts; a moment that is not given is now.
SELECT id, platform, external_id, url, title, description, author, author_id, published_at, content_type, language,
       views, likes, comments, shares, retweets, saves, thumbnail_url, video_url, media_urls, hashtags, mentions,
       keywords, duration_seconds, category, niche, detected_topics, scrape_source, scrape_job_id, fetched_via,
       raw_json, reach, reach_is_views, coalesce(scraped_at, viralforge.clock()) AS scraped_at,
       coalesce(observed_at, viralforge.clock()) AS observed_at, whole, is_sighting, sightings, is_new,
       before_at, before_reach, before_is_views
FROM jsonb_to_recordset(%(rows)s::jsonb) AS given (
    id uuid, platform text, external_id text, url text, title text, description text, author text, author_id text,
    published_at timestamptz, content_type text, language text,
    views bigint, likes bigint, comments bigint, shares bigint, retweets bigint, saves bigint,
    thumbnail_url text, video_url text, media_urls text[], hashtags text[], mentions text[], keywords text[],
    duration_seconds real, category text, niche text, detected_topics text[],
    scrape_source text, scrape_job_id bigint, fetched_via text, raw_json jsonb,
    reach bigint, reach_is_views boolean, scraped_at timestamptz, observed_at timestamptz,
    whole boolean, is_sighting boolean, sightings bigint, is_new boolean,
    before_at timestamptz, before_reach bigint, before_is_views boolean);

-- name: has_erased_authors
SELECT EXISTS (SELECT FROM viralforge.erased WHERE kind = 'author');

-- name: erased_authors
-- Which of these authors were erased, by their places.
SELECT place - 1
FROM unnest(%(platforms)s::text[], %(ids)s::text[], %(names)s::text[])
     WITH ORDINALITY AS given (platform, author_id, author, place)
WHERE viralforge.is_erased_author(platform, author_id, author);

-- name: claim_undated
-- Which payloads without a capture time were never taken; sorted, so that two runs never wait for each other.
INSERT INTO viralforge.undated_payloads (scraped_post_id, payload_hash)
SELECT id, hash FROM unnest(%(ids)s::uuid[], %(hashes)s::bytea[]) AS given (id, hash) ORDER BY id, hash
ON CONFLICT DO NOTHING
RETURNING scraped_post_id, payload_hash;

-- name: note_files
INSERT INTO viralforge.undated_files (file_hash, first_read_at)
SELECT hash, viralforge.clock() FROM unnest(%(hashes)s::bytea[]) AS given (hash)
ON CONFLICT DO NOTHING;

-- name: first_read
SELECT file_hash, first_read_at FROM viralforge.undated_files WHERE file_hash = ANY(%(hashes)s);

-- name: last_seen
-- What is known of the posts of a batch that holds some more than once; nobody changes them until it is merged.
-- All are locked, not those alone: whoever locks in two goes meets others who do so, and both wait for ever.
SELECT id, last_scraped_at, last_reach, last_reach_is_views
FROM viralforge.scraped_posts WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE;

-- name: merge
-- New posts come in, known ones take over what a later sighting knows; its velocity needs no look-up,
-- since the row returned still holds what the sighting before it had. Known rows are locked in one order, and
-- updated rather than upserted: PostgreSQL works out a row's `search` before it meets the conflict, which
-- costs as much as the rest. `retitled` are those whose texts `retitle` has to write after this; `raced` counts
-- posts that came, or went, between our look and our write.
WITH locked AS MATERIALIZED (
    SELECT id, last_scraped_at FROM viralforge.scraped_posts
    WHERE id IN (SELECT id FROM staged WHERE whole) ORDER BY id FOR NO KEY UPDATE
), known AS (
    UPDATE viralforge.scraped_posts AS post SET
        url = coalesce(staged.url, post.url),
        author = coalesce(staged.author, post.author),
        author_id = coalesce(staged.author_id, post.author_id),
        published_at = coalesce(staged.published_at, post.published_at),
        content_type = coalesce(staged.content_type, post.content_type),
        language = coalesce(staged.language, post.language),
        views = coalesce(staged.views, post.views),
        likes = coalesce(staged.likes, post.likes),
        comments = coalesce(staged.comments, post.comments),
        shares = coalesce(staged.shares, post.shares),
        retweets = coalesce(staged.retweets, post.retweets),
        saves = coalesce(staged.saves, post.saves),
        thumbnail_url = coalesce(staged.thumbnail_url, post.thumbnail_url),
        video_url = coalesce(staged.video_url, post.video_url),
        media_urls = coalesce(staged.media_urls, post.media_urls),
        hashtags = coalesce(staged.hashtags, post.hashtags),
        mentions = coalesce(staged.mentions, post.mentions),
        keywords = coalesce(staged.keywords, post.keywords),
        duration_seconds = coalesce(staged.duration_seconds, post.duration_seconds),
        category = coalesce(staged.category, post.category),
        niche = coalesce(staged.niche, post.niche),
        detected_topics = coalesce(staged.detected_topics, post.detected_topics),
        scrape_source = coalesce(staged.scrape_source, post.scrape_source),
        scrape_job_id = coalesce(staged.scrape_job_id, post.scrape_job_id),
        fetched_via = coalesce(staged.fetched_via, post.fetched_via),
        raw_json = coalesce(staged.raw_json, post.raw_json),
        last_reach = staged.reach,
        last_reach_is_views = staged.reach_is_views,
        last_scraped_at = staged.observed_at,
        sightings = post.sightings
            + CASE WHEN staged.observed_at > post.last_scraped_at THEN staged.sightings ELSE 0 END,
        prev_views = post.views,
        prev_engagement_rate = post.engagement_rate,
        prev_hashtags = post.hashtags,
        prev_last_scraped_at = CASE
            WHEN staged.observed_at = post.last_scraped_at THEN post.prev_last_scraped_at
            ELSE coalesce(staged.before_at, post.last_scraped_at) END,
        prev_reach = CASE
            WHEN staged.observed_at = post.last_scraped_at THEN post.prev_reach
            WHEN staged.before_at IS NULL THEN post.last_reach ELSE staged.before_reach END,
        prev_reach_is_views = CASE
            WHEN staged.observed_at = post.last_scraped_at THEN post.prev_reach_is_views
            WHEN staged.before_at IS NULL THEN post.last_reach_is_views ELSE staged.before_is_views END
    FROM staged JOIN locked ON locked.id = staged.id
    WHERE staged.whole AND post.id = staged.id AND post.erased_at IS NULL
      AND (staged.observed_at > post.last_scraped_at
           OR staged.observed_at = post.last_scraped_at
              AND (coalesce(staged.reach_is_views, false), coalesce(staged.reach, -1))
                  > (coalesce(post.last_reach_is_views, false), coalesce(post.last_reach, -1)))
    RETURNING post.id, post.platform, post.scraped_at, post.last_scraped_at, post.hashtags, post.views,
              post.engagement_rate, post.prev_hashtags, post.prev_views, post.prev_engagement_rate,
              post.prev_last_scraped_at, post.prev_reach, post.prev_reach_is_views, false AS is_new,
              (staged.title IS NOT NULL AND staged.title IS DISTINCT FROM post.title)
              OR (staged.description IS NOT NULL AND staged.description IS DISTINCT FROM post.description) AS retitled
), fresh AS (
    INSERT INTO viralforge.scraped_posts AS post (
        id, platform, external_id, url, title, description, author, author_id, published_at, content_type, language,
        views, likes, comments, shares, retweets, saves, thumbnail_url, video_url, media_urls, hashtags, mentions,
        keywords, duration_seconds, category, niche, detected_topics, scrape_source, scrape_job_id, fetched_via,
        raw_json, last_reach, last_reach_is_views, scraped_at, last_scraped_at, sightings, prev_last_scraped_at,
        prev_reach, prev_reach_is_views)
    SELECT id, platform, external_id, url, title, description, author, author_id, published_at, content_type, language,
           views, likes, comments, shares, retweets, saves, thumbnail_url, video_url, media_urls, hashtags, mentions,
           keywords, duration_seconds, category, niche, detected_topics, scrape_source, scrape_job_id, fetched_via,
           raw_json, reach, reach_is_views, scraped_at, observed_at, sightings, before_at, before_reach, before_is_views
    FROM staged
    WHERE whole AND NOT EXISTS (SELECT FROM viralforge.scraped_posts AS post WHERE post.id = staged.id)
    ORDER BY id
    ON CONFLICT (id) DO NOTHING
    RETURNING id, platform, scraped_at, last_scraped_at, hashtags, views, engagement_rate, prev_hashtags, prev_views,
              prev_engagement_rate, prev_last_scraped_at, prev_reach, prev_reach_is_views, true AS is_new,
              false AS retitled
), merged AS (
    SELECT * FROM known UNION ALL SELECT * FROM fresh
), seen AS (
    INSERT INTO viralforge.post_metrics_history
        (scraped_post_id, recorded_at, views, likes, comments, shares, retweets, saves, velocity_score)
    SELECT staged.id, staged.observed_at, staged.views, staged.likes, staged.comments, staged.shares,
           staged.retweets, staged.saves,
           viralforge.velocity(merged.prev_reach, merged.prev_reach_is_views, merged.prev_last_scraped_at,
                               staged.reach, staged.reach_is_views, staged.observed_at)
    FROM merged JOIN staged ON staged.id = merged.id AND staged.whole AND staged.is_sighting
    LEFT JOIN locked ON locked.id = merged.id
    WHERE merged.is_new OR locked.last_scraped_at < merged.last_scraped_at
    RETURNING 1
), deltas AS (
    INSERT INTO viralforge.post_deltas
        (scraped_post_id, platform, scraped_at, change, hashtags, views, engagement_rate, was_hashtags, was_views,
         was_engagement_rate)
    SELECT id, platform, scraped_at, is_new::int, hashtags, views, engagement_rate,
           prev_hashtags, prev_views, prev_engagement_rate
    FROM merged
)
SELECT (SELECT count(*) FROM merged WHERE is_new) AS new,
       (SELECT count(*) FROM seen) AS seen,
       (SELECT count(*) FROM staged WHERE is_sighting) AS staged,
       (SELECT count(*) FROM staged
        LEFT JOIN locked ON locked.id = staged.id LEFT JOIN fresh ON fresh.id = staged.id
        WHERE staged.whole
          AND CASE WHEN locked.id IS NULL THEN fresh.id IS NULL ELSE staged.is_new END) AS raced,
       (SELECT array_agg(id) FROM known WHERE retitled) AS retitled;

-- name: retitle
-- The texts that `merge` left, of posts that are locked since.
UPDATE viralforge.scraped_posts AS post
SET title = coalesce(staged.title, post.title), description = coalesce(staged.description, post.description)
FROM staged WHERE post.id = ANY(%(ids)s) AND post.id = staged.id AND staged.whole;

-- name: complete
-- What `merge` left: sightings that came late, several of one post, better numbers of a known moment.
-- Every post here is locked since `merge`, so its history stands still.
WITH rest AS MATERIALIZED (
    SELECT staged.id, staged.observed_at AS at, staged.views, staged.likes, staged.comments, staged.shares,
           staged.retweets, staged.saves, staged.reach, staged.reach_is_views, staged.sightings,
           history.scraped_post_id IS NOT NULL AS known
    FROM staged
    JOIN viralforge.scraped_posts AS post ON post.id = staged.id AND post.erased_at IS NULL
    LEFT JOIN viralforge.post_metrics_history AS history
        ON history.scraped_post_id = staged.id AND history.recorded_at = staged.observed_at
    WHERE staged.is_sighting
      AND (history.scraped_post_id IS NULL
           OR (coalesce(staged.reach_is_views, false), coalesce(staged.reach, -1))
              > (history.views IS NOT NULL, coalesce(
                    history.views,
                    viralforge.interactions(history.likes, history.comments, history.shares), -1)))
), span AS (
    SELECT id, min(at) AS first, max(at) AS last FROM rest GROUP BY id
), bounds AS MATERIALIZED (
    -- From the reading before to the one after, so that nothing else of a long history is looked at.
    SELECT id, before, coalesce(before, first) AS low, coalesce(after, last) AS high
    FROM (
        SELECT id, first, last,
               (SELECT max(recorded_at) FROM viralforge.post_metrics_history
                WHERE scraped_post_id = span.id AND recorded_at < span.first) AS before,
               (SELECT min(recorded_at) FROM viralforge.post_metrics_history
                WHERE scraped_post_id = span.id AND recorded_at > span.last) AS after
        FROM span
    ) AS known
), readings AS (
    SELECT id, at, views, likes, comments, shares, retweets, saves, reach, reach_is_views, sightings,
           known AS stored, true AS changed, NULL::double precision AS velocity, false AS stays
    FROM rest
    UNION ALL
    SELECT bounds.id, recorded_at, views, likes, comments, shares, retweets, saves,
           coalesce(views, viralforge.interactions(likes, comments, shares)),
           CASE WHEN coalesce(views, likes, comments, shares) IS NOT NULL THEN views IS NOT NULL END, 0,
           true, false, velocity_score, before IS NOT NULL AND recorded_at = before
    FROM bounds
    JOIN viralforge.post_metrics_history AS history
        ON history.scraped_post_id = bounds.id
       AND recorded_at BETWEEN low AND high
    WHERE NOT EXISTS (SELECT FROM rest WHERE rest.id = bounds.id AND rest.at = recorded_at)
), paced AS MATERIALIZED (
    SELECT *, viralforge.velocity(
        lag(reach) OVER path, lag(reach_is_views) OVER path, lag(at) OVER path, reach, reach_is_views, at) AS pace
    FROM readings WINDOW path AS (PARTITION BY id ORDER BY at)
), added AS (
    INSERT INTO viralforge.post_metrics_history
        (scraped_post_id, recorded_at, views, likes, comments, shares, retweets, saves, velocity_score)
    SELECT id, at, views, likes, comments, shares, retweets, saves, pace FROM paced WHERE NOT stored
    RETURNING 1
), corrected AS (
    UPDATE viralforge.post_metrics_history AS history
    SET views = paced.views, likes = paced.likes, comments = paced.comments, shares = paced.shares,
        retweets = paced.retweets, saves = paced.saves, velocity_score = paced.pace
    FROM bounds JOIN paced ON paced.id = bounds.id AND paced.stored
    WHERE history.scraped_post_id = bounds.id AND history.recorded_at BETWEEN low AND high
      AND history.recorded_at = paced.at
      AND (paced.changed OR paced.velocity IS DISTINCT FROM paced.pace AND NOT paced.stays)
    RETURNING paced.changed
), counted AS (
    -- Only late ones: `merge` has counted what was later than all before. What came in just before the latest is what that
    -- is held against from now on, unless what was there says more: it may be in the archive by now.
    UPDATE viralforge.scraped_posts AS post
    SET sightings = post.sightings + late.sightings,
        prev_last_scraped_at = CASE WHEN is_before THEN late.at ELSE post.prev_last_scraped_at END,
        prev_reach = CASE WHEN is_before THEN late.reach ELSE post.prev_reach END,
        prev_reach_is_views = CASE WHEN is_before THEN late.reach_is_views ELSE post.prev_reach_is_views END
    FROM (
        SELECT DISTINCT ON (paced.id) paced.id, at, reach, reach_is_views,
               sum(CASE WHEN stored THEN 0 ELSE paced.sightings END) OVER (PARTITION BY paced.id) AS sightings,
               at < last_scraped_at
               AND (prev_last_scraped_at IS NULL
                    OR (at, coalesce(reach_is_views, false), coalesce(reach, -1))
                       > (prev_last_scraped_at, coalesce(prev_reach_is_views, false), coalesce(prev_reach, -1)))
               AS is_before
        FROM paced JOIN viralforge.scraped_posts AS known ON known.id = paced.id
        ORDER BY paced.id, at < last_scraped_at DESC, at DESC
    ) AS late
    WHERE post.id = late.id AND (late.sightings > 0 OR late.is_before)
), deltas AS (
    -- Nothing of the post itself is other than it was, but how it grew.
    INSERT INTO viralforge.post_deltas (scraped_post_id, platform, scraped_at, change)
    SELECT id, platform, scraped_at, 0 FROM span JOIN viralforge.scraped_posts USING (id)
)
SELECT (SELECT count(*) FROM added) + (SELECT count(*) FROM corrected WHERE changed) AS seen;

-- name: delete_post
-- With its history, sources and claims by cascade; the rollups lose what the post had put there, and the answers
-- kept so far, which may name it, are forgotten.
WITH gone AS (
    DELETE FROM viralforge.scraped_posts WHERE id = %(id)s
    RETURNING id, platform, scraped_at, hashtags, views, engagement_rate
), deltas AS (
    INSERT INTO viralforge.post_deltas
        (scraped_post_id, platform, scraped_at, change, was_hashtags, was_views, was_engagement_rate)
    SELECT id, platform, scraped_at, -1, hashtags, views, engagement_rate FROM gone
), forgotten AS (
    DELETE FROM viralforge.kept_answers WHERE EXISTS (SELECT FROM gone)
)
SELECT count(*) FROM gone;
