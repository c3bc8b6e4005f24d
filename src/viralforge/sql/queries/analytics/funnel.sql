-- name: users
SELECT user_id, discoveries, interactions, analyses, generations
FROM viralforge.v_user_engagement_funnel
WHERE %(user_id)s::text IS NULL OR user_id = %(user_id)s
ORDER BY generations DESC, analyses DESC, interactions DESC, discoveries DESC, user_id
LIMIT %(limit)s;

-- name: conversion
WITH stages (number, stage, event_name) AS (VALUES
    (1, 'discoveries', 'trend_discovery'), (2, 'interactions', 'trend_action'),
    (3, 'analyses', 'content_analysis'), (4, 'generations', 'clip_generation')
),
reached AS (
    SELECT event_name, count(DISTINCT user_id) AS users
    FROM viralforge.app_events
    WHERE event_name IN (SELECT event_name FROM stages)
      AND created_at > viralforge.clock() - %(window)s::interval
      AND (%(platform)s::text IS NULL OR platform = %(platform)s)
    GROUP BY event_name
),
counted AS (
    SELECT number, stage, event_name, coalesce(users, 0) AS users,
           lag(coalesce(users, 0)) OVER (ORDER BY number) AS users_before
    FROM stages LEFT JOIN reached USING (event_name)
)
SELECT stage, event_name, users, round(users::numeric / nullif(users_before, 0), 6) AS conversion
FROM counted
ORDER BY number;
