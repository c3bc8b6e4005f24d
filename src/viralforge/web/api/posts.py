"""Posts in: one, many, raw payloads, and numbers alone."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from viralforge.ingest.capture import Capture
from viralforge.model.post import SCRAPE_SOURCES
from viralforge.model.report import IngestReport
from viralforge.model.snapshot import MetricsSnapshot
from viralforge.web.api import schemas
from viralforge.web.api.bodies import given_in
from viralforge.web.api.documents import DELETED, POST, POST_ID, POST_REF, many, one, record, told
from viralforge.web.api.requests import RECORD_ID, JsonBody, OnceForKey, PostId, Warehouse, routes_of
from viralforge.web.problems import Problem
from viralforge.web.reply import reply

routes = routes_of("posts", "write")
COUNT = {"type": "integer", "minimum": 0}
SAVED = record(
    "SavedPosts",
    ids={"type": "array", "items": {"type": "string", "format": "uuid"}, "description": "In input order."},
    new=COUNT, updated=COUNT, unchanged=COUNT,
    rejected=COUNT | {"description": "Of authors who were erased; nothing of them is stored."},
)  # fmt: skip
COUNTS = {"type": "object", "additionalProperties": COUNT}
REPORT = record(
    "IngestReport", files=COUNT, read=COUNT, new=COUNT, updated=COUNT, unchanged=COUNT, rejected=COUNT,
    scrubbed=COUNT, seconds={"type": "number"}, rejected_by_reason=COUNTS, posts_by_platform=COUNTS,
)  # fmt: skip
REPORTED = IngestReport(read=2, new=1, rejected=1, seconds=0.004).to_dict() | {
    "rejected_by_reason": {"unknown_shape": 1}, "posts_by_platform": {"reddit": 1},
}  # fmt: skip
PAYLOAD = {
    "kind": "t3",
    "data": {"id": "18wabcd", "name": "t3_18wabcd", "title": "Soup", "subreddit": "soup", "score": 7},
}


@routes.post(
    "/v1/posts",
    **told(
        body=one(schemas.post(), POST), answer=POST_REF, example={"id": POST_ID}, says="It is saved.",
        refuses=(409,),
    ),
)  # fmt: skip
def save_scraped_post(body: JsonBody, warehouse: Warehouse, once: OnceForKey) -> Response:
    """Saves one post as it was seen at its `observed_at`, else now.

    Known already, it takes over what is known now, and its history gets another reading. The same sighting
    again changes nothing.
    """
    return once(lambda: {"id": str(warehouse.save_scraped_post(body))}, 200)


@routes.post(
    "/v1/posts/bulk",
    **told(
        body=many(schemas.post(), [POST]), answer=SAVED, says="All are saved.",
        example={"ids": [POST_ID], "new": 1, "updated": 0, "unchanged": 0, "rejected": 0},
    ),
)  # fmt: skip
def bulk_save_scraped_posts(request: Request, warehouse: Warehouse) -> Response:
    """Saves many posts, as a JSON array or as NDJSON, which is read as it arrives; either may be gzipped.

    They go in batches of 10,000, all of a batch or nothing of it: a problem names the post at fault and, as
    `saved`, how many of those given, from the first on, are saved.
    """
    saved = warehouse.bulk_save_scraped_posts(given_in(request))
    return reply(
        {
            "ids": list(saved),
            "new": saved.new,
            "updated": saved.updated,
            "unchanged": saved.unchanged,
            "rejected": saved.rejected,
        }
    )


@routes.post(
    "/v1/payloads",
    **told(
        body=many({"description": "A payload as the platform gave it."}, [PAYLOAD], or_one=True),
        answer=REPORT, example=REPORTED, says="All are read: read = new + updated + unchanged + rejected.",
    ),
)  # fmt: skip
def ingest_payloads(
    request: Request,
    warehouse: Warehouse,
    observed_at: Annotated[
        str | None,
        Query(
            description="When they were fetched, where they do not say so: ISO 8601; else now.",
            pattern=r"^\d{4}-\d{2}-\d{2}T",
            json_schema_extra={"format": "date-time", "pattern": None},
        ),
    ] = None,
    niche: Annotated[str | None, Query(description="Given to posts that have none.")] = None,
    scrape_job_id: Annotated[int | None, Query(ge=1, le=RECORD_ID, description="The job.")] = None,
    scrape_source: Annotated[
        str, Query(description="How they were fetched.", json_schema_extra={"enum": list(SCRAPE_SOURCES)})
    ] = "api",
) -> Response:
    """Takes in payloads as the platforms' APIs and scrapers give them; their shape is recognised.

    What is no post is turned away, kept with its reason, and counted here.
    """
    capture = Capture(None, observed_at=observed_at, niche=niche, scrape_job_id=scrape_job_id)  # type: ignore[arg-type]
    captures = (
        Capture(payload, capture.observed_at, capture.niche, capture.scrape_job_id)
        for payload in given_in(request, or_one=True)
    )
    try:
        return reply(warehouse.ingest_payloads(captures, scrape_source=scrape_source).to_dict())
    except Problem as problem:
        if problem.errors:  # a line of many
            problem.detail += "; the lines before it were taken in"
        raise


@routes.post(
    "/v1/posts/{post_id:uuid}/snapshots",
    **told(
        body=one(schemas.taken(MetricsSnapshot), {"views": 1401000000, "likes": 16010000}), status=204,
        says="It is in the post's history.", refuses=(404,),
    ),
)  # fmt: skip
def record_metrics_snapshot(
    post_id: PostId, body: JsonBody, warehouse: Warehouse, once: OnceForKey
) -> Response:
    """Saves a sighting of numbers alone, at `recorded_at` or now; rate and velocity are computed."""
    return once(lambda: warehouse.record_metrics_snapshot(post_id, body), 204)


@routes.delete("/v1/posts/{post_id:uuid}", **told(answer=DELETED, example={"deleted": True}))
def delete_post(post_id: PostId, warehouse: Warehouse) -> Response:
    """Deletes a post with its history and links."""
    return reply({"deleted": warehouse.delete_post(post_id)})
