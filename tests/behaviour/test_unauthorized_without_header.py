"""FAL506: FastAPI's own security classes send `WWW-Authenticate`; an HTTPException sends what it is given."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="login")


@app.get("/own")
def own():
    raise HTTPException(401{0})


@app.get("/fastapi")
def of_fastapi(token: str = Depends(scheme)):
    return token
"""


@pytest.mark.parametrize(
    ("headers", "sent", "found"),
    [("", None, [10]), (', headers={"WWW-Authenticate": "Bearer"}', "Bearer", [])],
)
def test_a_401_has_the_header_that_it_is_given(
    headers: str, sent: str | None, found: list[int], ask: Any, run: Any, lint: Any
) -> None:
    app = run(TEXT.format(headers))
    answer = ask(app, "GET /own")
    assert answer.status == 401
    assert answer.headers.get("www-authenticate") == sent
    assert ask(app, "GET /fastapi").headers["www-authenticate"] == "Bearer"
    assert lint("FAL506", TEXT.format(headers)) == found
