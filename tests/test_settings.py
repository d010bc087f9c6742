"""What a project says about itself changes what its linked application answers."""

from __future__ import annotations

import sys
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from fastapi_lint.application import link
from fastapi_lint.application.database.sessions import session_kind
from fastapi_lint.application.library import Effect
from fastapi_lint.config import Option, Settings
from fastapi_lint.config.keys import KEYS
from fastapi_lint.config.schema import schema
from fastapi_lint.engine import Request, RouteSelection, check, listed_routes, routes
from fastapi_lint.facts.reader import read_facts
from fastapi_lint.report.route_listing import comma_separated
from fastapi_lint.rules import catalogue

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi_lint.application import Application, Body


def linked(settings: Settings, files: dict[str, str]) -> Application:
    facts = [read_facts(path, dedent(text)) for path, text in files.items()]
    return link(facts, settings=settings)


def handler_body(application: Application) -> Body:
    handler = application.routes[0].handler
    assert handler is not None
    return application.body(handler)


def public(settings: Settings, text: str) -> list[str]:
    application = linked(settings, {"main.py": text})
    return [route.label for route in application.routes if application.guards.is_public(route)]


ROUTES = """
    from fastapi import FastAPI

    app = FastAPI()

    @app.post("/signup")
    def sign_up(): ...

    @app.api_route("/webhooks/stripe", methods=["GET", "POST"])
    def hook(): ...

    @app.websocket("/events")
    async def events(): ...
"""


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        (["/signup"], ["POST /signup"]),
        (["POST /signup"], ["POST /signup"]),
        (["GET /signup"], []),
        (["POST /webhooks/*"], []),
        (["POST /webhooks/*", "GET /webhooks/*"], ["GET/POST /webhooks/stripe"]),
        (["/webhooks/*"], ["GET/POST /webhooks/stripe"]),
        (["WEBSOCKET /events"], ["WEBSOCKET /events"]),
        (["/*"], ["POST /signup", "GET/POST /webhooks/stripe", "WEBSOCKET /events"]),
    ],
)
def test_public_routes_are_named_by_method_and_path(patterns: list[str], found: list[str]) -> None:
    assert public(Settings(public_routes=tuple(patterns)), ROUTES) == found


def test_a_comment_on_a_route_says_that_it_is_public() -> None:
    text = """
        from fastapi import FastAPI

        app = FastAPI()

        # fastapi-lint: public
        @app.post("/above")
        def above(): ...

        @app.post("/beside")  # fastapi-lint: public anybody may sign up
        @app.post("/other")
        def beside(): ...

        @app.post(
            "/inside",  # fastapi-lint: public
        )
        def inside(): ...

        @app.post("/one")
        @app.post("/two")
        def both():  # fastapi-lint: public
            ...

        @app.post("/private")
        def private():
            # fastapi-lint: public
            return 1

        app.add_api_route("/added", private, methods=["POST"])  # fastapi-lint: public
    """
    found = public(Settings(), text)
    assert sorted(found) == sorted(
        ["POST /above", "POST /beside", "POST /inside", "POST /one", "POST /two", "POST /added"]
    )


def test_a_public_route_is_not_listed_as_unprotected(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.fastapi-lint]\npublic-routes = ["/signup"]\n')
    (tmp_path / "main.py").write_text(dedent(ROUTES))
    found = listed_routes(Request(working_directory=tmp_path))
    assert [route.row.path for route in found if RouteSelection(unprotected=True).admits(route)] == [
        "/webhooks/stripe",
        "/events",
    ]
    assert comma_separated(found).splitlines()[1].endswith(",public")


GUARDED = """
    from company import require_user
    from fastapi import Depends, FastAPI
    from deps import Checker, checked, role

    app = FastAPI()

    @app.get("/a")
    def a(user=Depends(require_user)): ...

    @app.get("/b")
    def b(user=Depends(checked)): ...

    @app.get("/c")
    def c(user=Depends(Checker())): ...

    @app.get("/d")
    def d(user=Depends(role("admin"))): ...
"""
DEPENDENCIES = """
    from inner import checked

    class Checker:
        def __call__(self): ...

    def role(name):
        def check(): ...
        return check
"""
INNER = """
    def checked(): ...
"""


