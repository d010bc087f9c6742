"""`check --explain-route`: what is known of one route, and what each rule says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from fastapi_lint.cli import commands

if TYPE_CHECKING:
    from pathlib import Path

MAIN = """\
from fastapi import FastAPI

import users

app = FastAPI()
app.include_router(users.router, prefix="/v1")
"""
USERS = """\
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.orm import Session

from database import get_session

router = APIRouter(prefix="/users")


def signed_in(token: str) -> str:
    if not token:
        raise HTTPException(401)
    return token


@router.get("/{user_id}")
def read_user(user_id: int, session: Session = Depends(get_session), who: str = Depends(signed_in)):
    return session.get(object, user_id)


@router.get("/{name}/pets")  # fastapi-lint: ignore[path-parameter-not-received] read from the request
def read_pets() -> list[str]:
    return []
"""
DATABASE = """\
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("sqlite://")


def get_session():
    with Session(engine) as session:
        yield session
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text('[tool.fastapi-lint]\nignore = ["FAL103"]\n', encoding="utf-8")
    for name, text in (("main", MAIN), ("users", USERS), ("database", DATABASE)):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def explained(route: str, *options: str) -> str:
    result = CliRunner().invoke(commands, ["check", "--no-cache", "--explain-route", route, *options])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_route_is_told_from_the_application_down_to_its_effects() -> None:
    text = explained("GET /v1/users/{user_id}")
    assert text.split("\n\nrules\n")[0] == (
        "GET /v1/users/{user_id}\n"
        "  handler         users.read_user (users.py:16)\n"
        "  application     main:app\n"
        "  status          the default\n"
        "  response model  none declared\n"
        "  guarded by      users.signed_in\n"
        "  sessions from   database.get_session\n"
        "\n"
        "served by\n"
        "  application main:app  main.py:5\n"
        "  include  adds /v1  main.py:6\n"
        "  router users:router  adds /users  users.py:6\n"
        "\n"
        "dependencies\n"
        "  session: database.get_session  database.py:7\n"
        "  who: users.signed_in  verifies the caller  users.py:9\n"
        "\n"
        "what the handler does, and what it calls\n"
        "  query: session.get (users.py:17)\n"
        "  block: session.get (users.py:17)"
    )


def test_each_rule_says_whether_it_spoke_and_why_not() -> None:
    rules = explained("GET /v1/users/{user_id}").split("\n\nrules\n")[1]
    assert "  report: FAL101 missing-response-model\n    users.py:15: `GET /v1/users/{user_id}`" in rules
    assert "  off, ignored: FAL103\n" in rules
    assert "FAL102" in next(line for line in rules.splitlines() if "off, level strict" in line)
    nothing = next(line for line in rules.splitlines() if "nothing to report" in line)
    assert "FAL108" in nothing
    assert "FAL101" not in nothing


def test_a_silenced_rule_is_named_with_the_reason() -> None:
    text = explained("GET /v1/users/{id}/pets")
    assert "silenced by a comment: FAL107 path-parameter-not-received (read from the request)\n" in text


def test_level_and_selection_hold_as_for_a_check() -> None:
    assert "off, level strict" not in explained("/v1/users/{user_id}", "--level", "pedantic")
    text = explained("/v1/users/{user_id}", "--select", "FAL108")
    assert "\n  report: " not in text
    assert "\n  nothing to report: FAL108\n  off, not selected: " in text


def test_files_that_are_ignored_are_said(project: Path) -> None:
    settings = '[tool.fastapi-lint.per-file-ignores]\n"users.py" = ["FAL1"]\n'
    (project / "pyproject.toml").write_text(settings, encoding="utf-8")
    assert "  off, `per-file-ignores` for users.py: FAL101, " in explained("/v1/users/{user_id}")


def test_the_method_may_be_left_out_and_placeholders_may_have_other_names() -> None:
    assert explained("/v1/users/{id}") == explained("get /v1/users/{user_id}/")


def test_an_unknown_route_is_refused_with_a_suggestion() -> None:
    result = CliRunner().invoke(
        commands, ["check", "--no-cache", "--explain-route", "GET /v1/user/{user_id}"]
    )
    assert result.exit_code == 2
    assert "no route is `GET /v1/user/{user_id}`: did you mean `GET /v1/users/{user_id}`" in result.stderr
