"""FAL804: the return annotation declares what `response_model=` would."""

from __future__ import annotations

from typing import Any

CODE = """\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Order(BaseModel):
    id: int


@app.get("/orders"{argument})
def orders() -> list[Order]:
    return [{{"id": 1, "secret": 2}}]
"""


def test_leaving_it_out_changes_neither_answers_nor_the_document(ask: Any, run: Any, lint: Any) -> None:
    twice, once = (CODE.format(argument=argument) for argument in (", response_model=list[Order]", ""))
    assert run(twice).openapi() == run(once).openapi()
    assert ask(run(twice), "GET /orders").body == ask(run(once), "GET /orders").body == [{"id": 1}]
    assert lint("FAL804", twice) == [11]
    assert lint("FAL804", once) == []
