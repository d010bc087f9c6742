"""FAL511: what a handler raises reaches the server, which logs it; an HTTPException doesn't."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """
from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/{{number}}")
async def divide(number: int):
    try:
        return 7 / number
    except Exception as error:
        raise {0} from error
"""


def test_an_http_exception_is_an_answer_like_any_other(ask: Any, run: Any, lint: Any, caplog: Any) -> None:
    text = TEXT.format("HTTPException(500)")
    assert ask(run(text), "GET /0").status == 500
    assert not caplog.records
    assert lint("FAL511", text) == [10]


def test_another_exception_comes_to_the_server(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("RuntimeError('divided by nothing')")
    with pytest.raises(RuntimeError, match="divided by nothing"):
        ask(run(text), "GET /0")
    assert lint("FAL511", text) == []
