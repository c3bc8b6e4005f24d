"""Who may do what: API keys and their scopes, the open server on localhost, and rates."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import time
from collections.abc import Set
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import HTTPConnection

from viralforge.errors import DatabaseUnavailable, WarehouseError
from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse
from viralforge.web.problems import Problem

INCLUDED = {
    "write:events": {"write:events", "write", "admin"},
    "write": {"write", "admin"},
    "read": {"read", "read:users", "admin"},
    "read:users": {"read:users", "admin"},
    "admin": {"admin"},
}
"""The scopes that open what asks for one."""
FRESH_SECONDS = 5
"""So long a key that was found is believed: so soon a revoked one is refused."""
LOOK_SECONDS = 1
"""So long a request waits, once in a while, for the answer whether it needs a key by now."""
NOTED_SECONDS = 60
"""So exact is a key's last use."""
_MOST_KEYS = 10_000


def sees_users(scopes: Set[str]) -> bool:
    """Whether these scopes open ids of users, and what else says who they are.

    >>> sees_users({"read"}), sees_users({"read:users"}), sees_users({"admin", "write"})
    (False, True, True)
    """
    return bool(scopes & INCLUDED["read:users"])


class _Known(NamedTuple):
    """A key that was looked up; `key_id` None where it is none."""

    key_id: int | None
    scopes: frozenset[str]
    until: float


