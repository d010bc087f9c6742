"""FAL318: in debug mode the client gets the traceback."""

from __future__ import annotations

from typing import Any

import pytest

CODE = """\
from fastapi import FastAPI

app = FastAPI({arguments})


@app.get("/orders")
def read_orders():
    raise RuntimeError("cannot reach 10.0.0.7")
"""


def _body(ask: Any, app: Any) -> str:
    async def quiet(scope: Any, receive: Any, send: Any) -> None:
        with pytest.raises(RuntimeError):
            await app(scope, receive, send)

    return str(ask(quiet, "GET /orders").body)


def test_the_client_gets_the_traceback(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(arguments="debug=True")
    body = _body(ask, run(text))
    assert "Traceback" in body
    assert "10.0.0.7" in body
    assert lint("FAL318", text) == [3]


def test_the_client_gets_nothing_without_it(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(arguments="")
    assert _body(ask, run(text)) == "Internal Server Error"
    assert lint("FAL318", text) == []
