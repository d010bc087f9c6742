"""FAL801: what the documentation shows of a route without a text."""

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


@pytest.mark.parametrize(("argument", "expected"), [("", [6]), (', summary="All orders"', [])])
def test_the_document_has_it_or_not(argument: str, expected: list[int], run: Any, lint: Any) -> None:
    text = CODE.format(argument=argument)
    operation = run(text).openapi()["paths"]["/orders"]["get"]
    assert ("description" in operation or operation["summary"] != "Orders") is not bool(expected)
    assert lint("FAL801", text) == expected
