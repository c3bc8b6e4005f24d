"""The platforms' terms as rules: how long what their APIs gave may be kept without being read again.

docs/terms.md says which document each default is from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.errors import ArchiveError, ConfigurationError, InvalidInput, MissingExtra
from viralforge.model.ids import canonical_external_id, platform_name, post_id
from viralforge.settings import Settings, TermsRule
from viralforge.store.posts import PostStore

QUERIES = Queries("lifecycle/terms")
DEFAULTS = {
    ("youtube", "official_api"): TermsRule(statistics_days=30, content_days=30, deleted_hours=24),
    ("twitter", "official_api"): TermsRule(deleted_hours=24),
    ("instagram", "official_api"): TermsRule(deleted_hours=24),
    ("tiktok", "official_api"): TermsRule(statistics_days=15, content_days=15, deleted_hours=24),
    ("reddit", "official_api"): TermsRule(deleted_hours=48),
}
"""By platform and the way in which a post was fetched; what is not named is under no terms."""
MARGIN_DAYS = 3
"""So long before its limit a post is due to be read again."""
BATCH = 1_000
_STEPS = {"numbers": ("old_numbers", "blank_numbers"), "content": ("old_content", "blank_content")}


class Standing(NamedTuple):
    """A rule and the posts under it; days and hours are None where the rule sets no limit.

    `due_soon` are within three days of a limit, `overdue` beyond it. `oldest` is when what has waited longest
    was read last, None without posts. Posts with nothing left to remove are not counted.
    """

    platform: str
    fetched_via: str
    statistics_days: int | None
    content_days: int | None
    deleted_hours: int | None
    posts: int
    due_soon: int
    overdue: int
    oldest: datetime | None


class Removed(NamedTuple):
    """What enforcing a rule removed, or would: of so many posts the numbers, of so many the content."""

    platform: str
    fetched_via: str
    numbers: int
    content: int


class Expiring(NamedTuple):
    """A post to be read again since `due_at`, before the terms ask for its removal."""

    id: UUID
    platform: str
    external_id: str
    url: str | None
    last_scraped_at: datetime
    due_at: datetime


class Terms:
    """What the platforms' terms ask of the posts here, and doing it."""

    def __init__(
        self, database: Database, settings: Settings, posts: PostStore, settle: Callable[[], None]
    ) -> None:
        """`settle` takes out of the archive what is noted as owed."""
        self._database, self._posts, self._settle = database, posts, settle
        self.rules = rules_of(settings.terms)

    def report(self) -> Rows[Standing]:
        """How the posts under each rule stand, by platform and the way in which they were fetched."""
        with self._database.connection() as connection:
            found = [
                Standing(platform, via, rule.statistics_days, rule.content_days, rule.deleted_hours, *row)
                for (platform, via), rule in self.rules.items()
                for row in connection.execute(QUERIES["standing"], _given(platform, via, rule))
            ]
        return Rows(Standing._fields, found)

    def enforce(self, dry_run: bool = False) -> Rows[Removed]:
        """Removes what was kept longer than the rules allow without being read again; says of how many posts.

        Numbers become unknown and their readings are deleted, rollups stay exact; where the rule says so,
        texts and authors become unknown as well. Done in batches, each whole: broken off, it goes on where
        it was. With `dry_run` it only says what would be removed. Raises ArchiveUnavailable and
        ConfigurationError where all is done but the archive, which `finish_erasures` takes up.
        """
        found = []
        for (platform, via), rule in self.rules.items():
            given = _given(platform, via, rule)
            numbers = self._enforced("numbers", given, rule.statistics_days, dry_run)
            content = self._enforced("content", given, rule.content_days, dry_run)
            found.append(Removed(platform, via, numbers, content))
        if not dry_run:
            self._settle()
        return Rows(Removed._fields, found)

    def due_for_refresh(self, platform: str | None = None, *, limit: int = 1_000) -> Rows[Expiring]:
        """The posts whose limit comes within three days, or has passed, those read longest ago first."""
        wanted = None if platform is None else platform_name(platform)
        found: list[Expiring] = []
        for (name, via), rule in self.rules.items():
            if wanted in (None, name):
                given = _given(name, via, rule) | {"limit": limit}
                found += self._database.rows(Expiring, QUERIES["due_for_refresh"], given)
        return Rows(Expiring._fields, sorted(found, key=lambda post: (post.due_at, post.id))[:limit])

    def gone(self, platform: str, external_ids: Iterable[str]) -> int:
        """Deletes those of the posts, which the platform says are gone, whose rule asks for that; how many.

        An archive that cannot be reached now is rid of them by `finish_erasures`. Raises InvalidPost for what
        is no id of the platform.
        """
        if isinstance(external_ids, str):
            raise InvalidInput("external_ids: one id is no list of ids; write [id]")
        name = platform_name(platform)
        ways = [via for (at, via), rule in self.rules.items() if at == name and rule.deleted_hours]
        ids = [post_id(name, canonical_external_id(name, each)) for each in external_ids]
        if not ways or not ids:
            return 0
        found = [each for (each,) in self._database.read(QUERIES["ruled"], {"ids": ids, "ways": ways})]
        if not found:
            return 0
        owed = {"what": "posts", "ids": found}
        self._database.change(QUERIES["owe"], owed)  # should this die on the way
        deleted = sum(self._posts.delete(each) for each in found)
        self._database.change(QUERIES["owe"], owed)  # had the first been settled before they were gone
        with suppress(ArchiveError, ConfigurationError, MissingExtra):
            self._settle()
        return deleted

    def _enforced(self, what: str, given: dict[str, Any], days: int | None, dry_run: bool) -> int:
        if days is None:
            return 0
        given = given | {"days": days, "limit": None if dry_run else BATCH}
        removed = 0
        while ids := [row[0] for row in self._database.read(QUERIES[_STEPS[what][0]], given)]:
            if dry_run:
                return len(ids)
            removed += self._database.write(
                lambda connection, ids=ids: _blanked(connection, what, given | {"ids": ids})  # type: ignore[misc]
            )
        return removed


