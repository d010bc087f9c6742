"""No secret of the code that is linted is shown or kept, whichever rules run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from fastapi_lint.cli import commands
from fastapi_lint.engine import Request, check
from fastapi_lint.facts.reader import read_facts
from fastapi_lint.fingerprints import fingerprints
from fastapi_lint.report.formats import FORMATS
from fastapi_lint.secrecy.texts import secrets_in

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

WORDS = "mellow-otter-lane"

BESIDE = [
    'PASSWORD = "SECRET"',
    'password: str = "SECRET"',
    'password: str = Field(default="SECRET", alias="word")',
    "api_key = b'SECRET'",
    'key = os.getenv("SHOP_TOKEN") or "SECRET"',
    'x = os.getenv("JWT_TOKEN", "SECRET")',
    'x = os.getenv(\n    "JWT_TOKEN",\n    "SECRET",\n)',
    'os.environ["DB_PASSWORD"] = "SECRET"',
    'SMTP = {"host": "smtp", "password": "SECRET"}',
    'TOKENS = ["SECRET", "other"]',
    'connect("db", password="SECRET")',
    'def connect(host: str = "db", password: str = "SECRET"): ...',
    'token = jwt.encode({"sub": 1}, "SECRET", algorithm="HS256")',
    'box = Fernet(\n    "SECRET"\n)',
    'gate = "SECRET"\nx = jwt.encode({"sub": 1}, gate)',
    'if x_api_key != "SECRET": ...',
    'if "SECRET" == x_api_key: ...',
    'gate = "SECRET"\nif x_api_key != gate: ...',
    'secrets.compare_digest(given, "SECRET")',
    'url = "postgresql://shop:SECRET@db/shop"',
    'url = f"postgresql://shop:SECRET@{host}/shop"',
    '# PASSWORD = "SECRET"',
    '"""\npassword: SECRET\n"""',
    "password = '''SECRET'''",
    'password = ("mellow-" "otter-lane")',
    'password = "SECRET',
]


def shown(text: str) -> str:
    """The text with each line's secrets masked."""
    spans = secrets_in(text)
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        hidden = {column for span in spans for column in span.columns_on(number, len(line))}
        lines.append("".join("*" if column in hidden else letter for column, letter in enumerate(line)))
    return "\n".join(lines)


@pytest.mark.parametrize("text", BESIDE)
def test_what_stands_beside_the_name_of_a_secret_is_hidden(text: str) -> None:
    masked = shown(text.replace("SECRET", WORDS))
    assert "otter" not in masked
    assert "lane" not in masked


@pytest.mark.parametrize(
    "text",
    [
        "a = '" + "sk-" + "a1B2c3D4e5F6g7H8i9J0kLmN'",
        "a = 'ghp_' 'd72ddOG7gr2FV3HwJU7MVXFEzrLXTPfYALb1'",
        "a = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c'",
        "a = 'xK9#mPq2$vLw8Zr4'",
    ],
)
def test_what_looks_like_a_secret_is_hidden_whatever_its_name(text: str) -> None:
    masked = shown(text)
    assert masked.startswith("a = **")
    assert "d72dd" not in masked


@pytest.mark.parametrize(
    "text",
    [
        '@router.post("/token", tags=["users"], response_model=Token)',
        'scheme = OAuth2PasswordBearer(tokenUrl="auth/token")',
        'def login(password: str = Form(), name: str = "ada") -> Token: ...',
        'detail = "Incorrect username or password"',
        'jwt.decode(token, key, algorithms=["HS256"])',
        'token = request.headers["X-Token"]',
        '"""Log in.\n\nArgs:\n    password: What the user types.\n"""',
        "# don't ask why, it's the token's fault",
    ],
)
def test_code_without_a_secret_is_shown(text: str) -> None:
    assert shown(text) == text


