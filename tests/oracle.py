"""Ask FastAPI itself which routes an application has: the oracle that the linked model is held against.

    python tests/oracle.py FIXTURE...                       these fixtures, as JSON on standard output
    python tests/oracle.py --all tests/fixtures OUT.json    every fixture of a folder, into a file

Run it with the interpreter of an environment that holds the wanted FastAPI version (0.95 and later); it needs
nothing else. Every application is imported in a process of its own: fixtures share names such as `main`.

A fixture is a folder with a runnable application. What differs from "`app` of `main.py`, with any FastAPI"
stands in its `fixture.toml`:

    target = "shop.main:app"    module and attribute
    factory = true              the attribute is called to make the application
    root = "src"                folder of the fixture that comes first on `sys.path`; paths = [...] for more
    python = "3.12"             the oldest Python that can run it
    fastapi = "0.128.2"         the oldest FastAPI; fastapi-below = "0.137" is newer than the newest
    packages = ["sqlmodel"]     modules that must be importable
    unreachable = ["/lost"]     paths that no application serves (the oracle can't see them)
    [[applications]]            target, factory, root and paths again, for each of several applications

A row has the fields of the `routes` command's JSON, as far as they exist at run time (no `decorator_line`).
"""

from __future__ import annotations

import argparse
import ast
import enum
import functools
import importlib
import importlib.util
import inspect
import json
import multiprocessing
import os
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fastapi
import fastapi.routing
from starlette.routing import Mount

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterator

WRAPPERS_AT_MOST = 20
"""How deep partials, `functools.wraps` and ASGI wrappers are followed before giving up."""


def contexts(routes: list[Any]) -> Iterator[Any]:
    """The routes of an application, flat and in registration order, with what they inherit from includes."""
    expand = getattr(fastapi.routing, "iter_route_contexts", None)
    if expand is not None:
        yield from expand(routes)
        return
    # FastAPI 0.137.0 and 0.137.1 have the tree of routers without a public way to walk it.
    tree = getattr(fastapi.routing, "_IncludedRouter", None)
    for route in routes:
        if tree is not None and isinstance(route, tree):
            yield from route.effective_route_contexts()
        else:
            yield route


def undecorated(function: Any) -> Any:
    """The function that a partial, a bound method or a `functools.wraps` decorator stands for."""
    for _ in range(WRAPPERS_AT_MOST):
        if isinstance(function, functools.partial):
            function = function.func
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        elif inspect.ismethod(function):
            function = function.__func__
        else:
            break
    return function


def dotted_name(function: Any) -> str:
    """`module.qualname` of a callable; an instance goes by its class, `Annotated[X, …]` and `X[…]` by X."""
    function = undecorated(function)
    function = getattr(function, "__origin__", function)
    named = function if hasattr(function, "__qualname__") else type(function)
    qualname = named.__qualname__.partition("[")[0]  # Pydantic calls a generic model `Page[int]`
    return f"{named.__module__}.{qualname}"


