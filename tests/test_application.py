"""What linking makes of the shapes in which projects write their routes, beside those of the fixtures."""

from __future__ import annotations

import random
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from fastapi_lint.application import link
from fastapi_lint.facts.reader import read_facts

if TYPE_CHECKING:
    from fastapi_lint.application import Application

HEAD = "from fastapi import APIRouter, Depends, FastAPI, Security\n"


def linked(files: dict[str, str], **options: object) -> Application:
    """The application of a project's files, texts by path."""
    facts = [read_facts(path, dedent(text)) for path, text in files.items()]
    return link(facts, **options)  # type: ignore[arg-type]


def table(application: Application) -> list[tuple[str | None, str]]:
    return [(route.app, route.label) for route in application.routes]


def labels(text: str, **others: str) -> list[str]:
    """The labels of the routes of a project whose `main.py` is `text`, behind the usual import."""
    files = {
        "main.py": HEAD + dedent(text),
        **{f"{name}.py": HEAD + dedent(it) for name, it in others.items()},
    }
    return [route.label for route in linked(files).routes]


ROUTE = """
@app.get({})
def read(): ...
"""


@pytest.mark.parametrize(
    ("before", "path", "expected"),
    [
        ("A = '/a'", "A", "/a"),
        ("A = '/a'", "A + '/b'", "/a/b"),
        ("A = '/a'", "f'{A}/b/{1 + 1}'", "/a/b/2"),
        ("", "'/{}/{b}'.format('a', b='b')", "/a/b"),
        ("", "'/%s/%d' % ('a', 2)", "/a/2"),
        ("", "'/' + '/'.join(['a', 'b'])", "/a/b"),
        ("A = '/A/'", "A.lower().rstrip('/')", "/a"),
        ("class A:\n    PATH = '/a'", "A.PATH", "/a"),
        ("class A:\n    def __init__(self, path='/a'): self.path = path", "A().path", "/a"),
        ("class A:\n    def __init__(self, path='/a'): self.path = path", "A(path='/b').path", "/b"),
        ("class A:\n    @property\n    def path(self): return '/a'", "A().path", "/a"),
        ("class A:\n    @staticmethod\n    def path(): return '/a'", "A.path()", "/a"),
        (
            "class A:\n    @classmethod\n    def path(cls): return cls.P\nclass B(A):\n    P = '/b'",
            "B.path()",
            "/b",
        ),
        ("class A:\n    def __getattr__(self, name): return '/' + name", "A().a", "/a"),
        ("class A:\n    def __call__(self, name): return '/' + name", "A()('a')", "/a"),
        ("from enum import Enum\nclass A(str, Enum):\n    B = '/b'", "A.B.value", "/b"),
        ("from enum import Enum\nclass A(str, Enum):\n    B = '/b'", "A['B'].value", "/b"),
        ("PATHS = {'a': '/a'}", "PATHS['a']", "/a"),
        ("PATHS = {'a': '/a'}", "PATHS.get('b', '/b')", "/b"),
        ("PATHS = ['/a', '/b']", "PATHS[-1]", "/b"),
        ("a, (b, *_) = '/a', ['/b']", "b", "/b"),
        ("def path(name, *, root='/r'): return f'{root}/{name}'", "path('a')", "/r/a"),
        ("def path(*names, **more): return '/' + names[1] + more['x']", "path('a', 'b', x='c')", "/bc"),
        ("from functools import partial\ndef path(a, b): return a + b", "partial(path, '/a')('/b')", "/a/b"),
        ("path = lambda name: '/' + name", "path('a')", "/a"),
        ("", "None or '/a'", "/a"),
        ("", "'' or '/a'", "/a"),
        ("", "True and '/a'", "/a"),
        ("", "'/a' if not 0 else '/b'", "/a"),
        ("", "(path := '/a')", "/a"),
        ("import os\nA = os.getenv('A', '/a')", "A", "/a"),
        ("from typing import cast", "cast(str, '/a')", "/a"),
        ("class A:\n    path = '/a'", "getattr(A, 'path')", "/a"),
        ("class A: ...", "getattr(A, 'path', '/a')", "/a"),
        ("class A: ...\nsetattr(A, 'path', '/a')", "A.path", "/a"),
        ("class A: ...", "'/a' if hasattr(A, 'path') else '/b'", "/b"),
        ("A = '/a'\nA += '/b'", "A", "/a/b"),
        ("def path():\n    global P\n    P = '/a'\npath()", "P", "/a"),
        ("import importlib\nother = importlib.import_module('main')\nA = '/a'", "A", "/a"),
        ("def paths():\n    yield '/a'", "next(paths())", "/a"),
        (
            "import contextlib\n@contextlib.contextmanager\ndef path(): yield '/a'\nwith path() as A: ...",
            "A",
            "/a",
        ),
        ("match 1:\n    case _:\n        A = '/a'", "A", "/a"),
        ("try:\n    A = '/a'\nexcept ImportError:\n    A = '/b'", "A", "/a"),
        ("while True:\n    A = '/a'\n    break", "A", "/a"),
    ],
)
def test_paths_are_known_however_they_are_written(before: str, path: str, expected: str) -> None:
    assert labels(f"{before}\napp = FastAPI()\n" + ROUTE.format(path)) == [f"GET {expected}"]


