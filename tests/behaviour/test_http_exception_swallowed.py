"""FAL502: what the client gets where a broad `except` stands around a 404."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """
from fastapi import FastAPI, HTTPException

app = FastAPI()


def find(order_id: int) -> int:
    if order_id < 0:
        raise HTTPException(status_code=404)
    return order_id


@app.get("/orders/{{order_id}}")
def read_order(order_id: int):
    try:
        {0}
    {1}
        {2}
"""
RAISED = "raise HTTPException(404)"
CALLED = "return find(-1)"


@pytest.mark.parametrize("tried", [RAISED, CALLED])
@pytest.mark.parametrize("caught", ["except Exception as error:", "except:"])
@pytest.mark.parametrize(
    ("then", "status"), [("raise HTTPException(500)", 500), ("return {'error': 'failed'}", 200)]
)
def test_a_broad_except_catches_a_404(
    tried: str, caught: str, then: str, status: int, ask: Any, run: Any, lint: Any
) -> None:
    text = TEXT.format(tried, caught, then)
    assert ask(run(text), "GET /orders/7").status == status
    assert lint("FAL502", text) == [16]


@pytest.mark.parametrize("tried", [RAISED, CALLED])
@pytest.mark.parametrize(
    "before",
    [
        "except HTTPException:\n        raise\n    except Exception:",
        "except (KeyError, ValueError):",
        "except Exception as error:\n        if isinstance(error, HTTPException):\n            raise",
    ],
)
def test_the_404_gets_through_where_it_is_raised_again(
    tried: str, before: str, ask: Any, run: Any, lint: Any
) -> None:
    text = TEXT.format(tried, before, "raise HTTPException(500)")
    assert ask(run(text), "GET /orders/7").status == 404
    assert lint("FAL502", text) == []
