"""FAL326: a client's URL is requested although `HttpUrl` looked at it, and a base gives way to it."""

from __future__ import annotations

from typing import Any

CODE = """\
import httpx
from fastapi import FastAPI
from pydantic import HttpUrl

app = FastAPI()


def answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text=str(request.url))


@app.get("/feeds")
def read_feed(url: HttpUrl) -> str:
    with httpx.Client(base_url="https://api.example.com", transport=httpx.MockTransport(answer)) as client:
        return client.get(str(url)).text
"""


def test_a_client_names_the_host(ask: Any, run: Any, lint: Any) -> None:
    assert (
        ask(run(CODE), "GET /feeds?url=http://169.254.169.254/latest").body == "http://169.254.169.254/latest"
    )
    assert lint("FAL326", CODE) == [15]
