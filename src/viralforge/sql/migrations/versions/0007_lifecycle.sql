-- The way of a range of a table to the archive. `month` is the month moved; of posts, whose content goes by when they
-- were last seen, it is NULL and `until` the moment before which they were. `leaves` is what stays: a post's stub, one
-- reading a day, or nothing. `files` lists what an attempt wrote; `checks` are the checksums by column of the rows that
-- it read, and of those that it wrote.
CREATE TABLE viralforge.archive_steps (
    id bigint GENERATED ALWAYS AS IDENTITY,
    table_name text NOT NULL,
    month date,
    until timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'planned',
    leaves text NOT NULL,
    attempt uuid,
    rows bigint,
    bytes bigint,
    hot_bytes bigint,
    files jsonb,
    checks jsonb,
    error text,
    planned_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT archive_steps_pkey PRIMARY KEY (id),
    CONSTRAINT archive_steps_table CHECK (table_name IN ('posts', 'history', 'events', 'calls')),
    CONSTRAINT archive_steps_leaves CHECK (leaves IN ('nothing', 'daily', 'stub')),
    CONSTRAINT archive_steps_state
        CHECK (state IN ('planned', 'exporting', 'uploaded', 'verified', 'removed', 'done', 'restored'))
);
CREATE UNIQUE INDEX archive_steps_under_way_idx ON viralforge.archive_steps (table_name, month) NULLS NOT DISTINCT
    WHERE state NOT IN ('done', 'restored');
CREATE INDEX archive_steps_month_idx ON viralforge.archive_steps (table_name, month);

-- Posts whose content may go: those that were not archived since they were seen last. `scraped_posts_last_scraped_at_idx`
-- holds the stubs too, and a daily look at it would take longer every year.
CREATE INDEX scraped_posts_whole_idx ON viralforge.scraped_posts (last_scraped_at)
    WHERE archived_at IS NULL OR archived_at < last_scraped_at;

-- What rollups need of events that left the hot tables: as much as a rebuild reads of events that are there.
CREATE TABLE viralforge.sealed_funnel (
    month date NOT NULL,
    user_id text NOT NULL,
    session_id text,
    event_name text NOT NULL,
    platform text,
    created_at timestamptz NOT NULL,
    CONSTRAINT sealed_funnel_key UNIQUE NULLS NOT DISTINCT (month, user_id, session_id, event_name, platform),
    CONSTRAINT sealed_funnel_user_fkey FOREIGN KEY (user_id) REFERENCES viralforge.users (id) ON DELETE CASCADE
);
CREATE INDEX sealed_funnel_user_idx ON viralforge.sealed_funnel (user_id);

CREATE TABLE viralforge.sealed_traced (
    month date NOT NULL,
    trend_id bigint NOT NULL,
    event_name text NOT NULL,
    events bigint NOT NULL,
    is_exact boolean NOT NULL DEFAULT true,  -- not while an erasure takes events of the month out of the archive
    CONSTRAINT sealed_traced_pkey PRIMARY KEY (month, trend_id, event_name)
);

-- What platforms' terms took out of the database, and is to leave the archive too.
CREATE TABLE viralforge.archive_debts (
    id bigint GENERATED ALWAYS AS IDENTITY,
    what text NOT NULL,
    post_ids uuid[] NOT NULL,
    CONSTRAINT archive_debts_pkey PRIMARY KEY (id),
    CONSTRAINT archive_debts_what CHECK (what IN ('posts', 'numbers', 'content'))
);

-- Figures of runs whose calls left are those of then.
ALTER TABLE viralforge.crew_executions ADD COLUMN calls_archived_at timestamptz;

-- What a source had reached when its trend was called: kept when the readings of that time leave the hot tables.
ALTER TABLE viralforge.trend_sources ADD COLUMN reach_then bigint;

-- Erasures, until every store is done: who was asked for is forgotten then (`key` is NULL), the reference stays.
CREATE TABLE viralforge.erasures (
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    platform text,
    key text,
    reference bytea NOT NULL,
    requested_at timestamptz NOT NULL,
    done_at timestamptz,
    stores jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT erasures_pkey PRIMARY KEY (id),
    CONSTRAINT erasures_kind CHECK (kind IN ('user', 'anonymous user', 'author', 'post')),
    CONSTRAINT erasures_key CHECK ((key IS NULL) = (done_at IS NOT NULL))
);
CREATE INDEX erasures_open_idx ON viralforge.erasures (id) WHERE done_at IS NULL;

-- What signs receipts of erasures.
INSERT INTO viralforge.secrets (name, secret)
VALUES ('receipts', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

-- The group roles that `viralforge grants` made: a migration gives them their rights on what is new.
CREATE TABLE viralforge.granted_roles (
    kind text NOT NULL,
    role_name text NOT NULL,
    CONSTRAINT granted_roles_pkey PRIMARY KEY (kind),
    CONSTRAINT granted_roles_kind CHECK (kind IN ('reader', 'reader_users', 'writer', 'admin'))
);

-- Posts by whose terms they are kept, and when they were read last: first those that still have numbers, and content,
-- so that what was removed is never looked at again.
CREATE INDEX scraped_posts_terms_idx ON viralforge.scraped_posts (
    platform, fetched_via,
    least(num_nonnulls(views, likes, comments, shares, retweets, saves), 1),
    least(num_nonnulls(title, description, author, author_id, thumbnail_url, video_url, raw_json), 1),
    last_scraped_at
) WHERE fetched_via IS NOT NULL;

-- Of an erased post its id, a hash, is enough to recognise it when it is scraped again.
ALTER TABLE viralforge.scraped_posts
    ALTER COLUMN external_id DROP NOT NULL,
    ADD CONSTRAINT scraped_posts_external_id CHECK (external_id IS NOT NULL OR erased_at IS NOT NULL);

-- Whoever deletes an event takes it out of what trends brought, cascades from users too: one that was stored while its
-- user was being erased may be seen by nothing else.
CREATE FUNCTION viralforge.untrace_deleted() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO viralforge.traced_deltas (trend_id, event_name, events)
    SELECT (properties ->> 'trend_id')::bigint, event_name, -count(*) FROM gone
    WHERE properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$'
    GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE TRIGGER untrace_deleted AFTER DELETE ON viralforge.app_events
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION viralforge.untrace_deleted();
