"""What no linter of this kind can do without: parse every file, and those it looks into with LibCST.

`floor.py ROOT [FILE…]`: everything below ROOT with `ast`, and these files of it with LibCST.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import sys
import warnings
from pathlib import Path

gc.disable()
warnings.simplefilter("ignore")
root, visited = Path(sys.argv[1]), sys.argv[2:]
for file in [root] if root.is_file() else root.rglob("*.py"):
    with contextlib.suppress(SyntaxError):
        ast.parse(file.read_bytes())
if visited:
    import libcst

    base = root if root.is_dir() else root.parent
    for name in visited:
        libcst.parse_module((base / name).read_bytes())
