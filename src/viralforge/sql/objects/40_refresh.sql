-- The materialized view belongs to its owner; this lets every role that may run the function refresh it.
CREATE FUNCTION viralforge.refresh_popular_content() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = viralforge, pg_temp
AS $$ BEGIN REFRESH MATERIALIZED VIEW CONCURRENTLY viralforge.mv_popular_content_24h; END $$;
REVOKE EXECUTE ON FUNCTION viralforge.refresh_popular_content() FROM public;
