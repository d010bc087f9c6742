"""FAL510: what becomes of an exception that is returned."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.exceptions import ResponseValidationError

TEXT = """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


@app.get("/orders/{{order_id}}")
{0} read_order(order_id: int){1}:
    {2} HTTPException(status_code=404, detail="no such order")


def current_user():
    {2} HTTPException(401)


@app.get("/me")
def read_me(user: Annotated[object, Depends(current_user)]) -> str:
    return type(user).__name__
"""


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_returned_exception_is_a_body(kind: str, ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format(kind, "", "return")
    app = run(text)
    answer = ask(app, "GET /orders/7")
    assert (answer.status, answer.body["status_code"]) == (200, 404)
    assert ask(app, "GET /me").body == "HTTPException"
    assert lint("FAL510", text) == [10, 14]


def test_a_raised_exception_is_an_answer(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("def", "", "raise")
    app = run(text)
    assert ask(app, "GET /orders/7").status == 404
    assert ask(app, "GET /me").status == 401
    assert lint("FAL510", text) == []


def test_a_returned_exception_is_a_500_where_a_model_is_declared(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("def", " -> dict[str, int]", "return")
    with pytest.raises(ResponseValidationError):
        ask(run(text), "GET /orders/7")
    assert lint("FAL510", text) == [10, 14]