@pytest.mark.parametrize(
    "body",
    [
        "for router in (a, b): app.include_router(router)",
        "for router in [a] + [b]: app.include_router(router)",
        "for name, router in {'a': a, 'b': b}.items(): app.include_router(router)",
        "for number, router in enumerate([a, b]): app.include_router(router)",
        "for one, other in zip([a, b], 'ab'): app.include_router(one)",
        "routers = []\nrouters.append(a)\nrouters.extend([b])\nfor it in routers: app.include_router(it)",
        "[app.include_router(router) for router in [a, b]]",
        "both = APIRouter()\nboth.include_router(a)\nboth.include_router(b)\napp.include_router(router=both)",
        "def add(app, *routers):\n    for router in routers: app.include_router(router)\nadd(app, a, b)",
        "def routers():\n    yield a\n    yield b\nfor router in routers(): app.include_router(router)",
        "class A:\n    all = [a, b]\n    def add(self): [app.include_router(x) for x in self.all]\nA().add()",
        "class Api:\n    def __init__(self): self.b = b\napp.include_router(a)\napp.include_router(Api().b)",
    ],
)
def test_routers_are_followed_wherever_they_are_kept(body: str) -> None:
    routers = """
    a, b = APIRouter(prefix="/a"), APIRouter(prefix="/b")

    @a.get("/x")
    def x(): ...

    @b.post("/y")
    def y(): ...

    app = FastAPI()
    """
    application = linked({"main.py": HEAD + dedent(routers) + body + "\n"})
    assert table(application) == [("main:app", "GET /a/x"), ("main:app", "POST /b/y")]


def test_conditions_are_decided_by_the_defaults_of_settings() -> None:
    application = linked(
        {
            "main.py": HEAD
            + dedent(
                """
                from pydantic_settings import BaseSettings

                class Settings(BaseSettings):
                    on: bool = True
                    off: bool = False
                    needed: bool

                settings = Settings()
                app = FastAPI()
                if settings.on:
                    @app.get("/on")
                    def on(): ...
                if settings.off:
                    @app.get("/off")
                    def off(): ...
                if settings.needed:
                    @app.get("/needed")
                    def needed(): ...
                if settings.on and not settings.off:
                    @app.get("/both")
                    def both(): ...
                """
            )
        }
    )
    found = {route.path: (route.app, route.is_uncertain) for route in application.routes}
    assert found == {
        "/on": ("main:app", False),
        "/off": (None, True),
        "/needed": ("main:app", True),
        "/both": ("main:app", False),
    }


def test_what_stands_behind_an_early_return_that_is_the_default_is_not_served_by_default() -> None:
    text = """
    from somewhere import flags

    ENABLED = False

    def create_app():
        app = FastAPI()
        add(app)
        return app

    def add(app):
        if not ENABLED:
            return
        @app.get("/extra")
        def extra(): ...
    """
    application = linked({"main.py": HEAD + dedent(text.replace("if not ENABLED", "if not flags.enabled"))})
    assert table(application) == [(None, "GET /extra")]


def test_a_factory_is_called_once_and_its_helpers_fill_what_it_made() -> None:
    text = """
    def make():
        return FastAPI()

    def fill(app):
        app.include_router(router, prefix="/v1")

    def create_app(debug: bool = False):
        app = make()
        fill(app)
        return app

    router = APIRouter()

    @router.get("/x")
    def x(): ...
    """
    assert table(linked({"main.py": HEAD + dedent(text)})) == [("main:make", "GET /v1/x")]


