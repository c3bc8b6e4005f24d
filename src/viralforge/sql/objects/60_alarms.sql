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
