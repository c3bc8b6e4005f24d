-- name: drop_rejections
DELETE FROM viralforge.rejections WHERE id IN (
    SELECT id FROM viralforge.rejections WHERE rejected_at < %(until)s ORDER BY rejected_at LIMIT 10000);
