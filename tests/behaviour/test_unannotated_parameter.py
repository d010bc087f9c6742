"""FAL207: what FastAPI makes of parameters without an annotation."""

from __future__ import annotations

from typing import Any

HEAD = "from fastapi import Body, FastAPI, Query, Request\n\napp = FastAPI()\n\n\n"


def test_a_number_stays_a_text_and_anything_is_taken(ask: Any, run: Any, lint: Any) -> None:
    text = f"{HEAD}@app.get('/{{item_id}}')\ndef f(item_id, limit=10):\n    return [item_id, limit]\n"
    assert ask(run(text), "GET /seven?limit=many").body == ["seven", "many"]
    assert lint("FAL207", text) == [7, 7]
    better = text.replace("item_id, limit=10", "item_id: int, limit: int = 10")
    assert ask(run(better), "GET /seven?limit=many").status == 422
    assert ask(run(better), "GET /7?limit=8").body == [7, 8]
    assert lint("FAL207", better) == []


def test_a_request_without_its_type_is_a_query_parameter(ask: Any, run: Any, lint: Any) -> None:
    text = f"{HEAD}@app.get('/')\ndef f(request):\n    return request.method\n"
    assert ask(run(text), "GET /").missing == [["query", "request"]]
    assert lint("FAL207", text) == [7]
    better = text.replace("(request)", "(request: Request)")
    assert ask(run(better), "GET /").body == "GET"
    assert lint("FAL207", better) == []


def test_a_body_without_its_type_is_anything(ask: Any, run: Any, lint: Any) -> None:
    text = f"{HEAD}@app.post('/')\ndef f(item=Body(...)):\n    return item\n"
    assert ask(run(text), "POST /", json=[None, {"a": 1}]).body == [None, {"a": 1}]
    assert lint("FAL207", text) == [7]
