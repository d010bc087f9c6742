"""FAL325: what Starlette lets through of a path, and of an upload's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CODE = """\
from pathlib import Path

from fastapi import FastAPI, HTTPException

app = FastAPI()
ROOT = Path(__ROOT__)


@app.get("/pages/{page:path}")
def read_page(page: str) -> str:
    path = ROOT / page
    return path.read_text()


@app.get("/one/{name}/{other}")
def read_other(name: str, other: str) -> str:
    return (ROOT / name / other).read_text()


@app.get("/single/{name}")
def read_single(name: str) -> str:
    return (ROOT / name).read_text()
"""


@pytest.fixture
def application(run: Any, tmp_path: Path) -> Any:
    (tmp_path / "files").mkdir()
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return run(CODE.replace("__ROOT__", repr(str(tmp_path / "files"))))


@pytest.mark.parametrize("path", ["/pages/../secret.txt", "/pages/%2e%2e%2fsecret.txt", "/one/../secret.txt"])
def test_a_path_leads_out_of_its_directory(ask: Any, application: Any, lint: Any, path: str) -> None:
    assert ask(application, f"GET {path}").body == "secret"
    assert lint("FAL325", CODE) == [12, 17]


def test_a_path_parameter_holds_no_slash(ask: Any, application: Any) -> None:
    assert ask(application, "GET /single/..%2fsecret.txt").status == 404


def test_the_name_of_an_upload_is_given_as_it_was_sent(ask: Any, run: Any, lint: Any) -> None:
    text = """\
from fastapi import FastAPI, UploadFile

app = FastAPI()


@app.post("/uploads")
def upload(file: UploadFile) -> str | None:
    {statement}
    return file.filename
"""
    head = 'Content-Disposition: form-data; name="file"; filename="../../a.txt"'
    content = f"--x\r\n{head}\r\n\r\na\r\n--x--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = ask(
        run(text.format(statement="pass")), "POST /uploads", content=content.encode(), headers=headers
    )
    assert answer.body == "../../a.txt"
    assert lint("FAL325", text.format(statement='open(f"uploads/{file.filename}")')) == [8]
