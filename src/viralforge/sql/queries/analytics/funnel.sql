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
since AS (SELECT viralforge.clock() - %(window)s::interval AS start),
reached AS (
    -- Who reached a stage in the period has done so last in it; and who is only in the deltas yet.
    SELECT event_name,
           (SELECT count(*) FROM viralforge.funnel_users AS kept
            WHERE kept.event_name = stages.event_name AND kept.platform = coalesce(%(platform)s::text, '')
              AND last_at > (SELECT start FROM since))
           + (SELECT count(DISTINCT user_id) FROM viralforge.funnel_deltas AS delta
              WHERE delta.event_name = stages.event_name AND created_at > (SELECT start FROM since)
                AND (%(platform)s::text IS NULL OR platform = %(platform)s)
                AND NOT EXISTS (
                    SELECT FROM viralforge.funnel_users AS kept
                    WHERE kept.user_id = delta.user_id AND kept.event_name = delta.event_name
                      AND kept.platform = coalesce(%(platform)s::text, '') AND last_at > (SELECT start FROM since)
                )) AS users
    FROM stages
),
counted AS (
    SELECT number, stage, event_name, coalesce(users, 0) AS users,
           lag(coalesce(users, 0)) OVER (ORDER BY number) AS users_before
    FROM stages LEFT JOIN reached USING (event_name)
)
SELECT stage, event_name, users, round(users::numeric / nullif(users_before, 0), 6) AS conversion
FROM counted
ORDER BY number;
