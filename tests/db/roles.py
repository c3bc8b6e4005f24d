"""Logins in the roles that `viralforge grants` makes, gone with the database that they are for."""

from __future__ import annotations


class Logins:
    """The URL of a database for a login in each role; the roles' names begin with that of the database."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, name

    def of(self, kind: str) -> str:
        """The URL by which a login of this kind comes in."""
        return self.acting_as(self.login(kind))

    def login(self, kind: str) -> str:
        return f"{self.name}_in_{kind}"

    def acting_as(self, role: str) -> str:
        return f"{self.url}{'&' if '?' in self.url else '?'}options=-c%20role%3D{role}"
