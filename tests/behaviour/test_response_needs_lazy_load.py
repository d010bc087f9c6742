"""FAL405: how many queries a response costs that reads a relationship of each row."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("sqlalchemy")

TEXT = """
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import ForeignKey, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={{"check_same_thread": False}})


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship()


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))


class BookOut(BaseModel):
    id: int


class AuthorOut(BaseModel):
    id: int
    books: list[BookOut]


def get_session():
    with Session(engine) as session:
        yield session


app = FastAPI()
app.statements = 0
Base.metadata.create_all(engine)
with Session(engine) as filling:
    filling.add_all([Author(books=[Book()]) for _ in range(10)])
    filling.commit()


@event.listens_for(engine, "before_cursor_execute")
def count(*_):
    app.statements += 1


@app.get("/authors", response_model=list[AuthorOut])
def read_authors(session: Annotated[Session, Depends(get_session)]):
    return session.scalars(select(Author){options}).all()
"""


@pytest.mark.parametrize(
    ("options", "statements", "lines"),
    [("", 11, [57]), (".options(selectinload(Author.books))", 2, [])],
)
def test_each_row_costs_a_query_unless_all_are_loaded_at_once(
    options: str, statements: int, lines: list[int], ask: Any, run: Any, lint: Any
) -> None:
    text = TEXT.format(options=options)
    app = run(text)
    assert len(ask(app, "GET /authors").body) == 10
    assert app.statements == statements
    assert lint("FAL405", text) == lines
