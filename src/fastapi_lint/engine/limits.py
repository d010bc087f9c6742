"""Limits of the interpreter while files are read and linked."""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

READING_DEPTH, LINKING_DEPTH = 2_500, 10_000
"""Limits of recursion: linking and walking take more frames for a level of nesting than reading does."""


@contextmanager
def deep_recursion(limit: int) -> Iterator[None]:
    """Let expressions be nested as deeply as Python's own parser lets them."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, usual))
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the garbage collector from searching facts and trees, which stay, for cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
