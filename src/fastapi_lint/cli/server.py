"""`server`: what editors start."""
# ruff: noqa: PLC0415

from __future__ import annotations

import click

from fastapi_lint.cli.help import Manual
from fastapi_lint.cli.leaving import Refusal

_NOTES = {
    "What it does": (
        ("diagnostics", "as you type, of the files that are open, with the places that belong to them"),
        ("hover", "the page of the rule"),
        ("code actions", "fixes, a comment that silences, and `source.fixAll.fastapi-lint`: all safe fixes"),
    ),
    "Settings": (
        (
            "[tool.fastapi-lint]",
            "of the pyproject.toml (or fastapi-lint.toml) closest to each file, as for `check`",
        ),
    ),
}


@click.command(cls=Manual, sections={}, notes=_NOTES, short_help="Serve an editor (language server).")
@click.option(
    "--stdio", is_flag=True, help="Accepted since editors pass it: there is no other way to talk to it."
)
@click.option("-v", "--verbose", is_flag=True, help="Log every message to standard error.")
def server(*, stdio: bool, verbose: bool) -> None:  # noqa: ARG001 - see its help
    """Speak the Language Server Protocol over standard input and output, until the editor ends it.

    It needs the extra `lsp`: pip install "fastapi-lint[lsp]".
    """
    import logging

    logging.basicConfig(level=logging.INFO if verbose else logging.CRITICAL)
    try:
        from fastapi_lint.server.serving import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("fastapi_lint"):
            raise
        raise Refusal(
            f"the language server needs {error.name}, which isn't installed: pip install 'fastapi-lint[lsp]'"
        ) from error
    serve()
