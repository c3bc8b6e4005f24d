"""What may be known of an address: its country, and a hash under a salt that will be destroyed."""

from __future__ import annotations

import hmac
import socket
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path

import maxminddb

from viralforge.errors import ConfigurationError

HASH_BYTES = 16
"""Of the 32 that HMAC-SHA256 gives: 2⁶⁴ addresses a day would have to come before two meet."""
_IPV4_IN_IPV6 = bytes(10) + b"\xff\xff"
_REMEMBERED = 1_000
"""Addresses in memory, none of them on disk: a visitor's events come one after the other."""


class Addresses:
    """Countries of addresses by a table in the MaxMind DB format, and hashes; None is the bundled table.

    Raises ConfigurationError for a table that cannot be read.
    """

    def __init__(self, table: Path | None = None) -> None:
        self._table = table
        if table is not None:
            _ = self._reader
        self.told = lru_cache(_REMEMBERED)(self._told)
        """The country of an address, ISO 3166 alpha-2, None for a private or unknown one, and its hash as
        PostgreSQL reads it, None without a salt."""

    def _told(self, address: str, salt: bytes | None) -> tuple[str | None, str | None]:
        packed = _packed(address)
        country = None if packed is None else self._country(packed)
        if salt is None:
            return country, None
        digest = hmac.digest(salt, packed or address.encode(), "sha256")
        return country, f"\\x{digest[:HASH_BYTES].hex()}"

    def _country(self, packed: bytes) -> str | None:
        found = self._reader.get(socket.inet_ntop(_family(packed), packed))
        if not isinstance(found, dict):
            return None
        # The spellings of the bundled table, of MaxMind's and DB-IP's, and of IPinfo's.
        code = found.get("country_code") or found.get("country")
        code = code.get("iso_code") if isinstance(code, dict) else code
        return code if isinstance(code, str) and len(code) == 2 else None

    @cached_property
    def _reader(self) -> maxminddb.Reader:
        table = self._table or Path(str(resources.files("viralforge") / "data" / "countries.mmdb"))
        try:
            return maxminddb.open_database(table)
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
            raise ConfigurationError(f"VIRALFORGE_COUNTRY_TABLE: {table} cannot be read: {error}") from None


def _packed(address: str) -> bytes | None:
    """The bytes of an address however it is spelled, 4 also of one that came within IPv6; None for none.

    >>> _packed("::ffff:192.0.2.7") == _packed("192.0.2.7"), len(_packed("2001:DB8::1"))
    (True, 16)
    """
    bare = address.strip("[]").partition("%")[0]
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            packed = socket.inet_pton(family, bare)
        except (OSError, ValueError):
            continue
        return packed.removeprefix(_IPV4_IN_IPV6) if family == socket.AF_INET6 else packed
    return None


def _family(packed: bytes) -> socket.AddressFamily:
    return socket.AF_INET if len(packed) == 4 else socket.AF_INET6
