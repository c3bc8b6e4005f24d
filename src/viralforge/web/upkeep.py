"""What keeps a warehouse well while it is served: rollups folded, views refreshed, months made."""

from __future__ import annotations

from datetime import timedelta

from viralforge.lifecycle.schedule import Job
from viralforge.warehouse import DataWarehouse


def jobs(warehouse: DataWarehouse) -> list[Job]:
    """The jobs of a warehouse; those of several servers give way to each other."""
    return [
        Job("fold rollups", timedelta(minutes=1), warehouse.rollups.fold),
        Job("refresh popular content", timedelta(hours=1), warehouse.rollups.refresh_popular_content),
        Job("make months", timedelta(hours=6), warehouse.make_months),
        Job("forget addresses", timedelta(hours=1), warehouse.events.forget_addresses),
    ]
