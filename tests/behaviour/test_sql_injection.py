"""FAL315: a quote in a parameter ends the literal that it was written into."""

from __future__ import annotations

from typing import Any

CODE = """\
import sqlite3
from typing import Any

from fastapi import FastAPI

app = FastAPI()


@app.get("/users")
def read_users(name: str) -> list[Any]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE users (name TEXT)")
    connection.execute("INSERT INTO users VALUES ('ada'), ('bob')")
    return connection.execute(__QUERY__).fetchall()
"""
REQUEST = "GET /users?name='%20OR%20'1'='1"


def test_a_quote_reads_every_row(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.replace("__QUERY__", "f\"SELECT name FROM users WHERE name = '{name}'\"")
    assert ask(run(text), REQUEST).body == [["ada"], ["bob"]]
    assert lint("FAL315", text) == [14]


def test_a_bound_parameter_is_a_value(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.replace("__QUERY__", '"SELECT name FROM users WHERE name = ?", (name,)')
    assert ask(run(text), REQUEST).body == []
    assert lint("FAL315", text) == []
