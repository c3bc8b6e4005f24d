"""The dashboard's routes: its pages, parts and exports of them, what they load, and signing in."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from viralforge.errors import CutShort, ViralForgeError
from viralforge.settings import Settings
from viralforge.warehouse import DataWarehouse
from viralforge.web.dashboard import explorer, limits, render, signed, things, today
from viralforge.web.dashboard.asked import Asked
from viralforge.web.dashboard.exports import KINDS, exported
from viralforge.web.dashboard.pages import BY_NAME, PAGES
from viralforge.web.dashboard.signed import SignInFirst
from viralforge.web.dashboard.signed import Viewer as Seen
from viralforge.web.dashboard.views import Viewer, may_see
from viralforge.web.problems import Problem, problem_of

_MOST_EXPORTED = 1_000


class _PageRoute(APIRoute):
    """A route whose refusals are pages for people."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, whose errors become pages."""
        answer = super().get_route_handler()

        async def answer_as_page(request: Request) -> Response:
            try:
                with request.app.state.warehouse.limited(limits.QUESTION_SECONDS):
                    return await answer(request)
            except SignInFirst as needed:
                return signed.to_sign_in(needed.back)
            except CutShort as error:
                return refusal(request, Problem("timeout", limits.plainly(error)))
            except ViralForgeError as error:
                problem = problem_of(error)
                if problem.status == 500:
                    raise
                return refusal(request, problem)

        return answer_as_page


routes = APIRouter(include_in_schema=False, route_class=_PageRoute)


def _shown(request: Request, template: str, asked: Asked, here: str, **given: Any) -> Response:
    token = signed.csrf_of(request)
    back = signed.path_back(request.url.path, request.url.query)
    told = {
        "pages": PAGES, "here": here, "csrf": token, "back": back, "path": request.url.path,
        "signed_in": signed.SESSION in request.cookies, **given,
    }  # fmt: skip
    return signed.with_csrf(request, render.page(template, asked, told), token)


def refusal(request: Request, problem: Problem) -> Response:
    """A refusal as a page."""
    response = _shown(request, "refusal.html", Asked(), "", title=_said(problem), detail=problem.detail)
    response.status_code = problem.status
    return response


def _said(problem: Problem) -> str:
    title: str = problem.document()["title"]
    return title


def _page_route(name: str) -> None:
    page = BY_NAME[name]

    @routes.get(page.path, name=f"page_{name}")
    def show(request: Request, asked: Seen) -> Response:
        warehouse, viewer = _of(request)
        viewer.begin(page, asked)
        given: dict[str, Any] = {
            "title": page.title, "intro": page.intro, "figures": viewer.figures(page, asked),
            "tiles": viewer.tiles(page, asked),
        }  # fmt: skip
        template = "page.html"
        if name == "today":
            template = "today.html"
            given["answers"] = today.answers(warehouse, asked, request.app.state.keeper)
            given["attention"] = today.attention(warehouse, _settings(request))
        elif name == "content":
            template = "content.html"
            given["found"] = explorer.explored(warehouse, asked, request.query_params)
            given["kept"] = given["found"].kept
        return _shown(request, template, asked, name, **given)


for _each in PAGES:
    _page_route(_each.name)


@routes.get("/tiles/{page}/{name}")
def one_tile(request: Request, asked: Seen, page: str, name: str) -> Response:
    """One tile, for a page that has shown it as being worked out."""
    tile = _tile(page, name, asked)
    _warehouse, viewer = _of(request)
    home = BY_NAME[page].path
    shown = viewer.tile(tile, asked)
    return _shown(request, "tile.html", asked, page, shown=shown, path=home, back=f"{home}{asked.query()}")


@routes.get("/export/posts.{kind}")
def export_posts(request: Request, asked: Seen, kind: str) -> Response:
    """The first posts that the explorer finds."""
    _known(kind, asked)
    warehouse, _viewer = _of(request)
    rows = explorer.posts(warehouse, asked, request.query_params, limit=_MOST_EXPORTED).rows
    return exported(rows, "posts", kind)


