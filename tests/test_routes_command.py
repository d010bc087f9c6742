"""`fastapi-lint routes`: what it lists, what it leaves out, and how it prints that."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from fastapi_lint import cli

if TYPE_CHECKING:
    from click.testing import Result
    from pytest_snapshot.plugin import Snapshot

PROGRAM = Path(sys.executable).with_name("fastapi-lint")

SECURITY = """
    import hmac
    import os

    import jwt
    from fastapi import Depends, HTTPException, Request, status
    from fastapi.security import HTTPBearer, OAuth2PasswordBearer

    oauth2 = OAuth2PasswordBearer(tokenUrl="token")
    lenient = OAuth2PasswordBearer(tokenUrl="token", auto_error=False)
    configured = OAuth2PasswordBearer(tokenUrl="token", auto_error=os.environ["STRICT"])


    def get_user(token: str = Depends(lenient)):
        if not token:
            raise HTTPException(status_code=status.HTTP_401_UNAUTHORIZED)
        return token


    def get_optional_user(token: str = Depends(lenient)):
        try:
            return get_user(token)
        except HTTPException:
            return None


    def get_name(user: str = Depends(get_user)):
        return user.upper()


    class Roles:
        def __init__(self, *roles):
            self.roles = roles

        def __call__(self, request: Request):
            if request.headers.get("role") not in self.roles:
                raise HTTPException(403)


    class Bearer(HTTPBearer):
        async def __call__(self, request: Request):
            return await super().__call__(request)


    class OptionalBearer(HTTPBearer):
        def __init__(self):
            super().__init__(auto_error=False)


    class InvalidToken(Exception): ...


    def decode(request: Request):
        try:
            return jwt.decode(request.headers["token"], os.environ["KEY"], algorithms=["HS256"])
        except jwt.PyJWTError:
            raise InvalidToken


    def paging(page: int = 1):
        if page < 1:
            raise HTTPException(400)
        return page
"""
DATABASE = """
    from sqlalchemy.orm import Session, sessionmaker

    SessionLocal = sessionmaker()

    def get_db():
        with SessionLocal() as session:
            yield session
"""
ITEMS = """
    from fastapi import APIRouter, Depends
    from pydantic import BaseModel
    from sqlalchemy.orm import Session

    from database import get_db
    from security import get_user

    router = APIRouter(prefix="/items")

    class Item(BaseModel):
        name: str

    @router.get("")
    def read_items(db: Session = Depends(get_db)) -> list[Item]: ...

    @router.post("", status_code=201, dependencies=[Depends(get_user)])
    def create_item(item: Item, db: Session = Depends(get_db)) -> Item | None: ...
"""
MAIN = """
    import os

    from fastapi import FastAPI
    from fastapi.staticfiles import StaticFiles

    import items, debug, admin

    app = FastAPI()
    app.include_router(items.router, prefix="/api")
    if os.environ.get("DEBUG"):
        app.include_router(debug.router)
    app.mount("/admin", admin.app)
    app.mount("/static", StaticFiles(directory="static"))

    @app.websocket("/live")
    async def live(socket): ...
"""
DEBUG = """
    from fastapi import APIRouter

    router = APIRouter()

    @router.get("/debug")
    def show(): ...
"""
ADMIN = """
    from fastapi import Depends, FastAPI
    from security import Roles

    app = FastAPI(dependencies=[Depends(Roles("admin"))])

    @app.delete("/users/{user_id}", status_code=204)
    def delete_user(user_id: int): ...
"""
OTHER = """
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/health")
    def check(): ...
"""
SHOP = {
    "security": SECURITY,
    "database": DATABASE,
    "items": ITEMS,
    "main": MAIN,
    "debug": DEBUG,
    "admin": ADMIN,
    "other": OTHER,
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, which is the working directory."""
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(**modules: str) -> None:
    for name, text in modules.items():
        Path(f"{name}.py").write_text(textwrap.dedent(text).lstrip())


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cli.commands, ["routes", *arguments])


def rows(*arguments: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(invoke("--output-format", "csv", *arguments).stdout)))


def paths(*arguments: str) -> list[str]:
    return [row["path"] for row in rows(*arguments)]