def test_a_factory_that_imports_its_parts_itself_is_followed() -> None:
    files = {
        "main.py": HEAD
        + dedent(
            """
            def create_app():
                from parts import create_api
                app = FastAPI()
                app.mount("/api", create_api())
                return app
            """
        ),
        "parts.py": HEAD
        + dedent(
            """
            def create_api():
                api = FastAPI()
                @api.get("/x")
                def x(): ...
                return api
            """
        ),
    }
    assert table(linked(files)) == [("main:create_app", "GET /api/x")]


@pytest.mark.parametrize(
    "start",
    [
        "async def start(app):\n    fill(app)\n    yield\napp = FastAPI(lifespan=start)",
        "def start(): fill(app)\napp = FastAPI(on_startup=[start])",
        "app = FastAPI()\n@app.on_event('startup')\ndef start(): fill(app)",
        "app = FastAPI()\ndef start(): fill(app)\napp.add_event_handler('startup', start)",
    ],
)
def test_what_is_included_when_an_application_starts_is_served(start: str) -> None:
    text = (
        "router = APIRouter()\n@router.get('/x')\ndef x(): ...\ndef fill(app): app.include_router(router)\n"
    )
    assert table(linked({"main.py": HEAD + text + start + "\n"})) == [("main:app", "GET /x")]


@pytest.mark.parametrize(
    "loop",
    [
        "for _, name, _ in pkgutil.iter_modules(api.__path__): add(f'{api.__name__}.{name}')",
        "for item in pkgutil.iter_modules(api.__path__, 'api.'): add(item.name)",
        "for item in pkgutil.walk_packages(api.__path__, prefix='api.'): add(item.name)",
    ],
)
def test_routers_of_all_modules_of_a_package_are_included(loop: str) -> None:
    router = HEAD + "router = APIRouter()\n@router.get('/{}')\ndef read(): ...\n"
    main = """
    import importlib, pkgutil
    import api
    app = FastAPI()
    def add(name):
        router = getattr(importlib.import_module(name), "router", None)
        if router:
            app.include_router(router)
    """
    files = {"api/__init__.py": "", "api/b.py": router.format("b"), "api/a.py": router.format("a")}
    application = linked({"main.py": HEAD + dedent(main) + loop + "\n", **files})
    assert table(application) == [("main:app", "GET /a"), ("main:app", "GET /b")]


def test_an_object_of_an_abstract_class_may_be_any_of_its_subclasses() -> None:
    text = """
    from abc import ABC, abstractmethod

    class Plugin(ABC):
        @abstractmethod
        def router(self) -> APIRouter | None: ...

    class Users(Plugin):
        def router(self):
            users = APIRouter(prefix="/users")
            @users.get("")
            def read(): ...
            return users

    def add(app: FastAPI, plugin: Plugin):
        app.include_router(plugin.router())

    def create_app(plugin: Plugin):
        app = FastAPI()
        add(app, plugin)
        return app
    """
    assert ("main:create_app", "GET /users") in table(linked({"main.py": HEAD + dedent(text)}))


def test_handlers_are_told_by_their_definitions_under_decorators_and_in_objects() -> None:
    text = """
    import functools
    from somewhere import traced

    def wrapped(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)
        return wrapper

    class Handler:
        def __call__(self): ...
        def method(self): ...

    app = FastAPI()

    @app.get("/wrapped")
    @wrapped
    def first(): ...

    @app.get("/traced")
    @traced
    def second(): ...

    app.get("/method")(Handler().method)
    app.add_api_route("/object", Handler(), methods=["POST", "put"])
    app.add_api_route("/lambda", lambda: 1)
    app.add_api_websocket_route("/socket", first)
    app.api_route("/many", methods=["GET", "DELETE"])(second)
    """
    routes = linked({"main.py": HEAD + dedent(text)}).routes
    assert [(route.label, route.name.removeprefix("main.")) for route in routes] == [
        ("GET /wrapped", "first"),
        ("GET /traced", "second"),
        ("GET /method", "Handler.method"),
        ("POST/PUT /object", "Handler"),
        ("GET /lambda", "<lambda>"),
        ("WEBSOCKET /socket", "first"),
        ("GET/DELETE /many", "second"),
    ]


