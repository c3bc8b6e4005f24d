"""What a save or an ingest run did: numbers that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, overload
from uuid import UUID


class SavedPosts(Sequence[UUID]):
    """The ids of saved posts in input order, 16 bytes each, with what became of them.

    `new` posts were not known, `updated` ones got a new sighting or better numbers, `unchanged` ones
    were known just so: `len(saved) == saved.new + saved.updated + saved.unchanged`.
    """

    __slots__ = ("_ids", "new", "unchanged", "updated")

    def __init__(self) -> None:
        self._ids = bytearray()
        self.new = self.updated = self.unchanged = 0

    def extend(self, hex_ids: Iterable[str]) -> None:
        """Adds ids, each as 32 hexadecimal digits, at the end."""
        self._ids += bytes.fromhex("".join(hex_ids))

    def __len__(self) -> int:
        return len(self._ids) // 16

    @overload
    def __getitem__(self, index: int) -> UUID: ...
    @overload
    def __getitem__(self, index: slice) -> list[UUID]: ...
    def __getitem__(self, index: int | slice) -> UUID | list[UUID]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at = range(len(self))[index] * 16
        return UUID(bytes=bytes(self._ids[at : at + 16]))

    def __iter__(self) -> Iterator[UUID]:
        return (UUID(bytes=bytes(self._ids[at : at + 16])) for at in range(0, len(self._ids), 16))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"SavedPosts({len(self)}: {self.new} new, {self.updated} updated, {self.unchanged} unchanged)"


@dataclass(slots=True)
class IngestReport:
    """What an ingest run did: `read == new + updated + unchanged + rejected`, always.

    `rejected_by_reason` splits the rejected; `scrubbed` counts values that held NUL bytes or lone
    surrogates and were cleaned; `seconds` is wall time.
    """

    files: int = 0
    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    scrubbed: int = 0
    seconds: float = 0.0
    rejected_by_reason: Counter[str] = field(default_factory=Counter)
    posts_by_platform: Counter[str] = field(default_factory=Counter)

    def to_dict(self) -> dict[str, object]:
        """The report as JSON takes it."""
        return {
            "files": self.files, "read": self.read, "new": self.new, "updated": self.updated,
            "unchanged": self.unchanged, "rejected": self.rejected, "scrubbed": self.scrubbed,
            "seconds": round(self.seconds, 3), "rejected_by_reason": dict(self.rejected_by_reason),
            "posts_by_platform": dict(self.posts_by_platform),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ErasureReceipt:
    """What the erasure of a user took out: `rows` by table, all tables named, 0 where there was nothing.

    `reference` is the keyed hash by which the warehouse remembers the erased: it names nobody, and only this
    warehouse can tell that it belongs to the user's id. So the receipt may be kept.

    >>> receipt = ErasureReceipt(datetime(2026, 3, 1), "5f1c", {"app_events": 12, "users": 1})
    >>> receipt.total
    13
    """

    erased_at: datetime
    reference: str
    rows: dict[str, int]

    @property
    def total(self) -> int:
        """How many rows of all tables."""
        return sum(self.rows.values())

    def to_dict(self) -> dict[str, object]:
        """The receipt as JSON takes it."""
        return {
            "erased_at": self.erased_at.isoformat(), "reference": self.reference, "rows": dict(self.rows),
            "total": self.total,
        }  # fmt: skip


class Repriced(NamedTuple):
    """How many calls were priced anew, and of how many of them the cost or its source changed."""

    calls: int
    changed: int
