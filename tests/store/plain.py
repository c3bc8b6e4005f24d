"""What the views and questions mean, in SQL over nothing but the posts, readings and events themselves."""

from __future__ import annotations

from datetime import timedelta

from viralforge.analytics.funnel import Funnel
from viralforge.analytics.hashtags import Hashtags
from viralforge.analytics.posts import Posts
from viralforge.db.pool import Database
from viralforge.settings import Settings

DAILY = b"""
SELECT (scraped_at AT TIME ZONE 'UTC')::date, platform, count(*), sum(views), avg(views), avg(engagement_rate)
FROM viralforge.scraped_posts GROUP BY 1, 2
"""
HASHTAGS = b"""
SELECT hashtag, platform, count(*) AS post_count, sum(views), avg(engagement_rate)
FROM viralforge.scraped_posts, unnest(hashtags) AS hashtag
WHERE scraped_at > viralforge.clock() - interval '7 days'
GROUP BY hashtag, platform ORDER BY post_count DESC, hashtag, platform
"""
ACROSS = b"""
WITH used AS (
    SELECT hashtag, platform, views, engagement_rate,
           scraped_at > viralforge.clock() - interval '7 days' AS this_week
    FROM viralforge.scraped_posts, unnest(hashtags) AS hashtag
    WHERE scraped_at > viralforge.clock() - interval '14 days'
)
SELECT hashtag, array_agg(DISTINCT platform ORDER BY platform) FILTER (WHERE this_week),
       count(*) FILTER (WHERE this_week) AS post_count, sum(views) FILTER (WHERE this_week),
       avg(engagement_rate) FILTER (WHERE this_week), count(*) FILTER (WHERE NOT this_week),
       round(count(*) FILTER (WHERE this_week)::numeric
             / nullif(count(*) FILTER (WHERE NOT this_week), 0) - 1, 4)
FROM used GROUP BY hashtag
HAVING count(DISTINCT platform) FILTER (WHERE this_week) > 1
ORDER BY post_count DESC, hashtag
"""
GAINED = b"""
SELECT id, before.reach, now.reach
FROM viralforge.scraped_posts AS post
CROSS JOIN LATERAL (SELECT viralforge.reach(views, likes, comments, shares)) AS now (reach)
CROSS JOIN LATERAL (
    SELECT reach
    FROM viralforge.post_metrics_history AS seen,
         LATERAL (SELECT CASE WHEN post.views IS NULL
                              THEN viralforge.interactions(seen.likes, seen.comments, seen.shares)
                              ELSE seen.views END) AS known (reach)
    WHERE seen.scraped_post_id = post.id AND reach IS NOT NULL
      AND recorded_at <= viralforge.clock() - %(window)s::interval
    ORDER BY recorded_at DESC LIMIT 1
) AS before
WHERE last_scraped_at > viralforge.clock() - %(window)s::interval
  AND before.reach > 0 AND now.reach >= %(times)s::numeric * before.reach
ORDER BY now.reach::numeric / before.reach DESC, id
"""
FUNNEL = b"""
SELECT user_id, count(DISTINCT session_id) FILTER (WHERE event_name = 'trend_discovery'),
       count(DISTINCT session_id) FILTER (WHERE event_name = 'trend_action'),
       count(DISTINCT session_id) FILTER (WHERE event_name = 'content_analysis'),
       count(DISTINCT session_id) FILTER (WHERE event_name = 'clip_generation')
FROM viralforge.app_events
WHERE user_id IS NOT NULL
  AND event_name IN ('trend_discovery', 'trend_action', 'content_analysis', 'clip_generation')
GROUP BY user_id
"""
STAGE_USERS = b"""
SELECT count(DISTINCT user_id) FROM viralforge.app_events
WHERE event_name = %(name)s AND created_at > viralforge.clock() - %(window)s::interval
  AND (%(platform)s::text IS NULL OR platform = %(platform)s)
"""
ALL = 10_000


def assert_post_views_plain(database: Database) -> None:
    """Holds the views and questions that stand on rollups of posts against what they mean."""
    daily = b"SELECT * FROM viralforge.v_daily_scraping_stats"
    assert sorted(database.read(daily)) == sorted(database.read(DAILY))
    hashtags = Hashtags(database)
    wanted = database.read(HASHTAGS)
    assert database.read(b"SELECT * FROM viralforge.v_trending_hashtags") == wanted
    assert [tuple(row) for row in hashtags.trending("youtube", limit=ALL)] == [
        row for row in wanted if row[1] == "youtube"
    ]
    assert [tuple(row) for row in hashtags.across_platforms(limit=ALL)] == database.read(ACROSS)
    posts = Posts(database, Settings())
    for times, hours in ((10, 24), (1.5, 24), (10, 40), (2, 50), (12, 60), (2, 240)):
        found = posts.gained(times, hours=hours, limit=ALL)
        given = {"window": timedelta(hours=hours), "times": times}
        assert [(row.id, row.reach_before, row.reach) for row in found] == database.read(GAINED, given)


def assert_event_views_plain(database: Database) -> None:
    """Holds what stands on rollups of events against what it means."""
    view = b"SELECT * FROM viralforge.v_user_engagement_funnel"
    assert sorted(database.read(view)) == sorted(database.read(FUNNEL))
    for days, platform in ((30, None), (3, None), (30, "web"), (3, "web")):
        for stage in Funnel(database).conversion(days=days, platform=platform):
            given = {"name": stage.event_name, "window": timedelta(days=days), "platform": platform}
            assert [(stage.users,)] == database.read(STAGE_USERS, given)
