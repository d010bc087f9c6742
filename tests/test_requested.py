"""What tests request, read off what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fastapi_lint.engine import Request, check

if TYPE_CHECKING:
    from pathlib import Path

MAIN = """
from fastapi import FastAPI

app = FastAPI()


@app.get("/orders/{order_id}/items")
def list_items(order_id: int) -> list[int]:
    return []


@app.get("/files/{name:path}")
def read_file(name: str) -> str:
    return name
"""
TEST = "from main import app\nfrom fastapi.testclient import TestClient\nclient = TestClient(app)\n"
OTHER = "def test_files():\n    client.get('/files/a/b/c')\n\n\n"


def reported(directory: Path, test: str) -> list[int]:
    (directory / "pyproject.toml").write_text("", encoding="utf-8")
    (directory / "main.py").write_text(MAIN.lstrip(), encoding="utf-8")
    (directory / "tests").mkdir()
    (directory / "tests" / "test_all.py").write_text(TEST + OTHER + test, encoding="utf-8")
    outcome = check(Request(working_directory=directory, select=("FAL901",)))
    assert not outcome.failures
    return sorted(diagnostic.span.line for diagnostic in outcome.diagnostics)


@pytest.mark.parametrize(
    "test",
    [
        "def test(order):\n    client.get('/orders/%s/items' % order.id)",
        "def test(order):\n    client.get('/orders/' + str(order.id) + '/items?limit=1')",
        "def test(order):\n    url = f'/orders/{order.id}'\n    client.get(url + '/items')",
        "def test():\n    client.get('http://testserver/orders/7/items')",
        "def path(number):\n    return f'/orders/{number}/items'\n\n\ndef test():\n    client.get(path(7))",
        (
            "class Test:\n    def setup_method(self):\n        self.url = '/orders/7/items'\n\n"
            "    def test(self):\n        client.get(self.url)"
        ),
        "def test(order):\n    client.get(order.links['items'])",
        "def test():\n    client.request(method='GET', url='/orders/7/items')",
        "import schemathesis\n\n\ndef test():\n    schemathesis.from_asgi('/openapi.json', app)",
    ],
)
def test_a_route_is_requested_however_its_path_is_written(test: str, tmp_path: Path) -> None:
    assert reported(tmp_path, test) == []


@pytest.mark.parametrize(
    "test",
    [
        "def test():\n    client.post('/orders/7/items')",
        "def test():\n    client.get('/orders/7')",
        "def test(order):\n    client.get(f'/bills/{order.id}/items')",
        "def test(order):\n    order.get('/orders 7 items')",
        "def test():\n    {}.get('items')",
    ],
)
def test_another_method_or_path_is_no_request_of_it(test: str, tmp_path: Path) -> None:
    assert reported(tmp_path, test) == [6]