@routes.get("/export/{page}/{name}.{kind}")
def export(request: Request, asked: Seen, page: str, name: str, kind: str) -> Response:
    """The rows behind a tile."""
    _known(kind, asked)
    tile = _tile(page, name, asked)
    _warehouse, viewer = _of(request)
    found = viewer.rows(tile, asked)
    if found.rows is None:
        raise Problem("unavailable", "this is being worked out; ask again in a moment", wait=5)
    rows = found.rows if tile.keep is None else [row for row in found.rows if tile.keep(row)]
    return exported(rows, f"{page}-{name}", kind, found.as_of)


@routes.get("/sql/{name:path}")
def sql(request: Request, asked: Seen, name: str) -> Response:
    """The query behind a number."""
    warehouse, _viewer = _of(request)
    return _shown(request, "sql.html", asked, "", title=name, text=warehouse.sql_of(name))


@routes.get("/posts/{post_id:uuid}")
def post(request: Request, asked: Seen, post_id: UUID) -> Response:
    """A post."""
    warehouse, _viewer = _of(request)
    return _thing(request, asked, "content", things.post(warehouse, _settings(request), asked, post_id))


@routes.get("/trends/{trend_id:record}")
def trend(request: Request, asked: Seen, trend_id: int) -> Response:
    """A trend."""
    return _thing(request, asked, "hashtags", things.trend(_of(request)[0], asked, trend_id))


@routes.get("/runs/{run_id:record}")
def run(request: Request, asked: Seen, run_id: int) -> Response:
    """A run."""
    return _thing(request, asked, "agents", things.run(_of(request)[0], asked, run_id))


@routes.get("/hashtags/{tag:path}")
def hashtag(request: Request, asked: Seen, tag: str) -> Response:
    """A hashtag."""
    return _thing(request, asked, "hashtags", things.hashtag(_of(request)[0], asked, tag))


@routes.get("/static/{name:path}")
async def static(name: str) -> Response:
    """What pages load."""
    found = render.static_response(name)
    if found is None:
        raise Problem("not-found", f"there is no {name[:100]!r}")
    return found


@routes.get("/sign-in")
async def sign_in(request: Request, back: str = "/") -> Response:
    """The form."""
    return _sign_in(request, signed.path_back(back))


@routes.post("/sign-in")
async def signing_in(request: Request) -> Response:
    """Opens a session."""
    fields = await signed.form_of(request)
    back = signed.path_back(fields.get("back", "/"))
    found = await signed.signed_in(request, fields.get("key", ""), back)
    return found or _sign_in(request, back, "This key is none, was revoked, or may not read.", status=403)


@routes.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Ends the session."""
    await signed.form_of(request)
    return await signed.signed_out(request)


@routes.post("/pictures")
async def pictures(request: Request) -> Response:
    """Allows pictures of platforms, or no longer."""
    fields = await signed.form_of(request)
    back = signed.path_back(fields.get("back", "/"))
    return signed.set_pictures(request, fields.get("pictures") == "yes", back)


def _sign_in(request: Request, back: str, fault: str = "", status: int = 200) -> Response:
    token = signed.csrf_of(request)
    given = {"csrf": token, "back": back, "fault": fault}
    return signed.with_csrf(request, render.page("sign_in.html", Asked(), given, status=status), token)


def _thing(request: Request, asked: Asked, here: str, thing: things.Thing) -> Response:
    given = {name: getattr(thing, name) for name in things.Thing.__dataclass_fields__}
    return _shown(request, "thing.html", asked, here, **given)


def _tile(page: str, name: str, asked: Asked) -> Any:
    tile = BY_NAME[page].tile(name) if page in BY_NAME else None
    if tile is None or not may_see(tile, asked):
        raise Problem("not-found", "there is no such tile")
    return tile


def _known(kind: str, asked: Asked) -> None:
    if kind not in KINDS:
        raise Problem("not-found", f"rows are given as {' or '.join(KINDS)}")
    if asked.refused:  # a file has no place to say that it is of something else
        raise Problem("invalid-input", "; ".join(asked.refused))


def _of(request: Request) -> tuple[DataWarehouse, Viewer]:
    state = request.app.state
    return state.warehouse, Viewer(state.warehouse, state.keeper)


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