@given(st.text(alphabet="ab\"'#\\\n\r =:(){}[],!f;é", max_size=60))
def test_any_text_can_be_looked_through(text: str) -> None:
    for span in secrets_in(text):
        assert (span.line, span.column) < (span.end_line, span.end_column)


MAIN = """\
import jwt
from fastapi import FastAPI

app = FastAPI()
PASSWORD = "mellow-otter-lane"
@app.get("/items")
def read_items(x: dict = {"token": "brave-lemon-7"}):
    return jwt.encode({}, "quiet-brook-stone")
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "main.py").write_text(MAIN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["check", "--no-cache", *arguments])


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("selection", [("--select", "FAL1,FAL4"), ("--level", "pedantic")])
def test_no_format_shows_a_secret_whichever_rules_run(selection: tuple[str, ...]) -> None:
    for output_format in FORMATS:
        done = invoke(*selection, "--output-format", output_format)
        assert done.exit_code == 1
        for word in ("otter", "lemon", "brook"):
            assert word not in done.output


def test_a_fingerprint_does_not_depend_on_a_secret_nor_on_the_rules_that_ran(project: Path) -> None:
    found = set()
    for secret, select in (("brave-lemon-7", ("FAL1",)), ("other-words", ("FAL1", "FAL3"))):
        (project / "main.py").write_text(MAIN.replace("brave-lemon-7", secret))
        outcome = check(Request(working_directory=project, select=select, level="pedantic"))
        those = [item for item in outcome.diagnostics if item.code.startswith("FAL1")]
        assert those
        found.add(fingerprints(those, outcome.source_line, outcome.secrets))
    assert len(found) == 1


KEPT_FROM_THE_CACHE = """\
import os
import secrets

import jwt
from cryptography.fernet import Fernet
from fastapi import FastAPI, Header, HTTPException
from pydantic import Field
from pydantic_settings import BaseSettings
from starlette.middleware.sessions import SessionMiddleware

PASSWORD = "hunter2"
LOGIN = {"name": "ada", "password": "blue-garden-door"}
GATE = "brave-lemon-cake"
EXPECTED = "mellow-otter-lane"
os.environ.setdefault("SESSION_TOKEN", "amber-fox-hill")


class Settings(BaseSettings):
    jwt_secret: str = "quiet-brook-stone"
    api_key: str = Field(default="merry-goose-barn")


app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key="tall-cedar-path")
box = Fernet(os.getenv("BOX_KEY", "green-apple-tart"))


def get_password():
    return "silver-moon-boat"


@app.get("/items")
def read_items(x_api_key: str = Header(), token: str = "wild-rose-fence"):
    if x_api_key != "open-sesame-now" or not secrets.compare_digest(token, EXPECTED):
        raise HTTPException(status_code=401)
    return jwt.encode({}, "our-little-signer") + jwt.encode({}, GATE)
"""


def test_the_cache_keeps_no_secret_in_readable_form(project: Path) -> None:
    secrets = re.findall(r'"(hunter2|[a-z]+-[a-z]+-[a-z]+)"', KEPT_FROM_THE_CACHE)
    assert len(secrets) == 13
    (project / "main.py").write_text(KEPT_FROM_THE_CACHE)
    for level in ("default", "pedantic"):
        CliRunner().invoke(commands, ["check", "--level", level])
    files = [file for file in (project / ".fastapi_lint_cache").rglob("*") if file.is_file()]
    kept = b"".join(file.read_bytes() for file in files)
    assert b"read_items" in kept, "it holds facts"
    assert [secret for secret in secrets if secret.encode() in kept] == []


@pytest.mark.parametrize(
    "text",
    [
        'TOKEN = "/token"',
        'REFRESH_TOKEN = "refresh_token"',
        'token_type = "bearer"',
        'key = os.environ["SHOP_DB"]',
    ],
)
def test_paths_and_names_of_secrets_are_known(text: str) -> None:
    assert text.split('"')[1].encode() in msgspec.msgpack.encode(read_facts("main.py", text))
