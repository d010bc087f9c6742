"""FAL701: which answers carry CORS headers."""

from __future__ import annotations

from typing import Any

CORS = 'app.add_middleware(CORSMiddleware, allow_origins=["https://shop.example"])'
CODE = """\
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

app = FastAPI()
{first}


@app.middleware("http")
async def refuse(request: Request, call_next):
    return JSONResponse({{}}, status_code=401)


{last}
"""


def test_what_answers_outside_of_cors_sends_no_headers(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(first=CORS, last="")
    answer = ask(run(text), "GET /", headers={"origin": "https://shop.example"})
    assert answer.status == 401
    assert "access-control-allow-origin" not in answer.headers
    assert lint("FAL701", text) == [6]


LISTED = """\
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware

app = FastAPI(
    middleware=[
        {first},
        {second},
    ]
)
"""


def test_the_first_in_the_list_is_the_outermost(ask: Any, run: Any, lint: Any) -> None:
    cors = 'Middleware(CORSMiddleware, allow_origins=["*"])'
    hosts = 'Middleware(TrustedHostMiddleware, allowed_hosts=["shop.example"])'
    for first, second, lines in ((hosts, cors, [9]), (cors, hosts, [])):
        text = LISTED.format(first=first, second=second)
        answer = ask(run(text), "GET /", headers={"origin": "https://shop.example"})
        assert answer.status == 400
        assert ("access-control-allow-origin" in answer.headers) is not bool(lines)
        assert lint("FAL701", text) == lines


def test_what_answers_inside_of_cors_sends_them(ask: Any, run: Any, lint: Any) -> None:
    text = CODE.format(first="", last=CORS)
    answer = ask(run(text), "GET /", headers={"origin": "https://shop.example"})
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"
    assert lint("FAL701", text) == []
