"""FAL309: what FastAPI's schemes let through is any credential, or none at all."""

from __future__ import annotations

from typing import Any

import pytest

CODE = """\
from typing import Annotated
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import APIKeyHeader, HTTPBasic, HTTPBearer, OAuth2PasswordBearer

scheme = {scheme}
app = FastAPI()

def user(found: Annotated[object, Depends(scheme)]) -> str:
    {body}
    return "somebody"

@app.get("/orders")
def read_orders(user: Annotated[str, Depends(user)]) -> str:
    return user
"""
VERIFIED = 'if getattr(found, "credentials", found) != "valid":\n        raise HTTPException(401)'


@pytest.mark.parametrize(
    ("scheme", "headers"),
    [
        ('OAuth2PasswordBearer("token")', {"authorization": "Bearer nonsense"}),
        ("HTTPBearer()", {"authorization": "Bearer nonsense"}),
        ("HTTPBasic()", {"authorization": "Basic bm86Ym9keQ=="}),
        ('APIKeyHeader(name="X-API-Key")', {"x-api-key": "nonsense"}),
        ("HTTPBearer(auto_error=False)", {}),
    ],
)
def test_a_scheme_alone_lets_any_credential_in(
    ask: Any, run: Any, lint: Any, scheme: str, headers: dict[str, str]
) -> None:
    text = CODE.format(scheme=scheme, body="pass")
    assert ask(run(text), "GET /orders", headers=headers).status == 200
    assert lint("FAL309", text) == [12]


def test_a_dependency_that_compares_the_credential_keeps_others_out(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(scheme="HTTPBearer()", body=VERIFIED)
    app = run(text)
    assert ask(app, "GET /orders", headers={"authorization": "Bearer nonsense"}).status == 401
    assert ask(app, "GET /orders", headers={"authorization": "Bearer valid"}).status == 200
    assert lint("FAL309", text) == []
