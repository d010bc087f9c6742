"""What holds in a project, written as its configuration could say it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi_lint.config.keys import EXTEND, KEYS, RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi_lint.config import Config


def settings(config: Config, rules: Sequence[str], directory: Path) -> str:
    """One project's settings as TOML, with its last line break.

    `rules` are the codes of the rules that run. Places are shown relative to `directory`.
    """
    origin = _shown(config.file, directory) if config.file is not None else "nothing configures it"
    lines = [f"# project: {_shown(config.root, directory)}", f"# configuration: {origin}"]
    tables: list[str] = []
    for key, fact in KEYS.items():
        if key == EXTEND:
            continue
        value = getattr(config, fact.field or key.replace("-", "_"))
        if value and (key == RULES or fact.schema.get("type") == "object"):
            tables += _table(key, value)
        elif value is None or (value == () and fact.default != "[]"):
            lines.append(f"# {key}: {fact.default}")
        else:
            lines.append(f"{key} = {_value(value, config)}")
    lines.append(f"# rules that run: {' '.join(rules) or 'none'}")
    return "".join(f"{line}\n" for line in (*lines, *tables))


def _table(key: str, pairs: Sequence[tuple[str, Any]]) -> list[str]:
    """A table, or one of tables."""
    if all(isinstance(value, tuple) and value and isinstance(value[0], tuple) for _, value in pairs):
        return [line for name, inner in pairs for line in _table(f"{key}.{name}", inner)]
    return ["", f"[{key}]", *(f"{json.dumps(name)} = {_value(value, None)}" for name, value in pairs)]


def _value(value: Any, config: Config | None) -> str:
    """A value as TOML has it, which is as JSON has it; a version is a text."""
    if isinstance(value, Path):
        return json.dumps(config.relative(value) if config else value.as_posix(), ensure_ascii=False)
    if isinstance(value, tuple) and value and isinstance(value[0], int):
        return json.dumps(".".join(map(str, value)))
    if isinstance(value, tuple):
        items = [config.relative(item) if config and isinstance(item, Path) else item for item in value]
        return json.dumps(items, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)


def _shown(place: Path, directory: Path) -> str:
    try:
        return place.relative_to(directory).as_posix()
    except ValueError:
        return place.as_posix()
