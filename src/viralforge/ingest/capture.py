"""What comes in: a decoded answer of a platform, and what its collector knows about it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from viralforge.model import values
from viralforge.model.post import MAX_NAME
from viralforge.model.rejection import Rejection


@dataclass(frozen=True, slots=True)
class Capture:
    """One decoded answer of a platform, and what its collector knows about it.

    `observed_at=None` leaves the moment to the payload, else to the run; `niche` is given to posts that
    have none; `shape=None` lets the shape be recognised; `scrape_source=None` is the run's; `taken_at` is
    when a payload that does not say when it was seen came in first, if that was before this run.
    """

    payload: Any
    observed_at: datetime | None = None
    niche: str | None = None
    scrape_job_id: int | None = None
    origin: str | None = None
    shape: str | None = None
    scrape_source: str | None = None
    taken_at: datetime | None = None

    def __post_init__(self) -> None:
        niche = values.text(self.niche, "niche")
        object.__setattr__(self, "niche", niche and niche[:MAX_NAME])
        object.__setattr__(self, "observed_at", values.observation(self.observed_at))
        values.record_id(self.scrape_job_id, "scrape_job_id")


Captures = Generator[Capture | Rejection, None, Any]
Tell = Callable[..., None]
"""Is told how far the work is."""
Source = Callable[[Tell], Captures]
"""Makes captures and tells how far it is: what another process can be asked to run, if it can be pickled."""
