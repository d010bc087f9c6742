"""Import statements: modules of the project are run, what lies outside is known by its dotted name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.application.evaluation.values import (
    Collection,
    Deferred,
    External,
    Literal,
    ModuleValue,
    Package,
    Unknown,
)

if TYPE_CHECKING:
    from fastapi_lint.application.evaluation.frames import Frame
    from fastapi_lint.application.evaluation.interpreter import Evaluator
    from fastapi_lint.application.evaluation.values import (
        Value,
    )
    from fastapi_lint.facts import model


def import_modules(evaluator: Evaluator, node: model.Import, frame: Frame) -> None:
    """`import a.b, c as d`."""
    module = frame.scope.module
    for item in node.names:
        path = evaluator.modules.find(module, item.name)
        whole = evaluator.at(path) if path is not None else evaluator.external(item.name)
        if item.alias is not None:
            frame.scope.names[item.alias] = whole
            continue
        top = item.name.partition(".")[0]
        top_path = evaluator.modules.find(module, top)
        frame.scope.names[top] = evaluator.at(top_path) if top_path is not None else External(top)


def import_names(evaluator: Evaluator, node: model.ImportFrom, frame: Frame) -> None:
    """`from a import b, c as d`."""
    importer = frame.scope.module
    if node.level:
        path = evaluator.modules.find_relative(importer, node.level, node.module)
    else:
        path = evaluator.modules.find(importer, node.module)
    source = evaluator.at(path) if path is not None else None
    for item in node.names:
        if item.name == "*":
            _import_star(evaluator, source, frame)
            continue
        frame.scope.names[item.alias or item.name] = _imported(evaluator, source, node, item.name)


def _imported(evaluator: Evaluator, source: Value | None, node: model.ImportFrom, name: str) -> Value:
    if isinstance(source, ModuleValue):
        found = evaluator.member(source.module, name)
        if found is not None:
            return found
        if source.module.path not in evaluator.finished:
            return Deferred(source.module, name)
        return Unknown(f"{source.module.name} has no {name}")
    if isinstance(source, Package):
        path = evaluator.modules.at(f"{source.path}/{name}")
        return evaluator.at(path) if path is not None else Unknown(f"{source.path} has no {name}")
    if node.level:
        return Unknown(f"no module {'.' * node.level}{node.module}")
    return evaluator.external(f"{node.module}.{name}")


def _import_star(evaluator: Evaluator, source: Value | None, frame: Frame) -> None:
    if not isinstance(source, ModuleValue):
        return  # names that an outside module would bring are unknown
    scope = evaluator.scopes[source.module.path]
    if source.module.path not in evaluator.finished:
        frame.scope.star_imports.append(source.module)
    exported = scope.names.get("__all__")
    if isinstance(exported, Collection) and exported.complete:
        wanted = [str(item.value) for item in exported.items if isinstance(item, Literal)]
    else:
        wanted = [item for item in scope.names if not item.startswith("_")]
    for item in wanted:
        value = evaluator.member(source.module, item)
        if value is not None:
            frame.scope.names[item] = value
