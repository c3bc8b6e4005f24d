-- Rollups for hashtags, growth, the funnel and what trends brought, and the deltas that keep them.

-- What a write changed of a post: the numbers it has, and those it had. `change` is 1 for a new post, 0 for a
-- known one, -1 for one that is gone. Writers append, the fold takes away; nobody ever changes a row.
CREATE TABLE viralforge.post_deltas (
    scraped_post_id uuid NOT NULL,
    platform text NOT NULL,
    scraped_at timestamptz NOT NULL,
    change smallint NOT NULL,
    hashtags text[],
    views bigint,
    engagement_rate numeric,
    was_hashtags text[],
    was_views bigint,
    was_engagement_rate numeric
);

INSERT INTO viralforge.daily_rollup AS rollup (day, platform, posts, views, views_known, rate, rates_known)
SELECT day, platform, sum(posts), sum(views), sum(views_known), sum(rate), sum(rates_known)
FROM viralforge.daily_deltas GROUP BY day, platform
ON CONFLICT (day, platform) DO UPDATE SET
    posts = rollup.posts + excluded.posts, views = rollup.views + excluded.views,
    views_known = rollup.views_known + excluded.views_known, rate = rollup.rate + excluded.rate,
    rates_known = rollup.rates_known + excluded.rates_known;
DROP TABLE viralforge.daily_deltas;

-- Up to when a sliding window is kept. Infinity: nothing is kept yet, all is read from the posts.
CREATE TABLE viralforge.rollup_edges (
    rollup text NOT NULL,
    edge timestamptz NOT NULL,
    CONSTRAINT rollup_edges_pkey PRIMARY KEY (rollup)
);
INSERT INTO viralforge.rollup_edges (rollup, edge) VALUES ('hashtags', 'infinity');

-- The posts first seen after the edge that carry a hashtag, and how many did so in the 7 days before it.
CREATE TABLE viralforge.hashtag_rollup (
    hashtag text NOT NULL,
    platform text NOT NULL,
    posts bigint NOT NULL,
    views numeric NOT NULL,
    views_known bigint NOT NULL,
    rate numeric NOT NULL,
    rates_known bigint NOT NULL,
    posts_before bigint NOT NULL,
    CONSTRAINT hashtag_rollup_pkey PRIMARY KEY (hashtag, platform)
);
CREATE INDEX hashtag_rollup_posts_idx
    ON viralforge.hashtag_rollup (posts DESC, hashtag, platform) WHERE posts > 0;
CREATE INDEX hashtag_rollup_platform_idx
    ON viralforge.hashtag_rollup (platform, posts DESC, hashtag) WHERE posts > 0;

-- The same over all platforms; `platforms` are those with posts after the edge.
CREATE TABLE viralforge.hashtag_across_rollup (
    hashtag text NOT NULL,
    platforms text[] NOT NULL,
    posts bigint NOT NULL,
    views numeric NOT NULL,
    views_known bigint NOT NULL,
    rate numeric NOT NULL,
    rates_known bigint NOT NULL,
    posts_before bigint NOT NULL,
    CONSTRAINT hashtag_across_rollup_pkey PRIMARY KEY (hashtag)
);
CREATE INDEX hashtag_across_rollup_posts_idx
    ON viralforge.hashtag_across_rollup (posts DESC, hashtag) WHERE cardinality(platforms) > 1;

-- From when to when a post's reach was at most a `level`th of what it is now: only a post whose span holds the
-- start of a window can have gained that much within it. No foreign key: a fold would wait for every deletion of
-- a post, and give way to it; the spans of a post that is gone are found by nobody, and dropped by the next fold.
CREATE TABLE viralforge.growth_spans (
    scraped_post_id uuid NOT NULL,
    level smallint NOT NULL,
    span tstzrange NOT NULL,
    CONSTRAINT growth_spans_pkey PRIMARY KEY (scraped_post_id, level)
);
CREATE INDEX growth_spans_twofold_idx ON viralforge.growth_spans USING spgist (span) WHERE level = 2;
CREATE INDEX growth_spans_tenfold_idx ON viralforge.growth_spans USING spgist (span) WHERE level = 10;
INSERT INTO viralforge.post_deltas (scraped_post_id, platform, scraped_at, change)
SELECT id, platform, scraped_at, 0 FROM viralforge.scraped_posts WHERE sightings > 1;

