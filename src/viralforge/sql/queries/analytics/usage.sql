-- name: by_day
-- Of the last UTC days with today; a day without events has no row.
SELECT (created_at AT TIME ZONE 'UTC')::date AS date, count(*) AS events, count(DISTINCT user_key) AS users,
       count(DISTINCT session_id) AS sessions, count(*) FILTER (WHERE event_type = 'error') AS errors
FROM viralforge.v_events
WHERE created_at >= viralforge.days_start(%(days)s) AND (%(platform)s::text IS NULL OR platform = %(platform)s)
GROUP BY 1
ORDER BY 1;

-- name: features
SELECT event_name, event_type, count(*) AS events, count(DISTINCT user_key) AS users,
       count(DISTINCT session_id) AS sessions
FROM viralforge.v_events
WHERE created_at >= viralforge.days_start(%(days)s) AND (%(platform)s::text IS NULL OR platform = %(platform)s)
GROUP BY event_name, event_type
ORDER BY events DESC, event_name, event_type
LIMIT %(limit)s;

-- name: apps
SELECT platform, count(*) AS events, count(DISTINCT user_key) AS users, count(DISTINCT session_id) AS sessions,
       count(*) FILTER (WHERE event_type = 'error') AS errors
FROM viralforge.v_events
WHERE created_at >= viralforge.days_start(%(days)s)
GROUP BY platform
ORDER BY events DESC, platform;

-- name: asked_for
-- The content platforms that the users' events name.
SELECT asked_for AS platform, count(*) AS events, count(DISTINCT user_key) AS users
FROM viralforge.v_events
WHERE created_at >= viralforge.days_start(%(days)s) AND asked_for = ANY (%(platforms)s::text[])
GROUP BY 1
ORDER BY events DESC, 1;

-- name: countries
SELECT country, count(*) AS events, count(DISTINCT user_key) AS users, count(DISTINCT session_id) AS sessions
FROM viralforge.v_events
WHERE created_at >= viralforge.days_start(%(days)s) AND (%(platform)s::text IS NULL OR platform = %(platform)s)
GROUP BY country
ORDER BY events DESC, country
LIMIT %(limit)s;

-- name: hours
-- The zone is applied to now as well, so that a wrong one is refused where there are no events too.
SELECT extract(isodow FROM local)::integer AS weekday, extract(hour FROM local)::integer AS hour, count(*) AS events
FROM viralforge.v_events, LATERAL (SELECT timezone(%(zone)s, created_at)) AS there (local)
WHERE created_at >= viralforge.days_start(%(days)s) AND timezone(%(zone)s, viralforge.clock()) IS NOT NULL
  AND (%(platform)s::text IS NULL OR platform = %(platform)s)
GROUP BY 1, 2
ORDER BY 1, 2;
