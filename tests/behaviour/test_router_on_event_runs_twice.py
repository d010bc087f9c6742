"""FAL703: how often a router's handlers of events run."""

from __future__ import annotations

import asyncio
from typing import Any

import fastapi
import pytest
from packaging.version import Version

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

CODE = """\
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


router = APIRouter()


@router.on_event("startup")
async def connect():
    print("event")


app = FastAPI({argument})
app.include_router(router)
"""


def served(app: Any) -> None:
    """Start and stop an application, as a server does."""
    events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> dict[str, str]:
        return events.pop(0)

    async def send(message: dict[str, str]) -> None:
        assert message["type"].endswith(".complete"), message

    asyncio.run(app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send))


@pytest.mark.skipif(Version(fastapi.__version__) < Version("0.112.2"), reason="runs no router's lifespan")
def test_a_router_handles_an_event_twice(run: Any, lint: Any, capsys: Any) -> None:
    text = CODE.format(argument="")
    served(run(text))
    assert capsys.readouterr().out == "event\nevent\n"
    assert lint("FAL703", text) == [14]


@pytest.mark.skipif(Version(fastapi.__version__) < Version("0.112.2"), reason="runs no router's lifespan")
def test_it_does_so_once_where_the_application_has_a_lifespan(run: Any, lint: Any, capsys: Any) -> None:
    text = CODE.format(argument="lifespan=lifespan")
    served(run(text))
    assert capsys.readouterr().out == "event\n"
    assert lint("FAL703", text) == []
