"""FAL125: two handlers of one name are both served, and only the last has the name."""

from __future__ import annotations

import sys
from typing import Any


def test_both_handlers_are_served_and_one_can_be_imported(ask: Any, run: Any, lint: Any) -> None:
    text = """
    from fastapi import FastAPI

    app = FastAPI()


    @app.get("/first")
    def read() -> str:
        return "first"


    @app.get("/second")
    def read() -> str:
        return "second"
    """
    app = run(text)
    assert [ask(app, f"GET /{name}").body for name in ("first", "second")] == ["first", "second"]
    module = sys.modules[next(route.endpoint.__module__ for route in app.routes if route.path == "/first")]
    assert module.read() == "second"
    assert str(app.url_path_for("read")) == "/first"
    assert lint("FAL125", text) == [12]
