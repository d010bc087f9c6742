"""The tables of third-party APIs against the packages themselves, as far as they are installed."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from fastapi_lint.application import library
from fastapi_lint.application.library import auth, mapping, offloading, web
from fastapi_lint.application.library.model import CallModel, Effect

# Packages that are installed warn of all sorts of things when they are imported or looked at.
pytestmark = pytest.mark.filterwarnings("ignore")
library.load_all()

TOKENS = {"", "self", "rows", "row", "one", "scalar"}
TAKES = {"", "statement", "sql", "callable", "url", "path", "entity", "row", "rows", "receiver"}
# Packages of one namespace are installed apart from each other.
NAMESPACES = {"google", "azure"}
# Real, but not in every version that projects use; the installed one may lack them.
VERSIONED = {
    "sqlalchemy.Engine.execute",
    "sqlalchemy.Engine.scalar",
    "sqlalchemy.orm.Query.from_self",
    "sqlalchemy.orm.relation",
    "fastapi.sse.EventSourceResponse",
    "fastapi.routing.Mount",
    "sqlalchemy.orm.Session.get_one",
    "sqlalchemy.ext.asyncio.AsyncSession.get_one",
    "sqlalchemy.ext.asyncio.AsyncSession.aclose",
    "asyncio.Runner",
    "asyncio.Runner.run",
    "asyncio.TaskGroup.create_task",
    "fastapi_jwt_auth.AuthJWT.get_jwt_subject",
    # Attributes that only instances have.
    "fastapi_users.FastAPIUsers.current_user",
}
# Give something to await without being coroutine functions, or hide it behind a decorator.
AWAITABLE = {
    "sqlalchemy.ext.asyncio.AsyncConnection.stream",
    "sqlalchemy.ext.asyncio.AsyncConnection.stream_scalars",
    "starlette.requests.Request.form",
    "aiomysql.Cursor.fetchall",
    "aiomysql.Cursor.fetchmany",
    "aiomysql.Cursor.fetchone",
}
# Share their code between a sync and an async client, so that signatures don't tell.
UNTELLING = {"redis", "motor"}
# Behave like a class without inheriting from it.
PROXIES = {
    "sqlalchemy.orm.scoped_session",
    "sqlalchemy.ext.asyncio.async_scoped_session",
    "psycopg2.pool.SimpleConnectionPool",
    "redis.RedisCluster",
    "starlette.testclient.TestClient",  # httpx or its fork
    "redis.asyncio.RedisCluster",
}


def constants() -> dict[str, set[str]]:
    """The tables that only name things."""
    return {
        "loaders": set(mapping.RELATIONSHIP_LOADERS),
        "mapping": {
            *mapping.DECLARATIVE_BASES,
            *mapping.DECLARATIVE_BASE_FACTORIES,
            *mapping.DECLARATIVE_BASE_DECORATORS,
            *mapping.COLUMNS,
            *mapping.RELATIONSHIPS,
            *mapping.MAPPED,
            *mapping.LOADER_OBJECTS,
            mapping.BACKREF,
            *mapping.ENTITY_BASES,
            *mapping.LAZY_FIELDS,
        },
        "offloading": set(offloading.CONCURRENT),
        "auth": {
            *auth.TOKENS,
            *auth.PASSWORDS,
            *auth.COMPARISONS,
            *auth.WEAK_DIGESTS,
            *auth.SECRET_ARGUMENTS,
            *auth.AUTHENTICATING_CLASSES,
            *auth.AUTHENTICATING_MEMBERS,
            *auth.AUTHENTICATING_DECORATORS,
            *auth.AUTHENTICATING_MIDDLEWARE,
            *auth.AUTH_ROUTERS,
        },
        "web": {
            *web.RESPONSES,
            *web.DEPENDENCY_MARKERS,
            *web.PARAMETER_FUNCTIONS,
            *web.INJECTED,
            web.SECURITY_BASE,
        },
    }


@cache
def real(dotted: str) -> Any:
    """The object of that name; LookupError if its package lacks it, ImportError if there is no package."""
    parts = dotted.split(".")
    thing: Any = importlib.import_module(parts[0])
    for length, part in enumerate(parts[1:], 2):
        thing = getattr(thing, part) if hasattr(thing, part) else submodule(".".join(parts[:length]))
    return thing


def submodule(dotted: str) -> Any:
    try:
        return importlib.import_module(dotted)
    except ModuleNotFoundError as error:
        if dotted.partition(".")[0] in NAMESPACES or not f"{dotted}.".startswith(f"{error.name}."):
            raise  # another package of the namespace, or what the module itself needs
        raise LookupError(dotted) from None


def found(dotted: str) -> Any:
    """The object of that name, or None where the installed packages don't have it."""
    try:
        return real(dotted)
    except (LookupError, ImportError):
        return None


