"""What goes out over the wire and which model is declared for it, as the application tells them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from fastapi_lint.application import link
from fastapi_lint.application.answers import response_models, responses
from fastapi_lint.application.answers.responses import Returned
from fastapi_lint.facts.reader import read_facts

if TYPE_CHECKING:
    from fastapi_lint.application import Application, Route

HEAD = """\
from typing import Any, Optional

import httpx
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel
from unknown_library import Mystery

class Order(BaseModel):
    id: int

class Table(BaseModel, table=True):
    id: int

class Problem(Response):
    media_type = "application/problem+json"

class Csv(Response):
    media_type = "text/csv"

app = FastAPI()
"""


def route_of(code: str, target: tuple[int, ...] | None = None) -> tuple[Application, Route]:
    application = link([read_facts("main.py", HEAD + textwrap.dedent(code))], target_fastapi=target)
    return application, application.routes[0]


@pytest.mark.parametrize(
    ("expression", "kinds"),
    [
        ("{}", {Returned.DATA}),
        ("None", {Returned.NOTHING}),
        ("Order(id=1)", {Returned.DATA}),
        ("Response()", {Returned.RESPONSE}),
        ("Csv('a')", {Returned.RESPONSE}),
        ("Mystery()", {Returned.UNKNOWN}),
        ("httpx.get('http://shop.example').json()", {Returned.DATA}),
        ("sum([1])", {Returned.DATA}),
        ("JSONResponse({}) if app.debug else {}", {Returned.RESPONSE, Returned.DATA}),
        ("Order(id=1) if app.debug else None", {Returned.DATA, Returned.NOTHING}),
    ],
)
def test_what_a_handler_returns_is_told_from_its_values(expression: str, kinds: set[Returned]) -> None:
    application, route = route_of(f"@app.get('/')\ndef read():\n    return {expression}\n")
    assert responses.returned(responses.answer(application, route)) == kinds


@pytest.mark.parametrize(
    ("response_class", "is_json"),
    [("JSONResponse", True), ("Problem", True), ("Csv", False), ("HTMLResponse", False), ("Mystery", None)],
)
def test_a_response_class_says_whether_json_is_sent(response_class: str, *, is_json: bool | None) -> None:
    _, route = route_of(f"@app.get('/', response_class={response_class})\ndef read():\n    return 1\n")
    assert responses.sends_json(route) is is_json


@pytest.mark.parametrize(
    ("expression", "annotation"),
    [
        ("Order(id=1)", "Order"),
        ("[Order(id=1)]", "list[Order]"),
        ("Order(id=1) if app.debug else None", "Order | None"),
        ("Order(id=1) if app.debug else {}", None),
        ("Table(id=1)", None),
        ("{}", None),
    ],
)
def test_one_pydantic_model_that_is_no_table_can_be_declared(expression: str, annotation: str | None) -> None:
    application, route = route_of(f"@app.get('/')\ndef read():\n    return {expression}\n")
    assert response_models.annotation_for(responses.answer(application, route)) == annotation


@pytest.mark.parametrize(
    ("annotation", "is_shapeless"),
    [
        ("dict", True),
        ("dict[str, Any]", True),
        ("list[dict[str, object]]", True),
        ("Optional[list]", True),
        ("Any", True),
        ("dict[str, int]", False),
        ("list[Order]", False),
        ("Order | dict", False),
        ("Mystery", False),
    ],
)
def test_only_what_says_nothing_of_its_inside_is_shapeless(annotation: str, *, is_shapeless: bool) -> None:
    application, route = route_of(f"@app.get('/')\ndef read() -> {annotation}:\n    ...\n")
    model = response_models.declared(application, route)
    assert model is not None
    assert response_models.is_shapeless(model) is is_shapeless


def test_an_annotation_declares_a_model_since_fastapi_0_89() -> None:
    code = "@app.get('/')\ndef read() -> Order:\n    ...\n"
    assert response_models.is_declared(*route_of(code, (0, 89)))
    assert not response_models.is_declared(*route_of(code, (0, 88)))


def test_a_spread_may_hold_the_model() -> None:
    assert response_models.is_declared(*route_of("@app.get('/', **Mystery())\ndef read():\n    return {}\n"))


@pytest.mark.parametrize(
    ("status", "target", "forbids"),
    [(200, None, False), (204, None, True), (101, None, True), (205, None, True), (205, (0, 108), False)],
)
def test_a_body_is_forbidden_by_status_and_version(
    status: int, target: tuple[int, ...] | None, *, forbids: bool
) -> None:
    application, route = route_of(f"@app.get('/', status_code={status})\ndef read(): ...\n", target)
    assert responses.forbids_body(application, route.status_code) is forbids


@pytest.mark.parametrize(
    ("response", "status"),
    [
        ("JSONResponse(None, 204)", 204),
        ("Response('gone', status_code=304)", 304),
        ("Response(status_code=204)", None),
        ("Response('', 204)", None),
        ("JSONResponse({}, 200)", None),
        ("JSONResponse({}, app.state.status)", None),
    ],
)
def test_a_response_with_content_needs_a_status_that_allows_it(response: str, status: int | None) -> None:
    application, route = route_of(f"@app.get('/')\ndef read():\n    return {response}\n")
    assert responses.status_of_body(application, responses.answer(application, route)) == status