-- What known users did on the way from a trend to a clip.
CREATE TABLE viralforge.funnel_deltas (
    user_id text NOT NULL,
    session_id text,
    event_name text NOT NULL,
    platform text,
    created_at timestamptz NOT NULL,
    CONSTRAINT funnel_deltas_user_fkey FOREIGN KEY (user_id)
        REFERENCES viralforge.users (id) ON DELETE CASCADE
);
CREATE INDEX funnel_deltas_user_idx ON viralforge.funnel_deltas (user_id);
CREATE TABLE viralforge.funnel_rollup (
    user_id text NOT NULL,
    discoveries bigint NOT NULL,
    interactions bigint NOT NULL,
    analyses bigint NOT NULL,
    generations bigint NOT NULL,
    CONSTRAINT funnel_rollup_pkey PRIMARY KEY (user_id),
    CONSTRAINT funnel_rollup_user_fkey FOREIGN KEY (user_id)
        REFERENCES viralforge.users (id) ON DELETE CASCADE
);
CREATE INDEX funnel_rollup_furthest_idx ON viralforge.funnel_rollup
    (generations DESC, analyses DESC, interactions DESC, discoveries DESC, user_id);
-- The sessions that are counted there.
CREATE TABLE viralforge.funnel_sessions (
    user_id text NOT NULL,
    event_name text NOT NULL,
    session_id text NOT NULL,
    CONSTRAINT funnel_sessions_pkey PRIMARY KEY (user_id, event_name, session_id),
    CONSTRAINT funnel_sessions_user_fkey FOREIGN KEY (user_id)
        REFERENCES viralforge.users (id) ON DELETE CASCADE
);
-- When a user reached a stage last, on one platform of the app and ('') on any.
CREATE TABLE viralforge.funnel_users (
    user_id text NOT NULL,
    event_name text NOT NULL,
    platform text NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT funnel_users_pkey PRIMARY KEY (user_id, event_name, platform),
    CONSTRAINT funnel_users_user_fkey FOREIGN KEY (user_id)
        REFERENCES viralforge.users (id) ON DELETE CASCADE
);
CREATE INDEX funnel_users_stage_idx ON viralforge.funnel_users (event_name, platform, last_at);
-- How many of them reached it last on a UTC day, so that a period is summed and only its first day counted.
CREATE TABLE viralforge.funnel_days (
    event_name text NOT NULL,
    platform text NOT NULL,
    day date NOT NULL,
    users bigint NOT NULL,
    CONSTRAINT funnel_days_pkey PRIMARY KEY (event_name, platform, day)
);
INSERT INTO viralforge.funnel_deltas (user_id, session_id, event_name, platform, created_at)
SELECT user_id, session_id, event_name, platform, created_at FROM viralforge.app_events
WHERE user_id IS NOT NULL
  AND event_name IN ('trend_discovery', 'trend_action', 'content_analysis', 'clip_generation');

-- How many events name a trend, which may be one that is not there.
CREATE TABLE viralforge.traced_deltas (
    trend_id bigint NOT NULL,
    event_name text NOT NULL,
    events bigint NOT NULL
);
CREATE TABLE viralforge.traced_rollup (
    trend_id bigint NOT NULL,
    event_name text NOT NULL,
    events bigint NOT NULL,
    CONSTRAINT traced_rollup_pkey PRIMARY KEY (trend_id, event_name)
);
INSERT INTO viralforge.traced_deltas (trend_id, event_name, events)
SELECT (properties ->> 'trend_id')::bigint, event_name, 1 FROM viralforge.app_events
WHERE properties ->> 'trend_id' ~ '^[1-9][0-9]{0,17}$';

-- Answers that take seconds to work out, as they were at a moment, for those whom that is good enough.
CREATE TABLE viralforge.kept_answers (
    question text NOT NULL,
    arguments jsonb NOT NULL,
    worked_out_at timestamptz NOT NULL,
    rows jsonb NOT NULL,
    CONSTRAINT kept_answers_pkey PRIMARY KEY (question, arguments)
);
