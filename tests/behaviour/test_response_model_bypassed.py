"""FAL322: what a response model filters."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """
from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel

app = FastAPI()


class User(BaseModel):
    name: str


@app.get("/users", response_model=User)
def read_user():
    return {0}
"""
DATA = "{'name': 'ann', 'password': 'hash'}"


@pytest.mark.parametrize(
    "returned", [f"JSONResponse({DATA})", f"JSONResponse(content=jsonable_encoder({DATA}))"]
)
def test_a_response_passes_the_model_by(returned: str, ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format(returned)
    assert ask(run(text), "GET /users").body == {"name": "ann", "password": "hash"}
    assert lint("FAL322", text) == [15]


@pytest.mark.parametrize("returned", [DATA, f"JSONResponse(User(**{DATA}).model_dump())"])
def test_the_model_filters_data(returned: str, ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format(returned)
    assert ask(run(text), "GET /users").body == {"name": "ann"}
    assert lint("FAL322", text) == []
