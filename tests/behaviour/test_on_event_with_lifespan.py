"""FAL702: a lifespan takes the place of the events."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:The `lifespan`:UserWarning")

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


def test_a_list_of_handlers_is_left_out_beside_a_lifespan(run: Any, lint: Any, capsys: Any) -> None:
    text = (
        "from contextlib import asynccontextmanager\nfrom fastapi import FastAPI\n\n\n"
        "@asynccontextmanager\nasync def lifespan(app):\n    print('lifespan')\n    yield\n\n\n"
        "def connect():\n    print('event')\n\n\n"
        "app = FastAPI(on_startup=[connect]{})\n"
    )
    served(run(text.format(", lifespan=lifespan")))
    assert capsys.readouterr().out == "lifespan\n"
    assert lint("FAL702", text.format(", lifespan=lifespan")) == [15]
    served(run(text.format("")))
    assert capsys.readouterr().out == "event\n"
    assert lint("FAL702", text.format("")) == []


def test_an_event_is_handled_without_one(run: Any, lint: Any, capsys: Any) -> None:
    text = CODE.format(argument="")
    served(run(text))
    assert capsys.readouterr().out == "event\n"
    assert lint("FAL702", text) == []
