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
