"""FAL704: whether a route is served that is added after its router was included."""

from __future__ import annotations

from typing import Any

import fastapi
from packaging.version import Version

CODE = """\
from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter()
app.include_router(router)


@router.get("/late")
def late() -> int:
    return 1
"""


def test_a_late_route_is_served_where_routers_are_live(ask: Any, run: Any, lint: Any) -> None:
    is_live = Version(fastapi.__version__) >= Version("0.137")
    assert ask(run(CODE), "GET /late").status == (200 if is_live else 404)
    assert lint("FAL704", CODE) == []
