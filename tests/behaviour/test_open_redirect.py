"""FAL324: a redirect leads wherever a link says, and `HttpUrl` doesn't mind."""

from __future__ import annotations

from typing import Any

import pytest

CODE = """\
from urllib.parse import urljoin

from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from pydantic import HttpUrl

app = FastAPI()


@app.get("/a")
def log_in(next: str) -> RedirectResponse:
    return RedirectResponse(next)


@app.get("/b")
def leave(next: HttpUrl) -> RedirectResponse:
    return RedirectResponse(str(next))


@app.get("/c")
def go_on(next: str) -> RedirectResponse:
    return RedirectResponse(urljoin("https://shop.example.com", next))


@app.get("/d")
def stay(next: str) -> RedirectResponse:
    return RedirectResponse(f"https://shop.example.com/{next}")
"""


@pytest.mark.parametrize("path", ["/a", "/b", "/c"])
def test_a_link_says_where_a_redirect_leads(ask: Any, run: Any, lint: Any, path: str) -> None:
    location = ask(run(CODE), f"GET {path}?next=https://evil.example/").headers["location"]
    assert location.startswith("https://evil.example/")
    assert lint("FAL324", CODE) == [12, 17, 22]


def test_a_host_in_front_of_it_stays(ask: Any, run: Any) -> None:
    location = ask(run(CODE), "GET /d?next=https://evil.example/").headers["location"]
    assert location.startswith("https://shop.example.com/")
