"""FAL108, FAL109: which of several routes answers a request, compared with FastAPI's own router."""

from __future__ import annotations

import random
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import fastapi
import pytest
from packaging.version import Version

from fastapi_lint.application import link
from fastapi_lint.application.wiring.matching import Placeholder, parse, reaching
from fastapi_lint.application.wiring.routes import MountPoint
from fastapi_lint.facts.reader import read_facts

if TYPE_CHECKING:
    from fastapi_lint.application import Application, Route
    from fastapi_lint.application.wiring.matching import PathPattern

TABLES = 120
HEAD = """\
from fastapi import APIRouter, FastAPI

SILENT = {"openapi_url": None}
app = FastAPI(**SILENT)
"""


@pytest.mark.parametrize(
    ("first", "second", "request_", "expected"),
    [
        ("/users/{user_id}", "/users/me", "GET /users/me", [11]),
        ("/users/me", "/users/{user_id}", "GET /users/1", []),
        ("/files/{path:path}", "/files/a/b", "GET /files/a/b", [11]),
        ("/u-{name}", "/u-me", "GET /u-me", [11]),
        ("/{number:int}", "/me", "GET /me", []),
        ("/{number:int}", "/{name}", "GET /me", []),
        ("/{name}.json", "/{name}", "GET /me", []),
        ("/{name}", "/{name}.json", "GET /me.json", [11]),
        ("/x", "/x/", "GET /x/", []),
        ("/x/{a}", "/x/{a}/b", "GET /x/1/b", []),
        ("/{path:path}", "/x", "GET /x", [11]),
        ("/Users/{a}", "/users/me", "GET /users/me", []),
    ],
)
def test_the_first_route_that_matches_answers(
    first: str, second: str, request_: str, expected: list[int], ask: Any, run: Any, lint: Any
) -> None:
    text = f"""
    from fastapi import FastAPI

    app = FastAPI(openapi_url=None)


    @app.get("{first}")
    def earlier() -> str:
        return "earlier"


    @app.get("{second}")
    def later() -> str:
        return "later"
    """
    assert ask(run(text), request_).body == ("earlier" if expected else "later")
    assert lint("FAL108", text) == expected


def test_annotations_do_not_decide_which_route_answers(ask: Any, run: Any, lint: Any) -> None:
    text = """
    from fastapi import FastAPI

    app = FastAPI()


    @app.get("/users/{user_id}")
    def read_user(user_id: int) -> int:
        return user_id


    @app.get("/users/me")
    def read_me() -> str:
        return "me"
    """
    assert ask(run(text), "GET /users/me").status == 422
    assert lint("FAL108", text) == [11]


def test_methods_do_not_shadow_each_other(ask: Any, run: Any, lint: Any) -> None:
    text = """
    from fastapi import FastAPI

    app = FastAPI()


    @app.get("/users/{user_id}")
    def read_user(user_id: str) -> str:
        return user_id


    @app.post("/users/me")
    def write_me() -> str:
        return "written"
    """
    assert ask(run(text), "POST /users/me").body == "written"
    assert lint("FAL108", text) == []


def test_a_mount_answers_all_that_lies_below_it(ask: Any, run: Any, lint: Any) -> None:
    text = """
    from fastapi import FastAPI

    app = FastAPI()
    app.mount("/", FastAPI())


    @app.get("/health")
    def read_health() -> str:
        return "well"
    """
    assert ask(run(text), "GET /health").status == 404
    assert lint("FAL108", text) == [7]


def test_including_a_router_leaves_its_mounts_out_where_routers_are_not_live(ask: Any, run: Any) -> None:
    text = """
    from fastapi import APIRouter, FastAPI

    app = FastAPI()
    inner = FastAPI()
    router = APIRouter()


    @inner.get("/health")
    def read_health() -> str:
        return "well"


    router.mount("/inner", inner)
    app.include_router(router)
    """
    is_live = Version(fastapi.__version__) >= Version("0.137")
    assert ask(run(text), "GET /inner/health").status == (200 if is_live else 404)
    served = {route.app: route.path for route in linked(dedent(text)).routes}
    assert served == ({"main:app": "/inner/health"} if is_live else {"main:inner": "/health"})


def test_the_first_of_two_handlers_of_one_path_answers(ask: Any, run: Any, lint: Any) -> None:
    text = """
    from fastapi import FastAPI

    app = FastAPI()


    @app.get("/items/{item_id}")
    def read_item(item_id: str) -> str:
        return "first"


    @app.get("/items/{name}")
    def read_item_by_name(name: str) -> str:
        return "second"
    """
    assert ask(run(text), "GET /items/7").body == "first"
    assert lint("FAL109", text) == [11]
    assert lint("FAL108", text) == []


