-- How many of a month's events name which trend.
SELECT CAST(trend AS BIGINT), event_name, count(*)
FROM (SELECT event_name, json_extract_string(properties, '$.trend_id') AS trend FROM kept)
WHERE regexp_matches(trend, '^[1-9][0-9]{0,17}$')
GROUP BY ALL ORDER BY ALL
