"""FAL503: what becomes of an exception of one's own, by what is registered."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse


class ShopError(Exception):
    pass


class NotFound(ShopError):
    pass


async def answer(request: Request, error: Exception):
    return JSONResponse({{"code": "not-found"}}, status_code=404)


def session():
    {dependency}


app = FastAPI({arguments})
{registered}


@app.get("/orders/{{number}}")
def read_order(number: int, session: int = Depends(session)):
    raise NotFound("no such order")
"""
CASES = {
    "its own class": {"registered": "app.add_exception_handler(NotFound, answer)"},
    "a base": {"registered": "app.exception_handler(ShopError)(answer)"},
    "an argument": {"arguments": "exception_handlers={ShopError: answer}"},
    "at the yield": {
        "dependency": "try:\n        yield 1\n    except NotFound:\n        raise HTTPException(404)"
    },
}


def text(**given: str) -> str:
    return TEXT.format(**{"dependency": "yield 1", "arguments": "", "registered": "", **given})


def test_what_nothing_handles_is_raised_out_of_the_application(ask: Any, run: Any, lint: Any) -> None:
    with pytest.raises(Exception, match="no such order"):
        ask(run(text()), "GET /orders/7")
    assert lint("FAL503", text()) == [27]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_handled_is_answered(case: dict[str, str], ask: Any, run: Any, lint: Any) -> None:
    assert ask(run(text(**case)), "GET /orders/7").status == 404
    assert lint("FAL503", text(**case)) == []


def test_a_handler_of_another_class_is_of_no_use(ask: Any, run: Any, lint: Any) -> None:
    other = text(registered="app.add_exception_handler(LookupError, answer)")
    with pytest.raises(Exception, match="no such order"):
        ask(run(other), "GET /orders/7")
    assert lint("FAL503", other) == [27]
