"""The tree of applications and routers as a Mermaid diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi_lint.report.wording import counted, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.application.wiring.outline import Branch, Node

_SHAPES = {"application": '[["{}"]]', "router": '["{}"]', "other": '(["{}"])'}


def mermaid(roots: Sequence[Node]) -> str:
    """A flow chart, with its last line break: mounts have a thick arrow, what is conditional a dotted one."""
    numbers: dict[Node, int] = {}
    nodes: list[str] = []
    arrows: list[str] = []
    waiting = list(reversed(roots))
    while waiting:
        node = waiting.pop()
        if node in numbers:
            continue
        numbers[node] = len(numbers)
        nodes.append(f"    n{numbers[node]}{_SHAPES[node.kind].format(_label(node))}")
        waiting += [branch.node for branch in reversed(node.branches)]
    for node, number in numbers.items():
        arrows += [f"    n{number} {_arrow(branch)} n{numbers[branch.node]}" for branch in node.branches]
    return "\n".join(["flowchart LR", *nodes, *arrows, ""])


def _label(node: Node) -> str:
    lines = [node.name or "?"]
    if node.kind != "other":
        lines.append(counted(node.routes, "route"))
    return "<br>".join(map(_escaped, lines))


def _arrow(branch: Branch) -> str:
    words = (
        "mount" if branch.is_mount else "",
        branch.prefix,
        "(conditional)" if branch.is_conditional else "",
    )
    label = _escaped(" ".join(filter(None, words)))
    line = "-.->" if branch.is_conditional else "==>" if branch.is_mount else "-->"
    return f'{line}|"{label}"|' if label else line


def _escaped(text: str) -> str:
    """Text inside of a quoted label, where Mermaid reads `#` as the start of an entity, and HTML."""
    clean = one_line(text).replace("#", "#35;").replace('"', "#quot;")
    return clean.replace("<", "#lt;").replace(">", "#gt;")
