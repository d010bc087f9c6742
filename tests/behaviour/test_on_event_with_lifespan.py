"""FAL702: a lifespan takes the place of the events."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CODE = """\
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    print("lifespan")
    yield


app = FastAPI({argument})


@app.on_event("startup")
async def connect():
    print("event")
"""


def served(app: Any) -> None:
    """Start and stop an application, as a server does."""
    events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> dict[str, str]:
        return events.pop(0)

    async def send(message: dict[str, str]) -> None:
        assert message["type"].endswith(".complete"), message

    asyncio.run(app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send))


def test_an_event_is_not_handled_beside_a_lifespan(run: Any, lint: Any, capsys: Any) -> None:
    text = CODE.format(argument="lifespan=lifespan")
    served(run(text))
    assert capsys.readouterr().out == "lifespan\n"
    assert lint("FAL702", text) == [15]


def test_an_event_is_handled_without_one(run: Any, lint: Any, capsys: Any) -> None:
    text = CODE.format(argument="")
    served(run(text))
    assert capsys.readouterr().out == "event\n"
    assert lint("FAL702", text) == []
