"""FAL111: which status is sent."""

from __future__ import annotations

from typing import Any

import pytest

HEAD = """\
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse

app = FastAPI()


"""


@pytest.mark.parametrize(
    ("declared", "returned", "sent"),
    [
        (201, "JSONResponse({})", 200),
        (204, "Response()", 200),
        (302, "RedirectResponse('/new')", 307),
        (201, "PlainTextResponse('x')", 200),
        (201, "JSONResponse({}, status_code=202)", 202),
        (200, "({'error': 1}, 404)", 200),
    ],
)
def test_a_returned_response_has_a_status_of_its_own(
    declared: int, returned: str, sent: int, ask: Any, run: Any, lint: Any
) -> None:
    text = HEAD + f"@app.get('/x', status_code={declared})\ndef read():\n    return {returned}\n"
    assert ask(run(text), "GET /x").status == sent
    assert lint("FAL111", text) == [9]


@pytest.mark.parametrize(
    ("declared", "returned", "sent"),
    [
        (201, "{}", 201),
        (201, "JSONResponse({}, status_code=201)", 201),
        (307, "RedirectResponse('/new')", 307),
        (200, "JSONResponse({})", 200),
    ],
)
def test_the_declared_status_is_sent(
    declared: int, returned: str, sent: int, ask: Any, run: Any, lint: Any
) -> None:
    text = HEAD + f"@app.get('/x', status_code={declared})\ndef read():\n    return {returned}\n"
    assert ask(run(text), "GET /x").status == sent
    assert lint("FAL111", text) == []


def test_a_pair_is_sent_as_a_list(ask: Any, run: Any) -> None:
    text = HEAD + "@app.get('/x')\ndef read():\n    return {'error': 1}, 404\n"
    answer = ask(run(text), "GET /x")
    assert (answer.status, answer.body) == (200, [{"error": 1}, 404])