def need(package: str) -> None:
    try:
        importlib.import_module(package)
    except ImportError as error:
        pytest.skip(str(error))


def by_package(names: set[str]) -> dict[str, list[str]]:
    packages: dict[str, list[str]] = {}
    for name in sorted(names):
        if "()" not in name:
            packages.setdefault(name.partition(".")[0], []).append(name)
    return packages


def callables() -> dict[str, CallModel]:
    """Every function and method of the tables by its dotted name; methods under the class that lists them."""
    listed = dict(library.FUNCTIONS)
    for name, model in library.CLASSES.items():
        if "()" not in name:
            listed.update({f"{name}.{method}": call for method, call in model.methods.items()})
    return listed


NAMES = by_package(
    {
        *library.CLASSES,
        *callables(),
        *library.OBJECTS,
        *(name for names in constants().values() for name in names),
    }
)


def missing(name: str) -> bool:
    try:
        real(name)
    except LookupError:
        return name not in VERSIONED
    except ImportError:
        return False
    return False


@pytest.mark.parametrize("package", NAMES)
def test_every_name_of_the_tables_exists_in_its_package(package: str) -> None:
    need(package)
    assert [name for name in NAMES[package] if missing(name)] == []


def test_a_name_that_a_package_lacks_is_noticed() -> None:
    for name in ("sqlalchemy.orm.Session.nothing", "sqlalchemy.nothing.Session", "sqlalchemy.Nothing"):
        with pytest.raises(LookupError):
            real(name)
    with pytest.raises(ImportError):
        real("no_such_package.Session")


def is_awaitable(name: str) -> bool | None:
    """Whether the call gives something to await; None where the package doesn't tell."""
    function = inspect.unwrap(found(name)) if callable(found(name)) else None
    if name in AWAITABLE or inspect.iscoroutinefunction(function):
        return True
    if not inspect.isfunction(function) or name.partition(".")[0] in UNTELLING:
        return None
    if re.search(r"Awaitable|Coroutine|Future", str(inspect.signature(function).return_annotation)):
        return None
    return False


@pytest.mark.parametrize("package", by_package(set(callables())))
def test_what_is_awaited_agrees_with_the_package(package: str) -> None:
    need(package)
    listed = callables()
    wrong = []
    for name in by_package(set(listed))[package]:
        given = library.CLASSES.get(listed[name].returns)
        either = given is not None and given.awaited is not None  # an object that can be awaited, or entered
        if not either and is_awaitable(name) not in {None, listed[name].is_async}:
            wrong.append(name)
    assert wrong == []


@pytest.mark.parametrize("package", by_package(set(library.CLASSES)))
def test_bases_agree_with_the_package(package: str) -> None:
    need(package)
    wrong = []
    for name in by_package(set(library.CLASSES))[package]:
        for base in () if name in PROXIES else library.CLASSES[name].bases:
            classes = found(name), found(base)
            if None not in classes and not issubclass(*classes):
                wrong.append((name, base))
    assert wrong == []


