"""The command that says who may do what in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from viralforge.cli import output
from viralforge.cli.app import KEEP, Json, command, opened
from viralforge.cli.figures import words
from viralforge.cli.output import Column
from viralforge.errors import InvalidInput


@command(
    KEEP, "viralforge grants --plan", "viralforge grants --plan --json",
)  # fmt: skip
def grants(
    context: typer.Context,
    to: Annotated[str | None, typer.Option(metavar="LOGIN", help="Put this login into a role.")] = None,
    off: Annotated[
        str | None, typer.Option("--from", metavar="LOGIN", help="Take this login out of every role.")
    ] = None,
    role: Annotated[str, typer.Option(metavar="KIND", help="reader, writer or admin.")] = "reader",
    with_users: Annotated[bool, typer.Option("--with-users", help="A reader who sees users.")] = False,
    prefix: Annotated[
        str, typer.Option(metavar="TEXT", help="Begins the roles' names; one for each warehouse of a server.")
    ] = "viralforge",
    plan: Annotated[bool, typer.Option("--plan", "--sql", help="Only print the SQL.")] = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Makes SQL roles for readers, writers and admins.

    With --to it puts a login into one, with --from it takes it out of all. Whoever runs it owns the schema
    and may create roles; the schema belongs to the admins from then on.
    """
    if to is not None and off is not None:
        raise InvalidInput("--to or --from: take one of them")
    with opened(context) as warehouse:
        given = warehouse.grants
        if plan:
            _statements(given.plan(prefix, to=to, kind=role, with_users=with_users, off=off), json)
        elif to is not None:
            _given(given.give(to, role, with_users=with_users), to, json)
        elif off is not None:
            _taken(given.take(off), off, json)
        else:
            _told(given.make(prefix), json)


def _statements(found: Sequence[str], as_json: bool) -> None:
    if as_json:
        output.json({"statements": found})
        return
    for statement in found:
        output.line(f"{words(statement)};")


def _given(role: Any, login: str, as_json: bool) -> None:
    if as_json:
        output.json({"login": login, "role": role._asdict()})
    else:
        output.line(f"{words(login)} is in {role.name} and may {role.may}.")


def _taken(names: Sequence[str], login: str, as_json: bool) -> None:
    if as_json:
        output.json({"login": login, "taken": names})
    else:
        output.line(f"{words(login)} is in no role any more; it was in {', '.join(names) or 'none'}.")


def _told(roles: Sequence[Any], as_json: bool) -> None:
    if as_json:
        output.json({"roles": [role._asdict() for role in roles]})
        return
    output.table(
        roles,
        [
            Column("role", "name", words),
            Column("may", "may", cut=20),
            Column("logins in it", "members", words),
        ],
        report=True,
    )
    output.say("Put a login into one: viralforge grants --to LOGIN --role reader")
