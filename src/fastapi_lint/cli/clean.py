"""`clean`: remove what runs keep for the next one."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path

import click

from fastapi_lint.cli.leaving import Refusal
from fastapi_lint.cli.options import cache_dir_option
from fastapi_lint.cli.streams import say


@click.command(short_help="Remove a project's cache.")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@cache_dir_option
def clean(*, path: Path | None, cache_dir: Path | None) -> None:
    """Remove the cache of the project of PATH, by default that of the project you are in."""
    from fastapi_lint.config import find_root
    from fastapi_lint.engine.cache.place import clean, directory_for

    directory = directory_for(find_root(path or Path.cwd()), cache_dir)
    try:
        removed = clean(directory)
    except OSError as error:
        raise Refusal(f"can't remove {directory}: {(error.strerror or str(error)).lower()}") from error
    say(f"removed {directory}" if removed else "there is no cache to remove")
