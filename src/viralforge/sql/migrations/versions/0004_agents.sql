-- What the runs of agents need: keys under which facts come once, tokens by kind, who found what, prices.

ALTER TABLE viralforge.crew_executions
    ADD COLUMN parent_execution_id bigint,
    ADD COLUMN tokens_in bigint,
    ADD COLUMN tokens_out bigint,
    ADD COLUMN tokens_cached bigint,
    ADD COLUMN tokens_reasoning bigint,
    ADD COLUMN posts_new bigint;
CREATE INDEX crew_executions_running_idx ON viralforge.crew_executions (id) WHERE status = 'running';

-- A call that comes again under its key is the same row. `price_source` says by which price its cost was computed.
ALTER TABLE viralforge.crew_calls
    ADD COLUMN call_key uuid,
    ADD COLUMN crew text,
    ADD COLUMN provider text,
    ADD COLUMN tokens_cache_write bigint,
    ADD COLUMN price_source text,
    ADD CONSTRAINT crew_calls_key UNIQUE (crew_execution_id, call_key);

-- Which execution a run that was recorded is, by the key its own process gave it, and when that process last told
-- of it: a ledger, so a plain table without foreign keys. `recorder` is the process.
CREATE TABLE viralforge.execution_keys (
    key uuid NOT NULL,
    crew_execution_id bigint NOT NULL,
    recorder uuid NOT NULL,
    seen_at timestamptz NOT NULL,
    CONSTRAINT execution_keys_pkey PRIMARY KEY (key)
);
CREATE INDEX execution_keys_execution_idx ON viralforge.execution_keys (crew_execution_id);
CREATE INDEX execution_keys_recorder_idx ON viralforge.execution_keys (recorder);

ALTER TABLE viralforge.scrape_jobs
    ADD COLUMN job_key uuid,
    ADD COLUMN saved_usd numeric(18,9),
    ADD COLUMN saved_units bigint,
    ADD CONSTRAINT scrape_jobs_key UNIQUE (job_key);

-- Which posts an act of collecting brought, and which of them nobody had seen before.
CREATE TABLE viralforge.scrape_job_posts (
    scraped_post_id uuid NOT NULL,
    scrape_job_id bigint NOT NULL,
    is_new boolean NOT NULL,
    CONSTRAINT scrape_job_posts_pkey PRIMARY KEY (scraped_post_id, scrape_job_id),
    CONSTRAINT scrape_job_posts_post_fkey FOREIGN KEY (scraped_post_id)
        REFERENCES viralforge.scraped_posts (id) ON DELETE CASCADE
);
CREATE INDEX scrape_job_posts_job_idx ON viralforge.scrape_job_posts (scrape_job_id);

-- What the user pays: for a model by the million tokens, for a tool by the call, for a platform by its unit of quota.
-- `provider` is NULL where a price holds whoever serves the model; `valid_until` is the first day it holds no more.
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
    CONSTRAINT prices_kind CHECK (kind IN ('model', 'tool', 'unit')),
    CONSTRAINT prices_what CHECK ((kind = 'model') = (each_usd IS NULL) AND (kind = 'model') = (input_usd IS NOT NULL)),
    CONSTRAINT prices_days CHECK (valid_until > valid_from),
    CONSTRAINT prices_since UNIQUE NULLS NOT DISTINCT (kind, name, provider, valid_from)
);

-- Answers of platforms. The same answer is kept once, whoever asked for it; a question that failed keeps the error.
-- `stale_until` is how long an answer is still given while a fresh one is fetched.
CREATE TABLE viralforge.cached_answers (
    hash bytea NOT NULL,
    answer bytea NOT NULL,
    CONSTRAINT cached_answers_pkey PRIMARY KEY (hash)
);
ALTER TABLE viralforge.cached_answers ALTER COLUMN answer SET STORAGE EXTERNAL;

-- Nothing has been kept in the table of this name so far.
DROP TABLE viralforge.response_cache;
CREATE TABLE viralforge.response_cache (
    key text NOT NULL,
    platform text NOT NULL,
    operation text NOT NULL,
    answer_hash bytea,
    error text,
    fetched_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    stale_until timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    cost_usd numeric(18,9),
    quota_units bigint,
    hits bigint NOT NULL DEFAULT 0,
    saved_usd numeric(18,9) NOT NULL DEFAULT 0,
    saved_units bigint NOT NULL DEFAULT 0,
    CONSTRAINT response_cache_pkey PRIMARY KEY (key),
    CONSTRAINT response_cache_answer_fkey FOREIGN KEY (answer_hash) REFERENCES viralforge.cached_answers (hash),
    CONSTRAINT response_cache_outcome CHECK ((answer_hash IS NULL) <> (error IS NULL))
);
CREATE INDEX response_cache_stale_until_idx ON viralforge.response_cache (stale_until);
CREATE INDEX response_cache_answer_idx ON viralforge.response_cache (answer_hash);
CREATE INDEX response_cache_used_at_idx ON viralforge.response_cache (used_at);

-- Few events are dead, and all of them are looked at each time the outbox is sent.
CREATE INDEX posthog_outbox_dead_idx ON viralforge.posthog_outbox (created_at, event_id) WHERE dead_at IS NOT NULL;

-- What all processes together have taken of a platform's quota in a window of time.
CREATE TABLE viralforge.quota_windows (
    platform text NOT NULL,
    bucket text NOT NULL,
    seconds double precision NOT NULL,
    began_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    used bigint NOT NULL,
    most bigint NOT NULL,
    CONSTRAINT quota_windows_pkey PRIMARY KEY (platform, bucket, seconds, began_at)
);