@pytest.mark.parametrize("package", ["fastapi", "starlette", "sqlalchemy", "sqlmodel", "httpx", "pydantic"])
def test_the_defining_module_is_another_spelling_of_the_canonical_name(package: str) -> None:
    need(package)
    wrong = {}
    for name in by_package({*library.CLASSES, *library.FUNCTIONS, *constants()["web"]}).get(package, []):
        thing = found(name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            defined = f"{thing.__module__}.{thing.__qualname__}"
            if library.canonical(defined) != name:
                wrong[name] = defined
    assert wrong == {}


@pytest.mark.parametrize("name", sorted({*library.CLASSES, *library.FUNCTIONS, *library.OBJECTS}))
def test_names_of_the_tables_are_canonical(name: str) -> None:
    assert library.canonical(name) == name


def test_the_constant_tables_use_canonical_names() -> None:
    names = {name for names in constants().values() for name in names}
    assert {name for name in names if library.canonical(name) != name} == set()


def test_what_calls_return_is_in_the_tables() -> None:
    models = callables()
    for name, model in library.CLASSES.items():
        for use in ("constructor", "call", "awaited", "iterated"):
            call = getattr(model, use)
            if call is not None:
                models[f"{name} ({use})"] = call
    unknown = {
        name: call.returns
        for name, call in models.items()
        if call.returns not in TOKENS and call.returns not in library.CLASSES
    }
    assert unknown == {}
    assert {name: call.takes for name, call in models.items() if call.takes not in TAKES} == {}


def test_what_blocks_is_not_awaited() -> None:
    blocking = {Effect.BLOCK, Effect.CPU, Effect.FILE}
    assert [
        name for name, call in callables().items() if call.is_async and blocking & set(call.effects)
    ] == []


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("sqlalchemy.orm.session.Session", "sqlalchemy.orm.Session"),
        ("sqlalchemy.sql.expression.select", "sqlalchemy.select"),
        ("sqlalchemy.future.select", "sqlalchemy.select"),
        ("sqlmodel.select", "sqlalchemy.select"),
        ("sqlalchemy.ext.declarative.declarative_base", "sqlalchemy.orm.declarative_base"),
        ("fastapi.param_functions.Depends", "fastapi.Depends"),
        ("fastapi.params.Depends", "fastapi.Depends"),
        ("fastapi.applications.FastAPI", "fastapi.FastAPI"),
        ("fastapi.routing.APIRouter", "fastapi.APIRouter"),
        ("fastapi.responses.JSONResponse", "starlette.responses.JSONResponse"),
        ("fastapi.middleware.cors.CORSMiddleware", "starlette.middleware.cors.CORSMiddleware"),
        ("fastapi.status.HTTP_201_CREATED", "starlette.status.HTTP_201_CREATED"),
        ("typing_extensions.Annotated", "typing.Annotated"),
        ("pydantic.main.BaseModel", "pydantic.BaseModel"),
        ("app.models.User", "app.models.User"),
        ("sqlalchemy.orm.session.Session.commit", "sqlalchemy.orm.Session.commit"),
    ],
)
def test_every_spelling_has_one_canonical_name(spelling: str, name: str) -> None:
    assert library.canonical(spelling) == name


def test_methods_are_found_through_bases() -> None:
    assert library.method_model("sqlmodel.Session", "commit") == CallModel((Effect.COMMIT, Effect.BLOCK))
    assert library.method_model("sqlmodel.Session", "nothing") is None
    assert library.method_model("app.models.User", "save") is None


def test_a_large_client_blocks_in_every_method_but_the_harmless_ones() -> None:
    calls = CallModel((Effect.HTTP, Effect.BLOCK))
    assert library.method_model("openai.OpenAI", "create") == calls
    assert library.method_model("openai.OpenAI", "close") is None
    assert library.method_model("google.generativeai.GenerativeModel", "generate_content_async") is None
    assert library.method_model("boto3.client()", "generate_presigned_url") == CallModel()