class Doorkeeper:
    """Lets in who has a key with the right scope, or anybody of this machine where no key was ever made."""

    def __init__(self, warehouse: DataWarehouse, settings: Settings) -> None:
        self._warehouse = warehouse
        self._known: dict[bytes, _Known] = {}
        self._sessions: dict[bytes, _Known] = {}
        self._noted: dict[int, float] = {}
        self._is_open, self._open_until = False, 0.0
        self._away_until = 0.0
        self._looking: set[asyncio.Task[None]] = set()
        self._behind_proxy = bool(settings.trusted_proxies)
        self._per_key, self._per_address = parse(settings.rate_per_key), parse(settings.rate_per_address)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def let_in(self, request: HTTPConnection, needed: str, given: str | None = None) -> None:
        """Returns if the request may do what asks for the scope `needed`; raises Problem if not.

        `given` is a key that stands in the body. One in the query opens `write:events` only: addresses
        are written down on the way.
        """
        if time.monotonic() > self._open_until:
            await self._look_again()
        if self._is_open:
            self._of_this_machine(request)
            request.scope["state"]["sees_users"] = True
            return
        key = given or _key_in(request, needed)
        if key is None:
            self.count_address(request)
            raise Problem(
                "key-needed", "send a key as Authorization: Bearer vf_…; viralforge keys create makes one"
            )
        digest = hashlib.sha256(key.encode()).digest()
        # A key of one's own is counted by itself; one that everybody can read, or none, by address.
        if digest not in self._known or not self._known[digest].scopes - {"write:events"}:
            self.count_address(request)
        known = await self._find(digest, key)
        if known.key_id is None:
            raise Problem(
                "key-needed", "this key is none, or was revoked; viralforge keys create makes another"
            )
        if not known.scopes & INCLUDED[needed]:
            has = ", ".join(sorted(known.scopes))
            raise Problem("not-allowed", f"this asks for the scope {needed}, and the key has {has}")
        request.scope["state"] |= {"key_id": known.key_id, "sees_users": sees_users(known.scopes)}
        self._count(self._per_key, "key", str(known.key_id))

    async def viewer(self, request: HTTPConnection, session: str | None) -> frozenset[str] | None:
        """What who looks at a page may do, by the session or a key; None where they must sign in first.

        Raises Problem for another machine while no key was ever made.
        """
        if time.monotonic() > self._open_until:
            await self._look_again()
        if self._is_open:
            self._of_this_machine(request)
            return frozenset({"admin"})
        key = _key_in(request, "read")
        if key is not None:
            await self.let_in(request, "read", key)
            return (await self._find(hashlib.sha256(key.encode()).digest(), key)).scopes
        return None if session is None else await self._session(request, session)

    async def _session(self, request: HTTPConnection, token: str) -> frozenset[str] | None:
        digest = hashlib.sha256(token.encode()).digest()
        known = self._sessions.get(digest)
        if known is None or known.key_id is None:
            self.count_address(request)
        if known is None or known.until < time.monotonic():
            found = await asyncio.to_thread(self._warehouse.keys.signed_in, token)
            key_id, scopes = found or (None, frozenset())
            known = _Known(key_id, scopes, time.monotonic() + FRESH_SECONDS)
            if len(self._sessions) > _MOST_KEYS:
                self._sessions.clear()
            self._sessions[digest] = known
        if known.key_id is None:
            return None
        self._count(self._per_key, "key", str(known.key_id))
        return known.scopes

    def forget(self, session: str) -> None:
        """Believes a session no longer that was ended."""
        self._sessions.pop(hashlib.sha256(session.encode()).digest(), None)

    async def _look_again(self) -> None:
        """Where it is open waits for it a little: whoever made a key wants it to hold."""
        self._open_until = time.monotonic() + FRESH_SECONDS
        looking = asyncio.create_task(self.look_for_keys())
        self._looking.add(looking)
        looking.add_done_callback(self._looking.discard)
        if self._is_open:  # but not long: the database may be away
            await asyncio.wait([looking], timeout=LOOK_SECONDS)

    async def look_for_keys(self) -> None:
        """Finds out whether any key was ever made; before that, who is on this machine needs none."""
        with suppress(DatabaseUnavailable):  # then it stays as it was
            self._is_open = not await asyncio.to_thread(self._warehouse.keys.any_made)
        self._open_until = time.monotonic() + FRESH_SECONDS

    def count_address(self, request: HTTPConnection) -> None:
        """Counts a request of an address. Raises Problem once there are too many."""
        address = request.client.host if request.client else ""
        with suppress(ValueError):
            parsed = ipaddress.ip_address(address)
            if parsed.version == 6:  # whoever has one address of a /64 has them all
                address = str(ipaddress.ip_network((parsed, 64), strict=False))
        self._count(self._per_address, "address", address)

    def _count(self, item: RateLimitItem, *identifiers: str) -> None:
        if not self._limiter.hit(item, *identifiers):
            stats = self._limiter.get_window_stats(item, *identifiers)
            raise Problem(
                "too-many-requests", f"at most {item} for each {identifiers[0]}; wait a little",
                wait=max(0.0, stats.reset_time - time.time()),
            )  # fmt: skip

    async def _find(self, digest: bytes, key: str) -> _Known:
        """What is known of a key; one at a time asks for it anew, and where nobody answers the old holds."""
        now = time.monotonic()
        known = self._known.get(digest)
        if known is None or known.until < now:
            if known is not None:
                self._known[digest] = known._replace(until=now + FRESH_SECONDS)
            elif now < self._away_until:
                raise DatabaseUnavailable("the database was away a moment ago")
            try:
                found = await asyncio.to_thread(self._warehouse.keys.find, key)
            except DatabaseUnavailable:
                self._away_until = time.monotonic() + LOOK_SECONDS
                if known is None:
                    raise
                return known  # its events go to the spool, or are told to wait
            if len(self._known) > _MOST_KEYS:
                self._known.clear()
            key_id, scopes = found or (None, frozenset())
            known = self._known[digest] = _Known(key_id, scopes, time.monotonic() + FRESH_SECONDS)
        if known.key_id is not None and self._noted.get(known.key_id, 0) < now:
            self._noted[known.key_id] = now + NOTED_SECONDS
            with suppress(WarehouseError):  # a server that only reads notes nothing
                await asyncio.to_thread(self._warehouse.keys.used, [known.key_id])
        return known

    def _of_this_machine(self, request: HTTPConnection) -> None:
        """Raises Problem for another machine, and for a page of elsewhere that a browser here has open."""
        headers = request.headers
        ends = (request.scope.get("server"), request.scope.get("client"))
        local = all(end is None or is_loopback(end[0]) for end in ends)
        # A proxy on this machine speaks for others; one that is to be believed is named in the settings.
        passed_on = not self._behind_proxy and ("forwarded" in headers or "x-forwarded-for" in headers)
        origin = headers.get("origin")
        elsewhere = headers.get("sec-fetch-site") == "cross-site" or (origin and not _names_loopback(origin))
        if not local or passed_on or elsewhere or not _names_loopback(f"//{headers.get('host', '')}"):
            raise Problem(
                "not-allowed",
                "without keys this server serves this machine only; viralforge keys create makes one",
            )


@lru_cache(1_000)
def is_loopback(host: str) -> bool:
    """Whether a name or an address means this machine alone.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _key_in(request: HTTPConnection, needed: str) -> str | None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key:
        return key.strip()
    if key := request.headers.get("x-api-key", ""):
        return key
    return request.query_params.get("key") if needed == "write:events" else None


@lru_cache(1_000)
def _names_loopback(url: str) -> bool:
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


class Needs(SecurityBase):
    """A dependency of routes: `Depends(Needs("read"))` lets in who may read."""

    model = HTTPBearer(description="A key that `viralforge keys create` made.")
    scheme_name = "key"

    def __init__(self, scope: str) -> None:
        self.scope = scope

    async def __call__(self, request: Request) -> None:
        """Lets the request in. Raises Problem."""
        await request.app.state.doorkeeper.let_in(request, self.scope)
