"""FAL505: which statuses the generated documentation names."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """
from fastapi import APIRouter, FastAPI, HTTPException

app = FastAPI({app})
router = APIRouter({router})


@router.get("/orders/{{number}}"{route})
def read_order(number: int):
    raise HTTPException(404)


app.include_router(router{include})
"""
GIVEN = 'responses={404: {"description": "Nothing there"}}'


def text(place: str = "") -> str:
    places = {"app": "", "router": "", "route": "", "include": ""}
    if place:
        places[place] = GIVEN if place in {"app", "router"} else f", {GIVEN}"
    return TEXT.format(**places)


def test_fastapi_documents_no_http_exception_by_itself(run: Any, ask: Any, lint: Any) -> None:
    app = run(text())
    assert ask(app, "GET /orders/7").status == 404
    assert set(app.openapi()["paths"]["/orders/{number}"]["get"]["responses"]) == {"200", "422"}
    assert lint("FAL505", text()) == [9]


@pytest.mark.parametrize("place", ["app", "router", "route", "include"])
def test_it_is_documented_wherever_it_is_given(place: str, run: Any, lint: Any) -> None:
    responses = run(text(place)).openapi()["paths"]["/orders/{number}"]["get"]["responses"]
    assert responses["404"]["description"] == "Nothing there"
    assert lint("FAL505", text(place)) == []
