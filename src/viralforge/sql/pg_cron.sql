-- What PostgreSQL can do by itself. The rest needs `viralforge maintain` from cron, or `viralforge worker`.
SELECT cron.schedule('viralforge popular content', '7 * * * *', 'SELECT viralforge.refresh_popular_content()');
SELECT cron.schedule('viralforge statistics', '23 3 * * *',
                     'ANALYZE viralforge.post_metrics_history, viralforge.app_events');
