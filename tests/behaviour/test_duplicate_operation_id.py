"""FAL803: FastAPI warns of operation ids that it writes twice."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

HEAD = "from fastapi import APIRouter, FastAPI\n\napp = FastAPI()\nrouter = APIRouter()\n"
TWO = "@app.get('/a', operation_id='x')\ndef a(): ...\n@app.get('/b', operation_id={!r})\ndef b(): ...\n"
BOTH = "@app.api_route('/a', methods=['GET', 'POST'], operation_id='x')\ndef a(): ...\n"
TWICE = (
    "@router.get('/a', operation_id='x')\ndef a(): ...\n"
    "app.include_router(router)\napp.include_router(router, prefix='/b')\n"
)


@pytest.mark.parametrize(("text", "line"), [(TWO.format("x"), 7), (BOTH, 5), (TWICE, 5)])
def test_an_id_that_stands_twice_is_warned_of(text: str, line: int, run: Any, lint: Any) -> None:
    app = run(HEAD + text)
    with pytest.warns(UserWarning, match="Duplicate Operation ID x"):
        app.openapi()
    assert lint("FAL803", HEAD + text) == [line]


def test_all_methods_of_a_route_have_one_id(run: Any, lint: Any) -> None:
    text = HEAD + "@app.api_route('/a', methods=['GET', 'POST'])\ndef a(): ...\n"
    with pytest.warns(UserWarning, match="Duplicate Operation ID a_a_"):
        run(text).openapi()
    assert lint("FAL803", text) == [5]


def test_ids_of_their_own_are_fine(run: Any, lint: Any) -> None:
    text = HEAD + TWO.format("y")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(text).openapi()
    assert lint("FAL803", text) == []


def test_a_mounted_application_has_a_document_of_its_own(run: Any, lint: Any) -> None:
    text = (
        HEAD
        + "inner = FastAPI()\n@app.get('/a', operation_id='x')\ndef a(): ...\n"
        + "@inner.get('/b', operation_id='x')\ndef b(): ...\napp.mount('/inner', inner)\n"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(run(text).openapi()["paths"]) == ["/a"]
    assert lint("FAL803", text) == []
