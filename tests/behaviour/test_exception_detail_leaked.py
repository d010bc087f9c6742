"""FAL317: SQLAlchemy's exceptions tell the statement and its parameters, and HTTPException passes them on."""

from __future__ import annotations

from typing import Any

CODE = """\
from fastapi import FastAPI, HTTPException
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine("sqlite://")


@app.get("/users")
def read_users(token: str) -> int:
    try:
        with engine.connect() as connection:
            return len(connection.execute(text("SELECT * FROM users WHERE t = :t"), {"t": token}).all())
    except Exception as e:
        raise HTTPException(status_code=500, detail=__DETAIL__) from e
"""


def test_a_client_reads_the_statement(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.replace("__DETAIL__", "str(e)")
    detail = ask(run(text), "GET /users?token=abc").body["detail"]
    assert "SELECT * FROM users" in detail
    assert "abc" in detail
    assert lint("FAL317", text) == [14]


def test_a_text_of_its_own_tells_nothing(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.replace("__DETAIL__", '"the users can\'t be read"')
    assert ask(run(text), "GET /users?token=abc").body == {"detail": "the users can't be read"}
    assert lint("FAL317", text) == []
