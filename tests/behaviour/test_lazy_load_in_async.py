"""FAL404: what becomes of a relationship, or an expired column, that is read under an async session."""

from __future__ import annotations

import gc
import warnings
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("aiosqlite")
exceptions = pytest.importorskip("sqlalchemy.exc")

TEXT = """
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload
from sqlalchemy.pool import StaticPool

engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
async_session = async_sessionmaker(engine{factory})


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    books: Mapped[list["Book"]] = relationship()


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))


class BookOut(BaseModel):
    title: str


class AuthorOut(BaseModel):
    name: str
    books: list[BookOut]


async def get_session():
    async with async_session() as session:
        yield session


SessionDep = Annotated[AsyncSession, Depends(get_session)]
app = FastAPI()


@app.post("/tables")
async def make_tables() -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with async_session() as session:
        session.add(Author(name="Austen", books=[Book(title="Emma")]))
        await session.commit()


@app.post("/end")
async def end() -> None:
    await engine.dispose()


@app.get("/authors"{answer})
async def read_authors(session: SessionDep):
{lines}
"""
FIRST_LINE = 67


@pytest.fixture(autouse=True)
def nothing_is_said_of_coroutines() -> Iterator[None]:
    """What SQLAlchemy can't await is dropped, which Python warns about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
        gc.collect()


@pytest.fixture
def run(run: Any, ask: Any) -> Iterator[Any]:
    """As always, and the connections are closed in the end."""
    apps = []

    def started(text: str) -> Any:
        apps.append(run(text))
        return apps[-1]

    yield started
    for app in apps:
        ask(app, "POST /end")


def _text(*lines: str, answer: str = "", factory: str = "") -> str:
    return TEXT.format(factory=factory, answer=answer, lines="\n".join(f"    {line}" for line in lines))


@pytest.mark.parametrize(
    ("options", "loaded"),
    [("", False), (".options(selectinload(Author.books))", True)],
)
def test_a_relationship_is_only_there_if_it_was_loaded_with_the_row(
    options: str, ask: Any, run: Any, lint: Any, *, loaded: bool
) -> None:
    text = _text(
        f"authors = (await session.scalars(select(Author){options})).all()",
        "return [book.title for author in authors for book in author.books]",
    )
    app = run(text)
    ask(app, "POST /tables")
    if loaded:
        assert ask(app, "GET /authors").body == ["Emma"]
    else:
        with pytest.raises(exceptions.SQLAlchemyError, match="greenlet_spawn"):
            ask(app, "GET /authors")
    assert lint("FAL404", text) == ([] if loaded else [FIRST_LINE + 1])


@pytest.mark.parametrize(
    ("options", "loaded"),
    [("", False), (".options(selectinload(Author.books))", True)],
)
@pytest.mark.parametrize("in_handler", [True, False])
def test_a_schema_reads_it_as_code_does(
    options: str, ask: Any, run: Any, lint: Any, *, loaded: bool, in_handler: bool
) -> None:
    found = f"(await session.scalars(select(Author){options})).all()"
    text = (
        _text(
            f"authors = {found}",
            "return [AuthorOut.model_validate(a, from_attributes=True) for a in authors]",
        )
        if in_handler
        else _text(f"return {found}", answer=", response_model=list[AuthorOut]")
    )
    app = run(text)
    ask(app, "POST /tables")
    if loaded:
        assert ask(app, "GET /authors").body == [{"name": "Austen", "books": [{"title": "Emma"}]}]
    else:
        with pytest.raises(Exception, match="greenlet_spawn"):  # of SQLAlchemy, Pydantic or FastAPI
            ask(app, "GET /authors")
    assert lint("FAL404", text) == ([] if loaded else [FIRST_LINE + in_handler])


@pytest.mark.parametrize(
    "loading",
    ["await author.awaitable_attrs.books", 'await session.refresh(author, ["books"])'],
)
def test_it_can_be_loaded_later(loading: str, ask: Any, run: Any, lint: Any) -> None:
    text = (
        _text(
            "author = await session.get(Author, 1)",
            loading,
            "return [book.title for book in author.books]",
        )
        .replace("class Base(DeclarativeBase)", "class Base(AsyncAttrs, DeclarativeBase)")
        .replace("import AsyncSession", "import AsyncAttrs, AsyncSession")
    )
    app = run(text)
    ask(app, "POST /tables")
    assert ask(app, "GET /authors").body == ["Emma"]
    assert lint("FAL404", text) == []


ADDED = ['author = Author(name="Burney")', "session.add(author)", "await session.commit()"]


@pytest.mark.parametrize("factory", ["", ", expire_on_commit=False"])
@pytest.mark.parametrize("last", ["return author.id", "return {'name': author.name}"])
def test_a_commit_expires_the_columns_unless_the_session_keeps_them(
    factory: str, last: str, ask: Any, run: Any, lint: Any
) -> None:
    text = _text(*ADDED, last, factory=factory)
    app = run(text)
    ask(app, "POST /tables")
    if factory:
        assert ask(app, "GET /authors").status == 200
    else:
        with pytest.raises(exceptions.SQLAlchemyError, match="greenlet_spawn"):
            ask(app, "GET /authors")
    assert lint("FAL404", text) == ([] if factory else [FIRST_LINE + 3])


def test_what_is_read_again_after_the_commit_is_there(ask: Any, run: Any, lint: Any) -> None:
    text = _text(*ADDED, "await session.refresh(author)", "return author.name")
    app = run(text)
    ask(app, "POST /tables")
    assert ask(app, "GET /authors").body == "Burney"
    assert lint("FAL404", text) == []


def test_the_response_reads_expired_columns_too(ask: Any, run: Any, lint: Any) -> None:
    text = _text(*ADDED, "return author", answer=", response_model=BookOut").replace(
        "title: str\n", "name: str\n"
    )
    app = run(text)
    ask(app, "POST /tables")
    with pytest.raises(Exception, match="greenlet_spawn"):
        ask(app, "GET /authors")
    assert lint("FAL404", text) == [FIRST_LINE + 3]
