"""How much room a typical event takes, indexes included; months made ahead are left out."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from viralforge.model.event import AppEvent, new_event_id

EVENTS, A_SESSION, MOST = 20_000, 8, 450
SIZES = b"""
WITH months AS (
    SELECT oid, relname FROM pg_class JOIN pg_inherits ON inhrelid = oid
    WHERE inhparent = 'viralforge.app_events'::regclass AND pg_relation_size(oid) > 0
)
SELECT 'table', sum(pg_table_size(oid)) FROM months
UNION ALL
SELECT replace(indexrelid::regclass::text, relname, 'month'), sum(pg_relation_size(indexrelid))
FROM months JOIN pg_index ON indrelid = oid GROUP BY 1
UNION ALL
SELECT 'user agents', pg_total_relation_size('viralforge.user_agents')
"""
BROWSERS = [
    f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
    for system in ("Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64")
    for version in range(130, 147)
]
NAMES = [
    "page_viewed", "page_viewed", "button_clicked", "trend_discovery", "trend_action", "content_analysis",
]  # fmt: skip


def typical(chance: random.Random):
    """Events of sessions that go on at the same time, in the order of their time."""
    at = datetime.now(UTC) - timedelta(hours=12)
    sessions: list[dict] = []
    for _ in range(EVENTS):
        if len(sessions) < 50:
            sessions.append(
                {
                    "session_id": str(UUID(int=chance.getrandbits(128), version=4)),
                    "user_id": f"user_{chance.randrange(3_000):08d}", "user_agent": chance.choice(BROWSERS),
                    "ip_address": f"81.2.{chance.randrange(256)}.{chance.randrange(256)}", "left": A_SESSION,
                }
            )  # fmt: skip
        session = chance.choice(sessions)
        session["left"] -= 1
        if not session["left"]:
            sessions.remove(session)
        at += timedelta(seconds=1)
        yield {name: value for name, value in session.items() if name != "left"} | {
            "event_id": new_event_id(at), "event_name": chance.choice(NAMES), "event_type": "click",
            "platform": "web",
            "properties": {
                "path": f"/trends/{chance.randrange(10_000)}", "trend_id": chance.randrange(1, 500),
                "position": chance.randrange(20), "referrer": "https://app.example/discover",
            },
        }  # fmt: skip


def test_a_typical_event_takes_at_most_450_bytes_with_its_indexes(warehouse, database, stress) -> None:
    rows = [warehouse.events.prepare(AppEvent.read(event)) for event in typical(random.Random(1))]
    assert all({"ip_hash", "country", "user_agent", "user_id"} <= set(row) for row in rows)
    for start in range(0, EVENTS, 100):
        assert warehouse.events.insert(rows[start : start + 100]) == 100
    database.write(lambda connection: connection.execute("VACUUM viralforge.app_events"), autocommit=True)
    parts = {name: int(size) / EVENTS for name, size in database.read(SIZES)}
    stress.tell(", ".join(f"{name} {size:.0f} B" for name, size in parts.items()))
    assert sum(parts.values()) <= MOST, parts
