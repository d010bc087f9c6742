"""No input crashes the linter: whatever a file holds, the answer is a list of diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fastapi_lint.engine import Request, check

if TYPE_CHECKING:
    from pathlib import Path

PIECES = [
    *"()[]{}:,.=*@#'\"\\\n\t\f\r\0é😀;",
    *("    ", "f'", '"""', "->", ":=", "**", "0x", "1e9", "async ", "await ", "yield "),
    *("def f", "class C", "if x", "else", "try", "except* E", "match x", "case _", "lambda ", "type X"),
    *(
        "from fastapi import *\n",
        "app = FastAPI()\n",
        "@app.get('/{x}')\n",
        "router = APIRouter(",
        "Depends(f)",
    ),
    *("def handler(x: int, y=Depends(f)) -> dict: return {}\n", "app.include_router(router)\n", "return x"),
    *(
        "# noqa",
        "# fastapi-lint: ignore[",
        "response_model=",
        "status_code=204",
        "Session()",
        "secret = 'hunter2'",
    ),
]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60))
@example("import fastapi\napp = fastapi.FastAPI()\n@app.get('/')\ndef f(): return f'{f()!r:>{1}}'\n")
@example("x: 'tuple[()]' = ()\n")
@example("class A(A): pass\n")
@example("from main import *\nfrom . import main\nx = x\n")
def test_no_text_crashes_the_linter(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "other.py").write_text("from main import *\n")
    outcome = check(Request(working_directory=tmp_path, stdin=("main.py", text), level="pedantic"))
    assert outcome.failures == ()


@pytest.mark.parametrize(
    "data", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"\r", b"\x0c", b"# coding: \xe9"]
)
def test_no_bytes_crash_the_linter(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "main.py").write_bytes(data)
    assert check(Request(working_directory=tmp_path)).failures == ()
