"""FAL120: a returned error goes out with the status of a success."""

from __future__ import annotations

from typing import Any

CODE = """\
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/orders/{{order_id}}")
def read_order(order_id: int):
    {answer}
"""


def test_a_returned_error_is_a_success(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(answer='return {"error": "no such order"}')
    answer = ask(run(text), "GET /orders/1")
    assert (answer.status, answer.body) == (200, {"error": "no such order"})
    assert lint("FAL120", text) == [8]


def test_a_raised_error_has_its_status(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(answer='raise HTTPException(404, detail="no such order")')
    answer = ask(run(text), "GET /orders/1")
    assert (answer.status, answer.body) == (404, {"detail": "no such order"})
    assert lint("FAL120", text) == []
