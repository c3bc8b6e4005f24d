-- What the service needs: user agents, the secret behind the erased, what is forwarded, and answers to requests that
-- may come again.

-- A browser's name for itself is long and comes with every event: it is kept once. The hash is what is unique,
-- since an index takes no text of any length.
CREATE TABLE viralforge.user_agents (
    id integer GENERATED ALWAYS AS IDENTITY,
    user_agent text NOT NULL,
    user_agent_hash bytea NOT NULL,
    CONSTRAINT user_agents_pkey PRIMARY KEY (id),
    CONSTRAINT user_agents_hash UNIQUE (user_agent_hash)
);

-- Two random UUIDs hold 244 bits of chance; no extension is needed for them.
CREATE TABLE viralforge.secrets (
    name text NOT NULL,
    secret bytea NOT NULL,
    CONSTRAINT secrets_pkey PRIMARY KEY (name)
);
INSERT INTO viralforge.secrets (name, secret)
VALUES ('erased', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

-- Events that wait to be sent to PostHog. No foreign key: a queue is a plain table, and who takes from it finds an
-- event that is gone by its absence.
CREATE TABLE viralforge.posthog_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY,
    created_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_try_at timestamptz,
    dead_at timestamptz,
    error text,
    CONSTRAINT posthog_outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX posthog_outbox_waiting_idx ON viralforge.posthog_outbox (id) WHERE dead_at IS NULL;
CREATE INDEX posthog_outbox_event_idx ON viralforge.posthog_outbox (created_at, event_id);

-- Requests that may come again, each with what was answered: written in the transaction of what it did.
-- `owner` is the API key that asked, 0 where none was needed.
CREATE TABLE viralforge.idempotency_keys (
    owner bigint NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    answer jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON viralforge.idempotency_keys (created_at);
