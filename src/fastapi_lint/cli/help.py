"""`--help` as a manual has it: options by what they are for, examples, the exit status."""

from __future__ import annotations

from typing import Any

import click


class Manual(click.Command):
    """A command whose help groups its options under `sections`, by the names of their parameters.

    What no section names comes last. `notes` are further sections: a heading, and pairs of a term and what it
    means.
    """

    def __init__(
        self,
        *arguments: Any,
        sections: dict[str, tuple[str, ...]],
        notes: dict[str, tuple[tuple[str, str], ...]],
        **settings: Any,
    ) -> None:
        super().__init__(*arguments, **settings)
        self._sections = sections
        self._notes = notes

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, section by section, and the notes."""
        records = {
            parameter.name: record
            for parameter in self.get_params(ctx)
            if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)) is not None
        }
        for heading, names in self._sections.items():
            with formatter.section(heading):
                formatter.write_dl([records.pop(name) for name in names if name in records])
        with formatter.section("Other options" if self._sections else "Options"):
            formatter.write_dl(list(records.values()))
        for heading, pairs in self._notes.items():
            with formatter.section(heading):
                formatter.write_dl(list(pairs))
