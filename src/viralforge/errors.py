"""Every exception ViralForge raises.

ViralForgeError
├── InvalidInput (ValueError)      what the caller passed is wrong; says what, where and what to do
│   ├── InvalidPost                a payload or post is turned away, with a typed reason
│   ├── UnknownPosts               ids that are not in the warehouse
│   ├── UnknownRecord              a trend, execution or job that is not in the warehouse
│   └── UserErased                 a user who was erased, and stays so
├── UnreadableInput                a file, folder or stream cannot be read
│   └── DamagedBackup              a backup is damaged, cut off, or none at all
├── ConfigurationError             a setting is wrong or contradicts another
├── MissingExtra                   an optional package is not installed
├── BudgetSpent                    a run of agents has spent what it may
├── QuotaSpent                     a platform allows no more for a while (retryable)
├── UpstreamFailed                 a platform failed at the same question a moment ago
├── ArchiveError                   what the archive holds, or is asked for, is not as it must be
│   └── ArchiveUnavailable         the archive's storage cannot be reached, or is full (retryable)
└── WarehouseError                 the database will not do it
    ├── DatabaseUnavailable        no connection, or it was lost (retryable)
    ├── AccessDenied               wrong user, password or missing rights
    ├── CutShort                   a question took longer than whoever asked gave it
    ├── StorageFull                no space left where the database lives (retryable)
    ├── SchemaAhead                a newer ViralForge has migrated this database
    ├── SchemaBehind               this database still needs `viralforge migrate`
    ├── ErasureUnfinished          a store could not be erased yet (retryable)
    └── EmbeddedServerError        the embedded PostgreSQL did not start or stop
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class ViralForgeError(Exception):
    """Base of every error; `retryable` says whether the same call may succeed later.

    `saved` is how many posts of a bulk were saved before it, None where nothing was to be counted.
    """

    retryable: ClassVar[bool] = False
    saved: int | None = None


class InvalidInput(ViralForgeError, ValueError):
    """What the caller passed is wrong; `places` has the way to each field at fault, and its fault."""

    places: Sequence[tuple[tuple[str | int, ...], str]] = ()


class InvalidPost(InvalidInput):
    """A payload or post is turned away: `reason` is one of `viralforge.model.rejection.REASONS`."""

    def __init__(self, reason: str, detail: str, field: str | None = None) -> None:
        super().__init__(f"{reason}: {detail}" if field is None else f"{reason}: {field}: {detail}")
        self.reason = reason
        self.detail = detail
        self.field = field
        self.places = [((field,), detail)] if field else ()

    def __reduce__(self) -> tuple[object, ...]:  # so that it can come from another process
        return type(self), (self.reason, self.detail, self.field), self.__dict__


class UnknownPosts(InvalidInput):
    """Ids of posts that are not in the warehouse; `ids` holds them all, the message the first few."""

    def __init__(self, ids: Sequence[object]) -> None:
        shown = ", ".join(str(i) for i in ids[:5])
        more = f" and {len(ids) - 5} more" if len(ids) > 5 else ""
        super().__init__(f"no post with id {shown}{more}; save a post before referring to it")
        self.ids = list(ids)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.ids,), self.__dict__


class UnknownRecord(InvalidInput):
    """A trend, execution or job that is not in the warehouse."""


class UserErased(InvalidInput):
    """A user who was erased, and stays so: who comes back needs a new id."""


class UnreadableInput(ViralForgeError):
    """A file, folder or stream cannot be read at all."""


class DamagedBackup(UnreadableInput):
    """A backup is damaged, cut off, or none at all; nothing was restored."""


class ConfigurationError(ViralForgeError):
    """A setting is wrong or contradicts another."""


class MissingExtra(ViralForgeError):
    """An optional package is not installed; the message names the line that installs it."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed: pip install 'viralforge[{extra}]'")


class BudgetSpent(ViralForgeError):
    """A run of agents has spent what it may; the message says how much that was."""


class QuotaSpent(ViralForgeError):
    """A platform allows no more requests; `wait` says for how many seconds."""

    retryable = True

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = wait

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (*self.args, self.wait)


class UpstreamFailed(ViralForgeError):
    """A platform failed at the same question a moment ago, so it was not asked again."""

    retryable = True


class ArchiveError(ViralForgeError):
    """What the archive holds, or is asked for, is not as it must be; the database kept its rows."""


class ArchiveUnavailable(ArchiveError):
    """The archive's storage cannot be reached, or is full; what was begun goes on the next time."""

    retryable = True


class WarehouseError(ViralForgeError):
    """The database will not do what was asked."""


class DatabaseUnavailable(WarehouseError):
    """No connection to the database, or it was lost.

    Nothing of the current batch was kept, unless the connection was lost on the way: then `in_doubt` says
    that the batch may have been committed just before.
    """

    retryable = True
    in_doubt: bool = False


class AccessDenied(WarehouseError):
    """The database refuses this user: wrong name, password or missing rights."""


class CutShort(WarehouseError):
    """A question took longer than whoever asked gave it, `seconds`, and was broken off; nothing was kept."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it took longer than {seconds:g} seconds, and was broken off")
        self.seconds = seconds

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.seconds,)


class StorageFull(WarehouseError):
    """No space is left where the database lives; nothing of the current batch was kept."""

    retryable = True


class SchemaAhead(WarehouseError):
    """A newer ViralForge has migrated this database; this one must not write to it."""


class SchemaBehind(WarehouseError):
    """The database has not been migrated to what this ViralForge needs."""


class ErasureUnfinished(WarehouseError):
    """A store could not be erased yet: the erasure stays open and is taken up again."""

    retryable = True


class EmbeddedServerError(WarehouseError):
    """The embedded PostgreSQL did not start or stop; the message holds what its log says."""
