"""Examples of rows for the OpenAPI document, made from the names and types of their fields."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

# No value is null: FastAPI leaves nulls out of the document, those of examples too.
_BY_NAME: dict[str, Any] = {
    "platform": "youtube", "external_id": "dQw4w9WgXcQ", "title": "A video", "author": "somebody",
    "url": "https://youtube.com/watch?v=dQw4w9WgXcQ", "hashtag": "ai", "hashtags": ["ai"],
    "platforms": ["twitter", "youtube"], "views": 1400000000, "likes": 16000000, "comments": 5000000,
    "shares": 120000, "reach": 1400000000, "engagement_rate": 0.015086, "crew_type": "discovery",
    "status": "completed", "error_message": "quota exceeded", "user_id": "u1", "stage": "discoveries",
    "event_name": "trend_discovery", "agent": "scout", "tool": "search", "model": "a-model",
    "reason": "unknown_shape", "weekday": 1, "hour": 8, "from_hours": 6, "to_hours": 12,
    "raw_json": {"id": "dQw4w9WgXcQ"}, "question": "Which hashtags are trending across platforms?",
    "sentence": "#ai leads with 215 posts on 4 platforms in the last 7 days, after 180 in the 7 days before.",
    "rows": [{"hashtag": "ai", "platforms": ["twitter", "youtube"], "post_count": 215}], "schema": "0004",
    "name": "scraped_posts", "version": "18.0", "payload": {"no": "post"},
    "detail": "no adapter knows this shape", "origin": "payloads.ndjson:12", "shape": "unified",
    "scrape_source": "api", "fetched_via": "official_api", "content_type": "video", "language": "en",
    "relevance_score": 0.95, "output_data": {"found": 5}, "date": "2025-10-03", "country": "DE",
}  # fmt: skip
_BY_KIND: dict[Any, Any] = {
    int: 12, float: 0.5, Decimal: 0.25, str: "text", bool: True,
    UUID: "5cd6213d-2e90-b8cb-be8b-5dab10494180", datetime: "2025-10-03T08:00:00Z", date: "2025-10-03",
}  # fmt: skip


def example_of(kind: Any, name: str = "") -> Any:
    """An example of what the library returns, as JSON has it.

    >>> example_of(list[int]), example_of(str, "platform")
    ([12], 'youtube')
    """
    origin, inside = get_origin(kind), get_args(kind)
    if name in _BY_NAME and (kind is not int or isinstance(_BY_NAME[name], int)):
        return _BY_NAME[name]
    if isinstance(origin, type) and issubclass(origin, UnionType):
        return example_of(inside[0], name)
    if origin is not None and inside:
        return [example_of(inside[0], name)]
    if hasattr(kind, "_fields") or hasattr(kind, "__dataclass_fields__"):
        return {field: example_of(hint, field) for field, hint in get_type_hints(kind).items()}
    return _BY_KIND.get(kind)
