-- The foundation: posts and their history, trends and their sources, users and events, crews and
-- scrape jobs, what was turned away, and the daily rollup.

CREATE FUNCTION viralforge.post_id(platform text, external_id text) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- decode(…, 'escape') gives the UTF-8 bytes of a text and is immutable, which convert_to is not.
RETURN encode(substr(sha256(
    decode(replace(platform || chr(31) || external_id, '\', '\\'), 'escape')
), 1, 16), 'hex')::uuid;

CREATE TABLE viralforge.scraped_posts (
    id uuid NOT NULL,
    platform text NOT NULL,
    external_id text NOT NULL,
    url text,
    title text,
    description text,
    author text,
    author_id text,
    published_at timestamptz,
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
    scraped_at timestamptz NOT NULL,
    last_scraped_at timestamptz NOT NULL,
    sightings bigint NOT NULL DEFAULT 1,
    scrape_source text,
    scrape_job_id bigint,
    fetched_via text,
    last_reach bigint,
    last_reach_is_views boolean,
    prev_views bigint,
    prev_engagement_rate numeric,
    prev_hashtags text[],
    prev_last_scraped_at timestamptz,
    prev_reach bigint,
    prev_reach_is_views boolean,
    archived_at timestamptz,
    erased_at timestamptz,
    engagement_rate numeric GENERATED ALWAYS AS (
        CASE WHEN views > 0 AND coalesce(likes, comments, shares) IS NOT NULL
             THEN round((coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0))::numeric / views, 6)
        END) STORED,
    search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('pg_catalog.simple'::regconfig, left(coalesce(title, ''), 10000)), 'A')
        || setweight(to_tsvector('pg_catalog.simple'::regconfig, left(coalesce(description, ''), 50000)), 'B')
    ) STORED,
    CONSTRAINT scraped_posts_pkey PRIMARY KEY (id),
    CONSTRAINT scraped_posts_id_derived CHECK (id = viralforge.post_id(platform, external_id)),
    CONSTRAINT scraped_posts_counts CHECK (
        least(views, likes, comments, shares, retweets, saves) >= 0
        AND greatest(views, likes, comments, shares, retweets, saves) <= 1000000000000000),
    CONSTRAINT scraped_posts_source CHECK (
        scrape_source IN ('manual', 'scheduled', 'crew_ai', 'api', 'file')),
    CONSTRAINT scraped_posts_fetched_via CHECK (fetched_via IN ('official_api', 'scraper', 'export'))
);

CREATE INDEX scraped_posts_platform_rate_idx
    ON viralforge.scraped_posts (platform, engagement_rate DESC NULLS LAST, id);
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
    CONSTRAINT undated_payloads_post_fkey FOREIGN KEY (scraped_post_id)
        REFERENCES viralforge.scraped_posts (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE viralforge.undated_files (
    file_hash bytea NOT NULL,
    first_read_at timestamptz NOT NULL,
    CONSTRAINT undated_files_pkey PRIMARY KEY (file_hash)
);

CREATE TABLE viralforge.post_metrics_history (
    scraped_post_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL,
    views bigint,
    likes bigint,
    comments bigint,
    shares bigint,
    retweets bigint,
    saves bigint,
    engagement_rate numeric GENERATED ALWAYS AS (
        CASE WHEN views > 0 AND coalesce(likes, comments, shares) IS NOT NULL
             THEN round((coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0))::numeric / views, 6)
        END) STORED,
    velocity_score double precision,
    CONSTRAINT post_metrics_history_pkey PRIMARY KEY (scraped_post_id, recorded_at),
    CONSTRAINT post_metrics_history_post_fkey FOREIGN KEY (scraped_post_id)
        REFERENCES viralforge.scraped_posts (id) ON DELETE CASCADE
) PARTITION BY RANGE (recorded_at);

CREATE TABLE viralforge.users (
    id text NOT NULL,
    display_name text,
    analytics boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_pkey PRIMARY KEY (id)
);

CREATE TABLE viralforge.crew_executions (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    user_id text,
    crew_type text NOT NULL,
    status text NOT NULL,
    platforms text[],
    niches text[],
    start_time timestamptz NOT NULL,
    end_time timestamptz,
    duration_ms bigint,
    llm_calls bigint,
    tool_calls bigint,
    tokens_used bigint,
    cost_usd numeric(18, 9),
    trends_discovered bigint,
    posts_scraped bigint,
    output_data jsonb,
    error_message text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT crew_executions_pkey PRIMARY KEY (id),
    CONSTRAINT crew_executions_user_fkey FOREIGN KEY (user_id)
        REFERENCES viralforge.users (id) ON DELETE CASCADE,
    CONSTRAINT crew_executions_status CHECK (status IN ('running', 'completed', 'failed', 'stale'))
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
    started_at timestamptz NOT NULL,
    duration_ms bigint,
    tokens_in bigint,
    tokens_out bigint,
    tokens_cached bigint,
    tokens_reasoning bigint,
    cost_usd numeric(18, 9),
    from_cache boolean NOT NULL DEFAULT false,
    ok boolean NOT NULL DEFAULT true,
    error text,
    CONSTRAINT crew_calls_pkey PRIMARY KEY (crew_execution_id, id),
    CONSTRAINT crew_calls_execution_fkey FOREIGN KEY (crew_execution_id)
        REFERENCES viralforge.crew_executions (id) ON DELETE CASCADE,
    CONSTRAINT crew_calls_kind CHECK (kind IN ('llm', 'tool'))
);

