"""FAL402: whether anybody closes the session that a dependency gives."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("sqlalchemy")
TEXT = """
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

app = FastAPI()
app.closed = 0


class Counting(Session):
    def close(self):
        app.closed += 1
        super().close()


engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={{"check_same_thread": False}})
SessionLocal = sessionmaker(engine, class_=Counting)


def get_session():
{0}


@app.get("/number")
def read_number(session: Annotated[Session, Depends(get_session)]) -> int:
    return session.scalar(text("SELECT 7"))


@app.get("/nothing")
def read_nothing(session: Annotated[Session, Depends(get_session)]):
    session.scalar(text("SELECT 7"))
    raise HTTPException(status_code=404)
"""


def _text(*lines: str) -> str:
    return TEXT.format("\n".join(f"    {line}" for line in lines))


@pytest.mark.parametrize(
    ("lines", "closed"),
    [
        (["return SessionLocal()"], (0, 0)),
        (["session = SessionLocal()", "yield session"], (0, 0)),
        (["session = SessionLocal()", "yield session", "session.close()"], (1, 0)),
        (
            [
                "session = SessionLocal()",
                "try:",
                "    yield session",
                "    session.close()",
                "except KeyError:",
                "    raise",
            ],
            (1, 0),
        ),
    ],
)
def test_a_session_without_a_block_around_it_stays_open(
    lines: list[str], closed: tuple[int, int], ask: Any, run: Any, lint: Any
) -> None:
    text = _text(*lines)
    app = run(text)
    assert ask(app, "GET /number").body == 7
    assert app.closed == closed[0]
    assert ask(app, "GET /nothing").status == 404
    assert app.closed == sum(closed)
    assert lint("FAL402", text) == [23]


def test_a_session_that_is_returned_from_its_block_is_closed_too_early(ask: Any, run: Any, lint: Any) -> None:
    text = _text("with SessionLocal() as session:", "    app.open = session", "    return session")
    app = run(text)
    assert ask(app, "GET /number").body == 7
    assert (app.closed, app.open.in_transaction()) == (1, True)
    assert lint("FAL402", text) == [23]


@pytest.mark.parametrize(
    "lines",
    [
        ["with SessionLocal() as session:", "    yield session"],
        ["session = SessionLocal()", "try:", "    yield session", "finally:", "    session.close()"],
    ],
)
def test_a_session_with_a_block_around_it_is_closed_after_any_outcome(
    lines: list[str], ask: Any, run: Any, lint: Any
) -> None:
    text = _text(*lines)
    app = run(text)
    assert ask(app, "GET /number").body == 7
    assert app.closed == 1
    assert ask(app, "GET /nothing").status == 404
    assert app.closed == 2
    assert lint("FAL402", text) == []
