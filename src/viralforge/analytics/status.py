"""How the warehouse is."""

from __future__ import annotations

from typing import NamedTuple

from viralforge.db import status
from viralforge.db.rows import Rows


class Status(NamedTuple):
    """How the warehouse is: `deltas` wait to be folded into rollups, which no view feels."""

    server: status.Server
    embedded: bool
    schema: str | None
    posts: int
    rejections: int
    deltas: int
    tables: Rows[status.TableSize]