def test_a_route_is_registered_where_an_overridden_method_is_called() -> None:
    text = """
    class Router(APIRouter):
        def add_api_route(self, path, endpoint, **options):
            super().add_api_route(path, endpoint, **options)
            super().add_api_route(path + "/", endpoint, **options)

    def read(): ...

    router = Router()
    router.add_api_route("/x", read)
    router.get("/y")(read)
    """
    routes = linked({"main.py": HEAD + dedent(text)}).routes
    assert [(route.label, route.decorator_line) for route in routes] == [
        ("GET /x", 11),
        ("GET /x/", 11),
        ("GET /y", 12),
        ("GET /y/", 12),
    ]


def test_leaving_a_loop_is_not_leaving_the_function() -> None:
    text = """
    DEBUG = False

    def create_app(names=("a", "b")):
        app = FastAPI()
        for name in names:
            if not DEBUG:
                continue
            app.get("/debug")(create_app)
        for name in names:
            app.get("/" + name)(create_app)
            if name == "a":
                break
        app.get("/end")(create_app)
        return app
    """
    application = linked({"main.py": HEAD + dedent(text)})
    assert table(application) == [("main:create_app", "GET /a"), ("main:create_app", "GET /end")]


def test_what_stands_in_the_else_of_a_loop_is_passed_by_with_a_break() -> None:
    text = """
    import os

    def create_app():
        app = FastAPI()
        for attempt in range(3):
            if os.environ.get("READY"):
                break
        else:
            raise RuntimeError
        app.get("/end")(create_app)
        return app
    """
    application = linked({"main.py": HEAD + dedent(text)})
    assert table(application) == [("main:create_app", "GET /end")]


def test_what_needs_a_setting_to_run_at_all_is_served() -> None:
    text = """
    import os

    SECRET = os.getenv("SECRET")
    if not SECRET:
        raise RuntimeError
    app = FastAPI()
    app.get("/x")(lambda: 1)
    """
    assert table(linked({"main.py": HEAD + dedent(text)})) == [("main:app", "GET /x")]


def test_dependencies_of_every_level_and_kind_are_found_in_order() -> None:
    text = """
    from typing import Annotated
    from functools import partial

    def of_app(): ...
    def of_include(): ...
    def of_router(): ...
    def of_route(): ...
    def inner(): ...
    def outer(value=Depends(inner)): ...
    def made(level):
        def check(): ...
        return check
    class Service:
        def __init__(self, other: Annotated[str, Depends(inner)]): ...
    class Guard:
        def __call__(self, user=Security(outer, scopes=["a"])): ...
    GUARDS = [Depends(of_router)]

    app = FastAPI(dependencies=[Depends(of_app)])
    router = APIRouter(dependencies=GUARDS + [Depends(made("x"))])

    @router.get("/", dependencies=[Depends(of_route), Depends(Guard())])
    def read(
        service: Annotated[Service, Depends()],
        late: "Annotated[str, Depends(partial(outer))]",
        cached: str = Depends(outer, use_cache=False),
    ): ...

    app.include_router(router, prefix="/x", dependencies=[Depends(of_include)])
    """
    (route,) = linked({"main.py": HEAD + dedent(text)}).routes
    names = [dependency.name.removeprefix("main.") for dependency in route.all_dependencies()]
    assert names == [
        *("of_app", "of_include", "of_router", "made.<locals>.check", "of_route"),
        *("Guard", "outer", "inner", "Service", "inner", "outer", "inner", "outer", "inner"),
    ]
    assert [item.uses_cache for item in route.dependencies][-1] is False


def test_what_routers_say_is_inherited_and_added_up() -> None:
    text = """
    from fastapi.responses import HTMLResponse

    app = FastAPI(default_response_class=HTMLResponse)
    router = APIRouter(prefix="/r", tags=["router"], deprecated=True)

    @router.post("/x", tags=["route"], status_code=201, operation_id="make", include_in_schema=False)
    def make() -> list[int]: ...

    app.include_router(router, tags=["include"])
    """
    (route,) = linked({"main.py": HEAD + dedent(text)}).routes
    assert (route.tags, route.status_code, route.operation_id) == (
        ("include", "router", "route"),
        201,
        "make",
    )
    assert (route.deprecated, route.include_in_schema, route.declares_model) == (True, False, True)