def rules_of(settings: Mapping[Any, Mapping[Any, TermsRule | None]]) -> dict[tuple[str, str], TermsRule]:
    """The rules by platform and way: the defaults, with what the settings say in front of them.

    >>> rules_of({"youtube": {"official_api": TermsRule(statistics_days=7)}})["youtube", "official_api"]
    TermsRule(statistics_days=7, content_days=30, deleted_hours=24)
    >>> ("reddit", "official_api") in rules_of({"reddit": {"official_api": None}})
    False
    """
    found = dict(DEFAULTS)
    for platform, ways in settings.items():
        for via, rule in ways.items():
            if rule is None:
                found.pop((platform, via), None)
            else:
                usual = found.get((platform, via), TermsRule())
                found[platform, via] = usual.model_copy(update=rule.model_dump(exclude_unset=True))
    return dict(sorted(found.items()))


def _given(platform: str, via: str, rule: TermsRule) -> dict[str, Any]:
    return {"platform": platform, "fetched_via": via, "margin": MARGIN_DAYS, **rule.model_dump()}


def _blanked(connection: Connection[Any], what: str, given: dict[str, Any]) -> int:
    """Removes numbers or content of the posts that nobody reads meanwhile; of how many.

    They are locked by a statement of its own: only the next one is sure to see them as they are.
    """
    held = [row[0] for row in connection.execute(QUERIES["hold"], given)]
    if not held:
        return 0
    connection.execute(QUERIES["forget_answers"])
    connection.execute(QUERIES["owe"], {"what": what, "ids": held})
    row = connection.execute(QUERIES[_STEPS[what][1]], given | {"ids": held}).fetchone()
    return int(row[0])  # type: ignore[index]
