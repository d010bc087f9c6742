"""FAL708: what FastAPI warns of."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import fastapi
import pytest
from packaging.version import Version

from fastapi_lint.application.answers.deprecated import KNOWN_ARGUMENTS

CODE = """\
from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/a")
def a(q: str = Query("a", {argument})):
    return q
"""


@pytest.mark.skipif(Version(fastapi.__version__) < Version("0.103"), reason="not deprecated yet")
@pytest.mark.parametrize(
    ("argument", "is_deprecated"),
    [('regex="^a"', True), ('example="a"', True), ('pattern="^a"', False), ('examples=["a"]', False)],
)
def test_deprecated_arguments_warn(argument: str, run: Any, lint: Any, *, is_deprecated: bool) -> None:
    text = CODE.format(argument=argument)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run(text)
    assert any("deprecated" in str(item.message) for item in caught) is is_deprecated
    assert lint("FAL708", text) == ([7] if is_deprecated else [])


def test_the_arguments_of_markers_are_known() -> None:
    for marker in (fastapi.Query, fastapi.Path, fastapi.Header, fastapi.Cookie, fastapi.Body, fastapi.Form):
        parameters = inspect.signature(marker).parameters.values()
        names = {item.name for item in parameters if item.kind is not inspect.Parameter.VAR_KEYWORD}
        assert names <= KNOWN_ARGUMENTS


@pytest.mark.skipif(Version(fastapi.__version__) < Version("0.155"), reason="they go into the schema")
def test_other_arguments_of_markers_are_refused(run: Any, lint: Any) -> None:
    text = CODE.format(argument="widget='search'")
    with pytest.raises(TypeError, match="widget"):
        run(text)
    assert lint("FAL708", text) == [7]


@pytest.mark.skipif(Version(fastapi.__version__) < Version("0.146"), reason="not deprecated yet")
def test_root_path_warns(run: Any, lint: Any) -> None:
    text = "from fastapi import FastAPI\n\napp = FastAPI(root_path='/api')\n"
    with pytest.warns(match="root_path"):
        run(text)
    assert lint("FAL708", text) == [3]


@pytest.mark.skipif(Version(fastapi.__version__) < Version("0.131"), reason="not deprecated yet")
def test_making_a_response_of_a_deprecated_class_warns(ask: Any, run: Any, lint: Any) -> None:
    text = """\
from fastapi import FastAPI
from fastapi.responses import UJSONResponse

app = FastAPI()


@app.get("/a")
def a():
    return UJSONResponse([])
"""
    with pytest.warns(match="UJSONResponse"), pytest.raises(AssertionError):  # the package isn't installed
        ask(run(text), "GET /a")
    assert lint("FAL708", text) == [9]


@pytest.mark.skipif(Version(fastapi.__version__) < Version("0.128"), reason="they are served")
def test_models_of_the_first_pydantic_are_refused(run: Any, lint: Any) -> None:
    text = """\
from fastapi import FastAPI
from pydantic.v1 import BaseModel

app = FastAPI()


class Order(BaseModel):
    id: int


@app.post("/orders")
def create(order: Order):
    return order
"""
    with pytest.raises(Exception, match=r"pydantic\.v1"):
        run(text)
    assert lint("FAL708", text) == [7]


def test_the_decorator_of_starlette_warns_or_is_gone(run: Any, lint: Any) -> None:
    text = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.route('/a')\ndef a(request):\n    pass\n"
    with pytest.raises(
        (AttributeError, DeprecationWarning), match="route"
    ):  # the tests make errors of warnings
        run(text)
    assert lint("FAL708", text) == [6]
