"""User behaviour: from a trend to a clip, what is used, when and from where."""

from __future__ import annotations

from viralforge.web.dashboard.reckon import share, total
from viralforge.web.dashboard.tiles import Chart, Choice, Column, Figure, Page, Question, Tile

USAGE = Question("usage", "by_day", skips=("platform",), dear=True)
_NO_EVENTS = "No event came in: load viralforge.js in your app, or POST /v1/events (docs/browser.md)."
_BY_APP = ("platform",)

_APP = Choice(
    "app", "platform", "On",
    {"": (None, "all"), "web": ("web", "web"), "ios": ("ios", "iOS"), "android": ("android", "Android")}, "",
)  # fmt: skip

PAGE = Page(
    "users", "Users", "From a trend to a clip: what is used, when, and from where.",
    figures=(
        Figure("events", "events", "What users of the app did.", USAGE, total("events"), better="up"),
        Figure(
            "sessions", "sessions", "Sessions, counted on each UTC day that they last.", USAGE,
            total("sessions"), better="up",
        ),
        Figure(
            "error-rate", "errors", "Events of type error ÷ events.", USAGE, share("errors", "events"),
            "percent", "down",
        ),
    ),
    tiles=(
        Tile(
            "funnel", "From discovery to clip",
            "Known users who reached each stage in the range, and their share of the stage before.",
            Question("funnel", "conversion", skips=_BY_APP, choices=(_APP,)),
            (Column("stage", "stage"), Column("users", "users", "short", bar=True),
             Column("of the stage before", "conversion", "percent"),
             Column("drop-off", "conversion", "lost")),
            empty=_NO_EVENTS, width=2,
        ),
        Tile(
            "apps", "Where the app runs", "Events by the platform of the app.", Question("usage", "apps",
            dear=True),
            (Column("app", "platform"), Column("events", "events", "short", bar=True),
             Column("users", "users", "short"), Column("errors", "errors", "short")),
            empty=_NO_EVENTS,
        ),
        Tile(
            "by-day", "Usage by day", "Known users and sessions of each UTC day.", USAGE,
            chart=Chart("lines", ("users", "sessions"), names={"users": "users", "sessions": "sessions"}),
            empty=_NO_EVENTS, width=2,
        ),
        Tile(
            "features", "Features", "Events by name and type, with the known users and sessions they are of.",
            Question("usage", "features", {"limit": 15}, skips=_BY_APP, dear=True),
            (Column("event", "event_name"), Column("type", "event_type"),
             Column("events", "events", "short", bar=True), Column("users", "users", "short"),
             Column("sessions", "sessions", "short")),
            empty=_NO_EVENTS, width=2, rows_shown=15,
        ),
        Tile(
            "asked-for", "Platforms asked for",
            "Content platforms that users' events name in their properties.",
            Question("usage", "asked_for", dear=True),
            (Column("platform", "platform", "platform"), Column("events", "events", "short", bar=True),
             Column("users", "users", "short")),
            empty="No event names a content platform (platform in its properties).",
        ),
        Tile(
            "peak", "Peak usage", "Events by weekday and hour of your time zone.",
            Question("usage", "hours", skips=_BY_APP, dear=True), heat="events", heat_kind="short",
            empty=_NO_EVENTS, width=2,
        ),
        Tile(
            "countries", "Countries", "Events by the country they came from.",
            Question("usage", "countries", {"limit": 15}, skips=_BY_APP, dear=True),
            (Column("country", "country"), Column("events", "events", "short", bar=True),
             Column("users", "users", "short")),
            empty=_NO_EVENTS, rows_shown=15,
        ),
        Tile(
            "furthest", "Users who got furthest", "Distinct sessions in which a user reached each stage.",
            Question("funnel", "users", {"limit": 15}),
            (Column("user", "user_id"), Column("discoveries", "discoveries", "whole"),
             Column("interactions", "interactions", "whole"), Column("analyses", "analyses", "whole"),
             Column("clips", "generations", "whole", bar=True)),
            empty=_NO_EVENTS, period="of all time", width=3, rows_shown=15, of_users=True,
        ),
    ),
)  # fmt: skip
