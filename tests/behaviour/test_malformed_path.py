"""FAL110: which paths FastAPI refuses, and which it accepts although no request reaches them."""

from __future__ import annotations

from typing import Any

import pytest

HEAD = "from fastapi import APIRouter, FastAPI\n\napp = FastAPI()\n"
READ = "\ndef read(): return 'read'\n"


@pytest.mark.parametrize(
    ("path", "requests"),
    [
        ("items", ["GET /items", "GET items"]),
        ("", ["GET /", "GET "]),
        ("/items/{item-id}", ["GET /items/7"]),
        ("/items/{item_id: int}", ["GET /items/7"]),
        ("/items/{item_id", ["GET /items/7"]),
        ("/search?query={query}", ["GET /search?query=a"]),
    ],
)
def test_a_path_that_nothing_reaches_is_accepted(
    path: str, requests: list[str], ask: Any, run: Any, lint: Any
) -> None:
    text = HEAD + f"@app.get({path!r})" + READ
    app = run(text)
    for request in requests[:1]:
        assert ask(app, request).status == 404
    assert lint("FAL110", text) == [4]


@pytest.mark.parametrize("path", ["/items", "/", "/items/{item_id}", "/items/{item_id:int}", "/a b"])
def test_a_path_that_is_reached_is_clean(path: str, ask: Any, run: Any, lint: Any) -> None:
    text = HEAD + f"@app.get({path!r})" + READ
    request = path.replace("{item_id}", "7").replace("{item_id:int}", "7").replace(" ", "%20")
    assert ask(run(text), f"GET {request}").body == "read"
    assert lint("FAL110", text) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("router = APIRouter(prefix='items')", "must start with '/'"),
        ("router = APIRouter(prefix='/items/')", "must not end with '/'"),
        ("router = APIRouter(prefix='/')", "must not end with '/'"),
        ("app.include_router(APIRouter(), prefix='v1')", "must start with '/'"),
        ("app.include_router(APIRouter(), prefix='/v1/')", "must not end with '/'"),
        ("app.get('/{name:string}')(print)", "Unknown path convertor"),
        ("app.mount('static', FastAPI())", "must start with '/'"),
    ],
)
def test_what_is_refused_is_reported(line: str, message: str, run: Any, lint: Any) -> None:
    text = HEAD + line.replace("print", "lambda: 1") + "\n"
    with pytest.raises(AssertionError, match=message):
        run(text)
    assert lint("FAL110", text) == [4]


def test_a_parameter_that_a_path_has_twice_is_refused(run: Any, lint: Any) -> None:
    text = HEAD + "@app.get('/{a}/{a}')" + READ
    with pytest.raises(ValueError, match="Duplicated param name"):
        run(text)
    assert lint("FAL110", text) == [4]


def test_a_path_without_a_slash_is_glued_to_the_prefix(ask: Any, run: Any, lint: Any) -> None:
    text = HEAD + "router = APIRouter(prefix='/p')\n@router.get('x')" + READ + "app.include_router(router)\n"
    app = run(text)
    assert ask(app, "GET /px").body == "read"
    assert ask(app, "GET /p/x").status == 404
    assert lint("FAL110", text) == [5]


def test_an_empty_path_behind_a_prefix_is_the_prefix(ask: Any, run: Any, lint: Any) -> None:
    text = HEAD + "router = APIRouter()\n@router.get('')" + READ + "app.include_router(router, prefix='/p')\n"
    assert ask(run(text), "GET /p").body == "read"
    assert lint("FAL110", text) == []
