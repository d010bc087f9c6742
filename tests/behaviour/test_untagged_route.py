"""FAL802: which routes are in a group."""

from __future__ import annotations

from typing import Any

import pytest

CODE = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/orders"{argument})
def orders() -> int:
    return 1
"""


@pytest.mark.parametrize(("argument", "expected"), [("", [6]), (', tags=["orders"]', [])])
def test_the_document_has_it_or_not(argument: str, expected: list[int], run: Any, lint: Any) -> None:
    text = CODE.format(argument=argument)
    operation = run(text).openapi()["paths"]["/orders"]["get"]
    assert ("tags" in operation) is not bool(expected)
    assert lint("FAL802", text) == expected
