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
