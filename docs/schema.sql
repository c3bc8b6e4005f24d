-- The schema `viralforge`, as the migrations leave it: written by `make schema`, held to the code by a test.
-- The monthly partitions of post_metrics_history and app_events are made when they are needed.

CREATE SCHEMA viralforge;

CREATE OR REPLACE FUNCTION viralforge.post_id(platform text, external_id text)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (encode(substr(sha256(decode(replace(((platform || chr(31)) || external_id), '\'::text, '\\'::text), 'escape'::text)), 1, 16), 'hex'::text))::uuid;

CREATE OR REPLACE FUNCTION viralforge.untrace_deleted()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    INSERT INTO viralforge.traced_deltas (trend_id, event_name, events)
    SELECT (properties ->> 'trend_id')::bigint, event_name, -count(*) FROM gone
    WHERE properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$'
    GROUP BY 1, 2;
    RETURN NULL;
END $function$;

CREATE TABLE viralforge.alembic_version (
    version_num character varying(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE viralforge.scraped_posts (
    id uuid NOT NULL,
    platform text NOT NULL,
    external_id text,
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
    CONSTRAINT scraped_posts_external_id CHECK (((external_id IS NOT NULL) OR (erased_at IS NOT NULL))),
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
CREATE INDEX scraped_posts_whole_idx ON viralforge.scraped_posts (last_scraped_at) WHERE ((archived_at IS NULL) OR (archived_at < last_scraped_at));
CREATE INDEX scraped_posts_terms_idx ON viralforge.scraped_posts (platform, fetched_via, LEAST(num_nonnulls(views, likes, comments, shares, retweets, saves), 1), LEAST(num_nonnulls(title, description, author, author_id, thumbnail_url, video_url, raw_json), 1), last_scraped_at) WHERE (fetched_via IS NOT NULL);

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
    parent_execution_id bigint,
    tokens_in bigint,
    tokens_out bigint,
    tokens_cached bigint,
    tokens_reasoning bigint,
    posts_new bigint,
    calls_archived_at timestamp with time zone,
    CONSTRAINT crew_executions_pkey PRIMARY KEY (id),
    CONSTRAINT crew_executions_status CHECK ((status = ANY (ARRAY['running'::text, 'completed'::text, 'failed'::text, 'stale'::text]))),
    CONSTRAINT crew_executions_user_fkey FOREIGN KEY (user_id) REFERENCES viralforge.users(id) ON DELETE CASCADE
);
CREATE INDEX crew_executions_type_start_idx ON viralforge.crew_executions (crew_type, start_time);
CREATE INDEX crew_executions_user_idx ON viralforge.crew_executions (user_id);
CREATE INDEX crew_executions_running_idx ON viralforge.crew_executions (id) WHERE (status = 'running'::text);
CREATE INDEX crew_executions_start_time_idx ON viralforge.crew_executions (start_time);

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
    call_key uuid,
    crew text,
    provider text,
    tokens_cache_write bigint,
    price_source text,
    CONSTRAINT crew_calls_pkey PRIMARY KEY (crew_execution_id, id),
    CONSTRAINT crew_calls_kind CHECK ((kind = ANY (ARRAY['llm'::text, 'tool'::text]))),
    CONSTRAINT crew_calls_execution_fkey FOREIGN KEY (crew_execution_id) REFERENCES viralforge.crew_executions(id) ON DELETE CASCADE,
    CONSTRAINT crew_calls_key UNIQUE (crew_execution_id, call_key)
);
CREATE INDEX crew_calls_started_at_idx ON viralforge.crew_calls (started_at);
CREATE INDEX crew_calls_duration_idx ON viralforge.crew_calls (duration_ms DESC, started_at DESC) WHERE (duration_ms IS NOT NULL);

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
    reach_then bigint,
    CONSTRAINT trend_sources_pkey PRIMARY KEY (trend_id, scraped_post_id),
    CONSTRAINT trend_sources_relevance CHECK (((relevance_score >= (0)::double precision) AND (relevance_score <= (1)::double precision))),
    CONSTRAINT trend_sources_post_fkey FOREIGN KEY (scraped_post_id) REFERENCES viralforge.scraped_posts(id) ON DELETE CASCADE,
    CONSTRAINT trend_sources_trend_fkey FOREIGN KEY (trend_id) REFERENCES viralforge.trends(id) ON DELETE CASCADE
);
CREATE INDEX trend_sources_post_idx ON viralforge.trend_sources (scraped_post_id);

CREATE TABLE viralforge.app_events (
    created_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
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
    CONSTRAINT app_events_pkey PRIMARY KEY (created_at, event_id),
    CONSTRAINT app_events_user_fkey FOREIGN KEY (user_id) REFERENCES viralforge.users(id) ON DELETE CASCADE
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
    job_key uuid,
    saved_usd numeric(18,9),
    saved_units bigint,
    unknown_fields jsonb,
    rejected_shapes jsonb,
    alarms text[],
    CONSTRAINT scrape_jobs_pkey PRIMARY KEY (id),
    CONSTRAINT scrape_jobs_key UNIQUE (job_key)
);
CREATE INDEX scrape_jobs_started_at_idx ON viralforge.scrape_jobs (started_at);
CREATE INDEX scrape_jobs_execution_idx ON viralforge.scrape_jobs (crew_execution_id);

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
CREATE INDEX rejections_rejected_at_idx ON viralforge.rejections (rejected_at);

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

CREATE TABLE viralforge.post_deltas (
    scraped_post_id uuid NOT NULL,
    platform text NOT NULL,
    scraped_at timestamp with time zone NOT NULL,
    change smallint NOT NULL,
    hashtags text[],
    views bigint,
    engagement_rate numeric,
    was_hashtags text[],
    was_views bigint,
    was_engagement_rate numeric
);

CREATE TABLE viralforge.rollup_edges (
    rollup text NOT NULL,
    edge timestamp with time zone NOT NULL,
    CONSTRAINT rollup_edges_pkey PRIMARY KEY (rollup)
);

CREATE TABLE viralforge.hashtag_rollup (
    hashtag text NOT NULL,
    platform text NOT NULL,
    posts bigint NOT NULL,
    views numeric NOT NULL,
    views_known bigint NOT NULL,
    rate numeric NOT NULL,
    rates_known bigint NOT NULL,
    posts_before bigint NOT NULL,
    CONSTRAINT hashtag_rollup_pkey PRIMARY KEY (hashtag, platform)
);
CREATE INDEX hashtag_rollup_posts_idx ON viralforge.hashtag_rollup (posts DESC, hashtag, platform) WHERE (posts > 0);
CREATE INDEX hashtag_rollup_platform_idx ON viralforge.hashtag_rollup (platform, posts DESC, hashtag) WHERE (posts > 0);

CREATE TABLE viralforge.hashtag_across_rollup (
    hashtag text NOT NULL,
    platforms text[] NOT NULL,
    posts bigint NOT NULL,
    views numeric NOT NULL,
    views_known bigint NOT NULL,
    rate numeric NOT NULL,
    rates_known bigint NOT NULL,
    posts_before bigint NOT NULL,
    CONSTRAINT hashtag_across_rollup_pkey PRIMARY KEY (hashtag)
);
CREATE INDEX hashtag_across_rollup_posts_idx ON viralforge.hashtag_across_rollup (posts DESC, hashtag) WHERE (cardinality(platforms) > 1);

CREATE TABLE viralforge.growth_spans (
    scraped_post_id uuid NOT NULL,
    level smallint NOT NULL,
    span tstzrange NOT NULL,
    CONSTRAINT growth_spans_pkey PRIMARY KEY (scraped_post_id, level)
);
CREATE INDEX growth_spans_twofold_idx ON viralforge.growth_spans USING spgist (span) WHERE (level = 2);
CREATE INDEX growth_spans_tenfold_idx ON viralforge.growth_spans USING spgist (span) WHERE (level = 10);

CREATE TABLE viralforge.funnel_deltas (
    user_id text NOT NULL,
    session_id text,
    event_name text NOT NULL,
    platform text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT funnel_deltas_user_fkey FOREIGN KEY (user_id) REFERENCES viralforge.users(id) ON DELETE CASCADE
);
CREATE INDEX funnel_deltas_user_idx ON viralforge.funnel_deltas (user_id);

CREATE TABLE viralforge.funnel_rollup (
    user_id text NOT NULL,
    discoveries bigint NOT NULL,
    interactions bigint NOT NULL,
    analyses bigint NOT NULL,
    generations bigint NOT NULL,
    CONSTRAINT funnel_rollup_pkey PRIMARY KEY (user_id),
    CONSTRAINT funnel_rollup_user_fkey FOREIGN KEY (user_id) REFERENCES viralforge.users(id) ON DELETE CASCADE
);
CREATE INDEX funnel_rollup_furthest_idx ON viralforge.funnel_rollup (generations DESC, analyses DESC, interactions DESC, discoveries DESC, user_id);

CREATE TABLE viralforge.funnel_sessions (
    user_id text NOT NULL,
    event_name text NOT NULL,
    session_id text NOT NULL,
    CONSTRAINT funnel_sessions_pkey PRIMARY KEY (user_id, event_name, session_id),
    CONSTRAINT funnel_sessions_user_fkey FOREIGN KEY (user_id) REFERENCES viralforge.users(id) ON DELETE CASCADE
);

CREATE TABLE viralforge.funnel_users (
    user_id text NOT NULL,
    event_name text NOT NULL,
    platform text NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT funnel_users_pkey PRIMARY KEY (user_id, event_name, platform),
    CONSTRAINT funnel_users_user_fkey FOREIGN KEY (user_id) REFERENCES viralforge.users(id) ON DELETE CASCADE
);
CREATE INDEX funnel_users_stage_idx ON viralforge.funnel_users (event_name, platform, last_at);

CREATE TABLE viralforge.funnel_days (
    event_name text NOT NULL,
    platform text NOT NULL,
    day date NOT NULL,
    users bigint NOT NULL,
    CONSTRAINT funnel_days_pkey PRIMARY KEY (event_name, platform, day)
);

CREATE TABLE viralforge.traced_deltas (
    trend_id bigint NOT NULL,
    event_name text NOT NULL,
    events bigint NOT NULL
);

CREATE TABLE viralforge.traced_rollup (
    trend_id bigint NOT NULL,
    event_name text NOT NULL,
    events bigint NOT NULL,
    CONSTRAINT traced_rollup_pkey PRIMARY KEY (trend_id, event_name)
);

CREATE TABLE viralforge.kept_answers (
    question text NOT NULL,
    arguments jsonb NOT NULL,
    worked_out_at timestamp with time zone NOT NULL,
    rows jsonb NOT NULL,
    CONSTRAINT kept_answers_pkey PRIMARY KEY (question, arguments)
);

CREATE TABLE viralforge.user_agents (
    id integer GENERATED ALWAYS AS IDENTITY,
    user_agent text NOT NULL,
    user_agent_hash bytea NOT NULL,
    CONSTRAINT user_agents_pkey PRIMARY KEY (id),
    CONSTRAINT user_agents_hash UNIQUE (user_agent_hash)
);

CREATE TABLE viralforge.secrets (
    name text NOT NULL,
    secret bytea NOT NULL,
    CONSTRAINT secrets_pkey PRIMARY KEY (name)
);

CREATE TABLE viralforge.posthog_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY,
    created_at timestamp with time zone NOT NULL,
    event_id uuid NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_try_at timestamp with time zone,
    dead_at timestamp with time zone,
    error text,
    CONSTRAINT posthog_outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX posthog_outbox_waiting_idx ON viralforge.posthog_outbox (id) WHERE (dead_at IS NULL);
CREATE INDEX posthog_outbox_event_idx ON viralforge.posthog_outbox (created_at, event_id);
CREATE INDEX posthog_outbox_dead_idx ON viralforge.posthog_outbox (created_at, event_id) WHERE (dead_at IS NOT NULL);

CREATE TABLE viralforge.idempotency_keys (
    owner bigint NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    answer jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON viralforge.idempotency_keys (created_at);

CREATE TABLE viralforge.execution_keys (
    key uuid NOT NULL,
    crew_execution_id bigint NOT NULL,
    recorder uuid NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT execution_keys_pkey PRIMARY KEY (key)
);
CREATE INDEX execution_keys_execution_idx ON viralforge.execution_keys (crew_execution_id);
CREATE INDEX execution_keys_recorder_idx ON viralforge.execution_keys (recorder);

CREATE TABLE viralforge.scrape_job_posts (
    scraped_post_id uuid NOT NULL,
    scrape_job_id bigint NOT NULL,
    is_new boolean NOT NULL,
    CONSTRAINT scrape_job_posts_pkey PRIMARY KEY (scraped_post_id, scrape_job_id),
    CONSTRAINT scrape_job_posts_post_fkey FOREIGN KEY (scraped_post_id) REFERENCES viralforge.scraped_posts(id) ON DELETE CASCADE
);
CREATE INDEX scrape_job_posts_job_idx ON viralforge.scrape_job_posts (scrape_job_id);

CREATE TABLE viralforge.prices (
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    name text NOT NULL,
    provider text,
    valid_from date NOT NULL,
    valid_until date,
    input_usd numeric(18,9),
    cached_usd numeric(18,9),
    cache_write_usd numeric(18,9),
    output_usd numeric(18,9),
    each_usd numeric(18,9),
    CONSTRAINT prices_pkey PRIMARY KEY (id),
    CONSTRAINT prices_days CHECK ((valid_until > valid_from)),
    CONSTRAINT prices_kind CHECK ((kind = ANY (ARRAY['model'::text, 'tool'::text, 'unit'::text]))),
    CONSTRAINT prices_what CHECK ((((kind = 'model'::text) = (each_usd IS NULL)) AND ((kind = 'model'::text) = (input_usd IS NOT NULL)))),
    CONSTRAINT prices_since UNIQUE NULLS NOT DISTINCT (kind, name, provider, valid_from)
);

CREATE TABLE viralforge.cached_answers (
    hash bytea NOT NULL,
    answer bytea NOT NULL,
    CONSTRAINT cached_answers_pkey PRIMARY KEY (hash)
);

CREATE TABLE viralforge.response_cache (
    key text NOT NULL,
    platform text NOT NULL,
    operation text NOT NULL,
    answer_hash bytea,
    error text,
    fetched_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    stale_until timestamp with time zone NOT NULL,
    used_at timestamp with time zone NOT NULL,
    cost_usd numeric(18,9),
    quota_units bigint,
    hits bigint DEFAULT 0 NOT NULL,
    saved_usd numeric(18,9) DEFAULT 0 NOT NULL,
    saved_units bigint DEFAULT 0 NOT NULL,
    CONSTRAINT response_cache_pkey PRIMARY KEY (key),
    CONSTRAINT response_cache_outcome CHECK (((answer_hash IS NULL) <> (error IS NULL))),
    CONSTRAINT response_cache_answer_fkey FOREIGN KEY (answer_hash) REFERENCES viralforge.cached_answers(hash)
);
CREATE INDEX response_cache_stale_until_idx ON viralforge.response_cache (stale_until);
CREATE INDEX response_cache_answer_idx ON viralforge.response_cache (answer_hash);
CREATE INDEX response_cache_used_at_idx ON viralforge.response_cache (used_at);

CREATE TABLE viralforge.quota_windows (
    platform text NOT NULL,
    bucket text NOT NULL,
    seconds double precision NOT NULL,
    began_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    used bigint NOT NULL,
    most bigint NOT NULL,
    CONSTRAINT quota_windows_pkey PRIMARY KEY (platform, bucket, seconds, began_at)
);

CREATE TABLE viralforge.web_sessions (
    token_hash bytea NOT NULL,
    key_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT web_sessions_pkey PRIMARY KEY (token_hash),
    CONSTRAINT web_sessions_key_fkey FOREIGN KEY (key_id) REFERENCES viralforge.api_keys(id) ON DELETE CASCADE
);

CREATE TABLE viralforge.archive_steps (
    id bigint GENERATED ALWAYS AS IDENTITY,
    table_name text NOT NULL,
    month date,
    until timestamp with time zone NOT NULL,
    state text DEFAULT 'planned'::text NOT NULL,
    leaves text NOT NULL,
    attempt uuid,
    rows bigint,
    bytes bigint,
    hot_bytes bigint,
    files jsonb,
    checks jsonb,
    error text,
    planned_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT archive_steps_pkey PRIMARY KEY (id),
    CONSTRAINT archive_steps_leaves CHECK ((leaves = ANY (ARRAY['nothing'::text, 'daily'::text, 'stub'::text]))),
    CONSTRAINT archive_steps_state CHECK ((state = ANY (ARRAY['planned'::text, 'exporting'::text, 'uploaded'::text, 'verified'::text, 'removed'::text, 'done'::text, 'restored'::text]))),
    CONSTRAINT archive_steps_table CHECK ((table_name = ANY (ARRAY['posts'::text, 'history'::text, 'events'::text, 'calls'::text])))
);
CREATE UNIQUE INDEX archive_steps_under_way_idx ON viralforge.archive_steps (table_name, month) NULLS NOT DISTINCT WHERE (state <> ALL (ARRAY['done'::text, 'restored'::text]));
CREATE INDEX archive_steps_month_idx ON viralforge.archive_steps (table_name, month);

CREATE TABLE viralforge.sealed_funnel (
    month date NOT NULL,
    user_id text NOT NULL,
    session_id text,
    event_name text NOT NULL,
    platform text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT sealed_funnel_user_fkey FOREIGN KEY (user_id) REFERENCES viralforge.users(id) ON DELETE CASCADE,
    CONSTRAINT sealed_funnel_key UNIQUE NULLS NOT DISTINCT (month, user_id, session_id, event_name, platform)
);
CREATE INDEX sealed_funnel_user_idx ON viralforge.sealed_funnel (user_id);

CREATE TABLE viralforge.sealed_traced (
    month date NOT NULL,
    trend_id bigint NOT NULL,
    event_name text NOT NULL,
    events bigint NOT NULL,
    is_exact boolean DEFAULT true NOT NULL,
    CONSTRAINT sealed_traced_pkey PRIMARY KEY (month, trend_id, event_name)
);

CREATE TABLE viralforge.archive_debts (
    id bigint GENERATED ALWAYS AS IDENTITY,
    what text NOT NULL,
    post_ids uuid[] NOT NULL,
    CONSTRAINT archive_debts_pkey PRIMARY KEY (id),
    CONSTRAINT archive_debts_what CHECK ((what = ANY (ARRAY['posts'::text, 'numbers'::text, 'content'::text])))
);

CREATE TABLE viralforge.erasures (
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    platform text,
    key text,
    reference bytea NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    stores jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT erasures_pkey PRIMARY KEY (id),
    CONSTRAINT erasures_key CHECK (((key IS NULL) = (done_at IS NOT NULL))),
    CONSTRAINT erasures_kind CHECK ((kind = ANY (ARRAY['user'::text, 'anonymous user'::text, 'author'::text, 'post'::text])))
);
CREATE INDEX erasures_open_idx ON viralforge.erasures (id) WHERE (done_at IS NULL);

CREATE TABLE viralforge.granted_roles (
    kind text NOT NULL,
    role_name text NOT NULL,
    CONSTRAINT granted_roles_pkey PRIMARY KEY (kind),
    CONSTRAINT granted_roles_kind CHECK ((kind = ANY (ARRAY['reader'::text, 'reader_users'::text, 'writer'::text, 'admin'::text])))
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

-- When the first of the last so many UTC days began, the last of which is today.
CREATE FUNCTION viralforge.days_start(days integer) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN date_trunc('day', viralforge.clock(), 'UTC') - make_interval(days => days - 1);

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

-- What the kept rollups lack to be what is true now. The views add it, the fold writes it down. These are
-- functions so that PostgreSQL takes their rows for few, whatever it knows of the deltas, and keeps to the indexes
-- (before 18 a scan that is switched off looks so dear that it would start workers and a compiler for it). They
-- have their owner's rights, as the views have; whoever may use the schema may call them.

-- Hashtags: what the deltas change, and what enters and leaves the 7 days, and the 7 before, since the edge.
CREATE FUNCTION viralforge.hashtag_changes() RETURNS TABLE (
    hashtag text, platform text, posts bigint, views numeric, views_known bigint, rate numeric, rates_known bigint,
    posts_before bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
SET search_path = viralforge, pg_temp SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0
AS $$
#variable_conflict use_column
DECLARE
    kept timestamptz := (SELECT edge FROM rollup_edges WHERE rollup = 'hashtags');
    edge timestamptz := clock() - interval '7 days';
    lower timestamptz := least(kept, edge);
    upper timestamptz := greatest(kept, edge);
BEGIN
RETURN QUERY
    WITH parts AS (
        SELECT tag, delta.platform, delta.views, engagement_rate,
               (scraped_at > kept)::int AS week,
               (scraped_at <= kept)::int AS before
        FROM post_deltas AS delta, unnest(hashtags) AS tag
        WHERE change >= 0 AND tag IS NOT NULL AND scraped_at > kept - interval '7 days'
        UNION ALL
        SELECT tag, delta.platform, was_views, was_engagement_rate,
               -(scraped_at > kept)::int, -(scraped_at <= kept)::int
        FROM post_deltas AS delta, unnest(was_hashtags) AS tag
        WHERE change <= 0 AND tag IS NOT NULL AND scraped_at > kept - interval '7 days'
        UNION ALL
        SELECT tag, post.platform, post.views, engagement_rate,
               (scraped_at > edge)::int - (scraped_at > kept)::int,
               (scraped_at > edge - interval '7 days' AND scraped_at <= edge)::int
               - (scraped_at > kept - interval '7 days' AND scraped_at <= kept)::int
        FROM scraped_posts AS post, unnest(hashtags) AS tag
        WHERE tag IS NOT NULL
          AND (scraped_at > lower AND scraped_at <= upper
               OR scraped_at > lower - interval '7 days' AND scraped_at <= upper - interval '7 days')
    ), summed AS (
        SELECT tag, platform, sum(week) AS posts, coalesce(sum(week * views), 0) AS views,
               coalesce(sum(week) FILTER (WHERE views IS NOT NULL), 0) AS views_known,
               coalesce(sum(week * engagement_rate), 0) AS rate,
               coalesce(sum(week) FILTER (WHERE engagement_rate IS NOT NULL), 0) AS rates_known,
               sum(before) AS posts_before
        FROM parts GROUP BY tag, platform
    )
    SELECT * FROM summed
    WHERE (summed.posts, summed.views, summed.views_known, summed.rate, summed.rates_known, summed.posts_before)
          <> (0, 0, 0, 0, 0, 0);
END $$;

-- The funnel: sessions that are not counted yet, by user.
CREATE FUNCTION viralforge.funnel_changes() RETURNS TABLE (
    user_id text, discoveries bigint, interactions bigint, analyses bigint, generations bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
SET search_path = viralforge, pg_temp SET jit = off SET max_parallel_workers_per_gather = 0
AS $$
#variable_conflict use_column
BEGIN
RETURN QUERY
    SELECT user_id, count(session_id) FILTER (WHERE event_name = 'trend_discovery'),
           count(session_id) FILTER (WHERE event_name = 'trend_action'),
           count(session_id) FILTER (WHERE event_name = 'content_analysis'),
           count(session_id) FILTER (WHERE event_name = 'clip_generation')
    FROM (
        SELECT DISTINCT user_id, event_name,
               CASE WHEN NOT EXISTS (
                   SELECT FROM funnel_sessions AS kept
                   WHERE kept.user_id = delta.user_id AND kept.event_name = delta.event_name
                     AND kept.session_id = delta.session_id
               ) THEN session_id END AS session_id
        FROM funnel_deltas AS delta
    ) AS reached
    GROUP BY user_id;
END $$;

-- The days: posts and numbers by the day they were first seen.
CREATE VIEW viralforge.daily_changes AS
SELECT (scraped_at AT TIME ZONE 'UTC')::date AS day, platform, sum(change)::bigint AS posts,
       sum(coalesce(views, 0)::numeric - coalesce(was_views, 0)) AS views,
       sum((views IS NOT NULL)::int - (was_views IS NOT NULL)::int)::bigint AS views_known,
       sum(coalesce(engagement_rate, 0) - coalesce(was_engagement_rate, 0)) AS rate,
       sum((engagement_rate IS NOT NULL)::int - (was_engagement_rate IS NOT NULL)::int)::bigint AS rates_known
FROM viralforge.post_deltas GROUP BY 1, 2;

-- The spans as they are by now, of every post that was seen more than once. A reading counts by the basis that
-- the post's numbers have now, and holds until the next one.
CREATE VIEW viralforge.growth_now AS
SELECT post.id AS scraped_post_id, grown.level, grown.span
FROM viralforge.scraped_posts AS post
CROSS JOIN LATERAL (
    SELECT level::smallint, tstzrange(min(at), max(until)) AS span
    FROM (
        SELECT recorded_at AS at, reach,
               coalesce(lead(recorded_at) OVER (ORDER BY recorded_at), 'infinity') AS until
        FROM viralforge.post_metrics_history AS seen,
             LATERAL (SELECT CASE WHEN post.views IS NULL
                                  THEN viralforge.interactions(seen.likes, seen.comments, seen.shares)
                                  ELSE seen.views END) AS known (reach)
        WHERE seen.scraped_post_id = post.id AND reach IS NOT NULL
    ) AS readings, (VALUES (2), (10)) AS levels (level)
    WHERE readings.reach > 0
      AND viralforge.reach(post.views, post.likes, post.comments, post.shares) >= level * readings.reach
    GROUP BY level
) AS grown
WHERE post.sightings > 1;

-- What the rollups of events count: the events that are there, and what was kept of months that left.
CREATE VIEW viralforge.funnel_events AS
SELECT user_id, session_id, event_name, platform, created_at FROM viralforge.app_events
WHERE user_id IS NOT NULL
  AND event_name IN ('trend_discovery', 'trend_action', 'content_analysis', 'clip_generation')
UNION ALL
SELECT user_id, session_id, event_name, platform, created_at FROM viralforge.sealed_funnel;

CREATE VIEW viralforge.traced_events AS
SELECT (properties ->> 'trend_id')::bigint AS trend_id, event_name, 1::bigint AS events FROM viralforge.app_events
WHERE properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$'
UNION ALL
SELECT trend_id, event_name, events FROM viralforge.sealed_traced;

CREATE VIEW viralforge.v_top_posts_by_platform AS
SELECT id, platform, external_id, url, title, author, views, likes, comments, shares, engagement_rate,
       hashtags, published_at, scraped_at
FROM viralforge.scraped_posts
WHERE engagement_rate IS NOT NULL
ORDER BY engagement_rate DESC NULLS LAST, id;

-- Every post as lists show it. Growth and velocity are those since the sighting before the latest.
CREATE VIEW viralforge.v_posts AS
SELECT id, platform, external_id, url, title, author, author_id, content_type, category, niche, language, hashtags,
       thumbnail_url, views, likes, comments, shares, viralforge.reach(views, likes, comments, shares) AS reach,
       engagement_rate,
       viralforge.velocity(prev_reach, prev_reach_is_views, prev_last_scraped_at, last_reach, last_reach_is_views,
                           last_scraped_at) AS velocity_score,
       CASE WHEN prev_reach_is_views = last_reach_is_views THEN last_reach - prev_reach END AS growth,
       published_at, scraped_at, last_scraped_at, sightings, search
FROM viralforge.scraped_posts
WHERE erased_at IS NULL;

-- What is kept is in order already, and what changed is little: both are merged as far as somebody reads.
CREATE VIEW viralforge.v_trending_hashtags AS
WITH changes AS MATERIALIZED (SELECT * FROM viralforge.hashtag_changes())
SELECT hashtag, platform, posts AS post_count, CASE WHEN views_known > 0 THEN views END AS total_views,
       rate / nullif(rates_known, 0) AS avg_engagement_rate
FROM (
    (SELECT hashtag, platform, posts, views, views_known, rate, rates_known
     FROM viralforge.hashtag_rollup
     WHERE posts > 0 AND (hashtag, platform) NOT IN (SELECT hashtag, platform FROM changes)
     ORDER BY posts DESC, hashtag, platform)
    UNION ALL
    (SELECT hashtag, platform, coalesce(kept.posts, 0) + changes.posts AS posts,
            coalesce(kept.views, 0) + changes.views, coalesce(kept.views_known, 0) + changes.views_known,
            coalesce(kept.rate, 0) + changes.rate, coalesce(kept.rates_known, 0) + changes.rates_known
     FROM changes LEFT JOIN viralforge.hashtag_rollup AS kept USING (hashtag, platform)
     WHERE coalesce(kept.posts, 0) + changes.posts > 0
     ORDER BY posts DESC, hashtag, platform)
) AS counted
ORDER BY post_count DESC, hashtag, platform;

CREATE VIEW viralforge.v_daily_scraping_stats AS
SELECT day AS date, platform, sum(posts)::bigint AS posts_scraped,
       CASE WHEN sum(views_known) > 0 THEN sum(views) END AS total_views,
       sum(views) / nullif(sum(views_known), 0) AS avg_views,
       sum(rate) / nullif(sum(rates_known), 0) AS avg_engagement_rate
FROM (SELECT * FROM viralforge.daily_rollup UNION ALL SELECT * FROM viralforge.daily_changes) AS parts
GROUP BY day, platform
HAVING sum(posts) > 0;

CREATE VIEW viralforge.v_user_engagement_funnel AS
WITH changes AS MATERIALIZED (SELECT * FROM viralforge.funnel_changes())
SELECT user_id, discoveries, interactions, analyses, generations
FROM (
    (SELECT user_id, discoveries, interactions, analyses, generations
     FROM viralforge.funnel_rollup
     WHERE user_id NOT IN (SELECT user_id FROM changes)
     ORDER BY generations DESC, analyses DESC, interactions DESC, discoveries DESC, user_id)
    UNION ALL
    (SELECT user_id, coalesce(kept.discoveries, 0) + changes.discoveries AS discoveries,
            coalesce(kept.interactions, 0) + changes.interactions AS interactions,
            coalesce(kept.analyses, 0) + changes.analyses AS analyses,
            coalesce(kept.generations, 0) + changes.generations AS generations
     FROM changes LEFT JOIN viralforge.funnel_rollup AS kept USING (user_id)
     ORDER BY generations DESC, analyses DESC, interactions DESC, discoveries DESC, user_id)
) AS reached
ORDER BY generations DESC, analyses DESC, interactions DESC, discoveries DESC, user_id;

-- The day's posts are looked at first: in the order of rates PostgreSQL would go through those of all time.
CREATE MATERIALIZED VIEW viralforge.mv_popular_content_24h AS
WITH day AS MATERIALIZED (
    SELECT id, engagement_rate FROM viralforge.scraped_posts
    WHERE scraped_at > viralforge.clock() - interval '24 hours' AND views > 1000 AND engagement_rate IS NOT NULL
), best AS MATERIALIZED (
    SELECT id FROM day ORDER BY engagement_rate DESC, id LIMIT 1000
)
SELECT id, platform, title, author, external_id, url, thumbnail_url, views, likes, comments, shares,
       hashtags, category, engagement_rate, published_at, scraped_at
FROM best JOIN viralforge.scraped_posts USING (id)
ORDER BY engagement_rate DESC, id;

CREATE UNIQUE INDEX mv_popular_content_24h_id_idx ON viralforge.mv_popular_content_24h (id);

-- Events with every documented column, the user agent as its text.
CREATE VIEW viralforge.v_app_events AS
SELECT event_id, user_id, session_id, event_name, event_type, platform, properties, user_agent, ip_hash, country,
       created_at, received_at
FROM viralforge.app_events AS event LEFT JOIN viralforge.user_agents AS agent ON agent.id = event.user_agent_id;

-- The materialized view belongs to its owner; this lets every role that may run the function refresh it.
CREATE FUNCTION viralforge.refresh_popular_content() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = viralforge, pg_temp
AS $$ BEGIN REFRESH MATERIALIZED VIEW CONCURRENTLY viralforge.mv_popular_content_24h; END $$;
REVOKE EXECUTE ON FUNCTION viralforge.refresh_popular_content() FROM public;

-- A month of a partitioned table, made with the rights of the tables' owner for every writer; whether it was missing.
-- Built whole beside its table, then attached: no writer waits for the build, nor for a scan (the CHECK). Attaching
-- needs a lock that writers feel, so whoever calls this sets lock_timeout, else it gives way after two seconds.
CREATE FUNCTION viralforge.make_month(parent text, month date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = viralforge, pg_temp
AS $$
DECLARE
    dated text := CASE parent WHEN 'post_metrics_history' THEN 'recorded_at' WHEN 'app_events' THEN 'created_at' END;
    child text := parent || to_char(month, '_YYYY_MM');
    first text := month || ' 00:00:00+00';
    next text := (month + interval '1 month')::date || ' 00:00:00+00';
BEGIN
    IF dated IS NULL OR month <> date_trunc('month', month) OR month NOT BETWEEN '1900-01-01' AND now() + interval '5 years'
    THEN
        RAISE invalid_parameter_value USING MESSAGE = format('%s has no month %s', parent, month);
    END IF;
    IF current_setting('lock_timeout') = '0' THEN
        PERFORM set_config('lock_timeout', '2s', true);
    END IF;
    PERFORM pg_advisory_xact_lock(x'56460002'::int);
    IF EXISTS (
        SELECT FROM pg_inherits
        WHERE inhparent = ('viralforge.' || parent)::regclass AND inhrelid = to_regclass('viralforge.' || child)
    ) THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE viralforge.%I (LIKE viralforge.%I INCLUDING DEFAULTS INCLUDING GENERATED '
                   'INCLUDING INDEXES)', child, parent);
    EXECUTE format('ALTER TABLE viralforge.%I ADD CONSTRAINT %I CHECK (%I >= %L AND %I < %L)',
                   child, child || '_month', dated, first, dated, next);
    EXECUTE format('ALTER TABLE viralforge.%I ATTACH PARTITION viralforge.%I FOR VALUES FROM (%L) TO (%L)',
                   parent, child, first, next);
    EXECUTE format('ALTER TABLE viralforge.%I DROP CONSTRAINT %I', child, child || '_month');
    RETURN true;
END $$;

-- Who may be named.

-- The only name of the erased: the same for the same key in this database, and nothing elsewhere.
CREATE FUNCTION viralforge.erased_key(kind text, key text) RETURNS bytea
LANGUAGE sql STABLE
RETURN (
    SELECT sha256(secret || sha256(secret || convert_to(kind || chr(31) || key, 'UTF8')))
    FROM viralforge.secrets WHERE name = 'erased'
);

-- What an author is remembered by: the platform with the id, or with the name where there is no id.
CREATE FUNCTION viralforge.author_key(platform text, author_id text, author text) RETURNS bytea
LANGUAGE sql STABLE
RETURN viralforge.erased_key(
    'author', platform || chr(31) || coalesce('id' || chr(31) || author_id, 'name' || chr(31) || lower(author)));

-- Whether a post of this author may not come in. Whoever asks looks first whether anybody was erased at all: this is
-- opaque to the planner, so that it costs nothing where it is not called.
CREATE FUNCTION viralforge.is_erased_author(platform text, author_id text, author text) RETURNS boolean
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM viralforge.erased
        WHERE kind = 'author' AND key_hash = viralforge.author_key(platform, author_id, author));
END $$;

-- Makes the users that are missing and may be there; says whom nobody may name: who refuses, and who was erased. An
-- erasure holds the user's row, there or not, until it is done: that is what a new row waits for, and the statement
-- after it sees who was erased meanwhile.
CREATE FUNCTION viralforge.know_users(named text[]) RETURNS text[]
LANGUAGE plpgsql
AS $$
DECLARE
    strangers text[];
    nameless text[];
BEGIN
    SELECT array_agg(given.id ORDER BY given.id) FILTER (WHERE known.id IS NULL),
           array_agg(given.id) FILTER (WHERE NOT known.analytics)
    INTO strangers, nameless
    FROM unnest(named) AS given (id) LEFT JOIN viralforge.users AS known ON known.id = given.id;
    IF strangers IS NULL THEN
        RETURN nameless;
    END IF;
    INSERT INTO viralforge.users (id, created_at)
    SELECT stranger, viralforge.clock() FROM unnest(strangers) AS stranger
    WHERE NOT EXISTS (
        SELECT FROM viralforge.erased
        WHERE kind = 'user' AND key_hash = viralforge.erased_key('user', stranger))
    ON CONFLICT DO NOTHING;
    DELETE FROM viralforge.users AS made
    WHERE made.id = ANY (strangers) AND EXISTS (
        SELECT FROM viralforge.erased
        WHERE kind = 'user' AND key_hash = viralforge.erased_key('user', made.id));
    RETURN nameless || ARRAY(
        SELECT stranger FROM unnest(strangers) AS stranger
        WHERE NOT EXISTS (SELECT FROM viralforge.users AS known WHERE known.id = stranger AND known.analytics));
END $$;

-- What an operation of a platform brought in the last day against the two weeks before it: posts a request that fell
-- to less than half, and shares (of failures, of rejections in all and by shape, of posts that do not tell a field)
-- that rose by a fifth of everything and to twice what they were. Few requests say nothing.
CREATE VIEW viralforge.v_yield_alarms AS
WITH jobs AS (
    SELECT platform, operation, started_at > viralforge.clock() - interval '24 hours' AS lately, requests, found,
           rejected, errors, unknown_fields, rejected_shapes
    FROM viralforge.scrape_jobs
    WHERE started_at > viralforge.clock() - interval '15 days' AND requests > 0
),
totals AS (
    SELECT platform, operation, lately, sum(requests) AS requests, sum(found) AS found, sum(rejected) AS rejected,
           sum(least(errors, requests)) AS errors, sum(found) FILTER (WHERE unknown_fields IS NOT NULL) AS posts_counted,
           sum(found + rejected) FILTER (WHERE rejected_shapes IS NOT NULL) AS records_counted
    FROM jobs
    GROUP BY platform, operation, lately
    HAVING sum(requests) >= 5
),
named AS (
    SELECT platform, operation, lately, what, name, sum(number::bigint) AS number
    FROM jobs, LATERAL (
        SELECT 'unknown', key, value FROM jsonb_each_text(unknown_fields)
        UNION ALL SELECT 'rejected', key, value FROM jsonb_each_text(rejected_shapes)
    ) AS each (what, name, number)
    GROUP BY platform, operation, lately, what, name
),
measured AS (
    SELECT platform, operation, lately, measure, value
    FROM totals, LATERAL (VALUES
        ('posts a request', found / requests), ('failed requests', errors / requests),
        ('rejected records', rejected / nullif(found + rejected, 0))
    ) AS each (measure, value)
    UNION ALL
    SELECT platform, operation, lately, what || ' ' || name,
           number / nullif(CASE what WHEN 'unknown' THEN posts_counted ELSE records_counted END, 0)
    FROM totals JOIN named USING (platform, operation, lately)
),
compared AS (
    SELECT now.platform, now.operation, now.measure, lately.requests::bigint AS requests, now.value AS lately,
           -- A shape that was never turned away before has no count of it.
           CASE WHEN now.measure LIKE 'rejected %' AND now.measure <> 'rejected records'
                     AND before.records_counted > 0 THEN coalesce(usual.value, 0) ELSE usual.value END AS usual
    FROM measured AS now
    JOIN totals AS lately USING (platform, operation, lately)
    JOIN totals AS before ON before.platform = now.platform AND before.operation = now.operation AND NOT before.lately
    LEFT JOIN measured AS usual ON usual.platform = now.platform AND usual.operation = now.operation
                               AND usual.measure = now.measure AND NOT usual.lately
    WHERE now.lately AND before.requests >= 20
)
SELECT platform, operation, measure, round(usual, 4) AS usual, round(lately, 4) AS lately, requests
FROM compared
WHERE CASE measure WHEN 'posts a request' THEN lately < usual / 2
      ELSE lately > usual * 2 AND lately > usual + 0.2 END
ORDER BY platform, operation, measure;

-- The queries that took most of the server's time, where the extension pg_stat_statements tells; else those that have
-- run for more than a second now.
CREATE FUNCTION viralforge.slow_queries() RETURNS TABLE (query text, calls bigint, mean_ms float8, total_ms float8)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF to_regclass('pg_stat_statements') IS NOT NULL THEN
        BEGIN
            RETURN QUERY EXECUTE
                'SELECT left(query, 300), calls, mean_exec_time, total_exec_time FROM pg_stat_statements '
                'WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())';
            RETURN;
        EXCEPTION WHEN insufficient_privilege OR object_not_in_prerequisite_state THEN
            NULL;  -- the extension is there, and was not loaded with the server or is not ours to read
        END;
    END IF;
    RETURN QUERY
        SELECT left(running.query, 300), 1::bigint, ms, ms
        FROM pg_stat_activity AS running,
             LATERAL (SELECT extract(epoch FROM now() - query_start)::float8 * 1000) AS since (ms)
        WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND ms > 1000;
END $$;

-- The last reading of a post at or before a moment that tells its reach, on the basis of the numbers that the post has
-- now; no row where none does. These functions are plain enough that PostgreSQL plans them as part of the query.
CREATE FUNCTION viralforge.reading_by(post_id uuid, by_views boolean, moment timestamptz)
RETURNS TABLE (recorded_at timestamptz, reach bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
    SELECT seen.recorded_at, known.reach
    FROM viralforge.post_metrics_history AS seen,
         LATERAL (SELECT CASE WHEN by_views THEN seen.views
                              ELSE viralforge.interactions(seen.likes, seen.comments, seen.shares) END) AS known (reach)
    WHERE seen.scraped_post_id = post_id AND known.reach IS NOT NULL AND seen.recorded_at <= moment
    ORDER BY seen.recorded_at DESC LIMIT 1;
END;

-- The reach that a post with this reach gained since a moment: since the last reading at or before it, else since
-- publication if that was later, else since the first reading; NULL where no reading tells.
CREATE FUNCTION viralforge.growth_since(
    moment timestamptz, post_id uuid, by_views boolean, reach bigint, published_at timestamptz)
RETURNS TABLE (growth bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
    SELECT growth_since.reach - CASE
        WHEN before.reach IS NOT NULL THEN before.reach
        WHEN published_at > moment THEN 0
        ELSE (
            SELECT known.reach
            FROM viralforge.post_metrics_history AS seen,
                 LATERAL (SELECT CASE WHEN by_views THEN seen.views
                                      ELSE viralforge.interactions(seen.likes, seen.comments, seen.shares) END
                 ) AS known (reach)
            WHERE seen.scraped_post_id = post_id AND known.reach IS NOT NULL
            ORDER BY seen.recorded_at LIMIT 1) END
    FROM (SELECT) AS one LEFT JOIN LATERAL viralforge.reading_by(post_id, by_views, moment) AS before ON true;
END;

-- How a source grew since its trend was called: its reach then (NULL: not known), its reach now, and the latter as a
-- multiple. `kept` is what was kept of the reading of then when that left the hot tables.
CREATE FUNCTION viralforge.source_growth(post_id uuid, called_at timestamptz, kept bigint)
RETURNS TABLE (reach_then bigint, reach bigint, growth double precision)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
    SELECT coalesce(kept, seen.reach), now.reach,
           now.reach::double precision / nullif(coalesce(kept, seen.reach), 0)
    FROM viralforge.scraped_posts AS post
    CROSS JOIN LATERAL (
        SELECT viralforge.reach(post.views, post.likes, post.comments, post.shares)
    ) AS now (reach)
    LEFT JOIN LATERAL viralforge.reading_by(post.id, post.views IS NOT NULL, called_at) AS seen ON true
    WHERE post.id = post_id;
END;

-- What whoever reads may see of users: who may read `users` sees their ids, who may not sees pseudonyms, which are the
-- same everywhere in this database and tell nobody an id. These views have their owner's rights.

-- Events, without what their properties say but the trend and the content platform they name. One half of it is never
-- run: who sees users gets the column itself, which sorts faster than what is worked out for each row.
CREATE VIEW viralforge.v_events AS
SELECT event.created_at, event.received_at, event.event_id, event.user_key, event.session_id, event.event_name,
       event.event_type, event.platform, event.country, agent.user_agent,
       CASE WHEN event.properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$'
            THEN (event.properties ->> 'trend_id')::bigint END AS trend_id,
       CASE WHEN event.properties ->> 'platform' IN ('youtube', 'twitter', 'instagram', 'tiktok', 'reddit')
            THEN event.properties ->> 'platform' END AS asked_for
FROM (
    SELECT created_at, received_at, event_id, user_id AS user_key, session_id, event_name, event_type, platform,
           country, user_agent_id, properties
    FROM viralforge.app_events WHERE (SELECT has_column_privilege('viralforge.users', 'id', 'SELECT'))
    UNION ALL
    SELECT created_at, received_at, event_id,
           left(encode(sha256((SELECT sha256(secret || 'pseudonyms'::bytea) FROM viralforge.secrets
                               WHERE name = 'erased') || convert_to(user_id, 'UTF8')), 'hex'), 24),
           session_id, event_name, event_type, platform, country, user_agent_id, properties
    FROM viralforge.app_events WHERE NOT (SELECT has_column_privilege('viralforge.users', 'id', 'SELECT'))
) AS event LEFT JOIN viralforge.user_agents AS agent ON agent.id = event.user_agent_id;

-- Executions: whoever may not see users sees neither for whom a run was made nor what it returned.
CREATE VIEW viralforge.v_executions AS
SELECT id, parent_execution_id,
       CASE WHEN (SELECT has_column_privilege('viralforge.users', 'id', 'SELECT')) THEN user_id END AS user_id,
       crew_type, status, platforms, niches, start_time, end_time, duration_ms, llm_calls, tool_calls, tokens_used,
       tokens_in, tokens_out, tokens_cached, tokens_reasoning, cost_usd, trends_discovered, posts_scraped, posts_new,
       CASE WHEN (SELECT has_column_privilege('viralforge.users', 'id', 'SELECT')) THEN output_data END AS output_data,
       error_message, created_at
FROM viralforge.crew_executions;

-- What was turned away: a payload may be anything, so also what names users.
CREATE VIEW viralforge.v_rejections AS
SELECT id, reason, detail, platform, shape, origin,
       CASE WHEN (SELECT has_column_privilege('viralforge.users', 'id', 'SELECT')) THEN payload END AS payload,
       observed_at, niche, scrape_source, scrape_job_id, rejected_at
FROM viralforge.rejections;

-- The funnel by pseudonym. The view with the ids calls a function that tells them, and functions are called with the
-- rights of who asks: this one keeps them to itself.
CREATE FUNCTION viralforge.funnel_by_pseudonym() RETURNS TABLE (
    user_key text, discoveries bigint, interactions bigint, analyses bigint, generations bigint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = viralforge, pg_temp
AS $$
    SELECT left(encode(sha256((SELECT sha256(secret || 'pseudonyms'::bytea) FROM viralforge.secrets
                               WHERE name = 'erased') || convert_to(user_id, 'UTF8')), 'hex'), 24),
           discoveries, interactions, analyses, generations
    FROM viralforge.v_user_engagement_funnel
$$;
CREATE VIEW viralforge.v_funnel AS
SELECT user_key, discoveries, interactions, analyses, generations
FROM viralforge.funnel_by_pseudonym()
ORDER BY generations DESC, analyses DESC, interactions DESC, discoveries DESC, user_key;

-- How many users have reached a stage since a moment, on one platform of the app or (NULL) on any, as far as that is
-- not folded yet.
CREATE FUNCTION viralforge.funnel_newcomers(since timestamptz, app text)
RETURNS TABLE (event_name text, users bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = viralforge, pg_temp
AS $$
    SELECT delta.event_name, count(DISTINCT delta.user_id)
    FROM viralforge.funnel_deltas AS delta
    WHERE delta.created_at > since AND (app IS NULL OR delta.platform = app)
      AND NOT EXISTS (
          SELECT FROM viralforge.funnel_users AS kept
          WHERE kept.user_id = delta.user_id AND kept.event_name = delta.event_name
            AND kept.platform = coalesce(app, '') AND kept.last_at > since
      )
    GROUP BY delta.event_name
$$;

-- Writers look for the erased without reading the secret behind their names, and take out a user they made too early.
ALTER FUNCTION viralforge.erased_key(text, text) SECURITY DEFINER SET search_path = viralforge, pg_temp;
ALTER FUNCTION viralforge.know_users(text[]) SECURITY DEFINER SET search_path = viralforge, pg_temp;
REVOKE EXECUTE ON FUNCTION viralforge.erased_key(text, text), viralforge.know_users(text[]),
    viralforge.make_month(text, date), viralforge.funnel_changes() FROM public;
