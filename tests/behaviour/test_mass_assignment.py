"""FAL323: whatever fields a model has are set on the entity, SQLModel's `model_validate` included."""

from __future__ import annotations

from typing import Any

import pytest

CODE = """\
from fastapi import FastAPI
from sqlmodel import Field, SQLModel

app = FastAPI()


class UserCreate(SQLModel):
    name: str
    is_admin: bool = False


class User(UserCreate, table=True):
    __table_args__ = {"extend_existing": True}

    id: int | None = Field(default=None, primary_key=True)


@app.post("/users")
def create_user(body: UserCreate) -> bool:
    user = __MADE__
    return user.is_admin
"""


@pytest.mark.parametrize("made", ["User(**body.model_dump())", "User.model_validate(body)"])
def test_a_client_makes_itself_an_administrator(ask: Any, run: Any, lint: Any, made: str) -> None:
    text = CODE.replace("__MADE__", made)
    assert ask(run(text), "POST /users", json={"name": "eve", "is_admin": True}).body is True
    assert lint("FAL323", text) == [20]


def test_what_is_set_by_name_stays(ask: Any, run: Any, lint: Any) -> None:
    made = 'User.model_validate(body, update={"is_admin": False})'
    text = CODE.replace("__MADE__", made)
    assert ask(run(text), "POST /users", json={"name": "eve", "is_admin": True}).body is False
    assert lint("FAL323", text) == []
