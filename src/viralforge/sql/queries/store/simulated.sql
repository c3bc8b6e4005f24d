-- name: delete_simulated
-- What a simulation makes without a key of its own, told by its marks; calls and links go by cascade.
WITH runs AS (DELETE FROM viralforge.crew_executions WHERE output_data @> '{"simulated": true}'),
called AS (DELETE FROM viralforge.trends WHERE starts_with(title, '[simulated] ')),
jobs AS (
    DELETE FROM viralforge.scrape_jobs
    WHERE tool = 'simulated_collector' AND starts_with(query, '[simulated] ')
),
visits AS (
    DELETE FROM viralforge.app_events
    WHERE starts_with(session_id, 'sim_session_') AND properties @> '{"simulated": true}'
    RETURNING created_at, event_id
),
unsent AS (
    DELETE FROM viralforge.posthog_outbox AS waiting USING visits
    WHERE (waiting.created_at, waiting.event_id) = (visits.created_at, visits.event_id)
),
uncounted AS (
    UPDATE viralforge.funnel_days AS rollup SET users = rollup.users - gone.users
    FROM (
        SELECT event_name, platform, (last_at AT TIME ZONE 'UTC')::date AS day, count(*) AS users
        FROM viralforge.funnel_users
        WHERE user_id IN (SELECT id FROM viralforge.users
                          WHERE starts_with(id, 'sim_user_') AND starts_with(display_name, '[simulated] '))
        GROUP BY 1, 2, 3
    ) AS gone
    WHERE (rollup.event_name, rollup.platform, rollup.day) = (gone.event_name, gone.platform, gone.day)
)
DELETE FROM viralforge.users WHERE starts_with(id, 'sim_user_') AND starts_with(display_name, '[simulated] ');
