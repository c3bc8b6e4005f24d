"""For people who run CrewAI: `record(warehouse)` once, and every crew and flow is accounted for.

>>> from viralforge import DataWarehouse
>>> from viralforge.integrations.crewai import record
>>> with DataWarehouse.open() as warehouse:
...     record(warehouse)
"""

from __future__ import annotations

from viralforge.errors import MissingExtra

try:
    import crewai  # noqa: F401 - whether it is there
except ImportError:
    raise MissingExtra("crewai", "crewai") from None

from viralforge.integrations.crewai.reading import reading_tools
from viralforge.integrations.crewai.recording import record
from viralforge.integrations.crewai.tool import WarehouseTool

__all__ = ["WarehouseTool", "reading_tools", "record"]
