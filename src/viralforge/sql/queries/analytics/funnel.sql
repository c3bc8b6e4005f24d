-- name: users
-- In the view's own order: sorted once more, PostgreSQL would not stop at the limit.
SELECT user_id, discoveries, interactions, analyses, generations
FROM viralforge.v_user_engagement_funnel
WHERE %(user_id)s::text IS NULL OR user_id = %(user_id)s
LIMIT %(limit)s;

-- name: conversion
WITH stages (number, stage, event_name) AS (VALUES
    (1, 'discoveries', 'trend_discovery'), (2, 'interactions', 'trend_action'),
    (3, 'analyses', 'content_analysis'), (4, 'generations', 'clip_generation')
),
since AS (
    SELECT start, (start AT TIME ZONE 'UTC')::date AS day,
           (((start AT TIME ZONE 'UTC')::date + 1)::timestamp AT TIME ZONE 'UTC') AS next_day
    FROM (SELECT viralforge.clock() - %(window)s::interval AS start) AS given
),
newcomers AS MATERIALIZED (
    SELECT event_name, users FROM viralforge.funnel_newcomers((SELECT start FROM since), %(platform)s::text)
),
reached AS (
    -- Who reached a stage in the period has done so last in it: on its first day, on a later one, or, where that is
    -- not folded yet, in the deltas.
    SELECT event_name,
           (SELECT coalesce(sum(kept.users), 0)::bigint FROM viralforge.funnel_days AS kept
            WHERE kept.event_name = stages.event_name AND kept.platform = coalesce(%(platform)s::text, '')
              AND kept.day > (SELECT day FROM since))
           + (SELECT count(*) FROM viralforge.funnel_users AS kept
              WHERE kept.event_name = stages.event_name AND kept.platform = coalesce(%(platform)s::text, '')
                AND last_at > (SELECT start FROM since) AND last_at < (SELECT next_day FROM since))
           + coalesce((SELECT newcomers.users FROM newcomers WHERE newcomers.event_name = stages.event_name), 0) AS users
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
