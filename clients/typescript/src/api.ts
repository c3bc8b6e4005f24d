/** The types of the HTTP API. Generated from openapi.json by `npm run generate`: do not edit. */
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process answers; says nothing of the database
         * @description Whether the process answers; says nothing of the database.
         */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the server counts, in Prometheus' text format; needs the scope `read`
         * @description What the server counts, in Prometheus' text format; needs the scope `read`.
         */
        get: operations["prometheus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether requests can be served now
         * @description Whether requests can be served now: 503 while the database is away.
         */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All seven in order
         * @description All seven in order.
         */
        get: operations["answers_all"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/answers/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which agents find most trends for their money
         * @description Which agents find most trends for their money.
         */
        get: operations["answers_agents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/answers/conversion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many users got from a trend to a clip in the last 30 days
         * @description How many users got from a trend to a clip in the last 30 days.
         */
        get: operations["answers_conversion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/answers/hashtags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which hashtags trend across platforms
         * @description Which hashtags trend across platforms.
         */
        get: operations["answers_hashtags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/answers/performance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the performance of posts changes with age
         * @description How the performance of posts changes with age.
         */
        get: operations["answers_performance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/answers/returns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What came of the money spent on collecting and on crews
         * @description What came of the money spent on collecting and on crews.
         */
        get: operations["answers_returns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/answers/trend-costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a discovered trend costs
         * @description What a discovered trend costs.
         */
        get: operations["answers_trend_costs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/answers/went-viral": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What went viral on a platform in the last 7 days
         * @description What went viral on a platform in the last 7 days.
         */
        get: operations["answers_went_viral"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stores LLM and tool calls of executions, at most 5,000 at once
         * @description Stores LLM and tool calls of executions, at most 5,000 at once: all of them or none.
         */
        post: operations["log_crew_calls"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/costs/collecting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What collecting cost by platform and operation, the dearest first
         * @description What collecting cost by platform and operation, the dearest first.
         */
        get: operations["costs_collecting"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/costs/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What runs cost by crew type, the dearest first, or by UTC day, the latest first
         * @description What runs cost by crew type, the dearest first, or by UTC day, the latest first.
         */
        get: operations["costs_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/costs/slowest-calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The calls that took longest
         * @description The calls that took longest.
         */
        get: operations["costs_slowest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/costs/unpriced-models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The models whose calls have no known price, the most used first
         * @description The models whose calls have no known price, the most used first.
         */
        get: operations["costs_unpriced"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/crews/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How effective agents are, the one with most trends per dollar first
         * @description How effective agents are, the one with most trends per dollar first.
         */
        get: operations["crews_agents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/crews/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which language models are used, and their tokens and cost
         * @description Which language models are used, and their tokens and cost.
         */
        get: operations["crews_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/crews/peak-times": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * When crews run, by hour and weekday of that time zone
         * @description When crews run, by hour and weekday of that time zone.
         */
        get: operations["crews_peak_times"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/crews/success": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Success by crew type, for executions started in the last `days` days or for all (null)
         * @description Success by crew type, for executions started in the last `days` days or for all (null).
         *
         *     An execution's trends are those that name it; the number it logged counts only where none does. The
         *     crew type with most trends per dollar comes first.
         */
        get: operations["crews_success"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/crews/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which tools are used how often, and how well they work
         * @description Which tools are used how often, and how well they work.
         */
        get: operations["crews_tools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erases a user, an author or a post for good, and answers with a signed receipt
         * @description Erases a user, an author or a post for good, and answers with a signed receipt.
         *
         *     What comes later is stored without the user, turned away, or left blank. Asked again, it takes out
         *     nothing more. 504 says that a store could not be erased yet; ask again, or leave it to the worker.
         */
        post: operations["erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stores one event or a list of them; acknowledged only once they are committed
         * @description Stores one event or a list of them; acknowledged only once they are committed.
         *
         *     All of a list or nothing of it: `errors` of a 422 name those at fault. 202 means that the database is away
         *     and the events are safe in the spool.
         */
        post: operations["track_events"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Imports events of any time, as a JSON array or as NDJSON; says how many were not there yet
         * @description Imports events of any time, as a JSON array or as NDJSON; says how many were not there yet.
         *
         *     They go in batches of 5,000, all of a batch or nothing of it. What has an `event_id` can be sent again.
         */
        post: operations["import_events"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The latest executions first
         * @description The latest executions first.
         */
        get: operations["crews_executions"];
        put?: never;
        /**
         * Stores one run of a crew; what is not given is unknown, an unknown cost among it
         * @description Stores one run of a crew; what is not given is unknown, an unknown cost among it.
         */
        post: operations["log_crew_execution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/executions/{execution_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes what is given of an execution; the rest stays as it is
         * @description Changes what is given of an execution; the rest stays as it is.
         */
        patch: operations["update_crew_execution"];
        trace?: never;
    };
    "/v1/exports/authors/{platform}/{author}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All posts of an author with their histories, as one JSON document that is read as it arrives
         * @description All posts of an author with their histories, as one JSON document that is read as it arrives.
         */
        get: operations["export_author"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that is held about a user, as one JSON document that is read as it arrives
         * @description All that is held about a user, as one JSON document that is read as it arrives.
         */
        get: operations["export_user"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/funnel/conversion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The four stages in order, for events of the last `days` days
         * @description The four stages in order, for events of the last `days` days.
         *
         *     `platform` is where the app ran (web, ios, android), null for all.
         */
        get: operations["funnel_conversion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/funnel/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The users who got furthest, or one of them
         * @description The users who got furthest, or one of them.
         */
        get: operations["funnel_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hashtags/{hashtag}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a hashtag was used on each of the last UTC days; a day without posts has no row
         * @description How a hashtag was used on each of the last UTC days; a day without posts has no row.
         */
        get: operations["hashtags_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hashtags/{hashtag}/together": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The hashtags that most often stand beside one, in posts first seen in the last UTC days
         * @description The hashtags that most often stand beside one, in posts first seen in the last UTC days.
         */
        get: operations["hashtags_together"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hashtags/across-platforms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The hashtags used on two platforms or more in the last 7 days, by posts
         * @description The hashtags used on two platforms or more in the last 7 days, by posts.
         */
        get: operations["hashtags_across_platforms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hashtags/rising": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The hashtags of the last 7 days by posts, one row per hashtag and platform, with the change
         * @description The hashtags of the last 7 days by posts, one row per hashtag and platform, with the change.
         */
        get: operations["hashtags_rising"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hashtags/trending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The hashtags of the last 7 days by posts, one row per hashtag and platform
         * @description The hashtags of the last 7 days by posts, one row per hashtag and platform.
         */
        get: operations["hashtags_trending"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact/by-crew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What each crew type found
         * @description What each crew type found.
         */
        get: operations["impact_by_crew"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact/by-day": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many trends were found on each day; a day without any has no row
         * @description How many trends were found on each day; a day without any has no row.
         */
        get: operations["impact_by_day"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact/engagement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What users did with the trends, by the name of the event
         * @description What users did with the trends, by the name of the event.
         */
        get: operations["impact_engagement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact/relevance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the sources said to be relevant grew, in tenths of relevance
         * @description Whether the sources said to be relevant grew, in tenths of relevance.
         */
        get: operations["impact_relevance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/impact/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The latest trends first
         * @description The latest trends first.
         */
        get: operations["impact_trends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes in payloads as the platforms' APIs and scrapers give them; their shape is recognised
         * @description Takes in payloads as the platforms' APIs and scrapers give them; their shape is recognised.
         *
         *     What is no post is turned away, kept with its reason, and counted here.
         */
        post: operations["ingest_payloads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/popular-content/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refreshes `mv_popular_content_24h` and folds the rollups, best every hour; readers go on
         * @description Refreshes `mv_popular_content_24h` and folds the rollups, best every hour; readers go on.
         */
        post: operations["refresh_popular_content"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Saves one post as it was seen at its `observed_at`, else now
         * @description Saves one post as it was seen at its `observed_at`, else now.
         *
         *     Known already, it takes over what is known now, and its history gets another reading. The same sighting
         *     again changes nothing.
         */
        post: operations["save_scraped_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/{post_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The post with this id, 404 where there is none
         * @description The post with this id, 404 where there is none.
         *
         *     What is in the archive by now comes from there; that raises ArchiveUnavailable.
         */
        get: operations["posts_get"];
        put?: never;
        post?: never;
        /**
         * Deletes a post with its history and links
         * @description Deletes a post with its history and links.
         */
        delete: operations["delete_post"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/{post_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a post had at each sighting in the order of time; no rows for a post that was never saved
         * @description What a post had at each sighting in the order of time; no rows for a post that was never saved.
         *
         *     Sightings that are in the archive by now come from there; that raises ArchiveUnavailable.
         */
        get: operations["posts_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/{post_id}/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Saves a sighting of numbers alone, at `recorded_at` or now; rate and velocity are computed
         * @description Saves a sighting of numbers alone, at `recorded_at` or now; rate and velocity are computed.
         */
        post: operations["record_metrics_snapshot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/{post_id}/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The trends that a post revealed, the latest first
         * @description The trends that a post revealed, the latest first.
         */
        get: operations["impact_revealed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Saves many posts, as a JSON array or as NDJSON, which is read as it arrives; either may be gzipped
         * @description Saves many posts, as a JSON array or as NDJSON, which is read as it arrives; either may be gzipped.
         *
         *     They go in batches of 10,000, all of a batch or nothing of it: a problem names the post at fault and, as
         *     `saved`, how many of those given, from the first on, are saved.
         */
        post: operations["bulk_save_scraped_posts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The post a platform knows by `external_id`, 404 where it was never saved
         * @description The post a platform knows by `external_id`, 404 where it was never saved.
         */
        get: operations["posts_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/gained": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The posts whose reach is now `times` what it was at the start of the window, or more
         * @description The posts whose reach is now `times` what it was at the start of the window, or more.
         *
         *     Before is the last sighting at or before the window's start. Posts first seen later, posts not seen
         *     since and posts that had nothing then are left out: no multiple of theirs is known.
         */
        get: operations["posts_gained"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/performance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How performance changes over time
         * @description How performance changes over time: what posts have of their last reach, by age since publication.
         *
         *     For posts published in the last `days` days, or all (null), that were seen more than once. Ages
         *     without a reading have no row.
         */
        get: operations["posts_performance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/popular": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The best of the last 24 hours as of the last refresh, with a rate of `min_rate` or more
         * @description The best of the last 24 hours as of the last refresh, with a rate of `min_rate` or more.
         */
        get: operations["posts_popular"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/popular-by-reach": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The posts first seen within 24 hours by reach, so that those without views have a list too
         * @description The posts first seen within 24 hours by reach, so that those without views have a list too.
         */
        get: operations["posts_popular_by_reach"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/posting-times": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * When posts are published and how they did, by hour and weekday of that time zone
         * @description When posts are published and how they did, by hour and weekday of that time zone. Hours without a post have no row.
         */
        get: operations["posts_posting_times"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/top": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The posts with the highest engagement rate, which posts without views never have
         * @description The posts with the highest engagement rate, which posts without views never have.
         */
        get: operations["posts_top"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/top-by-reach": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The posts with the greatest reach, of those first seen in the last `days` days or of all (null)
         * @description The posts with the greatest reach, of those first seen in the last `days` days or of all (null).
         */
        get: operations["posts_top_by_reach"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/posts/viral": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The posts that went viral in the last `days` days, the one that gained most reach first
         * @description The posts that went viral in the last `days` days, the one that gained most reach first.
         *
         *     Such a post is in the top 1% by growth (fewer than 1% grew more) of its platform's posts seen in the
         *     period, and its reach is at least 10× the median of its author's known posts. An author of whom fewer
         *     than 5 posts are known has no median to hold a post against: nothing of theirs is listed. All three
         *     numbers are settings. Growth is the reach gained in the period: since the last sighting at or before
         *     its start, else since publication if that is in the period, else since the first sighting.
         */
        get: operations["posts_went_viral"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rejections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The latest rejections
         * @description The latest rejections.
         */
        get: operations["scrapes_rejections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rejections/reasons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many rejections there are by reason
         * @description How many rejections there are by reason.
         */
        get: operations["scrapes_rejections_by_reason"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rejections/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reads rejected payloads again, as after a fix; what are posts by now come in and are forgotten
         * @description Reads rejected payloads again, as after a fix; what are posts by now come in and are forgotten.
         */
        post: operations["replay_rejections"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{execution_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The execution with this id, 404 where there is none
         * @description The execution with this id, 404 where there is none.
         */
        get: operations["runs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{execution_id}/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The first calls of an execution, in the order of time
         * @description The first calls of an execution, in the order of time.
         */
        get: operations["runs_calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/by-day": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Executions by day and crew type; `platform` leaves those that were told to collect from it
         * @description Executions by day and crew type; `platform` leaves those that were told to collect from it.
         */
        get: operations["runs_by_day"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/most": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The latest executions, those that took longest, or those that cost most
         * @description The latest executions, those that took longest, or those that cost most.
         */
        get: operations["runs_most"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/stale": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The latest executions that were given up
         * @description The latest executions that were given up.
         */
        get: operations["runs_stale"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tokens by day and language model
         * @description Tokens by day and language model.
         */
        get: operations["runs_tokens"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scrape-jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stores one act of collecting
         * @description Stores one act of collecting: what was asked, what it cost and what it brought.
         */
        post: operations["log_scrape_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scraping/alarmed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The latest jobs that show what is alarming, as far as they have been marked
         * @description The latest jobs that show what is alarming, as far as they have been marked.
         */
        get: operations["scraping_alarmed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scraping/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sources that bring less than they used to
         * @description Sources that bring less than they used to: a platform, or a tool, has changed.
         */
        get: operations["scraping_alarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scraping/by-day": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What scrape jobs did on each of the last UTC days; a day without jobs has no row
         * @description What scrape jobs did on each of the last UTC days; a day without jobs has no row.
         */
        get: operations["scraping_by_day"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scraping/by-platform": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The posts first seen in the last `days` UTC days with today, by platform, most posts first
         * @description The posts first seen in the last `days` UTC days with today, by platform, most posts first.
         */
        get: operations["scraping_by_platform"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scraping/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What collecting costs, by platform
         * @description What collecting costs, by platform.
         */
        get: operations["scraping_costs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scraping/daily": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The last `days` UTC days with today, in the order of time; a day without posts has no row
         * @description The last `days` UTC days with today, in the order of time; a day without posts has no row.
         */
        get: operations["scraping_daily"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scraping/error-rates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How often requests fail, the worst platform first
         * @description How often requests fail, the worst platform first.
         */
        get: operations["scraping_error_rates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scraping/platforms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The platforms that there are posts of, by name
         * @description The platforms that there are posts of, by name.
         */
        get: operations["scraping_platforms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scraping/rejected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why payloads were turned away in the last UTC days, the most frequent reason first
         * @description Why payloads were turned away in the last UTC days, the most frequent reason first.
         */
        get: operations["scraping_rejected"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scraping/returns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The return on scraping
         * @description The return on scraping: what came of everything that was ever spent.
         *
         *     An event is traced to a trend by `trend_id` in its properties.
         */
        get: operations["scraping_returns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/scraping/totals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What scrape jobs did in the last UTC days, by platform, most requests first
         * @description What scrape jobs did in the last UTC days, by platform, most requests first.
         */
        get: operations["scraping_totals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the warehouse is
         * @description How the warehouse is.
         */
        get: operations["status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes spans with the semantic conventions for generative AI, as OTLP exporters send them
         * @description Takes spans with the semantic conventions for generative AI, as OTLP exporters send them.
         *
         *     A trace is a run, spans of models and tools are its calls; a span that comes again changes nothing. Point
         *     an exporter here with `OTEL_EXPORTER_OTLP_ENDPOINT` and the key in `OTEL_EXPORTER_OTLP_HEADERS`.
         */
        post: operations["take_traces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The latest trends first; `query` is a hashtag, or part of a title, description or category
         * @description The latest trends first; `query` is a hashtag, or part of a title, description or category.
         */
        get: operations["trends_list"];
        put?: never;
        /**
         * Stores a trend that a crew or a person called
         * @description Stores a trend that a crew or a person called.
         */
        post: operations["create_trend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trends/{trend_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The trend with this id, 404 where there is none
         * @description The trend with this id, 404 where there is none.
         */
        get: operations["trends_get"];
        put?: never;
        post?: never;
        /**
         * Deletes a trend and its links
         * @description Deletes a trend and its links.
         */
        delete: operations["delete_trend"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trends/{trend_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What users did with one trend
         * @description What users did with one trend.
         */
        get: operations["impact_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trends/{trend_id}/growth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The posts behind a trend, the most relevant first, and how they grew since
         * @description The posts behind a trend, the most relevant first, and how they grew since.
         */
        get: operations["impact_sources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trends/{trend_id}/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why a trend was called
         * @description Why a trend was called: the posts that revealed it, the most relevant first.
         *
         *     `trend` is an id, or a whole title in any case.
         */
        get: operations["trends_sources"];
        put?: never;
        /**
         * Makes posts the sources of a trend
         * @description Makes posts the sources of a trend: all of them, or none where one is not in the warehouse.
         */
        post: operations["link_trend_to_sources"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trends/cost-summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a discovered trend costs on average, overall and by crew type; no rows without trends
         * @description What a discovered trend costs on average, overall and by crew type; no rows without trends.
         *
         *     An execution discovered the trends that name it; the number it logged counts only where none does.
         */
        get: operations["trends_cost_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trends/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What each trend cost, the latest first
         * @description What each trend cost, the latest first.
         */
        get: operations["trends_costs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trends/quality": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How good the called trends were, overall and by crew type; no rows without trends
         * @description How good the called trends were, overall and by crew type; no rows without trends.
         */
        get: operations["trends_quality"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the app is used
         * @description Where the app is used.
         */
        get: operations["usage_apps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage/asked-for": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which content platforms users ask for
         * @description Which content platforms users ask for.
         */
        get: operations["usage_asked_for"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage/by-day": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events, users, sessions and errors by day; a day without events has no row
         * @description Events, users, sessions and errors by day; a day without events has no row.
         */
        get: operations["usage_by_day"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage/countries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * From where the app is used
         * @description From where the app is used.
         */
        get: operations["usage_countries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage/features": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which features are used most
         * @description Which features are used most.
         */
        get: operations["usage_features"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage/hours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * When the app is used, by hour and weekday of a zone
         * @description When the app is used, by hour and weekday of a zone.
         */
        get: operations["usage_hours"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Makes or changes a user
         * @description Makes or changes a user.
         */
        put: operations["add_user"];
        post?: never;
        /**
         * Deletes a user with the events and executions that name the user; needs the scope `admin`
         * @description Deletes a user with the events and executions that name the user; needs the scope `admin`.
         */
        delete: operations["delete_user"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views/mv_popular_content_24h": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of `mv_popular_content_24h`
         * @description A page of `mv_popular_content_24h`: rows under `rows`, and under `next` the cursor of the page after it.
         *
         *     `views.gte=1000` asks for at least so many views, and so do gt, lt and lte; a column alone is compared as it is (`platform` also takes `x`), and of a list asked whether it contains that. On unchanged data no row comes twice, and none is missed.
         */
        get: operations["view_popular_content_24h"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views/v_daily_scraping_stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of `v_daily_scraping_stats`
         * @description A page of `v_daily_scraping_stats`: rows under `rows`, and under `next` the cursor of the page after it.
         *
         *     `views.gte=1000` asks for at least so many views, and so do gt, lt and lte; a column alone is compared as it is (`platform` also takes `x`), and of a list asked whether it contains that. On unchanged data no row comes twice, and none is missed.
         */
        get: operations["view_daily_scraping_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views/v_posts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of `v_posts`
         * @description A page of `v_posts`: rows under `rows`, and under `next` the cursor of the page after it.
         *
         *     `views.gte=1000` asks for at least so many views, and so do gt, lt and lte; a column alone is compared as it is (`platform` also takes `x`), and of a list asked whether it contains that. On unchanged data no row comes twice, and none is missed.
         */
        get: operations["view_posts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views/v_top_posts_by_platform": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of `v_top_posts_by_platform`
         * @description A page of `v_top_posts_by_platform`: rows under `rows`, and under `next` the cursor of the page after it.
         *
         *     `views.gte=1000` asks for at least so many views, and so do gt, lt and lte; a column alone is compared as it is (`platform` also takes `x`), and of a list asked whether it contains that. On unchanged data no row comes twice, and none is missed.
         */
        get: operations["view_top_posts_by_platform"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views/v_trending_hashtags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of `v_trending_hashtags`
         * @description A page of `v_trending_hashtags`: rows under `rows`, and under `next` the cursor of the page after it.
         *
         *     `views.gte=1000` asks for at least so many views, and so do gt, lt and lte; a column alone is compared as it is (`platform` also takes `x`), and of a list asked whether it contains that. On unchanged data no row comes twice, and none is missed.
         */
        get: operations["view_trending_hashtags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/views/v_user_engagement_funnel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of `v_user_engagement_funnel`
         * @description A page of `v_user_engagement_funnel`: rows under `rows`, and under `next` the cursor of the page after it.
         *
         *     `views.gte=1000` asks for at least so many views, and so do gt, lt and lte; a column alone is compared as it is (`platform` also takes `x`), and of a list asked whether it contains that. On unchanged data no row comes twice, and none is missed.
         */
        get: operations["view_user_engagement_funnel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description What came of the executions an agent took part in, that is, made a call in.
         *
         *     `own_cost_usd` is the known cost of its own calls, `cost_usd` that of the whole executions, by which
         *     `trends_per_dollar` goes; `unpriced_runs` have no known cost and stay out of it.
         *     `median_source_growth` is the median of reach now ÷ reach when a trend was called, over the sources of
         *     these trends; None where no source was seen by then.
         */
        AgentEffect: {
            agent: string;
            calls: number;
            costUsd: number | null;
            medianSourceGrowth: number | null;
            ownCostUsd: number | null;
            runs: number;
            trends: number;
            trendsPerDollar: number | null;
            trendsPerRun: number;
            unpricedRuns: number;
        };
        AgentEffectRows: {
            rows: components["schemas"]["AgentEffect"][];
        };
        /** @description A scrape job that shows what is alarming: `alarms` are measures as those of YieldAlarm. */
        AlarmedJob: {
            alarms: string[];
            crewExecutionId: number | null;
            errors: number;
            found: number;
            id: number;
            operation: string;
            platform: string;
            query: string | null;
            rejected: number;
            requests: number;
            /** Format: date-time */
            startedAt: string;
            tool: string | null;
        };
        AlarmedJobRows: {
            rows: components["schemas"]["AlarmedJob"][];
        };
        /**
         * @description A question, its answer in one sentence, and the rows that the sentence stands on.
         *
         *     `as_of` is when the rows were worked out; None is now.
         */
        Answer: {
            asOf: string | null;
            question: string;
            rows: {
                [key: string]: unknown;
            }[];
            sentence: string;
        };
        AnswerRows: {
            rows: components["schemas"]["Answer"][];
        };
        /**
         * @description One event of the app: `event_name` says what (`trend_discovery`), `event_type` of which kind (`click`).
         *
         *     `event_id=None` draws a UUIDv7. `created_at` of a client's UUIDv7 is the id's own time, else the
         *     timestamp given, else now. `ip_address` tells the country, is hashed under the day's salt and never
         *     stored. `do_not_track` (what `Sec-GPC` and `DNT` say) leaves out the user and the hash.
         */
        AppEvent: {
            country?: string | null;
            createdAt?: Date | string | number | null;
            /** @default false */
            doNotTrack?: boolean;
            eventId?: string | null;
            eventName: string;
            eventType: string;
            ipAddress?: string | null;
            platform?: string | null;
            properties?: {
                [key: string]: unknown;
            } | null;
            sessionId?: string | null;
            userAgent?: string | null;
            userId?: string | null;
        };
        /** @description The events by where the app ran (web, ios, android; None where it does not tell). */
        AppUse: {
            errors: number;
            events: number;
            platform: string | null;
            sessions: number;
            users: number;
        };
        AppUseRows: {
            rows: components["schemas"]["AppUse"][];
        };
        /** @description What collecting from a platform by one operation cost, in USD and units of its quota. */
        CollectingCost: {
            cacheHits: number;
            costPerNewPost: number | null;
            costPerPost: number | null;
            costUsd: number | null;
            errors: number;
            newPosts: number;
            operation: string;
            platform: string;
            posts: number;
            quotaUnits: number | null;
            rejected: number;
            requests: number;
            savedUnits: number | null;
            savedUsd: number | null;
        };
        CollectingCostRows: {
            rows: components["schemas"]["CollectingCost"][];
        };
        /**
         * @description The scrape jobs that began on a UTC day, of one platform; costs in USD, None where none is known.
         *
         *     `priced_found` are the posts that jobs of known cost found.
         */
        CollectingDay: {
            cacheHits: number;
            costUsd: number | null;
            /** Format: date */
            date: string;
            errors: number;
            found: number;
            jobs: number;
            new: number;
            platform: string;
            pricedFound: number;
            rejected: number;
            requests: number;
            savedUsd: number | null;
        };
        CollectingDayRows: {
            rows: components["schemas"]["CollectingDay"][];
        };
        /**
         * @description The scrape jobs of a platform in a period: failed requests ÷ requests, and what a post cost in USD.
         *
         *     Costs per post are over priced jobs alone. None where nothing is known, or nothing to divide by.
         */
        CollectingTotal: {
            costPerNewPost: number | null;
            costPerPost: number | null;
            costUsd: number | null;
            errorRate: number | null;
            errors: number;
            found: number;
            new: number;
            platform: string;
            rejected: number;
            requests: number;
        };
        CollectingTotalRows: {
            rows: components["schemas"]["CollectingTotal"][];
        };
        /**
         * @description What discovered trends cost on average, in USD: the first row `overall`, then one for each crew type.
         *
         *     Only executions that discovered something count here. `unpriced_trends` of `trends` are those of
         *     executions whose cost is unknown; `cost_per_trend` is the mean of the others, None without any.
         *     `crew_type` is None overall, and where the execution is not known.
         */
        CostSummary: {
            costPerTrend: number | null;
            costUsd: number | null;
            crewType: string | null;
            overall: boolean;
            trends: number;
            unpricedTrends: number;
        };
        CostSummaryRows: {
            rows: components["schemas"]["CostSummary"][];
        };
        /** @description The events from a country (ISO 3166; None where it is not known). */
        CountryUse: {
            country: string | null;
            events: number;
            sessions: number;
            users: number;
        };
        CountryUseRows: {
            rows: components["schemas"]["CountryUse"][];
        };
        /** @description One LLM or tool call of an execution; `cost_usd=None` is an unknown price, never free. */
        CrewCall: {
            agent?: string | null;
            costUsd?: number | string | null;
            crewExecutionId: number;
            durationMs?: number | string | null;
            error?: string | null;
            /** @default false */
            fromCache?: boolean;
            kind: ("llm" | "tool") | (string & {});
            model?: string | null;
            name: string;
            /** @default true */
            ok?: boolean;
            startedAt: Date | string | number;
            task?: string | null;
            tokensCached?: number | string | null;
            tokensIn?: number | string | null;
            tokensOut?: number | string | null;
            tokensReasoning?: number | string | null;
        };
        /** @description One run of a crew; what is None is unknown, an unknown cost among it. */
        CrewExecution: {
            costUsd?: number | string | null;
            crewType: string;
            durationMs?: number | string | null;
            endTime?: Date | string | number | null;
            errorMessage?: string | null;
            llmCalls?: number | string | null;
            niches?: string[] | null;
            outputData?: unknown;
            platforms?: (("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {}))[] | null;
            postsScraped?: number | string | null;
            startTime: Date | string | number;
            /** @default running */
            status?: ("running" | "completed" | "failed" | "stale") | (string & {});
            tokensUsed?: number | string | null;
            toolCalls?: number | string | null;
            trendsDiscovered?: number | string | null;
            userId?: string | null;
        };
        /**
         * @description What the executions of a crew type came to.
         *
         *     `success_rate` is completed ÷ finished (completed, failed or stale), None while none has finished.
         *     `cost_usd` sums the known costs, `unpriced_runs` counts the unknown ones; `trends_per_dollar` and
         *     `cost_per_trend` (USD) leave these runs out, and are None where they would divide by 0.
         */
        CrewSuccess: {
            avgDurationMs: number | null;
            completed: number;
            costPerTrend: number | null;
            costUsd: number | null;
            crewType: string;
            failed: number;
            running: number;
            runs: number;
            stale: number;
            successRate: number | null;
            trends: number;
            trendsPerDollar: number | null;
            trendsPerRun: number;
            unpricedRuns: number;
        };
        CrewSuccessRows: {
            rows: components["schemas"]["CrewSuccess"][];
        };
        /**
         * @description The trends that executions of a crew type found ("unknown" where none is named).
         *
         *     `runs` are those that found something; `posts_per_trend` is the mean over trends of what their run
         *     scraped ÷ all the trends it found.
         */
        CrewTrends: {
            avgSources: number;
            crewType: string;
            postsPerTrend: number | null;
            runs: number;
            trends: number;
            trendsPerRun: number | null;
        };
        CrewTrendsRows: {
            rows: components["schemas"]["CrewTrends"][];
        };
        Deleted: {
            /** @description Whether it was there; false is no error. */
            deleted: boolean;
        };
        /** @description The events of a name that name a trend, and how many trends they name. */
        Engagement: {
            eventName: string;
            events: number;
            trends: number;
        };
        EngagementRows: {
            rows: components["schemas"]["Engagement"][];
        };
        /** @description An author of scraped posts, by the platform's id or by the name. */
        ErasureOfAuthor: {
            author: string;
            platform: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
        };
        /** @description A post by the platform's own id, seen or not. */
        ErasureOfPost: {
            externalId: string;
            platform: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
        };
        /** @description A post by its id here. */
        ErasureOfPostById: {
            /** Format: uuid */
            postId: string;
        };
        /** @description A user of the app; with `keep_numbers` what the user did stays, under an id that nobody can derive. */
        ErasureOfUser: {
            /** @default false */
            keepNumbers?: boolean;
            userId: string;
        };
        ErasureReceipt: {
            /** @description By cold table; null without an archive. */
            archive: {
                [key: string]: number;
            } | null;
            /** Format: date-time */
            erasedAt: string;
            kind: ("user" | "anonymous user" | "author" | "post") | (string & {});
            /** @description The keyed hash by which the erased are remembered. */
            reference: string;
            /** Format: date-time */
            requestedAt: string;
            /** @description HMAC-SHA256 over the rest, which this warehouse verifies. */
            signature: string;
            stores: {
                [key: string]: number;
            };
            total: number;
        };
        /** @description The failed requests of a platform's scrape jobs ÷ their requests, None without requests. */
        ErrorRate: {
            errorRate: number | null;
            errors: number;
            jobs: number;
            platform: string;
            requests: number;
        };
        ErrorRateRows: {
            rows: components["schemas"]["ErrorRate"][];
        };
        /** @description One run of a crew; `trends` are those that name it, else the number it logged; None is unknown. */
        Execution: {
            costUsd: number | null;
            crewType: string;
            durationMs: number | null;
            endTime: string | null;
            errorMessage: string | null;
            id: number;
            llmCalls: number | null;
            niches: string[] | null;
            platforms: string[] | null;
            postsScraped: number | null;
            /** Format: date-time */
            startTime: string;
            status: string;
            tokensUsed: number | null;
            toolCalls: number | null;
            trends: number | null;
            userId: string | null;
        };
        /** @description What is to change of a stored execution: what is not given stays as it is. */
        ExecutionChanges: {
            costUsd?: number | string | null;
            crewType?: string | null;
            durationMs?: number | string | null;
            endTime?: Date | string | number | null;
            errorMessage?: string | null;
            llmCalls?: number | string | null;
            niches?: string[] | null;
            outputData?: unknown;
            platforms?: (("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {}))[] | null;
            postsScraped?: number | string | null;
            startTime?: Date | string | number | null;
            status?: (("running" | "completed" | "failed" | "stale") | (string & {})) | null;
            tokensUsed?: number | string | null;
            toolCalls?: number | string | null;
            trendsDiscovered?: number | string | null;
            userId?: string | null;
        };
        ExecutionRows: {
            rows: components["schemas"]["Execution"][];
        };
        /** @description The events of one name and type, and how many known users and sessions they are of. */
        FeatureUse: {
            eventName: string;
            events: number;
            eventType: string;
            sessions: number;
            users: number;
        };
        FeatureUseRows: {
            rows: components["schemas"]["FeatureUse"][];
        };
        /** @description A post that gained: `times` (3 decimals) is `reach` ÷ `reach_before`, seen at `seen_before_at`. */
        GainedPost: {
            author: string | null;
            externalId: string;
            /** Format: uuid */
            id: string;
            platform: string;
            publishedAt: string | null;
            reach: number;
            reachBefore: number;
            /** Format: date-time */
            seenBeforeAt: string;
            times: number;
            title: string | null;
            url: string | null;
        };
        GainedPostRows: {
            rows: components["schemas"]["GainedPost"][];
        };
        /**
         * @description A hashtag on the platforms it was used on in the last 7 days, against the 7 days before.
         *
         *     `change` is growth in posts as a share (0.5 is half as many again), None where there were none before.
         */
        HashtagAcross: {
            avgEngagementRate: number | null;
            change: number | null;
            hashtag: string;
            platforms: string[];
            postCount: number;
            postCountBefore: number;
            totalViews: number | null;
        };
        HashtagAcrossRows: {
            rows: components["schemas"]["HashtagAcross"][];
        };
        /** @description A hashtag that stands beside another: `posts` have both, `share` (0–1) of those with the other. */
        HashtagBeside: {
            hashtag: string;
            posts: number;
            share: number;
        };
        HashtagBesideRows: {
            rows: components["schemas"]["HashtagBeside"][];
        };
        /** @description The posts with a hashtag that were first seen on a UTC day, on one platform, with their numbers now. */
        HashtagDay: {
            avgEngagementRate: number | null;
            /** Format: date */
            date: string;
            platform: string;
            posts: number;
            totalViews: number | null;
        };
        HashtagDayRows: {
            rows: components["schemas"]["HashtagDay"][];
        };
        IngestReport: {
            files: number;
            new: number;
            postsByPlatform: {
                [key: string]: number;
            };
            read: number;
            rejected: number;
            rejectedByReason: {
                [key: string]: number;
            };
            scrubbed: number;
            seconds: number;
            unchanged: number;
            updated: number;
        };
        /**
         * @description A row of `v_posts`: a post as lists show it; a number that is None is unknown.
         *
         *     `velocity_score` is relative growth of reach per hour, and `growth` the reach gained, since the sighting
         *     before the latest; None on the first, and where the platform stopped or began to tell views.
         */
        ListedPost: {
            author: string | null;
            authorId: string | null;
            category: string | null;
            comments: number | null;
            contentType: string | null;
            engagementRate: number | null;
            externalId: string;
            growth: number | null;
            hashtags: string[] | null;
            /** Format: uuid */
            id: string;
            language: string | null;
            /** Format: date-time */
            lastScrapedAt: string;
            likes: number | null;
            niche: string | null;
            platform: string;
            publishedAt: string | null;
            reach: number | null;
            /** Format: date-time */
            scrapedAt: string;
            shares: number | null;
            sightings: number;
            thumbnailUrl: string | null;
            title: string | null;
            url: string | null;
            velocityScore: number | null;
            views: number | null;
        };
        ListedPostPage: {
            /** @description The cursor of the next page; null after the last. */
            next: string | null;
            rows: components["schemas"]["ListedPost"][];
        };
        /** @description The numbers of a post at `recorded_at` (None: now); a number that is None is unknown. */
        MetricsSnapshot: {
            comments?: number | string | null;
            likes?: number | string | null;
            recordedAt?: Date | string | number | null;
            retweets?: number | string | null;
            saves?: number | string | null;
            shares?: number | string | null;
            views?: number | string | null;
        };
        /** @description The calls of a language model and their tokens; None where no call tells; costs in USD. */
        ModelUse: {
            calls: number;
            costUsd: number | null;
            model: string;
            tokensCached: number | null;
            tokensIn: number | null;
            tokensOut: number | null;
            tokensReasoning: number | null;
            unpricedCalls: number;
        };
        ModelUseRows: {
            rows: components["schemas"]["ModelUse"][];
        };
        /** @description An execution in a list; `trends` are those that name it, else the number it logged; None is unknown. */
        NotedRun: {
            costUsd: number | null;
            crewType: string;
            durationMs: number | null;
            errorMessage: string | null;
            id: number;
            llmCalls: number | null;
            postsScraped: number | null;
            /** Format: date-time */
            startTime: string;
            status: string;
            tokensUsed: number | null;
            toolCalls: number | null;
            trends: number | null;
        };
        NotedRunRows: {
            rows: components["schemas"]["NotedRun"][];
        };
        /** @description The executions that started in one hour of one weekday (1 Monday … 7 Sunday). */
        PeakTime: {
            avgDurationMs: number | null;
            hour: number;
            runs: number;
            weekday: number;
        };
        PeakTimeRows: {
            rows: components["schemas"]["PeakTime"][];
        };
        /**
         * @description How posts stand `from_hours` up to `to_hours` (None: no end) after they were published.
         *
         *     `median_share` is the median of reach ÷ the reach the post had when last seen; `median_velocity` that of
         *     relative growth per hour. Either is None where no reading tells it.
         */
        Performance: {
            fromHours: number;
            medianShare: number | null;
            medianVelocity: number | null;
            readings: number;
            toHours: number | null;
        };
        PerformanceRows: {
            rows: components["schemas"]["Performance"][];
        };
        /** @description How often users asked for a content platform: it is `platform` in the properties of their events. */
        PlatformInterest: {
            events: number;
            platform: string;
            users: number;
        };
        PlatformInterestRows: {
            rows: components["schemas"]["PlatformInterest"][];
        };
        /** @description The posts of a platform first seen in a period, with their numbers now; None where none is told. */
        PlatformPosts: {
            avgEngagementRate: number | null;
            platform: string;
            posts: number;
            totalViews: number | null;
        };
        PlatformPostsRows: {
            rows: components["schemas"]["PlatformPosts"][];
        };
        /** @description A post first seen within 24 hours, with its reach; its rate is None where there are no views. */
        PopularByReach: {
            author: string | null;
            category: string | null;
            comments: number | null;
            engagementRate: number | null;
            externalId: string;
            hashtags: string[] | null;
            /** Format: uuid */
            id: string;
            likes: number | null;
            platform: string;
            publishedAt: string | null;
            reach: number;
            /** Format: date-time */
            scrapedAt: string;
            shares: number | null;
            thumbnailUrl: string | null;
            title: string | null;
            url: string | null;
            views: number | null;
        };
        PopularByReachRows: {
            rows: components["schemas"]["PopularByReach"][];
        };
        /** @description A row of `mv_popular_content_24h`, exact as of its last refresh. */
        PopularPost: {
            author: string | null;
            category: string | null;
            comments: number | null;
            engagementRate: number;
            externalId: string;
            hashtags: string[] | null;
            /** Format: uuid */
            id: string;
            likes: number | null;
            platform: string;
            publishedAt: string | null;
            /** Format: date-time */
            scrapedAt: string;
            shares: number | null;
            thumbnailUrl: string | null;
            title: string | null;
            url: string | null;
            views: number;
        };
        PopularPostPage: {
            /** @description The cursor of the next page; null after the last. */
            next: string | null;
            rows: components["schemas"]["PopularPost"][];
        };
        PopularPostRows: {
            rows: components["schemas"]["PopularPost"][];
        };
        /** @description A post by its reach: views, else likes + comments + shares; without views its rate is None. */
        PostByReach: {
            author: string | null;
            comments: number | null;
            engagementRate: number | null;
            externalId: string;
            hashtags: string[] | null;
            /** Format: uuid */
            id: string;
            likes: number | null;
            platform: string;
            publishedAt: string | null;
            reach: number;
            /** Format: date-time */
            scrapedAt: string;
            shares: number | null;
            title: string | null;
            url: string | null;
            views: number | null;
        };
        PostByReachRows: {
            rows: components["schemas"]["PostByReach"][];
        };
        /** @description What was published in one hour of one weekday (1 Monday … 7 Sunday); None where no post tells it. */
        PostingTime: {
            avgEngagementRate: number | null;
            hour: number;
            medianReach: number | null;
            posts: number;
            weekday: number;
        };
        PostingTimeRows: {
            rows: components["schemas"]["PostingTime"][];
        };
        /** @description What went wrong (RFC 9457). */
        Problem: {
            /** @description What, and what to do about it. */
            detail: string;
            /** @description Each place at fault: a JSON pointer into the body, or into what `in` names. */
            errors?: {
                detail: string;
                in?: ("query" | "path" | "header" | "body") | (string & {});
                pointer: string;
            }[];
            /** @description The posts that are not known. */
            postIds?: string[];
            /** @description Why a post is turned away. */
            reason?: ("empty" | "binary" | "wrong_encoding" | "not_json" | "truncated" | "merge_markers" | "too_large" | "bad_csv" | "unknown_shape" | "not_a_post" | "missing_id" | "damaged_id" | "bad_number" | "number_out_of_range" | "bad_time" | "time_out_of_range" | "bad_value" | "author_erased" | "bad_event") | (string & {});
            /** @description What the server's log calls this request. */
            requestId?: string;
            /** @description Of a bulk: how many posts are saved. */
            saved?: number;
            status: number;
            title: string;
            /** @description The kind of problem, as a URN that never changes. */
            type: string;
        };
        /**
         * @description What a post had at `recorded_at` (aware UTC); a number that is None was not told then.
         *
         *     `velocity_score` is relative growth of reach per hour since the reading before, None on the first one
         *     and where the platform stopped or began to tell views.
         */
        Reading: {
            comments: number | null;
            engagementRate: number | null;
            likes: number | null;
            reach: number | null;
            /** Format: date-time */
            recordedAt: string;
            retweets: number | null;
            saves: number | null;
            shares: number | null;
            velocityScore: number | null;
            views: number | null;
        };
        ReadingRows: {
            rows: components["schemas"]["Reading"][];
        };
        /** @description How many payloads were turned away for a reason; `platform` is None where it was not recognised. */
        Rejected: {
            /** Format: date-time */
            latest: string;
            platform: string | null;
            reason: string;
            rejections: number;
        };
        RejectedRows: {
            rows: components["schemas"]["Rejected"][];
        };
        /** @description How many rejections have a reason, and when the latest came. */
        RejectionCount: {
            /** Format: date-time */
            latest: string;
            reason: string;
            rejections: number;
        };
        RejectionCountRows: {
            rows: components["schemas"]["RejectionCount"][];
        };
        /**
         * @description Sources whose relevance is `relevance` up to a tenth more.
         *
         *     `median_growth` is the median of reach now ÷ reach when the trend was called, of the `measured` ones.
         */
        RelevanceBand: {
            measured: number;
            medianGrowth: number | null;
            relevance: number;
            sources: number;
        };
        RelevanceBandRows: {
            rows: components["schemas"]["RelevanceBand"][];
        };
        /** @description A trend that a post revealed. */
        RevealedTrend: {
            /** Format: date-time */
            createdAt: string;
            id: number;
            relevanceScore: number | null;
            title: string;
        };
        RevealedTrendRows: {
            rows: components["schemas"]["RevealedTrend"][];
        };
        /** @description A hashtag on one platform in the last 7 days, against the 7 days before; as HashtagAcross. */
        RisingHashtag: {
            avgEngagementRate: number | null;
            change: number | null;
            hashtag: string;
            platform: string;
            postCount: number;
            postCountBefore: number;
            totalViews: number | null;
        };
        RisingHashtagRows: {
            rows: components["schemas"]["RisingHashtag"][];
        };
        /** @description An execution with all its figures; None is unknown. */
        Run: {
            costUsd: number | null;
            crewType: string;
            durationMs: number | null;
            endTime: string | null;
            errorMessage: string | null;
            id: number;
            llmCalls: number | null;
            niches: string[] | null;
            outputData: unknown;
            parentExecutionId: number | null;
            platforms: string[] | null;
            postsNew: number | null;
            postsScraped: number | null;
            /** Format: date-time */
            startTime: string;
            status: string;
            tokensCached: number | null;
            tokensIn: number | null;
            tokensOut: number | null;
            tokensReasoning: number | null;
            tokensUsed: number | null;
            toolCalls: number | null;
            trends: number | null;
            userId: string | null;
        };
        /** @description A call of an execution, in the order of time; None is unknown. */
        RunCall: {
            agent: string | null;
            costUsd: number | null;
            crew: string | null;
            durationMs: number | null;
            error: string | null;
            fromCache: boolean;
            id: number;
            kind: string;
            model: string | null;
            name: string;
            ok: boolean;
            /** Format: date-time */
            startedAt: string;
            task: string | null;
            tokensCached: number | null;
            tokensIn: number | null;
            tokensOut: number | null;
        };
        RunCallRows: {
            rows: components["schemas"]["RunCall"][];
        };
        /**
         * @description What the runs of a crew type, or of a day, cost in USD, and what came of it.
         *
         *     `cost_usd` sums the known costs, models, tools and platforms together, `api_usd` what of it platforms
         *     took; `unpriced_runs` have no known cost and stay out of the costs of a trend (a trend that was
         *     discovered), a post and a new post. `saved_usd` is what answers from the cache would have cost. None where
         *     nothing is known, or nothing to divide by.
         */
        RunCost: {
            apiUsd: number | null;
            costPerNewPost: number | null;
            costPerPost: number | null;
            costPerTrend: number | null;
            costUsd: number | null;
            name: string;
            newPosts: number | null;
            posts: number | null;
            runs: number;
            savedUsd: number | null;
            tokens: number | null;
            trends: number;
            unpricedRuns: number;
        };
        RunCostRows: {
            rows: components["schemas"]["RunCost"][];
        };
        /**
         * @description The executions of a crew type that began on a UTC day; costs in USD, None where none is known.
         *
         *     `timed` are those whose duration is known, `priced_trends` are those of executions whose cost is known.
         */
        RunDay: {
            avgDurationMs: number | null;
            completed: number;
            costUsd: number | null;
            crewType: string;
            /** Format: date */
            date: string;
            failed: number;
            posts: number | null;
            pricedTrends: number;
            runs: number;
            stale: number;
            timed: number;
            tokens: number | null;
            trends: number;
        };
        RunDayRows: {
            rows: components["schemas"]["RunDay"][];
        };
        SavedPosts: {
            /** @description In input order. */
            ids: string[];
            new: number;
            /** @description Of authors who were erased; nothing of them is stored. */
            rejected: number;
            unchanged: number;
            updated: number;
        };
        /**
         * @description One sighting of one post: what it is, what it says, and its numbers at `observed_at`.
         *
         *         Rough values are accepted and cleaned: counts as digits, times as ISO text or epoch, hashtags with
         *         or without `#`. None is unknown and 0 is zero. `observed_at=None` means now. `payload_hash` marks a
         *         payload that does not say when it was seen: the same hash is never taken twice.
         *
         *         Raises InvalidPost naming the field, the value and the reason.
         */
        ScrapedPost: {
            author?: string | number | null;
            authorId?: string | number | null;
            category?: string | number | null;
            comments?: number | string | null;
            contentType?: string | number | null;
            description?: string | number | null;
            detectedTopics?: string[] | null;
            durationSeconds?: number | null;
            /** @description The platform's own id of the post. */
            externalId: string | number;
            fetchedVia?: ("official_api" | "scraper" | "export" | null) | (string & {});
            hashtags?: string[] | null;
            keywords?: string[] | null;
            language?: string | number | null;
            likes?: number | string | null;
            mediaUrls?: string[] | null;
            mentions?: string[] | null;
            niche?: string | number | null;
            /** @description When the post looked so; now where it is not given. */
            observedAt?: Date | string | number | null;
            platform: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            publishedAt?: Date | string | number | null;
            /** @description The platform's payload as it came, whole. */
            rawJson?: unknown;
            retweets?: number | string | null;
            saves?: number | string | null;
            scrapeJobId?: number | null;
            scrapeSource?: ("manual" | "scheduled" | "crew_ai" | "api" | "file" | null) | (string & {});
            shares?: number | string | null;
            thumbnailUrl?: string | number | null;
            title?: string | number | null;
            url?: string | number | null;
            videoUrl?: string | number | null;
            views?: number | string | null;
        };
        /** @description One act of collecting: what was asked of which platform, what it cost and what it brought. */
        ScrapeJob: {
            /** @default 0 */
            cacheHits?: number | string;
            costUsd?: number | string | null;
            crewExecutionId?: number | null;
            endedAt?: Date | string | number | null;
            /** @default 0 */
            errors?: number | string;
            /** @default 0 */
            found?: number | string;
            /** @default 0 */
            new?: number | string;
            operation: string;
            platform: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            query?: string | null;
            quotaUnits?: number | string | null;
            /** @default 0 */
            rejected?: number | string;
            /** @default 0 */
            requests?: number | string;
            savedUnits?: number | string | null;
            savedUsd?: number | string | null;
            startedAt: Date | string | number;
            tool?: string | null;
        };
        /**
         * @description What collecting from a platform cost in USD.
         *
         *     `cost_usd` is what is known, None if nothing is; `unpriced_jobs` are those whose cost is unknown. A cost
         *     per post is over priced jobs alone: per post `found` (seen again ones included), per `new` one.
         */
        ScrapingCost: {
            costPerNewPost: number | null;
            costPerPost: number | null;
            costUsd: number | null;
            found: number;
            jobs: number;
            new: number;
            platform: string;
            unpricedJobs: number;
        };
        ScrapingCostRows: {
            rows: components["schemas"]["ScrapingCost"][];
        };
        /**
         * @description A row of `v_daily_scraping_stats`: the posts first seen on a UTC day, with their numbers now.
         *
         *     Totals and means are over the posts that tell the number, None where none does.
         */
        ScrapingDay: {
            avgEngagementRate: number | null;
            avgViews: number | null;
            /** Format: date */
            date: string;
            platform: string;
            postsScraped: number;
            totalViews: number | null;
        };
        ScrapingDayPage: {
            /** @description The cursor of the next page; null after the last. */
            next: string | null;
            rows: components["schemas"]["ScrapingDay"][];
        };
        ScrapingDayRows: {
            rows: components["schemas"]["ScrapingDay"][];
        };
        /**
         * @description Money spent on collecting and on crews, against what came of it, in USD.
         *
         *     `collecting_usd` is the money of scrape jobs that no execution's cost holds already; what is None is
         *     unknown, and `unpriced_jobs` and `unpriced_executions` say how many are missing from the sums.
         *     `interactions` and `generations` are events traced to a trend. `value_usd` is what all traced events are
         *     worth by the prices in the settings; None means "not priced". `value_per_dollar` is value ÷ spent.
         */
        ScrapingReturn: {
            collectingUsd: number | null;
            crewsUsd: number | null;
            generations: number;
            interactions: number;
            spentUsd: number | null;
            unpricedExecutions: number;
            unpricedJobs: number;
            valuePerDollar: number | null;
            valueUsd: number | null;
        };
        /** @description The PostgreSQL, the database in it, and its size in bytes. */
        Server: {
            bytes: number;
            name: string;
            version: string;
        };
        ServerStatus: {
            status: string;
        };
        /** @description A call that took long. */
        SlowCall: {
            agent: string | null;
            costUsd: number | null;
            crewExecutionId: number;
            crewType: string;
            durationMs: number;
            kind: string;
            name: string;
            ok: boolean;
            /** Format: date-time */
            startedAt: string;
        };
        SlowCallRows: {
            rows: components["schemas"]["SlowCall"][];
        };
        /** @description A post that revealed a trend; `relevance_score` (0–1) is None where it was not scored. */
        Source: {
            author: string | null;
            engagementRate: number | null;
            externalId: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            linkedAt: string;
            platform: string;
            publishedAt: string | null;
            reach: number | null;
            relevanceScore: number | null;
            title: string | null;
            url: string | null;
            views: number | null;
        };
        /** @description A post behind a trend: `times` is its reach now ÷ `reach_then`, when the trend was called. */
        SourceGrowth: {
            author: string | null;
            externalId: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            linkedAt: string;
            platform: string;
            reach: number | null;
            reachThen: number | null;
            relevanceScore: number | null;
            times: number | null;
            title: string | null;
        };
        SourceGrowthRows: {
            rows: components["schemas"]["SourceGrowth"][];
        };
        SourceRows: {
            rows: components["schemas"]["Source"][];
        };
        /** @description Posts that revealed a trend, each with its relevance from 0 to 1, or null where it is unknown. */
        Sources: {
            postIds: string[];
            relevanceScores?: (number | null)[] | null;
        };
        /**
         * @description The known users who reached a stage; `conversion` is their share of the stage before.
         *
         *     `conversion` (0–1; above 1 where users skip a stage) is None for the first stage and after an empty one.
         */
        Stage: {
            conversion: number | null;
            eventName: string;
            stage: string;
            users: number;
        };
        StageRows: {
            rows: components["schemas"]["Stage"][];
        };
        /** @description An execution of which nothing was heard any more. */
        StaleRun: {
            crewType: string;
            errorMessage: string | null;
            id: number;
            /** Format: date-time */
            startTime: string;
        };
        StaleRunRows: {
            rows: components["schemas"]["StaleRun"][];
        };
        /** @description How the warehouse is: `deltas` wait to be folded into rollups, which no view feels. */
        Status: {
            deltas: number;
            embedded: boolean;
            posts: number;
            rejections: number;
            schema: string | null;
            server: components["schemas"]["Server"];
            tables: components["schemas"]["TableSize"][];
        };
        StoredCalls: {
            stored: number;
        };
        StoredEvents: {
            stored: number;
        };
        StoredId: {
            /** @description The id it is stored under. */
            id: number;
        };
        /**
         * @description A post with everything known of it; any field that is None is unknown.
         *
         *     `reach` is its views where the platform tells them, else likes + comments + shares. `velocity_score` is
         *     that of its last sighting: relative growth per hour, None on the first one. `scraped_at` is when it was
         *     first seen and `last_scraped_at` when last, both aware UTC. An erased post has only its id and times.
         */
        StoredPost: {
            archivedAt: string | null;
            author: string | null;
            authorId: string | null;
            category: string | null;
            comments: number | null;
            contentType: string | null;
            description: string | null;
            detectedTopics: string[] | null;
            durationSeconds: number | null;
            engagementRate: number | null;
            erasedAt: string | null;
            externalId: string | null;
            fetchedVia: string | null;
            hashtags: string[] | null;
            /** Format: uuid */
            id: string;
            keywords: string[] | null;
            language: string | null;
            /** Format: date-time */
            lastScrapedAt: string;
            likes: number | null;
            mediaUrls: string[] | null;
            mentions: string[] | null;
            niche: string | null;
            platform: string;
            publishedAt: string | null;
            rawJson: unknown;
            reach: number | null;
            retweets: number | null;
            saves: number | null;
            /** Format: date-time */
            scrapedAt: string;
            scrapeJobId: number | null;
            scrapeSource: string | null;
            shares: number | null;
            sightings: number;
            thumbnailUrl: string | null;
            title: string | null;
            url: string | null;
            velocityScore: number | null;
            videoUrl: string | null;
            views: number | null;
        };
        StoredPostId: {
            /**
             * Format: uuid
             * @description The post's id.
             */
            id: string;
        };
        /**
         * @description A payload turned away: `platform` and `shape` are None where they were not recognised.
         *
         *     `observed_at=None` means that nothing says when the payload was seen: it was there at `rejected_at`.
         */
        StoredRejection: {
            detail: string;
            id: number;
            niche: string | null;
            observedAt: string | null;
            origin: string | null;
            payload: unknown;
            platform: string | null;
            reason: string;
            /** Format: date-time */
            rejectedAt: string;
            scrapeJobId: number | null;
            scrapeSource: string | null;
            shape: string | null;
        };
        StoredRejectionRows: {
            rows: components["schemas"]["StoredRejection"][];
        };
        /**
         * @description A trend with its number of sources and their mean relevance (0–1), None where none is scored.
         *
         *     `platform=None` means across platforms, `crew_execution_id=None` that the run is unknown; `hotness` runs
         *     from 0 to 100.
         */
        StoredTrend: {
            avgRelevance: number | null;
            category: string | null;
            /** Format: date-time */
            createdAt: string;
            crewExecutionId: number | null;
            description: string | null;
            hashtags: string[];
            hotness: number | null;
            id: number;
            platform: string | null;
            sources: number;
            status: string;
            title: string;
        };
        StoredTrendRows: {
            rows: components["schemas"]["StoredTrend"][];
        };
        /** @description A table with its months (0: not partitioned): rows as last estimated, bytes with indexes. */
        TableSize: {
            bytes: number;
            months: number;
            name: string;
            rows: number;
        };
        TextRows: {
            rows: string[];
        };
        /** @description The calls of a language model on a UTC day, their tokens in and out, and their cost in USD if known. */
        TokenDay: {
            calls: number;
            costUsd: number | null;
            /** Format: date */
            date: string;
            model: string;
            tokens: number;
        };
        TokenDayRows: {
            rows: components["schemas"]["TokenDay"][];
        };
        /** @description The calls of a tool; `success_rate` is those that went well ÷ all; costs in USD, None if unknown. */
        ToolUse: {
            avgDurationMs: number | null;
            calls: number;
            costUsd: number | null;
            failed: number;
            fromCache: number;
            successRate: number;
            tool: string;
            unpricedCalls: number;
        };
        ToolUseRows: {
            rows: components["schemas"]["ToolUse"][];
        };
        /** @description A row of `v_top_posts_by_platform`; its rate is known, any other number that is None is not. */
        TopPost: {
            author: string | null;
            comments: number | null;
            engagementRate: number;
            externalId: string;
            hashtags: string[] | null;
            /** Format: uuid */
            id: string;
            likes: number | null;
            platform: string;
            publishedAt: string | null;
            /** Format: date-time */
            scrapedAt: string;
            shares: number | null;
            title: string | null;
            url: string | null;
            views: number | null;
        };
        TopPostPage: {
            /** @description The cursor of the next page; null after the last. */
            next: string | null;
            rows: components["schemas"]["TopPost"][];
        };
        TopPostRows: {
            rows: components["schemas"]["TopPost"][];
        };
        /** @description `event_id` of one event, `event_ids` of a list in its order. */
        TrackedEvents: {
            /** Format: uuid */
            eventId?: string;
            eventIds?: string[];
        };
        /**
         * @description A trend that a crew or a person called.
         *
         *     `hotness` runs from 0 to 100; `platform=None` means across platforms; `crew_execution_id=None` means
         *     that the run is unknown; `created_at=None` means now.
         */
        Trend: {
            category?: string | null;
            createdAt?: Date | string | number | null;
            crewExecutionId?: number | null;
            description?: string | null;
            /** @default [] */
            hashtags?: string[];
            hotness?: number | null;
            platform?: (("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {})) | null;
            /** @default rising */
            status?: ("rising" | "peaking" | "fading" | "over") | (string & {});
            title: string;
        };
        /** @description What a trend cost in USD: its execution's cost ÷ the trends of that execution; None is unknown. */
        TrendCost: {
            costUsd: number | null;
            /** Format: date-time */
            createdAt: string;
            crewExecutionId: number | null;
            crewType: string | null;
            executionCostUsd: number | null;
            executionTrends: number | null;
            id: number;
            title: string;
        };
        TrendCostRows: {
            rows: components["schemas"]["TrendCost"][];
        };
        /** @description The trends that were found on a UTC day. */
        TrendDay: {
            /** Format: date */
            date: string;
            trends: number;
        };
        TrendDayRows: {
            rows: components["schemas"]["TrendDay"][];
        };
        /** @description The events of a name that name one trend. */
        TrendEvents: {
            eventName: string;
            events: number;
        };
        TrendEventsRows: {
            rows: components["schemas"]["TrendEvents"][];
        };
        /**
         * @description A trend, what it stands on, what it cost, and the events of users that name it.
         *
         *     `cost_usd` and `posts_scraped` are those of its execution ÷ the trends of that execution. None is unknown.
         */
        TrendImpact: {
            avgRelevance: number | null;
            costUsd: number | null;
            /** Format: date-time */
            createdAt: string;
            crewExecutionId: number | null;
            crewType: string | null;
            events: number;
            hashtags: string[];
            hotness: number | null;
            id: number;
            platform: string | null;
            postsScraped: number | null;
            sources: number;
            status: string;
            title: string;
        };
        TrendImpactRows: {
            rows: components["schemas"]["TrendImpact"][];
        };
        /**
         * @description A row of `v_trending_hashtags`: posts first seen in the last 7 days.
         *
         *     `total_views` is None where no post tells views, `avg_engagement_rate` where none has a rate.
         */
        TrendingHashtag: {
            avgEngagementRate: number | null;
            hashtag: string;
            platform: string;
            postCount: number;
            totalViews: number | null;
        };
        TrendingHashtagPage: {
            /** @description The cursor of the next page; null after the last. */
            next: string | null;
            rows: components["schemas"]["TrendingHashtag"][];
        };
        TrendingHashtagRows: {
            rows: components["schemas"]["TrendingHashtag"][];
        };
        /**
         * @description How good trends were: the first row `overall`, then one for each crew type (None: unknown).
         *
         *     `median_growth` is the median over sources of reach now ÷ reach when the trend was called, for the
         *     `measured_sources` seen by then. `relevance_fit` (−1…1) is how well relevance foretold that growth (its
         *     correlation with the logarithm of growth), None where too few sources tell.
         */
        TrendQuality: {
            avgRelevance: number | null;
            avgSources: number;
            crewType: string | null;
            measuredSources: number;
            medianGrowth: number | null;
            overall: boolean;
            relevanceFit: number | null;
            trends: number;
        };
        TrendQualityRows: {
            rows: components["schemas"]["TrendQuality"][];
        };
        /** @description A model whose price is not known. */
        Unpriced: {
            calls: number;
            model: string;
            tokens: number;
        };
        UnpricedRows: {
            rows: components["schemas"]["Unpriced"][];
        };
        /** @description The events of a UTC day, and how many known users and sessions they are of. */
        UsageDay: {
            /** Format: date */
            date: string;
            errors: number;
            events: number;
            sessions: number;
            users: number;
        };
        UsageDayRows: {
            rows: components["schemas"]["UsageDay"][];
        };
        /** @description The events in one hour of one weekday (1 Monday … 7 Sunday). */
        UsageHour: {
            events: number;
            hour: number;
            weekday: number;
        };
        UsageHourRows: {
            rows: components["schemas"]["UsageHour"][];
        };
        /** @description A row of `v_user_engagement_funnel`: the distinct sessions in which a user reached each stage. */
        UserFunnel: {
            analyses: number;
            discoveries: number;
            generations: number;
            interactions: number;
            userId: string;
        };
        UserFunnelPage: {
            /** @description The cursor of the next page; null after the last. */
            next: string | null;
            rows: components["schemas"]["UserFunnel"][];
        };
        UserFunnelRows: {
            rows: components["schemas"]["UserFunnel"][];
        };
        /** @description What is known of a user; with `analytics: false` no event or execution names the user from now on. */
        UserSettings: {
            /** @default true */
            analytics?: boolean;
            displayName?: string | null;
        };
        /**
         * @description A post that went viral: `growth` is the reach it gained in the period.
         *
         *     `author_times` (3 decimals) is its reach ÷ `author_median`, the median reach of the `author_posts` posts
         *     known of its author, itself among them; None where that median is 0.
         */
        ViralPost: {
            author: string | null;
            authorMedian: number;
            authorPosts: number;
            authorTimes: number | null;
            externalId: string;
            growth: number;
            /** Format: uuid */
            id: string;
            platform: string;
            publishedAt: string | null;
            reach: number;
            title: string | null;
            url: string | null;
        };
        ViralPostRows: {
            rows: components["schemas"]["ViralPost"][];
        };
        /**
         * @description What collecting brings has fallen: `lately` (the last day) against `usual` (the two weeks before).
         *
         *     `measure` is "posts a request", or a share: "failed requests", "rejected records", "rejected SHAPE" of all
         *     records, "unknown FIELD" of the posts found. `requests` are those of the last day.
         */
        YieldAlarm: {
            lately: number;
            measure: string;
            operation: string;
            platform: string;
            requests: number;
            usual: number;
        };
        YieldAlarmRows: {
            rows: components["schemas"]["YieldAlarm"][];
        };
    };
    responses: {
        /** @description Whom this names was erased, and stays so. */
        Erased: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server failed. */
        Failed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request cannot be taken as it is. */
        InvalidInput: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A key is needed. */
        KeyNeeded: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description This key does not open this. */
        NotAllowed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing here. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No space is left where the database lives. */
        StorageFull: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It took too long. */
        Timeout: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests. */
        TooManyRequests: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The database is away. */
        Unavailable: {
            headers: {
                /** @description Seconds to wait. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body cannot be read. */
        Unreadable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is of a kind that is not read here. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerStatus"];
                };
            };
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    prometheus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Send requests. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerStatus"];
                };
            };
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    answers_all: {
        parameters: {
            query?: {
                /** @description How many seconds old the rows may be; without it they are worked out now. */
                maxAge?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnswerRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    answers_agents: {
        parameters: {
            query?: {
                /** @description How many seconds old the rows may be; without it they are worked out now. */
                maxAge?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    answers_conversion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    answers_hashtags: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    answers_performance: {
        parameters: {
            query?: {
                /** @description How many seconds old the rows may be; without it they are worked out now. */
                maxAge?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    answers_returns: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    answers_trend_costs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    answers_went_viral: {
        parameters: {
            query?: {
                /** @description How many seconds old the rows may be; without it they are worked out now. */
                maxAge?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    log_crew_calls: {
        parameters: {
            query?: never;
            header?: {
                /** @description Draw one for each request, such as a UUID: sent again within 24 hours, the request is not done again; its first answer comes again, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CrewCall"][];
            };
        };
        responses: {
            /** @description All are stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredCalls"];
                };
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    costs_collecting: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectingCostRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    costs_runs: {
        parameters: {
            query?: {
                /** @description What is told apart by, or sorted by. */
                by?: ("type" | "day") | (string & {});
                /** @description The last so many days. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunCostRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    costs_slowest: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SlowCallRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    costs_unpriced: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnpricedRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    crews_agents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentEffectRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    crews_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelUseRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    crews_peak_times: {
        parameters: {
            query?: {
                /** @description The time zone, such as UTC or Europe/Berlin. */
                zone?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeakTimeRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    crews_success: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CrewSuccessRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    crews_tools: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolUseRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    erase: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ErasureOfUser"] | components["schemas"]["ErasureOfAuthor"] | components["schemas"]["ErasureOfPost"] | components["schemas"]["ErasureOfPostById"];
            };
        };
        responses: {
            /** @description It is erased from every store. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureReceipt"];
                };
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    track_events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AppEvent"] | components["schemas"]["AppEvent"][];
            };
        };
        responses: {
            /** @description All are committed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrackedEvents"];
                };
            };
            /** @description The database is away; all are safe in the spool. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrackedEvents"];
                };
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    import_events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AppEvent"][];
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description All are stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredEvents"];
                };
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    crews_executions: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    log_crew_execution: {
        parameters: {
            query?: never;
            header?: {
                /** @description Draw one for each request, such as a UUID: sent again within 24 hours, the request is not done again; its first answer comes again, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CrewExecution"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredId"];
                };
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    update_crew_execution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The execution's id. */
                executionId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExecutionChanges"];
            };
        };
        responses: {
            /** @description Changed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    export_author: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The author's id, or the name. */
                author: string;
                /** @description The platform's name. */
                platform: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    export_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's own id of the user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    funnel_conversion: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Where the app ran: web, ios or android. */
                platform?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StageRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    funnel_users: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this user. */
                userId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserFunnelRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    hashtags_history: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path: {
                /** @description The hashtag, with or without #. */
                hashtag: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HashtagDayRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    hashtags_together: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path: {
                /** @description The hashtag, with or without #. */
                hashtag: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HashtagBesideRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    hashtags_across_platforms: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HashtagAcrossRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    hashtags_rising: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RisingHashtagRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    hashtags_trending: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrendingHashtagRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    impact_by_crew: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CrewTrendsRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    impact_by_day: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrendDayRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    impact_engagement: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EngagementRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    impact_relevance: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RelevanceBandRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    impact_trends: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrendImpactRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    ingest_payloads: {
        parameters: {
            query?: {
                /** @description Given to posts that have none. */
                niche?: string;
                /** @description When they were fetched, where they do not say so: ISO 8601; else now. */
                observedAt?: string;
                /** @description The job. */
                scrapeJobId?: number;
                /** @description How they were fetched. */
                scrapeSource?: ("manual" | "scheduled" | "crew_ai" | "api" | "file") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown[] | Record<string, never>;
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description All are read: read = new + updated + unchanged + rejected. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IngestReport"];
                };
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    refresh_popular_content: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is fresh. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    save_scraped_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description Draw one for each request, such as a UUID: sent again within 24 hours, the request is not done again; its first answer comes again, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScrapedPost"];
            };
        };
        responses: {
            /** @description It is saved. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredPostId"];
                };
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            409: components["responses"]["Erased"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    posts_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The post's id. */
                postId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredPost"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    delete_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The post's id. */
                postId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    posts_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The post's id. */
                postId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadingRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    record_metrics_snapshot: {
        parameters: {
            query?: never;
            header?: {
                /** @description Draw one for each request, such as a UUID: sent again within 24 hours, the request is not done again; its first answer comes again, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The post's id. */
                postId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MetricsSnapshot"];
            };
        };
        responses: {
            /** @description It is in the post's history. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    impact_revealed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The post's id. */
                postId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevealedTrendRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    bulk_save_scraped_posts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScrapedPost"][];
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description All are saved. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedPosts"];
                };
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    posts_find: {
        parameters: {
            query: {
                /** @description The platform's own id. */
                externalId: string;
                /** @description Only this platform. */
                platform: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredPost"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    posts_gained: {
        parameters: {
            query?: {
                /** @description The last so many hours. */
                hours?: number;
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
                /** @description How many times what it was. */
                times?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GainedPostRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    posts_performance: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PerformanceRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    posts_popular: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
                /** @description The least engagement rate. */
                minRate?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PopularPostRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    posts_popular_by_reach: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PopularByReachRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    posts_posting_times: {
        parameters: {
            query?: {
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
                /** @description The time zone, such as UTC or Europe/Berlin. */
                zone?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostingTimeRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    posts_top: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TopPostRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    posts_top_by_reach: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostByReachRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    posts_went_viral: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViralPostRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    scrapes_rejections: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
                /** @description Only with this reason. */
                reason?: ("empty" | "binary" | "wrong_encoding" | "not_json" | "truncated" | "merge_markers" | "too_large" | "bad_csv" | "unknown_shape" | "not_a_post" | "missing_id" | "damaged_id" | "bad_number" | "number_out_of_range" | "bad_time" | "time_out_of_range" | "bad_value" | "author_erased" | "bad_event") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredRejectionRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    scrapes_rejections_by_reason: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RejectionCountRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    replay_rejections: {
        parameters: {
            query?: {
                /** @description Only those with this reason. */
                reason?: ("empty" | "binary" | "wrong_encoding" | "not_json" | "truncated" | "merge_markers" | "too_large" | "bad_csv" | "unknown_shape" | "not_a_post" | "missing_id" | "damaged_id" | "bad_number" | "number_out_of_range" | "bad_time" | "time_out_of_range" | "bad_value" | "author_erased" | "bad_event") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All were read again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IngestReport"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    runs_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The execution's id. */
                executionId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    runs_calls: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The execution's id. */
                executionId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunCallRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    runs_by_day: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDayRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    runs_most: {
        parameters: {
            query?: {
                /** @description What is told apart by, or sorted by. */
                by?: ("start" | "duration" | "cost") | (string & {});
                /** @description The last so many days. */
                days?: number;
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotedRunRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    runs_stale: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description How many rows at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaleRunRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    runs_tokens: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenDayRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    log_scrape_job: {
        parameters: {
            query?: never;
            header?: {
                /** @description Draw one for each request, such as a UUID: sent again within 24 hours, the request is not done again; its first answer comes again, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScrapeJob"];
            };
        };
        responses: {
            /** @description Stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredId"];
                };
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    scraping_alarmed: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmedJobRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    scraping_alarms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["YieldAlarmRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    scraping_by_day: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectingDayRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    scraping_by_platform: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformPostsRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    scraping_costs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrapingCostRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    scraping_daily: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrapingDayRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    scraping_error_rates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorRateRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    scraping_platforms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TextRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    scraping_rejected: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RejectedRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    scraping_returns: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrapingReturn"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    scraping_totals: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectingTotalRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    take_traces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description All are stored that tell of agents. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    trends_list: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
                /** @description A hashtag, or part of a title, description or category. */
                query?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredTrendRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    create_trend: {
        parameters: {
            query?: never;
            header?: {
                /** @description Draw one for each request, such as a UUID: sent again within 24 hours, the request is not done again; its first answer comes again, with the header `Idempotency-Replayed: true`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Trend"];
            };
        };
        responses: {
            /** @description Stored. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredId"];
                };
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    trends_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The trend's id. */
                trendId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredTrend"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    delete_trend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The trend's id. */
                trendId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    impact_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The trend's id. */
                trendId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrendEventsRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    impact_sources: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The trend's id. */
                trendId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceGrowthRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    trends_sources: {
        parameters: {
            query?: {
                /** @description Only this platform. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
            };
            header?: never;
            path: {
                /** @description The trend's id. */
                trendId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    link_trend_to_sources: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The trend's id. */
                trendId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Sources"];
            };
        };
        responses: {
            /** @description They are linked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    trends_cost_summary: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CostSummaryRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    trends_costs: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrendCostRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    trends_quality: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrendQualityRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    usage_apps: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppUseRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    usage_asked_for: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformInterestRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    usage_by_day: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Where the app ran: web, ios or android. */
                platform?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageDayRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    usage_countries: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description How many rows at most. */
                limit?: number;
                /** @description Where the app ran: web, ios or android. */
                platform?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountryUseRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    usage_features: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description How many rows at most. */
                limit?: number;
                /** @description Where the app ran: web, ios or android. */
                platform?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeatureUseRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    usage_hours: {
        parameters: {
            query?: {
                /** @description The last so many days. */
                days?: number;
                /** @description Where the app ran: web, ios or android. */
                platform?: string;
                /** @description The time zone, such as UTC or Europe/Berlin. */
                zone?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageHourRows"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    add_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's own id of the user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserSettings"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Unreadable"];
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Erased"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    delete_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The app's own id of the user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
            507: components["responses"]["StorageFull"];
        };
    };
    view_popular_content_24h: {
        parameters: {
            query?: {
                /** @description Only rows whose author is this. */
                author?: string;
                /** @description Only rows whose category is this. */
                category?: string;
                /** @description Only rows whose comments is this. */
                comments?: number;
                /** @description Only rows whose comments is above this. */
                "comments.gt"?: number;
                /** @description Only rows whose comments is at least this. */
                "comments.gte"?: number;
                /** @description Only rows whose comments is below this. */
                "comments.lt"?: number;
                /** @description Only rows whose comments is at most this. */
                "comments.lte"?: number;
                /** @description `next` of the page before; none for the first page. */
                cursor?: string;
                /** @description Only rows whose engagement_rate is this. */
                engagementRate?: number;
                /** @description Only rows whose engagement_rate is above this. */
                "engagementRate.gt"?: number;
                /** @description Only rows whose engagement_rate is at least this. */
                "engagementRate.gte"?: number;
                /** @description Only rows whose engagement_rate is below this. */
                "engagementRate.lt"?: number;
                /** @description Only rows whose engagement_rate is at most this. */
                "engagementRate.lte"?: number;
                /** @description Only rows whose external_id is this. */
                externalId?: string;
                /** @description Only rows whose hashtags is this. */
                hashtags?: string;
                /** @description Only rows whose id is this. */
                id?: string;
                /** @description Only rows whose likes is this. */
                likes?: number;
                /** @description Only rows whose likes is above this. */
                "likes.gt"?: number;
                /** @description Only rows whose likes is at least this. */
                "likes.gte"?: number;
                /** @description Only rows whose likes is below this. */
                "likes.lt"?: number;
                /** @description Only rows whose likes is at most this. */
                "likes.lte"?: number;
                /** @description How many rows a page has at most. */
                limit?: number;
                /** @description Only rows whose platform is this. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
                /** @description Only rows whose published_at is this. */
                publishedAt?: string;
                /** @description Only rows whose published_at is above this. */
                "publishedAt.gt"?: string;
                /** @description Only rows whose published_at is at least this. */
                "publishedAt.gte"?: string;
                /** @description Only rows whose published_at is below this. */
                "publishedAt.lt"?: string;
                /** @description Only rows whose published_at is at most this. */
                "publishedAt.lte"?: string;
                /** @description Only rows whose scraped_at is this. */
                scrapedAt?: string;
                /** @description Only rows whose scraped_at is above this. */
                "scrapedAt.gt"?: string;
                /** @description Only rows whose scraped_at is at least this. */
                "scrapedAt.gte"?: string;
                /** @description Only rows whose scraped_at is below this. */
                "scrapedAt.lt"?: string;
                /** @description Only rows whose scraped_at is at most this. */
                "scrapedAt.lte"?: string;
                /** @description Only rows whose shares is this. */
                shares?: number;
                /** @description Only rows whose shares is above this. */
                "shares.gt"?: number;
                /** @description Only rows whose shares is at least this. */
                "shares.gte"?: number;
                /** @description Only rows whose shares is below this. */
                "shares.lt"?: number;
                /** @description Only rows whose shares is at most this. */
                "shares.lte"?: number;
                /** @description Columns to sort by, `-` before those that go down; else `-engagement_rate,id`. */
                sort?: string;
                /** @description Only rows whose thumbnail_url is this. */
                thumbnailUrl?: string;
                /** @description Only rows whose title is this. */
                title?: string;
                /** @description Only rows whose url is this. */
                url?: string;
                /** @description Only rows whose views is this. */
                views?: number;
                /** @description Only rows whose views is above this. */
                "views.gt"?: number;
                /** @description Only rows whose views is at least this. */
                "views.gte"?: number;
                /** @description Only rows whose views is below this. */
                "views.lt"?: number;
                /** @description Only rows whose views is at most this. */
                "views.lte"?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of rows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PopularPostPage"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    view_daily_scraping_stats: {
        parameters: {
            query?: {
                /** @description Only rows whose avg_engagement_rate is this. */
                avgEngagementRate?: number;
                /** @description Only rows whose avg_engagement_rate is above this. */
                "avgEngagementRate.gt"?: number;
                /** @description Only rows whose avg_engagement_rate is at least this. */
                "avgEngagementRate.gte"?: number;
                /** @description Only rows whose avg_engagement_rate is below this. */
                "avgEngagementRate.lt"?: number;
                /** @description Only rows whose avg_engagement_rate is at most this. */
                "avgEngagementRate.lte"?: number;
                /** @description Only rows whose avg_views is this. */
                avgViews?: number;
                /** @description Only rows whose avg_views is above this. */
                "avgViews.gt"?: number;
                /** @description Only rows whose avg_views is at least this. */
                "avgViews.gte"?: number;
                /** @description Only rows whose avg_views is below this. */
                "avgViews.lt"?: number;
                /** @description Only rows whose avg_views is at most this. */
                "avgViews.lte"?: number;
                /** @description `next` of the page before; none for the first page. */
                cursor?: string;
                /** @description Only rows whose date is this. */
                date?: string;
                /** @description Only rows whose date is above this. */
                "date.gt"?: string;
                /** @description Only rows whose date is at least this. */
                "date.gte"?: string;
                /** @description Only rows whose date is below this. */
                "date.lt"?: string;
                /** @description Only rows whose date is at most this. */
                "date.lte"?: string;
                /** @description How many rows a page has at most. */
                limit?: number;
                /** @description Only rows whose platform is this. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
                /** @description Only rows whose posts_scraped is this. */
                postsScraped?: number;
                /** @description Only rows whose posts_scraped is above this. */
                "postsScraped.gt"?: number;
                /** @description Only rows whose posts_scraped is at least this. */
                "postsScraped.gte"?: number;
                /** @description Only rows whose posts_scraped is below this. */
                "postsScraped.lt"?: number;
                /** @description Only rows whose posts_scraped is at most this. */
                "postsScraped.lte"?: number;
                /** @description Columns to sort by, `-` before those that go down; else `-date,platform`. */
                sort?: string;
                /** @description Only rows whose total_views is this. */
                totalViews?: number;
                /** @description Only rows whose total_views is above this. */
                "totalViews.gt"?: number;
                /** @description Only rows whose total_views is at least this. */
                "totalViews.gte"?: number;
                /** @description Only rows whose total_views is below this. */
                "totalViews.lt"?: number;
                /** @description Only rows whose total_views is at most this. */
                "totalViews.lte"?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of rows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScrapingDayPage"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    view_posts: {
        parameters: {
            query?: {
                /** @description Only rows whose author is this. */
                author?: string;
                /** @description Only rows whose author_id is this. */
                authorId?: string;
                /** @description Only rows whose category is this. */
                category?: string;
                /** @description Only rows whose comments is this. */
                comments?: number;
                /** @description Only rows whose comments is above this. */
                "comments.gt"?: number;
                /** @description Only rows whose comments is at least this. */
                "comments.gte"?: number;
                /** @description Only rows whose comments is below this. */
                "comments.lt"?: number;
                /** @description Only rows whose comments is at most this. */
                "comments.lte"?: number;
                /** @description Only rows whose content_type is this. */
                contentType?: string;
                /** @description `next` of the page before; none for the first page. */
                cursor?: string;
                /** @description Only rows whose engagement_rate is this. */
                engagementRate?: number;
                /** @description Only rows whose engagement_rate is above this. */
                "engagementRate.gt"?: number;
                /** @description Only rows whose engagement_rate is at least this. */
                "engagementRate.gte"?: number;
                /** @description Only rows whose engagement_rate is below this. */
                "engagementRate.lt"?: number;
                /** @description Only rows whose engagement_rate is at most this. */
                "engagementRate.lte"?: number;
                /** @description Only rows whose external_id is this. */
                externalId?: string;
                /** @description Only rows whose growth is this. */
                growth?: number;
                /** @description Only rows whose growth is above this. */
                "growth.gt"?: number;
                /** @description Only rows whose growth is at least this. */
                "growth.gte"?: number;
                /** @description Only rows whose growth is below this. */
                "growth.lt"?: number;
                /** @description Only rows whose growth is at most this. */
                "growth.lte"?: number;
                /** @description Only rows whose hashtags is this. */
                hashtags?: string;
                /** @description Only rows whose id is this. */
                id?: string;
                /** @description Only rows whose language is this. */
                language?: string;
                /** @description Only rows whose last_scraped_at is this. */
                lastScrapedAt?: string;
                /** @description Only rows whose last_scraped_at is above this. */
                "lastScrapedAt.gt"?: string;
                /** @description Only rows whose last_scraped_at is at least this. */
                "lastScrapedAt.gte"?: string;
                /** @description Only rows whose last_scraped_at is below this. */
                "lastScrapedAt.lt"?: string;
                /** @description Only rows whose last_scraped_at is at most this. */
                "lastScrapedAt.lte"?: string;
                /** @description Only rows whose likes is this. */
                likes?: number;
                /** @description Only rows whose likes is above this. */
                "likes.gt"?: number;
                /** @description Only rows whose likes is at least this. */
                "likes.gte"?: number;
                /** @description Only rows whose likes is below this. */
                "likes.lt"?: number;
                /** @description Only rows whose likes is at most this. */
                "likes.lte"?: number;
                /** @description How many rows a page has at most. */
                limit?: number;
                /** @description Only rows whose niche is this. */
                niche?: string;
                /** @description Only rows whose platform is this. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
                /** @description Only rows whose published_at is this. */
                publishedAt?: string;
                /** @description Only rows whose published_at is above this. */
                "publishedAt.gt"?: string;
                /** @description Only rows whose published_at is at least this. */
                "publishedAt.gte"?: string;
                /** @description Only rows whose published_at is below this. */
                "publishedAt.lt"?: string;
                /** @description Only rows whose published_at is at most this. */
                "publishedAt.lte"?: string;
                /** @description Only rows whose reach is this. */
                reach?: number;
                /** @description Only rows whose reach is above this. */
                "reach.gt"?: number;
                /** @description Only rows whose reach is at least this. */
                "reach.gte"?: number;
                /** @description Only rows whose reach is below this. */
                "reach.lt"?: number;
                /** @description Only rows whose reach is at most this. */
                "reach.lte"?: number;
                /** @description Only rows whose scraped_at is this. */
                scrapedAt?: string;
                /** @description Only rows whose scraped_at is above this. */
                "scrapedAt.gt"?: string;
                /** @description Only rows whose scraped_at is at least this. */
                "scrapedAt.gte"?: string;
                /** @description Only rows whose scraped_at is below this. */
                "scrapedAt.lt"?: string;
                /** @description Only rows whose scraped_at is at most this. */
                "scrapedAt.lte"?: string;
                /** @description Only rows whose shares is this. */
                shares?: number;
                /** @description Only rows whose shares is above this. */
                "shares.gt"?: number;
                /** @description Only rows whose shares is at least this. */
                "shares.gte"?: number;
                /** @description Only rows whose shares is below this. */
                "shares.lt"?: number;
                /** @description Only rows whose shares is at most this. */
                "shares.lte"?: number;
                /** @description Only rows whose sightings is this. */
                sightings?: number;
                /** @description Only rows whose sightings is above this. */
                "sightings.gt"?: number;
                /** @description Only rows whose sightings is at least this. */
                "sightings.gte"?: number;
                /** @description Only rows whose sightings is below this. */
                "sightings.lt"?: number;
                /** @description Only rows whose sightings is at most this. */
                "sightings.lte"?: number;
                /** @description Columns to sort by, `-` before those that go down; else `-scraped_at,id`. */
                sort?: string;
                /** @description Only rows whose thumbnail_url is this. */
                thumbnailUrl?: string;
                /** @description Only rows whose title is this. */
                title?: string;
                /** @description Only rows whose url is this. */
                url?: string;
                /** @description Only rows whose velocity_score is this. */
                velocityScore?: number;
                /** @description Only rows whose velocity_score is above this. */
                "velocityScore.gt"?: number;
                /** @description Only rows whose velocity_score is at least this. */
                "velocityScore.gte"?: number;
                /** @description Only rows whose velocity_score is below this. */
                "velocityScore.lt"?: number;
                /** @description Only rows whose velocity_score is at most this. */
                "velocityScore.lte"?: number;
                /** @description Only rows whose views is this. */
                views?: number;
                /** @description Only rows whose views is above this. */
                "views.gt"?: number;
                /** @description Only rows whose views is at least this. */
                "views.gte"?: number;
                /** @description Only rows whose views is below this. */
                "views.lt"?: number;
                /** @description Only rows whose views is at most this. */
                "views.lte"?: number;
                /** @description Only posts with these words, as in a search engine: "exact phrase", or, -not. */
                words?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of rows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListedPostPage"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    view_top_posts_by_platform: {
        parameters: {
            query?: {
                /** @description Only rows whose author is this. */
                author?: string;
                /** @description Only rows whose comments is this. */
                comments?: number;
                /** @description Only rows whose comments is above this. */
                "comments.gt"?: number;
                /** @description Only rows whose comments is at least this. */
                "comments.gte"?: number;
                /** @description Only rows whose comments is below this. */
                "comments.lt"?: number;
                /** @description Only rows whose comments is at most this. */
                "comments.lte"?: number;
                /** @description `next` of the page before; none for the first page. */
                cursor?: string;
                /** @description Only rows whose engagement_rate is this. */
                engagementRate?: number;
                /** @description Only rows whose engagement_rate is above this. */
                "engagementRate.gt"?: number;
                /** @description Only rows whose engagement_rate is at least this. */
                "engagementRate.gte"?: number;
                /** @description Only rows whose engagement_rate is below this. */
                "engagementRate.lt"?: number;
                /** @description Only rows whose engagement_rate is at most this. */
                "engagementRate.lte"?: number;
                /** @description Only rows whose external_id is this. */
                externalId?: string;
                /** @description Only rows whose hashtags is this. */
                hashtags?: string;
                /** @description Only rows whose id is this. */
                id?: string;
                /** @description Only rows whose likes is this. */
                likes?: number;
                /** @description Only rows whose likes is above this. */
                "likes.gt"?: number;
                /** @description Only rows whose likes is at least this. */
                "likes.gte"?: number;
                /** @description Only rows whose likes is below this. */
                "likes.lt"?: number;
                /** @description Only rows whose likes is at most this. */
                "likes.lte"?: number;
                /** @description How many rows a page has at most. */
                limit?: number;
                /** @description Only rows whose platform is this. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
                /** @description Only rows whose published_at is this. */
                publishedAt?: string;
                /** @description Only rows whose published_at is above this. */
                "publishedAt.gt"?: string;
                /** @description Only rows whose published_at is at least this. */
                "publishedAt.gte"?: string;
                /** @description Only rows whose published_at is below this. */
                "publishedAt.lt"?: string;
                /** @description Only rows whose published_at is at most this. */
                "publishedAt.lte"?: string;
                /** @description Only rows whose scraped_at is this. */
                scrapedAt?: string;
                /** @description Only rows whose scraped_at is above this. */
                "scrapedAt.gt"?: string;
                /** @description Only rows whose scraped_at is at least this. */
                "scrapedAt.gte"?: string;
                /** @description Only rows whose scraped_at is below this. */
                "scrapedAt.lt"?: string;
                /** @description Only rows whose scraped_at is at most this. */
                "scrapedAt.lte"?: string;
                /** @description Only rows whose shares is this. */
                shares?: number;
                /** @description Only rows whose shares is above this. */
                "shares.gt"?: number;
                /** @description Only rows whose shares is at least this. */
                "shares.gte"?: number;
                /** @description Only rows whose shares is below this. */
                "shares.lt"?: number;
                /** @description Only rows whose shares is at most this. */
                "shares.lte"?: number;
                /** @description Columns to sort by, `-` before those that go down; else `-engagement_rate,id`. */
                sort?: string;
                /** @description Only rows whose title is this. */
                title?: string;
                /** @description Only rows whose url is this. */
                url?: string;
                /** @description Only rows whose views is this. */
                views?: number;
                /** @description Only rows whose views is above this. */
                "views.gt"?: number;
                /** @description Only rows whose views is at least this. */
                "views.gte"?: number;
                /** @description Only rows whose views is below this. */
                "views.lt"?: number;
                /** @description Only rows whose views is at most this. */
                "views.lte"?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of rows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TopPostPage"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    view_trending_hashtags: {
        parameters: {
            query?: {
                /** @description Only rows whose avg_engagement_rate is this. */
                avgEngagementRate?: number;
                /** @description Only rows whose avg_engagement_rate is above this. */
                "avgEngagementRate.gt"?: number;
                /** @description Only rows whose avg_engagement_rate is at least this. */
                "avgEngagementRate.gte"?: number;
                /** @description Only rows whose avg_engagement_rate is below this. */
                "avgEngagementRate.lt"?: number;
                /** @description Only rows whose avg_engagement_rate is at most this. */
                "avgEngagementRate.lte"?: number;
                /** @description `next` of the page before; none for the first page. */
                cursor?: string;
                /** @description Only rows whose hashtag is this. */
                hashtag?: string;
                /** @description How many rows a page has at most. */
                limit?: number;
                /** @description Only rows whose platform is this. */
                platform?: ("youtube" | "twitter" | "instagram" | "tiktok" | "reddit" | "x" | "x.com" | "yt" | "ig") | (string & {});
                /** @description Only rows whose post_count is this. */
                postCount?: number;
                /** @description Only rows whose post_count is above this. */
                "postCount.gt"?: number;
                /** @description Only rows whose post_count is at least this. */
                "postCount.gte"?: number;
                /** @description Only rows whose post_count is below this. */
                "postCount.lt"?: number;
                /** @description Only rows whose post_count is at most this. */
                "postCount.lte"?: number;
                /** @description Columns to sort by, `-` before those that go down; else `-post_count,hashtag,platform`. */
                sort?: string;
                /** @description Only rows whose total_views is this. */
                totalViews?: number;
                /** @description Only rows whose total_views is above this. */
                "totalViews.gt"?: number;
                /** @description Only rows whose total_views is at least this. */
                "totalViews.gte"?: number;
                /** @description Only rows whose total_views is below this. */
                "totalViews.lt"?: number;
                /** @description Only rows whose total_views is at most this. */
                "totalViews.lte"?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of rows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrendingHashtagPage"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    view_user_engagement_funnel: {
        parameters: {
            query?: {
                /** @description Only rows whose analyses is this. */
                analyses?: number;
                /** @description Only rows whose analyses is above this. */
                "analyses.gt"?: number;
                /** @description Only rows whose analyses is at least this. */
                "analyses.gte"?: number;
                /** @description Only rows whose analyses is below this. */
                "analyses.lt"?: number;
                /** @description Only rows whose analyses is at most this. */
                "analyses.lte"?: number;
                /** @description `next` of the page before; none for the first page. */
                cursor?: string;
                /** @description Only rows whose discoveries is this. */
                discoveries?: number;
                /** @description Only rows whose discoveries is above this. */
                "discoveries.gt"?: number;
                /** @description Only rows whose discoveries is at least this. */
                "discoveries.gte"?: number;
                /** @description Only rows whose discoveries is below this. */
                "discoveries.lt"?: number;
                /** @description Only rows whose discoveries is at most this. */
                "discoveries.lte"?: number;
                /** @description Only rows whose generations is this. */
                generations?: number;
                /** @description Only rows whose generations is above this. */
                "generations.gt"?: number;
                /** @description Only rows whose generations is at least this. */
                "generations.gte"?: number;
                /** @description Only rows whose generations is below this. */
                "generations.lt"?: number;
                /** @description Only rows whose generations is at most this. */
                "generations.lte"?: number;
                /** @description Only rows whose interactions is this. */
                interactions?: number;
                /** @description Only rows whose interactions is above this. */
                "interactions.gt"?: number;
                /** @description Only rows whose interactions is at least this. */
                "interactions.gte"?: number;
                /** @description Only rows whose interactions is below this. */
                "interactions.lt"?: number;
                /** @description Only rows whose interactions is at most this. */
                "interactions.lte"?: number;
                /** @description How many rows a page has at most. */
                limit?: number;
                /** @description Columns to sort by, `-` before those that go down; else `-generations,-analyses,-interactions,-discoveries,user_id`. */
                sort?: string;
                /** @description Only rows whose user_id is this. */
                userId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of rows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserFunnelPage"];
                };
            };
            401: components["responses"]["KeyNeeded"];
            403: components["responses"]["NotAllowed"];
            422: components["responses"]["InvalidInput"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
}

/** Fields that hold somebody's own JSON, whose keys stay as they are. */
export const PAYLOADS: ReadonlySet<string> = new Set(["archive", "outputData", "payload", "postsByPlatform", "properties", "rawJson", "rejectedByReason", "stores"]);
