"""FAL512: what becomes of a handler's 404 that a dependency with `yield` catches.

The error that FastAPI raises then is what servers answer with a 500.
"""

from __future__ import annotations

from typing import Any

import fastapi
import pytest

AT_LEAST = (0, 110)
TEXT = """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


{0} get_number():
    try:
        yield 1
    {1}
        {2}


@app.get("/orders/{{order_id}}")
def read_order(order_id: int, number: Annotated[int, Depends(get_number)]):
    raise HTTPException(status_code=404)
"""
pytestmark = pytest.mark.skipif(
    tuple(map(int, fastapi.__version__.split(".")[:2])) < AT_LEAST, reason="it is raised again by itself"
)


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize("caught", ["except Exception:", "except:", "except HTTPException:"])
def test_a_404_that_is_not_raised_again_is_an_error_of_the_server(
    kind: str, caught: str, ask: Any, run: Any, lint: Any
) -> None:
    text = TEXT.format(kind, caught, "pass")
    with pytest.raises(Exception, match="is not raising the exception again"):
        ask(run(text), "GET /orders/7")
    assert lint("FAL512", text) == [11]


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize(
    ("caught", "then"), [("except Exception:", "raise"), ("except KeyError:", "pass"), ("finally:", "pass")]
)
def test_a_404_that_is_raised_again_is_an_answer(
    kind: str, caught: str, then: str, ask: Any, run: Any, lint: Any
) -> None:
    text = TEXT.format(kind, caught, then)
    assert ask(run(text), "GET /orders/7").status == 404
    assert lint("FAL512", text) == []
