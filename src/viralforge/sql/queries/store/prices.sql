-- name: set_price
INSERT INTO viralforge.prices
    (kind, name, provider, valid_from, valid_until, input_usd, cached_usd, cache_write_usd, output_usd, each_usd)
VALUES (%(kind)s, %(name)s, %(provider)s, %(valid_from)s, %(valid_until)s, %(input_usd)s, %(cached_usd)s,
        %(cache_write_usd)s, %(output_usd)s, %(each_usd)s)
ON CONFLICT ON CONSTRAINT prices_since DO UPDATE
SET valid_until = excluded.valid_until, input_usd = excluded.input_usd, cached_usd = excluded.cached_usd,
    cache_write_usd = excluded.cache_write_usd, output_usd = excluded.output_usd, each_usd = excluded.each_usd
RETURNING id;

-- name: all_prices
SELECT id, kind, name, provider, valid_from, valid_until, input_usd, output_usd, cached_usd, cache_write_usd, each_usd
FROM viralforge.prices
ORDER BY kind, name, provider NULLS FIRST, valid_from;

-- name: drop_price
DELETE FROM viralforge.prices WHERE id = %(id)s;

-- name: calls_to_price
-- By the id of the call, so that a long history is gone through a part at a time. A cost that its caller told stays.
SELECT call.crew_execution_id, call.id, kind, name, provider, coalesce(model, name), started_at, tokens_in, tokens_out,
       tokens_cached, tokens_cache_write, from_cache, ok
FROM viralforge.crew_calls AS call
WHERE call.id > %(after)s AND started_at >= %(since)s AND (price_source IS NOT NULL OR cost_usd IS NULL)
ORDER BY call.id
LIMIT %(limit)s;

-- name: reprice
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS each (execution bigint, id bigint, usd numeric, source text)
)
UPDATE viralforge.crew_calls AS call
SET cost_usd = given.usd, price_source = given.source
FROM given
WHERE call.crew_execution_id = given.execution AND call.id = given.id
  AND (call.cost_usd, call.price_source) IS DISTINCT FROM (given.usd, given.source);

-- name: recost
-- The executions' own sums, where their calls are known: their tokens and cost follow from them.
UPDATE viralforge.crew_executions AS run
SET cost_usd = CASE WHEN NOT summed.unpriced THEN summed.usd + coalesce(jobs.usd, 0) END
FROM (
    SELECT crew_execution_id AS id, coalesce(sum(cost_usd), 0) AS usd,
           bool_or(kind = 'llm' AND cost_usd IS NULL) AS unpriced
    FROM viralforge.crew_calls WHERE crew_execution_id = ANY (%(executions)s::bigint[])
    GROUP BY crew_execution_id
) AS summed
LEFT JOIN (
    SELECT crew_execution_id AS id, sum(cost_usd) AS usd
    FROM viralforge.scrape_jobs WHERE crew_execution_id = ANY (%(executions)s::bigint[])
    GROUP BY crew_execution_id
) AS jobs USING (id)
WHERE run.id = summed.id AND run.calls_archived_at IS NULL;
