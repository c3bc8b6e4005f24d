-- name: find
SELECT rows::text, worked_out_at FROM viralforge.kept_answers
WHERE question = %(question)s AND arguments = %(arguments)s::jsonb
  AND worked_out_at > viralforge.clock() - %(max_age)s::interval;

-- name: keep
INSERT INTO viralforge.kept_answers AS kept (question, arguments, worked_out_at, rows)
VALUES (%(question)s, %(arguments)s::jsonb, viralforge.clock(), %(rows)s::jsonb)
ON CONFLICT (question, arguments) DO UPDATE SET worked_out_at = excluded.worked_out_at, rows = excluded.rows
RETURNING worked_out_at;

-- name: forget
DELETE FROM viralforge.kept_answers WHERE worked_out_at < viralforge.clock() - %(older)s::interval;
