"""What a path can be asked with is what it says of itself."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/trends", "GET, POST"), ("/v1/posts/top", "GET"), ("/v1/posts/bulk", "POST"),
        ("/v1/posts/5cd6213d-2e90-b8cb-be8b-5dab10494180", "DELETE, GET"), ("/v1/trends/7", "DELETE, GET"),
        ("/v1/users/top", "DELETE, PUT"), ("/v1/events", "POST"), ("/healthz", "GET"),
    ],
)  # fmt: skip
def test_another_method_is_refused_with_all_that_there_are(admin_client, path, methods):
    answer = admin_client.request("TRACE", path)
    assert (answer.status_code, answer.headers["allow"]) == (405, methods)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/v1/trends/-1", "/v1/trends/" + "9" * 5_000, "/v1/posts/nobody", "/v1/posts/%00"]
)
def test_what_is_no_id_is_no_path(admin_client, path):
    assert admin_client.get(path).status_code == 404
