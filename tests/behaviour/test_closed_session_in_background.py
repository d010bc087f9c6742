"""FAL609: whether a dependency ends before background tasks and streamed bodies."""

from __future__ import annotations

from typing import Any

import fastapi
import pytest

VERSION = tuple(map(int, fastapi.__version__.split(".")[:2]))
TEXT = """
from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

app = FastAPI()
app.done = []


def get_session():
    with Session() as session:
        yield session
    app.done.append("closed")


def work(session: Session):
    app.done.append("used")


def rows(session: Session):
    app.done.append("used")
    yield b""


@app.post("/orders")
def create_order(tasks: BackgroundTasks, session: Session = Depends({0})):
    tasks.add_task(work, session)


@app.get("/orders")
def list_orders(session: Session = Depends({0})):
    return StreamingResponse(rows(session))
"""


@pytest.mark.skipif(VERSION < (0, 121), reason="dependencies have no scope")
@pytest.mark.parametrize("request_", ["POST /orders", "GET /orders"])
def test_a_dependency_of_the_function_ends_first(request_: str, ask: Any, run: Any, lint: Any) -> None:
    pytest.importorskip("sqlalchemy")
    text = TEXT.format("get_session, scope='function'")
    app = run(text)
    ask(app, request_)
    assert app.done == ["closed", "used"]
    assert lint("FAL609", text) == [26, 31]


@pytest.mark.skipif(VERSION < (0, 118), reason="dependencies end before the response")
@pytest.mark.parametrize("request_", ["POST /orders", "GET /orders"])
def test_a_dependency_of_the_request_ends_last(request_: str, ask: Any, run: Any, lint: Any) -> None:
    pytest.importorskip("sqlalchemy")
    text = TEXT.format("get_session")
    app = run(text)
    ask(app, request_)
    assert app.done == ["used", "closed"]
    assert lint("FAL609", text) == []


@pytest.mark.skipif(not (0, 106) <= VERSION < (0, 118), reason="dependencies end behind the response")
@pytest.mark.parametrize("request_", ["POST /orders", "GET /orders"])
def test_every_dependency_ends_first(request_: str, ask: Any, run: Any) -> None:
    pytest.importorskip("sqlalchemy")
    app = run(TEXT.format("get_session"))
    ask(app, request_)
    assert app.done == ["closed", "used"]
