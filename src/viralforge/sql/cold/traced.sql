-- Events that name a trend, by the month they are kept for.
SELECT date_trunc('month', created_at)::DATE, CAST(trend AS BIGINT), event_name, count(*)
FROM (SELECT created_at, event_name, json_extract_string(properties, '$.trend_id') AS trend FROM gone)
WHERE regexp_matches(trend, '^[1-9][0-9]{0,17}$')
GROUP BY ALL ORDER BY ALL
