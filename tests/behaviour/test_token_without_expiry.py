"""FAL307: without `exp`, PyJWT and python-jose take a token that was made years ago."""

from __future__ import annotations

from typing import Any

import pytest

CODE = """\
from datetime import datetime, timezone

from jose import jwt
from fastapi import FastAPI, Header

app = FastAPI()
SECRET_KEY = "of-this-application-and-nobody-else's"
YEARS_AGO = datetime(2020, 1, 1, tzinfo=timezone.utc)


@app.post("/token")
def log_in():
    return jwt.encode({claims}, SECRET_KEY, algorithm="HS256")


@app.get("/users/me")
def read_own_user(token: str = Header()):
    return jwt.decode(token, SECRET_KEY, algorithms=["HS256"])["sub"]
"""


@pytest.fixture(params=["jwt", "jose.jwt"])
def written(request: pytest.FixtureRequest) -> Any:
    pytest.importorskip(request.param)
    return CODE if request.param == "jose.jwt" else CODE.replace("from jose import jwt", "import jwt")


def test_a_token_without_expiry_is_valid_for_ever(ask: Any, run: Any, lint: Any, written: str) -> None:
    text = written.replace("{claims}", '{"sub": "ada", "iat": YEARS_AGO}')
    app = run(text)
    token = ask(app, "POST /token").body
    assert ask(app, "GET /users/me", headers={"token": token}).body == "ada"
    assert lint("FAL307", text) == [13]


def test_an_expired_token_is_refused(ask: Any, run: Any, lint: Any, written: str) -> None:
    text = written.replace("{claims}", '{"sub": "ada", "exp": YEARS_AGO}')
    app = run(text)
    token = ask(app, "POST /token").body
    with pytest.raises(Exception, match="Signature has expired"):
        ask(app, "GET /users/me", headers={"token": token})
    assert lint("FAL307", text) == []
