"""The JSON schema of the configuration, for editors: generated from the keys and from rules' options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi_lint.config.keys import KEYS, RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi_lint.config.judging import OptionsOf
    from fastapi_lint.config.settings import Option


def schema(rules: Mapping[str, str], options: OptionsOf) -> dict[str, Any]:
    """Give the schema of fastapi-lint.toml, which is that of the table in pyproject.toml.

    `rules` are all rules, name by code; `options` gives those of one rule, by key.
    """
    properties = {
        key: {"description": fact.says, **fact.schema} for key, fact in KEYS.items() if key != RULES
    }
    properties[RULES] = {
        "description": KEYS[RULES].says,
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {
                "type": "object",
                "additionalProperties": False,
                "properties": {key: _option(option) for key, option in options(name).items()},
            }
            for name in rules.values()
            if options(name)
        },
    }
    prefixes = dict.fromkeys(code[:length] for code in rules for length in (3, 4))
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "fastapi-lint",
        "description": "fastapi-lint.toml, or the table [tool.fastapi-lint] of pyproject.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "definitions": {
            "rule": {
                "anyOf": [
                    {"enum": [*prefixes, *rules, *rules.values()]},
                    {"type": "string", "pattern": r"^FAL\d{0,3}$"},
                ]
            }
        },
    }


def _option(option: Option[Any]) -> dict[str, Any]:
    default = option.default
    found: dict[str, Any] = {"description": option.says}
    if isinstance(default, bool):
        found["type"] = "boolean"
    elif isinstance(default, int):
        found |= {"type": "integer", "minimum": option.least}
    elif isinstance(default, str):
        found["type"] = "string"
    else:
        found |= {"type": "array", "items": {"type": "string"}}
    return {**found, "default": list(default) if isinstance(default, tuple) else default}
