"""FAL308: what a handler is given goes into the row, as a digest that anybody can make again or as it is."""

from __future__ import annotations

import hashlib
from typing import Any

CODE = """\
import hashlib

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool

app = FastAPI()
engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    password: Mapped[str]


class Form(BaseModel):
    password: str


Base.metadata.create_all(engine)


@app.post("/users")
def register(form: Form) -> str:
    with Session(engine) as session:
        session.add(User(password={stored}))
        session.commit()
        return session.execute(text("SELECT password FROM users")).scalar_one()
"""
FORM = {"password": "hunter2"}


def test_a_password_is_stored_as_it_is(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.replace("{stored}", "form.password")
    assert ask(run(text), "POST /users", json=FORM).body == "hunter2"
    assert lint("FAL308", text) == [34]


def test_a_digest_is_what_anybody_gets_for_that_password(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.replace("{stored}", "hashlib.sha256(form.password.encode()).hexdigest()")
    assert ask(run(text), "POST /users", json=FORM).body == hashlib.sha256(b"hunter2").hexdigest()
    assert lint("FAL308", text) == [34]


def test_a_password_hash_is_different_each_time(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.replace(
        "{stored}", "hashlib.scrypt(form.password.encode(), salt=os.urandom(16), n=2, r=8, p=1).hex()"
    ).replace("import hashlib\n", "import hashlib\nimport os\n")
    hashes = {ask(run(text), "POST /users", json=FORM).body for _ in range(2)}
    assert len(hashes) == 2
    assert lint("FAL308", text) == []
