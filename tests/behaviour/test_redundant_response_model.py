"""FAL804: the return annotation declares what `response_model=` would."""

from __future__ import annotations

from typing import Any

import fastapi
import pytest
from packaging.version import Version

CODE = """\
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Order(BaseModel):
    id: int


@app.get("/orders"{argument})
def orders() -> list[Order]:
    return [{{"id": 1, "secret": 2}}]
"""


def test_leaving_it_out_changes_neither_answers_nor_the_document(ask: Any, run: Any, lint: Any) -> None:
    twice, once = (CODE.format(argument=argument) for argument in (", response_model=list[Order]", ""))
    assert run(twice).openapi() == run(once).openapi()
    assert ask(run(twice), "GET /orders").body == ask(run(once), "GET /orders").body == [{"id": 1}]
    assert lint("FAL804", twice) == [11]
    assert lint("FAL804", once) == []


MODELS = """\
from typing import Annotated, Generic, Iterable, List, Literal, Optional, TypeVar, Union
from dataclasses import dataclass
from fastapi import FastAPI
from pydantic import BaseModel

T = TypeVar("T")


class Order(BaseModel):
    id: int = 1


class Secret(Order):
    secret: str = "s"


class Page(BaseModel, Generic[T]):
    items: List[T] = []


@dataclass
class Row:
    id: int = 1


app = FastAPI()


@app.get("/x"{argument})
def x() -> {annotation}:
    return {value}
"""


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        ("Order", "Secret()"),
        ("Optional[Order]", "None"),
        ("Order | None", "Secret()"),
        ("List[Order]", "[Secret()]"),
        pytest.param(
            "Iterable[Order]",
            "[Secret()]",
            marks=pytest.mark.skipif(
                Version("0.134") <= Version(fastapi.__version__) < Version("0.140.11"),
                reason="the annotation declares a stream",
            ),
        ),
        ("Page[Order]", "{'items': [Secret()]}"),
        ("Union[Order, Row]", "Row()"),
        ("dict[str, Order]", "{'a': Secret()}"),
        ("Annotated[Order, 'x']", "Secret()"),
        ("Literal['a']", "'a'"),
    ],
)
def test_an_equal_annotation_filters_and_documents_alike(
    ask: Any, run: Any, annotation: str, value: str
) -> None:
    twice, once = (
        run(MODELS.format(argument=argument, annotation=annotation, value=value))
        for argument in (f", response_model={annotation}", "")
    )
    assert twice.openapi() == once.openapi()
    body = ask(twice, "GET /x").body
    assert body == ask(once, "GET /x").body
    assert "secret" not in str(body)


HIDDEN = """\
from __future__ import annotations
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Order(BaseModel):
    id: int = 1


def hides(handler):
    def wrapper():
        return handler()

    return wrapper


@app.get("/x"{argument})
@hides
def x() -> Order:
    return {{"id": 1, "secret": "s"}}
"""


def test_a_decorator_between_them_may_hide_the_annotation(ask: Any, run: Any, lint: Any) -> None:
    twice, once = (HIDDEN.format(argument=argument) for argument in (", response_model=Order", ""))
    assert ask(run(twice), "GET /x").body == {"id": 1}
    assert ask(run(once), "GET /x").body == {"id": 1, "secret": "s"}
    assert lint("FAL804", twice) == []
