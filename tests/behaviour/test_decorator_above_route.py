"""FAL321: what stands above the route decorator doesn't run for requests."""

from __future__ import annotations

from typing import Any

TEXT = """
import functools

from fastapi import FastAPI, HTTPException

app = FastAPI()


def auth_required(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        raise HTTPException(status_code=401)

    return wrapper


{0}
def read_secret() -> str:
    return "secret"
"""
ABOVE, BELOW = '@auth_required\n@app.get("/")', '@app.get("/")\n@auth_required'


def test_a_decorator_above_the_route_is_not_applied(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format(ABOVE)
    answer = ask(run(text), "GET /")
    assert (answer.status, answer.body) == (200, "secret")
    assert lint("FAL321", text) == [16]


def test_a_decorator_below_the_route_is_applied(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format(BELOW)
    assert ask(run(text), "GET /").status == 401
    assert lint("FAL321", text) == []
