"""FAL210: what FastAPI makes of JSON and a form in one request."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("python_multipart")

HEAD = """\
import json
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Body, FastAPI, Form, UploadFile
from pydantic import BaseModel, Json, model_validator

app = FastAPI()


class Item(BaseModel):
    name: str


@dataclass
class Data:
    name: str


class Parsing(BaseModel):
    name: str

    @model_validator(mode="before")
    @classmethod
    def parse(cls, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value


"""
ITEM = json.dumps({"name": "a"})
FORM = f"x={ITEM}&n=1&name=a".replace('"', "%22").replace(" ", "%20").encode()
FORM_HEADERS = {"content-type": "application/x-www-form-urlencoded"}
NEVER = ("x: Item", "x: Data", "x: dict[str, str]", "x: Annotated[Item, Body()]", "x: list[Item]")
WORKS = (
    "x: Parsing", "x: Annotated[str, Body()]", "x: Annotated[list[str], Body()]", "x: list[str]",
    "x: Annotated[Json[Item], Form()]", "x: Annotated[Json, Form()]",
)  # fmt: skip


def application(parameter: str) -> str:
    return f"{HEAD}@app.post('/')\ndef f({parameter}, n: Annotated[int, Form()]): return n\n"


@pytest.mark.parametrize("parameter", NEVER)
def test_no_request_has_both(parameter: str, ask: Any, run: Any, lint: Any) -> None:
    text = application(parameter)
    app = run(text)
    assert ask(app, "POST /", content=FORM, headers=FORM_HEADERS).status == 422
    assert ask(app, "POST /", json={"x": {"name": "a"}, "n": 1}).status == 422
    assert lint("FAL210", text) == [29]


@pytest.mark.parametrize("parameter", WORKS)
def test_a_form_can_have_both(parameter: str, ask: Any, run: Any, lint: Any) -> None:
    text = application(parameter)
    assert ask(run(text), "POST /", content=FORM, headers=FORM_HEADERS).status == 200
    assert lint("FAL210", text) == []