def test_what_libraries_hold_in_their_modules_has_a_class() -> None:
    assert library.object_class("authlib.jose.jwt") == "authlib.jose.JsonWebToken"
    assert library.object_class("fastapi_sqlalchemy.middleware.db") == "fastapi_sqlalchemy.db()"
    assert library.object_class("app.db") == ""


def test_members_are_looked_up_through_bases() -> None:
    tokens = library.entry(auth.TOKENS, "itsdangerous.url_safe.URLSafeTimedSerializer", "loads")
    assert tokens is not None
    assert tokens.kind == "verify"
    assert library.entry(auth.TOKENS, "itsdangerous.URLSafeTimedSerializer", "salt") is None


def test_an_unknown_package_has_no_models() -> None:
    assert library.class_model("app.models.User") is None
    assert library.function_model("app.services.create") is None
    library.load("app")


def test_the_nearest_class_decides() -> None:
    model = library.class_model("sqlalchemy.orm.scoped_session")
    assert model is not None
    assert model.factory
    assert model.session == "sync"
    assert library.is_subclass("fastapi.HTTPException", "starlette.exceptions.HTTPException")


@pytest.mark.parametrize("family", library.FAMILIES)
def test_a_family_names_the_packages_that_its_tables_speak_of(family: str) -> None:
    tables = importlib.import_module(f"fastapi_lint.application.library.{family}").TABLES
    names = {*tables.functions, *tables.classes, *tables.aliases, *tables.objects}
    assert {name.partition(".")[0] for name in names} <= set(library.FAMILIES[family].split())


def test_a_class_is_no_function() -> None:
    assert library.function_model("sqlalchemy.orm.Session") is None


@pytest.mark.parametrize(
    ("text", "effects"),
    [
        ("SELECT 1", (Effect.QUERY,)),
        ("  -- all of them\n select * from users", (Effect.QUERY,)),
        ("(select 1) union (select 2)", (Effect.QUERY,)),
        ("insert into users values (1)", (Effect.CREATE,)),
        ("INSERT INTO users VALUES (1) ON CONFLICT DO NOTHING", (Effect.WRITE,)),
        ("update users set deleted = true", (Effect.WRITE,)),
        ("delete from users", (Effect.DELETE,)),
        ("with old as (select 1) delete from users", (Effect.DELETE,)),
        ("with old as (select 1) select * from old", (Effect.QUERY,)),
        ("create table users (id int)", ()),
        ("", ()),
    ],
)
def test_sql_is_judged_by_its_verb(text: str, effects: tuple[Effect, ...]) -> None:
    assert library.sql_effects(text) == effects


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("starlette.status.HTTP_201_CREATED", 201),
        ("starlette.status.WS_1008_POLICY_VIOLATION", 1008),
        ("http.HTTPStatus.NO_CONTENT", 204),
        ("http.HTTPStatus.NO_CONTENT.value", 204),
        ("http.HTTPStatus.NONSENSE", None),
        ("app.status.CREATED", None),
    ],
)
def test_names_of_statuses_are_read(name: str, number: int | None) -> None:
    assert web.status_code(name) == number


def test_kinds_of_responses_follow_their_classes() -> None:
    assert web.response_kind(library.lineage("fastapi.responses.ORJSONResponse")) == "json"
    assert web.response_kind(library.lineage("fastapi.responses.HTMLResponse")) == "html"
    assert web.response_kind(library.lineage("pydantic.BaseModel")) == ""


def test_loading_the_tables_imports_nothing_heavy() -> None:
    code = (
        "import sys, re, http, fastapi_lint.application; before = set(sys.modules); "
        "from fastapi_lint.application import library; library.load_all(); print(*set(sys.modules) - before)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert [name for name in loaded.split() if not name.startswith("fastapi_lint.application.library")] == []
