"""How complaints about a configuration are worded: one sentence, the place, what would be right."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class ConfigurationError(Exception):
    """The configuration can't be used: one sentence that names the place and what would be right."""


def kind(value: object) -> str:
    """Say what a value of TOML is, with its article."""
    kinds = {
        bool: "a boolean",
        int: "a number",
        float: "a number",
        str: "a string",
        list: "a list",
        dict: "a table",
    }
    return kinds.get(type(value), "a date or time")


def listed(names: Iterable[str]) -> str:
    """Make one phrase of names: `` `a`, `b` and `c` ``."""
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} and {last}" if most else last


def suggestion(written: str, known: Iterable[str], otherwise: str = "") -> str:
    """End a sentence with the closest known name, else with `otherwise`."""
    by_folded = {name.lower(): name for name in known}
    close = difflib.get_close_matches(written.lower().replace("_", "-"), by_folded, n=1)
    if close:
        return f": did you mean `{by_folded[close[0]]}`?"
    return f": {otherwise}" if otherwise else ""
