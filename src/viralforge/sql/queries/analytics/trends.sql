-- name: list
SELECT trend.id, title, description, category, platform, hashtags, hotness, status, crew_execution_id, created_at,
       (SELECT count(*) FROM viralforge.trend_sources WHERE trend_id = trend.id) AS sources,
       (SELECT round(avg(relevance_score::numeric), 6) FROM viralforge.trend_sources WHERE trend_id = trend.id)
           AS avg_relevance
FROM viralforge.trends AS trend
WHERE (%(platform)s::text IS NULL OR platform = %(platform)s)
  AND (%(query)s::text IS NULL
       OR strpos(lower(concat_ws(' ', title, description, category)), lower(%(query)s)) > 0
       OR lower(ltrim(%(query)s, '#')) = ANY(hashtags))
ORDER BY created_at DESC, trend.id DESC
LIMIT %(limit)s;

-- name: get
SELECT trend.id, title, description, category, platform, hashtags, hotness, status, crew_execution_id, created_at,
       (SELECT count(*) FROM viralforge.trend_sources WHERE trend_id = trend.id) AS sources,
       (SELECT round(avg(relevance_score::numeric), 6) FROM viralforge.trend_sources WHERE trend_id = trend.id)
           AS avg_relevance
FROM viralforge.trends AS trend
WHERE trend.id = %(id)s;

-- name: titled
SELECT id FROM viralforge.trends WHERE lower(title) = lower(%(title)s) ORDER BY id;

-- name: sources
SELECT post.id, platform, external_id, url, title, author, published_at, views,
       viralforge.reach(views, likes, comments, shares) AS reach, engagement_rate, relevance_score,
       source.created_at AS linked_at
FROM viralforge.trend_sources AS source
JOIN viralforge.scraped_posts AS post ON post.id = scraped_post_id
WHERE trend_id = %(id)s AND (%(platform)s::text IS NULL OR platform = %(platform)s)
ORDER BY relevance_score DESC NULLS LAST, reach DESC NULLS LAST, post.id;

-- name: costs
SELECT trend.id, title, trend.created_at, crew_execution_id, crew_type, execution.cost_usd AS execution_cost_usd,
       found.trends AS execution_trends, round(execution.cost_usd / found.trends, 9) AS cost_usd
FROM viralforge.trends AS trend
LEFT JOIN viralforge.crew_executions AS execution ON execution.id = crew_execution_id
LEFT JOIN (SELECT crew_execution_id, count(*) AS trends FROM viralforge.trends GROUP BY crew_execution_id) AS found
    USING (crew_execution_id)
ORDER BY trend.created_at DESC, trend.id DESC
LIMIT %(limit)s;

-- name: cost_summary
WITH found AS (
    SELECT crew_execution_id AS id, count(*) AS trends FROM viralforge.trends GROUP BY crew_execution_id
),
discovered AS MATERIALIZED (
    SELECT crew_type, cost_usd, coalesce(trends, trends_discovered) AS trends
    FROM viralforge.crew_executions
    FULL JOIN found USING (id)
    WHERE coalesce(trends, trends_discovered) > 0
)
SELECT grouping(crew_type) = 1 AS overall, crew_type, sum(trends)::bigint AS trends,
       coalesce(sum(trends) FILTER (WHERE cost_usd IS NULL), 0)::bigint AS unpriced_trends,
       sum(cost_usd) AS cost_usd,
       round(sum(cost_usd) / nullif(sum(trends) FILTER (WHERE cost_usd IS NOT NULL), 0), 9) AS cost_per_trend
FROM discovered
GROUP BY GROUPING SETS ((), (crew_type))
HAVING count(*) > 0
ORDER BY overall DESC, cost_per_trend NULLS LAST, crew_type;

-- name: quality
WITH called AS MATERIALIZED (
    SELECT trend.id, crew_type, scraped_post_id, relevance_score::numeric AS relevance, growth
    FROM viralforge.trends AS trend
    LEFT JOIN viralforge.crew_executions AS execution ON execution.id = crew_execution_id
    LEFT JOIN viralforge.trend_sources AS source ON trend_id = trend.id
    LEFT JOIN LATERAL viralforge.source_growth(scraped_post_id, trend.created_at, source.reach_then) AS grown ON true
)
SELECT grouping(crew_type) = 1 AS overall, crew_type, count(DISTINCT id) AS trends,
       round(count(scraped_post_id)::numeric / count(DISTINCT id), 3) AS avg_sources,
       round(avg(relevance), 6) AS avg_relevance, count(growth) AS measured_sources,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY growth) AS median_growth,
       corr(relevance::double precision, ln(growth)) FILTER (WHERE growth > 0) AS relevance_fit
FROM called
GROUP BY GROUPING SETS ((), (crew_type))
HAVING count(*) > 0
ORDER BY overall DESC, crew_type;