def guarded_by(parameter: str) -> str:
    """The guards of a route with one dependency."""
    write(
        security=SECURITY,
        main=f"""
        import security, somewhere
        from fastapi import BackgroundTasks, Depends, FastAPI
        from fastapi.security import OAuth2PasswordRequestForm, HTTPBasic
        from fastapi_users import FastAPIUsers

        users = FastAPIUsers(None, [])
        app = FastAPI()

        @app.get("/")
        def read(it=Depends({parameter})): ...
        """,
    )
    (row,) = rows()
    return row["guarded by"]


# What is listed


@pytest.mark.parametrize("name", ["table", "csv", "markdown", "mermaid"])
def test_a_shop_of_two_applications_is_listed(name: str, snapshot: Snapshot) -> None:
    write(**SHOP)
    done = invoke("--output-format", name)
    assert (done.stderr, done.exit_code) == ("", 0)
    snapshot.snapshot_dir = Path(__file__).parent / "snapshots" / "test_routes_command"
    snapshot.assert_match(done.stdout, f"{name}.txt")


def test_one_application_needs_no_column_for_it() -> None:
    write(other=OTHER)
    head, row = invoke().stdout.splitlines()
    assert head.split() == [
        "method",
        "path",
        "handler",
        "status",
        "model",
        "guarded",
        "by",
        "session",
        "file:line",
    ]
    assert row.split() == ["GET", "/health", "check", "-", "-", "-", "-", "other.py:6"]


def test_a_status_that_is_not_known_is_a_question_mark() -> None:
    write(
        main="""
        import elsewhere
        from fastapi import FastAPI
        app = FastAPI()
        @app.get("/", status_code=elsewhere.status())
        def read(): ...
        """
    )
    assert [row["status"] for row in rows()] == ["?"]


def test_filters_choose_the_routes_of_every_format() -> None:
    write(**SHOP)
    assert paths("--method", "post,DELETE") == ["/api/items", "/admin/users/{user_id}"]
    assert paths("--method", "websocket") == ["/live"]
    assert paths("--path", "/api/*") == ["/api/items", "/api/items"]
    assert paths("--handler", "delete_*") == ["/admin/users/{user_id}"]
    assert paths("--handler", "items.read_items") == ["/api/items"]
    assert paths("--unprotected") == ["/api/items", "/debug", "/live", "/health"]
    assert paths("--unprotected", "--method", "GET", "--path", "/h*") == ["/health"]
    listed = json.loads(invoke("--output-format", "json", "--unprotected").stdout)
    assert [route["handler"] for route in listed] == [
        "items.read_items",
        "debug.show",
        "main.live",
        "other.check",
    ]
    assert list(listed[0]) == [
        *("app", "kind", "path", "methods", "handler", "file", "line", "decorator_line", "status_code"),
        *("response_model", "dependencies", "tags", "operation_id", "include_in_schema", "deprecated"),
    ]


def test_a_choice_that_no_route_meets_says_so() -> None:
    write(other=OTHER)
    done = invoke("--path", "/nowhere", "--output-format", "json")
    assert (done.stdout, done.stderr, done.exit_code) == ("[]\n", "fastapi-lint: no routes match\n", 0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--output-format", "mermaid", "--path", "/x"), "the tree of routers can't be combined"),
        (("--unresolved", "--unprotected"), "--unresolved can't be combined"),
        (("--unresolved", "--output-format", "csv"), "--unresolved is printed as table or json"),
    ],
)
def test_what_cannot_be_combined_is_refused(arguments: tuple[str, ...], sentence: str) -> None:
    done = invoke(*arguments)
    assert done.exit_code == 2
    assert sentence in done.stderr


