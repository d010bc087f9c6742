"""What calls of the standard library and of others make of what they are given: same text, harmless, part.

What stands in none of these tables gives something that carries nothing: unknown is silent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fastapi_lint.application.library.model import words
from fastapi_lint.application.taint.contents import NOTHING, Use, joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi_lint.application.taint.contents import Content

SAME: Final = frozenset(
    words(
        "builtins.str builtins.bytes builtins.list builtins.tuple builtins.set builtins.sorted "
        "builtins.reversed builtins.iter builtins.next builtins.dict builtins.repr builtins.ascii "
        "builtins.enumerate os.fspath os.path.abspath os.path.normpath os.path.realpath os.path.expanduser "
        "os.path.expandvars urllib.parse.unquote urllib.parse.unquote_plus urllib.parse.urlparse "
        "urllib.parse.urlsplit json.loads orjson.loads ujson.loads copy.copy copy.deepcopy textwrap.dedent "
        "fastapi.encoders.jsonable_encoder yarl.URL httpx.URL starlette.datastructures.URL os.path.dirname "
        "inspect.cleandoc"
    )
)
"""Functions whose result is as harmful as the first argument."""
ITERATING: Final = frozenset(
    words(
        "builtins.list builtins.tuple builtins.set builtins.frozenset builtins.sorted builtins.reversed "
        "builtins.iter builtins.next builtins.enumerate"
    )
)
"""Functions that go through what they are given: through a dict's keys."""
TEXTS: Final = frozenset(words("builtins.str builtins.repr builtins.ascii"))
"""Those of them that make a text of anything."""
DECODING: Final = frozenset(
    words(
        "base64.b64decode base64.urlsafe_b64decode base64.standard_b64decode base64.b32decode bytes.fromhex"
    )
)
"""Functions whose result can be any text, whatever the argument may hold."""
SECOND: Final = frozenset(words("typing.cast urllib.parse.urljoin"))
"""The same of the second argument."""
PATHS: Final = frozenset(words("pathlib.Path pathlib.PurePath pathlib.PurePosixPath anyio.Path os.path.join"))
"""What joins path components."""
SAME_METHODS: Final = frozenset(
    words(
        "strip lstrip rstrip lower upper casefold title capitalize swapcase encode decode expandtabs "
        "removeprefix removesuffix resolve absolute expanduser as_posix copy deepcopy model_copy model_dump "
        "model_dump_json dict json items values form body unicode_string __str__ to_dict geturl hex"
    )
)
"""Methods whose result is as harmful as what they are called on."""
PART_METHODS: Final = frozenset(words("get pop setdefault getlist __getitem__ get_all getall"))
"""Methods that take a part of what they are called on, by its name."""
SPLITTING_METHODS: Final = frozenset(words("split rsplit splitlines partition rpartition"))
"""Methods whose results have lost a separator, so that they are no path and no URL."""
SEGMENT_ATTRIBUTES: Final = frozenset(words("name stem suffix suffixes"))
"""Attributes of a path that hold no slash."""
TRACEBACKS: Final = frozenset(words("traceback.format_exc traceback.format_exception traceback.format_tb"))
"""What tells where an exception came from."""
CASTS: Final = frozenset(
    words("builtins.int builtins.float builtins.bool uuid.UUID decimal.Decimal ipaddress.ip_address")
)
"""What raises an error unless a text is harmless."""
NO_CHECKS: Final = frozenset(
    words(
        "builtins.len builtins.isinstance builtins.bool builtins.str builtins.hasattr builtins.getattr "
        "builtins.callable builtins.type builtins.any builtins.all builtins.repr builtins.id "
        "os.path.exists os.path.isfile os.path.isdir os.path.islink os.path.getsize os.access os.stat "
        "os.path.join os.path.normpath urllib.parse.urlparse urllib.parse.urlsplit"
    )
)
"""Calls in a condition that don't look at whether a value is harmless."""
NO_CHECK_METHODS: Final = frozenset(
    words(
        "exists is_file is_dir is_symlink strip lower upper lstrip rstrip get pop keys values items encode "
        "decode copy stat model_dump dict is_absolute isspace istitle"
    )
)
_FORMAT: Final = re.compile(r"\{\{|\}\}|\{([^{}!:]*)[^{}]*\}")
_PERCENT: Final = re.compile(r"%%|%(?:\((\w+)\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]")


def formatted(text: str | None, arguments: Sequence[Content], keywords: Mapping[str, Content]) -> Content:
    """What `text.format(…)` carries; None is a text that isn't known."""
    if text is None:
        return joined([None, *arguments, *keywords.values()])
    parts: list[str | Content | None] = []
    at, count = 0, 0
    for found in _FORMAT.finditer(text):
        parts.append(text[at : found.start()])
        at = found.end()
        if found[1] is None:
            parts.append(found[0][0])
            continue
        name = re.split(r"[.\[]", found[1])[0]
        if name == "":
            name, count = str(count), count + 1
        if name.isdigit():
            parts.append(arguments[int(name)] if int(name) < len(arguments) else None)
        else:
            parts.append(keywords.get(name, keywords.get("", None)))
    return joined([*parts, text[at:]])


def interpolated(text: str | None, arguments: Sequence[Content], keywords: Mapping[str, Content]) -> Content:
    """What `text % …` carries; None is a text that isn't known."""
    if text is None:
        return joined([None, *arguments, *keywords.values()])
    parts: list[str | Content | None] = []
    at, count = 0, 0
    for found in _PERCENT.finditer(text):
        parts.append(text[at : found.start()])
        at = found.end()
        if found[0] == "%%":
            parts.append("%")
        elif found[1]:
            parts.append(keywords.get(found[1], keywords.get("", None)))
        elif found[0][-1] in "dioxXeEfFgGc":
            parts.append(None)
            count += 1
        else:
            parts.append(arguments[count] if count < len(arguments) else None)
            count += 1
    return joined([*parts, text[at:]])


def split(content: Content) -> Content:
    """What the parts of a text carry that is cut at a separator."""
    return content.anywhere().only(Use.ALL & ~(Use.PATH | Use.PARENT | Use.HOST))


def segment(content: Content) -> Content:
    """What the last component of a path carries."""
    return content.anywhere().only(Use.SQL | Use.LOG | Use.DETAIL) if content else NOTHING
