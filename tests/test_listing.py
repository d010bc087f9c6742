"""Routes and types as they are listed."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from fastapi_lint.engine import Request, routes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("annotation", "name"),
    [
        ("Item", "main.Item"),
        ("list[Item]", "list[main.Item]"),
        ("dict[str, Item]", "dict[str, main.Item]"),
        ("Item | None", "main.Item | None"),
        ("Optional[Item]", "main.Item | None"),
        ("Annotated[Item, 'text']", "main.Item"),
        ("Page[Item]", "main.Page[main.Item]"),
        ("datetime", "datetime.datetime"),
        ("int", "int"),
        ("Literal['a', 1]", None),
        ("unknown()", None),
        ("None", None),
    ],
)
def test_a_response_model_is_named(tmp_path: Path, annotation: str, name: str | None) -> None:
    text = f"""\
        from datetime import datetime
        from typing import Annotated, Generic, Literal, Optional, TypeVar
        from fastapi import FastAPI
        from pydantic import BaseModel
        T = TypeVar("T")
        class Item(BaseModel): ...
        class Page(BaseModel, Generic[T]): ...
        app = FastAPI()
        @app.get("/")
        def read() -> {annotation}: ...
        """
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "main.py").write_text(textwrap.dedent(text))
    (row,) = routes(Request(working_directory=tmp_path))
    if name is not None or annotation == "None":
        assert row.response_model == name
    else:
        assert row.response_model  # declared, and named as well as can be
