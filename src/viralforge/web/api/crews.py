"""Runs of crews in: executions, the calls in them, and acts of collecting."""

from __future__ import annotations

from fastapi import Response

from viralforge.errors import InvalidInput
from viralforge.model.crew import CrewCall, CrewExecution, ExecutionChanges, ScrapeJob
from viralforge.web.api import schemas
from viralforge.web.api.documents import ID, one, record, told
from viralforge.web.api.requests import ExecutionId, JsonBody, OnceForKey, Warehouse, routes_of
from viralforge.web.problems import Problem, place_in
from viralforge.web.reply import reply

routes = routes_of("crews", "write")
RUN = {
    "crew_type": "discovery", "start_time": "2025-10-03T08:00:00Z", "platforms": ["youtube", "twitter"],
    "niches": ["AI tools"],
}  # fmt: skip
CHANGES = {
    "status": "completed", "end_time": "2025-10-03T08:00:45Z", "duration_ms": 45000, "llm_calls": 12,
    "tokens_used": 15000, "cost_usd": 0.45, "trends_discovered": 8, "posts_scraped": 150,
}  # fmt: skip
CALL = {
    "crew_execution_id": 7, "kind": "llm", "name": "chat", "agent": "scout", "model": "a-model",
    "started_at": "2025-10-03T08:00:01Z", "duration_ms": 900, "tokens_in": 1200, "tokens_out": 80,
    "cost_usd": 0.0021,
}  # fmt: skip
JOB = {
    "platform": "youtube", "operation": "search", "query": "ai tools", "requests": 3, "found": 150,
    "new": 90, "cost_usd": 0.02, "started_at": "2025-10-03T08:00:00Z",
}  # fmt: skip


@routes.post(
    "/v1/executions",
    **told(body=one(schemas.taken(CrewExecution), RUN), answer=ID, status=201, example={"id": 7}),
)
def log_crew_execution(body: JsonBody, warehouse: Warehouse, once: OnceForKey) -> Response:
    """Stores one run of a crew; what is not given is unknown, an unknown cost among it."""
    execution = CrewExecution.read(body)
    return once(lambda: {"id": warehouse.log_crew_execution(execution)}, 201)


@routes.patch(
    "/v1/executions/{execution_id:record}",
    **told(body=one(schemas.taken(ExecutionChanges), CHANGES), status=204, says="Changed.", refuses=(404,)),
)
def update_crew_execution(execution_id: ExecutionId, body: JsonBody, warehouse: Warehouse) -> Response:
    """Changes what is given of an execution; the rest stays as it is."""
    warehouse.update_crew_execution(execution_id, ExecutionChanges.read(body))
    return reply(None, 204)


@routes.post(
    "/v1/calls",
    **told(
        body=one({"type": "array", "items": schemas.taken(CrewCall)}, [CALL]), status=201,
        answer=record("StoredCalls", stored={"type": "integer", "minimum": 0}), example={"stored": 1},
        says="All are stored.", refuses=(404,),
    ),
)  # fmt: skip
def log_crew_calls(body: JsonBody, warehouse: Warehouse, once: OnceForKey) -> Response:
    """Stores LLM and tool calls of executions, at most 5,000 at once: all of them or none."""
    calls = _calls(body)
    return once(lambda: {"stored": warehouse.log_crew_calls(calls)}, 201)


@routes.post(
    "/v1/scrape-jobs",
    **told(body=one(schemas.taken(ScrapeJob), JOB), answer=ID, status=201, example={"id": 3}, says="Stored."),
)
def log_scrape_job(body: JsonBody, warehouse: Warehouse, once: OnceForKey) -> Response:
    """Stores one act of collecting: what was asked, what it cost and what it brought."""
    job = ScrapeJob.read(body)
    return once(lambda: {"id": warehouse.log_scrape_job(job)}, 201)


def _calls(body: object) -> list[CrewCall]:
    if not isinstance(body, list) or len(body) > 5_000:
        raise Problem("invalid-input", "the body is a JSON array of at most 5,000 calls")
    calls, errors = [], []
    for position, given in enumerate(body):
        try:
            calls.append(CrewCall.read(given))
        except InvalidInput as error:
            errors += [
                {"pointer": place_in((position, *where)), "detail": said} for where, said in error.places
            ]
    if errors:
        raise Problem(
            "invalid-input", f"{len(errors)} faults in the calls, so none was stored", errors=errors
        )
    return calls
