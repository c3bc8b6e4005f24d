-- name: search
-- A word is looked for as it stands, or by its stem in a language: the index holds words as they stand, so that a stem
-- finds those that begin with it. Nothing to look for finds everything that the filters leave.
WITH stems AS (
    SELECT string_agg(quote_literal(lexeme) || ':*', ' & ') AS text
    FROM unnest(to_tsvector(coalesce(%(config)s, 'simple')::regconfig, %(query)s)) AS word (lexeme, positions, weights)
    WHERE %(config)s::text IS NOT NULL
),
asked AS (
    SELECT CASE WHEN %(config)s::text IS NULL THEN websearch_to_tsquery('simple', %(query)s)
                ELSE to_tsquery('simple', coalesce(stems.text, '')) END AS query
    FROM stems
)
SELECT post.id, platform, external_id, url, title, author, language, published_at, last_scraped_at, views,
       viralforge.reach(views, likes, comments, shares) AS reach, engagement_rate, hashtags,
       ts_rank(search, asked.query)::float8 AS rank
FROM viralforge.scraped_posts AS post CROSS JOIN asked
WHERE (numnode(asked.query) = 0 OR search @@ asked.query) AND erased_at IS NULL
  AND (%(platform)s::text IS NULL OR platform = %(platform)s)
  AND (%(hashtag)s::text IS NULL OR hashtags @> ARRAY[%(hashtag)s::text])
  AND (%(language)s::text IS NULL OR language = %(language)s)
  AND (%(since)s::timestamptz IS NULL OR published_at >= %(since)s)
  AND (%(until)s::timestamptz IS NULL OR published_at < %(until)s)
ORDER BY rank DESC, reach DESC NULLS LAST, post.id
LIMIT %(limit)s;

-- name: known
-- What is known about a topic: posts whose words or hashtags are these, by platform.
WITH asked AS (SELECT websearch_to_tsquery('simple', %(topic)s) AS query)
SELECT platform, count(*) AS posts, sum(viralforge.reach(views, likes, comments, shares))::bigint AS reach,
       max(published_at) AS newest, min(last_scraped_at) AS oldest_reading, max(last_scraped_at) AS latest_reading
FROM viralforge.scraped_posts AS post CROSS JOIN asked
WHERE erased_at IS NULL
  AND ((numnode(asked.query) > 0 AND search @@ asked.query) OR hashtags @> ARRAY[%(hashtag)s::text])
GROUP BY platform
ORDER BY posts DESC, platform;
