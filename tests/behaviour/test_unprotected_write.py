"""FAL304: which writes anybody may call."""

from __future__ import annotations

from typing import Any

import pytest

TEXT = """
from fastapi import APIRouter, Body, Depends, FastAPI, Header, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from typing import Annotated

guard = [Depends(HTTPBearer())]
router = APIRouter(prefix="/orders"{router})


@router.post("", dependencies=guard)
def create_order(): ...


@router.put("/{{order_id}}", dependencies=guard)
def change_order(order_id: int): ...


@router.{decorator}
def delete_order({parameters}):
    {body}


app = FastAPI({app})
app.include_router(router{include})
{after}
"""
LINE = 19


def application(
    *,
    router: str = "",
    decorator: str = 'delete("/{order_id}")',
    parameters: str = "order_id: int",
    body: str = "...",
    app: str = "",
    include: str = "",
    after: str = "",
) -> str:
    return TEXT.format(
        router=router,
        decorator=decorator,
        parameters=parameters,
        body=body,
        app=app,
        include=include,
        after=after,
    )


def test_a_write_that_asks_nobody_answers_strangers(ask: Any, run: Any, lint: Any) -> None:
    text = application()
    app = run(text)
    assert ask(app, "PUT /orders/1").status in {401, 403}
    assert ask(app, "DELETE /orders/1").status == 200
    assert lint("FAL304", text) == [LINE]


MIDDLEWARE = """
@app.middleware("http")
async def look(request: Request, call_next):
    {0}
    return await call_next(request)
"""


@pytest.mark.parametrize(
    "given",
    [
        {"router": ", dependencies=guard"},
        {"app": "dependencies=guard"},
        {"include": ", dependencies=guard"},
        {"decorator": 'delete("/{order_id}", dependencies=guard)'},
        {"parameters": "order_id: int, user=Depends(HTTPBearer())"},
        {
            "after": MIDDLEWARE.format(
                "if 'authorization' not in request.headers: return JSONResponse({}, status_code=401)"
            )
        },
        {
            "parameters": "order_id: int, request: Request",
            "body": "if 'authorization' not in request.headers: return JSONResponse({}, status_code=401)",
        },
    ],
)
def test_a_write_that_is_guarded_on_some_level_refuses_strangers(
    given: dict[str, str], ask: Any, run: Any, lint: Any
) -> None:
    text = application(**given)
    assert ask(run(text), "DELETE /orders/1").status in {401, 403}
    assert lint("FAL304", text) == []


@pytest.mark.parametrize(
    "given",
    [
        {"app": "**{}"},
        {"router": ", route_class=type('Own', (APIRoute,), {})"},
        {"after": MIDDLEWARE.format("print(request)")},
        {"parameters": "order_id: int, x_key: Annotated[str, Header()] = ''", "body": "print(x_key)"},
        {"parameters": "order_id: int, token: str = ''", "body": "print(token)"},
        {"decorator": 'delete("/{order_id}/confirm")'},
        {"decorator": 'delete("/{order_id}", openapi_extra={"security": []})'},
        {"decorator": 'delete("/{order_id}", tags=["public"])'},
    ],
)
def test_nothing_is_said_where_something_may_be_meant_or_may_verify(given: dict[str, str], lint: Any) -> None:
    assert lint("FAL304", application(**given)) == []


@pytest.mark.parametrize(
    "given",
    [
        {"after": MIDDLEWARE.format("print(request.url.path)")},
        {"app": "title='Orders'", "include": ", tags=['orders']"},
        {"parameters": "order_id: int, request: Request"},
        {"parameters": "order_id: int, note: Annotated[str, Body()] = ''", "body": "print(note)"},
    ],
)
def test_what_looks_at_nobody_is_no_guard(given: dict[str, str], ask: Any, run: Any, lint: Any) -> None:
    text = application(**given)
    assert ask(run(text), "DELETE /orders/1").status == 200
    assert lint("FAL304", text) == [LINE]


SWITCH = """
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()
app.state.is_on = False


def switched_on():
    if not app.state.is_on:
        raise HTTPException(403)


switch = [Depends(switched_on)]


@app.put("/orders/{order_id}", dependencies=switch)
def change_order(order_id: int): ...


@app.patch("/orders/{order_id}", dependencies=switch)
def change_order_in_part(order_id: int): ...


@app.delete("/orders/{order_id}")
def delete_order(order_id: int): ...
"""


def test_what_refuses_everybody_says_nothing_of_who_may_call(ask: Any, run: Any, lint: Any) -> None:
    assert ask(run(SWITCH), "PUT /orders/1").status == 403
    assert lint("FAL304", SWITCH) == []
