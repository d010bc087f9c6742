"""FAL417: what the client gets where nobody asks whether a row was found."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("sqlalchemy")

TEXT = """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={{"check_same_thread": False}})


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


class BookOut(BaseModel):
    title: str


def get_session():
    with Session(engine) as session:
        yield session


app = FastAPI()
Base.metadata.create_all(engine)


@app.get("/books/{{book_id}}", response_model=BookOut)
def read_book(book_id: int, session: Annotated[Session, Depends(get_session)]):
    book = session.get(Book, book_id)
    {0}
    return book
"""


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("book.title", "no attribute 'title'"),
        ("session.delete(book)", "NoneType' is not mapped"),
        ("session.flush()", "valid dictionary or object"),
    ],
)
def test_a_missing_row_is_an_error_of_the_server(
    line: str, error: str, ask: Any, run: Any, lint: Any
) -> None:
    text = TEXT.format(line)
    with pytest.raises(Exception, match=error):
        ask(run(text), "GET /books/7")
    assert lint("FAL417", text) == [39 if line == "session.flush()" else 38]


def test_a_missing_row_that_is_asked_for_is_a_404(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("if book is None:\n        raise HTTPException(status_code=404)")
    assert ask(run(text), "GET /books/7").status == 404
    assert lint("FAL417", text) == []
