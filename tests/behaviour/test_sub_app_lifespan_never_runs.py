"""FAL707: whose lifespan a server runs."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CODE = """\
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def start(app: FastAPI):
    print("inner")
    yield


inner = FastAPI(lifespan=start)


@asynccontextmanager
async def outer(app: FastAPI):
    async with inner.router.lifespan_context(inner):
        yield


app = FastAPI({argument})
app.mount("/inner", inner)
"""


def served(app: Any) -> None:
    """Start and stop an application, as a server does."""
    events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> dict[str, str]:
        return events.pop(0)

    async def send(message: dict[str, str]) -> None:
        assert message["type"].endswith(".complete"), message

    asyncio.run(app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send))


def test_a_mounted_application_is_not_started(run: Any, lint: Any, capsys: Any) -> None:
    text = CODE.format(argument="")
    served(run(text))
    assert capsys.readouterr().out == ""
    assert lint("FAL707", text) == [22]


def test_the_outer_lifespan_can_start_it(run: Any, lint: Any, capsys: Any) -> None:
    text = CODE.format(argument="lifespan=outer")
    served(run(text))
    assert capsys.readouterr().out == "inner\n"
    assert lint("FAL707", text) == []