def test_routes_that_come_after_the_include_are_served_since_routers_are_live() -> None:
    text = """
    app, router = FastAPI(), APIRouter()
    app.include_router(router)

    @router.get("/late")
    def late(): ...
    """
    files = {"main.py": HEAD + dedent(text)}
    assert [route.label for route in linked(files).routes] == ["GET /late"]
    assert linked(files, target_fastapi=(0, 136, 0)).routes == ()


@pytest.mark.parametrize(
    "text",
    [
        "app = FastAPI()\napp.include_router(app.router)",
        "a, b = APIRouter(), APIRouter()\na.include_router(b)\nb.include_router(a)",
        "def create(): return create()\napp = create()",
        "class A(A): ...\nclass B(A): ...\napp = B()",
        "import main\napp = main.app",
        "from main import *\nfrom main import missing\napp = missing",
        "def f(n):\n    while n:\n        f(n - 1)\n        f(n - 2)\nf(30)\napp = FastAPI()",
        "x = [x for x in [y for y in range(10 ** 9)]]\napp = FastAPI()",
        "app = FastAPI(**unknown)\napp.get(*unknown)(unknown)\n@unknown.get('/')\ndef f(): ...",
    ],
)
def test_no_shape_makes_linking_fail_or_go_on_for_ever(text: str) -> None:
    assert labels(text) == []


PROJECT = {
    "app/__init__.py": "",
    "app/main.py": HEAD
    + dedent(
        """
        from app.api import routers
        from app.settings import settings
        app = FastAPI()
        for router in routers:
            app.include_router(router, prefix=settings.prefix)
        """
    ),
    "app/settings.py": "class Settings:\n    prefix = '/v1'\nsettings = Settings()\n",
    "app/api/__init__.py": dedent(
        """
        from .users import router as users
        from .items import router
        routers = [users, router]
        """
    ),
    "app/api/users.py": HEAD
    + dedent(
        """
        from ..deps import CurrentUser
        router = APIRouter(prefix="/users")
        @router.get("/me")
        def me(user: CurrentUser): ...
        """
    ),
    "app/api/items.py": HEAD
    + dedent(
        """
        import app.deps as deps
        router = APIRouter(prefix="/items", dependencies=[Depends(deps.current_user)])
        @router.get("/{item_id}")
        def read(item_id: int) -> int: ...
        """
    ),
    "app/deps.py": HEAD
    + dedent(
        """
        from typing import Annotated
        def current_user(): ...
        CurrentUser = Annotated[str, Depends(current_user)]
        """
    ),
}


def summary(application: Application) -> list[tuple[object, ...]]:
    return [
        (route.app, route.label, route.name, tuple(item.name for item in route.all_dependencies()))
        for route in application.routes
    ]


def test_the_order_of_files_makes_no_difference() -> None:
    expected = [
        ("app.main:app", "GET /v1/users/me", "app.api.users.me", ("app.deps.current_user",)),
        ("app.main:app", "GET /v1/items/{item_id}", "app.api.items.read", ("app.deps.current_user",)),
    ]
    names = list(PROJECT)
    for seed in range(20):
        random.Random(seed).shuffle(names)  # noqa: S311 - an order, not a secret
        assert summary(linked({name: PROJECT[name] for name in names})) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from .items import router\nrouters = [users, router]",
            "from . import items\nrouters = [users, items.router]",
        ),
        ("from .users import router as users\n", "from app.api.users import router as users\n"),
        ("import app.deps as deps\n", "from app import deps\n"),
        ("from app.settings import settings\n", "from .settings import settings\n"),
        ("user: CurrentUser", "user: 'CurrentUser'"),
    ],
)
def test_the_way_in_which_names_are_imported_makes_no_difference(before: str, after: str) -> None:
    changed = {path: text.replace(before, after) for path, text in PROJECT.items()}
    assert changed != PROJECT
    assert summary(linked(changed)) == summary(linked(PROJECT))


def test_moving_a_router_to_another_module_changes_nothing_but_names() -> None:
    moved = dict(PROJECT)
    moved["app/api/shop/goods.py"] = moved.pop("app/api/items.py")
    moved["app/api/__init__.py"] = moved["app/api/__init__.py"].replace(".items", ".shop.goods")
    assert [item[1:2] + item[3:] for item in summary(linked(moved))] == [
        item[1:2] + item[3:] for item in summary(linked(PROJECT))
    ]