class Writer:
    """Writes an application with routers, includes and mounts at random places, from a seed."""

    SEGMENTS = (
        "a", "b", "me", "u-me", "7", "7.5", "a.json", "{}", "{}", "{}", "{:int}", "{:float}", "{:path}",
        "{:uuid}", "u-{}", "{}.json", "{}-{}", "{a b}",
    )  # fmt: skip
    METHODS = (["GET"], ["GET"], ["GET"], ["POST"], ["GET", "POST"], ["DELETE", "POST"])

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - nothing secret
        self.lines = [HEAD]
        self.count = 0
        self.fill("app", depth=0)

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def number(self) -> int:
        self.count += 1
        return self.count

    def segment(self) -> str:
        parts = self.random.choice(self.SEGMENTS).split("{")
        text = parts[0]
        for part in parts[1:]:
            text += "{" + ("" if part.startswith("a ") else f"p{self.number()}") + part
        return text

    def path(self, *, longest: int = 3) -> str:
        return "".join("/" + self.segment() for _ in range(self.random.randint(1, longest))) + (
            "/" if self.random.random() < 0.1 else ""
        )

    def prefix(self) -> str:
        return self.random.choice(["", "", "/a", "/me", f"/{{p{self.number()}}}"])

    def fill(self, router: str, depth: int) -> None:
        for _ in range(self.random.randint(2, 5)):
            kind = self.random.random()
            if depth < 3 and kind < 0.2:
                child = f"router_{self.number()}"
                self.lines.append(f"{child} = APIRouter(prefix={self.prefix()!r})")
                self.fill(child, depth + 1)
                self.lines.append(f"{router}.include_router({child}, prefix={self.prefix()!r})")
            elif depth < 3 and kind < 0.27:
                child = f"inner_{self.number()}"
                self.lines.append(f"{child} = FastAPI(**SILENT)")
                self.fill(child, depth + 1)
                path = self.random.choice(["/a", "/me", "/b/", "/me" if router.startswith("router") else ""])
                self.lines.append(f"{router}.mount({path!r}, {child})")
            else:
                name = f"handler_{self.number()}"
                methods = self.random.choice(self.METHODS)
                self.lines += [
                    f"@{router}.api_route({self.path()!r}, methods={methods!r})",
                    f"async def {name}() -> str:",
                    f"    return {name!r}",
                ]


def sample(pattern: PathPattern, chance: random.Random) -> str:
    """A path that a pattern matches."""
    values = {
        "str": ["q", "me", "a", "7", "7.5", "u-me", "x.json", "b-c"],
        "int": ["7", "12"],
        "float": ["7", "7.5"],
        "path": ["", "a", "me/b", "7/8/9", "/"],
        "uuid": ["0123456789abcdef0123456789ABCDEF", "01234567-89ab-cdef-0123-456789abcdef"],
    }
    return "".join(
        chance.choice(values[part.converter]) if isinstance(part, Placeholder) else part
        for part in pattern.parts
    )


def handler_of(route: Route) -> str:
    return route.name.rpartition(".")[2]


def linked(text: str) -> Application:
    return link([read_facts("main.py", text)], target_fastapi=Version(fastapi.__version__).release)


def patterns_before(application: Application, route: Route, method: str) -> list[PathPattern]:
    """The patterns of all that takes requests of a method before a route gets them."""
    found = []
    for item in application.table.served:
        if item is route:
            break
        if isinstance(item, MountPoint):
            if all(prefix.origin is not item.mounting for prefix in route.prefixes):
                found.append(parse(f"{item.path}/{{path:path}}"))
        elif method in item.methods:
            found.append(parse(item.path))
    return found


@pytest.mark.parametrize("seed", range(TABLES))
def test_the_model_knows_which_routes_the_router_reaches(seed: int, ask: Any, run: Any) -> None:
    text = Writer(seed).text
    app, application = run(text), linked(text)
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    shadowed = {(id(shadow.route), method) for shadow in application.shadows for method in shadow.methods}
    served = [route for route in application.routes if route.app == "main:app"]
    assert served
    for route in served:
        pattern = parse(route.path)
        for method in route.methods:
            if (id(route), method) in shadowed:
                for _ in range(6):
                    path = sample(pattern, chance)
                    assert ask(app, f"{method} {path}").body != handler_of(route), (path, route.label)
            else:
                path_or_none = reaching(patterns_before(application, route, method), pattern)
                if path_or_none is not None:  # it is None where several routes together leave nothing
                    answer = ask(app, f"{method} {path_or_none}".replace("%", "%25"))
                    assert answer.body == handler_of(route), (path_or_none, route.label)
