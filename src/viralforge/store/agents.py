"""User agents: long texts that come again and again, each kept once and known by a number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import sha256

from viralforge.db.pool import Database
from viralforge.db.queries import Queries
from viralforge.errors import WarehouseError

QUERIES = Queries("store/events")
_REMEMBERED = 10_000
_ATTEMPTS = 10


class UserAgents:
    """The numbers of user agents, remembered: they never change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, int] = {}

    def ids(self, agents: Collection[str]) -> Mapping[str, int]:
        """The number of each; new ones are made, in a transaction of their own: nobody waits long."""
        known = self._known
        found = {agent: known[agent] for agent in agents if agent in known}
        for _ in range(_ATTEMPTS):
            missing = [agent for agent in agents if agent not in found]
            if not missing:
                return found
            given = {"agents": missing, "hashes": [sha256(agent.encode()).digest() for agent in missing]}
            rows = self._database.read(QUERIES["know_user_agents"], given)
            made = {agent: number for number, agent in rows}
            found |= made
            if len(known) + len(made) > _REMEMBERED:  # somebody sends a new one each time
                self._known = known = {}
            known |= made
        raise WarehouseError("user agents that others made cannot be seen")
