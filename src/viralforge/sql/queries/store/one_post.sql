-- name: from_values
-- What `from_copy` says is staged, of one post, its values one by one; nothing of an author who was erased.
SELECT %(id)s::uuid AS id, %(platform)s::text AS platform, %(external_id)s::text AS external_id,
       %(url)s::text AS url, %(title)s::text AS title, %(description)s::text AS description,
       %(author)s::text AS author, %(author_id)s::text AS author_id,
       %(published_at)s::timestamptz AS published_at, %(content_type)s::text AS content_type,
       %(language)s::text AS language, %(views)s::bigint AS views, %(likes)s::bigint AS likes,
       %(comments)s::bigint AS comments, %(shares)s::bigint AS shares, %(retweets)s::bigint AS retweets,
       %(saves)s::bigint AS saves, %(thumbnail_url)s::text AS thumbnail_url,
       %(video_url)s::text AS video_url, %(media_urls)s::text[] AS media_urls,
       %(hashtags)s::text[] AS hashtags, %(mentions)s::text[] AS mentions, %(keywords)s::text[] AS keywords,
       %(duration_seconds)s::real AS duration_seconds, %(category)s::text AS category,
       %(niche)s::text AS niche, %(detected_topics)s::text[] AS detected_topics,
       %(scrape_source)s::text AS scrape_source, %(scrape_job_id)s::bigint AS scrape_job_id,
       %(fetched_via)s::text AS fetched_via, %(raw_json)s::jsonb AS raw_json, %(reach)s::bigint AS reach,
       %(reach_is_views)s::boolean AS reach_is_views, coalesce(%(scraped_at)s::timestamptz,
       viralforge.clock()) AS scraped_at, coalesce(%(observed_at)s::timestamptz,
       viralforge.clock()) AS observed_at, true AS whole, true AS is_sighting, 1::bigint AS sightings,
       false AS is_new, NULL::timestamptz AS before_at, NULL::bigint AS before_reach, NULL::boolean AS before_is_views
WHERE CASE WHEN EXISTS (SELECT FROM viralforge.erased WHERE kind = 'author')
           THEN NOT viralforge.is_erased_author(%(platform)s::text, %(author_id)s::text, %(author)s::text)
           ELSE true END;

-- name: from_snapshot
-- One sighting of numbers alone, of a post that is there.
SELECT id, platform, external_id, NULL AS url, NULL AS title, NULL AS description, NULL AS author, NULL AS author_id,
       NULL::timestamptz AS published_at, NULL AS content_type, NULL AS language,
       %(views)s::bigint AS views, %(likes)s::bigint AS likes, %(comments)s::bigint AS comments,
       %(shares)s::bigint AS shares, %(retweets)s::bigint AS retweets, %(saves)s::bigint AS saves,
       NULL AS thumbnail_url, NULL AS video_url, NULL::text[] AS media_urls, NULL::text[] AS hashtags,
       NULL::text[] AS mentions, NULL::text[] AS keywords, NULL::real AS duration_seconds, NULL AS category,
       NULL AS niche, NULL::text[] AS detected_topics, NULL AS scrape_source, NULL::bigint AS scrape_job_id,
       NULL AS fetched_via, NULL::jsonb AS raw_json, %(reach)s::bigint AS reach,
       %(reach_is_views)s::boolean AS reach_is_views, scraped_at,
       coalesce(%(recorded_at)s::timestamptz, viralforge.clock()) AS observed_at, true AS whole,
       true AS is_sighting, 1::bigint AS sightings, false AS is_new, NULL::timestamptz AS before_at,
       NULL::bigint AS before_reach, NULL::boolean AS before_is_views
FROM viralforge.scraped_posts WHERE id = %(id)s FOR NO KEY UPDATE;

-- name: from_numbers
-- The same as one row without a look at the post.
SELECT %(id)s::uuid AS id, NULL AS url, NULL AS title, NULL AS description, NULL AS author, NULL AS author_id,
       NULL::timestamptz AS published_at, NULL AS content_type, NULL AS language,
       %(views)s::bigint AS views, %(likes)s::bigint AS likes, %(comments)s::bigint AS comments,
       %(shares)s::bigint AS shares, %(retweets)s::bigint AS retweets, %(saves)s::bigint AS saves,
       NULL AS thumbnail_url, NULL AS video_url, NULL::text[] AS media_urls, NULL::text[] AS hashtags,
       NULL::text[] AS mentions, NULL::text[] AS keywords, NULL::real AS duration_seconds, NULL AS category,
       NULL AS niche, NULL::text[] AS detected_topics, NULL AS scrape_source, NULL::bigint AS scrape_job_id,
       NULL AS fetched_via, NULL::jsonb AS raw_json, %(reach)s::bigint AS reach,
       %(reach_is_views)s::boolean AS reach_is_views,
       coalesce(%(recorded_at)s::timestamptz, viralforge.clock()) AS observed_at;

