"""FAL708: what FastAPI warns of."""

from __future__ import annotations

import warnings
from typing import Any

import fastapi
import pytest
from packaging.version import Version

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
