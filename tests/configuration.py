"""Keep what the documents say about the configuration equal to what the program reads.

    python tests/configuration.py            print the differences; leave with 1 if there are any
    python tests/configuration.py --write    write them (`make readme`)

Generated are the schema for editors, and in docs/configuration.md what stands between its comments.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi_lint.config.keys import KEYS, RULES
from fastapi_lint.config.schema import schema
from fastapi_lint.rules import catalogue

if TYPE_CHECKING:
    from fastapi_lint.config.settings import Option

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "configuration.md"
SCHEMA = ROOT / "docs" / "fastapi-lint.schema.json"


def generated() -> dict[Path, str]:
    """What each of the files should hold."""
    document = DOCUMENT.read_text(encoding="utf-8")
    for name, text in (("keys", keys()), ("options", options())):
        region = re.compile(rf"(?<=<!-- {name}: begin -->\n).*?(?=<!-- {name}: end -->)", re.DOTALL)
        document, found = region.subn(text.replace("\\", r"\\"), document)
        assert found == 1, f"the document has no place for the {name}, or several"
    described = schema(catalogue.names(), catalogue.options)
    return {DOCUMENT: document, SCHEMA: json.dumps(described, indent=2) + "\n"}


def keys() -> str:
    """A heading for each key: what it says, its default, an example."""
    parts = []
    for name, key in KEYS.items():
        if name != RULES:
            parts += [
                f"### {name}",
                textwrap.fill(key.says, 130),
                f"Default: {_default(key.default)}.",
                _toml(key.example),
            ]
    return "".join(f"\n{part}\n" for part in parts) + "\n"


def _default(default: str) -> str:
    return f"`{default}`" if re.fullmatch(r'".*"|\[.*\]|\{.*\}|true|false', default) else default


def _toml(example: str) -> str:
    """An example as it stands in pyproject.toml."""
    table = "" if example.startswith("[") else "[tool.fastapi-lint]\n"
    return f"```toml\n{table}{example}\n```"


def options() -> str:
    """The options of each rule that has some."""
    lines = ["| rule | option | what it says | default |", "| --- | --- | --- | --- |"]
    for code, name in catalogue.names().items():
        for key, option in catalogue.options(name).items():
            page = f"[{code} {name}](../rules/{name}.md)"
            lines.append(f"| {page} | `{key}` | {option.says} | `{_value(option)}` |")
    return "\n".join(lines) + "\n" if len(lines) > 2 else ""


def _value(option: Option[Any]) -> str:
    default = option.default
    return json.dumps(list(default) if isinstance(default, tuple) else default, ensure_ascii=False)


def main(arguments: list[str]) -> int:
    """Compare, or write."""
    differs = False
    for file, expected in generated().items():
        found = file.read_text(encoding="utf-8") if file.exists() else ""
        if arguments == ["--write"]:
            file.write_text(expected, encoding="utf-8")
            continue
        differs |= found != expected
        sys.stdout.writelines(
            difflib.unified_diff(
                found.splitlines(keepends=True),
                expected.splitlines(keepends=True),
                file.name,
                "as it should be",
            )
        )
    return int(differs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
