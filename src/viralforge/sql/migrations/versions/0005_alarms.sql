-- How many of the posts that a job brought do not tell a field, and how many records of a shape were turned away:
-- objects of counts by name, NULL where nobody counted. `alarms` are the measures by which the job is out of the usual.

ALTER TABLE viralforge.scrape_jobs
    ADD COLUMN unknown_fields jsonb,
    ADD COLUMN rejected_shapes jsonb,
    ADD COLUMN alarms text[];
