"""FAL320: what the guard of an application reaches."""

from __future__ import annotations

from typing import Any

TEXT = """
from fastapi import APIRouter, Depends, FastAPI
from fastapi.security import HTTPBearer

app = FastAPI(dependencies=[Depends(HTTPBearer())])
reports = {0}


@reports.get("/sales")
def read_sales():
    return []


app.{1}
"""


def test_the_guard_of_an_application_does_not_reach_what_is_mounted(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("FastAPI()", 'mount("/reports", reports)')
    assert ask(run(text), "GET /reports/sales").status == 200
    assert lint("FAL320", text) == [13]


def test_it_reaches_what_is_included(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("APIRouter()", 'include_router(reports, prefix="/reports")')
    assert ask(run(text), "GET /reports/sales").status in {401, 403}
    assert lint("FAL320", text) == []


def test_a_guard_of_the_mounted_application_reaches_its_routes(ask: Any, run: Any, lint: Any) -> None:
    text = TEXT.format("FastAPI(dependencies=[Depends(HTTPBearer())])", 'mount("/reports", reports)')
    assert ask(run(text), "GET /reports/sales").status in {401, 403}
    assert lint("FAL320", text) == []


def test_the_guard_of_an_application_does_not_reach_a_route_of_starlette(
    ask: Any, run: Any, lint: Any
) -> None:
    text = """
from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer

app = FastAPI(dependencies=[Depends(HTTPBearer())])


def read_sales(request):
    return JSONResponse([])


app.add_route("/sales", read_sales)
app.add_api_route("/orders", read_sales)
"""
    app = run(text)
    assert ask(app, "GET /sales").status == 200
    assert ask(app, "GET /orders").status in {401, 403}
    assert ask(app, "GET /openapi.json").status == 200
    assert lint("FAL320", text) == [12]
