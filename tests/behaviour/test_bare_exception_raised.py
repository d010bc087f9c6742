"""FAL504: a handler for `Exception` takes bugs for the error that is meant; one for a class doesn't."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


class Closed(Exception):
    pass


@app.exception_handler({0})
async def closed(request: Request, error: Exception):
    return JSONResponse({{"code": "closed"}}, status_code=409)


@app.get("/orders")
def read_orders(bug: bool = False):
    if bug:
        raise KeyError("a bug")
    raise {0}("the shop is closed")
"""


def test_only_a_class_of_its_own_is_answered_without_taking_bugs_for_it(
    ask: Any, run: Any, lint: Any
) -> None:
    app = run(TEXT.format("Closed"))
    assert ask(app, "GET /orders").body == {"code": "closed"}
    with pytest.raises(KeyError):
        ask(app, "GET /orders?bug=true")
    assert lint("FAL504", TEXT.format("Closed")) == []


def test_a_handler_for_everything_is_handed_bugs_too_and_the_error_is_raised_on(
    ask: Any, run: Any, lint: Any
) -> None:
    app = run(TEXT.format("Exception"))
    with pytest.raises(Exception, match="the shop is closed"):
        ask(app, "GET /orders")
    with pytest.raises(KeyError):
        ask(app, "GET /orders?bug=true")
    assert lint("FAL504", TEXT.format("Exception")) == [20]
