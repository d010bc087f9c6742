"""FAL327: Starlette sets neither `HttpOnly` nor `Secure` unless it is told to."""

from __future__ import annotations

from typing import Any

CODE = """\
from fastapi import FastAPI, Response

app = FastAPI()


@app.post("/login")
def log_in(response: Response, name: str):
    response.set_cookie("session", name{arguments})
"""


def test_a_cookie_is_open_by_default(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(arguments="")
    cookie = ask(run(text), "POST /login?name=ada").headers["set-cookie"].lower()
    assert "httponly" not in cookie
    assert "secure" not in cookie
    assert lint("FAL327", text) == [8]


def test_a_cookie_is_protected_by_its_arguments(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(arguments=", httponly=True, secure=True")
    cookie = ask(run(text), "POST /login?name=ada").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "secure" in cookie
    assert lint("FAL327", text) == []
