"""FAL107: the ways in which a path parameter is received, and those in which it isn't, run under FastAPI."""

from __future__ import annotations

from typing import Any

import fastapi
import pytest
from packaging.version import Version

HEAD = """\
import functools
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, FastAPI, Path, Request, Security
from pydantic import BaseModel

app = FastAPI()


def read(thing: str) -> str:
    return thing


def nested(inner: Annotated[str, Depends(read)]) -> str:
    return inner


"""
PLAIN = '@app.get("/{thing}")\n'
RECEIVED = {
    "by the handler": PLAIN + "def f(thing: str): return thing",
    "by an alias of Annotated": "Thing = Annotated[str, Depends(read)]\n"
    + PLAIN
    + "def f(it: Thing): return it",
    "by a nested dependency": PLAIN + "def f(it: Annotated[str, Depends(nested)]): return it",
    "by Security": PLAIN + "def f(it: Annotated[str, Security(read, scopes=['a'])]): return it",
    "by the decorator's list": '@app.get("/{thing}", dependencies=[Depends(read)])\ndef f(): return "x"',
    "by a method": (
        "class S:\n    def get(self, thing: str): return thing\n"
        "    @staticmethod\n    def still(thing: str): return thing\ns = S()\n"
        + PLAIN
        + "def f(it=Depends(s.get), other=Depends(S.still)): return it"
    ),
    "by a class": "class C:\n    def __init__(self, thing: str): self.thing = thing\nclass D(C): ...\n"
    + PLAIN
    + "def f(it: Annotated[D, Depends()]): return it.thing",
    "by __new__": "class C:\n    def __new__(cls, thing: str): return super().__new__(cls)\n"
    + PLAIN
    + "def f(it=Depends(C)): return 'x'",
    "by a dataclass": "@dataclass\nclass C:\n    thing: str\n"
    + PLAIN
    + "def f(it: C = Depends()): return it.thing",
    "by a named tuple": "class C(NamedTuple):\n    thing: str\n"
    + PLAIN
    + "def f(it: Annotated[Any, Depends(C)]): return it.thing",
    "by a model": "class B(BaseModel):\n    thing: str\nclass C(B): ...\n"
    + PLAIN
    + "def f(it: C = Depends()): return it.thing",
    "by an instance": "class C:\n    def __call__(self, thing: str): return thing\n"
    + PLAIN
    + "def f(it=Depends(C())): return it",
    "by a factory": "def make(n):\n    def inner(thing: str): return thing\n    return inner\n"
    + PLAIN
    + "def f(it=Depends(make(1))): return it",
    "by a partial": PLAIN + "def f(it=Depends(functools.partial(read))): return it",
    "by a lambda": PLAIN + "def f(it=Depends(lambda thing: thing)): return it",
    "by a variable": "it_is = Depends(read)\n" + PLAIN + "def f(it: str = it_is): return it",
    "by a wrapped dependency": "def deco(g):\n    @functools.wraps(g)\n"
    "    def w(*a, **k): return g(*a, **k)\n    return w\n@deco\ndef get(thing: str): return thing\n"
    + PLAIN
    + "def f(it=Depends(get)): return it",
    "by Path(alias=)": PLAIN + "def f(it: Annotated[str, Path(alias='thing')]): return it",
    "by a default Path(alias=)": "NAME = 'thing'\n" + PLAIN + "def f(it: str = Path(alias=NAME)): return it",
    "by a model of Path()": "class C(BaseModel):\n    thing: str\n"
    + PLAIN
    + "def f(it: Annotated[C, Path()]): return it.thing",
    "by hand": PLAIN + "def f(request: Request): return request.path_params['thing']",
    "by hand in a dependency": "def get(request: Request): return request.path_params['thing']\n"
    + PLAIN
    + "def f(it=Depends(get)): return it",
    "under one of two paths": '@app.get("/other")\n'
    + PLAIN
    + "def f(thing: str | None = None): return thing",
}
LOST = {
    "nobody": (PLAIN + "def f(): return 'x'", 200, None),
    "positional": (PLAIN + "def f(thing, /): return thing", 500, None),
    "keywords": (PLAIN + "def f(**kwargs): return 'x'", 422, ["query", "kwargs"]),
    "arguments": (PLAIN + "def f(*args): return 'x'", 422, ["query", "args"]),
    "a class with __call__ alone": (
        "class C:\n    def __call__(self, thing: str): return thing\n"
        + PLAIN
        + "def f(it=Depends(C)): return 'x'",
        200,
        None,
    ),
    "another name": (PLAIN + "def f(other: Annotated[str, Path()]): return other", 422, ["path", "other"]),
    "a prefix": (
        (
            "router = APIRouter(prefix='/a')\n@router.get('/b')\ndef f(): return 'x'\n"
            "app.include_router(router, prefix='/{thing}')"
        ),
        200,
        None,
    ),
    "a constant": ("PATH = '/' + '{thing}'\n@app.api_route(path=PATH)\ndef f(): return 'x'", 200, None),
}


