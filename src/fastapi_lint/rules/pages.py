"""The rules' pages: one Markdown file a rule, named like it, from which its facts are read as well.

Reading pages imports no rule and nothing that rules need, so that `fastapi-lint rule` answers at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

CHECKLIST = "README.md"
"""The file beside the pages that is none: the checklist, with the rules that see to its items."""

_PACKAGE = Path(__file__).parents[1]

_HEADING = re.compile(r"# (?P<name>[a-z0-9-]+) \((?P<code>FAL\d{3})\)\n")
_HEAD = re.compile(
    _HEADING.pattern
    + r"\n(?P<summary>[^|#]+?)\n\n"
    + r"\| level \| severity \| fix \| checklist \| since \|\n"
    + r"\|(?: --- \|){5}\n"
    + r"\| (?P<level>\w+) \| (?P<severity>\w+) \| (?P<fix>no|safe|unsafe) "
    + r"\| (?P<checklist>[^|]*?) \| (?P<since>[^|]+?) \|\n"
    + r"(?:\nSecurity severity: (?P<security>\d+\.\d) \((?P<weaknesses>CWE-\d+(?:, CWE-\d+)*)\)\n)?"
)

# Comments in a page's examples may look like headings.
_SECTION = re.compile(r"^## (?:Example|Better|Exemptions|Limits|When to ignore it)$", re.MULTILINE)


@dataclass(frozen=True)
class RuleInfo:
    """What a page's head says.

    Attributes:
        code: `FAL` and three digits.
        name: The rule's name, which is the file's as well.
        level: The lowest level at which the rule runs: `default`, `strict` or `pedantic`.
        severity: `error`, `warning` or `info`.
        fix: `safe`, `unsafe`, or None for a rule that offers none.
        summary: What the rule finds, as one sentence.
        checklist: The checklist's items that the rule enforces, such as `3.1`.
        since: The release that brought the rule.
        security_severity: For a rule about security, how severe what it finds is, from `0.1` to `10.0`.
        weaknesses: What that is in the Common Weakness Enumeration: the numbers.
    """

    code: str
    name: str
    level: str
    severity: str
    fix: str | None
    summary: str
    checklist: tuple[str, ...]
    since: str
    security_severity: str | None = None
    weaknesses: tuple[int, ...] = ()


def directory() -> Path:
    """Where the pages are: inside the installed package, or at the top of a checkout."""
    shipped = _PACKAGE / "pages"
    return shipped if shipped.is_dir() else _PACKAGE.parents[1] / "rules"


def page(code_or_name: str) -> str | None:
    """The Markdown of one rule's page, found by code (in any case) or by name; None for an unknown rule."""
    for file in _files():
        text = file.read_text(encoding="utf-8")
        heading = _HEADING.match(text)
        if heading and code_or_name.lower() in {heading["name"], heading["code"].lower()}:
            return text
    return None


def section(text: str, heading: str) -> str:
    """The Markdown under one of a page's headings, without what is around it; empty where it has none."""
    _, _, after = text.partition(f"\n## {heading}\n")
    end = _SECTION.search(after)
    return after[: end.start() if end else None].strip()


def catalogue() -> tuple[RuleInfo, ...]:
    """Every rule, in the order of the codes."""
    infos = (info(file.read_text(encoding="utf-8")) for file in _files())
    return tuple(sorted(infos, key=lambda rule: rule.code))


def info(text: str) -> RuleInfo:
    """The facts at the top of a page. A page without its heading or its table is a ValueError."""
    head = _HEAD.match(text)
    if head is None:
        raise ValueError(
            f"a page begins with a heading, a summary and the table of facts, not with {text[:60]!r}"
        )
    return RuleInfo(
        code=head["code"],
        name=head["name"],
        level=head["level"],
        severity=head["severity"],
        fix=None if head["fix"] == "no" else head["fix"],
        summary=" ".join(head["summary"].split()),
        checklist=tuple(head["checklist"].replace(",", " ").split()),
        since=head["since"],
        security_severity=head["security"],
        weaknesses=tuple(map(int, re.findall(r"\d+", head["weaknesses"] or ""))),
    )


def _files() -> list[Path]:
    return sorted(file for file in directory().glob("*.md") if file.name != CHECKLIST)
