"""Where files may hold secrets: no frame shows it, no fingerprint holds it, whichever rules ran."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fastapi_lint.secrecy.texts import secrets_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fastapi_lint.diagnostics import Span


class Masks(Mapping[str, "Sequence[Span]"]):
    """The places of secrets by path: those that rules have `found`, and those that a file's text tells.

    A text is looked through when its path is first asked for. `text_of` gives it, None for what is no file.
    """

    def __init__(self, found: Mapping[str, Sequence[Span]], text_of: Callable[[str], str | None]) -> None:
        self._found = found
        self._text_of = text_of
        self._known: dict[str, Sequence[Span]] = {}

    def __getitem__(self, path: str) -> Sequence[Span]:
        """Give the places in a file; none in what is no file."""
        known = self._known.get(path)
        if known is None:
            text = self._text_of(path)
            told = secrets_in(text) if text is not None else ()
            known = self._known[path] = tuple(dict.fromkeys([*self._found.get(path, ()), *told]))
        return known

    def __iter__(self) -> Iterator[str]:
        """Go through the paths for which rules have found something."""
        return iter(self._found)

    def __len__(self) -> int:
        """How many these are."""
        return len(self._found)