@pytest.mark.parametrize("name", RECEIVED)
def test_what_receives_a_path_parameter_is_clean(name: str, ask: Any, run: Any, lint: Any) -> None:
    text = HEAD + RECEIVED[name] + "\n"
    answer = ask(run(text), "GET /seven")
    assert answer.status == 200
    assert answer.body in {"seven", "x"}
    assert lint("FAL107", text) == []


def test_a_validation_alias_receives_where_fastapi_reads_it(ask: Any, run: Any, lint: Any) -> None:
    text = HEAD + PLAIN + "def f(it: Annotated[str, Path(validation_alias='thing')]): return it\n"
    reads_it = Version(fastapi.__version__) >= Version("0.124.4")
    assert ask(run(text), "GET /seven").status == (200 if reads_it else 422)
    assert lint("FAL107", text) == []


@pytest.mark.parametrize("level", ["app", "router", "include", "outer include"])
def test_lists_of_dependencies_receive_at_every_level(level: str, ask: Any, run: Any, lint: Any) -> None:
    lists = {
        place: "dependencies=[Depends(read)]" if place == level else ""
        for place in ("app", "router", "include", "outer include")
    }
    text = f"""\
from fastapi import APIRouter, Depends, FastAPI


def read(thing: int) -> int:
    return thing


app = FastAPI({lists["app"]})
router = APIRouter({lists["router"]})
outer = APIRouter()


@router.get("/{{thing}}")
def f() -> str:
    return "x"


outer.include_router(router, {lists["include"]})
app.include_router(outer, prefix="/a", {lists["outer include"]})
"""
    app = run(text)
    assert ask(app, "GET /a/7").body == "x"
    assert ask(app, "GET /a/seven").status == 422  # the dependency did get it
    assert lint("FAL107", text) == []


@pytest.mark.parametrize("name", LOST)
def test_what_does_not_receive_it_is_reported(name: str, ask: Any, run: Any, lint: Any) -> None:
    body, status, missing = LOST[name]
    text = HEAD + body + "\n"
    app = run(text)
    path = "/seven/a/b" if name == "a prefix" else "/seven"
    if status == 500:
        with pytest.raises(TypeError, match="positional-only"):
            ask(app, f"GET {path}")
    else:
        answer = ask(app, f"GET {path}")
        assert answer.status == status
        if missing is not None:
            assert missing in answer.missing
    assert len(lint("FAL107", text)) == 1


def test_an_optional_path_parameter_of_another_path_is_no_fault(ask: Any, run: Any, lint: Any) -> None:
    text = HEAD + '@app.get("/things")\ndef f(other: Annotated[str | None, Path()] = None): return other\n'
    assert ask(run(text), "GET /things").status == 200
    assert lint("FAL107", text) == []


def test_what_a_mount_takes_away_is_no_path_parameter_inside(ask: Any, run: Any, lint: Any) -> None:
    text = (
        HEAD
        + 'inner = FastAPI()\n@inner.get("/a")\ndef f(request: Request): return request.path_params\n'
        + 'app.mount("/{thing}", inner)\n'
    )
    assert ask(run(text), "GET /7/a").body == {"thing": "7"}
    assert lint("FAL107", text) == []


@pytest.mark.parametrize("path", ["/{ x }", "/{x: str}", "/{}", "/{x!r}", "/{x=}", "/{item-id}"])
def test_braces_that_are_no_placeholder_are_literal(path: str, ask: Any, run: Any, lint: Any) -> None:
    text = HEAD + f"@app.get({path!r})\ndef f(): return 'x'\n"
    app = run(text)
    assert ask(app, "GET /seven").status == 404
    assert ask(app, f"GET {path}").body == "x"
    assert lint("FAL107", text) == []
    assert len(lint("FAL110", text)) == 1