-- name: save_new
-- One post that is not there yet, by one statement; no row where it is. Half of `merge` takes half of its time.
WITH fresh AS (
    INSERT INTO viralforge.scraped_posts AS post (
        id, platform, external_id, url, title, description, author, author_id, published_at, content_type, language,
        views, likes, comments, shares, retweets, saves, thumbnail_url, video_url, media_urls, hashtags, mentions,
        keywords, duration_seconds, category, niche, detected_topics, scrape_source, scrape_job_id, fetched_via,
        raw_json, last_reach, last_reach_is_views, scraped_at, last_scraped_at)
    SELECT id, platform, external_id, url, title, description, author, author_id, published_at, content_type, language,
           views, likes, comments, shares, retweets, saves, thumbnail_url, video_url, media_urls, hashtags, mentions,
           keywords, duration_seconds, category, niche, detected_topics, scrape_source, scrape_job_id, fetched_via,
           raw_json, reach, reach_is_views, scraped_at, observed_at
    FROM staged
    WHERE NOT EXISTS (SELECT FROM viralforge.scraped_posts AS known WHERE known.id = staged.id)
    ON CONFLICT (id) DO NOTHING
    RETURNING id, platform, scraped_at, last_scraped_at, hashtags, views, likes, comments, shares, retweets, saves,
              engagement_rate
), seen AS (
    INSERT INTO viralforge.post_metrics_history
        (scraped_post_id, recorded_at, views, likes, comments, shares, retweets, saves)
    SELECT id, last_scraped_at, views, likes, comments, shares, retweets, saves FROM fresh
), deltas AS (
    INSERT INTO viralforge.post_deltas (scraped_post_id, platform, scraped_at, change, hashtags, views, engagement_rate)
    SELECT id, platform, scraped_at, 1, hashtags, views, engagement_rate FROM fresh
)
SELECT 1 FROM fresh;

-- name: see_known
-- One later sighting of a known post whose texts are the same, by one statement; no row where it is anything else.
WITH known AS (
    UPDATE viralforge.scraped_posts AS post SET
        url = coalesce(staged.url, post.url),
        author = coalesce(staged.author, post.author),
        author_id = coalesce(staged.author_id, post.author_id),
        published_at = coalesce(staged.published_at, post.published_at),
        content_type = coalesce(staged.content_type, post.content_type),
        language = coalesce(staged.language, post.language),
        views = coalesce(staged.views, post.views),
        likes = coalesce(staged.likes, post.likes),
        comments = coalesce(staged.comments, post.comments),
        shares = coalesce(staged.shares, post.shares),
        retweets = coalesce(staged.retweets, post.retweets),
        saves = coalesce(staged.saves, post.saves),
        thumbnail_url = coalesce(staged.thumbnail_url, post.thumbnail_url),
        video_url = coalesce(staged.video_url, post.video_url),
        media_urls = coalesce(staged.media_urls, post.media_urls),
        hashtags = coalesce(staged.hashtags, post.hashtags),
        mentions = coalesce(staged.mentions, post.mentions),
        keywords = coalesce(staged.keywords, post.keywords),
        duration_seconds = coalesce(staged.duration_seconds, post.duration_seconds),
        category = coalesce(staged.category, post.category),
        niche = coalesce(staged.niche, post.niche),
        detected_topics = coalesce(staged.detected_topics, post.detected_topics),
        scrape_source = coalesce(staged.scrape_source, post.scrape_source),
        scrape_job_id = coalesce(staged.scrape_job_id, post.scrape_job_id),
        fetched_via = coalesce(staged.fetched_via, post.fetched_via),
        raw_json = coalesce(staged.raw_json, post.raw_json),
        last_reach = staged.reach,
        last_reach_is_views = staged.reach_is_views,
        last_scraped_at = staged.observed_at,
        sightings = post.sightings + 1,
        prev_views = post.views,
        prev_engagement_rate = post.engagement_rate,
        prev_hashtags = post.hashtags,
        prev_last_scraped_at = post.last_scraped_at,
        prev_reach = post.last_reach,
        prev_reach_is_views = post.last_reach_is_views
    FROM staged
    WHERE post.id = staged.id AND post.erased_at IS NULL AND staged.observed_at > post.last_scraped_at
      AND (staged.title IS NULL OR staged.title = post.title)
      AND (staged.description IS NULL OR staged.description = post.description)
    RETURNING post.id, post.platform, post.scraped_at, post.last_scraped_at, post.hashtags, post.views,
              post.engagement_rate, post.prev_hashtags, post.prev_views, post.prev_engagement_rate,
              post.prev_last_scraped_at, post.prev_reach, post.prev_reach_is_views, post.last_reach,
              post.last_reach_is_views, staged.views AS seen_views, staged.likes, staged.comments, staged.shares,
              staged.retweets, staged.saves
), seen AS (
    INSERT INTO viralforge.post_metrics_history
        (scraped_post_id, recorded_at, views, likes, comments, shares, retweets, saves, velocity_score)
    SELECT id, last_scraped_at, seen_views, likes, comments, shares, retweets, saves,
           viralforge.velocity(prev_reach, prev_reach_is_views, prev_last_scraped_at, last_reach, last_reach_is_views,
                               last_scraped_at)
    FROM known
), deltas AS (
    INSERT INTO viralforge.post_deltas
        (scraped_post_id, platform, scraped_at, change, hashtags, views, engagement_rate, was_hashtags, was_views,
         was_engagement_rate)
    SELECT id, platform, scraped_at, 0, hashtags, views, engagement_rate, prev_hashtags, prev_views,
           prev_engagement_rate
    FROM known
)
SELECT 1 FROM known;
