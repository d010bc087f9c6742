"""How a report may look: decided once a stream, from the stream, the environment and the `--color` option."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import RenderableType

Colour = Literal["auto", "always", "never"]

# Where nobody's window limits it: frames are cropped here, tables never are.
_UNLIMITED = 10_000
_DEFAULT_WIDTH = 120

_MARKS_OF_LINKING_TERMINALS = ("WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "DOMTERM")
_LINKING_PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby", "zed")
_LINKING_TERMINALS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot")
_VTE_WITH_LINKS = 5000


@dataclass(frozen=True)
class Look:
    """What the reader's side can show.

    Attributes:
        colour: Whether escape sequences may be written.
        terminal: Whether a person is looking: `NO_COLOR` does not make a pipe of a terminal.
        links: Whether text may be a link.
        width: Columns to lay out for.
    """

    colour: bool = False
    terminal: bool = False
    links: bool = False
    width: int = _DEFAULT_WIDTH


def look_of(stream: TextIO, colour: Colour, environment: Mapping[str, str]) -> Look:
    """The look for `stream`: the option decides, then `NO_COLOR`, then `FORCE_COLOR`, then the stream."""
    terminal = stream.isatty()
    width = shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).columns if terminal else _DEFAULT_WIDTH
    if colour == "auto":
        coloured = _coloured_by_default(environment, terminal=terminal)
    else:
        coloured = colour == "always"
    links = coloured and _shows_links(environment, terminal=terminal)
    return Look(colour=coloured, terminal=terminal, links=links, width=width)


def _coloured_by_default(environment: Mapping[str, str], *, terminal: bool) -> bool:
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return terminal and environment.get("TERM") != "dumb"


def _shows_links(environment: Mapping[str, str], *, terminal: bool) -> bool:
    """Whether it is a terminal that is known to show links; `FORCE_HYPERLINK` decides for others."""
    forced = environment.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced != "0"
    if not terminal or environment.get("TERM_PROGRAM") == "Apple_Terminal":
        return False
    version = environment.get("VTE_VERSION", "")
    return (
        any(name in environment for name in _MARKS_OF_LINKING_TERMINALS)
        or environment.get("TERM_PROGRAM") in _LINKING_PROGRAMS
        or environment.get("TERM", "").startswith(_LINKING_TERMINALS)
        or (version.isdigit() and int(version) >= _VTE_WITH_LINKS)
    )


def rendered(what: RenderableType, look: Look, *, wrap: bool) -> str:
    """What rich makes of `what`; lines keep their length unless `wrap` fits them to the window."""
    from io import StringIO  # noqa: PLC0415  # rich and its company stay unimported until something is rendered

    from rich.console import Console  # noqa: PLC0415

    console = Console(
        file=StringIO(),
        force_terminal=look.colour,
        color_system="standard" if look.colour else None,
        no_color=not look.colour,
        width=look.width if wrap else _UNLIMITED,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(what, soft_wrap=not wrap)
    return "".join(f"{line.rstrip(' ')}\n" for line in capture.get().split("\n")[:-1])
