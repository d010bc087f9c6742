"""FAL106: who repeats a GET repeats what its handler writes."""

from __future__ import annotations

from typing import Any

CODE = """\
import sqlite3

from fastapi import FastAPI

app = FastAPI()
connection = sqlite3.connect(":memory:", check_same_thread=False)
connection.execute("CREATE TABLE reports (name TEXT)")


@app.{method}("/reports/daily")
def make_report() -> int:
    connection.execute("INSERT INTO reports VALUES ('daily')")
    connection.commit()
    return connection.execute("SELECT count(*) FROM reports").fetchone()[0]
"""


def test_a_get_that_is_repeated_writes_again(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(method="get")
    app = run(text)
    assert [ask(app, "GET /reports/daily").body for _ in range(2)] == [1, 2]
    assert lint("FAL106", text) == [10]


def test_a_post_writes_and_a_get_of_it_is_refused(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(method="post")
    app = run(text)
    assert ask(app, "GET /reports/daily").status == 405
    assert ask(app, "POST /reports/daily").body == 1
    assert lint("FAL106", text) == []
