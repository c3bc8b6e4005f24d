"""Who may change the archive: one process at a time, and a long run lets others in between two steps."""

from __future__ import annotations

import time

from viralforge.db.locks import SessionLocks
from viralforge.errors import ArchiveUnavailable

LOCK = 0x5646_0010
"""The advisory lock of whoever changes the archive."""
WAITING = 0x5646_0011
"""That of who waits for it."""
PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.2


def wait_for(locks: SessionLocks) -> None:
    """Takes the lock. Raises ArchiveUnavailable where it is not free for a minute.

    It asks again and again: a statement that waits would hold up VACUUM.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    says_so = False
    try:
        while not locks.take(LOCK):
            says_so = says_so or locks.take(WAITING)
            if time.monotonic() > deadline:
                raise ArchiveUnavailable("another process is at the archive; try again when it is done")
            time.sleep(_PAUSE_SECONDS)
    finally:
        if says_so:
            locks.give_back(WAITING)


def give_way(locks: SessionLocks) -> None:
    """Lets who waits for the archive do so now, and goes on afterwards."""
    if locks.take(WAITING):
        locks.give_back(WAITING)
        return
    locks.give_back(LOCK)
    time.sleep(2 * _PAUSE_SECONDS)
    while not locks.take(LOCK):
        time.sleep(_PAUSE_SECONDS)
