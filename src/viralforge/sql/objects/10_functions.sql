-- What "now" is: the session's clock (viralforge.now, which tests set), else PostgreSQL's.
CREATE FUNCTION viralforge.clock() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('viralforge.now', true), '')::timestamptz, now());

-- When the first of the last so many UTC days began, the last of which is today.
CREATE FUNCTION viralforge.days_start(days integer) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN date_trunc('day', viralforge.clock(), 'UTC') - make_interval(days => days - 1);

-- Likes + comments + shares, where an unknown one counts as nothing; NULL when all three are unknown.
CREATE FUNCTION viralforge.interactions(likes bigint, comments bigint, shares bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN coalesce(likes, comments, shares) IS NOT NULL
            THEN coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0) END;

-- How far a post got: its views where the platform tells them, else its interactions.
CREATE FUNCTION viralforge.reach(views bigint, likes bigint, comments bigint, shares bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(views, viralforge.interactions(likes, comments, shares));

-- Relative growth per hour between two sightings; NULL on the first one or when the basis changed.
CREATE FUNCTION viralforge.velocity(
    before bigint, before_is_views boolean, before_at timestamptz,
    reach bigint, is_views boolean, at timestamptz
) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN before_is_views = is_views AND before_at < at
            THEN (reach - before)::double precision / greatest(before, 1)
                 / (extract(epoch FROM at - before_at)::double precision / 3600) END;

-- How long something took; NULL when an end is unknown, or lies before the start.
CREATE FUNCTION viralforge.milliseconds(start_time timestamptz, end_time timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN end_time >= start_time THEN (extract(epoch FROM end_time - start_time) * 1000)::bigint END;
