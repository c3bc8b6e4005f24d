-- Who is signed in at the dashboard: by a key, until some time, as long as the key is good. Only the hash of what the
-- browser has is kept.
CREATE TABLE viralforge.web_sessions (
    token_hash bytea NOT NULL,
    key_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT web_sessions_pkey PRIMARY KEY (token_hash),
    CONSTRAINT web_sessions_key_fkey FOREIGN KEY (key_id) REFERENCES viralforge.api_keys (id) ON DELETE CASCADE
);

CREATE INDEX crew_executions_start_time_idx ON viralforge.crew_executions (start_time);
CREATE INDEX crew_calls_started_at_idx ON viralforge.crew_calls (started_at);
CREATE INDEX rejections_rejected_at_idx ON viralforge.rejections (rejected_at);
CREATE INDEX crew_calls_duration_idx ON viralforge.crew_calls (duration_ms DESC, started_at DESC)
    WHERE duration_ms IS NOT NULL;
