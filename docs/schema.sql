-- The schema `viralforge`, as the migrations leave it: written by `make schema`, held to the code by a test.
-- The monthly partitions of post_metrics_history and app_events are made when they are needed.

CREATE SCHEMA viralforge;

CREATE OR REPLACE FUNCTION viralforge.post_id(platform text, external_id text)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (encode(substr(sha256(decode(replace(((platform || chr(31)) || external_id), '\'::text, '\\'::text), 'escape'::text)), 1, 16), 'hex'::text))::uuid;

CREATE TABLE viralforge.alembic_version (
    version_num character varying(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE viralforge.scraped_posts (
    id uuid NOT NULL,
    platform text NOT NULL,
    external_id text NOT NULL,
    url text,
    title text,
    description text,
    author text,
    author_id text,
    published_at timestamp with time zone,
    content_type text,
    language text,
    views bigint,
    likes bigint,
    comments bigint,
    shares bigint,
    retweets bigint,
    saves bigint,
    thumbnail_url text,
    video_url text,
    media_urls text[],
    hashtags text[],
    mentions text[],
    keywords text[],
    duration_seconds real,
    category text,
    niche text,
    detected_topics text[],
    raw_json jsonb,
    scraped_at timestamp with time zone NOT NULL,
    last_scraped_at timestamp with time zone NOT NULL,
    sightings bigint DEFAULT 1 NOT NULL,
    scrape_source text,
    scrape_job_id bigint,
    fetched_via text,
    last_reach bigint,
    last_reach_is_views boolean,
    prev_views bigint,
    prev_engagement_rate numeric,
    prev_hashtags text[],
    prev_last_scraped_at timestamp with time zone,
    prev_reach bigint,
    prev_reach_is_views boolean,
    archived_at timestamp with time zone,
    erased_at timestamp with time zone,
    engagement_rate numeric GENERATED ALWAYS AS (
CASE
    WHEN ((views > 0) AND (COALESCE(likes, comments, shares) IS NOT NULL)) THEN round(((((COALESCE(likes, (0)::bigint) + COALESCE(comments, (0)::bigint)) + COALESCE(shares, (0)::bigint)))::numeric / (views)::numeric), 6)
    ELSE NULL::numeric
END) STORED,
    search tsvector GENERATED ALWAYS AS ((setweight(to_tsvector('simple'::regconfig, "left"(COALESCE(title, ''::text), 10000)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, "left"(COALESCE(description, ''::text), 50000)), 'B'::"char"))) STORED,
    CONSTRAINT scraped_posts_pkey PRIMARY KEY (id),
    CONSTRAINT scraped_posts_counts CHECK (((LEAST(views, likes, comments, shares, retweets, saves) >= 0) AND (GREATEST(views, likes, comments, shares, retweets, saves) <= '1000000000000000'::bigint))),
    CONSTRAINT scraped_posts_fetched_via CHECK ((fetched_via = ANY (ARRAY['official_api'::text, 'scraper'::text, 'export'::text]))),
    CONSTRAINT scraped_posts_id_derived CHECK ((id = viralforge.post_id(platform, external_id))),
    CONSTRAINT scraped_posts_source CHECK ((scrape_source = ANY (ARRAY['manual'::text, 'scheduled'::text, 'crew_ai'::text, 'api'::text, 'file'::text])))
);
CREATE INDEX scraped_posts_platform_rate_idx ON viralforge.scraped_posts (platform, engagement_rate DESC NULLS LAST, id);
CREATE INDEX scraped_posts_rate_idx ON viralforge.scraped_posts (engagement_rate DESC NULLS LAST, id);
CREATE INDEX scraped_posts_published_at_idx ON viralforge.scraped_posts (published_at);
CREATE INDEX scraped_posts_category_idx ON viralforge.scraped_posts (category);
CREATE INDEX scraped_posts_scraped_at_idx ON viralforge.scraped_posts (scraped_at);
CREATE INDEX scraped_posts_last_scraped_at_idx ON viralforge.scraped_posts (last_scraped_at);
CREATE INDEX scraped_posts_author_idx ON viralforge.scraped_posts (author_id, platform);
CREATE INDEX scraped_posts_hashtags_idx ON viralforge.scraped_posts USING gin (hashtags);
CREATE INDEX scraped_posts_keywords_idx ON viralforge.scraped_posts USING gin (keywords);
CREATE INDEX scraped_posts_search_idx ON viralforge.scraped_posts USING gin (search);

CREATE TABLE viralforge.undated_payloads (
    scraped_post_id uuid NOT NULL,
    payload_hash bytea NOT NULL,
    CONSTRAINT undated_payloads_pkey PRIMARY KEY (scraped_post_id, payload_hash),
    CONSTRAINT undated_payloads_post_fkey FOREIGN KEY (scraped_post_id) REFERENCES viralforge.scraped_posts(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE viralforge.undated_files (
    file_hash bytea NOT NULL,
    first_read_at timestamp with time zone NOT NULL,
    CONSTRAINT undated_files_pkey PRIMARY KEY (file_hash)
);

CREATE TABLE viralforge.post_metrics_history (
    scraped_post_id uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    views bigint,
    likes bigint,
    comments bigint,
    shares bigint,
    retweets bigint,
    saves bigint,
    engagement_rate numeric GENERATED ALWAYS AS (
CASE
    WHEN ((views > 0) AND (COALESCE(likes, comments, shares) IS NOT NULL)) THEN round(((((COALESCE(likes, (0)::bigint) + COALESCE(comments, (0)::bigint)) + COALESCE(shares, (0)::bigint)))::numeric / (views)::numeric), 6)
    ELSE NULL::numeric
END) STORED,
    velocity_score double precision,
    CONSTRAINT post_metrics_history_pkey PRIMARY KEY (scraped_post_id, recorded_at),
    CONSTRAINT post_metrics_history_post_fkey FOREIGN KEY (scraped_post_id) REFERENCES viralforge.scraped_posts(id) ON DELETE CASCADE
) PARTITION BY RANGE (recorded_at);

CREATE TABLE viralforge.users (
    id text NOT NULL,
    display_name text,
    analytics boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);

CREATE TABLE viralforge.crew_executions (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    user_id text,
    crew_type text NOT NULL,
    status text NOT NULL,
    platforms text[],
    niches text[],
    start_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone,
    duration_ms bigint,
    llm_calls bigint,
    tool_calls bigint,
    tokens_used bigint,
    cost_usd numeric(18,9),
    trends_discovered bigint,
    posts_scraped bigint,
    output_data jsonb,
    error_message text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT crew_executions_pkey PRIMARY KEY (id),
    CONSTRAINT crew_executions_status CHECK ((status = ANY (ARRAY['running'::text, 'completed'::text, 'failed'::text, 'stale'::text]))),
    CONSTRAINT crew_executions_user_fkey FOREIGN KEY (user_id) REFERENCES viralforge.users(id) ON DELETE CASCADE
);
CREATE INDEX crew_executions_type_start_idx ON viralforge.crew_executions (crew_type, start_time);
CREATE INDEX crew_executions_user_idx ON viralforge.crew_executions (user_id);

CREATE TABLE viralforge.crew_calls (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    crew_execution_id bigint NOT NULL,
    agent text,
    task text,
    kind text NOT NULL,
    name text NOT NULL,
    model text,
    started_at timestamp with time zone NOT NULL,
    duration_ms bigint,
    tokens_in bigint,
    tokens_out bigint,
    tokens_cached bigint,
    tokens_reasoning bigint,
    cost_usd numeric(18,9),
    from_cache boolean DEFAULT false NOT NULL,
    ok boolean DEFAULT true NOT NULL,
    error text,
    CONSTRAINT crew_calls_pkey PRIMARY KEY (crew_execution_id, id),
    CONSTRAINT crew_calls_kind CHECK ((kind = ANY (ARRAY['llm'::text, 'tool'::text]))),
    CONSTRAINT crew_calls_execution_fkey FOREIGN KEY (crew_execution_id) REFERENCES viralforge.crew_executions(id) ON DELETE CASCADE
);

CREATE TABLE viralforge.trends (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    title text NOT NULL,
    description text,
    category text,
    platform text,
    hashtags text[] DEFAULT '{}'::text[] NOT NULL,
    hotness real,
    status text DEFAULT 'rising'::text NOT NULL,
    crew_execution_id bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT trends_pkey PRIMARY KEY (id),
    CONSTRAINT trends_hotness CHECK (((hotness >= (0)::double precision) AND (hotness <= (100)::double precision))),
    CONSTRAINT trends_status CHECK ((status = ANY (ARRAY['rising'::text, 'peaking'::text, 'fading'::text, 'over'::text])))
);
CREATE INDEX trends_created_at_idx ON viralforge.trends (created_at);
CREATE INDEX trends_execution_idx ON viralforge.trends (crew_execution_id);

CREATE TABLE viralforge.trend_sources (
    trend_id bigint NOT NULL,
    scraped_post_id uuid NOT NULL,
    relevance_score real,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT trend_sources_pkey PRIMARY KEY (trend_id, scraped_post_id),
    CONSTRAINT trend_sources_relevance CHECK (((relevance_score >= (0)::double precision) AND (relevance_score <= (1)::double precision))),
    CONSTRAINT trend_sources_post_fkey FOREIGN KEY (scraped_post_id) REFERENCES viralforge.scraped_posts(id) ON DELETE CASCADE,
    CONSTRAINT trend_sources_trend_fkey FOREIGN KEY (trend_id) REFERENCES viralforge.trends(id) ON DELETE CASCADE
);
CREATE INDEX trend_sources_post_idx ON viralforge.trend_sources (scraped_post_id);

CREATE TABLE viralforge.app_events (
    event_id uuid NOT NULL,
    user_id text,
    session_id text,
    event_name text NOT NULL,
    event_type text NOT NULL,
    platform text,
    properties jsonb,
    user_agent text,
    ip_hash bytea,
    country text,
    created_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT app_events_pkey PRIMARY KEY (created_at, event_id),
    CONSTRAINT app_events_user_fkey FOREIGN KEY (user_id) REFERENCES viralforge.users(id) ON DELETE CASCADE
) PARTITION BY RANGE (created_at);
CREATE INDEX app_events_user_idx ON viralforge.app_events (user_id);
CREATE INDEX app_events_name_time_idx ON viralforge.app_events (event_name, created_at);
CREATE INDEX app_events_session_idx ON viralforge.app_events (session_id);

CREATE TABLE viralforge.scrape_jobs (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    crew_execution_id bigint,
    platform text NOT NULL,
    operation text NOT NULL,
    query text,
    tool text,
    requests bigint DEFAULT 0 NOT NULL,
    cache_hits bigint DEFAULT 0 NOT NULL,
    found bigint DEFAULT 0 NOT NULL,
    new bigint DEFAULT 0 NOT NULL,
    rejected bigint DEFAULT 0 NOT NULL,
    errors bigint DEFAULT 0 NOT NULL,
    quota_units bigint,
    cost_usd numeric(18,9),
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT scrape_jobs_pkey PRIMARY KEY (id)
);
CREATE INDEX scrape_jobs_started_at_idx ON viralforge.scrape_jobs (started_at);
CREATE INDEX scrape_jobs_execution_idx ON viralforge.scrape_jobs (crew_execution_id);

CREATE TABLE viralforge.response_cache (
    key text NOT NULL,
    platform text,
    operation text,
    answer jsonb NOT NULL,
    fetched_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    hits bigint DEFAULT 0 NOT NULL,
    saved_usd numeric(18,9) DEFAULT 0 NOT NULL,
    CONSTRAINT response_cache_pkey PRIMARY KEY (key)
);
CREATE INDEX response_cache_expires_at_idx ON viralforge.response_cache (expires_at);

CREATE TABLE viralforge.rejections (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    payload_hash bytea NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    platform text,
    shape text,
    origin text,
    payload jsonb,
    observed_at timestamp with time zone,
    niche text,
    scrape_source text,
    scrape_job_id bigint,
    rejected_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT rejections_pkey PRIMARY KEY (id),
    CONSTRAINT rejections_payload_reason UNIQUE (payload_hash, reason)
);
CREATE INDEX rejections_reason_idx ON viralforge.rejections (reason, rejected_at);

CREATE TABLE viralforge.api_keys (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    name text NOT NULL,
    key_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT api_keys_pkey PRIMARY KEY (id),
    CONSTRAINT api_keys_hash UNIQUE (key_hash)
);

CREATE TABLE viralforge.ip_salts (
    day date NOT NULL,
    salt bytea NOT NULL,
    CONSTRAINT ip_salts_pkey PRIMARY KEY (day)
);

CREATE TABLE viralforge.erased (
    kind text NOT NULL,
    key_hash bytea NOT NULL,
    erased_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT erased_pkey PRIMARY KEY (kind, key_hash),
    CONSTRAINT erased_kind CHECK ((kind = ANY (ARRAY['user'::text, 'author'::text, 'post'::text])))
);

CREATE TABLE viralforge.job_runs (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    name text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    ok boolean,
    detail jsonb,
    CONSTRAINT job_runs_pkey PRIMARY KEY (id)
);
CREATE INDEX job_runs_name_idx ON viralforge.job_runs (name, started_at);

CREATE TABLE viralforge.daily_rollup (
    day date NOT NULL,
    platform text NOT NULL,
    posts bigint NOT NULL,
    views numeric NOT NULL,
    views_known bigint NOT NULL,
    rate numeric NOT NULL,
    rates_known bigint NOT NULL,
    CONSTRAINT daily_rollup_pkey PRIMARY KEY (day, platform)
);

CREATE TABLE viralforge.daily_deltas (
    day date NOT NULL,
    platform text NOT NULL,
    posts bigint NOT NULL,
    views numeric NOT NULL,
    views_known bigint NOT NULL,
    rate numeric NOT NULL,
    rates_known bigint NOT NULL
);

CREATE TABLE viralforge.schema_state (
    objects_version integer NOT NULL,
    objects_hash text NOT NULL,
    objects_made text[] NOT NULL
);

-- What "now" is: the session's clock (viralforge.now, which tests set), else PostgreSQL's.
CREATE FUNCTION viralforge.clock() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('viralforge.now', true), '')::timestamptz, now());

-- Likes + comments + shares, where an unknown one counts as nothing; NULL when all three are unknown.
CREATE FUNCTION viralforge.interactions(likes bigint, comments bigint, shares bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN coalesce(likes, comments, shares) IS NOT NULL
            THEN coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0) END;

-- How far a post got: its views where the platform tells them, else its interactions.
CREATE FUNCTION viralforge.reach(views bigint, likes bigint, comments bigint, shares bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(views, viralforge.interactions(likes, comments, shares));

-- Relative growth per hour between two sightings; NULL on the first one or when the basis changed.
CREATE FUNCTION viralforge.velocity(
    before bigint, before_is_views boolean, before_at timestamptz,
    reach bigint, is_views boolean, at timestamptz
) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN before_is_views = is_views AND before_at < at
            THEN (reach - before)::double precision / greatest(before, 1)
                 / (extract(epoch FROM at - before_at)::double precision / 3600) END;

-- How long something took; NULL when an end is unknown, or lies before the start.
CREATE FUNCTION viralforge.milliseconds(start_time timestamptz, end_time timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN end_time >= start_time THEN (extract(epoch FROM end_time - start_time) * 1000)::bigint END;

CREATE VIEW viralforge.v_top_posts_by_platform AS
SELECT id, platform, external_id, url, title, author, views, likes, comments, shares, engagement_rate,
       hashtags, published_at, scraped_at
FROM viralforge.scraped_posts
WHERE engagement_rate IS NOT NULL
ORDER BY engagement_rate DESC NULLS LAST, id;

CREATE VIEW viralforge.v_trending_hashtags AS
SELECT hashtag, platform, count(*) AS post_count, sum(views) AS total_views,
       avg(engagement_rate) AS avg_engagement_rate
FROM viralforge.scraped_posts, unnest(hashtags) AS hashtag
WHERE scraped_at > viralforge.clock() - interval '7 days'
GROUP BY hashtag, platform
ORDER BY post_count DESC, hashtag, platform;

CREATE VIEW viralforge.v_daily_scraping_stats AS
SELECT day AS date, platform, sum(posts)::bigint AS posts_scraped,
       CASE WHEN sum(views_known) > 0 THEN sum(views) END AS total_views,
       sum(views) / nullif(sum(views_known), 0) AS avg_views,
       sum(rate) / nullif(sum(rates_known), 0) AS avg_engagement_rate
FROM (SELECT * FROM viralforge.daily_rollup UNION ALL SELECT * FROM viralforge.daily_deltas) AS parts
GROUP BY day, platform
HAVING sum(posts) > 0;

CREATE VIEW viralforge.v_user_engagement_funnel AS
SELECT user_id,
       count(DISTINCT session_id) FILTER (WHERE event_name = 'trend_discovery') AS discoveries,
       count(DISTINCT session_id) FILTER (WHERE event_name = 'trend_action') AS interactions,
       count(DISTINCT session_id) FILTER (WHERE event_name = 'content_analysis') AS analyses,
       count(DISTINCT session_id) FILTER (WHERE event_name = 'clip_generation') AS generations
FROM viralforge.app_events
WHERE user_id IS NOT NULL
  AND event_name IN ('trend_discovery', 'trend_action', 'content_analysis', 'clip_generation')
GROUP BY user_id;

CREATE MATERIALIZED VIEW viralforge.mv_popular_content_24h AS
SELECT id, platform, title, author, external_id, url, thumbnail_url, views, likes, comments, shares,
       hashtags, category, engagement_rate, published_at, scraped_at
FROM viralforge.scraped_posts
WHERE scraped_at > viralforge.clock() - interval '24 hours' AND views > 1000 AND engagement_rate IS NOT NULL
ORDER BY engagement_rate DESC, id
LIMIT 1000;

CREATE UNIQUE INDEX mv_popular_content_24h_id_idx ON viralforge.mv_popular_content_24h (id);

-- The materialized view belongs to its owner; this lets every role that may run the function refresh it.
CREATE FUNCTION viralforge.refresh_popular_content() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = viralforge, pg_temp
AS $$ BEGIN REFRESH MATERIALIZED VIEW CONCURRENTLY viralforge.mv_popular_content_24h; END $$;
REVOKE EXECUTE ON FUNCTION viralforge.refresh_popular_content() FROM public;
