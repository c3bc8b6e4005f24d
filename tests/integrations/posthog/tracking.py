"""What the tests of forwarding do to a warehouse."""

from __future__ import annotations

from typing import Any

from viralforge.warehouse import DataWarehouse


def track(warehouse: DataWarehouse, count: int, **more: Any) -> list[str]:
    """Tracks events of three users; says their ids, in order."""
    given = {"event_type": "api_call", **more}
    return [
        str(warehouse.track_event({"event_name": f"e{number}", "user_id": f"u{number % 3}", **given}))
        for number in range(count)
    ]


def be_patient(warehouse: DataWarehouse) -> None:
    """Lets the time to the next try pass."""
    warehouse.sql("UPDATE posthog_outbox SET next_try_at = now() - interval '1 second'")
