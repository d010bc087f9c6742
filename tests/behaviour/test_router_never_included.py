"""FAL118: a router that nothing includes is not served."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """
from fastapi import APIRouter, FastAPI

app = FastAPI()
router = APIRouter(prefix="/items")


@app.get("/")
def index() -> str:
    return "index"


@router.get("/")
def list_items() -> str:
    return "items"
"""


@pytest.mark.parametrize(
    ("last", "status", "lines"),
    [
        ("", 404, [4]),
        ("\n\napp.include_router(router)\n", 200, []),
        ("\n\napp.mount('/', router)\n", 200, []),
    ],
)
def test_only_what_is_included_or_mounted_is_served(
    last: str, status: int, lines: list[int], ask: Any, run: Any, lint: Any
) -> None:
    assert ask(run(TEXT + last), "GET /items/").status == status
    assert lint("FAL118", TEXT + last) == lines
