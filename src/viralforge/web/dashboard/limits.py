"""How long pages let the database work, and what they say where that is not enough."""

from __future__ import annotations

from viralforge.errors import CutShort, ViralForgeError

QUESTION_SECONDS = 5.0
"""So long a page lets the database work at one question while somebody waits."""
BEHIND_SECONDS = 120.0
"""So long it may work at a question behind pages."""


def plainly(error: ViralForgeError) -> str:
    """What a page says of a question without an answer."""
    if not isinstance(error, CutShort):
        return str(error)
    return (
        f"This takes longer than the {error.seconds:g} seconds that a page gives to one question. Choose a "
        "shorter range of time or one platform; on the command line (viralforge --help) nothing is cut short."
    )
