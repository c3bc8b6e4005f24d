"""API keys: shown once, kept as hashes only, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.db.rows import Rows
from viralforge.errors import InvalidInput, UnknownRecord

QUERIES = Queries("store/keys")
SCOPES = ("write:events", "write", "read", "read:users", "admin")
"""What a key may open. `write` includes `write:events`, `read:users` includes `read`, `admin` everything."""
_NOBODYS = bytes(32)


class ApiKey(NamedTuple):
    """A key as it is kept; `last_used_at` is None before its first use, `revoked_at` while it is good."""

    id: int
    name: str
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class _Kept(NamedTuple):
    id: int
    key_hash: bytes
    scopes: list[str]
    revoked_at: datetime | None


class KeyStore:
    """Makes, finds and revokes API keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, scopes: Sequence[str]) -> str:
        """Makes a key and returns it, which nobody can do again. Raises InvalidInput for an unknown scope."""
        unknown = [scope for scope in scopes if scope not in SCOPES]
        if unknown or not scopes:
            raise InvalidInput(f"scope: {unknown[0] if unknown else 'none'}: choose from {', '.join(SCOPES)}")
        if not name.strip():
            raise InvalidInput("name: a key needs a name that is not blank")
        secret = secrets.token_urlsafe(32)
        values = {"name": name.strip(), "key_hash": _hashed(secret), "scopes": sorted(set(scopes))}
        return f"vf_{self._database.value(QUERIES['create'], values)}_{secret}"

    def all(self) -> Rows[ApiKey]:
        """Every key, revoked ones too, in the order in which they were made."""
        return self._database.rows(ApiKey, QUERIES["all"])

    def any_made(self) -> bool:
        """Whether there ever was a key, be it revoked by now."""
        return bool(self._database.value(QUERIES["any_made"]))

    def any_good(self) -> bool:
        """Whether there is a key that is not revoked."""
        return bool(self._database.value(QUERIES["any_good"]))

    def revoke(self, key_id: int) -> None:
        """Makes a key worthless. Raises UnknownRecord."""
        if not self._database.change(QUERIES["revoke"], {"id": key_id}):
            raise UnknownRecord(f"no key with id {key_id}; viralforge keys list names them")

    def find(self, key: str) -> tuple[int, frozenset[str]] | None:
        """The id and the scopes of a key, None where it is none, or no longer."""
        prefix, _, rest = key.partition("_")
        number, _, secret = rest.partition("_")
        known = number.isascii() and number.isdigit() and len(number) < 19
        rows = self._database.rows(_Kept, QUERIES["find"], {"id": int(number) if known else 0})
        kept = rows[0] if rows else _Kept(0, _NOBODYS, [], None)
        same = hmac.compare_digest(bytes(kept.key_hash), _hashed(secret))
        return (
            (kept.id, frozenset(kept.scopes)) if same and prefix == "vf" and kept.revoked_at is None else None
        )

    def used(self, key_ids: Sequence[int]) -> None:
        """Notes that these keys are in use."""
        self._database.change(QUERIES["used"], {"ids": list(key_ids)})

    def sign_in(self, key_id: int, length: timedelta) -> str:
        """Opens a session for who has this key; returns its token, which is kept as a hash only."""
        token = secrets.token_urlsafe(32)
        values = {"token_hash": _hashed(token), "key_id": key_id, "length": length}
        self._database.change(QUERIES["sign_in"], values)
        return token

    def signed_in(self, token: str) -> tuple[int, frozenset[str]] | None:
        """The id and the scopes of the key by which a session was opened; None once either is no good."""
        rows = self._database.read(QUERIES["signed_in"], {"token_hash": _hashed(token)})
        return next(((key_id, frozenset(scopes)) for key_id, scopes in rows), None)

    def sign_out(self, token: str) -> None:
        """Ends a session."""
        self._database.change(QUERIES["sign_out"], {"token_hash": _hashed(token)})

    def forget_sessions(self) -> int:
        """Forgets the sessions that have run out; how many."""
        return self._database.change(QUERIES["forget_sessions"])


def _hashed(secret: str) -> bytes:
    # 32 random bytes cannot be guessed, so a slow hash would protect nothing more.
    return hashlib.sha256(secret.encode()).digest()
