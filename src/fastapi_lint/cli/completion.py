"""`completion`: what makes a shell complete commands and options."""
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fastapi_lint.cli.help import Manual
from fastapi_lint.cli.streams import print_report

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_PROGRAM = "fastapi-lint"
_VARIABLE = "_FASTAPI_LINT_COMPLETE"
_NOTES = {
    "Once for all": (
        ("bash", 'eval "$(fastapi-lint completion bash)", as a line of ~/.bashrc'),
        ("zsh", 'eval "$(fastapi-lint completion zsh)", as a line of ~/.zshrc, behind compinit'),
        ("fish", "fastapi-lint completion fish > ~/.config/fish/completions/fastapi-lint.fish"),
    ),
}


@click.command(cls=Manual, sections={}, notes=_NOTES, short_help="Print a shell's completion script.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that makes SHELL complete commands, options, files and the codes of rules."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click doesn't complete for {shell}")
    # Not `source`, which starts bash to ask for its version: a script is only text.
    script = kind(context.find_root().command, {}, _PROGRAM, _VARIABLE)
    print_report(script.source_template % script.source_vars())


def rules(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Codes and names of rules that begin like what is typed; of several in a list, like the last."""
    from click.shell_completion import CompletionItem

    from fastapi_lint.rules.pages import catalogue

    before, comma, last = incomplete.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{word}", help=info.summary)
        for info in catalogue()
        for word in (info.code, info.name)
        if word.lower().startswith(last.lower()) and (last or word == info.code)
    ]
