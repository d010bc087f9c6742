"""FAL805: a marker in `Annotated` means what it means as a default value, to FastAPI alone."""

from __future__ import annotations

from typing import Any

OLD = """\
from fastapi import Depends, FastAPI, Query

app = FastAPI()


def get_session(url: str = Query("sqlite://", max_length=12)) -> str:
    return url


@app.get("/items")
def read_items(session: str = Depends(get_session)) -> str:
    return session
"""
NEW = (
    OLD.replace(
        'url: str = Query("sqlite://", max_length=12)',
        'url: Annotated[str, Query(max_length=12)] = "sqlite://"',
    )
    .replace("session: str = Depends(get_session)", "session: Annotated[str, Depends(get_session)]")
    .replace("from fastapi", "from typing import Annotated\n\nfrom fastapi", 1)
)


def test_both_styles_are_the_same_to_clients(ask: Any, run: Any, lint: Any) -> None:
    old, new = run(OLD), run(NEW)
    assert old.openapi() == new.openapi()
    for request in ("GET /items", "GET /items?url=x", "GET /items?url=longer-than-that"):
        assert ask(old, request).status == ask(new, request).status
        assert ask(old, request).body == ask(new, request).body or "longer" in request
    assert lint("FAL805", OLD) == [6, 11]
    assert lint("FAL805", NEW) == []


def test_only_one_style_can_be_called_by_others(run: Any) -> None:
    functions = [route.endpoint.__globals__["get_session"] for route in run(OLD).routes[-1:]]
    assert functions[0]() != "sqlite://"
    functions = [route.endpoint.__globals__["get_session"] for route in run(NEW).routes[-1:]]
    assert functions[0]() == "sqlite://"
