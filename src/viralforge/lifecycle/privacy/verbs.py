"""What a warehouse does for people: it forgets them, and tells them what it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

from viralforge.analytics.filters import post_key
from viralforge.db.pool import Database
from viralforge.lifecycle.archive.cold import Cold as ColdReader
from viralforge.lifecycle.archive.forgetting import Forgetting
from viralforge.lifecycle.privacy.erasing import Privacy
from viralforge.lifecycle.privacy.export import Export
from viralforge.model.report import ErasureReceipt
from viralforge.settings import Settings
from viralforge.store.rollups import RollupStore
from viralforge.store.users import UserStore


class ForPrivacy:
    """The part of a warehouse that people have rights to."""

    rollups: RollupStore
    _forget_cold: Forgetting
    cold: ColdReader
    _database: Database
    _settings: Settings
    _user_store: UserStore
    sweep_runs: Callable[[], int]

    @cached_property
    def _privacy(self) -> Privacy:
        return Privacy(
            self._database, self._settings, self._user_store, self.rollups, self.sweep_runs, self._forget_cold
        )

    def add_user(self, user_id: str, display_name: str | None = None, *, analytics: bool = True) -> None:
        """Makes or changes a user of the app; with `analytics=False` no event or execution names the user.

        Raises UserErased.
        """
        self._user_store.add(user_id, display_name, analytics)

    def delete_user(self, user_id: str) -> bool:
        """Deletes a user with the events and executions that name the user; whether there was one.

        An event that comes later makes the user anew: for who asks to be forgotten there is `erase_user`.
        """
        return self._user_store.delete(user_id)

    def erase_user(self, user_id: str) -> ErasureReceipt:
        """Deletes a user as `delete_user` does, for good: what comes later is stored without the user.

        Also a user never seen. Only a keyed hash of the id is remembered. Raises ErasureUnfinished where a
        store could not be erased yet: `finish_erasures` takes it up again.

        >>> from viralforge import DataWarehouse
        >>> with DataWarehouse.open() as warehouse:
        ...     receipt = warehouse.erase_user("user-1")
        ...     warehouse.verify_receipt(receipt.to_dict())
        True
        """
        return self._privacy.erase_user(user_id)

    def anonymise_user(self, user_id: str) -> ErasureReceipt:
        """Keeps what a user did, for the numbers, under an id that nobody can derive, and forgets who it was.

        All sums stay what they are. What comes later is stored without the user, as after `erase_user`.
        Raises ErasureUnfinished as that does.
        """
        return self._privacy.anonymise_user(user_id)

    def erase_author(self, platform: str, author: str) -> ErasureReceipt:
        """Blanks all posts of an author, by id or by name, and keeps out those that are scraped later.

        The name holds for posts that come without an id. Raises InvalidInput where several authors go by the
        name, with their ids; ErasureUnfinished where another transaction goes on for too long, or a store
        could not be erased yet: `finish_erasures` takes it up again.
        """
        return self._privacy.erase_author(platform, author)

    def erase_post(self, post: UUID | str, external_id: str | None = None) -> ErasureReceipt:
        """Blanks a post for good, by its id or by its platform and external id; then also one never seen.

        Its id and times stay, so that it does not come back when it is scraped again. Raises UnknownRecord
        for an id that was never seen, ErasureUnfinished where a store could not be erased yet.
        """
        return self._privacy.erase_post(post_key(post) if external_id is None else (str(post), external_id))

    def finish_erasures(self) -> list[ErasureReceipt]:
        """Takes up the erasures that were broken off; returns the receipts of those that are done now.

        So it does with what the platforms' terms ask of the archive. Raises ErasureUnfinished,
        ArchiveUnavailable and ConfigurationError where something could not be done yet.
        """
        try:
            return self._privacy.finish()
        finally:
            self._forget_cold.settle()

    def verify_receipt(self, receipt: Mapping[str, Any]) -> bool:
        """Whether this warehouse signed the receipt, as `to_dict` gives it, and nobody changed it since."""
        return self._privacy.is_ours(receipt)

    def export_user(self, user_id: str) -> Iterator[str]:
        """All that is held about a user, as pieces of one JSON document; nothing of it waits in memory."""
        return Export(self._database, self.cold).of_user(user_id)

    def export_author(self, platform: str, author: str) -> Iterator[str]:
        """All posts of an author with their histories, as pieces of one JSON document."""
        return Export(self._database, self.cold).of_author(platform, author)