def guarded(*names: str) -> list[str]:
    files = {"main.py": GUARDED, "deps.py": DEPENDENCIES, "inner.py": INNER}
    application = linked(Settings(auth_dependencies=names), files)
    return [
        route.path
        for route in application.routes
        if any(guard.is_certain for guard in application.guards.of(route))
    ]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("company.require_user", "/a"),
        ("inner.checked", "/b"),
        ("deps.checked", "/b"),
        ("deps.Checker", "/c"),
        ("deps.role", "/d"),
        ("deps.role.<locals>.check", "/d"),
    ],
)
def test_a_dependency_that_is_said_to_authenticate_guards(name: str, path: str) -> None:
    assert guarded(name) == [path]


def test_a_name_that_nothing_has_changes_nothing() -> None:
    assert guarded("deps.nobody", "nowhere.at.all", "deps.Checker.nothing", "inner") == []


QUERIES = """
    from fastapi import Depends, FastAPI
    from db import Item, get_session

    app = FastAPI()

    @app.get("/items")
    def read_items(ids: list[int], session=Depends(get_session)):
        return [session.get(Item, id) for id in ids]
"""


def effects(settings: Settings, **files: str) -> set[Effect]:
    body = handler_body(linked(settings, {f"{name}.py": text for name, text in files.items()}))
    return set(body.effects)


def test_a_session_from_an_unknown_factory_queries_once_it_is_stated() -> None:
    database = """
        from company import get_session
        class Item: ...
    """
    assert Effect.QUERY not in effects(Settings(), main=QUERIES, db=database)
    stated = Settings(session_factories=("company.get_session",))
    assert Effect.QUERY in effects(stated, main=QUERIES, db=database)


OPENING = """
    import company
    from company.db import Session
    from db import UnitOfWork, get_session
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/items")
    def read_items():
        return CALL
"""
DATABASE = """
    class UnitOfWork:
        def close(self): ...

    def get_session():
        return make()
"""


@pytest.mark.parametrize(
    ("call", "settings"),
    [
        ("get_session()", Settings(session_factories=("db.get_session",))),
        ("company.connect()", Settings(session_factories=("company.connect",))),
        ("UnitOfWork()", Settings(session_types=("db.UnitOfWork",))),
        ("Session()", Settings(session_types=("company.db.Session",))),
        ("company.db.Session()", Settings(session_types=("company.db.Session",))),
    ],
)
def test_what_is_stated_opens_a_session(call: str, settings: Settings) -> None:
    files = {"main": OPENING.replace("CALL", call), "db": DATABASE}
    assert Effect.CONNECT not in effects(Settings(), **files)
    assert Effect.CONNECT in effects(settings, **files)


@pytest.mark.parametrize(
    ("name", "definition", "is_async"),
    [
        ("Unit", "class Unit:\n    def __enter__(self): ...", False),
        ("Unit", "class Unit:\n    async def __aenter__(self): ...", True),
        ("AsyncUnit", "class AsyncUnit: ...", True),
    ],
)
def test_a_stated_session_is_asynchronous_if_it_is_entered_so_or_named_so(
    name: str, definition: str, *, is_async: bool
) -> None:
    route = f"app = FastAPI()\n@app.get('/')\ndef f():\n    return {name}()\n"
    text = f"from fastapi import FastAPI\n{definition}\n{route}"
    body = handler_body(linked(Settings(session_types=(f"main.{name}",)), {"main.py": text}))
    kind = session_kind(body.result)
    assert kind is not None
    assert kind.is_async is is_async


