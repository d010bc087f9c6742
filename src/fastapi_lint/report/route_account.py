"""One route for people: what serves it, what runs before its handler, what that does, what rules say."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from fastapi_lint.report.wording import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fastapi_lint.application.wiring.accounts import (
        DependencyAccount,
        EffectAccount,
        RouteAccount,
        Verdict,
    )


_VERDICTS = {
    "reports": "report",
    "silenced": "silenced by a comment",
    "known": "known by the baseline",
    "silent": "nothing to report",
}
_VERIFIES: Mapping[bool | None, str] = {True: "verifies the caller", None: "may verify the caller", False: ""}


def account(known: RouteAccount, verdicts: Sequence[Verdict]) -> str:
    """The text, with its last line break."""
    lines = [known.label, *_facts(known)]
    lines += ["", "served by"]
    for link in known.links:
        added = f"adds {link.prefix}" if link.prefix else ""
        lines.append(_row("  ", " ".join(filter(None, (link.what, link.name))), added, link.place))
    lines += ["", "dependencies"]
    lines += _tree(known.dependencies, "  ") if known.dependencies else ["  none"]
    lines += ["", "what the handler does, and what it calls"]
    lines += [_effect(effect) for effect in known.effects] or ["  nothing that a rule would ask about"]
    lines += ["", "rules", *_rules(verdicts)]
    return "".join(f"{_kept(line)}\n" for line in lines)


def _facts(known: RouteAccount) -> Iterator[str]:
    row = known.route.row
    model = row.response_model or ("none, as it is declared" if known.declares_model else "none declared")
    guards = ", ".join(known.route.guards) or "nothing"
    if known.route.is_public:
        guards += ", and said to be public"
    facts = {
        "handler": f"{row.handler} ({row.file}:{row.line})",
        "application": known.route.app or "none: no application serves it",
        "status": known.route.status or "the default",
        "response model": model,
        "guarded by": guards,
        "sessions from": ", ".join(known.route.sessions) or "no dependency",
    }
    if known.route.is_conditional:
        facts["registered"] = "under a condition that only the running program decides"
    for name, value in facts.items():
        yield f"  {name:<15} {value}"


def _tree(dependencies: Sequence[DependencyAccount], indent: str) -> Iterator[str]:
    for item in dependencies:
        name = f"{item.parameter}: {item.name}" if item.parameter else item.name
        yield _row(indent, name or "?", _VERIFIES[item.verifies] if item.name else "", item.place)
        yield from _tree(item.children, f"{indent}  ")


def _effect(item: EffectAccount) -> str:
    chain = " -> ".join(f"{name} ({place})" if place else name for name, place in item.chain)
    return f"  {item.effect}{': ' if chain else ''}{chain}"


def _rules(verdicts: Sequence[Verdict]) -> Iterator[str]:
    groups: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        groups[verdict.says].append(verdict)
    for says, heading in _VERDICTS.items():
        if says == "silent":
            yield from _listed(heading, [verdict.code for verdict in groups[says]])
            continue
        for verdict in groups[says]:
            yield f"  {heading}: {verdict.code} {verdict.name}{f' ({verdict.why})' if verdict.why else ''}"
            for item in verdict.diagnostics:
                yield f"    {item.path}:{item.span.line}: {item.message}"
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for verdict in groups["off"]:
        reasons[verdict.why].append(verdict.code)
    for why, codes in reasons.items():
        yield from _listed(f"off, {why}", codes)


def _listed(heading: str, codes: list[str]) -> Iterator[str]:
    if codes:
        yield f"  {heading}: {', '.join(codes)}"


def _row(indent: str, *cells: str) -> str:
    return indent + "  ".join(filter(None, cells))


def _kept(line: str) -> str:
    """A line with its indentation, and nothing in it that a terminal would obey."""
    text = line.lstrip(" ")
    return f"{' ' * (len(line) - len(text))}{one_line(text)}"
