"""Options that several commands have."""

from __future__ import annotations

import click


def comma_separated(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> tuple[str, ...] | None:
    """`--select FAL1 --select FAL303,FAL4` and any mixture; None where the option isn't used."""
    if not given:
        return None
    return tuple(stripped for text in given for part in text.split(",") if (stripped := part.strip()))


colour_option = click.option(
    "--color",
    "colour",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour the output; auto: on a terminal, unless NO_COLOR or FORCE_COLOR says otherwise.",
)

table_format = click.option(
    "--output-format",
    type=click.Choice(["table", "json"]),
    default="table",
    help="How to print.",
    show_default=True,
)
