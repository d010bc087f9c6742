"""FAL409: what becomes of a session whose commit failed, with and without a rollback."""

from __future__ import annotations

from typing import Any

import pytest

exceptions = pytest.importorskip("sqlalchemy.exc")

TEXT = """
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={{"check_same_thread": False}})


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(unique=True)


def get_session():
    with Session(engine) as session:
        yield session


app = FastAPI()
Base.metadata.create_all(engine)


@app.post("/books")
def import_books(titles: list[str], session: Annotated[Session, Depends(get_session)]) -> int:
    for title in titles:
        try:
            session.add(Book(title=title))
            session.commit()
        except IntegrityError:
            {0}
    return session.scalar(select(func.count()).select_from(Book))
"""


def test_a_session_can_not_be_used_behind_a_failed_commit(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("pass")
    with pytest.raises(exceptions.PendingRollbackError):
        ask(run(text), "POST /books", json=["Emma", "Emma", "Persuasion"])
    assert lint("FAL409", text) == [37]


def test_a_session_can_be_used_behind_a_rollback(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("session.rollback()")
    assert ask(run(text), "POST /books", json=["Emma", "Emma", "Persuasion"]).body == 2
    assert lint("FAL409", text) == []
