"""FAL316: a model's text has its password, unless that is a `SecretStr`."""

from __future__ import annotations

import logging
from typing import Any

import pytest

CODE = """\
import logging

from fastapi import FastAPI
from pydantic import BaseModel, SecretStr

app = FastAPI()
logger = logging.getLogger("behaviour")


class Login(BaseModel):
    email: str
    password: __TYPE__


@app.post("/login")
def log_in(login: Login) -> None:
    logger.warning("log-in: %s", login)
"""


@pytest.mark.parametrize(("kind", "lines"), [("str", [17]), ("SecretStr", [])])
def test_a_password_comes_into_the_log(
    ask: Any, run: Any, lint: Any, caplog: pytest.LogCaptureFixture, kind: str, lines: list[int]
) -> None:
    text = CODE.replace("__TYPE__", kind)
    with caplog.at_level(logging.WARNING, "behaviour"):
        ask(run(text), "POST /login", json={"email": "ada", "password": "hunter2"})
    assert ("hunter2" in caplog.text) is bool(lines)
    assert lint("FAL316", text) == lines
