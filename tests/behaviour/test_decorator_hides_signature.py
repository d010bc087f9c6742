"""FAL124: a wrapper's own parameters are what FastAPI asks for."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """
import functools

from fastapi import FastAPI

app = FastAPI()


def decorate(function):
    {0}
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return {1}


@app.get("/items/{{item_id}}")
@decorate
def read_item(item_id: int) -> int:
    return item_id
"""


def test_a_wrapper_without_wraps_asks_for_its_own_parameters(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("", "wrapper")
    assert ask(run(text), "GET /items/7").missing == [["query", "args"], ["query", "kwargs"]]
    assert lint("FAL124", text) == [16]


@pytest.mark.parametrize(
    ("above", "returned"),
    [("@functools.wraps(function)", "wrapper"), ("", "functools.update_wrapper(wrapper, function)")],
)
def test_a_wrapper_that_names_what_it_wraps_has_its_signature(
    above: str, returned: str, ask: Any, run: Any, lint: Any
) -> None:
    text = TEXT.format(above, returned)
    assert ask(run(text), "GET /items/7").body == 7
    assert lint("FAL124", text) == []
