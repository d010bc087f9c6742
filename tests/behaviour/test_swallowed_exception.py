"""FAL501: what the client is told where the database has no such table."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

app = FastAPI()
engine = create_engine("sqlite://")


@app.get("/orders")
async def list_orders():
    session = Session(engine)
    try:
        return [row.id for row in session.execute(text("select id from missing"))]
    except {0}:
        {1}
    return "fine"
"""


@pytest.mark.parametrize(("then", "body"), [("return []", []), ("pass", "fine")])
def test_a_missing_table_is_taken_for_no_orders(
    then: str, body: object, ask: Any, run: Any, lint: Any
) -> None:
    answer = ask(run(TEXT.format("Exception", then)), "GET /orders")
    assert (answer.status, answer.body) == (200, body)
    assert lint("FAL501", TEXT.format("Exception", then)) == [15]


def test_a_narrow_except_lets_it_through(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("IntegrityError", "return []")
    with pytest.raises(Exception, match="no such table"):
        ask(run(text), "GET /orders")
    assert lint("FAL501", text) == []
