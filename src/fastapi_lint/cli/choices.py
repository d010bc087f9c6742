"""Options that choose rules, files and a configuration: what a request to the engine is made of."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fastapi_lint.cli import completion
from fastapi_lint.cli.options import comma_separated

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., Any]

_SEVERITIES = ("error", "warning", "info")


def _configuration() -> list[Command]:
    return [
        click.option(
            "--config",
            metavar="FILE",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Configure every project by this file (TOML), in place of what it has.",
        ),
        click.option("--isolated", is_flag=True, help="Read no configuration."),
    ]


def _rules() -> list[Command]:
    return [
        click.option(
            "--level",
            type=click.Choice(["default", "strict", "pedantic"]),
            help="default: what is right nearly always; strict: style and design too; pedantic: everything.",
        ),
        _of_rules("--select", "Only these rules: codes (FAL101), their beginnings (FAL1) or names."),
        _of_rules("--extend-select", "These rules too, whatever their level."),
        _of_rules("--ignore", "Not these rules."),
        click.option(
            "--fail-on",
            type=click.Choice(_SEVERITIES),
            help="The lowest severity that makes the exit status 1; info where nothing else is configured.",
        ),
    ]


def _files() -> list[Command]:
    return [
        _several("--exclude", "PATTERNS", "Read nothing that these match, written as in a .gitignore."),
        _several("--extend-exclude", "PATTERNS", "Exclude these too."),
        click.option(
            "--force-exclude",
            is_flag=True,
            envvar="PRE_COMMIT",
            help="Exclude files that the configuration excludes even if they are named here.",
        ),
        click.option(
            "--respect-gitignore/--no-respect-gitignore",
            default=None,
            help="Whether to read what git ignores.",
        ),
    ]


def _several(option: str, metavar: str, help_: str) -> Command:
    return click.option(option, metavar=metavar, multiple=True, callback=comma_separated, help=help_)


def _baselines() -> list[Command]:
    return [
        click.option(
            "--baseline",
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            help="The baseline: what it knows isn't reported.  [default: fastapi-lint-baseline.toml]",
        )
    ]


def _of_rules(option: str, help_: str) -> Command:
    return click.option(
        option,
        metavar="RULES",
        multiple=True,
        callback=comma_separated,
        shell_complete=completion.rules,
        help=help_,
    )


def choices(command: Command) -> Command:
    """Give a command all of these options, as one argument `chosen`: fields of a request."""
    return _collected(command, [*_configuration(), *_rules(), *_files(), *_baselines()])


def configuration_choice(command: Command) -> Command:
    """Give a command the options that choose a configuration, likewise."""
    return _collected(command, _configuration())


def _collected(command: Command, options: list[Command]) -> Command:
    names: set[str] = set()

    @functools.wraps(command)
    def collecting(**given: Any) -> Any:
        chosen = {name: given.pop(name) for name in names}
        if chosen["isolated"] and chosen["config"] is not None:
            raise click.UsageError("--config and --isolated contradict each other")
        return command(chosen=chosen, **given)

    for option in reversed(options):
        option(collecting)
    names.update(parameter.name for parameter in collecting.__click_params__[-len(options) :])  # type: ignore[attr-defined]
    return collecting
