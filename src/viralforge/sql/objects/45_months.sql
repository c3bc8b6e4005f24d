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