def line_of_def(function: Any) -> int:
    """Line of the `def` itself; a code object only knows the line of the first decorator."""
    code = function.__code__
    for node in ast.walk(ast.parse(Path(code.co_filename).read_bytes())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if node.name == code.co_name and code.co_firstlineno in (first, node.lineno):
                return node.lineno
    return int(code.co_firstlineno)


def dependency_names(dependant: Any, found: dict[str, None]) -> dict[str, None]:
    """The names of the whole tree of dependencies, each once, outermost first."""
    for inner in dependant.dependencies:
        found.setdefault(dotted_name(inner.call))
        dependency_names(inner, found)
    return found


def model_name(model: Any) -> str | None:
    if model is None:
        return None
    if inspect.isclass(model) and not hasattr(model, "__args__"):
        return f"{model.__module__}.{model.__qualname__}"
    return str(model)


def row(route: Any, path: str, label: str, folder: Path) -> dict[str, Any] | None:
    """One route as the `routes` command would print it; None for Starlette's own routes and a library's."""
    original = getattr(route, "original_route", route)
    is_http = isinstance(original, fastapi.routing.APIRoute)
    if not is_http and not isinstance(original, fastapi.routing.APIWebSocketRoute):
        return None
    handler = undecorated(route.endpoint)
    if not inspect.isfunction(handler):
        handler = undecorated(type(handler).__call__)
    file = Path(os.path.realpath(handler.__code__.co_filename))
    if folder not in file.parents:
        return None
    found = {
        "app": label,
        "kind": "http" if is_http else "websocket",
        "path": path,
        "methods": [],
        "handler": dotted_name(route.endpoint),
        "file": file.relative_to(folder).as_posix(),
        "line": line_of_def(handler),
        "status_code": None,
        "response_model": None,
        "dependencies": list(dependency_names(route.dependant, {})),
        "tags": [],
        "operation_id": None,
        "include_in_schema": True,
        "deprecated": False,
    }
    if is_http:
        found["methods"] = sorted(route.methods)
        found["status_code"] = int(route.status_code) if route.status_code else None
        found["response_model"] = model_name(route.response_model)
        found["tags"] = [tag.value if isinstance(tag, enum.Enum) else tag for tag in route.tags or []]
        found["operation_id"] = route.operation_id
        found["include_in_schema"] = bool(route.include_in_schema)
        found["deprecated"] = bool(route.deprecated)
    return found


def unwrapped_application(application: Any) -> Any:
    """The application inside ASGI middleware that was put around it by hand."""
    for _ in range(WRAPPERS_AT_MOST):
        if hasattr(application, "routes") or not hasattr(application, "app"):
            break
        application = application.app
    return application


def rows(application: Any, label: str, folder: Path, mounted_at: str = "") -> Iterator[dict[str, Any]]:
    """Every route of an application and of what is mounted in it, in the order in which requests try them."""
    for route in contexts(application.routes):
        path = mounted_at + (getattr(route, "path", None) or "")
        if isinstance(getattr(route, "original_route", route), Mount):
            inner = unwrapped_application(route.app)
            if isinstance(inner, fastapi.FastAPI):
                yield from rows(inner, label, folder, path)
            continue
        found = row(route, path, label, folder)
        if found is not None:
            yield found


def version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def why_not_here(settings: dict[str, Any]) -> str | None:
    """The reason why this environment can't run a fixture; None if it can."""
    if sys.version_info[:2] < version(settings.get("python", "3")):
        return f"needs Python {settings['python']}"
    if version(fastapi.__version__) < version(settings.get("fastapi", "0")):
        return f"needs FastAPI {settings['fastapi']}"
    if version(fastapi.__version__) >= version(settings.get("fastapi-below", "999")):
        return f"needs FastAPI older than {settings['fastapi-below']}"
    missing = [name for name in settings.get("packages", []) if importlib.util.find_spec(name) is None]
    return f"needs {', '.join(missing)}" if missing else None


def settings_of(fixture: Path) -> dict[str, Any]:
    file = fixture / "fixture.toml"
    settings: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    settings.setdefault("applications", [dict(settings)])
    return settings


def dump_application(job: tuple[str, int]) -> dict[str, Any]:
    """Import one application of a fixture and list its routes. Changes the process for good."""
    fixture, number = Path(job[0]), job[1]
    application_settings = settings_of(fixture)["applications"][number]
    target = application_settings.get("target", "main:app")
    factory = application_settings.get("factory", False)
    root = application_settings.get("root", ".")
    os.chdir(fixture / root)
    sys.path[:0] = [
        str(fixture / root),
        *(str(fixture / path) for path in application_settings.get("paths", [])),
    ]
    module, _, attribute = target.partition(":")
    try:
        application: Any = importlib.import_module(module)
        for part in attribute.split("."):
            application = getattr(application, part)
        if factory:
            application = application()
        routes = list(rows(unwrapped_application(application), target, fixture))
    except Exception:  # noqa: BLE001 - whatever an application raises belongs in the report
        return {"app": target, "root": root, "error": traceback.format_exc()}
    return {"app": target, "factory": factory, "root": root, "routes": routes}


def dump(fixtures: list[Path]) -> dict[str, Any]:
    """The route tables of fixtures, by name, each with its settings and the reason if it was skipped."""
    tables: dict[str, dict[str, Any]] = {}
    jobs: list[tuple[str, int]] = []
    for fixture in fixtures:
        settings = settings_of(fixture)
        reason = why_not_here(settings)
        tables[fixture.name] = {"settings": settings, "skipped": reason, "applications": []}
        if not reason:
            jobs += [(os.path.realpath(fixture), number) for number in range(len(settings["applications"]))]
    # Forking saves importing FastAPI again for each application.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    sys.dont_write_bytecode = True
    with multiprocessing.get_context(method).Pool(2, maxtasksperchild=1) as pool:
        for job, table in zip(jobs, pool.imap(dump_application, jobs, chunksize=1), strict=True):
            tables[Path(job[0]).name]["applications"].append(table)
    return {"python": sys.version.split()[0], "fastapi": fastapi.__version__, "fixtures": tables}


def fixtures_in(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "__"))
    )


def main() -> int:
    """Write the tables; exit 1 if an application that should run here could not be imported."""
    parser = argparse.ArgumentParser(description="Dump what FastAPI registered for the fixtures.")
    parser.add_argument(
        "--all", action="store_true", help="every fixture of a folder; the file to write follows"
    )
    parser.add_argument("paths", nargs="+", type=Path)
    arguments = parser.parse_args()
    if not arguments.all:
        result = dump(arguments.paths)
        json.dump(result, sys.stdout, indent=1)
    else:
        folder, output = arguments.paths
        result = dump(fixtures_in(folder))
        output.write_text(json.dumps(result, indent=1), encoding="utf-8")
    errors = [
        f"{name}: {application['error']}"
        for name, table in result["fixtures"].items()
        for application in table["applications"]
        if "error" in application
    ]
    skipped = [f"{name} {table['skipped']}" for name, table in result["fixtures"].items() if table["skipped"]]
    summary = f"FastAPI {result['fastapi']}: {len(result['fixtures'])} fixtures, {len(errors)} failed"
    sys.stderr.write("\n".join([*errors, summary, *(f"skipped: {text}" for text in skipped), ""]))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
