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
)
DELETE FROM viralforge.users WHERE starts_with(id, 'sim_user_') AND starts_with(display_name, '[simulated] ');
