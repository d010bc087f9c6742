"""FAL312: with a wildcard and credentials Starlette answers each origin with its own name."""

from __future__ import annotations

from typing import Any

import pytest

CODE = """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, {arguments})


@app.get("/orders")
def read_orders():
    return []
"""
STRANGER = {"origin": "https://nobody.test", "cookie": "session=1"}


@pytest.mark.parametrize("opening", ['allow_origins=["*"]', 'allow_origin_regex=".*"'])
def test_every_origin_may_read_with_cookies(ask: Any, run: Any, lint: Any, opening: str) -> None:
    text = CODE.format(arguments=f"{opening}, allow_credentials=True")
    headers = ask(run(text), "GET /orders", headers=STRANGER).headers
    assert headers["access-control-allow-origin"] == "https://nobody.test"
    assert headers["access-control-allow-credentials"] == "true"
    assert lint("FAL312", text) == [5]


def test_without_credentials_no_cookie_is_allowed(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(arguments='allow_origins=["*"], allow_credentials=False')
    headers = ask(run(text), "GET /orders", headers=STRANGER).headers
    # Starlette before 1.0 answers cookies with the origin; without the other header browsers refuse that.
    assert headers["access-control-allow-origin"] in {"*", STRANGER["origin"]}
    assert "access-control-allow-credentials" not in headers
    assert lint("FAL312", text) == []


def test_a_stranger_is_not_among_the_origins(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(arguments='allow_origins=["https://shop.example.com"], allow_credentials=True')
    headers = ask(run(text), "GET /orders", headers=STRANGER).headers
    assert "access-control-allow-origin" not in headers
    assert lint("FAL312", text) == []
