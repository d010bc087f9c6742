"""FAL203: what FastAPI lets out of models with secrets."""

from __future__ import annotations

from typing import Any

import pydantic
import pytest

MODELS = """\
from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel, Field, SecretStr, computed_field, field_serializer

app = FastAPI()
ALL = {'password'}


class User(BaseModel):
    name: str = "ann"
    password: str = "pw"


class Admin(User):
    level: int = 1


class Team(BaseModel):
    owner: User = User()


class Hidden(User):
    password: Annotated[str, Field(exclude=True)] = "pw"


class Secretive(BaseModel):
    password: SecretStr = SecretStr("pw")


class Masking(User):
    @field_serializer("password")
    def mask(self, value: str) -> str:
        return "*"


class Computing(BaseModel):
    @computed_field
    @property
    def api_key(self) -> str:
        return "pw"


"""
LEAKING = {
    "@app.get('/')\ndef f() -> User: return User()": "own",
    "@app.get('/')\ndef f() -> Admin: return Admin()": "inherited",
    "@app.get('/')\ndef f() -> Team: return Team()": "nested",
    "@app.get('/')\ndef f() -> Computing: return Computing()": "computed",
    "@app.get('/')\ndef f(): return User()": "no model",
    "@app.get('/', response_model_exclude={'password'})\ndef f() -> list[User]: return [User()]": "a list",
    "@app.get('/', response_model_exclude={'password'})\ndef f() -> Team: return Team()": "not its own",
    "@app.get('/', response_model_exclude={'name'})\ndef f() -> User: return User()": "something else",
}
SAFE = {
    "@app.get('/')\ndef f() -> Hidden: return Hidden()": "excluded by the field",
    "@app.get('/')\ndef f() -> Secretive: return Secretive()": "masked by its type",
    "@app.get('/')\ndef f() -> Masking: return Masking()": "masked by a serializer",
    "@app.get('/', response_model_exclude={'password'})\ndef f() -> User: return User()": "excluded",
    "@app.get('/', response_model_include={'name'})\ndef f() -> User: return User()": "not included",
    "@app.get('/', response_model_exclude={'owner': {'password'}})\ndef f() -> Team: return Team()": "deeper",
    "@app.get('/', response_model_exclude={'__all__': ALL})\ndef f() -> list[User]: return [User()]": "all",
    "@app.get('/', response_model_include={'name'})\ndef f() -> list[User]: return [User()]": "nothing left",
}

pytestmark = pytest.mark.skipif(pydantic.VERSION < "2", reason="Pydantic 1 selects otherwise")


@pytest.mark.parametrize("route", LEAKING, ids=LEAKING.values())
def test_a_secret_goes_out_and_is_reported(route: str, ask: Any, run: Any, lint: Any) -> None:
    text = f"{MODELS}{route}\n"
    assert "pw" in ask(run(text), "GET /").content.decode()
    assert len(lint("FAL203", text)) == 1


@pytest.mark.parametrize("route", SAFE, ids=SAFE.values())
def test_a_secret_that_stays_is_not_reported(route: str, ask: Any, run: Any, lint: Any) -> None:
    text = f"{MODELS}{route}\n"
    assert "pw" not in ask(run(text), "GET /").content.decode()
    assert lint("FAL203", text) == []


def test_a_subclass_is_cut_to_the_declared_model(ask: Any, run: Any, lint: Any) -> None:
    model = "class Named(BaseModel):\n    name: str\n\n\n"
    text = f"{MODELS}{model}@app.get('/')\ndef f() -> Named: return User()\n"
    assert ask(run(text), "GET /").body == {"name": "ann"}
    assert lint("FAL203", text) == []


ENTITY = """\
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool

app = FastAPI()
engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    password_hash: Mapped[str] = mapped_column()


Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add(User(id=1, password_hash="pw"))
    session.commit()


def get_session():
    with Session(engine) as session:
        yield session


@app.get("/")
def read_user(session: Session = Depends(get_session)):
    return session.get(User, 1)
"""


def test_without_a_model_all_columns_go_out(ask: Any, run: Any, lint: Any) -> None:
    pytest.importorskip("sqlalchemy")
    assert ask(run(ENTITY), "GET /").body == {"id": 1, "password_hash": "pw"}
    assert lint("FAL203", ENTITY) == [31]