CREATE TABLE viralforge.trends (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    title text NOT NULL,
    description text,
    category text,
    platform text,
    hashtags text[] NOT NULL DEFAULT '{}',
    hotness real,
    status text NOT NULL DEFAULT 'rising',
    crew_execution_id bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT trends_pkey PRIMARY KEY (id),
    CONSTRAINT trends_hotness CHECK (hotness BETWEEN 0 AND 100),
    CONSTRAINT trends_status CHECK (status IN ('rising', 'peaking', 'fading', 'over'))
);
CREATE INDEX trends_created_at_idx ON viralforge.trends (created_at);
CREATE INDEX trends_execution_idx ON viralforge.trends (crew_execution_id);

CREATE TABLE viralforge.trend_sources (
    trend_id bigint NOT NULL,
    scraped_post_id uuid NOT NULL,
    relevance_score real,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT trend_sources_pkey PRIMARY KEY (trend_id, scraped_post_id),
    CONSTRAINT trend_sources_trend_fkey FOREIGN KEY (trend_id)
        REFERENCES viralforge.trends (id) ON DELETE CASCADE,
    CONSTRAINT trend_sources_post_fkey FOREIGN KEY (scraped_post_id)
        REFERENCES viralforge.scraped_posts (id) ON DELETE CASCADE,
    CONSTRAINT trend_sources_relevance CHECK (relevance_score BETWEEN 0 AND 1)
);
CREATE INDEX trend_sources_post_idx ON viralforge.trend_sources (scraped_post_id);

-- The columns of a fixed width come first: none is padded. A user agent is its id in user_agents. Events come in the
-- order of their time, nearly: pages of the key need no room for others.
CREATE TABLE viralforge.app_events (
    created_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    event_id uuid NOT NULL,
    user_agent_id integer,
    user_id text,
    session_id text,
    event_name text NOT NULL,
    event_type text NOT NULL,
    platform text,
    country text,
    ip_hash bytea,
    properties jsonb,
    CONSTRAINT app_events_pkey PRIMARY KEY (created_at, event_id) WITH (fillfactor = 100),
    CONSTRAINT app_events_user_fkey FOREIGN KEY (user_id)
        REFERENCES viralforge.users (id) ON DELETE CASCADE
) PARTITION BY RANGE (created_at);
CREATE INDEX app_events_user_idx ON viralforge.app_events (user_id);
CREATE INDEX app_events_name_time_idx ON viralforge.app_events (event_name, created_at);
CREATE INDEX app_events_session_idx ON viralforge.app_events (session_id);
CREATE INDEX app_events_received_idx ON viralforge.app_events USING brin (received_at);

CREATE TABLE viralforge.scrape_jobs (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    crew_execution_id bigint,
    platform text NOT NULL,
    operation text NOT NULL,
    query text,
    tool text,
    requests bigint NOT NULL DEFAULT 0,
    cache_hits bigint NOT NULL DEFAULT 0,
    found bigint NOT NULL DEFAULT 0,
    new bigint NOT NULL DEFAULT 0,
    rejected bigint NOT NULL DEFAULT 0,
    errors bigint NOT NULL DEFAULT 0,
    quota_units bigint,
    cost_usd numeric(18, 9),
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT scrape_jobs_pkey PRIMARY KEY (id)
);
CREATE INDEX scrape_jobs_started_at_idx ON viralforge.scrape_jobs (started_at);
CREATE INDEX scrape_jobs_execution_idx ON viralforge.scrape_jobs (crew_execution_id);

CREATE TABLE viralforge.response_cache (
    key text NOT NULL,
    platform text,
    operation text,
    answer jsonb NOT NULL,
    fetched_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    hits bigint NOT NULL DEFAULT 0,
    saved_usd numeric(18, 9) NOT NULL DEFAULT 0,
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
    observed_at timestamptz,
    niche text,
    scrape_source text,
    scrape_job_id bigint,
    rejected_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT rejections_pkey PRIMARY KEY (id),
    CONSTRAINT rejections_payload_reason UNIQUE (payload_hash, reason)
);
CREATE INDEX rejections_reason_idx ON viralforge.rejections (reason, rejected_at);

CREATE TABLE viralforge.api_keys (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    name text NOT NULL,
    key_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    revoked_at timestamptz,
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
    erased_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT erased_pkey PRIMARY KEY (kind, key_hash),
    CONSTRAINT erased_kind CHECK (kind IN ('user', 'author', 'post'))
);

CREATE TABLE viralforge.job_runs (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    name text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    ok boolean,
    detail jsonb,
    CONSTRAINT job_runs_pkey PRIMARY KEY (id)
);
CREATE INDEX job_runs_name_idx ON viralforge.job_runs (name, started_at);

-- One row a day and platform, equal to the sums over the posts first scraped that day, once the
-- deltas that writers append are added; sums are numeric so that they are exact and cannot overflow.
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
