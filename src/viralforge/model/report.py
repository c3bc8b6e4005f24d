"""What a save or an ingest run did: numbers that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Self, overload
from uuid import UUID


class SavedPosts(Sequence[UUID]):
    """The ids of saved posts in input order, 16 bytes each, with what became of them.

    `new` posts were not known, `updated` ones got a new sighting or better numbers, `unchanged` ones
    were known just so, and of `rejected` ones, whose author was erased, nothing is stored:
    `len(saved) == saved.new + saved.updated + saved.unchanged + saved.rejected`.
    """

    __slots__ = ("_ids", "new", "rejected", "unchanged", "updated")

    def __init__(self) -> None:
        self._ids = bytearray()
        self.new = self.updated = self.unchanged = self.rejected = 0

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
        said = f"{self.new} new, {self.updated} updated, {self.unchanged} unchanged"
        return f"SavedPosts({len(self)}: {said}{f', {self.rejected} rejected' if self.rejected else ''})"


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
    """What an erasure took out: `rows` by store, all stores named, 0 where there was nothing.

    `kind` is `user`, `anonymous user`, `author` or `post`. `reference` is the keyed hash by which the
    warehouse remembers the erased: it names nobody, and only this warehouse can tell to whom it belongs. So
    the receipt may be kept. `archive` has the rows by cold table, None where there is no archive.
    `signature` is what `verify_receipt` looks at, over the other fields as `to_dict` writes them.

    >>> receipt = ErasureReceipt(datetime(2026, 3, 1), "5f1c", {"app_events": 12, "users": 1})
    >>> receipt.total
    13
    """

    erased_at: datetime
    reference: str
    rows: dict[str, int]
    kind: str = "user"
    requested_at: datetime | None = None
    archive: dict[str, int] | None = None
    signature: str | None = None

    @property
    def total(self) -> int:
        """How many rows of all stores, the archive included."""
        return sum(self.rows.values()) + sum((self.archive or {}).values())

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """The receipt that `to_dict` wrote so."""
        moment = datetime.fromisoformat
        requested_at = document["requested_at"]
        return cls(
            moment(document["erased_at"]), document["reference"], dict(document["stores"]), document["kind"],
            None if requested_at is None else moment(requested_at), document["archive"],
            document["signature"],
        )  # fmt: skip

    def to_dict(self) -> dict[str, object]:
        """The receipt as JSON takes it."""
        return {
            "kind": self.kind, "reference": self.reference,
            "requested_at": None if self.requested_at is None else self.requested_at.isoformat(),
            "erased_at": self.erased_at.isoformat(), "stores": dict(self.rows),
            "archive": None if self.archive is None else dict(self.archive), "total": self.total,
            "signature": self.signature,
        }  # fmt: skip


class Repriced(NamedTuple):
    """How many calls were priced anew, and of how many of them the cost or its source changed."""

    calls: int
    changed: int
