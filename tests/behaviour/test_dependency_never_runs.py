"""FAL305: which ways to write a dependency FastAPI doesn't see."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """
from typing import Annotated, Optional

from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


def guard():
    raise HTTPException(401)


def get_db():
    yield "db"


async def current_user():
    return "ann"


User = Annotated[str, Depends(guard)]


@app.get("/orders"{0})
def list_orders({1}):
    return "let in"
"""


@pytest.mark.parametrize(
    "parameter",
    [
        "user: Optional[Annotated[str, Depends(guard)]] = None",
        "user: User | None = None",
        "dependencies=[Depends(guard)]",
        "dependences=[Depends(guard)]",
        "db=get_db",
        "db=Depends",
        "user: Annotated[str, Depends(guard), Depends(get_db)]",
    ],
)
def test_a_dependency_that_is_none_lets_everybody_in(parameter: str, ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("", parameter)
    answer = ask(run(text), "GET /orders")
    assert (answer.status, answer.body) == (200, "let in")
    assert lint("FAL305", text) == [24]


@pytest.mark.parametrize("parameter", ["user=Depends(User)", "user=Depends()"])
def test_what_can_not_be_called_makes_query_parameters(parameter: str, ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("", parameter)
    missing = ask(run(text), "GET /orders").missing
    # Python 3.10 calls the second one `kwds` where `typing.Any` is called.
    assert missing in ([["query", "args"], ["query", name]] for name in ("kwargs", "kwds"))
    assert lint("FAL305", text) == [24]


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
@pytest.mark.parametrize(
    ("argument", "parameter", "line"),
    [
        ("", "db=Depends(get_db())", 24),
        (", dependencies=[guard]", "", 23),
        (", dependences=[Depends(guard)]", "", 23),
        ("", "user: Annotated[str, Depends(guard)] = Depends(guard)", 24),
    ],
)
def test_some_mistakes_show_when_the_application_starts(
    argument: str, parameter: str, line: int, run: Any, lint: Any
) -> None:
    text = TEXT.format(argument, parameter)
    with pytest.raises((TypeError, AttributeError, AssertionError)):
        run(text)
    assert lint("FAL305", text) == [line]


@pytest.mark.parametrize(
    ("argument", "parameter"),
    [
        ("", "user: Annotated[str | None, Depends(guard)]"),
        ("", "user: User"),
        ("", "user=Depends(guard)"),
        (", dependencies=[Depends(guard)]", ""),
    ],
)
def test_a_dependency_that_is_one_refuses(
    argument: str, parameter: str, ask: Any, run: Any, lint: Any
) -> None:
    text = TEXT.format(argument, parameter)
    assert ask(run(text), "GET /orders").status == 401
    assert lint("FAL305", text) == []


def test_who_calls_by_hand_gets_the_marker(ask: Any, run: Any, lint: Any) -> None:
    text = """
    from fastapi import Depends, FastAPI

    app = FastAPI()


    def get_name() -> str:
        return "ann"


    @app.get("/names")
    def read(name=Depends(get_name)):
        return type(name).__name__


    @app.get("/first")
    def first(name=Depends(get_name)):
        return [read(), read(name)]
    """
    assert ask(run(text), "GET /names").body == "str"
    assert ask(run(text), "GET /first").body == ["Depends", "str"]
    assert lint("FAL305", text) == [17]
