"""The country of an address, from a table on disk."""

from __future__ import annotations

from functools import cached_property
from importlib import resources
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import maxminddb

from viralforge.errors import ConfigurationError


class Countries:
    """Countries of addresses by a table in the MaxMind DB format; None is the one that comes along.

    Raises ConfigurationError for a table that cannot be read.
    """

    def __init__(self, table: Path | None = None) -> None:
        self._table = table
        if table is not None:
            _ = self._reader

    def of(self, address: IPv4Address | IPv6Address) -> str | None:
        """The country as ISO 3166 alpha-2; None for a private address or an unknown one."""
        found = self._reader.get(address)
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
