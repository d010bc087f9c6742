"""FAL328: without a marker FastAPI asks for a password in the query, whatever the method."""

from __future__ import annotations

from typing import Any

CODE = """\
from typing import Annotated
from fastapi import FastAPI, Form, Header
app = FastAPI()

@app.post("/login")
def login(name: str, password: {annotation}):
    return name
"""


def test_a_plain_parameter_of_a_post_is_asked_for_in_the_query(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(annotation="str")
    app = run(text)
    assert ask(app, "POST /login").missing == [["query", "name"], ["query", "password"]]
    assert ask(app, "POST /login?name=mara&password=hidden").status == 200
    assert lint("FAL328", text) == [6]


def test_a_header_is_none(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(annotation="Annotated[str, Header()]")
    assert ask(run(text), "POST /login?name=mara").missing == [["header", "password"]]
    assert lint("FAL328", text) == []
