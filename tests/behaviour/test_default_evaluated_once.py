"""FAL211: how often defaults are worked out."""

from __future__ import annotations

from typing import Any

import pytest

FIELDS = """\
from uuid import UUID, uuid4

from fastapi import FastAPI, Query
from pydantic import BaseModel, Field

app = FastAPI()


class Item(BaseModel):
    id: UUID = {0}
    names: list[str] = []


@app.get("/")
def read_item() -> Item:
    item = Item()
    item.names.append("a")
    return item
"""


def test_a_called_default_is_the_same_each_time(ask: Any, run: Any, lint: Any) -> None:
    for default in ("uuid4()", "Field(uuid4())", "Field(default=uuid4())"):
        text = FIELDS.format(default)
        app = run(text)
        assert ask(app, "GET /").body == ask(app, "GET /").body
        assert lint("FAL211", text) == [10]


def test_a_factory_is_called_each_time_and_a_list_is_copied(ask: Any, run: Any, lint: Any) -> None:
    text = FIELDS.format("Field(default_factory=uuid4)")
    app = run(text)
    first, second = ask(app, "GET /").body, ask(app, "GET /").body
    assert first["id"] != second["id"]
    assert first["names"] == second["names"] == ["a"]
    assert lint("FAL211", text) == []


PARAMETERS = """\
import time
from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


def collect(name: str, names: list[str] = []) -> list[str]:
    names.append(name)
    return names


@app.get("/")
def read(now: {0}) -> float:
    return now


@app.get("/names")
def names(given: Annotated[list[str], Query()] = []) -> list[str]:
    given.append("a")
    return given


@app.get("/collected")
def collected() -> list[str]:
    return collect("a")
"""


@pytest.mark.parametrize("default", ["float = time.time()", "float = Query(time.time())"])
def test_the_default_of_a_parameter_is_the_moment_of_the_import(
    default: str, ask: Any, run: Any, lint: Any
) -> None:
    text = PARAMETERS.format(default)
    app = run(text)
    assert ask(app, "GET /").body == ask(app, "GET /").body
    assert lint("FAL211", text) == [9, 15]


def test_fastapi_copies_its_defaults_and_python_does_not(ask: Any, run: Any, lint: Any) -> None:
    text = PARAMETERS.format("Annotated[float, Query(default_factory=time.time)]")
    app = run(text)
    assert ask(app, "GET /").body != ask(app, "GET /").body
    assert [ask(app, "GET /names").body for _ in range(2)] == [["a"], ["a"]]
    assert [ask(app, "GET /collected").body for _ in range(2)] == [["a"], ["a", "a"]]
    assert lint("FAL211", text) == [9]
