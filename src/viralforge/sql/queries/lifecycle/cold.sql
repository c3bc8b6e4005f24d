-- name: hot_posts
SELECT id::text, platform, external_id, url, title, description, author, author_id, published_at, content_type,
       language, views, likes, comments, shares, retweets, saves, thumbnail_url, video_url, media_urls, hashtags,
       mentions, keywords, duration_seconds, category, niche, detected_topics, raw_json::text, scraped_at,
       last_scraped_at, sightings, scrape_source, scrape_job_id, fetched_via
FROM viralforge.scraped_posts WHERE erased_at IS NULL;

-- name: hot_history
SELECT scraped_post_id::text, recorded_at, views, likes, comments, shares, retweets, saves, velocity_score
FROM viralforge.post_metrics_history;

-- name: hot_events
SELECT created_at, event_id::text, received_at, user_agent, user_id, session_id, event_name, event_type, platform,
       country, properties::text
FROM viralforge.app_events AS event LEFT JOIN viralforge.user_agents AS agent ON agent.id = event.user_agent_id;

-- name: hot_calls
SELECT crew_execution_id, call.id, call.started_at, kind, name, crew, agent, task, provider, model, call.duration_ms,
       call.tokens_in, call.tokens_out, call.tokens_cached, call.tokens_cache_write, call.tokens_reasoning,
       call.cost_usd, price_source, from_cache, ok, error, call_key::text
FROM viralforge.crew_calls AS call;

-- name: sightings
SELECT sightings FROM viralforge.scraped_posts WHERE id = %(id)s AND erased_at IS NULL;
