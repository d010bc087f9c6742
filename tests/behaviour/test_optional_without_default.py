"""FAL212: whether what may be None may be left out."""

from __future__ import annotations

from typing import Any

import pydantic
import pytest

HEAD = """\
from typing import Annotated, Optional

from fastapi import Body, Cookie, FastAPI, Form, Header, Query
from pydantic import BaseModel, Field

app = FastAPI()


"""
REQUIRED = (
    "q: Optional[str]", "q: str | None", "q: Annotated[str | None, Query()]", "q: str | None = Query()",
    "q: Annotated[str | None, Header()]", "q: Annotated[str | None, Cookie()]", "q: dict[str, int] | None",
    "q: Annotated[str | None, Body()]",
)  # fmt: skip
OPTIONAL = ("q: str | None = None", "q: Annotated[str | None, Query()] = None", "q: str | None = Query(None)")


@pytest.mark.parametrize("parameter", REQUIRED)
def test_a_parameter_without_a_default_is_required(parameter: str, ask: Any, run: Any, lint: Any) -> None:
    text = f"{HEAD}@app.post('/')\ndef f({parameter}): return 1\n"
    assert ask(run(text), "POST /").status == 422
    assert lint("FAL212", text) == [10]


@pytest.mark.parametrize("parameter", OPTIONAL)
def test_a_parameter_with_a_default_is_not(parameter: str, ask: Any, run: Any, lint: Any) -> None:
    text = f"{HEAD}@app.post('/')\ndef f({parameter}): return 1\n"
    assert ask(run(text), "POST /").body == 1
    assert lint("FAL212", text) == []


@pytest.mark.parametrize(
    ("field", "is_required"),
    [
        ("x: Optional[int]", True),
        ("x: int | None = Field(gt=0)", True),
        ("x: Annotated[int | None, Field(gt=0)]", True),
        ("x: int | None = None", False),
        ("x: int | None = Field(None, gt=0)", False),
    ],
)
@pytest.mark.skipif(pydantic.VERSION < "2", reason="Pydantic 1 gives such fields the default None")
def test_a_field_without_a_default_is_required(
    field: str, is_required: object, ask: Any, run: Any, lint: Any
) -> None:
    text = f"{HEAD}class Item(BaseModel):\n    {field}\n\n\n@app.post('/')\ndef f(item: Item): return 1\n"
    app = run(text)
    assert ask(app, "POST /", json={}).status == (422 if is_required else 200)
    assert ask(app, "POST /", json={"x": None}).status == 200
    assert lint("FAL212", text) == ([10] if is_required else [])
