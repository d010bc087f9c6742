"""Exit status: 0 clean, 1 diagnostics found, 2 could not do the job, 130 interrupted."""

from __future__ import annotations

from typing import IO, Any

import click

CLEAN, FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130


class Refusal(click.ClickException):
    """The job can't be done, and one sentence says why."""

    exit_code = FAILED

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the sentence to standard error, in the form of every other message of the program."""
        click.echo(f"fastapi-lint: {self.message}", file=file, err=True)