def test_the_installed_program_lists_unprotected_routes() -> None:
    write(**SHOP)
    command = [str(PROGRAM), "routes", "--unprotected", "--output-format", "markdown"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.splitlines()[2].startswith("| GET | `/api/items` | `read_items` |")


# Guards


@pytest.mark.parametrize(
    ("parameter", "guards"),
    [
        ("security.oauth2", "fastapi.security.OAuth2PasswordBearer"),
        ("security.lenient", ""),
        ("security.configured", "fastapi.security.OAuth2PasswordBearer?"),
        ("security.get_user", "security.get_user"),
        ("security.get_name", "security.get_user"),
        ("security.get_optional_user", ""),
        ("security.Roles('admin')", "security.Roles"),
        ("security.Bearer()", "security.Bearer"),
        ("security.Bearer(auto_error=False)", ""),
        ("security.OptionalBearer()", ""),
        ("security.decode", "security.decode?"),
        ("security.paging", ""),
        ("lambda: 1", ""),
        ("OAuth2PasswordRequestForm", ""),
        ("HTTPBasic()", "fastapi.security.HTTPBasic"),
        ("users.current_user()", "fastapi_users.FastAPIUsers.current_user"),
        ("users.current_user(optional=True)", ""),
        ("somewhere.check", "somewhere.check?"),
        ("somewhere.make()", "somewhere.make?"),
        ("security.missing", "?"),
    ],
)
def test_a_guard_is_what_verifies_callers(parameter: str, guards: str) -> None:
    assert guarded_by(parameter) == guards


def test_a_route_that_something_unknown_may_guard_is_not_called_unprotected() -> None:
    assert guarded_by("security.missing") == "?"
    assert paths("--unprotected") == []


def test_a_list_of_dependencies_that_cannot_be_read_may_guard() -> None:
    write(
        main="""
        import somewhere
        from fastapi import APIRouter, FastAPI
        app = FastAPI()
        router = APIRouter()
        @router.get("/")
        def read(): ...
        app.include_router(router, dependencies=somewhere.rules())
        """
    )
    assert [row["guarded by"] for row in rows()] == ["?"]


def test_middleware_that_answers_401_may_guard() -> None:
    write(
        main="""
        from fastapi import FastAPI
        from fastapi.responses import JSONResponse
        app = FastAPI()
        @app.middleware("http")
        async def verify(request, call_next):
            if "token" not in request.headers:
                return JSONResponse({}, status_code=401)
            return await call_next(request)
        @app.get("/")
        def read(): ...
        """
    )
    assert [row["guarded by"] for row in rows()] == ["main.verify?"]


# What could not be resolved


def unresolved(text: str) -> list[tuple[int, str, str]]:
    write(main=text)
    found: list[dict[str, Any]] = json.loads(invoke("--unresolved", "--output-format", "json").stdout)
    assert {item["file"] for item in found} <= {"main.py"}
    return [(item["line"], item["what"], item["why"]) for item in found]


def test_what_could_not_be_resolved_is_listed_with_place_and_reason() -> None:
    text = """\
        import somewhere
        from fastapi import APIRouter, Depends, FastAPI
        app = FastAPI()
        router = APIRouter(prefix=somewhere.prefix())
        @app.get(somewhere.path())
        def one(): ...
        app.add_api_route("/two", somewhere.handler)
        app.include_router(somewhere.make_router())
        app.include_router(APIRouter(), prefix=somewhere.prefix())
        @app.get("/three")
        def three(
            it=Depends(somewhere.make()),
        ): ...
        @app.get("/four", dependencies=somewhere.rules())
        def four(): ...
        def setup(late):
            @late.get("/five")
            def five(): ...
            late.include_router(router)
        """
    unreached = "no way was found in which this code is run"
    assert unresolved(text) == [
        (4, "prefix", "what `somewhere.prefix` returns isn't known"),
        (5, "path", "what `somewhere.path` returns isn't known"),
        (7, "handler", "`somewhere.handler` is made outside of the project"),
        (8, "include", "what `somewhere.make_router` returns isn't known"),
        (9, "prefix", "what `somewhere.prefix` returns isn't known"),
        (12, "dependency", "`it`: what `somewhere.make` returns isn't known"),
        (14, "dependencies", "what `somewhere.rules` returns isn't known"),
        (17, "route", unreached),
        (19, "include", unreached),
    ]
    table = invoke("--unresolved").stdout.splitlines()
    assert table[0].split() == ["file:line", "what", "why"]
    assert table[1].split()[:2] == ["main.py:4", "prefix"]


def test_where_everything_is_resolved_that_is_said() -> None:
    write(**SHOP)
    done = invoke("--unresolved")
    assert (done.stdout, done.stderr, done.exit_code) == (
        "",
        "fastapi-lint: everything could be resolved\n",
        0,
    )
    assert json.loads(invoke("--unresolved", "--output-format", "json").stdout) == []