BLOCKING = """
    import sdk
    from fastapi import FastAPI
    from sdk import Client
    from work import Worker, compute

    app = FastAPI()

    @app.get("/items")
    async def read_items(client: Client, worker: Worker):
        CALL
"""
WORK = """
    class Worker:
        def run(self): ...

    def compute(): ...
"""


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("compute()", "work.compute"),
        ("worker.run()", "work.Worker.run"),
        ("sdk.fetch()", "sdk.fetch"),
        ("Client()", "sdk.Client"),
        ("client.fetch()", "sdk.Client.fetch"),
        ("Client().fetch()", "sdk.Client.fetch"),
    ],
)
def test_a_call_that_is_said_to_block_blocks(call: str, name: str) -> None:
    files = {"main": BLOCKING.replace("CALL", call), "work": WORK}
    assert Effect.BLOCK not in effects(Settings(), **files)
    assert Effect.BLOCK in effects(Settings(blocking_calls=(name,)), **files)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_the_schema_takes_what_the_program_takes(key: str) -> None:
    described = schema(catalogue.names(), catalogue.options)
    jsonschema.Draft7Validator.check_schema(described)
    example = KEYS[key].example or '[tool.fastapi-lint.rules.hardcoded-secret]\nignore-names = ["x"]'
    document = tomllib.loads(example)
    jsonschema.validate(document.get("tool", {}).get("fastapi-lint", document), described)
    for wrong in ({key: 1}, {f"{key}x": "x"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, described)


def test_the_schema_knows_the_types_of_options() -> None:
    options: dict[str, Option[Any]] = {
        "number": Option(3, "How many.", least=1),
        "flag": Option(default=False, says="Whether."),
        "word": Option("", "Which."),
    }
    described = schema({"FAL101": "a"}, lambda _name: options)
    properties = described["properties"]["rules"]["properties"]["a"]["properties"]
    assert properties["number"] == {
        "description": "How many.",
        "type": "integer",
        "minimum": 1,
        "default": 3,
    }
    assert [properties[name]["type"] for name in ("flag", "word")] == ["boolean", "string"]


def test_projects_of_one_repository_have_settings_and_applications_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.fastapi-lint]\nselect = ["FAL601", "FAL101"]\n')
    called = dedent(BLOCKING.replace("CALL", "sdk.fetch()"))
    services = {
        "one": 'extend = "../pyproject.toml"\nblocking-calls = ["sdk.fetch"]\n',
        "two": 'select = ["FAL601"]\n',
        "three": (
            'select = ["FAL601"]\nblocking-calls = ["sdk.fetch"]\n'
            'severity = { FAL6 = "info" }\nfail-on = "error"\n'
        ),
    }
    for name, text in services.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "fastapi-lint.toml").write_text(text)
        (tmp_path / name / "main.py").write_text(called)
    outcome = check(Request(working_directory=tmp_path))
    assert [(item.path, item.severity.value) for item in outcome.diagnostics] == [
        ("one/main.py", "warning"),
        ("three/main.py", "info"),
    ]
    assert [item.path for item in outcome.failing] == ["one/main.py"]
    assert {route.app for route in routes(Request(working_directory=tmp_path))} == {"main:app"}
    assert len(routes(Request(working_directory=tmp_path))) == 3


def test_what_is_named_and_is_not_there_is_remarked_on(tmp_path: Path) -> None:
    (tmp_path / "db.py").write_text("class UnitOfWork:\n    def enter(self): ...\ndef start(): ...\n")
    (tmp_path / "main.py").write_text(dedent(ROUTES))
    (tmp_path / "fastapi-lint.toml").write_text(
        'session-types = ["db.UnitOfWrok", "db.UnitOfWork", "company.Session", "db.Nothing"]\n'
        'session-factories = ["db.strat", "db.start"]\n'
        'auth-dependencies = ["db"]\n'
        'blocking-calls = ["db.UnitOfWork.entr", "db.UnitOfWork.enter", "time.sleep"]\n'
        'public-routes = ["POST /singup", "GET /webhooks/*", "/nothing/like/it"]\n'
    )
    assert check(Request(working_directory=tmp_path)).warnings == (
        (
            "`session-types` in fastapi-lint.toml names `db.UnitOfWrok`, which the project hasn't: "
            "did you mean `db.UnitOfWork`?"
        ),
        "`session-types` in fastapi-lint.toml names `db.Nothing`, which the project hasn't",
        (
            "`session-factories` in fastapi-lint.toml names `db.strat`, which the project hasn't: "
            "did you mean `db.start`?"
        ),
        "`blocking-calls` in fastapi-lint.toml names `db.UnitOfWork.entr`, which the project hasn't",
        (
            "`public-routes` in fastapi-lint.toml names `POST /singup`, which no route has: "
            "did you mean `POST /signup`?"
        ),
        "`public-routes` in fastapi-lint.toml names `/nothing/like/it`, which no route has",
    )


def test_settings_reach_the_rules_from_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(dedent(BLOCKING.replace("CALL", "sdk.fetch()")), encoding="utf-8")
    configuration = tmp_path / "pyproject.toml"
    configuration.touch()
    request = Request(working_directory=tmp_path, select=("FAL601",))
    assert not check(request).diagnostics
    configuration.write_text('[tool.fastapi-lint]\nblocking-calls = ["sdk.fetch"]\n', encoding="utf-8")
    (found,) = check(request).diagnostics
    assert found.code == "FAL601"
