"""FAL606: what becomes of a coroutine that nobody awaits."""

from __future__ import annotations

import gc
import warnings
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = """
from fastapi import FastAPI

app = FastAPI()
app.done = []


async def work() -> int:
    app.done.append(1)
    return 7


@app.get("/orders")
{0} list_orders():
    {1}
"""


@pytest.fixture(autouse=True)
def nothing_is_said_of_coroutines() -> Iterator[None]:
    """Python warns when a coroutine that nobody awaited goes, which is what these tests are about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
        gc.collect()


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize("dropped", ["work()", "found = work()", "if work(): return 1"])
def test_a_coroutine_that_is_dropped_never_runs(
    kind: str, dropped: str, ask: Any, run: Any, lint: Any
) -> None:
    text = TEXT.format(kind, dropped)
    app = run(text)
    assert ask(app, "GET /orders").status == 200
    assert app.done == []
    assert lint("FAL606", text) == [14]


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize("returned", ["work()", "{'found': work()}"])
def test_a_coroutine_that_a_handler_returns_is_no_body(
    kind: str, returned: str, ask: Any, run: Any, lint: Any
) -> None:
    text = TEXT.format(kind, f"return {returned}")
    app = run(text)
    with pytest.raises((TypeError, ValueError)):  # which servers answer with a 500
        ask(app, "GET /orders")
    assert app.done == []
    assert lint("FAL606", text) == [14]


def test_a_coroutine_that_is_awaited_runs(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("async def", "found = work(); return await found")
    app = run(text)
    assert (ask(app, "GET /orders").body, app.done) == (7, [1])
    assert lint("FAL606", text) == []
