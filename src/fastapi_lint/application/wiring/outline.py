"""The tree of applications and routers: what includes and mounts what, under which prefix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi_lint.application.wiring.dependencies import callable_name
from fastapi_lint.application.wiring.routes import mounted
from fastapi_lint.application.wiring.routing import APP, Mounting, Registration, Router

if TYPE_CHECKING:
    from fastapi_lint.application.linked import Application
    from fastapi_lint.application.wiring.routing import Inclusion


@dataclass(eq=False, slots=True)
class Node:
    """An application, a router, or what else is mounted; `kind` is `application`, `router` or `other`.

    `name` is `module:name`, and empty where nothing is known; `routes` counts its own routes. A router that
    is a root is included by no application.
    """

    kind: str
    name: str
    routes: int = 0
    branches: list[Branch] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Branch:
    """An include or a mount; `prefix` is the include's and the router's own, with `?` for what is unknown."""

    node: Node
    prefix: str
    is_mount: bool
    is_conditional: bool


def outline(application: Application) -> tuple[Node, ...]:
    """The trees whose routes are listed, in that order; a router that is included twice is one node."""
    nodes: dict[int, Node] = {}
    return tuple(dict.fromkeys(_node(application, route.routers[0], nodes) for route in application.routes))


def name_of(router: Router) -> str:
    """`module:name` of a router, or of the function that makes it; empty where it has neither."""
    module = router.module.name if router.module is not None else ""
    return router.name or router.maker or f"{module}:{router.local_name}".strip(":")


def _node(application: Application, router: Router, nodes: dict[int, Node]) -> Node:
    known = nodes.get(id(router))
    if known is not None:
        return known
    node = nodes[id(router)] = Node("application" if router.kind == APP else "router", name_of(router))
    for entry in router.entries:
        if isinstance(entry, Registration):
            node.routes += 1
        else:
            node.branches.append(_branch(application, entry, nodes))
    return node


def _branch(application: Application, entry: Inclusion | Mounting, nodes: dict[int, Node]) -> Branch:
    is_mount = isinstance(entry, Mounting)
    child = mounted(entry) if isinstance(entry, Mounting) else entry.child
    given = entry.path if isinstance(entry, Mounting) else entry.keywords.get("prefix")
    prefixes = [given] if given is not None else []
    if isinstance(child, Router):
        node = _node(application, child, nodes)
        own = child.settings.get("prefix")
        if own is not None and child.kind != APP:
            prefixes.append(own)
    else:
        node = Node("other", callable_name(child))
    texts = (application.table.path_text(prefix) for prefix in prefixes)
    prefix = "".join("?" if text is None else text for text in texts)
    return Branch(node, prefix, is_mount, entry.uncertain or entry.unlikely)
