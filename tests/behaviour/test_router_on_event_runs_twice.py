"""FAL703: how often a router's handlers of events run."""

from __future__ import annotations

import asyncio
from typing import Any

import fastapi
import pytest
from packaging.version import Version

from fastapi_lint.application import link
from fastapi_lint.application.wiring.lifecycle import repeated_handlers
from fastapi_lint.facts.reader import read_facts

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:The `lifespan`:UserWarning")

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


NESTED = """\
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


async def connect():
    print("event")


router = APIRouter(on_startup=[connect]{router})
outer = APIRouter({outer})
app = FastAPI({app})
outer.include_router(router)
{late}
app.include_router(outer)
"""


@pytest.mark.skipif(Version(fastapi.__version__) < Version("0.112.2"), reason="runs no router's lifespan")
@pytest.mark.parametrize("late", ["", "router.add_event_handler('startup', connect)"])
@pytest.mark.parametrize("app", ["", "lifespan=lifespan"])
@pytest.mark.parametrize("outer", ["", "lifespan=lifespan"])
@pytest.mark.parametrize("router", ["", ", lifespan=lifespan"])
def test_a_router_within_a_router_handles_it_as_often_as_the_rule_says(
    router: str, outer: str, app: str, late: str, run: Any, capsys: Any
) -> None:
    text = NESTED.format(router=router, outer=outer, app=app, late=late)
    served(run(text))
    happened = capsys.readouterr().out.count("event")
    repeated = [times for _, _, times in repeated_handlers(link([read_facts("main.py", text)]))]
    handlers = 2 if late else 1
    assert 0 <= happened - sum(repeated) <= handlers - len(repeated)  # the others run once, or not at all
    assert all(times > 1 for times in repeated)


@pytest.mark.skipif(Version(fastapi.__version__) < Version("0.112.2"), reason="runs no router's lifespan")
def test_it_does_so_once_where_the_application_has_a_lifespan(run: Any, lint: Any, capsys: Any) -> None:
    text = CODE.format(argument="lifespan=lifespan")
    served(run(text))
    assert capsys.readouterr().out == "event\n"
    assert lint("FAL703", text) == []
