"""FAL513: what the client gets of an HTTPException that middleware raises."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import HTTPException

TEXT = """
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()


@app.exception_handler(HTTPException)
async def answer(request, error):
    return JSONResponse({{}}, status_code=error.status_code)


class Plain:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        raise HTTPException(401)


async def check(request, call_next):
    {0}
    return await call_next(request)


{1}


@app.get("/orders")
def list_orders():
    return []
"""
ADDED = ["app.middleware('http')(check)", "app.add_middleware(BaseHTTPMiddleware, dispatch=check)"]


@pytest.mark.parametrize("added", ADDED)
def test_an_exception_of_middleware_meets_no_handler(added: str, ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("raise HTTPException(401)", added)
    with pytest.raises(HTTPException):  # of which the server makes a 500
        ask(run(text), "GET /orders")
    assert lint("FAL513", text) == [22]


def test_an_exception_of_a_plain_application_around_it_meets_none_either(
    ask: Any, run: Any, lint: Any
) -> None:
    text = TEXT.format("pass", "app.add_middleware(Plain)")
    with pytest.raises(HTTPException):
        ask(run(text), "GET /orders")
    assert lint("FAL513", text) == [18]


@pytest.mark.parametrize("added", ADDED)
def test_a_response_of_middleware_is_an_answer(added: str, ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("return JSONResponse({}, status_code=401)", added)
    assert ask(run(text), "GET /orders").status == 401
    assert lint("FAL513", text) == []
