"""FAL121: what FastAPI takes from a body, a query, or elsewhere, and that the model of parameters agrees."""

from __future__ import annotations

from typing import Any

import pytest

from fastapi_lint.application import link
from fastapi_lint.application.wiring.parameters import Source, inputs_of_route
from fastapi_lint.facts.reader import read_facts

HEAD = """\
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal, NamedTuple, Optional
from uuid import UUID

from fastapi import (
    BackgroundTasks, Body, Cookie, Depends, FastAPI, File, Form, Header, Path, Query, Request, Response,
    UploadFile,
)
from pydantic import BaseModel, Field, HttpUrl
from typing_extensions import TypedDict

app = FastAPI()


class Model(BaseModel):
    name: str = ""


class Sub(Model): ...


@dataclass
class Data:
    name: str = ""


class Typed(TypedDict):
    name: str


class Named(NamedTuple):
    name: str


class Colour(str, Enum):
    RED = "red"


class Number(IntEnum):
    ONE = 1


class Text(str): ...


def dependency() -> None: ...


"""
QUERIES = (
    "x", "x: str", "x: int = 1", "x: str | None", "x: Optional[int] = None", "x: Colour", "x: Number",
    "x: Any", "x: date", "x: datetime", "x: UUID", "x: Decimal", "x: FilePath", "x: Literal['a']",
    "x: HttpUrl", "x: bytes", "*x", "**x", "x: int | str", "x: Annotated[int, Field(gt=0)]",
    "x: Annotated[list[str], Query()]", "x: list[str] = Query([])", "x: Annotated[Model, Query()]",
    "x: Annotated[Annotated[str, Query()], Field()]", "x: Annotated[str, Body(), Query()]",
)  # fmt: skip
BODIES = (
    "x: list[str]", "x: set[int] | None = None", "x: dict[str, int]", "x: tuple[int, str]", "x: Model",
    "x: Sub", "x: Data", "x: Typed", "x: Model | None = None", "x: Optional[Sub] = None",
    "x: Sequence[str]", "x: Mapping[str, str]", "x: frozenset[str]", "x: deque[int]", "x: list[Model]",
    "x: str = Body()", "x: Annotated[int, Body()]", "x: str | list[str]",
    "x: Annotated[str, Query(), Body()]",
)  # fmt: skip
OTHERS = {
    "x: Annotated[str, Header()]": Source.HEADER,
    "x: str = Cookie('')": Source.COOKIE,
    "x: Annotated[str, Form()]": Source.FORM,
    "x: Annotated[bytes, File()]": Source.FILE,
    "x: UploadFile": Source.FILE,
    "x: list": Source.FILE,
    "x: Named": Source.FILE,
    "x: list[UploadFile]": Source.FILE,
    "x: UploadFile | None = None": Source.FILE,
    "x: Request": Source.SPECIAL,
    "x: Response": Source.SPECIAL,
    "x: BackgroundTasks": Source.SPECIAL,
    "x: Annotated[None, Depends(dependency)]": Source.DEPENDENCY,
    "x=Depends(dependency)": Source.DEPENDENCY,
    "place: str": Source.PATH,
    "place: Annotated[str, Path()]": Source.PATH,
    "x: Annotated[str, Path(alias='place')]": Source.PATH,
}
CASES = {
    **dict.fromkeys(QUERIES, Source.QUERY),
    **dict.fromkeys(BODIES, Source.BODY),
    **OTHERS,
}


def source_under_fastapi(dependant: Any) -> Source | None:
    """Where FastAPI takes the one parameter from."""
    from fastapi import params  # noqa: PLC0415 - asked, not imported for the tests

    if dependant.dependencies:
        return Source.DEPENDENCY
    for fields, source in (
        (dependant.path_params, Source.PATH),
        (dependant.query_params, Source.QUERY),
        (dependant.header_params, Source.HEADER),
        (dependant.cookie_params, Source.COOKIE),
    ):
        if fields:
            return source
    for field in dependant.body_params:
        info = field.field_info
        kinds = ((params.File, Source.FILE), (params.Form, Source.FORM), (params.Body, Source.BODY))
        return next(source for kind, source in kinds if isinstance(info, kind))
    return Source.SPECIAL


@pytest.mark.parametrize("parameter", CASES)
def test_the_model_takes_a_parameter_from_where_fastapi_takes_it(parameter: str, run: Any) -> None:
    text = f"{HEAD}@app.post('/{{place}}')\ndef f({parameter}): ...\n"
    route = next(route for route in run(text).routes if getattr(route, "path", "") == "/{place}")
    assert source_under_fastapi(route.dependant) is CASES[parameter]
    application = link([read_facts("main.py", text)])
    inputs = inputs_of_route(application.routes[0], application.dependencies, ["place"])
    found = inputs.all[0].source
    assert found is CASES[parameter]


@pytest.mark.parametrize("parameter", ["x: list[str]", "x: set[int] | None = None", "x: Model", "x: Data"])
def test_a_body_that_nobody_marked_is_asked_of_get(parameter: str, ask: Any, run: Any, lint: Any) -> None:
    text = f"{HEAD}@app.get('/')\ndef f({parameter}): return x if isinstance(x, list) else None\n"
    app = run(text)
    operation = ask(app, "GET /openapi.json").body["paths"]["/"]["get"]
    assert "requestBody" in operation
    assert len(lint("FAL121", text)) == 1


def test_a_list_in_the_query_is_not_seen_without_a_marker(ask: Any, run: Any) -> None:
    text = f"{HEAD}@app.get('/')\ndef f(x: list[str]): return x\n"
    assert ask(run(text), "GET /?x=a").missing == [["body"]]
    assert ask(run(text.replace("x: list[str]", "x: Annotated[list[str], Query()]")), "GET /?x=a").body == [
        "a"
    ]
