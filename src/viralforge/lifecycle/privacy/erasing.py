"""Erasures, worked through store by store: one that is broken off is taken up again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from viralforge.db.pool import Database
from viralforge.db.urls import place_of
from viralforge.errors import (
    AccessDenied,
    ArchiveError,
    ConfigurationError,
    ErasureUnfinished,
    InvalidInput,
    MissingExtra,
)  # fmt: skip
from viralforge.lifecycle.privacy import spooled
from viralforge.lifecycle.spool import REFUSED
from viralforge.model import values
from viralforge.model.erasure import Subject, is_signed
from viralforge.model.ids import canonical_external_id, platform_name, post_id
from viralforge.model.report import ErasureReceipt
from viralforge.settings import Settings
from viralforge.store.erasures import COLD, POST_STORES, TEXTS, ErasureStore
from viralforge.store.rollups import RollupStore
from viralforge.store.users import USER_STORES, UserStore

Cold = Callable[[Subject], Mapping[str, int]]
"""Erases from the archive: how many rows of each cold table went; a second time none."""
PATIENCE_SECONDS = 60
"""So long an erasure waits for what was under way when it began."""
_PAUSE_SECONDS = 0.05
_USERS = ("user", "anonymous user")
_ON_DISK = ("spool", "facts")


class Privacy:
    """Erases people and posts from everywhere."""

    def __init__(
        self, database: Database, settings: Settings, users: UserStore, rollups: RollupStore,
        flush_facts: Callable[[], object], cold: Cold | None = None, patience: float = PATIENCE_SECONDS,
    ) -> None:  # fmt: skip
        """`flush_facts` stores what waits of runs of agents; without `cold` there is no archive."""
        self._users, self._rollups, self._flush_facts, self._cold = users, rollups, flush_facts, cold
        self._store, self._patience = ErasureStore(database), patience
        self._spool = settings.spool_dir
        self._facts = (settings.facts_dir or settings.data_dir / "facts") / place_of(database.url)

    def erase_user(self, user_id: str) -> ErasureReceipt:
        """Deletes a user, seen or not, so that nothing that comes later names the user."""
        return self._ended(self._users.erase(user_id))

    def anonymise_user(self, user_id: str) -> ErasureReceipt:
        """Gives what a user did to nobody in particular, and forgets who it was."""
        return self._ended(self._users.anonymise(user_id))

    def erase_author(self, platform: str, author: str) -> ErasureReceipt:
        """Blanks all posts of an author, and keeps out those that come later."""
        named = values.text(author, "author")
        if named is None:
            raise InvalidInput("author: an author has an id or a name that is not blank")
        return self._ended(self._store.bar(self._store.author(platform_name(platform), named)))

    def erase_post(self, given: UUID | tuple[str, str]) -> ErasureReceipt:
        """Blanks a post by its id, or by its platform and external id; then also one never seen."""
        if isinstance(given, UUID):
            return self._ended(self._store.post(given, None, None))
        platform = platform_name(given[0])
        external_id = canonical_external_id(platform, given[1])
        return self._ended(self._store.post(post_id(platform, external_id), platform, external_id))

    def finish(self) -> list[ErasureReceipt]:
        """Takes up the erasures that were broken off, each by itself; the receipts of those done now.

        Raises ErasureUnfinished, once all were tried, where some could not be done.
        """
        done, faults = [], []
        for erasure in self._store.open():
            try:
                if self._worked_through(erasure):
                    done.append(self._store.receipt(erasure, _stores))
            except ErasureUnfinished as error:
                faults.append(error)
        if faults:
            raise faults[0]
        return done

    def is_ours(self, receipt: Mapping[str, Any]) -> bool:
        """Whether this warehouse signed the receipt, and nobody changed it since."""
        return is_signed(receipt, self._store.secret())

    def _ended(self, erasure: int) -> ErasureReceipt:
        self._worked_through(erasure)
        return self._store.receipt(erasure, _stores)

    def _worked_through(self, erasure: int) -> bool:
        """Does what is left of an erasure; each step done again takes out nothing more."""
        subject = self._store.subject(erasure)
        if subject is None:  # another was quicker
            return False
        if subject.kind == "author":
            subject = self._gathered(erasure, subject)
            self._store.blank(erasure, subject.post_ids)
        self._store.forget_answers(erasure)
        self._forget_files(erasure, subject)
        if subject.kind in _USERS:
            self._store.forget_texts(erasure, "rejections", subject.traces, reason="bad_event")
        else:
            for store in TEXTS:
                self._store.forget_texts(erasure, store, subject.traces)
            self._settle()
        cold = {f"{COLD}{table}": rows for table, rows in self._forget_cold(subject).items()}
        self._store.count(erasure, cold)
        self._store.end(erasure, (*_stores(subject.kind), *cold))
        return True

    def _forget_cold(self, subject: Subject) -> Mapping[str, int]:
        try:
            return self._cold(subject) if self._cold else {}
        except (ArchiveError, ConfigurationError, MissingExtra) as error:
            raise ErasureUnfinished(
                f"the database is done, the archive is not: {error}. It is erased once that is mended, by "
                "viralforge worker or viralforge erasures"
            ) from error

    def _gathered(self, erasure: int, subject: Subject) -> Subject:
        """The author with all posts there are, once nobody is left who did not know of the erasure."""
        while True:
            self._wait_for_writers()
            wider = self._store.widen(erasure, subject)
            if wider.names == subject.names:
                return wider
            subject = wider

    def _wait_for_writers(self) -> None:
        """Returns once every transaction that is under way now has ended.

        One that began before the author was kept out may not have seen it, and write a post of the author.
        """
        before, deadline = self._store.transactions(), time.monotonic() + self._patience
        while before := before & self._store.transactions():
            if time.monotonic() > deadline:
                raise ErasureUnfinished(
                    f"{len(before)} transactions of this database have not ended in {self._patience:g} s; "
                    "end them (pg_stat_activity shows them), and erase again or run viralforge worker"
                )
            time.sleep(_PAUSE_SECONDS)

    def _forget_files(self, erasure: int, subject: Subject) -> None:
        """Takes out what waits on this machine's disk, once what its processes hold is stored."""
        traces, counts = subject.traces, {}

        def is_told(line: bytes) -> bool:
            return traces.are_in(line.decode(errors="replace"))

        if subject.kind in _USERS and self._spool is not None:
            events = sorted(self._spool.glob("events-*.ndjson"))
            is_of = partial(_is_event_of, subject.key)
            counts["spool"] = self._gone(events, is_of, lambda: spooled.forget(events, is_of))
            counts["spool"] += spooled.forget([self._spool / REFUSED], is_told)
        facts = sorted(self._facts.glob("facts-*.ndjson"))
        self._gone(facts, is_told, self._flush_facts)
        counts["facts"] = spooled.forget([self._facts / REFUSED], is_told)
        self._store.count(erasure, counts)

    def _gone(self, paths: Sequence[Path], is_of: spooled.IsOf, take: Callable[[], Any]) -> int:
        """Takes what nobody holds, and waits until the rest is stored, as nobody's; how many lines."""
        taken, deadline = 0, time.monotonic() + self._patience
        while True:
            taken += take() or 0
            if not (left := [path for path in paths if spooled.tells(path, is_of)]):
                return taken
            if time.monotonic() > deadline:
                raise ErasureUnfinished(
                    f"{left[0]} is held by a process that does not store what is in it; "
                    "end that process, and erase again or run viralforge worker"
                )
            time.sleep(_PAUSE_SECONDS)

    def _settle(self) -> None:
        """Takes what is gone out of the rollups and of the popular posts."""
        with suppress(AccessDenied):  # who may erase need not own the views, which are refreshed hourly
            deadline = time.monotonic() + self._patience
            while self._rollups.fold() is None and time.monotonic() < deadline:
                time.sleep(_PAUSE_SECONDS)
            self._rollups.refresh_popular_content()


def _stores(kind: str) -> tuple[str, ...]:
    if kind in _USERS:
        return (*USER_STORES, "rejections", "kept_answers", *_ON_DISK)
    return ("scraped_posts", *POST_STORES, *TEXTS, "kept_answers", *_ON_DISK)


def _is_event_of(user_id: str, line: bytes) -> bool:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(found, dict) and found.get("user_id") == user_id
