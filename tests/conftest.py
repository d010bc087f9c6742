"""Settings of hypothesis and of signals, and fixtures that ask FastAPI what rules rest on.

`tests/behaviour` has a file a rule, `test_<rule_name>.py`, named after the rule's module. A test writes an
application with the fault and one without it, runs both, sends requests, and holds the rule against them:

    def test_the_first_of_two_routes_answers(ask, run, lint):
        assert ask(run(FAULTY), "GET /users/me").status == 422
        assert lint("FAL108", FAULTY) == [12]

Where a behaviour depends on the version, the test skips by `fastapi.__version__`, and the rule says so in
`Rule.fastapi`. The fixtures need nothing but FastAPI.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from textwrap import dedent
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import hypothesis
import pytest

from fastapi_lint.engine import Request, check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# A busy machine is no fault; and a failure must come back on the next run, in CI as here.
hypothesis.settings.register_profile("fastapi-lint", deadline=None, derandomize=True)
hypothesis.settings.load_profile("fastapi-lint")

# Jobs of a shell without job control, as in CI, ignore Ctrl-C, and the programs that tests start with them.
signal.signal(signal.SIGINT, signal.default_int_handler)

Message = dict[str, Any]


@dataclass
class Answer:
    """A response. `body` is parsed JSON, or text where it is none; header names are in lower case."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""

    @property
    def body(self) -> Any:
        text = self.content.decode()
        try:
            return json.loads(text)
        except ValueError:
            return text

    @property
    def missing(self) -> list[list[str]]:
        """Where a 422 says that something required is missing: `["query", "args"]`."""
        return [error["loc"] for error in self.body["detail"] if error["type"] == "missing"]


Ask = Callable[..., Answer]
Run = Callable[[str], Any]
Lint = Callable[..., list[int]]


async def _request(app: Any, scope: Message, content: bytes) -> Answer:
    answer = Answer()
    waiting = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message.get("headers", ())}
        elif message["type"] == "http.response.body":
            answer.content += message.get("body", b"")

    await app(scope, receive, send)
    return answer


@pytest.fixture(scope="session")
def ask() -> Iterator[Ask]:
    """`ask(app, "GET /users?limit=1", json=…, headers={…})`; what a handler raises is raised."""
    loop = asyncio.new_event_loop()

    def ask(
        app: Any,
        request: str,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> Answer:
        method, _, target = request.partition(" ")
        path, _, query = target.partition("?")
        given = {"host": "testserver", **(headers or {})}
        if json is not None:
            content = _dumped(json)
            given["content-type"] = "application/json"
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
            "client": ("testclient", 1),
            "server": ("testserver", 80),
        }
        return loop.run_until_complete(_request(app, scope, content))

    yield ask
    loop.close()


def _dumped(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.fixture
def run(request: pytest.FixtureRequest) -> Run:
    """`run(text)` imports a module of that text and gives its `app`."""

    def run(text: str) -> Any:
        module = types.ModuleType(f"behaviour_of_{request.node.name}".replace("[", "_").replace("]", ""))
        sys.modules[module.__name__] = module
        request.addfinalizer(lambda: sys.modules.pop(module.__name__, None))
        exec(compile(dedent(text).lstrip("\n"), "main.py", "exec"), vars(module))  # noqa: S102 - the test's own
        return module.app

    return run


@pytest.fixture
def lint(tmp_path: Path) -> Lint:
    """`lint("FAL108", text)`: the lines (from 1) of a module that the rule reports, empty first lines cut."""

    def lint(code: str, text: str) -> list[int]:
        (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
        (tmp_path / "main.py").write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        outcome = check(Request(working_directory=tmp_path, select=(code,)))
        assert not outcome.failures
        return sorted(diagnostic.span.line for diagnostic in outcome.diagnostics)

    return lint
