INSERT INTO viralforge.scraped_posts (
    id, platform, external_id, url, title, description, author, author_id, published_at, content_type,
    views, likes, comments, shares, hashtags, category, scrape_source, fetched_via, raw_json,
    last_reach, last_reach_is_views, scraped_at, last_scraped_at)
SELECT viralforge.post_id('youtube', external_id), 'youtube', external_id,
       'https://www.youtube.com/watch?v=' || external_id, 'post number ' || number || ' about soup and bread',
       'A description of some length, as most posts have one, number ' || number, 'author ' || number %% 5000,
       'UC' || number %% 5000, now() - interval '30 days' + number %% 2000000 * interval '1 second', 'video',
       number %% 100000, number %% 1000, number %% 100, NULL,
       ARRAY['tag' || number %% 500, 'tag' || number %% 7000], 'category ' || number %% 20, 'api', 'official_api',
       jsonb_build_object('id', external_id, 'kind', 'youtube#video', 'filler', repeat('text ', 120)),
       number %% 100000, true, seen, seen
FROM (
    SELECT number, lpad(to_hex(number), 11, '0') AS external_id,
           now() - interval '20 days' + number %% 1200000 * interval '1 second' AS seen
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS number
) AS made
